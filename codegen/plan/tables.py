"""Names for tables: one for each content, so that functions share what is equal."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from codegen.ir import Node
from codegen.plan.program import SUFFIX, Code, Dtype, Table, TreeForm, ctype_of, narrowest

T = TypeVar("T")


class Tables:
    """The constant arrays of a program under names of their own."""

    def __init__(self, prefix: str, dtype: Dtype, form: TreeForm) -> None:
        self.prefix = prefix
        self.dtype = dtype
        self.form = form
        self._by_content: dict[tuple[str, bytes], Table] = {}
        self._names: dict[str, int] = {}
        self._made: dict[tuple[str, int], Any] = {}

    @property
    def suffix(self) -> str:
        """The ending of kernels for this number format."""
        return SUFFIX[self.dtype]

    def __iter__(self) -> Iterator[Table]:
        return iter(self._by_content.values())

    def name(self, stem: str) -> Code:
        """A new static name that starts with the model's."""
        count = self._names[stem] = self._names.get(stem, 0) + 1
        return Code(f"{self.prefix}_{stem}" + (str(count) if count > 1 else ""))

    def once(self, what: str, node: Node, make: Callable[[], T]) -> T:
        """What is made for a node the first time it is asked for."""
        key = (what, id(node))
        if key not in self._made:
            self._made[key] = make()
        return cast("T", self._made[key])

    def exact(self, stem: str, values: NDArray[Any]) -> Code:
        """A table of the values in their own type."""
        values = np.ascontiguousarray(values).ravel()
        key = (values.dtype.str, values.tobytes())
        if key not in self._by_content:
            self._by_content[key] = Table(self.name(stem), ctype_of(values.dtype), values)
        return self._by_content[key].name

    def reals(self, stem: str, values: NDArray[np.float64]) -> Code:
        """A table in the program's number format."""
        return self.exact(stem, values.astype(self.dtype))

    def integers(self, stem: str, values: NDArray[Any]) -> Code:
        """A table in the narrowest type that holds the values."""
        return self.exact(stem, values.astype(narrowest(values)))
