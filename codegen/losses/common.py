"""Values with the bounds of their errors, and the units that bounds are made of."""

from dataclasses import dataclass

from codegen.ir import Floats

UNIT = {"float32": 2.0**-24, "float64": 2.0**-53}
LEAST = {2.0**-24: 2.0**-148, 2.0**-53: 2.0**-1073}
COEFFICIENT = {"float32": 2.0**-31, "float64": 2.0**-53}
REFERENCE = 2.0**-53
FAR_OFF = 2.0**-8
SINGLE_UNDERFLOW = 2.0**-125
ULPS = {
    "cos": 1,
    "exp": 2,
    "expm1": 2,
    "fraction": 1,
    "is_nan": 0,
    "log": 2,
    "log1p": 2,
    "log_count": 2,
    "logistic": 4,
    "ndtri": 8,
    "relu": 0,
    "softsign": 2,
    "sqrt": 1,
    "tanh": 4,
}
UNDERFLOW = ("exp", "logistic")


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Values of a node (n_rows, size) and the bounds of their errors."""

    value: Floats
    bound: Floats
