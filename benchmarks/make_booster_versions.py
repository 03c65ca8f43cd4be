"""Writes tests/data/versions: small models of the booster library that is installed, answered.

    python benchmarks/make_booster_versions.py tests/data/versions

Run it once in an environment of each version: XGBoost 1.7, 2.1, 3.2; LightGBM 3.3, 4.3; CatBoost
1.2. It needs numpy and scikit-learn beside the library. Every model comes with rows and answers.
"""

import argparse
import importlib.util
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np

OBJECTIVES = {
    "xgboost": ("binary:logistic", "binary:logitraw", "multi:softprob", "count:poisson"),
    "lightgbm": ("binary", "multiclass", "poisson"),
    "catboost": (
        "Logloss",
        "CrossEntropy",
        "MultiClass",
        "MultiClassOneVsAll",
        "Poisson",
        "Lossguide",
        "Max",
    ),
}
SIZE = {"n_estimators": 4, "max_depth": 2, "n_jobs": 1}


def data() -> tuple[Any, Any]:
    """Rows with missing values, the first column a category, and a number for each."""
    rng = np.random.default_rng(7)
    X = rng.normal(size=(120, 3)).astype(np.float32)
    X[:, 0] = rng.integers(0, 6, len(X))
    X[rng.random(X.shape) < 0.05] = np.nan
    known = np.nan_to_num(X)
    return X, np.abs(np.sin(2 * known[:, 0]) + known[:, 1]) + 0.1


def xgboost_model(objective: str, X: Any, y: Any) -> Any:
    """A wrapper of XGBoost."""
    import xgboost

    kind = xgboost.XGBRegressor if objective.startswith("count") else xgboost.XGBClassifier
    options = {"tree_method": "hist", "max_cat_to_onehot": 1, "enable_categorical": True}
    fitted = kind(objective=objective, feature_types=["c", "q", "q"], **options, **SIZE)
    return fitted.fit(X, classes(objective, y))


def lightgbm_model(objective: str, X: Any, y: Any) -> Any:
    """A wrapper of LightGBM."""
    import lightgbm

    kind = lightgbm.LGBMRegressor if objective == "poisson" else lightgbm.LGBMClassifier
    fitted = kind(objective=objective, min_data_per_group=2, cat_smooth=1.0, verbose=-1, **SIZE)
    return fitted.fit(X, classes(objective, y), categorical_feature=[0])


def catboost_model(objective: str, X: Any, y: Any) -> Any:
    """A wrapper of CatBoost; Lossguide and Max are no losses, but tell of trees and of NaN."""
    import catboost

    options = {"iterations": 4, "depth": 3, "random_seed": 1, "thread_count": 1, "verbose": 0}
    options["allow_writing_files"] = False
    if objective in ("Lossguide", "Max"):
        more = {"grow_policy": "Lossguide"} if objective == "Lossguide" else {"nan_mode": "Max"}
        return catboost.CatBoostRegressor(**options, **more).fit(X, y)
    numbers = objective in ("RMSE", "Poisson")
    kind = catboost.CatBoostRegressor if numbers else catboost.CatBoostClassifier
    return kind(loss_function=objective, **options).fit(X, classes(objective, y))


def classes(objective: str, y: Any) -> Any:
    """Two or three classes, or the number itself."""
    if objective.startswith("binary"):
        return (y > np.median(y)).astype(int)
    if objective == "CrossEntropy":
        return y / (1 + y)
    if objective == "Logloss":
        return np.where(y > np.median(y), "above", "below")
    return np.digitize(y, [0.5, 1.2]) if objective.lower().startswith("multi") else y


MAKERS = {"xgboost": xgboost_model, "lightgbm": lightgbm_model, "catboost": catboost_model}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    X, y = data()
    for library, objectives in OBJECTIVES.items():
        if not importlib.util.find_spec(library):
            continue
        version = importlib.import_module(library).__version__
        for objective in objectives:
            name = f"{library}-{version}-{objective.replace(':', '-')}"
            write(folder / name, MAKERS[library](objective, X, y), X)


def write(stem: Path, fitted: Any, X: Any) -> None:
    """The wrapper's pickle, the library's own files, and the answers."""
    answers = {
        "X": X[:40].astype(float).tolist(),
        "predict": fitted.predict(X[:40]).ravel().tolist(),
    }
    if hasattr(fitted, "predict_proba"):
        answers["predict_proba"] = fitted.predict_proba(X[:40]).tolist()
    stem.with_name(f"{stem.name}.answers.json").write_text(json.dumps(answers))
    if stem.name.startswith("catboost"):
        fitted.save_model(str(stem.with_name(f"{stem.name}.json")), format="json")
        return
    stem.with_name(f"{stem.name}.pkl").write_bytes(pickle.dumps(fitted))
    if stem.name.startswith("xgboost"):
        fitted.save_model(str(stem.with_name(f"{stem.name}.json")))
        fitted.save_model(str(stem.with_name(f"{stem.name}.ubj")))
    else:
        fitted.booster_.save_model(str(stem.with_name(f"{stem.name}.txt")))


if __name__ == "__main__":
    main()
