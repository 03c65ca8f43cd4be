"""Stages of linear maps over a declared input: no float is unpacked, each sum is rounded once."""

from typing import Any

import numpy as np

from codegen import ir
from codegen.plan.places import alias
from codegen.plan.program import Code, Stage, x_ctype
from codegen.plan.tables import Tables
from codegen.plan.whole import whole_columns
from codegen.plan.whole_sums import whole_sums


def whole_stage(what: str, node: ir.Affine, tables: Tables, **values: Any) -> Stage:
    """The values of a linear map, the index of the largest, or whether the one is above 0."""
    source = whole_columns(node.x)
    assert source is not None, "the columns of a declared input"
    form, chosen = whole_sums(node), chosen_columns(node.x)
    dot = Code(f"cg_dot_whole_{source.declared.replace('uint', 'u').replace('int', 'i')}")
    index = tables.exact("index", chosen.index.astype(np.uint16)) if chosen else Code("")
    values |= {
        "dot": dot,
        "weight": tables.exact("weight", form.weight),
        "bias": tables.exact("bias", form.bias),
        "n_rows": node.size,
        "n_columns": node.x.size,
        "index": index,
    }
    kernels = [f"{dot}.h"]
    if what == "affine":
        one = bool((form.power == form.power[0]).all())
        power = str(form.power[0]) if one else f"{tables.integers('power', form.power)}[i]"
        values["power"] = Code(power)
        kernels.append("cg_rounded_f32.h")
    return Stage(
        f"nodes/whole_{what}.c.j2",
        tuple(kernels),
        (source if chosen else node.x,),
        values,
        scratch=node.x.size if chosen else 0,
        scratch_ctype=x_ctype(source, tables.dtype),
    )


def chosen_columns(x: ir.Node) -> ir.Gather | None:
    """The selection, where columns have to be brought together first."""
    return x if isinstance(x, ir.Gather) and not alias(x) else None
