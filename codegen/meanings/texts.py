"""Texts taken apart into terms, and the terms counted."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from codegen import ir
from codegen.ir import Floats
from codegen.texts import bytes_of

BLANKS = rb"\t-\r\x1c-\x1f "
RUN_OF_BLANKS = re.compile(rb"[%b][%b]+" % (BLANKS, BLANKS))
BETWEEN_BLANKS = re.compile(rb"[^%b]+" % BLANKS)
WORD = re.compile(rb"[A-Za-z0-9_]+")


def terms_of(analyzer: ir.Analyzer, text: bytes) -> list[bytes]:
    """The terms of a text, as the analyzer says."""
    text = text.lower() if analyzer.lower else text
    match analyzer.unit:
        case "words":
            found = [w for w in WORD.findall(text) if len(w) >= analyzer.shortest]
            words = [w for w in found if w not in analyzer.stop]
            return [b" ".join(part) for part in sequences(words, analyzer)]
        case "chars":
            letters = [bytes([c]) for c in RUN_OF_BLANKS.sub(b" ", text)]
            return [b"".join(part) for part in sequences(letters, analyzer)]
        case "word_chars":
            words = [b" %b " % w for w in BETWEEN_BLANKS.findall(text)]
            return [part for w in words for part in parts_of(w, analyzer)]
        case _:
            return [line for line in text.split(b"\n") if line]


def sequences(units: list[bytes], analyzer: ir.Analyzer) -> Iterator[list[bytes]]:
    """All stretches of `least` to `most` units."""
    for n in range(analyzer.least, analyzer.most + 1):
        yield from (units[i : i + n] for i in range(len(units) - n + 1))


def parts_of(word: bytes, analyzer: ir.Analyzer) -> Iterator[bytes]:
    """All stretches of `least` to `most` letters; once the whole word where it is no longer."""
    for n in range(analyzer.least, analyzer.most + 1):
        if n >= len(word):
            yield word
            return
        yield from (word[i : i + n] for i in range(len(word) - n + 1))


def term_counts(node: ir.TermCounts, x: Floats) -> Floats:
    """How often the terms of each text occur."""
    texts = [terms_of(node.analyzer, bytes_of(codes)) for codes in x]
    match node.columns:
        case ir.Vocabulary() as known:
            return known_terms(known, texts)
        case ir.Hashing() as hashing:
            return hashed_terms(hashing, texts)


def known_terms(known: ir.Vocabulary, texts: list[list[bytes]]) -> Floats:
    """How often each term of the vocabulary occurs."""
    place = {term: i for i, term in enumerate(known.terms)}
    y = np.zeros((len(texts), known.size))
    for row, terms in zip(y, texts, strict=True):
        for term, count in Counter(terms).items():
            if term in place:
                row[place[term]] = count
    return y


def hashed_terms(hashing: ir.Hashing, texts: list[list[bytes]]) -> Floats:
    """The sum of +1 and -1, or 1, at the places that the hashes say."""
    n_features = hashing.n_features
    y = np.zeros((len(texts), n_features))
    for row, terms in zip(y, texts, strict=True):
        for term in terms:
            h = murmur3(term)
            h -= (h >> 31) << 32
            size = 2**31 - n_features if h == -(2**31) else abs(h)
            row[size % n_features] += -1 if hashing.signed and h < 0 else 1
            if hashing.binary:
                row[size % n_features] = 1
    return y


@lru_cache(1 << 16)
def murmur3(key: bytes) -> int:
    """MurmurHash3 for x86 of 32 bits, seed 0 (Appleby 2011)."""
    h, whole = 0, len(key) & ~3
    for i in range(0, whole, 4):
        h = mixed(h ^ scrambled(int.from_bytes(key[i : i + 4], "little")))
    h ^= scrambled(int.from_bytes(key[whole:], "little")) ^ len(key)
    h = (h ^ h >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    h = (h ^ h >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
    return h ^ h >> 16


def scrambled(word: int) -> int:
    """Four bytes before they enter the hash."""
    word = word * 0xCC9E2D51 & 0xFFFFFFFF
    return (word << 15 | word >> 17) * 0x1B873593 & 0xFFFFFFFF


def mixed(h: int) -> int:
    """The hash after four bytes."""
    return ((h << 13 | h >> 19) & 0xFFFFFFFF) * 5 + 0xE6546B64 & 0xFFFFFFFF
