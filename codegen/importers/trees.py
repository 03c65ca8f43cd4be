"""Decision trees and forests: x as float32, a leaf from every tree, their mean."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.errors import InvalidModel
from codegen.importers.attributes import (
    integers,
    labels,
    refuse,
    regressor,
    scored_classifier,
    transformer,
)
from codegen.importers.registry import importer
from codegen.ir import (
    ArgMax,
    Bools,
    Bucketize,
    Concat,
    Floats,
    Gather,
    Ints,
    Node,
    OneHot,
    Outputs,
    Round32,
    TreeEnsemble,
    require,
)
from codegen.load import Record

CHILDREN = ("left_child", "right_child")
NODE = np.dtype(
    [
        ("left_child", np.int64),
        ("right_child", np.int64),
        ("feature", np.int64),
        ("threshold", np.float64),
        ("missing_go_to_left", np.uint8),
    ]
)
"""What in_one_table reads of a node."""

SET_NODE = np.dtype([*NODE.descr, ("set", np.int64)])
"""What it reads where the ensemble has sets: the number of the node's set, or -1."""


@importer(
    "sklearn.tree.DecisionTreeClassifier",
    "sklearn.tree.ExtraTreeClassifier",
    "sklearn.ensemble.RandomForestClassifier",
    "sklearn.ensemble.ExtraTreesClassifier",
)
def tree_classifier(est: Record, x: Node) -> Outputs:
    """The mean of the trees' class fractions, and its first maximum, for each output."""
    n_classes = integers(np.atleast_1d(est.n_classes_))
    trees = trees_of(est)
    leaves = [tree.values[:, real_columns(tree, n_classes)] for tree in trees]
    proba = ensemble(x, trees, leaves)
    if len(n_classes) == 1:
        return scored_classifier(est.classes_, predict=ArgMax(proba), proba=proba)
    known = tuple(labels(classes) for classes in est.classes_)
    require([len(k) for k in known] == n_classes.tolist(), "labels of a multi-output classifier")
    ends = np.cumsum([0, *n_classes])
    parts = tuple(ArgMax(Gather(proba, np.arange(*ends_of))) for ends_of in pairwise(ends))
    return Outputs("classifier", {"predict": Concat(parts), "predict_proba": proba}, known)


@importer(
    "sklearn.tree.DecisionTreeRegressor",
    "sklearn.tree.ExtraTreeRegressor",
    "sklearn.ensemble.RandomForestRegressor",
    "sklearn.ensemble.ExtraTreesRegressor",
)
def tree_regressor(est: Record, x: Node) -> Outputs:
    """The mean of the trees' leaf values, one for each output."""
    trees = trees_of(est)
    return regressor(ensemble(x, trees, [tree.values[:, :, 0] for tree in trees]))


@importer("sklearn.ensemble.RandomTreesEmbedding")
def random_trees_embedding(est: Record, x: Node) -> Outputs:
    """For each tree an indicator of each of its leaves; they are told apart by their numbers."""
    trees = trees_of(est)
    known = [integers(leaves) for leaves in est.one_hot_encoder_.categories_]
    values = [numbers_of(tree, leaves) for tree, leaves in zip(trees, known, strict=True)]
    found = in_one_table(Round32(x), nodes_of(trees), values, divisor=1.0, groups=len(trees))
    counts = np.array([len(leaves) for leaves in known], np.int64)
    if counts.max() == 1:
        raise refuse(est, "trees of one leaf", "its answers are constant; fit it with more rows")
    edges = np.concatenate([np.arange(n - 1) + 0.5 for n in counts])
    places = np.concatenate([[*range(n), -1] for n in counts])
    index = Bucketize(found, counts - 1, edges, places, refuses_nan=False)
    return transformer(OneHot(index, counts))


def numbers_of(tree: Record, leaves: Ints) -> Floats:
    """The number of each leaf among all leaves of its tree (n_nodes, 1)."""
    is_leaf = tree.nodes["left_child"] < 0
    require(np.array_equal(np.flatnonzero(is_leaf), leaves), "the leaves that an encoder knows")
    return np.asarray(np.cumsum(is_leaf) - 1.0)[:, None]


def trees_of(est: Record) -> list[Record]:
    """The fitted trees, in the order in which scikit-learn adds them up."""
    if "tree_" in est:
        return [est.tree_]
    return [tree.tree_ for tree in est.estimators_]


