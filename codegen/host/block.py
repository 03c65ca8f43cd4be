"""Values of a linear function in whole numbers, the rows side by side in registers.

The plan brings every column x_j 2^power_j to the exponent of the largest and rounds it, halves away
from zero. A power of two times a float is exact, so here the same is a product and a rounding. Sums
that are far below normal floats, infinity and NaN are left to the exported function.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.host.columns import columns_of, with_columns
from codegen.ir import Affine, Node
from codegen.plan.block import FLOAT_BIAS, block, is_block
from codegen.plan.program import Dtype, Helper

BIAS = 127


def by_block(root: Node, dtype: Dtype, prefix: str) -> Helper | None:
    """The loop over the arithmetic of cg_block_affine_f32, where a function is one such value."""
    if not isinstance(root, Affine) or root.size != 1 or dtype == "float64" or not is_block(root):
        return None
    columns = columns_of(root.x)
    if columns is None:
        return None
    form = block(root.weight, root.bias)
    factor = np.ldexp(np.float32(1), form.power.astype(np.int32)).astype(np.float32)
    content: dict[str, NDArray[Any]] = {"weight": form.weight, "factor": factor}
    numbers = {
        "one": int(form.power[-1]) + BIAS,
        "spare": form.spare,
        "scale": form.scale,
        "bias": FLOAT_BIAS,
    }
    return Helper("host/block.c.j2", with_columns(columns, content, dtype, prefix) | numbers)
