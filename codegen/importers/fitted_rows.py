"""Clusterers that keep no row of their training set: rules over the rows that the user gives."""

import numpy as np

from codegen.errors import InvalidInput
from codegen.importers.attributes import floats, integers, name, refuse
from codegen.importers.cluster import CLUSTER, clusterer, nearest_core, power_of_clusterer
from codegen.importers.registry import importer, last_step
from codegen.ir import Distance, Floats, Lookup, Neighbors, Node, Outputs, require
from codegen.load import Record

NEAREST_RULE = (
    "scikit-learn has no predict here. The rule: the label of the nearest row (Euclidean) that the "
    "model was fitted on. It gives these rows their fitted labels; of equal rows with different "
    "labels all get that of the first."
)
OPTICS_RULE = (
    "scikit-learn has no predict here. The rule: the label of the nearest core sample if that is "
    "within eps, else -1. It gives core samples their fitted labels; border points and noise "
    "beside a cluster may get other ones."
)
BY_LABELS = "fit KNeighborsClassifier(n_neighbors=1) on them and the labels, and export that"
BY_NETWORK = "fit MLPRegressor on them and embedding_, and export that"
CENTRE_RULE = (
    "scikit-learn has no predict here. The rule: the cluster of the nearest stored centre; no row "
    "is noise, and labels of the training set may differ where clusters are not round."
)
TAKES_ROWS = {
    CLUSTER + "AgglomerativeClustering",
    CLUSTER + "HDBSCAN",
    CLUSTER + "OPTICS",
    CLUSTER + "SpectralBiclustering",
    CLUSTER + "SpectralClustering",
    CLUSTER + "SpectralCoclustering",
    "sklearn.manifold.ClassicalMDS",
    "sklearn.manifold.MDS",
    "sklearn.manifold.SpectralEmbedding",
}
"""What needs the rows that it was fitted on, and does not keep them."""


def add_rows(record: Record, rows: Floats) -> None:
    """Give the part of a model that answers the rows that it was fitted on.

    Raises:
        InvalidInput: the estimator keeps what it needs, or the rows are none of its own.
    """
    est = last_step(record)
    if est.path not in TAKES_ROWS:
        raise InvalidInput(f"{name(est)} needs no rows that it was fitted on: leave fitted_on out")
    wide = int(est.get("n_features_in_", 0))
    if rows.ndim != 2 or (wide and rows.shape[1] != wide) or not np.isfinite(rows).all():
        raise InvalidInput(
            f"fitted_on is of shape {rows.shape}; give the finite rows (n, {wide}) that "
            f"{name(est)} itself was fitted on, in their order"
        )
    est.state["fitted_on_"] = rows


def fitted_rows(est: Record, answers: str, otherwise: str) -> Floats:
    """The rows that the estimator was fitted on, as many as it has answers for."""
    if "fitted_on_" not in est:
        advice = "give them: export(model, fitted_on=X) or --fitted-on X.csv; or " + otherwise
        raise refuse(est, "without the rows that it was fitted on", advice)
    rows, count = floats(est.fitted_on_), len(getattr(est, answers))
    if len(rows) != count:
        raise InvalidInput(
            f"fitted_on has {len(rows)} rows, but {name(est)} was fitted on {count}: give the "
            "rows of its fit, in their order"
        )
    return rows


@importer(CLUSTER + "AgglomerativeClustering", CLUSTER + "SpectralClustering")
def nearest_labelled(est: Record, x: Node) -> Outputs:
    """The label of the nearest row that the model was fitted on."""
    return nearest_row(est, x, "labels_")


@importer(CLUSTER + "HDBSCAN")
def hdbscan(est: Record, x: Node) -> Outputs:
    """The label of the nearest stored centre, or of the nearest row of the fit."""
    centres = est.get("centroids_", est.get("medoids_"))
    if "fitted_on_" in est or centres is None or np.size(centres) == 0:
        return nearest_row(est, x, "labels_")
    return clusterer(Neighbors(Distance(x, floats(centres)), 1), rule=CENTRE_RULE)


@importer(CLUSTER + "SpectralBiclustering", CLUSTER + "SpectralCoclustering")
def nearest_bicluster(est: Record, x: Node) -> Outputs:
    """The row label of the nearest row that the model was fitted on."""
    return nearest_row(est, x, "row_labels_")


def nearest_row(est: Record, x: Node, labels: str) -> Outputs:
    """The label of the nearest row, the first of equals."""
    distance = Distance(x, fitted_rows(est, labels, BY_LABELS), streamed=True)
    label = integers(getattr(est, labels))
    return clusterer(Lookup(Neighbors(distance, 1), label), rule=NEAREST_RULE)


@importer(CLUSTER + "OPTICS")
def optics(est: Record, x: Node) -> Outputs:
    """The label of the nearest core sample where that is within eps, else -1."""
    if est.cluster_method != "dbscan" or est.eps is None:
        said = f"cluster_method={est.cluster_method!r}, eps={est.eps!r}"
        raise refuse(est, said, "fit with cluster_method='dbscan' and an eps")
    rows, eps = fitted_rows(est, "labels_", BY_LABELS), float(est.eps)
    label, reach = integers(est.labels_), floats(est.core_distances_)
    require(reach.shape == label.shape, "a core distance for each label")
    core = reach <= eps
    power = power_of_clusterer(est)
    return clusterer(nearest_core(x, rows[core], label[core], power, eps), rule=OPTICS_RULE)
