"""What scikit-learn answers, asked by other code than the exporter's; and rows that try trees."""

from inspect import signature
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame
from scipy import sparse

METHODS = (
    "predict", "predict_proba", "decision_function", "score_samples", "transform", "mahalanobis",
)  # fmt: skip

ALONE = ("NMF",)
"""What answers for a row with an eye on the rows beside it: a device has no others."""

Floats = NDArray[np.float64]


def ask(estimator: Any, method: str, rows: Floats, names: tuple[str, ...] = ()) -> NDArray[Any]:
    """A method's answer on rows as one array (n_rows, n_values), labels as labels."""
    if any(name in repr(estimator) for name in ALONE) and len(rows) > 1:
        return np.vstack([ask(estimator, method, row[None], names) for row in rows])
    given: Any = DataFrame(rows, columns=list(names)) if names else rows
    return flat(answer(estimator, method, given), len(rows))


def answer(estimator: Any, method: str, given: Any) -> Any:
    """What the method says; the deviation of a prediction is an option of predict."""
    if method == "predict_std":
        return estimator.predict(given, return_std=True)[1]
    if method in ("kneighbors", "kneighbors_distance"):
        return estimator.kneighbors(given)[method == "kneighbors"]
    said = getattr(estimator, method)(given)
    kind = getattr(getattr(said, "dtype", None), "kind", "")
    return said.astype(np.float64) if method == "transform" and kind == "b" else said


def flat(answer: Any, n_rows: int) -> NDArray[Any]:
    """An answer as (n_rows, n_values); lists of probabilities one after the other."""
    parts = answer if isinstance(answer, list) else [answer]
    dense = [part.toarray() if sparse.issparse(part) else np.asarray(part) for part in parts]
    return np.hstack([part.reshape(n_rows, -1) for part in dense])


def offered(estimator: Any, kind: str) -> set[str]:
    """The methods that an export of the estimator has to have."""
    if kind == "neighbors":
        return {"kneighbors", "kneighbors_distance"}
    if kind == "transformer":  # PCA's score_samples is a density: not a transformer's contract
        return {"transform"}
    found = {method for method in METHODS if hasattr(estimator, method)}
    if getattr(estimator, "multi_class", "") == "one_vs_one" and len(estimator.classes_) > 2:
        found -= {"predict_proba"}  # a Gaussian process has it, and raises
    last = estimator[-1] if hasattr(estimator, "steps") else estimator
    return found | ({"predict_std"} if gives_deviation(last) else set())


def gives_deviation(estimator: Any) -> bool:
    """Whether predict has the option to tell the deviation as well."""
    predict = getattr(estimator, "predict", None)
    return predict is not None and "return_std" in signature(predict).parameters


def trees_of(estimator: Any) -> list[Any]:
    """The compiled trees of a tree or a forest; none of anything else."""
    inner = getattr(estimator, "estimators_", [estimator])
    return [one.tree_ for one in inner if hasattr(one, "tree_")]


def leaf_answers(estimator: Any, rows: Floats) -> dict[str, NDArray[Any]]:
    """Answers of a tree or a forest from tree_.apply: its methods refuse infinity."""
    trees = trees_of(estimator)
    total = np.zeros((len(rows), *trees[0].value.shape[1:]))
    for one in trees:
        total += one.value[one.apply(rows.astype(np.float32))]
    mean = total / len(trees)
    if not hasattr(estimator, "classes_"):
        return {"predict": mean[:, :, 0]}
    known = estimator.classes_ if mean.shape[1] > 1 else [estimator.classes_]
    parts = [mean[:, i, : len(classes)] for i, classes in enumerate(known)]
    labels = [c[part.argmax(axis=1)] for c, part in zip(known, parts, strict=True)]
    return {"predict": np.column_stack(labels), "predict_proba": np.hstack(parts)}


def threshold_rows(cuts: dict[int, Floats], base: Floats, n_rows: int, *, seed: int) -> Floats:
    """Rows of `base` with up to three columns moved onto a cut, or one float32 beside it.

    Cuts at infinity, which only tell missing values from others, are left out.
    """
    rng = np.random.default_rng(seed)
    cuts = {c: kept for c, t in cuts.items() if (kept := t[np.isfinite(t)]).size}
    rows = base[rng.integers(len(base), size=n_rows)].astype(np.float32)
    if cuts:
        counts = np.array([t.size for t in cuts.values()])
        first = np.cumsum(counts) - counts
        picked = rng.integers(counts.size, size=(n_rows, 3))
        cut = np.concatenate(list(cuts.values()))[first[picked] + rng.integers(counts[picked])]
        near = [np.nextafter(cut.astype(np.float32), np.float32(to)) for to in (-np.inf, np.inf)]
        moved = np.choose(rng.integers(3, size=cut.shape), [cut.astype(np.float32), *near])
        rows[np.arange(n_rows)[:, None], np.array(list(cuts))[picked]] = moved
    return rows.astype(np.float64)


def with_special(rows: Floats, values: tuple[float, ...], *, seed: int) -> Floats:
    """The rows with about one of these values in each."""
    rng = np.random.default_rng(seed)
    hit = rng.random(rows.shape) < 1 / rows.shape[1]
    return np.where(hit, rng.choice(values, size=rows.shape), rows)
