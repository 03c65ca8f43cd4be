"""Texts made at the edges: of known terms, cut and joined ones, capitals, blanks, unknown words."""

import numpy as np

from codegen import ir
from codegen.given import of_lines
from codegen.ir import Floats, Model
from codegen.texts import bytes_of, of_bytes

SEED = 20240301
BETWEEN = (b" ", b"  ", b"\n", b"\t ", b", ", b"-", b"_", b".", b"", b"\x1c", b"'", b"\r\n\r\n")
CORNERS = (
    b"",
    b" ",
    b"a",
    b"  a  ",
    b"aa",
    b"\n\n",
    b"..",
    b"a" * 300,
    b"A_9 zZ",
    b"\t\tx\x1f\x1fy",
)
TOLD = 64
"""Words of a made text at most."""


def text_rows(model: Model, X: Floats | None, n_rows: int) -> Floats:
    """n_rows texts as codes that try a model where it could go wrong; from texts of X where given.

    ASCII alone.
    """
    rng = np.random.default_rng(SEED)
    known, between = vocabulary(model), separators(model)
    texts = list(CORNERS[: n_rows // 4])
    own = [bytes_of(row) for row in X] if X is not None else []
    while len(texts) < n_rows:
        if own and len(texts) % 3 == 0:
            texts.append(disturbed(own[rng.integers(len(own))], rng))
        else:
            count = int(rng.integers(1, TOLD)) if len(texts) % 8 else int(rng.integers(1, 4))
            texts.append(told(known, between, count, rng))
    return of_bytes(texts[:n_rows]).astype(np.float64)


def vocabulary(model: Model) -> list[bytes]:
    """The terms and stop words of a model in ASCII, and some that it does not know."""
    found: set[bytes] = {b"x", b"7", b"unknown", b"the", b"an_other", b"q" * 90}
    for node in ir.walk(model.methods.values()):
        if isinstance(node, ir.TermCounts):
            found.update(node.analyzer.stop)
            if isinstance(node.columns, ir.Vocabulary):
                found.update(node.columns.terms)
    return sorted(term for term in found if term.isascii())


def separators(model: Model) -> tuple[bytes, ...]:
    """What may stand between two words; whole lines more often where they are terms."""
    return (*BETWEEN, *[b"\n"] * (8 if of_lines(model) else 0), *[b" "] * 8)


def told(
    known: list[bytes], between: tuple[bytes, ...], count: int, rng: np.random.Generator
) -> bytes:
    """Some words, as they are, cut, or in capitals, with something between them."""
    text = b""
    for _ in range(count):
        word = known[rng.integers(len(known))]
        way = rng.integers(8)
        if way == 0:
            word = word[: rng.integers(len(word) + 1)]
        elif way == 1:
            word = word.upper()
        elif way == 2:
            word = word.title()
        text += word + between[rng.integers(len(between))]
    return text


def disturbed(text: bytes, rng: np.random.Generator) -> bytes:
    """A text that is cut, turned to capitals, or has a letter changed."""
    if not text:
        return text
    at = int(rng.integers(len(text)))
    return (
        text[at:],
        text[:at],
        text.upper(),
        text[:at] + bytes([rng.integers(128)]) + text[at + 1 :],
    )[rng.integers(4)]
