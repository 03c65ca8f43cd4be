"""Estimators that keep their training set: the nearest rows, their votes and their means."""

from dataclasses import replace
from typing import Any

import numpy as np

from codegen.importers.attributes import (
    floats,
    integers,
    labels,
    refuse,
    regressor,
    scored_classifier,
)
from codegen.importers.functions import log_densities
from codegen.importers.registry import importer
from codegen.ir import (
    Affine,
    ArgMax,
    Concat,
    Distance,
    Elementwise,
    Floats,
    Lookup,
    Monomials,
    NeighborMean,
    Neighbors,
    Node,
    Outputs,
    RadiusMean,
    Scale,
    Softmax,
    Threshold,
    require,
)
from codegen.load import Record

NEIGHBORS = "sklearn.neighbors."

POWER_OF = {"euclidean": 2.0, "l2": 2.0, "manhattan": 1.0, "l1": 1.0, "cityblock": 1.0}
POWER_OF |= {"chebyshev": np.inf, "infinity": np.inf}
LEAST_REACH = 1e-10


@importer(NEIGHBORS + "NearestCentroid")
def nearest_centroid(est: Record, x: Node) -> Outputs:
    """The nearest centroid; with unequal priors the largest 2 log prior - |(x - c) / s|^2."""
    metric = est.metric
    if metric not in ("euclidean", "manhattan"):
        raise refuse(est, f"metric={shown(metric)}", "fit with 'euclidean' or 'manhattan'")
    prior, centroids = floats(est.class_prior_), floats(est.centroids_)
    require((prior > 0).all(), "priors above 0")
    nearest = Neighbors(Distance(x, centroids, POWER_OF[metric]), 1)
    uniform = np.isclose(prior, 1 / len(prior)).all()
    deviation = floats(est.within_class_std_dev_)
    unit = np.where(deviation == 0, 1.0, deviation)
    distance = Distance(Scale(x, divide=unit), centroids / unit, POWER_OF[metric])
    if metric == "manhattan":
        squares = Monomials(distance, 2 * np.eye(len(prior), dtype=np.int64))
        score = Scale(squares, multiply=-np.ones(len(prior)), add=2 * np.log(prior))
        return scored_classifier(est.classes_, predict=nearest if uniform else ArgMax(score))
    score = Scale(distance, multiply=-np.ones(len(prior)), add=2 * np.log(prior))
    precision = np.broadcast_to(2 / unit**2, centroids.shape)
    density = log_densities(x, centroids, precision.copy(), 2 * np.log(prior))
    return scored_classifier(
        est.classes_,
        predict=nearest if uniform else ArgMax(density),
        score=score if len(prior) > 2 else Affine(score, np.array([[-1.0, 1.0]]), np.zeros(1)),
        proba=Softmax(density),
    )


@importer(NEIGHBORS + "KNeighborsClassifier")
def k_neighbors_classifier(est: Record, x: Node) -> Outputs:
    """The share of each class among the neighbours, and the first of the largest."""
    nearest, by = neighborhood(est, x, int(est.n_neighbors))
    known = est.classes_ if est.outputs_2d_ else [est.classes_]
    codes = integers(est._y).reshape(len(floats(est._fit_X)), -1)
    require(codes.shape[1] == len(known), "one column of labels for each output")
    shares: list[Node] = []
    for classes, code in zip(known, codes.T, strict=True):
        n_classes = len(labels(classes))
        require(((code >= 0) & (code < n_classes)).all(), "a label outside the classes")
        shares.append(NeighborMean(nearest, np.eye(n_classes)[code], by))
    if len(shares) == 1:
        return scored_classifier(known[0], predict=ArgMax(shares[0]), proba=shares[0])
    predict = Concat(tuple(ArgMax(share) for share in shares))
    methods: dict[str, Node] = {"predict": predict, "predict_proba": Concat(tuple(shares))}
    return Outputs("classifier", methods, tuple(labels(classes) for classes in known))


@importer(NEIGHBORS + "KNeighborsRegressor")
def k_neighbors_regressor(est: Record, x: Node) -> Outputs:
    """The mean of the neighbours' targets."""
    nearest, by = neighborhood(est, x, int(est.n_neighbors))
    return regressor(NeighborMean(nearest, floats(est._y).reshape(nearest.x.size, -1), by))


@importer(NEIGHBORS + "RadiusNeighborsClassifier")
def radius_neighbors_classifier(est: Record, x: Node) -> Outputs:
    """The share of each class within the radius, the outlier label's where there is no row."""
    require_outlier_label(est)
    known = [labels(c) for c in (est.classes_ if est.outputs_2d_ else [est.classes_])]
    codes = integers(est._y).reshape(len(floats(est._fit_X)), -1)
    require(codes.shape[1] == len(known), "one column of labels for each output")
    shares: list[Node] = []
    for i, (classes, code) in enumerate(zip(known, codes.T, strict=True)):
        require(((code >= 0) & (code < len(classes))).all(), "a label outside the classes")
        none = np.zeros(len(classes))
        if est.outlier_label_ is not None:
            none = 1.0 * (classes == est.outlier_label_[i])
            if none.sum() != 1:
                advice = "give one of the classes, or 'most_frequent'"
                raise refuse(est, f"outlier_label={shown(est.outlier_label_[i])}", advice)
        shares.append(mean_within(est, x, np.eye(len(classes))[code], none))
    if len(shares) == 1:
        return scored_classifier(known[0], predict=ArgMax(shares[0]), proba=shares[0])
    predict = Concat(tuple(ArgMax(share) for share in shares))
    methods: dict[str, Node] = {"predict": predict, "predict_proba": Concat(tuple(shares))}
    return Outputs("classifier", methods, tuple(known))


