"""Random boosters of XGBoost and LightGBM, and rows where they are most likely to be misread."""

from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
import xgboost

from codegen.edges import thresholds
from codegen.importers import import_model
from codegen.ir import Floats
from codegen.load import load
from tests.reference import threshold_rows, with_special

XGB_NUMBERS = (
    "reg:squarederror",
    "reg:squaredlogerror",
    "reg:logistic",
    "reg:pseudohubererror",
    "reg:absoluteerror",
    "reg:quantileerror",
    "count:poisson",
    "survival:cox",
    "survival:aft",
    "reg:gamma",
    "reg:tweedie",
)
XGB_RANKS = ("rank:pairwise", "rank:ndcg", "rank:map")
XGB_CLASSES = (
    "binary:logistic",
    "binary:logitraw",
    "binary:hinge",
    "multi:softmax",
    "multi:softprob",
)
LGBM_NUMBERS = (
    "regression",
    "regression_l1",
    "huber",
    "fair",
    "poisson",
    "quantile",
    "mape",
    "gamma",
    "tweedie",
    "cross_entropy",
    "cross_entropy_lambda",
)
LGBM_RANKS = ("lambdarank", "rank_xendcg")
LGBM_CLASSES = ("binary", "multiclass", "multiclassova")
OBJECTIVES = [
    *(("xgboost", name) for name in (*XGB_NUMBERS, *XGB_RANKS, *XGB_CLASSES)),
    *(("lightgbm", name) for name in (*LGBM_NUMBERS, *LGBM_RANKS, *LGBM_CLASSES)),
]
HALF, POSITIVE = ("reg:logistic", "cross_entropy", "cross_entropy_lambda", "reg:squaredlogerror"), 1
SPECIAL = (np.nan, 0.0, -0.0, -0.5, -1.0, 0.5, 40.0, 1e9, -1e9, 1e-36)


@dataclass(frozen=True, slots=True, eq=False)
class Random:
    """A booster, and data it was fitted on."""

    library: str
    objective: str
    booster: Any
    X: Floats


def random_booster(seed: int) -> Random:
    """A booster of the next objective, with random settings, missing values and categories."""
    rng = np.random.default_rng(seed)
    library, objective = OBJECTIVES[seed % len(OBJECTIVES)]
    X = rng.normal(size=(150, 5)).astype(np.float32).astype(np.float64)
    X[:, 0] = rng.integers(0, 37, len(X))
    X[:, 1] = np.round(X[:, 1])
    X[rng.random(X.shape) < 0.1 * rng.integers(2)] = np.nan
    y = target(objective, np.nan_to_num(X), rng)
    fit = fit_xgboost if library == "xgboost" else fit_lightgbm
    return Random(library, objective, fit(objective, X, y, rng), X)


def target(objective: str, X: Floats, rng: np.random.Generator) -> Floats:
    """What the objective can be fitted to."""
    raw = np.asarray(np.sin(X[:, 0]) + X[:, 1] - X[:, 2] + 0.1 * rng.normal(size=len(X)))
    if objective.startswith(("binary",)):
        return np.asarray(raw > 0, np.float64)
    if objective.startswith(("multi", "rank", "lambdarank")):
        return np.digitize(raw, [-1.0, 0.5]).astype(np.float64) % (2 if "map" in objective else 3)
    if objective in HALF:
        return np.asarray(1 / (1 + np.exp(-raw)))
    return np.abs(raw) + 0.1


def fit_xgboost(objective: str, X: Floats, y: Floats, rng: np.random.Generator) -> Any:
    """A booster of XGBoost."""
    linear = rng.random() < 0.1 and not objective.startswith(("multi", "survival"))
    options: dict[str, Any] = {
        "objective": objective,
        "nthread": 1,
        "seed": 0,
        "booster": "gblinear" if linear else rng.choice(["gbtree", "gbtree", "gbtree", "dart"]),
    }
    if linear:
        options["updater"] = "coord_descent"
    else:
        options |= {
            "max_depth": int(rng.integers(1, 5)),
            "rate_drop": 0.4,
            "num_parallel_tree": int(rng.integers(1, 3)),
            "max_cat_to_onehot": int(rng.choice([1, 64])),
        }
    if rng.random() < 0.3 and objective != "survival:cox":
        options["base_score"] = float(rng.choice([0.25, 0.7]))
    if objective.startswith("multi"):
        options["num_class"] = 3
    if objective == "reg:quantileerror":
        options["quantile_alpha"] = [0.2, 0.5, 0.9][: int(rng.integers(1, 4))]
    kinds = ["q"] * 5 if linear or rng.random() < 0.4 else ["c", *["q"] * 4]
    rows = xgboost.DMatrix(X, label=y, feature_types=kinds, enable_categorical=True)
    if objective.startswith("rank"):
        rows.set_group([50, 50, 50])
    if objective == "survival:aft":
        rows.set_float_info("label_lower_bound", y)
        rows.set_float_info("label_upper_bound", y)
    return xgboost.train(options, rows, int(rng.integers(1, 8)))


def fit_lightgbm(objective: str, X: Floats, y: Floats, rng: np.random.Generator) -> Any:
    """A booster of LightGBM."""
    kind = rng.choice(["gbdt", "gbdt", "dart", "rf"])
    options: dict[str, Any] = {
        "objective": objective,
        "num_threads": 1,
        "verbose": -1,
        "seed": 0,
        "boosting": kind if objective not in LGBM_RANKS else "gbdt",
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "num_leaves": int(rng.integers(2, 12)),
        "min_data_in_leaf": 3,
        "use_missing": bool(rng.random() < 0.8),
        "min_data_per_group": 5,
        "cat_smooth": 1.0,
        "max_cat_to_onehot": int(rng.choice([1, 64])),
    }
    categories = [0] if rng.random() < 0.6 else []
    if not categories:
        options["linear_tree"] = bool(rng.random() < 0.3) and objective != "regression_l1"
        options["zero_as_missing"] = bool(rng.random() < 0.5) and not options["linear_tree"]
    if objective in ("binary", "multiclassova"):
        options["sigmoid"] = float(rng.choice([1.0, 2.5]))
    if objective.startswith("multi"):
        options["num_class"] = 3
    if objective == "regression" and not categories:
        options["reg_sqrt"] = True
    groups = [50, 50, 50] if objective in LGBM_RANKS else None
    rows = lightgbm.Dataset(
        X, y, group=groups, categorical_feature=categories, params={"verbose": -1}
    )
    return lightgbm.train(options, rows, int(rng.integers(1, 8)))


def edge_rows(case: Random, n_rows: int = 300) -> Floats:
    """Rows on the values of splits and one float either side, special values among them."""
    model = import_model(load(case.booster))
    rows = threshold_rows(thresholds(model), np.nan_to_num(case.X), n_rows, seed=3)
    return with_special(rows, SPECIAL, seed=4).astype(np.float32).astype(np.float64)
