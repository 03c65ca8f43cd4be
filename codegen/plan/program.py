"""The nouns of a planned program: tables, stages, buffers, functions. No C text, only names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from codegen.declared import ctype_of_whole
from codegen.ir import Input, Keys, Model, Node

Dtype = Literal["float32", "float64"]
TreeForm = Literal["stream", "branches", "float_branches", "key_stream", "key_branches"]
Result = Literal["index", "value", "vector", "indices", "first", "second"]

REAL = {"float32": "float", "float64": "double"}
SUFFIX = {"float32": "f32", "float64": "f64"}
NUMPY = {
    "char": np.int16,  # see codegen.texts
    "float": np.float32,
    "double": np.float64,
    "int8_t": np.int8,
    "uint8_t": np.uint8,
    "int16_t": np.int16,
    "uint16_t": np.uint16,
    "int32_t": np.int32,
}
BYTES = {
    "float": 4,
    "double": 8,
    "int8_t": 1,
    "uint8_t": 1,
    "int16_t": 2,
    "uint16_t": 2,
    "int32_t": 4,
    "int64_t": 8,
}


class Code(str):
    """Text that may stand in C as it is: a name of ours, or what a filter made safe."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A constant array in flash."""

    name: Code
    ctype: Code
    values: NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Helper:
    """A static function that a stage calls: the template that writes it, and its values."""

    template: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One step of a function: a template that calls kernels, and the values it needs.

    inputs: the nodes whose buffers it reads; the first is `src`. in_place: `dst` may be `src`.
    scratch: how many further values it needs while it runs, of the C type scratch_ctype.
    """

    template: str
    kernels: tuple[str, ...]
    inputs: tuple[Node, ...]
    values: Mapping[str, Any]
    helpers: tuple[Helper, ...] = ()
    in_place: bool = False
    scratch: int = 0
    scratch_ctype: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Buffer:
    """A local array of a function."""

    name: Code
    ctype: Code
    size: int

    @property
    def n_bytes(self) -> int:
        """How much stack it takes."""
        return self.size * BYTES[self.ctype]


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A stretch of an array: its name, and where in it the values start."""

    name: Code
    offset: int

    @property
    def pointer(self) -> Code:
        """As a C expression for the address."""
        return Code(f"{self.name} + {self.offset}") if self.offset else self.name

    def at(self, index: str) -> Code:
        """As a C expression for one value: index is a number or the name of a variable."""
        if index.isdecimal():
            return Code(f"{self.name}[{self.offset + int(index)}]")
        return Code(
            f"{self.name}[{self.offset} + {index}]" if self.offset else f"{self.name}[{index}]"
        )


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A stage in its place: where it reads and writes; by: its second input.

    assign: for a stage that gives one index, what stands before it (`return `, or `t0[0] = `).
    """

    stage: Stage
    n_in: int
    n_out: int
    src: Place
    dst: Place
    assign: Code
    scratch: Code
    by: Place | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """What one public function answers: its steps in order and the buffers they use.

    Of a function with two results, indices and real numbers, each is an answer of its own: `first`
    and `second`; the first has the steps of both.
    """

    method: Code
    name: Code
    result: Result
    ctype: Code
    size: int
    parameter: Code
    size_name: Code
    steps: tuple[Step, ...]
    buffers: tuple[Buffer, ...]
    returns: Code
    of_text: bool = False

    @property
    def buffer_bytes(self) -> int:
        """The stack that its buffers take."""
        return sum(b.n_bytes for b in self.buffers)


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A model in the form in which it is written: everything named, typed and placed."""

    name: Code
    dtype: Dtype
    model: Model
    tables: tuple[Table, ...]
    helpers: tuple[Helper, ...]
    functions: tuple[Function, ...]
    kernels: tuple[str, ...]

    @property
    def real(self) -> Code:
        """The C type of a real number."""
        return Code(REAL[self.dtype])

    @property
    def x_ctype(self) -> Code:
        """The C type of a value of x."""
        return x_ctype(self.model.input, self.dtype)

    @property
    def defined(self) -> tuple[Function, ...]:
        """The functions, those with two results once."""
        return tuple(f for f in self.functions if f.result != "second")

    @property
    def table_bytes(self) -> int:
        """Constant bytes of all tables."""
        return sum(t.values.nbytes for t in self.tables)


def x_ctype(x: Node, dtype: Dtype) -> Code:
    """The C type in which a node's values are read, of real numbers or of a declared input."""
    if isinstance(x, Input) and x.is_text:
        return Code("char")
    if isinstance(x, Input) and x.is_whole:
        return Code(ctype_of_whole(x.declared))
    if isinstance(x, Keys):
        return Code("int32_t")
    return Code(REAL[dtype])


def narrowest(values: NDArray[np.integer[Any]]) -> np.dtype[Any]:
    """The smallest integer type, unsigned first, that holds all values."""
    low, high = (int(values.min()), int(values.max())) if values.size else (0, 0)
    for kind in ("uint8", "int8", "uint16", "int16", "uint32", "int32"):
        info = np.iinfo(kind)
        if info.min <= low and high <= info.max:
            return np.dtype(kind)
    raise OverflowError(f"no 32-bit type holds {low}..{high}")


def ctype_of(dtype: np.dtype[Any]) -> Code:
    """The C type of a numpy type."""
    return Code({"float32": "float", "float64": "double"}.get(dtype.name, f"{dtype.name}_t"))
