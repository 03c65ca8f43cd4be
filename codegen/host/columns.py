"""Columns of the input as linear functions read them: chosen, scaled, side by side in registers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen import ir
from codegen.ir import Floats, Ints, Node
from codegen.plan.program import Code, Dtype, Table, ctype_of

MOST_COLUMNS = 1 << 11
STEPS = ("subtract", "divide", "multiply", "add")


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Input columns by index, and steps on them: the names of operations, with a value for each."""

    index: Ints
    steps: tuple[tuple[str, Floats], ...]

    @property
    def size(self) -> int:
        """How many columns there are."""
        return int(self.index.size)


def columns_of(x: Node) -> Columns | None:
    """The columns that a node is made of by steps that IEEE 754 rounds one by one; else None."""
    steps: list[tuple[str, Floats]] = []
    index = np.arange(x.size)
    while not isinstance(x, ir.Input):
        match x:
            case ir.Gather() as chosen:
                index = chosen.index[index]
            case ir.Scale() as scale:
                used = [(n, s) for n, s in zip(STEPS, scale.steps, strict=True) if s is not None]
                steps += [(n, s[index]) for n, s in reversed(used)]
            case _:
                return None
        x = x.x
    if x.is_whole:
        return None
    return Columns(index, tuple(reversed(steps))) if index.size <= MOST_COLUMNS else None


def with_columns(
    columns: Columns, content: dict[str, NDArray[Any]], dtype: Dtype, prefix: str
) -> dict[str, Any]:
    """The values of host/columns.c.j2: its tables and those of `content`, under their names."""
    tables = {"index": columns.index.astype(np.int32), **content}
    tables |= {f"step{i}": values.astype(dtype) for i, (_, values) in enumerate(columns.steps)}
    names = {key: Code(f"{prefix}_{key}") for key in tables}
    return {
        **names,
        "tables": [Table(names[k], ctype_of(v.dtype), v.ravel()) for k, v in tables.items()],
        "steps": [(Code(f"host_{n}"), names[f"step{i}"]) for i, (n, _) in enumerate(columns.steps)],
        "gathers": not np.array_equal(columns.index, np.arange(columns.size)),
        "n_in": columns.size,
    }
