"""Sums over a polynomial kernel in whole numbers: every value is 30 bits and a power of two.

gamma x.v + coef0 is the exact sum of a Block, cut to 30 bits; each product of its power by squaring
is cut again, so that the kernel is within (2 degree + 2) 2^-29 of its size, and a float32 power of
a float32 base several times farther off. Coefficients are whole numbers of one unit 2^unit,
|w| <= 2^30; sums are kept in 62 bits and a power of their own.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.ir import Affine, Floats, Kernel, Node, PairwiseAffine
from codegen.plan.block import Block, dotted
from codegen.plan.program import Helper, Stage
from codegen.plan.tables import Tables

FACTOR_BITS = 30
BIAS_BITS = 61
CUT = 2.0**-29
NO_BIAS = -4096


@dataclass(frozen=True, slots=True, eq=False)
class PowerSums:
    """Coefficients in units of 2^unit, constants in units of 2^bias_unit."""

    weight: NDArray[np.int32]
    unit: int
    bias: NDArray[np.int64]
    bias_unit: int

    @property
    def values(self) -> tuple[Floats, Floats]:
        """Weights and constants that the whole numbers stand for."""
        weight = np.ldexp(self.weight.astype(np.float64), self.unit)
        return weight, np.ldexp(self.bias.astype(np.float64), self.bias_unit)


def power(kernel: Any) -> Block | None:
    """gamma x.v + coef0 of a polynomial kernel in whole numbers, where these are close enough."""
    if not isinstance(kernel, Kernel) or kernel.function != "poly":
        return None
    return dotted(kernel)


def power_sums(node: Affine | PairwiseAffine) -> PowerSums:
    """The finest units in which the largest coefficient and constant fit their bits."""
    weight = node.weight if isinstance(node, Affine) else node.dual
    unit = above(weight) - FACTOR_BITS
    bias_unit = above(node.bias) - BIAS_BITS if node.bias.any() else NO_BIAS
    whole = np.rint(np.ldexp(weight, -unit)).astype(np.int32)
    bias = np.rint(np.ldexp(node.bias, -bias_unit)).astype(np.int64)
    return PowerSums(whole, unit, bias, bias_unit)


def above(values: Floats) -> int:
    """The least power of two above all sizes, rounding of them included."""
    largest = float(np.abs(values).max(initial=0.0)) * (1 + 2.0**-20)
    return int(np.ceil(np.log2(largest + 2.0**-100)))


def over_power(node: Node, kernel: Kernel, form: Block, tables: Tables, **values: Any) -> Stage:
    """The call of a function made for a polynomial kernel, or for sums over it."""
    values |= {
        "name": tables.name("vectors"),
        "weight": tables.exact("weight", form.weight),
        "power": tables.exact("power", form.power),
        "n_vectors": kernel.size,
        "n_in": kernel.x.size,
        "n_columns": form.power.size,
        "spare": form.spare,
        "scale": form.scale,
        "degree": kernel.degree,
    }
    template = str(values.pop("template"))
    helper = tables.once("power", node, lambda: Helper(template, values))
    kernels = ("cg_block_columns_f32.h", "cg_power_i64.h", "cg_rounded_f32.h")
    return Stage("nodes/call.c.j2", kernels, (kernel.x,), helper.values, (helper,))


def power_sums_of(node: Affine | PairwiseAffine, tables: Tables) -> dict[str, Any]:
    """Coefficients of sums over a polynomial kernel, those of a vector side by side for pairs."""
    form = power_sums(node)
    table = form.weight if isinstance(node, Affine) else form.weight.T
    return {
        "template": "nodes/power.c.j2",
        "dual": tables.exact("dual", table),
        "unit": form.unit,
        "bias": tables.exact("bias", form.bias),
        "bias_power": form.bias_unit,
        "n_out": node.size,
    }


def lost_in_power(node: Kernel, base: Floats, of_base: Floats) -> Floats:
    """The bound of the kernel's error, not yet rounded to float, from that of its base."""
    largest = (np.abs(base) + of_base) ** node.degree
    cut = (2 * node.degree + 2) * CUT * largest
    return np.asarray(largest - np.abs(base) ** node.degree + cut)


def lost_in_power_sums(node: Affine | PairwiseAffine, weight: Floats, x: Floats) -> Floats:
    """What sums weight @ x + bias lose for kernel values x: coefficients, and units cut off."""
    form = power_sums(node)
    half = np.ldexp(0.5, form.unit) * (np.abs(x) @ (weight != 0).T)
    largest = np.abs(x).max(axis=1, keepdims=True) * np.ldexp(1.0, form.unit + FACTOR_BITS)
    cut = (x.shape[1] + 1) ** 2 * 2.0**-59 * (largest + np.abs(node.bias))
    return np.asarray(half + cut)
