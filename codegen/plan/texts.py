"""Stages that count the terms of a text: a reader of terms, and what is done with each."""

from typing import Any

import numpy as np

from codegen import ir
from codegen.errors import UnsupportedModel
from codegen.plan.calls import real
from codegen.plan.program import Code, Stage
from codegen.plan.tables import Tables

MOST_STOP_BYTES = 0xFFFF


def term_counts(node: ir.TermCounts, tables: Tables) -> Stage:
    """Each term is looked up in the sorted vocabulary, in place; or its hash tells its place."""
    match node.columns:
        case ir.Vocabulary(terms=terms):
            letters, starts = joined("term", terms, tables)
            find = Code(f"cg_find_term_u{8 * starts_type(terms).itemsize}")
            known = {"find": find, "letters": letters, "starts": starts}
            return over_terms("term_counts", node, tables, f"{find}.h", known)
        case ir.Hashing(signed=signed, binary=binary):
            hashing = {"signed": signed, "binary": binary, "minus": real(-1.0, tables)}
            return over_terms("hashed_terms", node, tables, "cg_hash_place.h", hashing)


def over_terms(
    what: str, node: ir.TermCounts, tables: Tables, kernel: str, values: dict[str, Any]
) -> Stage:
    """A stage that reads one term after the other."""
    analyzer = node.analyzer
    stop_letters, stop_starts = Code("NULL"), Code("NULL")
    if analyzer.stop:
        if sum(map(len, analyzer.stop)) > MOST_STOP_BYTES:
            raise UnsupportedModel("stop words of more than 65,535 letters: keep fewer of them")
        stop_letters, stop_starts = joined("stop", analyzer.stop, tables)
    reader = Code(f"cg_next_{analyzer.unit}")
    known = {
        "reader": reader,
        "analyzer": analyzer,
        "n_stop": len(analyzer.stop),
        "stop_letters": stop_letters,
        "stop_starts": stop_starts,
        "zero": real(0.0, tables),
        "one": real(1.0, tables),
    }
    spans = {"words": analyzer.most, "chars": analyzer.most // 2 + 2, "word_chars": 3, "lines": 1}
    return Stage(
        f"nodes/{what}.c.j2",
        (f"{reader}.h", kernel),
        (node.x,),
        known | values,
        scratch=2 * spans[analyzer.unit],
        scratch_ctype="int32_t",
    )


def joined(stem: str, terms: tuple[bytes, ...], tables: Tables) -> tuple[Code, Code]:
    """The letters of all terms in one table, and where each begins; the end of the last behind."""
    letters = np.frombuffer(b"".join(terms) or b"\0", np.uint8)
    starts = np.cumsum([0, *map(len, terms)]).astype(starts_type(terms))
    return tables.exact(f"{stem}_letter", letters), tables.exact(f"{stem}_start", starts)


def starts_type(terms: tuple[bytes, ...]) -> np.dtype[Any]:
    """16 bits, or 32 where the letters are more."""
    return np.dtype(np.uint16 if sum(map(len, terms)) <= 0xFFFF else np.uint32)