def require_outlier_label(est: Record) -> None:
    """Refuse where scikit-learn takes the outlier label for the number of a class.

    Its search by brute force does so for uniform weights, one output and other than Euclidean
    distances.
    """
    if est.outlier_label is None or est._fit_method != "brute" or est.outputs_2d_ or weighs(est):
        return
    numbered = np.array_equal(est.classes_, np.arange(len(est.classes_)))
    if power_of(est) != 2 and (isinstance(est.outlier_label, str) or not numbered):
        what = f"algorithm='brute', outlier_label={shown(est.outlier_label)}"
        raise refuse(est, what, "fit with 'ball_tree': scikit-learn mistakes the label here")


@importer(NEIGHBORS + "RadiusNeighborsRegressor")
def radius_neighbors_regressor(est: Record, x: Node) -> Outputs:
    """The mean of the targets within the radius; NaN where there is no row.

    Of whole numbers scikit-learn makes no NaN, but what the processor makes of a NaN as an integer.
    """
    if np.asarray(est._y).dtype.kind != "f":
        raise refuse(est, "targets of an integer type", "fit with y.astype(float) to have NaN")
    return regressor(mean_within(est, x, floats(est._y).reshape(len(floats(est._fit_X)), -1), None))


def mean_within(est: Record, x: Node, table: Floats, none: Floats | None) -> RadiusMean:
    """The mean over the rows of the training set within the radius."""
    weighted = weighs(est)
    distance = Distance(x, floats(est._fit_X), power_of(est), streamed=True)
    reach = float(est.radius) ** (2 if distance.power == 2 else 1)
    return RadiusMean(distance, table, reach, weighted=weighted, none=none)


@importer(NEIGHBORS + "NearestNeighbors")
def nearest_neighbors(est: Record, x: Node) -> Outputs:
    """The numbers of the nearest rows of the training set, the nearest first; their distances."""
    nearest = replace(neighbors(est, x, int(est.n_neighbors)), ordered=True)
    methods: dict[str, Node] = {"kneighbors": nearest, "kneighbors_distance": root(nearest)}
    return Outputs("neighbors", methods)


@importer(NEIGHBORS + "LocalOutlierFactor")
def local_outlier_factor(est: Record, x: Node) -> Outputs:
    """The mean density of the neighbours over that of x, negative; below the offset an outlier.

    lrd(x) = 1 / (mean of max(d, distance of the neighbour to its own k-th) + 1e-10).
    """
    if est.novelty is not True:
        raise refuse(est, "novelty=False", "fit with novelty=True to score rows it has not seen")
    k = int(est.n_neighbors_)
    nearest = neighbors(est, x, k)
    to_last = floats(est._distances_fit_X_)[:, k - 1]
    require(to_last.size == nearest.x.size, "a distance to the last neighbour for each row")
    own = Lookup(nearest, to_last)
    side = np.hstack([np.eye(k), -np.eye(k)])
    longer = Elementwise(Affine(Concat((root(nearest), own)), side, np.zeros(k)), "relu")
    mean = np.full((1, 2 * k), 1 / k)
    reach = Affine(Concat((longer, own)), mean, np.array([LEAST_REACH]))
    density = NeighborMean(nearest, floats(est._lrd)[:, None])
    ratio = Monomials(Concat((density, reach)), np.array([[1, 1]]))
    samples = Scale(ratio, multiply=-np.ones(1))
    decision = Scale(samples, subtract=np.atleast_1d(floats(est.offset_)))
    label = Lookup(Threshold(decision, 0.0, inclusive=True), np.array([-1, 1]))
    methods: dict[str, Node] = {
        "predict": label,
        "decision_function": decision,
        "score_samples": samples,
    }
    return Outputs("outlier detector", methods)


def neighborhood(est: Record, x: Node, k: int) -> tuple[Neighbors, Node | None]:
    """The neighbours, and their distances where these are the weights."""
    nearest = neighbors(est, x, k)
    return nearest, root(nearest) if weighs(est) else None


def weighs(est: Record) -> bool:
    """Whether rows are weighted by 1 / distance."""
    match est.weights:
        case "uniform" | None:
            return False
        case "distance":
            return True
        case other:
            raise refuse(est, f"weights={shown(other)}", "fit with 'uniform' or 'distance'")


def neighbors(est: Record, x: Node, k: int) -> Neighbors:
    """The k nearest rows of the training set."""
    return Neighbors(Distance(x, floats(est._fit_X), power_of(est), streamed=True), k)


def root(nearest: Neighbors) -> Node:
    """The distances of neighbours, not squared."""
    assert isinstance(nearest.x, Distance), "rows by their distances"
    distances = Lookup(nearest, by=nearest.x)
    return Elementwise(distances, "sqrt") if nearest.x.power == 2 else distances


def power_of(est: Record) -> float:
    """The power of the metric, as the estimator resolved it."""
    metric = est.effective_metric_
    settings = dict(est.effective_metric_params_)
    if metric == "minkowski":
        settings_power = float(settings.pop("p", 2))
        power = settings_power if settings_power in (1.0, 2.0, np.inf) else None
    else:
        settings.pop("p", None)
        power = POWER_OF.get(metric) if isinstance(metric, str) else None
    if power is None or any(value is not None for value in settings.values()):
        said = ", ".join(
            f"{key}={shown(value)}" for key, value in est.effective_metric_params_.items()
        )
        advice = "fit with 'euclidean', 'manhattan' or 'chebyshev', and without metric_params"
        raise refuse(est, f"metric={shown(metric)}" + (f", {said}" if said else ""), advice)
    return power


def shown(value: Any) -> str:
    """A setting for a message."""
    return repr(value) if isinstance(value, str | int | float) else "<object>"
