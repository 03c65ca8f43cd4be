"""Classes that have nothing to run on a device: what each is, and the way out."""

PREPROCESSING = "sklearn.preprocessing."
NEIGHBORS = "sklearn.neighbors."
MANIFOLD = "sklearn.manifold."

EMBEDDING = (
    "no map for rows that it has not seen",
    "fit MLPRegressor on the training rows and embedding_, and export that",
)
TARGET = (
    "labels as numbers, of the target alone",
    "export the classifier that was fitted on them; its labels are in the C",
)
GRAPH = (
    "a row of distances to all training rows",
    "use KNeighborsClassifier or KNeighborsRegressor, which need no graph",
)

REFUSED = {
    MANIFOLD + "ClassicalMDS": EMBEDDING,
    MANIFOLD + "MDS": EMBEDDING,
    MANIFOLD + "TSNE": EMBEDDING,
    PREPROCESSING + "LabelBinarizer": TARGET,
    PREPROCESSING + "LabelEncoder": TARGET,
    PREPROCESSING + "MultiLabelBinarizer": TARGET,
    PREPROCESSING + "KernelCenterer": (
        "a row of kernel values in the place of features",
        "use KernelPCA or Nystroem, which take the features themselves",
    ),
    "sklearn.feature_extraction.image.PatchExtractor": (
        "many rows from one image",
        "cut the patches in your own code, and export what takes one patch",
    ),
    NEIGHBORS + "KNeighborsTransformer": GRAPH,
    NEIGHBORS + "RadiusNeighborsTransformer": GRAPH,
}
"""What stands in the place of an answer, and the advice, by the public name of the class."""
