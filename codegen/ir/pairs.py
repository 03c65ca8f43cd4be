"""Values of pairs of classes, and what they say of the classes."""

from dataclasses import dataclass

from codegen.ir.node import Floats, Ints, Node, finite, require

PAIR_RULES = ("votes", "scores", "coupling")


@dataclass(frozen=True, slots=True, eq=False)
class PairwiseAffine(Node):
    """One-against-one sums as libsvm stores them, one per pair (0,1), (0,2) .. (1,2) ..

    D[i, j] = sum over s of class i of dual[j - 1, s] x[s] + sum over s of class j of
    dual[i, s] x[s] + bias; x holds the kernel values, class by class; dual (n_classes - 1, n_in),
    counts (n_classes,) support vectors of each class, bias (n_pairs,).
    """

    x: Node
    dual: Floats
    counts: Ints
    bias: Floats

    def __post_init__(self) -> None:
        k = self.counts.size
        require(self.dual.shape == (k - 1, self.x.size), "dual coefficients")
        require(self.counts.sum() == self.x.size and (self.counts >= 0).all(), "support counts")
        require(self.bias.shape == (k * (k - 1) // 2,), "one intercept for each pair of classes")
        finite("dual coefficients", self.dual, self.bias)

    @property
    def size(self) -> int:
        return int(self.bias.size)


@dataclass(frozen=True, slots=True, eq=False)
class Pairwise(Node):
    """A value for each class from those of its n_classes (n_classes - 1) / 2 pairs (i, j).

    votes: pair (i, j) votes i where its value is > 0, else j (libsvm). scores: votes +
    s / (3 (|s| + 1)), s the sum of signed pair values; a value >= 0 votes i. coupling:
    probabilities from those of i in each pair (Wu, Lin, Weng 2004, second approach).
    """

    x: Node
    n_classes: int
    rule: str

    def __post_init__(self) -> None:
        require(self.rule in PAIR_RULES, f"unknown rule {self.rule!r}")
        pairs = self.n_classes * (self.n_classes - 1) // 2
        require(self.x.size == pairs, "one value for each pair of classes")

    @property
    def size(self) -> int:
        return self.n_classes