def real_columns(tree: Record, n_classes: Ints) -> Bools:
    """Which columns of (outputs, most classes) are classes of that output, not padding."""
    _, n_outputs, most = tree.values.shape
    require(n_outputs == len(n_classes), "outputs of a tree")
    require(((n_classes > 0) & (n_classes <= most)).all(), "classes of a tree")
    return np.asarray(np.arange(most) < n_classes[:, None])


def ensemble(x: Node, trees: list[Record], values: list[Floats]) -> TreeEnsemble:
    """The mean of the leaf rows of all trees; values: for each tree the rows of its nodes."""
    return in_one_table(Round32(x), nodes_of(trees), values, divisor=float(len(trees)))


def nodes_of(trees: list[Record]) -> list[NDArray[Any]]:
    """The nodes of each tree, as many as it has rows of values."""
    lengths = all(len(tree.nodes) == len(tree.values) for tree in trees)
    require(lengths, "a tree whose nodes and values differ in number")
    return [tree.nodes for tree in trees]


def in_one_table(
    x: Node, trees: list[NDArray[Any]], values: list[Floats], **options: Any
) -> TreeEnsemble:
    """All trees in one table, each in pre-order, equal leaf rows stored once.

    trees: for each the fields left_child, right_child, feature, threshold, missing_go_to_left of
    its nodes, the root first. values: for each the rows (n_nodes, n_out) of its nodes, of which the
    leaves' are used. options: the other fields of the ensemble; with sets the nodes have a field
    set, -1 where the split is numeric.
    """
    require(len(trees) > 0, "an ensemble without trees")
    nodes = np.concatenate(trees)
    sizes = np.array([len(tree) for tree in trees])
    require((sizes > 0).all(), "a tree without nodes")
    roots = np.cumsum([0, *sizes[:-1]])
    left, right = (global_links(nodes[side], sizes, roots) for side in CHILDREN)
    require(((left < 0) == (right < 0)).all(), "a tree node has one child")
    order = preorder(left, right, roots)
    inner, leaves = order[left[order] >= 0], order[left[order] < 0]
    rows, row_of_leaf = distinct(np.concatenate(values).astype(np.float64)[leaves])
    if "sets" in options:
        options["set_of"] = nodes["set"][inner].astype(np.int64)
    link = np.empty(len(nodes), np.int64)
    link[inner], link[leaves] = np.arange(len(inner)), ~row_of_leaf
    return TreeEnsemble(
        x,
        feature=nodes["feature"][inner].astype(np.int64),
        threshold=nodes["threshold"][inner].astype(np.float64),
        left=link[left[inner]],
        right=link[right[inner]],
        missing_left=nodes["missing_go_to_left"][inner].astype(np.bool_),
        roots=link[roots],
        values=rows,
        **options,
    )


def global_links(child: NDArray[Any], sizes: Ints, roots: Ints) -> Ints:
    """Children as indices into the nodes of all trees; -1 for the child of a leaf."""
    return np.where(child < 0, -1, child.astype(np.int64) + np.repeat(roots, sizes))


def preorder(left: Ints, right: Ints, roots: Ints) -> Ints:
    """Node indices, each before its left subtree, and that before its right one.

    No node is met twice, so that a link cannot lead back, nor into another tree.
    scikit-learn grows trees with max_leaf_nodes in another order.
    """
    left_of, right_of = left.tolist(), right.tolist()
    order: list[int] = []
    waiting: list[int] = roots[::-1].tolist()
    while waiting:
        node = waiting.pop()
        order.append(node)
        if left_of[node] >= 0:
            waiting += (right_of[node], left_of[node])
        if len(order) > len(left_of):
            raise InvalidModel("a tree is cyclic, or two of its nodes share a child")
    found = np.array(order)
    require(np.bincount(found).max() == 1, "two nodes of a tree share a child")
    return found


def distinct(rows: Floats) -> tuple[Floats, Ints]:
    """The distinct rows in the order in which they come, and for each row its place there."""
    known: dict[bytes, int] = {}
    place = np.array([known.setdefault(row.tobytes(), len(known)) for row in rows])
    table = np.frombuffer(b"".join(known), np.float64).reshape(len(known), rows.shape[1])
    return table.copy(), place
