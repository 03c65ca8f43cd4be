"""Stages of linear maps and of sums over kernels: in whole numbers where that is close enough."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen import ir
from codegen.plan.affine import coefficients
from codegen.plan.block import Block, dotted
from codegen.plan.calls import real, simple
from codegen.plan.distance import whole_distance
from codegen.plan.layers import in_block, in_whole_numbers
from codegen.plan.neighbors import points_of
from codegen.plan.powers import over_power, power, power_sums_of
from codegen.plan.program import Code, Helper, Stage
from codegen.plan.radial import KERNEL_BITS, Duals, Radial, duals, radial
from codegen.plan.tables import Tables
from codegen.plan.whole import whole_columns
from codegen.plan.whole_stages import whole_stage

CALLED_AS = {
    "exponential": "rbf",
    "matern32": "rbf",
    "matern52": "rbf",
    "rational": "sigmoid",
}
"""Kernels that take the same arguments as another one."""


def affine(node: ir.Affine, tables: Tables) -> Stage:
    """Plain sums for double; for float whole numbers, with one exponent or each its own."""
    if isinstance(node.x, ir.Kernel):
        return kernel_affine(node, node.x, tables)
    if whole_columns(node.x) is not None:
        return whole_stage("affine", node, tables)
    if in_block(node, tables):
        return in_whole_numbers("affine", node, tables)
    if tables.dtype == "float64":
        weight, bias = tables.reals("weight", node.weight), tables.reals("bias", node.bias)
        return simple("affine", node, tables, "affine_f64", weight=weight, bias=bias)
    whole = coefficients(node.weight, node.bias)
    return simple(
        "affine",
        node,
        tables,
        "affine_f32",
        weight=tables.exact("weight", whole.weight),
        power=tables.exact("power", whole.power),
        spare=whole.spare,
    )


def in_radial(kernel: ir.Node, tables: Tables) -> Radial | None:
    """The kernel in whole numbers, where sums over it are taken in these."""
    if tables.dtype == "float64" or not isinstance(kernel, ir.Kernel):
        return None
    return radial(kernel)


def over_radial(
    node: ir.Node, kernel: ir.Kernel, form: Radial, tables: Tables, **values: Any
) -> Stage:
    """The call of a function made for a radial kernel, or for sums over it."""
    template = str(values.pop("template"))
    helper = tables.once("radial", node, lambda: Helper(template, made(form, tables) | values))
    add = {"nodes/radial_column.c.j2": "column", "nodes/radial_pairs.c.j2": "pairs"}
    kernels = [f"{helper.values['dot']}.h", "cg_dot_i32.h", "cg_fixed_f32.h", "cg_rbf_i32.h"]
    kernels += [f"cg_add_{add[t]}_i64.h" for t in (str(values["add"]),) if t in add]
    return Stage(
        "nodes/call.c.j2",
        (*kernels, "cg_rounded_f32.h"),
        (kernel.x,),
        helper.values,
        (helper,),
    )


def made(form: Radial, tables: Tables) -> dict[str, Any]:
    """The tables and numbers of a radial kernel."""
    n_vectors, n_in = form.vectors.shape
    return {
        "name": tables.name("vectors"),
        "vectors": tables.exact("vector", form.vectors),
        "squares": tables.exact("square", narrow(form.squares)),
        "dot": Code("cg_dot_u8" if form.vectors.dtype == np.uint8 else "cg_dot_i32"),
        "n_vectors": n_vectors,
        "n_in": n_in,
        "top": form.top,
        "spare": form.spare,
        "twice_coarse": 2 * form.coarse,
        "next_coarse": form.coarse + 1,
        "shift": form.shift,
        "factor": form.factor,
    }


def in_power(kernel: ir.Node, tables: Tables) -> Block | None:
    """The base of a polynomial kernel in whole numbers, where sums over it are taken in these."""
    return None if tables.dtype == "float64" else power(kernel)


def sums_of(whole: Duals, tables: Tables) -> dict[str, Any]:
    """What sums start from and end with."""
    return {
        "template": "nodes/radial.c.j2",
        "bias": tables.exact("bias", whole.bias),
        "n_out": whole.bias.size,
        "scale": whole.unit - KERNEL_BITS,
    }


def narrow(values: NDArray[np.int64]) -> NDArray[Any]:
    """The values in the narrowest unsigned type."""
    return values.astype(np.min_scalar_type(int(values.max())))


def over_kernel(template: str, *, kernel: ir.Kernel, tables: Tables, **values: Any) -> Stage:
    """A loop over support vectors that uses each kernel value at once."""
    if template == "kernel" and (form := in_radial(kernel, tables)) is not None:
        add = "nodes/radial_value.c.j2"
        whole = {"template": "nodes/radial_kernel.c.j2", "add": add, "scale": -KERNEL_BITS}
        return over_radial(kernel, kernel, form, tables, **whole)
    if template == "kernel" and (base := in_power(kernel, tables)) is not None:
        whole = {"template": "nodes/power_kernel.c.j2", "add": "nodes/power_value.c.j2"}
        return over_power(kernel, kernel, base, tables, **whole)
    assert kernel.function != "linear", "a pass turns linear kernels into an Affine"
    own, values_of_kernel = value_of_kernel(kernel, tables)
    values |= {"n_vectors": kernel.size, **values_of_kernel}
    added = {"kernel_affine": "cg_add_column", "pairwise_affine": "cg_add_pairs"}.get(template)
    kernels = (*own, *([f"{added}_{tables.suffix}.h"] if added else []))
    scratch = int(values.get("n_sums", 0))
    return Stage(
        f"nodes/{template}.c.j2",
        kernels,
        (kernel.x,),
        values,
        scratch=scratch,
        scratch_ctype="real",
    )


def distances(node: ir.Distance, tables: Tables) -> Stage:
    """Squared distances to centres."""
    assert node.weight is None, "weighted distances are read as densities"
    form = whole_distance(node) if tables.dtype == "float32" else None
    if node.power != 2:
        return other_distances(node, tables)
    if form is None:
        return simple("distance", node, tables, centres=tables.reals("centre", node.centres))
    stage = simple(
        "whole_distance",
        node,
        tables,
        scratch=node.x.size,
        centres=tables.exact("centre", form.centres),
        squares=tables.exact("square", form.squares),
        zeros=tables.exact("zero", np.zeros(node.x.size, np.int8)),
        top=form.top,
        spare=form.spare,
    )
    return replace(stage, scratch_ctype="int32_t")


def other_distances(node: ir.Distance, tables: Tables) -> Stage:
    """A loop over the centres."""
    values = points_of(node, tables)
    return Stage("nodes/distance_each.c.j2", (f"{values['distance']}.h",), (node.x,), values)


def value_of_kernel(kernel: ir.Kernel, tables: Tables) -> tuple[tuple[str, ...], dict[str, Any]]:
    """How one value of a kernel is found: the kernels in C, and what the templates need."""
    form = dotted(kernel) if tables.dtype == "float32" else None
    if form is None:
        name = Code(f"cg_kernel_{kernel.function}_{tables.suffix}")
        return (f"{name}.h",), {
            "kernel": name,
            "before": "nodes/before_kernel.c.j2",
            "value": f"nodes/kernel_{CALLED_AS.get(kernel.function, kernel.function)}.c.j2",
            "vectors": tables.reals("vector", kernel.vectors),
            "gamma": real(kernel.gamma, tables),
            "coef0": real(kernel.coef0, tables),
            "degree": kernel.degree,
        }
    return ("cg_block_columns_f32.h", "cg_rounded_f32.h", "cg_tanh_f32.h"), {
        "before": "nodes/before_block.c.j2",
        "value": "nodes/block_sigmoid.c.j2",
        "weight": tables.exact("weight", form.weight),
        "power": tables.exact("power", form.power),
        "n_columns": form.power.size,
        "spare": form.spare,
        "scale": form.scale,
    }


def kernel_affine(node: ir.Affine, kernel: ir.Kernel, tables: Tables) -> Stage:
    """The sum over support vectors of their coefficients times the kernel."""
    if (form := in_radial(kernel, tables)) is not None:
        whole = duals(node)
        dual = tables.exact("dual", whole.weight)
        values = {"add": "nodes/radial_column.c.j2", "dual": dual, **sums_of(whole, tables)}
        return over_radial(node, kernel, form, tables, **values)
    if (base := in_power(kernel, tables)) is not None:
        values = {"add": "nodes/power_column.c.j2", **power_sums_of(node, tables)}
        return over_power(node, kernel, base, tables, **values)
    return over_kernel(
        "kernel_affine",
        kernel=kernel,
        tables=tables,
        dual=tables.reals("dual", node.weight),
        bias=tables.reals("bias", node.bias),
        add=Code(f"cg_add_column_{tables.suffix}"),
        n_sums=node.size,
    )


def pairwise_affine(node: ir.PairwiseAffine, tables: Tables) -> Stage:
    """One kernel value serves all pairs of classes; each vector belongs to one class."""
    assert isinstance(node.x, ir.Kernel), "pairs of classes are sums over a kernel"
    own = tables.integers("own", np.repeat(np.arange(node.counts.size), node.counts))
    if (form := in_radial(node.x, tables)) is not None:
        return pairs_over_radial(node, node.x, form, own, tables)
    if (base := in_power(node.x, tables)) is not None:
        n_classes = int(node.counts.size)
        values = {"own": own, "n_classes": n_classes, "n_others": n_classes - 1}
        values |= {"add": "nodes/power_pairs.c.j2", **power_sums_of(node, tables)}
        return over_power(node, node.x, base, tables, **values)
    return over_kernel(
        "pairwise_affine",
        kernel=node.x,
        tables=tables,
        dual=tables.reals("dual", node.dual),
        bias=tables.reals("bias", node.bias),
        add=Code(f"cg_add_pairs_{tables.suffix}"),
        own=own,
        n_classes=int(node.counts.size),
        n_sums=node.size,
    )


def pairs_over_radial(
    node: ir.PairwiseAffine, kernel: ir.Kernel, form: Radial, own: Code, tables: Tables
) -> Stage:
    """The same in whole numbers; the coefficients of a vector stand side by side."""
    whole = duals(node)
    values = {
        "add": "nodes/radial_pairs.c.j2",
        "dual": tables.exact("dual", whole.weight.T),
        "own": own,
        "n_classes": int(node.counts.size),
        "n_others": int(node.counts.size) - 1,
        **sums_of(whole, tables),
    }
    return over_radial(node, kernel, form, tables, **values)
