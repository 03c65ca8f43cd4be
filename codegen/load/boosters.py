"""Boosters: those inside the pickles of XGBoost and LightGBM, and the files that they save."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from codegen.errors import InvalidModel, UnsupportedModel
from codegen.load.json_data import numbers_as_array, read_json
from codegen.load.lightgbm_text import read_lightgbm
from codegen.load.record import Record, Reference
from codegen.load.refusal import damaged
from codegen.load.ubjson import read_ubjson

XGBOOST = "xgboost.core.Booster"
LIGHTGBM = "lightgbm.basic.Booster"
CATBOOST = "catboost.core.CatBoost"


def booster_file(content: bytes) -> Record | None:
    """The booster in a file that XGBoost, LightGBM or CatBoost saved; None for any other file."""
    start = content[:64].lstrip()
    if start.startswith(b"{") and b'"scale_and_bias"' in content:
        found = read_json(content, numbers_as_array)
        if isinstance(found, dict) and "scale_and_bias" in found:
            return Record(Reference("catboost.core", "CatBoost"), state={"model": found})
    if start.startswith(b"{"):
        return Record(Reference("xgboost.core", "Booster"), state={"handle": content.strip()})
    if start.startswith((b"tree\n", b"tree\r\n")):
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise damaged("a LightGBM model that is no text") from error
        return Record(Reference("lightgbm.basic", "Booster"), state={"_handle": text})
    return None


def open_boosters(records: Iterable[Record]) -> None:
    """Put the content of each booster in the place of its bytes, parts before wholes.

    A booster gets the attribute `model`; it and the estimator around it `n_features_in_`, and
    `feature_names_in_` where it was fitted on a frame, as estimators of scikit-learn have.
    """
    for record in records:
        if record.path == XGBOOST and "handle" in record:
            record.state["model"] = xgboost_model(record.state.pop("handle"))
            describe(record, record)
        elif record.path == LIGHTGBM and ("_handle" in record or "handle" in record):
            name = "_handle" if "_handle" in record else "handle"
            record.state["model"] = lightgbm_model(record.state.pop(name))
            describe(record, record)
        elif record.path == CATBOOST:
            describe(record, record)
        elif isinstance(booster := record.get("_Booster"), Record):
            describe(record, booster)


def xgboost_model(handle: object) -> object:
    """The model in the bytes of a booster, UBJSON or JSON, without the settings of its training."""
    if not isinstance(handle, bytes | bytearray):
        raise InvalidModel("an XGBoost booster without a model: was it fitted?")
    content = bytes(handle)
    if not content.startswith(b"{"):
        raise UnsupportedModel(
            "the XGBoost model is in the binary format of old versions; load it with XGBoost 1.7 "
            "to 3.2 and save it again with save_model('model.json')"
        )
    is_json = content[1:64].lstrip()[:1] in (b'"', b"}")
    found = read_json(content, numbers_as_array) if is_json else read_ubjson(content)
    model = found.get("Model", found) if isinstance(found, dict) else None
    if not isinstance(model, dict) or not isinstance(model.get("learner"), dict):
        raise damaged("an XGBoost model without a learner")
    return model


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
        count, names = TOLD[booster.path](record, model)
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
    names = header["feature_names"].split()
    made_up = names == [f"Column_{i}" for i in range(len(names))]
    named = record.get("_fitted_with_feature_names", not made_up)
    return int(header["max_feature_idx"]) + 1, names if named else []


def of_catboost(_: Record, model: dict[str, Any]) -> tuple[int, list[str]]:
    """What a CatBoost model knows of its columns; categories among them are counted."""
    known = [column for kind in model["features_info"].values() for column in kind]
    places = [int(column["flat_feature_index"]) for column in known]
    if sorted(places) != list(range(len(places))):
        raise ValueError("columns that do not follow one another")
    names = [str(known[i].get("feature_id", "")) for i in np.argsort(places)]
    return len(names), names if all(names) else []


TOLD = {XGBOOST: of_xgboost, LIGHTGBM: of_lightgbm, CATBOOST: of_catboost}
