"""k-means: the nearest centre, and the distances to all of them."""

from codegen.importers.attributes import floats
from codegen.importers.registry import importer
from codegen.ir import ArgMin, Distance, Elementwise, Node, Outputs
from codegen.load import Record


@importer("sklearn.cluster.KMeans", "sklearn.cluster.MiniBatchKMeans")
def k_means(est: Record, x: Node) -> Outputs:
    """The first of the nearest centres; transform gives Euclidean distances."""
    squared = Distance(x, floats(est.cluster_centers_))
    methods = {"predict": ArgMin(squared), "transform": Elementwise(squared, "sqrt")}
    return Outputs("clusterer", methods)
