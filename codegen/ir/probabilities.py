"""Probabilities and densities."""

from dataclasses import dataclass

import numpy as np

from codegen.ir.node import Node, SameSize, require


@dataclass(frozen=True, slots=True, eq=False)
class Softmax(SameSize):
    """exp(x - max x) / sum of the same."""


@dataclass(frozen=True, slots=True, eq=False)
class LogSumExp(Node):
    """log(sum over i of exp(x[i])): the logarithm of a sum of densities.

    rounding: the logarithm of what the estimator's own sum may lose, where it adds differences of
    large numbers.
    """

    x: Node
    rounding: float = -np.inf

    @property
    def size(self) -> int:
        return 1


@dataclass(frozen=True, slots=True, eq=False)
class LogisticMean(Node):
    """The mean of the logistic function over a normal distribution, x its mean and its variance.

    The logistic function is taken as a constant and five error functions (Williams, Barber 1998):
    constant + sum of share / 2 erf(rate x[0] / sqrt(1 + 2 rate^2 x[1])).
    """

    x: Node

    def __post_init__(self) -> None:
        require(self.x.size == 2, "a mean and a variance")

    @property
    def size(self) -> int:
        return 1
