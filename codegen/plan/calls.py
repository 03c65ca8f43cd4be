"""Stages that are one call of one kernel."""

from typing import Any

import numpy as np

from codegen import ir
from codegen.ir import Node
from codegen.plan.program import Code, Stage
from codegen.plan.tables import Tables


def real(value: float, tables: Tables) -> Any:
    """A number in the program's format."""
    return np.dtype(tables.dtype).type(value)


def simple(
    kernel: str,
    node: Node,
    tables: Tables,
    template: str = "",
    *,
    in_place: bool = False,
    scratch: int = 0,
    scratch_ctype: str = "real",
    **values: Any,
) -> Stage:
    """A stage that is one call of one kernel, of its own name where no template is named."""
    name = Code(f"cg_{kernel}_{tables.suffix}")
    return Stage(
        f"nodes/{template or kernel}.c.j2",
        (f"{name}.h",),
        (ir.inputs(node)[0],),
        {"kernel": name, **values},
        in_place=in_place,
        scratch=scratch,
        scratch_ctype=scratch_ctype,
    )
