"""Texts: terms and how often they occur, their hashes, and counts as weights."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from codegen.importers.attributes import floats, integers, refuse, transformer
from codegen.importers.registry import importer
from codegen.ir import (
    MOST_TERMS,
    Analyzer,
    Clip,
    Elementwise,
    Gather,
    Hashing,
    Input,
    Node,
    Normalize,
    Outputs,
    Scale,
    TermCounts,
    Vocabulary,
    require,
)
from codegen.load import Record

EXTRACTION = "sklearn.feature_extraction."
TEXT = EXTRACTION + "text."
UNITS = {"word": "words", "char": "chars", "char_wb": "word_chars"}
PATTERNS = {r"\b\w\w+\b": 2, r"\b\w+\b": 1, r"\w\w+": 2, r"\w+": 1}
ON_DEVICE = "do it to the text before it is given to the C, and fit without it"


@importer(TEXT + "TfidfTransformer")
def tfidf_transformer(est: Record, x: Node) -> Outputs:
    """Counts (or 1 + their logarithm, 0 staying 0) times the inverse frequencies, over the norm."""
    if est.sublinear_tf:
        x = Scale(Elementwise(x, "log_count"), add=np.ones(x.size))
    if est.use_idf:
        x = Scale(x, multiply=floats(est.idf_))
    return transformer(x if est.norm is None else Normalize(x, est.norm))


@importer(TEXT + "CountVectorizer")
def count_vectorizer(est: Record, x: Node) -> Outputs:
    """How often each term of the vocabulary occurs; 1 where binary."""
    terms = vocabulary(est)
    order = sorted(range(len(terms)), key=terms.__getitem__)
    known = Vocabulary(tuple(terms[i] for i in order))
    counts: Node = TermCounts(text(est, x), analyzer(est), known)
    if est.binary:
        counts = Clip(counts, 0.0, 1.0)
    return transformer(Gather(counts, np.argsort(order)))


@importer(TEXT + "TfidfVectorizer")
def tfidf_vectorizer(est: Record, x: Node) -> Outputs:
    """The weights of the counts."""
    require(isinstance(est._tfidf, Record), "the weights of terms")
    return tfidf_transformer(est._tfidf, count_vectorizer(est, x).methods["transform"])


@importer(TEXT + "HashingVectorizer")
def hashing_vectorizer(est: Record, x: Node) -> Outputs:
    """Terms at the places that their hashes say, over the norm."""
    y = hashed(est, text(est, x), analyzer(est), binary=bool(est.binary))
    return transformer(y if est.norm is None else Normalize(y, est.norm))


@importer(EXTRACTION + "FeatureHasher")
def feature_hasher(est: Record, x: Node) -> Outputs:
    """The tokens of a row, one a line, at the places that their hashes say."""
    if est.input_type != "string":
        raise refuse(
            est,
            f"input_type={est.input_type!r}",
            "use input_type='string' with the tokens 'name=value', which have the same places; "
            "numbers belong into columns of their own",
        )
    lines = Analyzer("lines", 1, 1, lower=False)
    return transformer(hashed(est, text(est, x), lines, binary=False))


@importer(EXTRACTION + "DictVectorizer")
def dict_vectorizer(_: Record, x: Node) -> Outputs:
    """The row is the values of feature_names_; `name=value` is 1 where name has that value."""
    return transformer(x)


def text(est: Record, x: Node) -> Input:
    """The input, which has to be the text itself."""
    if not (isinstance(x, Input) and x.is_text):
        raise refuse(
            est, "columns before it", "put it first: alone, or as the first step of a Pipeline"
        )
    return x


def hashed(est: Record, x: Input, terms: Analyzer, *, binary: bool) -> Node:
    """Terms at the places of their hashes, as far as a device has room for them."""
    n_features = int(est.n_features)
    if n_features > MOST_TERMS:
        raise refuse(
            est,
            f"n_features={n_features}",
            f"fit with at most {MOST_TERMS}, better 1024: each takes a number of the stack",
        )
    columns = Hashing(n_features, signed=bool(est.alternate_sign), binary=binary)
    return TermCounts(x, terms, columns)


def vocabulary(est: Record) -> list[bytes]:
    """The terms in the order of their columns."""
    known = est.vocabulary_
    require(isinstance(known, Mapping) and len(known) > 0, "a vocabulary")
    require(all(isinstance(term, str) for term in known), "terms that are no text")
    places = integers(list(known.values()))
    require((np.sort(places) == np.arange(len(known))).all(), "the columns of the vocabulary")
    terms = list(known)
    return [terms[i].encode("utf-8", "surrogatepass") for i in np.argsort(places)]


def analyzer(est: Record) -> Analyzer:
    """How the text is taken apart."""
    require_plain(est)
    least, most = (int(n) for n in est.ngram_range)
    unit, lower = UNITS[est.analyzer], bool(est.lowercase)
    if est.analyzer != "word":
        return Analyzer(unit, least, most, lower)
    left_out = stop_words(est)
    if most == 1 and "vocabulary_" in est:
        left_out &= set(est.vocabulary_)  # no other is ever looked for
    stop = tuple(sorted(word.encode("utf-8", "surrogatepass") for word in left_out))
    return Analyzer(unit, least, most, lower, shortest(est), stop)


def require_plain(est: Record) -> None:
    """Refuse what is a function of Python, and texts in files."""
    for setting in ("preprocessor", "tokenizer"):
        if est.get(setting) is not None:
            raise refuse(est, f"{setting}=<callable>", ON_DEVICE)
    if not isinstance(est.analyzer, str):
        raise refuse(est, "analyzer=<callable>", "use 'word', 'char' or 'char_wb'")
    if est.strip_accents not in (None, "ascii", "unicode"):
        raise refuse(est, "strip_accents=<callable>", ON_DEVICE)
    if est.input != "content":
        raise refuse(est, f"input={est.input!r}", "fit with input='content', on the texts")


def shortest(est: Record) -> int:
    """The least letters of a word, as the pattern of the tokens says."""
    pattern = est.token_pattern
    plain = pattern.removeprefix("(?u)") if isinstance(pattern, str) else pattern
    if plain not in PATTERNS:
        raise refuse(
            est,
            f"token_pattern={pattern!r}",
            "use the default, or r'(?u)\\b\\w+\\b'; or analyzer='char_wb'",
        )
    return PATTERNS[plain]


def stop_words(est: Record) -> set[str]:
    """The words that are left out."""
    given: Any = est.stop_words
    if given is None:
        return set()
    if given == "english":
        return set(english())
    require(not isinstance(given, str), "stop words")
    require(all(isinstance(word, str) for word in given), "stop words that are no text")
    return set(given)


@cache
def english() -> frozenset[str]:
    """scikit-learn's list; a test compares them."""
    return frozenset((Path(__file__).parent / "english.txt").read_text("ascii").split())
