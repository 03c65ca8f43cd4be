"""Sums of weighted squares in whole numbers: every feature in a unit of its own.

Feature j is counted in units of 2^unit_j: at most 2^-28 of the smallest deviation sqrt(1 / p_kj),
as long as the means then lie within 31 bits of each other. The input is rounded to such units, and
so are the means. A square is taken of at most 32 bits, its product with the weight p_kj / 2 (31
bits) keeps at least 30, and a sum of such products, none of which is negative, keeps 62. With z the
difference of x and a mean, the error of a sum S is therefore at most

    sum over j of p_j (|z_j| 2^unit_j + 2^(2 unit_j) / 2)  +  2^-28 S + 2^-39,

the last for the constant, which is counted in units of 2^-40.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.errors import UnsupportedModel
from codegen.ir import Distance, Floats, Ints, Node, Scale
from codegen.plan.calls import simple
from codegen.plan.program import Code, Stage
from codegen.plan.tables import Tables

DEVIATION_BITS = 28
CENTRE_BITS = 30
BASE_BITS = 60
WEIGHT_BITS = 31
START_POWER = -40
RELATIVE = 2.0**-28
CONSTANT = 2.0**-39


@dataclass(frozen=True, slots=True, eq=False)
class Gaussians:
    """Logarithms of Gaussian densities: constant (n_out,) less half of a weighted distance.

    precision (n_out, n_in): its weights, the inverse variances of the columns.
    """

    distance: Distance
    precision: Floats
    constant: Floats


def gaussians(node: Node) -> Gaussians | None:
    """The densities whose logarithms a node gives; None where it gives something else."""
    match node:
        case Scale(
            x=Distance(weight=np.ndarray() as precision) as distance,
            subtract=None,
            divide=None,
            multiply=np.ndarray() as half,
            add=np.ndarray() as constant,
        ) if (half == -0.5).all():
            return Gaussians(distance, precision, constant)
        case _:
            return None


@dataclass(frozen=True, slots=True, eq=False)
class Squares:
    """unit, base (n_in,); centre, weight, power (n_out, n_in); start (n_out,).

    A mean is (base + centre) 2^unit, and a weight times 2^(2 unit) is weight * 2^(power - 32).
    """

    unit: NDArray[np.int16]
    base: Ints
    centre: NDArray[np.int32]
    weight: NDArray[np.int32]
    power: NDArray[np.int8]
    start: Ints


def squares(node: Gaussians) -> Squares:
    """The whole numbers of a sum of squares.

    Raises UnsupportedModel where the deviations of one feature are too unlike.
    """
    centres = node.distance.centres
    unit = units(centres, node.precision)
    base = whole((centres.max(axis=0) + centres.min(axis=0)) / 2, unit)
    weight, exponent = np.frexp(node.precision / 2)
    power = 32 + 2 * unit + exponent - WEIGHT_BITS
    if (power < -128).any() or (power > 127).any() or (np.abs(unit) > 1 << 14).any():
        raise UnsupportedModel(
            "the variances of a feature differ too much between classes for float32; raise "
            "var_smoothing, or export with --dtype float64"
        )
    most = (1 << WEIGHT_BITS) - 1
    return Squares(
        unit.astype(np.int16),
        base,
        (whole(centres, unit) - base).astype(np.int32),
        np.minimum(np.rint(np.ldexp(weight, WEIGHT_BITS)), most).astype(np.int32),
        power.astype(np.int8),
        whole(node.constant.max() - node.constant, np.array(START_POWER)),
    )


def units(centres: Floats, precision: Floats) -> Ints:
    """The power of two in which each feature is counted (n_in,)."""
    least = 1 / np.sqrt(precision.max(axis=0))
    spread = (centres.max(axis=0) - centres.min(axis=0)) / 2
    far = np.abs(centres).max(axis=0)
    unit = np.maximum(power_above(least) - 1 - DEVIATION_BITS, power_above(spread) - CENTRE_BITS)
    unit = np.maximum(unit, power_above(far) - BASE_BITS)
    smallest = 32 + 2 * unit + np.frexp(precision.min(axis=0) / 2)[1] - WEIGHT_BITS
    return np.asarray(unit + np.maximum(0, -(-(-128 - smallest) // 2)))


def power_above(size: Floats) -> Ints:
    """The least power of two above each size; a very small one for zero."""
    return np.where(size > 0, np.frexp(size)[1], -1100).astype(np.int64)


def whole(value: Floats, unit: Ints) -> Ints:
    """The nearest whole numbers of units."""
    return np.rint(np.ldexp(value, -unit)).astype(np.int64)


def densities_stage(node: Gaussians, tables: Tables) -> Stage:
    """Plain sums, in double."""
    made = {
        "centre": node.distance.centres,
        "precision": node.precision,
        "constant": node.constant,
    }
    parts: dict[str, Any] = {name: tables.reals(name, table) for name, table in made.items()}
    return simple("quadratic", node.distance, tables, "quadratic_f64", **parts)


def shares_stage(node: Gaussians, tables: Tables) -> Stage:
    """The softmax: what it reads is made from whole numbers as differences from the largest."""
    softmax = Code("cg_softmax_f32")
    stage = in_whole_numbers("quadratic", node, tables, softmax=softmax)
    return replace(stage, kernels=(*stage.kernels, f"{softmax}.h"))


def least_sum_stage(node: Gaussians, tables: Tables) -> Stage:
    """The index of the largest value, which no float has to be made for."""
    stage = in_whole_numbers("quadratic_sums", node, tables)
    return replace(stage, kernels=("cg_quadratic_f32.h",))


def in_whole_numbers(kernel: str, node: Gaussians, tables: Tables, **values: Any) -> Stage:
    """A kernel over the tables of whole numbers."""
    form = squares(node)
    made: dict[str, NDArray[Any]] = {
        "unit": form.unit,
        "base": form.base,
        "centre": form.centre.T,
        "weight": form.weight.T,
        "power": form.power.T,
        "start": form.start,
    }
    values |= {name: tables.exact(name, table) for name, table in made.items()}
    values |= {"n_classes": form.start.size}
    stage = simple(kernel, node.distance, tables, f"{kernel}_f32", **values)
    return replace(stage, scratch=2 * form.start.size, scratch_ctype="int64_t")
