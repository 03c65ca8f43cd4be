"""Regressors of a transformed target: the prediction goes back through the inverse."""

from collections.abc import Callable
from typing import Any

from codegen.importers.attributes import floats, name, refuse, regressor
from codegen.importers.functions import FUNCTIONS
from codegen.importers.members import answer, asked
from codegen.importers.registry import importer
from codegen.ir import Interpolate, Node, Outputs, Scale, require
from codegen.load import Record, Reference

PREPROCESSING = "sklearn.preprocessing."


@importer("sklearn.compose.TransformedTargetRegressor")
def transformed_target(est: Record, x: Node) -> Outputs:
    """The inverse of the target's transformer, of what the regressor answers."""
    y = answer(est, asked(est, est.regressor_, x), "predict")
    return regressor(inverse(est, est.transformer_, y))


def inverse(est: Record, transformer: Any, y: Node) -> Node:
    """y taken back through a transformer."""
    require(isinstance(transformer, Record), "the transformer of a target")
    known = INVERSES.get(transformer.path)
    if known is None:
        raise refuse(
            est,
            f"transformer={name(transformer)}",
            "use StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler, or numpy functions",
        )
    return known(est, transformer, y)


def standard(_: Record, scaler: Record, y: Node) -> Node:
    """y scale + mean, what was used of it."""
    return Scale(
        y,
        multiply=of_width(scaler.scale_, y) if scaler.with_std else None,
        add=of_width(scaler.mean_, y) if scaler.with_mean else None,
    )


def robust(_: Record, scaler: Record, y: Node) -> Node:
    """y scale + centre, what was used of it."""
    return Scale(
        y,
        multiply=of_width(scaler.scale_, y) if scaler.with_scaling else None,
        add=of_width(scaler.center_, y) if scaler.with_centering else None,
    )


def of_width(values: Any, y: Node) -> Any:
    """A fitted array, one number for each output."""
    array = floats(values)
    require(array.shape == (y.size,), "a transformer of another width than its target")
    return array


def pipeline(est: Record, steps: Record, y: Node) -> Node:
    """The steps' inverses, the last step's first."""
    for _, step in reversed(steps.steps):
        y = y if step is None or step == "passthrough" else inverse(est, step, y)
    return y


def function(est: Record, transformer: Record, y: Node) -> Node:
    """The inverse function, where it is one of numpy's that are known here."""
    inner = transformer.inverse_func
    if inner is None:
        return y
    path = inner.path if isinstance(inner, Reference) else type(inner).__name__
    if path not in FUNCTIONS or transformer.get("inv_kw_args"):
        said = path.rpartition(".")[2]
        known = ", ".join(sorted(f.rpartition(".")[2] for f in FUNCTIONS))
        raise refuse(est, f"inverse_func={said}", f"use one of numpy's {known}")
    return FUNCTIONS[path](y)


def quantile(est: Record, transformer: Record, y: Node) -> Node:
    """The curve of the quantiles, read backwards."""
    if transformer.output_distribution != "uniform" or y.size > 1:
        raise refuse(est, "transformer=QuantileTransformer", "use output_distribution='uniform'")
    return Interpolate(y, floats(transformer.references_), floats(transformer.quantiles_)[:, 0])


INVERSES: dict[str, Callable[[Record, Record, Node], Node]] = {
    PREPROCESSING + "FunctionTransformer": function,
    PREPROCESSING + "MaxAbsScaler": lambda _, s, y: Scale(y, multiply=of_width(s.scale_, y)),
    PREPROCESSING + "MinMaxScaler": lambda _, s, y: Scale(
        y, subtract=of_width(s.min_, y), divide=of_width(s.scale_, y)
    ),
    PREPROCESSING + "QuantileTransformer": quantile,
    PREPROCESSING + "RobustScaler": robust,
    PREPROCESSING + "StandardScaler": standard,
    "sklearn.pipeline.Pipeline": pipeline,
}
