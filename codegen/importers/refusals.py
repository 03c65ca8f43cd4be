"""Classes that have no answer for the columns of one row, and what to export in their place."""

OF_TARGETS = "export the classifier: it keeps the labels and answers with them"
BY_NETWORK = "fit MLPRegressor on the training rows and embedding_, and export that"
OF_NEIGHBORS = "export KNeighborsClassifier or KNeighborsRegressor, which look up the same rows"

BY_JSON = (
    "a binary form of its own",
    "model.save_model('model.json', format='json'), and export that file",
)

REFUSALS = {
    "catboost.core.CatBoostClassifier": BY_JSON,
    "catboost.core.CatBoostRanker": BY_JSON,
    "catboost.core.CatBoostRegressor": BY_JSON,
    "sklearn.feature_extraction.image.PatchExtractor": (
        "many rows out of one image",
        "cut the patches in C, and export what was fitted on them",
    ),
    "sklearn.manifold.TSNE": ("no map for rows that it has not seen", BY_NETWORK),
    "sklearn.neighbors.KNeighborsTransformer": ("a graph of the training rows", OF_NEIGHBORS),
    "sklearn.neighbors.RadiusNeighborsTransformer": ("a graph of the training rows", OF_NEIGHBORS),
    "sklearn.preprocessing.KernelCenterer": (
        "rows of a kernel matrix, not of columns",
        "use KernelPCA or Nystroem, which take the columns",
    ),
    "sklearn.preprocessing.LabelBinarizer": ("an encoding of targets", OF_TARGETS),
    "sklearn.preprocessing.LabelEncoder": (
        "an encoding of targets",
        f"{OF_TARGETS}; for a column use OrdinalEncoder",
    ),
    "sklearn.preprocessing.MultiLabelBinarizer": ("an encoding of targets", OF_TARGETS),
}
