"""Linear decompositions: a projection, after the mean is subtracted where there is one."""

import numpy as np

from codegen.importers.attributes import floats, transformer
from codegen.importers.registry import importer
from codegen.ir import Affine, Floats, Node, Outputs, Scale
from codegen.load import Record


@importer("sklearn.decomposition.PCA", "sklearn.decomposition.IncrementalPCA")
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


@importer("sklearn.decomposition.TruncatedSVD")
def truncated_svd(est: Record, x: Node) -> Outputs:
    """C x; nothing is centred."""
    components = floats(est.components_)
    return transformer(Affine(x, components, np.zeros(len(components))))
