"""Clusters: the nearest centre, or the nearest row of the training set that has a label."""

import numpy as np

from codegen.importers.attributes import floats, integers, refuse, transformer
from codegen.importers.neighbors import POWER_OF
from codegen.importers.registry import importer
from codegen.ir import (
    Affine,
    ArgMax,
    Concat,
    Distance,
    Elementwise,
    Floats,
    Ints,
    Lookup,
    Neighbors,
    Node,
    OneHot,
    Outputs,
    Threshold,
    require,
)
from codegen.load import Record, Reference

CLUSTER = "sklearn.cluster."


@importer(CLUSTER + "KMeans", CLUSTER + "MiniBatchKMeans")
def k_means(est: Record, x: Node) -> Outputs:
    """The first of the nearest centres; transform gives Euclidean distances."""
    squared = Distance(x, floats(est.cluster_centers_))
    methods = {"predict": Neighbors(squared, 1), "transform": Elementwise(squared, "sqrt")}
    return Outputs("clusterer", methods)


@importer(CLUSTER + "MeanShift")
def mean_shift(est: Record, x: Node) -> Outputs:
    """The first of the nearest centres."""
    return clusterer(Neighbors(Distance(x, floats(est.cluster_centers_)), 1))


@importer(CLUSTER + "AffinityPropagation")
def affinity_propagation(est: Record, x: Node) -> Outputs:
    """The first of the nearest exemplars; -1 for every row where the fit did not converge."""
    if "cluster_centers_" not in est:
        advice = "fit with affinity='euclidean' to have centres"
        raise refuse(est, "affinity='precomputed'", advice)
    centres = floats(est.cluster_centers_)
    if centres.size == 0:
        return clusterer(noise(x))
    return clusterer(Neighbors(Distance(x, centres), 1))


@importer(CLUSTER + "Birch")
def birch(est: Record, x: Node) -> Outputs:
    """The label of the nearest subcluster; transform gives Euclidean distances to all of them."""
    squared = Distance(x, floats(est.subcluster_centers_))
    label = integers(est.subcluster_labels_)
    require(label.shape == (squared.size,), "one label for each subcluster")
    nearest, transform = Neighbors(squared, 1), Elementwise(squared, "sqrt")
    return Outputs("clusterer", {"predict": Lookup(nearest, label), "transform": transform})


@importer(CLUSTER + "BisectingKMeans")
def bisecting_k_means(est: Record, x: Node) -> Outputs:
    """At each split the nearer of two centres, the left one of equals; transform: all distances.

    |x - left|^2 - |x - right|^2 > 0 goes right. The leaf is the one all of whose splits agree.
    """
    splits, leaves = unrolled(est._bisecting_tree)
    squared = Distance(x, floats(est.cluster_centers_))
    transform = Elementwise(squared, "sqrt")
    if not splits:
        return Outputs("clusterer", {"predict": Neighbors(squared, 1), "transform": transform})
    shift = floats(est.get("_X_mean", 0.0))
    left, right = (np.array([floats(s[i].center) + shift for s in splits]) for i in (0, 1))
    bias = (left**2).sum(axis=1) - (right**2).sum(axis=1)
    rows = zip(2 * (right - left), bias, strict=True)
    sides = [Threshold(Affine(x, w[None], np.array([b])), 0.0, inclusive=False) for w, b in rows]
    taken = OneHot(Concat(tuple(sides)), np.full(len(sides), 2))
    agree = np.zeros((len(leaves), 2 * len(splits)))
    for row, (_, path) in zip(agree, leaves, strict=True):
        row[[2 * split + side for split, side in path]] = 1
    met = Affine(taken, agree, -agree.sum(axis=1))
    label = np.array([label for label, _ in leaves], np.int64)
    return Outputs("clusterer", {"predict": Lookup(ArgMax(met), label), "transform": transform})


Path = tuple[tuple[int, int], ...]


def unrolled(root: Record) -> tuple[list[tuple[Record, Record]], list[tuple[int, Path]]]:
    """The two sides of each split, and for each leaf its label and the splits that lead there."""
    splits: list[tuple[Record, Record]] = []
    leaves: list[tuple[int, Path]] = []
    waiting: list[tuple[Record, Path]] = [(root, ())]
    while waiting:
        node, path = waiting.pop()
        if node.left is None:
            leaves.append((int(node.label), path))
            continue
        number = len(splits)
        require(number < 1 << 12, "a tree of clusters without an end")
        splits.append((node.left, node.right))
        waiting += [(node.right, (*path, (number, 1))), (node.left, (*path, (number, 0)))]
    return splits, leaves


def noise(x: Node) -> Node:
    """-1 for every row."""
    return Lookup(Neighbors(Affine(x, np.zeros((1, x.size)), np.zeros(1)), 1), np.array([-1]))


DBSCAN_RULE = (
    "scikit-learn has no predict here. The rule: the label of the nearest core sample if that is "
    "within eps, else -1. It gives core samples and noise of the training set their fitted labels; "
    "a border point between two clusters may get the other one."
)


@importer(CLUSTER + "DBSCAN")
def dbscan(est: Record, x: Node) -> Outputs:
    """The label of the nearest core sample where that is within eps, else -1."""
    core = integers(est.core_sample_indices_)
    label, power = integers(est.labels_)[core], power_of_clusterer(est)
    nearest = nearest_core(x, floats(est.components_), label, power, float(est.eps))
    return clusterer(nearest, rule=DBSCAN_RULE)


def power_of_clusterer(est: Record) -> float:
    """The power of the metric, as it was asked for."""
    metric = est.metric
    power = POWER_OF | ({"minkowski": float(est.p)} if est.p in (1, 2) else {})
    if not isinstance(metric, str) or metric not in power or est.metric_params:
        raise refuse(est, "this metric", "fit with 'euclidean', 'manhattan' or 'chebyshev'")
    return power[metric]


def nearest_core(x: Node, rows: Floats, label: Ints, power: float, eps: float) -> Node:
    """The label of the nearest of the rows where that is within eps, else -1."""
    if label.size == 0:
        return noise(x)
    distance = Distance(x, rows, power)
    require(label.shape == (distance.size,), "one label for each core sample")
    reach = eps ** (2 if distance.power == 2 else 1)
    border = Affine(x, np.zeros((1, x.size)), np.array([reach]))
    nearest = Neighbors(Concat((distance, border)), 1)
    return Lookup(nearest, np.append(label, -1))


def clusterer(label: Node, *, rule: str = "") -> Outputs:
    """A clusterer: the number of the cluster."""
    return Outputs("clusterer", {"predict": label}, rule=rule)


@importer("sklearn.cluster.FeatureAgglomeration")
def feature_agglomeration(est: Record, x: Node) -> Outputs:
    """The mean of the columns of each group."""
    pooling = est.pooling_func
    if not isinstance(pooling, Reference) or pooling.path != "numpy.mean":
        raise refuse(est, "a pooling_func of its own", "use np.mean")
    group = integers(est.labels_)
    require(group.shape == (x.size,) and (group >= 0).all(), "a group for each column")
    member = (group == np.arange(group.max() + 1)[:, None]).astype(np.float64)
    require(member.any(axis=1).all(), "a group without columns")
    weight = member / member.sum(axis=1, keepdims=True)
    return transformer(Affine(x, weight, np.zeros(len(weight))))
