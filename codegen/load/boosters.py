"""The models inside the pickles of XGBoost and LightGBM, bytes and text of their own, read too."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from codegen.errors import InvalidModel, UnsupportedModel
from codegen.load.lightgbm_text import read_lightgbm
from codegen.load.record import Record
from codegen.load.refusal import damaged
from codegen.load.ubjson import read_ubjson

XGBOOST = "xgboost.core.Booster"
LIGHTGBM = "lightgbm.basic.Booster"


def open_boosters(records: Iterable[Record]) -> None:
    """Put the content of each booster in the place of its bytes, parts before wholes.

    A booster gets the attribute `model`; the estimator around it `n_features_in_`, and
    `feature_names_in_` where it was fitted on a frame, as estimators of scikit-learn have.
    """
    for record in records:
        if record.path == XGBOOST and "handle" in record:
            record.state["model"] = xgboost_model(record.state.pop("handle"))
        elif record.path == LIGHTGBM and "_handle" in record:
            record.state["model"] = lightgbm_model(record.state.pop("_handle"))
        elif isinstance(booster := record.get("_Booster"), Record):
            describe(record, booster)


def xgboost_model(handle: object) -> object:
    """The model in the bytes of a booster, without the settings of its training."""
    if not isinstance(handle, bytes | bytearray):
        raise InvalidModel("an XGBoost booster without a model: was it fitted?")
    content = bytes(handle)
    if not content.startswith(b"{") or content.startswith(b'{"'):
        raise UnsupportedModel(
            "the XGBoost model is not in UBJSON, as versions from 2.0 on pickle it; load it with "
            "such a version and save it again"
        )
    found = read_ubjson(content)
    if not isinstance(found, dict):
        raise damaged("an XGBoost model that is no UBJSON object")
    return found.get("Model", found)


def lightgbm_model(handle: object) -> object:
    """The model in the text of a booster."""
    if not isinstance(handle, str):
        raise InvalidModel("a LightGBM booster without a model: was it fitted?")
    return read_lightgbm(handle)


def describe(record: Record, booster: Record) -> None:
    """Tell how many features an estimator takes, and their names."""
    model = booster.get("model")
    if not isinstance(model, dict):
        return
    try:
        count, names = (of_xgboost if booster.path == XGBOOST else of_lightgbm)(record, model)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidModel(f"{record.path}: its features are not told: {error}") from error
    record.state["n_features_in_"] = count
    if names:
        record.state["feature_names_in_"] = np.array(names, dtype=object)


def of_xgboost(_: Record, model: dict[str, Any]) -> tuple[int, list[str]]:
    """What an XGBoost model knows of its features."""
    learner = model["learner"]
    names = [str(name) for name in learner.get("feature_names", [])]
    return int(learner["learner_model_param"]["num_feature"]), names


def of_lightgbm(record: Record, model: dict[str, Any]) -> tuple[int, list[str]]:
    """What a LightGBM model knows; where it was fitted on an array it makes up names."""
    header = model["header"]
    named = bool(record.get("_fitted_with_feature_names"))
    return int(header["max_feature_idx"]) + 1, header["feature_names"].split() if named else []
