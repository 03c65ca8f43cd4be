"""Labels of linear scores and nearest centres: quick sums decide wherever rounding cannot.

The quick sums may take any order and may fuse: with n columns, unit roundoff u and

    size = sum over j of max over i |w_ij| |x_j|  +  max over i |b_i|

a score differs from the lowered model's by less than (n + 2) u size, and so does a score of the
exported C, whatever its arithmetic: that is what a plain sum in its format may lose. A lead above
8 (n + 4) u size is then a lead in both. For squared distances, scores 2 c.x - |c|^2, both errors
are below twice that with size = |x|^2 + max |c|^2. Where the lead is smaller, or NaN or infinity
turns up, the exported function is called.
"""

from dataclasses import dataclass

import numpy as np

from codegen.host.columns import Columns, columns_of, with_columns
from codegen.ir import Affine, ArgMax, Distance, Floats, Neighbors, Node, Threshold
from codegen.plan.program import Dtype, Helper

TILE = 8


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """weight @ x + bias, the largest of which is the label.

    squares: the scores stand for squared distances.
    """

    columns: Columns
    weight: Floats
    bias: Floats
    squares: bool = False


def scores_of(root: Node) -> Scores | None:
    """A label as the largest of linear scores; None where it is something else.

    Of a threshold the first score is that of a row of zeros: it is passed or not.
    """
    match root:
        case ArgMax(x=Affine(x=x) as scores) if columns := columns_of(x):
            return Scores(columns, scores.weight, scores.bias)
        case Threshold(x=Affine(x=x) as score) if columns := columns_of(x):
            weight = np.vstack([np.zeros_like(score.weight), score.weight])
            return Scores(columns, weight, np.array([root.cut, score.bias[0]]))
        case Neighbors(
            x=Distance(x=x, power=2.0, streamed=False, weight=None) as near, count=1
        ) if columns := columns_of(x):
            squares = -(near.centres**2).sum(axis=1)
            return Scores(columns, 2 * near.centres, squares, squares=True)
        case _:
            return None


def by_scores(root: Node, dtype: Dtype, prefix: str) -> Helper | None:
    """The loop that decides by quick scores; None where the label is not of that kind."""
    scores = scores_of(root)
    if scores is None:
        return None
    n_tile = min(TILE, scores.bias.size)
    least = float(np.finfo(dtype).min)
    weight, bias = tiled(scores, n_tile, least)
    constant = np.array([doubt(scores, dtype), least])
    content = {"weight": weight, "bias": bias, "doubts": doubts(scores, dtype)}
    with np.errstate(over="ignore"):
        rounded = {k: v.astype(dtype) for k, v in (content | {"constant": constant}).items()}
    if not all(np.isfinite(v).all() for v in rounded.values()):
        return None
    values = with_columns(scores.columns, rounded, dtype, prefix)
    chosen = {"n_tile": n_tile, "n_scores": scores.bias.size, "squares": scores.squares}
    return Helper("host/scores.c.j2", values | chosen)


def tiled(scores: Scores, n_tile: int, least: float) -> tuple[Floats, Floats]:
    """Weights (n_tiles, n_in, n_tile) and biases, filled up with scores that never lead."""
    n_scores, n_in = scores.weight.shape
    n_tiles = -(-n_scores // n_tile)
    weight = np.zeros((n_tiles * n_tile, n_in))
    bias = np.full(n_tiles * n_tile, least)
    weight[:n_scores], bias[:n_scores] = scores.weight, scores.bias
    return weight.reshape(n_tiles, n_tile, n_in).transpose(0, 2, 1).ravel(), bias


def share(scores: Scores, dtype: Dtype) -> float:
    """The part of the size of a score that rounding might turn."""
    return 8.0 * (scores.columns.size + 4) * float(np.finfo(dtype).eps) / 2


def doubts(scores: Scores, dtype: Dtype) -> Floats:
    """What each unit of |x_j|, or of its square, adds to the doubt about a lead."""
    if scores.squares:
        return np.full(scores.columns.size, 2 * share(scores, dtype))
    size: Floats = np.abs(scores.weight).max(axis=0)
    return share(scores, dtype) * size


def doubt(scores: Scores, dtype: Dtype) -> float:
    """The doubt there always is: from the constants, and from values too small to be normal."""
    size = np.abs(scores.weight).max(axis=0).sum() + scores.columns.size + 1
    least = 4 * float(np.finfo(dtype).tiny) * float(size)
    of_constants = (1 + scores.squares) * share(scores, dtype) * float(np.abs(scores.bias).max())
    return of_constants + least
