"""Codes and factors that iterations find."""

from dataclasses import dataclass

import numpy as np

from codegen.ir.node import Floats, Node, SameSize, finite, require

MOST_ROUNDS = 1 << 20
LOSSES = ("frobenius", "kullback", "itakura")
RULES = ("divergence", "change")
LEAST_MIX = 2.0**-23
ROUNDS_TO_A_TEST = 10
SOLVERS = ("omp", "descent")


@dataclass(frozen=True, slots=True, eq=False)
class Encode(SameSize):
    """Coefficients of a row over atoms, found by a solver; x: its products with the atoms.

    omp, orthogonal matching pursuit: up to `count` times the atom that has most in common with
    what is left of the row, and least squares over all that are picked; gram (n_atoms, n_atoms)
    are the products of the atoms. It ends where a square is not above `least`: nothing is left, or
    the atom depends on those before it.

    descent: least squares with no coefficient below 0, w' gram w / 2 - x' w, by coordinate descent
    from w = 0: up to `count` times each coefficient in its turn. It ends where the gradients met
    on the way, without those that point below 0, are together not above `least` times what they
    were the first time. scikit-learn adds them over all rows of a batch.
    """

    gram: Floats
    solver: str
    count: int
    least: float

    def __post_init__(self) -> None:
        require(self.solver in SOLVERS, f"unknown solver {self.solver!r}")
        require(self.gram.shape == (self.size, self.size), "products of other atoms")
        most = self.size if self.solver == "omp" else MOST_ROUNDS
        require(0 < self.count <= most, f"{self.count} rounds over {self.size} atoms")
        require(self.size < 1 << 15 and self.least >= 0, "a dictionary")
        require(self.least > 0 or self.solver != "omp", "a dictionary")
        finite("a dictionary", self.gram, np.array([self.least]))

    @property
    def is_alone(self) -> bool:
        return self.solver == "descent"


@dataclass(frozen=True, slots=True, eq=False)
class Factorize(Node):
    """Coefficients w >= 0 of a row x >= 0 over atoms (n_atoms, n_in) >= 0, by multiplication.

    From w = sqrt(mean(x) / n_atoms), up to `count` times w times (a / b) ** power, with y = w atoms
    (no y below LEAST_MIX): frobenius a = atoms x, b = atoms y; kullback a = atoms (x / y), b = the
    sum of each atom; itakura a = atoms (x / y^2), b = atoms (1 / y), power 1/2. b has l1 + l2 w
    more, in round k k l1 + l2 w if it `grows`.

    rule: divergence ends it where ten rounds make the root of twice the divergence of x from y
    less by less than `least` times what it was at first (and coefficients of itakura below 2^-52
    are 0); change where a round changes w by at most `least` times the length of w. 0: never.
    """

    x: Node
    atoms: Floats
    loss: str
    l1: float
    l2: float
    grows: bool
    rule: str
    count: int
    least: float

    def __post_init__(self) -> None:
        require(self.atoms.ndim == 2 and self.atoms.shape[1] == self.x.size, "atoms of a width")
        require(0 < len(self.atoms) < 1 << 15, "no atom")
        require(self.loss in LOSSES, f"unknown loss {self.loss!r}")
        require(self.rule in RULES, f"unknown rule {self.rule!r}")
        require(0 < self.count <= MOST_ROUNDS, f"{self.count} rounds")
        finite("a factorization", self.atoms, np.array([self.l1, self.l2, self.least]))
        positive = min(self.l1, self.l2, self.least) >= 0 and bool((self.atoms >= 0).all())
        require(positive, "a factorization with numbers below 0")

    @property
    def size(self) -> int:
        return len(self.atoms)

    @property
    def is_alone(self) -> bool:
        return True


@dataclass(frozen=True, slots=True, eq=False)
class LatentDirichlet(Node):
    """The shares of topics (n_topics, n_in) > 0 in a row x >= 0 of counts of words.

    From weights of 1, up to `count` times theta = exp(psi(weight) - psi(sum of weight)) and
    weight = prior + theta * topics (x / (theta topics + 2^-52)), until a round changes the weights
    by less than `least` on average; then divided by their sum.
    """

    x: Node
    topics: Floats
    prior: float
    count: int
    least: float

    def __post_init__(self) -> None:
        require(self.topics.ndim == 2 and self.topics.shape[1] == self.x.size, "topics of a width")
        require(0 < len(self.topics) < 1 << 15, "no topic")
        require(0 < self.count <= MOST_ROUNDS, f"{self.count} rounds")
        finite("a set of topics", self.topics, np.array([self.prior, self.least]))
        require(bool((self.topics >= 0).all()) and self.prior >= 0, "topics below 0")

    @property
    def size(self) -> int:
        return len(self.topics)

    @property
    def refuses_negative(self) -> bool:
        return True
