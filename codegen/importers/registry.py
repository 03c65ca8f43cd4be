"""The table of importers: public class name -> function from a Record to Outputs."""

from collections.abc import Callable
from numbers import Integral
from typing import cast

import numpy as np

from codegen.errors import CodegenError, InvalidModel, UnsupportedModel
from codegen.importers.attributes import refuse
from codegen.importers.refusals import REFUSALS
from codegen.ir import Input, Model, Node, Outputs, TermCounts, inputs, require, walk
from codegen.load import Record

Importer = Callable[[Record, Node], Outputs]

DEPTH = 64
EXTRACTION = "sklearn.feature_extraction."
OF_DICTS = EXTRACTION + "DictVectorizer"
OF_TEXT = (
    EXTRACTION + "FeatureHasher",
    EXTRACTION + "text.CountVectorizer",
    EXTRACTION + "text.HashingVectorizer",
    EXTRACTION + "text.TfidfVectorizer",
)

IMPORTERS: dict[str, Importer] = {}


def importer(*paths: str) -> Callable[[Importer], Importer]:
    """Register a function as the importer of the classes with these public names."""

    def register(function: Importer) -> Importer:
        for path in paths:
            IMPORTERS[path] = function
        return function

    return register


def importable(path: str) -> bool:
    """Whether a class has an importer."""
    return path in IMPORTERS


def import_outputs(est: Record, x: Node) -> Outputs:
    """What a fitted estimator answers, as expressions over x.

    Raises:
        UnsupportedModel: the class has no importer, or a setting has no faithful C form.
        InvalidModel: attributes are missing, or their values make no sense.
    """
    if est.path in REFUSALS:
        raise refuse(est, *REFUSALS[est.path])
    if est.path not in IMPORTERS:
        raise UnsupportedModel(
            f"{est.path} has no importer; `codegen estimators` lists the classes that have one"
        )
    try:
        return IMPORTERS[est.path](est, x)
    except CodegenError:
        raise
    except RecursionError as error:
        raise InvalidModel("estimators are nested too deeply") from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        name = est.path.rpartition(".")[2]
        raise InvalidModel(f"{name}: an attribute is not what it should be: {error}") from error


def import_model(est: Record) -> Model:
    """The model of a fitted estimator, its names and its input included.

    Raises:
        UnsupportedModel: as import_outputs; also where there is nothing to export.
        InvalidModel: as import_outputs; also where the estimator was not fitted.
    """
    first = first_step(est)
    if not knows_columns(first):
        import_outputs(est, Input(1))  # a refusal tells more than that a number is missing
    x = input_of(first)
    outputs = import_outputs(est, x)
    if x.is_text:
        require_terms(outputs)
    if not outputs.methods:
        raise UnsupportedModel(f"{est.path} has nothing to export: no predict and no transform")
    return Model(
        est.path,
        x,
        outputs,
        feature_names(first),
        has_float32_parameters(est),
        str(first.separator) if first.path == OF_DICTS else None,
    )


def knows_columns(first: Record) -> bool:
    """Whether what sees a row first says how many columns it has, or takes a text."""
    names = ("n_features_in_", "X_thresholds_", "feature_names_")
    return first.path in OF_TEXT or any(name in first for name in names)


def input_of(first: Record) -> Input:
    """The row, as what sees it first takes it."""
    if first.path in OF_TEXT:
        return Input(1, "text")
    if first.path == OF_DICTS:
        require(isinstance(first.feature_names_, list), "the names of features")
        return Input(len(first.feature_names_))
    count = 1 if "X_thresholds_" in first else first.n_features_in_
    require(isinstance(count, Integral), f"a number of columns of type {type(count).__name__}")
    return Input(int(count))


def require_terms(outputs: Outputs) -> None:
    """Refuse expressions that read a text as if it were numbers."""
    for node in walk(outputs.methods.values()):
        reads_text = any(isinstance(read, Input) and read.is_text for read in inputs(node))
        require(
            not reads_text or isinstance(node, TermCounts), "an estimator of numbers reads a text"
        )


def first_step(est: Record) -> Record:
    """The part of a composite that knows the columns of a row: itself, or what sees it first."""
    for _ in range(DEPTH):
        if "n_features_in_" in est:
            return est
        parts = composed_of(est) or members_of(est)
        if not parts:
            return est
        est = parts[0]
    raise InvalidModel("estimators are nested too deeply")


def last_step(est: Record) -> Record:
    """The part of a composite that gives the answer."""
    for _ in range(DEPTH):
        parts = composed_of(est)
        if not parts:
            return est
        est = parts[-1]
    raise InvalidModel("estimators are nested too deeply")


def composed_of(est: Record) -> list[Record]:
    """The fitted estimators inside a search, a pipeline or a union; none for all others."""
    if isinstance(inner := est.get("estimator_"), Record):
        return [inner]
    if "cv_results_" in est and "refit" in est:
        return [best_model(est)]
    named = est.get("steps") or est.get("transformer_list") or ()
    inside = [step for _, step in named if isinstance(step, Record)]
    frozen = est.path == "sklearn.frozen.FrozenEstimator"
    prefit = est.get("estimator") if est.get("prefit") or frozen else None
    return inside or ([prefit] if isinstance(prefit, Record) else [])


def members_of(est: Record) -> list[Record]:
    """The fitted estimators of a composite that asks all of them about the same row."""
    inside = est.get("estimators_", [est.get("regressor_")])
    return [inner for inner in inside if isinstance(inner, Record)]


def best_model(est: Record) -> Record:
    """What a search found, fitted again on all rows."""
    if est.refit is False:
        raise refuse(est, "refit=False", "set refit=True, or export the model that you chose")
    best = est.best_estimator_
    require(isinstance(best, Record), "the best estimator of a search")
    return cast("Record", best)


def feature_names(first: Record) -> tuple[str, ...]:
    """The column names of the frame that the model was fitted on; empty for arrays."""
    if first.path in OF_TEXT:
        return ("text",)
    if first.path == OF_DICTS:
        return tuple(str(name) for name in first.feature_names_)
    names = first.get("feature_names_in_")
    if names is None:
        return ()
    require(isinstance(names, np.ndarray | list), "names of columns")
    if len(names) != first.n_features_in_:
        raise InvalidModel(f"{len(names)} feature names for {first.n_features_in_} features")
    return tuple(str(name) for name in names)


def has_float32_parameters(est: Record) -> bool:
    """Whether the part that gives the answer was fitted on float32 and so computes in it."""
    last = last_step(est)
    fitted = [last.get(name) for name in ("coef_", "components_", "cluster_centers_")]
    fitted += list(last.get("coefs_", ()))
    arrays = (array.get("data") if isinstance(array, Record) else array for array in fitted)
    return any(getattr(array, "dtype", None) == np.float32 for array in arrays)
