"""Importers: a Record of a fitted estimator becomes an expression, a file per family."""

from codegen.importers import (
    bayes,
    boosting,
    cluster,
    compose,
    decomposition,
    lightgbm,
    linear,
    neighbors,
    neural,
    preprocessing,
    selection,
    semi_supervised,
    svm,
    threshold,
    trees,
    xgboost,
)
from codegen.importers.registry import IMPORTERS, import_model, import_outputs, importer

__all__ = [
    "IMPORTERS",
    "bayes",
    "boosting",
    "cluster",
    "compose",
    "decomposition",
    "import_model",
    "import_outputs",
    "importer",
    "lightgbm",
    "linear",
    "neighbors",
    "neural",
    "preprocessing",
    "selection",
    "semi_supervised",
    "svm",
    "threshold",
    "trees",
    "xgboost",
]
