"""Isolation forests: how deep the trees' leaves lie, and a score from that."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.importers.attributes import floats, integers, outlier_detector, refuse
from codegen.importers.registry import importer
from codegen.importers.trees import in_one_table
from codegen.ir import (
    Elementwise,
    Lookup,
    Node,
    Outputs,
    Round32,
    Scale,
    Threshold,
    TreeEnsemble,
    require,
)
from codegen.load import Record

OUTLIER, INLIER = -1, 1
MOST_HALVINGS = 1100
"""2 to the power of less is not above 0."""


@importer("sklearn.ensemble.IsolationForest")
def isolation_forest(est: Record, x: Node) -> Outputs:
    """-2 ** -(depth / usual depth), less the offset: an outlier below 0, so up to some depth."""
    depth = depths(est, x)
    usual = depth.n_summed * average_path_length(int(est._max_samples))
    if usual == 0:
        raise refuse(est, "max_samples=1", "its answers are constant; fit it with more samples")
    exponent = Scale(depth, divide=np.array([usual]), multiply=np.array([-np.log(2.0)]))
    samples = Scale(Elementwise(exponent, "exp"), multiply=np.array([-1.0]))
    score = Scale(samples, subtract=floats(est.offset_).reshape(1))
    outputs = outlier_detector(score=score, samples=samples)
    inlier = Threshold(depth, least_depth(usual, float(est.offset_)), inclusive=True)
    outputs.methods["predict"] = Lookup(inlier, np.array([OUTLIER, INLIER]))
    return outputs


def depths(est: Record, x: Node) -> TreeEnsemble:
    """The depths of the leaves, with what their samples would have needed to be told apart."""
    if "_decision_path_lengths" not in est:
        raise refuse(est, "trees without their depths", "fit it with scikit-learn 1.3 or later")
    lengths = zip(est._decision_path_lengths, est._average_path_length_per_tree, strict=True)
    values = [(floats(own) + floats(left) - 1.0)[:, None] for own, left in lengths]
    trees = [columns_of_row(est, *pair) for pair in pairs_of(est)]
    sizes = [len(tree) for tree in trees]
    require(sizes == [len(column) for column in values], "a depth for each node of a tree")
    return in_one_table(Round32(x), trees, values, divisor=1.0)


def pairs_of(est: Record) -> list[tuple[Any, Any]]:
    """Each tree with the columns of the row that it was shown."""
    return list(zip(est.estimators_, est.estimators_features_, strict=True))


def columns_of_row(est: Record, tree: Record, shown: Any) -> NDArray[Any]:
    """The nodes of a tree, asking for columns of the row; shown: those that the tree was given.

    Trees that were given all columns were given them in their order, whatever `shown` says.
    """
    nodes: NDArray[Any] = tree.tree_.nodes.copy()
    columns = integers(shown)
    require(len(columns) == int(est._max_features), "columns of a tree")
    if len(columns) == int(est.n_features_in_):
        return nodes
    inner = nodes["left_child"] >= 0
    asked = nodes["feature"][inner]
    require(((asked >= 0) & (asked < len(columns))).all(), "a tree's column that is not there")
    nodes["feature"][inner] = columns[asked]
    return nodes


def average_path_length(n: int) -> float:
    """How deep a leaf of a tree lies on average that tells n samples apart."""
    if n <= 2:
        return float(n == 2)
    return float(2.0 * (np.log(n - 1.0) + np.euler_gamma) - 2.0 * (n - 1.0) / n)


def least_depth(usual: float, offset: float) -> float:
    """The least sum of depths whose score, as it is rounded, is not below 0; by bisection."""
    low, high = -1, int(np.float64(MOST_HALVINGS * usual).view(np.int64))
    while high - low > 1:
        middle = (low + high) // 2
        depth = np.int64(middle).view(np.float64)
        if -(2.0 ** -(depth / usual)) - offset >= 0:
            high = middle
        else:
            low = middle
    return float(np.int64(high).view(np.float64))
