"""k-means: the nearest centre, and the distances to all of them; means of groups of columns."""

import numpy as np

from codegen.importers.attributes import floats, integers, refuse, transformer
from codegen.importers.registry import importer
from codegen.ir import Affine, ArgMin, Distance, Elementwise, Node, Outputs, require
from codegen.load import Record, Reference


@importer("sklearn.cluster.KMeans", "sklearn.cluster.MiniBatchKMeans")
def k_means(est: Record, x: Node) -> Outputs:
    """The first of the nearest centres; transform gives Euclidean distances."""
    squared = Distance(x, floats(est.cluster_centers_))
    methods = {"predict": ArgMin(squared), "transform": Elementwise(squared, "sqrt")}
    return Outputs("clusterer", methods)


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
