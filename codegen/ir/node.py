"""What every node of an expression is, and how its values are checked."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codegen.errors import InvalidModel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def require(condition: bool | np.bool_, what: str) -> None:
    """Raise InvalidModel with `what` unless the condition holds."""
    if not condition:
        raise InvalidModel(f"the model's values make no sense: {what}")


def finite(name: str, *arrays: Floats | None) -> None:
    """Require that all values are finite."""
    for array in arrays:
        require(array is None or bool(np.isfinite(array).all()), f"{name} holds NaN or infinity")


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A vector of `size` values."""

    @property
    def size(self) -> int:
        """How many values the node gives for one row."""
        raise NotImplementedError

    @property
    def is_index(self) -> bool:
        """Whether the values are integers (class indices, labels), not real numbers."""
        return False

    @property
    def is_alone(self) -> bool:
        """Whether the estimator's answer for a row depends on those beside it: then the reference
        is what it says of the row alone."""
        return False

    @property
    def refuses_negative(self) -> bool:
        """Whether the estimator raises where it meets a number below 0."""
        return self.is_alone


@dataclass(frozen=True, slots=True, eq=False)
class SameSize(Node):
    """Base of the nodes that give as many values as they take."""

    x: Node

    @property
    def size(self) -> int:
        return self.x.size
