"""What shortest ways lose: distances are off, and another row may be the near one."""

import numpy as np

from codegen import ir
from codegen.ir import Bools, Floats
from codegen.losses.common import Known
from codegen.meanings.geodesics import near_rows, root_of, shortest


def geodesic_loss(node: ir.Geodesic, given: list[Known], value: Floats, unit: float) -> Floats:
    """No shorter than over all rows that may be near, and no longer than over the sure ones."""
    d, e, length = given[0].value, given[0].bound, node.length
    low, high = root_of(node, np.maximum(d - e, 0)), root_of(node, d + e)
    sure, possible = certainty(node, given, unit)
    lost = np.empty_like(value)
    for i, way in enumerate(np.sqrt(value)):
        least = shortest(low[i], possible[i], length)
        most = shortest(high[i], sure[i], length)
        if node.reach is None and not sure[i].any():
            most = (high[i][possible[i], None] + length[possible[i]]).max(axis=0)
        off = np.maximum(most - way, way - least) + 4 * unit * way
        lost[i] = off * (2 * way + off) + 2 * unit * value[i]
    return lost


def certainty(node: ir.Geodesic, given: list[Known], unit: float) -> tuple[Bools, Bools]:
    """Which rows are near without a doubt, and which may be (n_rows, n_centres)."""
    d, e = given[0].value, given[0].bound
    near = near_rows(node, [k.value for k in given])
    if node.reach is not None:
        e = e + 2 * unit * node.reach
        return near & (d + e <= node.reach), d - e <= node.reach
    last = np.max(np.where(near, d + e, -np.inf), axis=1, keepdims=True)
    unsure = np.zeros(near.shape, np.bool_)
    np.put_along_axis(unsure, given[1].value.astype(np.int64), given[1].bound > 0, axis=1)
    return near & ~unsure, d - e <= last
