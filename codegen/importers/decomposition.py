"""Linear decompositions: a projection, after the mean is subtracted where there is one."""

import numpy as np

from codegen.exact import product
from codegen.importers.attributes import floats, transformer
from codegen.importers.factors import solve, without_bias
from codegen.importers.registry import importer
from codegen.ir import Affine, Floats, Node, Outputs, Scale
from codegen.load import Record

DECOMPOSITION = "sklearn.decomposition."


@importer(DECOMPOSITION + "PCA", DECOMPOSITION + "IncrementalPCA")
def principal_components(est: Record, x: Node) -> Outputs:
    """C (x - mean), divided by the deviations when whitened; the mean is subtracted first.

    scikit-learn computes C x - C mean, which cancels where the mean is large.
    """
    components = floats(est.components_)
    if est.whiten:
        components /= deviations(est)[:, None]
    centred = Scale(x, subtract=floats(est.mean_))
    return transformer(Affine(centred, components, np.zeros(len(components))))


def deviations(est: Record) -> Floats:
    """Square roots of the explained variances, no smaller than their type's epsilon."""
    deviation = np.sqrt(est.explained_variance_)
    return floats(np.maximum(deviation, np.finfo(deviation.dtype).eps))


@importer(
    DECOMPOSITION + "TruncatedSVD",
    "sklearn.random_projection.GaussianRandomProjection",
    "sklearn.random_projection.SparseRandomProjection",
    "sklearn.neighbors.NeighborhoodComponentsAnalysis",
)
def projection(est: Record, x: Node) -> Outputs:
    """C x; nothing is centred."""
    return transformer(Affine(x, *without_bias(floats(est.components_))))


@importer(DECOMPOSITION + "FastICA")
def independent_components(est: Record, x: Node) -> Outputs:
    """C (x - mean); without whitening nothing is centred."""
    centred = Scale(x, subtract=floats(est.mean_)) if est.whiten else x
    return transformer(Affine(centred, *without_bias(floats(est.components_))))


@importer(DECOMPOSITION + "FactorAnalysis")
def factor_analysis(est: Record, x: Node) -> Outputs:
    """(I + W C')^-1 W (x - mean), W the components divided by the noise."""
    components = floats(est.components_)
    weighted = components / floats(est.noise_variance_)
    spread = np.eye(len(components)) + product(weighted, components.T)
    centred = Scale(x, subtract=floats(est.mean_))
    return transformer(Affine(centred, *without_bias(solve(spread, weighted))))


@importer(DECOMPOSITION + "SparsePCA", DECOMPOSITION + "MiniBatchSparsePCA")
def sparse_components(est: Record, x: Node) -> Outputs:
    """(C C' + a I)^-1 C (x - mean), a the penalty of the ridge."""
    components = floats(est.components_)
    normal = product(components, components.T) + float(est.ridge_alpha) * np.eye(len(components))
    centred = Scale(x, subtract=floats(est.mean_))
    return transformer(Affine(centred, *without_bias(solve(normal, components))))
