"""Linear maps under one exponent, with the hidden layers of a network that lead to them.

A hidden layer whose positive parts only the next map reads stays in whole numbers: these become the
columns of that map without being rounded to floats first.
"""

from itertools import pairwise
from typing import Any

from codegen import ir
from codegen.plan.block import block, is_block
from codegen.plan.program import Code, Stage
from codegen.plan.tables import Tables
from codegen.plan.whole import whole_columns
from codegen.plan.whole_stages import whole_stage


def in_block(node: ir.Affine, tables: Tables) -> bool:
    """Whether a linear map is summed as whole numbers under one exponent."""
    if whole_columns(node.x) is not None:
        return node.compared or node.size == 1
    return tables.dtype == "float32" and not isinstance(node.x, ir.Kernel) and is_block(node)


def in_relu(layer: ir.Affine, tables: Tables) -> bool:
    """Whether one kernel gives the positive parts of a linear map."""
    return in_block(layer, tables) and whole_columns(layer.x) is None


def in_whole_numbers(
    what: str, node: ir.Affine, tables: Tables, *, template: str = "", **values: Any
) -> Stage:
    """The values of a linear map, their positive parts, the index of the largest, or one's sign."""
    if whole_columns(node.x) is not None:
        return whole_stage(what, node, tables, **values)
    maps = with_hidden(node, tables)
    n_columns = [one.x.size + 1 for one in maps]
    n_even, n_odd = max(n_columns[::2]), max(n_columns[1::2], default=0)
    n_hidden = max((one.size for one in maps[:-1]), default=0)
    made = [numbers(one, n_even * (i % 2), tables) for i, one in enumerate(maps)]
    kernel = Code("cg_dot_i32" if what == "sum" else f"cg_block_{what}_f32")
    values |= {
        **made[-1],
        "kernel": kernel,
        "first": made[0],
        "layers": [one | {"next": after} for one, after in pairwise(made)],
        "exponents": offset(n_even + n_odd),
    }
    kernels = ("cg_block_layer_f32.h",) if len(maps) > 1 else ()
    return Stage(
        f"nodes/block_{template or what}.c.j2",
        ("cg_block_columns_f32.h", *kernels, f"{kernel}.h"),
        (maps[0].x,),
        values,
        scratch=n_even + n_odd + n_hidden,
        scratch_ctype="int32_t",
    )


def with_hidden(node: ir.Affine, tables: Tables) -> list[ir.Affine]:
    """The hidden layers in their order, then the map itself."""
    maps = [node]
    while True:
        match maps[0].x:
            case ir.Elementwise(x=ir.Affine() as layer, function="relu") if in_relu(layer, tables):
                maps.insert(0, layer)
            case _:
                return maps


def numbers(node: ir.Affine, at: int, tables: Tables) -> dict[str, Any]:
    """The tables and sizes of a map, and where in the scratch its columns stand."""
    form = block(node.weight, node.bias)
    return {
        "weight": tables.exact("weight", form.weight),
        "power": tables.exact("power", form.power),
        "spare": form.spare,
        "scale": form.scale,
        "n_rows": node.size,
        "n_columns": node.x.size + 1,
        "at": offset(at),
    }


def offset(count: int) -> Code:
    """So many places behind a pointer."""
    return Code(f" + {count}" if count else "")
