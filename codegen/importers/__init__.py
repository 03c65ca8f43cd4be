"""Importers: a Record of a fitted estimator becomes an expression, a file per family."""

from codegen.importers import (
    cluster,
    compose,
    decomposition,
    linear,
    preprocessing,
    selection,
    svm,
    threshold,
    trees,
)
from codegen.importers.registry import IMPORTERS, import_model, import_outputs, importer

__all__ = [
    "IMPORTERS",
    "cluster",
    "compose",
    "decomposition",
    "import_model",
    "import_outputs",
    "importer",
    "linear",
    "preprocessing",
    "selection",
    "svm",
    "threshold",
    "trees",
]
