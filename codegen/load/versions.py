"""What differs between models written by scikit-learn 1.3 and by 1.9: all of it is here.

Importers read the names of 1.9.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from codegen.errors import InvalidModel, UnsupportedModel
from codegen.load.record import Record
from codegen.load.refusal import shown

Version = tuple[int, int]

OLDEST: Version = (1, 3)
UNKNOWN_MAJOR = 2
FRACTIONS_SINCE: Version = (1, 4)

SVM = ("SVC", "NuSVC", "SVR", "NuSVR", "OneClassSVM")
TREE_CLASSIFIERS = ("sklearn.tree.DecisionTreeClassifier", "sklearn.tree.ExtraTreeClassifier")

SGD = (
    "SGDClassifier",
    "SGDOneClassSVM",
    "Perceptron",
    "PassiveAggressiveClassifier",
)


@dataclass(frozen=True, slots=True, eq=False)
class Renamed:
    """An attribute that versions before `since` have under another dotted path."""

    name: str
    before: str
    since: Version


RIDGE_CLASSES = Renamed("classes_", "_label_binarizer.classes_", (1, 8))
SVM_PROBABILITY = Renamed("_effective_probability", "probability", (1, 9))
SGD_LOSS = Renamed("_loss_function_", "loss_function_", (1, 4))

RENAMED: dict[str, Renamed] = {
    "sklearn.impute.SimpleImputer": Renamed("_fill_dtype", "_fit_dtype", (1, 8)),
    "sklearn.linear_model.RidgeClassifier": RIDGE_CLASSES,
    "sklearn.linear_model.RidgeClassifierCV": RIDGE_CLASSES,
    **{f"sklearn.svm.{name}": SVM_PROBABILITY for name in SVM},
    **{f"sklearn.linear_model.{name}": SGD_LOSS for name in SGD},
}

# class: (parameter of 1.9, its value before it existed)
ADDED: dict[str, tuple[str, object]] = {
    "sklearn.preprocessing.MaxAbsScaler": ("clip", False),
    **dict.fromkeys(TREE_CLASSIFIERS, ("monotonic_cst", None)),
}


def modernise(records: Iterable[Record]) -> None:
    """Bring the attributes of each record to the names and meanings of scikit-learn 1.9.

    Raises:
        UnsupportedModel: a record of a version before 1.3 or after 1.x.
        InvalidModel: a version, or a tree's values, that make no sense.
    """
    for record in records:
        if "_sklearn_version" in record:
            modernise_one(record, checked_version(record))


def modernise_one(record: Record, version: Version) -> None:
    """Bring one estimator up to date."""
    change = RENAMED.get(record.path)
    if change and version < change.since and change.name not in record:
        value = reach(record, change.before)
        if value is not None:
            record.state[change.name] = value
    if record.path in ADDED:
        record.state.setdefault(*ADDED[record.path])
    if record.path in TREE_CLASSIFIERS and version < FRACTIONS_SINCE:
        counts_to_fractions(record)


def checked_version(record: Record) -> Version:
    """The version of scikit-learn that wrote an estimator, if it is one that is read."""
    written = record.state["_sklearn_version"]
    found = re.match(r"([0-9]{1,4})\.([0-9]{1,4})", written) if isinstance(written, str) else None
    if not found:
        raise InvalidModel(f"{record.reference.name}: its scikit-learn version is no version")
    version = int(found[1]), int(found[2])
    if version < OLDEST or version[0] >= UNKNOWN_MAJOR:
        raise UnsupportedModel(
            f"{record.reference.name} was written by scikit-learn {shown(written)}; versions 1.3 "
            "to 1.x are read. Fit and save the model again with one of these"
        )
    return version


def reach(record: Record, path: str) -> object:
    """The value at a dotted path of attributes; None where it ends early."""
    value: object = record
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Record) else None
    return value


def counts_to_fractions(record: Record) -> None:
    """Up to 1.3 the leaves of a classifier hold weighted counts, and predict_proba divides.

    `value / sum(value)` for each output, with 1 in the place of a sum of 0, as 1.3 does it.
    """
    tree, n_classes = record.get("tree_"), record.get("n_classes_")
    if tree is None:
        return
    values = tree.get("values") if isinstance(tree, Record) else None
    if not isinstance(values, np.ndarray) or values.ndim != 3 or values.dtype != np.float64:
        raise InvalidModel(f"{record.reference.name}: the values of its tree are no array")
    fractions = np.zeros_like(values)
    for output, count in enumerate(output_sizes(n_classes, values.shape)):
        counts = values[:, output, :count]
        total = counts.sum(axis=1, keepdims=True)
        total[total == 0.0] = 1.0
        fractions[:, output, :count] = counts / total
    fractions.flags.writeable = False
    tree.state["values"] = fractions


def output_sizes(n_classes: Any, shape: tuple[int, ...]) -> list[int]:
    """How many classes each output has."""
    sizes = np.atleast_1d(np.asarray(n_classes))
    if sizes.dtype.kind not in "iu" or sizes.shape != (shape[1],) or sizes.max() > shape[2]:
        raise InvalidModel("a tree whose number of classes does not fit its values")
    return [int(size) for size in sizes]
