"""Terms of a text, counted."""

from dataclasses import dataclass
from itertools import pairwise

from codegen.ir.columns import Input
from codegen.ir.node import Node, require

UNITS = ("words", "chars", "word_chars", "lines")
MOST_TERMS = 1 << 16
LONGEST_TERM = 64
"""Words or letters of a term at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Analyzer:
    """How a text is taken apart into terms: sequences of `least` to `most` units.

    words: runs of letters, digits and _ of at least `shortest`, those in `stop` left out, a blank
    between two. chars: letters of the text, where a run of blanks counts as one. word_chars:
    letters of " word ", for what stands between blanks; one term that is shorter where a word is.
    lines: what stands between line ends. lower: the letters A to Z are read as a to z.
    """

    unit: str
    least: int
    most: int
    lower: bool
    shortest: int = 1
    stop: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        require(self.unit in UNITS, f"terms of {self.unit!r}")
        require(1 <= self.least <= self.most <= LONGEST_TERM, "the lengths of terms")
        require(self.shortest >= 1, "the length of words")
        require(is_sorted(self.stop), "stop words in another order than that of their bytes")


def is_sorted(terms: tuple[bytes, ...]) -> bool:
    """Whether terms stand in the order of their bytes, each once."""
    return all(a < b for a, b in pairwise(terms))


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """A column for each of the terms, which stand in the order of their bytes; none for others."""

    terms: tuple[bytes, ...]

    def __post_init__(self) -> None:
        require(0 < len(self.terms) <= MOST_TERMS, f"a vocabulary of {len(self.terms)} terms")
        require(is_sorted(self.terms), "terms in another order than that of their bytes")

    @property
    def size(self) -> int:
        """How many columns there are."""
        return len(self.terms)


@dataclass(frozen=True, slots=True, eq=False)
class Hashing:
    """The column |h| mod n_features for each term, h its MurmurHash3 of 32 bits under the seed 0.

    signed: a negative h counts as -1. binary: the count is 1 where there is any term. |h| of the
    least number is 2^31 - n_features.
    """

    n_features: int
    signed: bool
    binary: bool

    def __post_init__(self) -> None:
        require(0 < self.n_features <= MOST_TERMS, f"terms hashed to {self.n_features} columns")

    @property
    def size(self) -> int:
        """How many columns there are."""
        return self.n_features


@dataclass(frozen=True, slots=True, eq=False)
class TermCounts(Node):
    """How often the terms of a text occur, each counted in its column."""

    x: Input
    analyzer: Analyzer
    columns: Vocabulary | Hashing

    def __post_init__(self) -> None:
        require(isinstance(self.x, Input) and self.x.is_text, "terms of what is no text")

    @property
    def size(self) -> int:
        return self.columns.size
