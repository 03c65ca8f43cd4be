"""Powers that make a column normal: Box and Cox, Yeo and Johnson."""

import numpy as np

from codegen.importers.attributes import floats, transformer
from codegen.importers.functions import either, not_negative, times
from codegen.importers.preprocessing import PREPROCESSING, standardized
from codegen.importers.registry import importer
from codegen.ir import Elementwise, Floats, Node, Outputs, Scale, require
from codegen.load import Record

EPSILON = 2.0**-52
LEAST = 2.0**-60


@importer(PREPROCESSING + "PowerTransformer")
def power_transformer(est: Record, x: Node) -> Outputs:
    """A power of every column, then zero mean and unit variance where asked for."""
    require(est.method in ("box-cox", "yeo-johnson"), f"method={est.method!r}")
    power = floats(est.lambdas_)
    require(power.shape == (x.size,), "powers of another number of columns")
    y = box_cox(x, power) if est.method == "box-cox" else yeo_johnson(x, power)
    return transformer(standardized(est._scaler, y) if est.standardize else y)


def box_cox(x: Node, power: Floats) -> Node:
    """(x^p - 1) / p."""
    p = nonzero(power)
    return Scale(raised(Elementwise(x, "log"), p), divide=p)


def yeo_johnson(x: Node, power: Floats) -> Node:
    """((x + 1)^p - 1) / p for x >= 0, -((1 - x)^(2 - p) - 1) / (2 - p) below."""
    p, q = nonzero(power), nonzero(2 - power)
    above, below = (Elementwise(not_negative(side), "log1p") for side in (x, times(x, -1.0)))
    return either(Scale(raised(above, p), divide=p), Scale(raised(below, q), divide=-q))


def raised(logs: Node, power: Floats) -> Node:
    """e^(p log) - 1."""
    return Elementwise(Scale(logs, multiply=power), "expm1")


def nonzero(power: Floats) -> Floats:
    """The powers; for 0 one so small that (e^(p log) - 1) / p is the logarithm itself."""
    return np.where(np.abs(power) < EPSILON, LEAST, power)
