"""Importers: a Record of a fitted estimator becomes an expression, a file per family."""

from codegen.importers import (
    bayes,
    boosting,
    cluster,
    compose,
    decomposition,
    encoders,
    lightgbm,
    linear,
    neural,
    preprocessing,
    selection,
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
    "encoders",
    "import_model",
    "import_outputs",
    "importer",
    "lightgbm",
    "linear",
    "neural",
    "preprocessing",
    "selection",
    "svm",
    "threshold",
    "trees",
    "xgboost",
]
