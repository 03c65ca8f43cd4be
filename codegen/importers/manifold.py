"""Embeddings: maps for a row that they have not seen, where there is one."""

from math import fsum

import numpy as np

from codegen.exact import product
from codegen.importers.attributes import floats, refuse
from codegen.importers.fitted_rows import BY_NETWORK, fitted_rows
from codegen.importers.registry import importer
from codegen.ir import Affine, Kernel, Node, Normalize, Outputs, require
from codegen.load import Record

MANIFOLD = "sklearn.manifold."
MDS_RULE = (
    "scikit-learn has no transform here. The rule is Gower's: the place of x in the fitted axes, a "
    "linear map for Euclidean distances. It gives the rows that the model was fitted on their "
    "fitted positions."
)
NYSTROM_RULE = (
    "scikit-learn has no transform here. The rule is Nystroem's: the mean of the fitted positions, "
    "weighted by the kernel, over the eigenvalue. Rows that the model was fitted on are moved: a "
    "row counts for itself here, and does not in the fit."
)


@importer(MANIFOLD + "ClassicalMDS")
def classical_mds(est: Record, x: Node) -> Outputs:
    """y = E^T (row . x - mean of row . row) / eigenvalue: of Euclidean distances a linear map."""
    if est.metric != "euclidean" or est.metric_params:
        raise refuse(est, "this metric", "fit with metric='euclidean'")
    rows = fitted_rows(est, "embedding_", BY_NETWORK)
    position, value = floats(est.embedding_), floats(est.eigenvalues_)
    require(value.shape == position.shape[1:], "an eigenvalue for each dimension")
    if not (value > 1e-9 * value.max()).all():
        raise refuse(est, "a dimension without extent", "lower n_components")
    mean = rows.mean(axis=0)
    weight = product((position / value).T, rows - mean)
    bias = -product(weight, mean[:, None])[:, 0]
    return Outputs("transformer", {"transform": Affine(x, weight, bias)}, rule=MDS_RULE)


@importer(MANIFOLD + "SpectralEmbedding")
def spectral_embedding(est: Record, x: Node) -> Outputs:
    """sum of k(x, row) E / sum of k(x, row), over mu = e.A e / e.D e, A without its diagonal."""
    if est.affinity != "rbf":
        advice = "fit with affinity='rbf', or MLPRegressor on the rows and embedding_"
        raise refuse(est, f"affinity={est.affinity!r}", advice)
    rows = fitted_rows(est, "embedding_", BY_NETWORK)
    position, affinity = floats(est.embedding_), floats(est.affinity_matrix_)
    require(affinity.shape == (len(rows), len(rows)), "an affinity for each pair of rows")
    np.fill_diagonal(affinity, 0)
    pairs = zip(position.T, product(affinity, position).T, strict=True)
    degree = affinity.sum(axis=1)
    value = np.array([fsum(e * a) / fsum(e * degree * e) for e, a in pairs])
    if not (np.abs(value) > 1e-6).all():
        raise refuse(est, "an eigenvalue of 1 of the Laplacian", "lower n_components")
    near = Normalize(Kernel(x, rows, "rbf", float(est.gamma_), 0.0, 0), "sum")
    y = Affine(near, (position / value).T.copy(), np.zeros(len(value)))
    return Outputs("transformer", {"transform": y}, rule=NYSTROM_RULE)
