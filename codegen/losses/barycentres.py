"""What the weights of neighbours lose, and the means over them.

With M = C C^T + ridge and M w = 1, errors dC of the differences and r of what is left of 1 move w
by at most |M^-1| (|dC| |C^T w| + r) + |M^-1 C| |dC^T| |w|. The last factor is small, since
|M^-1 C| <= 1 / (2 root of ridge); that is why what is left is found from C, not from its products.
"""

import numpy as np

from codegen import ir
from codegen.ir import Floats
from codegen.losses.common import REFERENCE, Known
from codegen.losses.linear import distance_loss, moved_before
from codegen.meanings.barycentres import differences, ridged, solved_for_ones
from codegen.meanings.neighbors import chosen
from codegen.meanings.vectors import distance

STEPS = 3


def barycentre_loss(node: ir.Barycentre, given: list[Known], value: Floats, unit: float) -> Floats:
    """Errors of the weights, of the sums over them; other neighbours may give anything in reach.

    w minimises w.M w over all w with the sum 1, so |w|^2 <= (1 + 1 / reg) / k: two such means of k
    answers are no further apart than root of (1 + 1 / reg) times what the answers span.
    """
    c = differences(node, given[0].value, given[1].value)
    off = given[0].bound[:, None, :] + unit * (np.abs(c) + np.abs(node.rows[index_of(given)]))
    weight = solved_for_ones(ridged(node, c))
    lost = weights_loss(node, c, off, weight, unit)
    total = weight.sum(axis=1, keepdims=True)
    answers = node.table[index_of(given)]
    apart = np.abs(answers - value[:, None, :])
    moved = (lost[:, :, None] * apart).sum(axis=1) / total
    size = (np.abs(weight)[:, :, None] * np.abs(answers)).sum(axis=1) / total
    size += np.abs(weight).sum(axis=1, keepdims=True) / total * np.abs(value)
    own = 2 * moved + (weight.shape[1] + 4) * unit * size
    sure = lost.sum(axis=1, keepdims=True) < 0.25 * total
    other = 2 * np.sqrt(1 + 1 / node.reg) * span_within_reach(node, given, unit)
    unsure = (given[1].bound > 0).any(axis=1, keepdims=True)
    return np.where(sure, own + np.where(unsure, other, 0), np.inf)


def span_within_reach(node: ir.Barycentre, given: list[Known], unit: float) -> Floats:
    """How far the answers of all rows lie apart that may be neighbours (n_rows, n_out)."""
    assert isinstance(node.by.x, ir.Distance), "neighbours by their distances"
    by = ir.Distance(node.x, node.rows, node.by.x.power)
    d = distance(given[0].value, node.rows, by.power)
    e = distance_loss(by, given[0], unit, moved=moved_before(node.x))
    near = d - e <= chosen(d + e, given[1].value).max(axis=1, keepdims=True)
    return np.array([np.ptp(node.table[row], axis=0) for row in near])


def index_of(given: list[Known]) -> ir.Ints:
    """The neighbours."""
    return given[1].value.astype(np.int64)


def weights_loss(
    node: ir.Barycentre, c: Floats, off: Floats, weight: Floats, unit: float
) -> Floats:
    """What the weights lose (n_rows, k), solved in STEPS steps; the reference solves in one."""
    k, n = c.shape[1:]
    matrix, w = ridged(node, c), np.abs(weight)
    inverse = np.linalg.inv(matrix)
    trace = np.trace(matrix, axis1=1, axis2=2)[:, None]
    along = np.abs(np.einsum("rij,ri->rj", c, weight))
    off_along = np.einsum("rij,ri->rj", off + (k + 1) * unit * np.abs(c), w)
    ridge = node.reg * (2 * (np.abs(c) * off).sum(axis=(1, 2)) + (off**2).sum(axis=(1, 2)))
    ridge = ridge[:, None] + (n + k + 2) * unit * node.reg * trace
    left = np.einsum("rij,rj->ri", off + (n + 2) * unit * np.abs(c), along) + (ridge + unit) * w
    left = left + 2 * unit * np.abs(1 - node.reg * trace * w)
    through = np.abs(np.einsum("rij,rjm->rim", inverse, c))
    lost = np.einsum("rij,rj->ri", np.abs(inverse), left)
    lost += np.einsum("rij,rj->ri", through, off_along) + 2 * unit * w
    spread = np.abs(inverse).sum(axis=2).max(axis=1, keepdims=True) * trace * (3 * k + n + 4)
    once, longest = spread * unit, w.max(axis=1, keepdims=True)
    first = np.where(once < 0.5, once**STEPS, np.inf) + spread * REFERENCE
    return np.asarray(lost + first * longest * k)
