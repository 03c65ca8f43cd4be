"""Stages over the rows of a training set: which are the nearest, how far they are, their mean."""

from typing import Any

import numpy as np

from codegen import ir
from codegen.plan.calls import real, simple
from codegen.plan.program import Code, Stage
from codegen.plan.tables import Tables

NAMES = {1.0: "manhattan", 2.0: "squared_distance", np.inf: "chebyshev"}


def distance_kernel(power: float, tables: Tables) -> Code:
    """The function that gives one distance."""
    return Code(f"cg_{NAMES[power]}_{tables.suffix}")


def points_of(node: ir.Distance, tables: Tables) -> dict[str, Any]:
    """The rows of the training set, and how their distance is found."""
    return {
        "distance": distance_kernel(node.power, tables),
        "points": tables.reals("point", node.centres),
        "n_points": node.size,
        "n_in": node.x.size,
    }


def nearest_stage(node: ir.Neighbors, distance: ir.Distance, tables: Tables) -> Stage:
    """A list of the nearest so far, kept in order, with their distances beside them."""
    kernel = Code(f"cg_keep_nearest_{tables.suffix}")
    values = points_of(distance, tables) | {"kernel": kernel, "value": "nodes/point_distance.c.j2"}
    return Stage(
        "nodes/neighbors.c.j2",
        (f"{values['distance']}.h", f"{kernel}.h"),
        (distance.x,),
        values,
        scratch=node.count,
        scratch_ctype="real",
    )


def least_stage(node: ir.Neighbors, tables: Tables) -> Stage:
    """The same of values that are there."""
    return simple(
        "keep_nearest",
        node,
        tables,
        "neighbors",
        scratch=node.count,
        n_points=node.x.size,
        value="nodes/given_value.c.j2",
    )


def chosen_stage(node: ir.Lookup, distance: ir.Distance, tables: Tables) -> Stage:
    """The distances once more, of the rows alone that are looked up."""
    values = points_of(distance, tables)
    inputs = (distance.x, node.x)
    return Stage("nodes/neighbor_distances.c.j2", (f"{values['distance']}.h",), inputs, values)


def mean_stage(node: ir.NeighborMean, tables: Tables) -> Stage:
    """Sums of rows, or counts where each row is an indicator; divided at the end."""
    hits, table = answers_of(node, tables)
    weight = Code(f"cg_inverse_weights_{tables.suffix}" if node.by is not None else "")
    kernel = Code(f"cg_divide_all_{tables.suffix}")
    kernels = tuple(f"{name}.h" for name in (weight, kernel) if name)
    add = "nodes/neighbor_vote.c.j2" if hits else "nodes/neighbor_row.c.j2"
    inputs = (node.x,) if node.by is None else (node.x, node.by)
    values = {"table": table, "weight": weight, "kernel": kernel, "add": add}
    scratch = node.by.size if node.by is not None else 0
    return Stage(
        "nodes/neighbor_mean.c.j2", kernels, inputs, values, scratch=scratch, scratch_ctype="real"
    )


def donate_stage(node: ir.Donate, tables: Tables) -> Stage:
    """For each value that x lacks: a list of the nearest that have it, and their mean.

    A row holds the largest number where it has no value.
    """
    gap = real(float(np.finfo(tables.dtype).max), tables)
    used = ("donors", "donated_near" if node.weighted else "donated")
    donors, mean = (Code(f"cg_{name}_{tables.suffix}") for name in used)
    values = {
        "donors": donors,
        "mean": mean,
        "gap": gap,
        "rows": tables.reals("row", np.where(np.isnan(node.rows), float(gap), node.rows)),
        "n_rows": len(node.rows),
        "count": node.count,
        "none": tables.reals("none", node.none),
    }
    return Stage(
        "nodes/donate.c.j2",
        (f"{donors}.h", f"{mean}.h"),
        (node.x,),
        values,
        scratch=2 * node.count,
        scratch_ctype="real",
    )


def geodesic_stage(node: ir.Geodesic, tables: Tables) -> Stage:
    """Each near row shortens the ways to all rows."""
    shorten = Code(f"cg_shorten_{tables.suffix}")
    root = Code(f"cg_sqrt_{tables.suffix}" if node.x.power == 2 else "")
    values = points_of(node.x, tables) | {
        "shorten": shorten,
        "root": root,
        "lengths": tables.reals("length", node.lengths),
        "most": real(float(np.finfo(tables.dtype).max), tables),
        "reach": None if node.reach is None else real(node.reach, tables),
        "n_near": node.x.size if node.by is None else node.by.size,
    }
    kernels = tuple(f"{name}.h" for name in (values["distance"], shorten, root) if name)
    inputs = (node.x.x,) if node.by is None else (node.x.x, node.by)
    return Stage("nodes/geodesic.c.j2", kernels, inputs, values)


def barycentre_stage(node: ir.Barycentre, tables: Tables) -> Stage:
    """The weights by Cholesky's factor and two corrections, then the mean of the answers."""
    weights = Code(f"cg_barycentre_{tables.suffix}")
    mean = Code(f"cg_weighted_rows_{tables.suffix}")
    k = node.by.size
    values = {
        "weights": weights,
        "mean": mean,
        "rows": tables.reals("point", node.rows),
        "answers": tables.reals("answer", node.table),
        "reg": real(node.reg, tables),
        "k": k,
    }
    return Stage(
        "nodes/barycentre.c.j2",
        (f"{weights}.h", f"{mean}.h"),
        (node.x, node.by),
        values,
        scratch=k * (k + 2) + node.x.size,
        scratch_ctype="real",
    )


def answers_of(node: ir.NeighborMean | ir.RadiusMean, tables: Tables) -> tuple[bool, Code]:
    """Whether each row is the indicator of a class; then the classes, else the rows."""
    hits = np.isin(node.table, (0, 1)).all() and bool((node.table.sum(axis=1) == 1).all())
    if hits:
        return True, tables.integers("class", node.table.argmax(axis=1))
    return False, tables.reals("answer", node.table)


def radius_mean_stage(node: ir.RadiusMean, tables: Tables) -> Stage:
    """Every row of the training set that is near enough is added as it is met."""
    hits, table = answers_of(node, tables)
    form = "within"
    if node.weighted:
        form = "inverse_root_within" if node.x.power == 2 else "inverse_within"
    names = [form, "mean_or", "keep_least" if node.weighted else ""]
    weight, kernel, least = (Code(f"cg_{n}_{tables.suffix}" if n else "") for n in names)
    values = points_of(node.x, tables) | {
        "table": table,
        "weight": weight,
        "least": least,
        "kernel": kernel,
        "reach": real(node.reach, tables),
        "none": Code("NULL") if node.none is None else tables.reals("none", node.none),
        "add": "nodes/within_vote.c.j2" if hits else "nodes/within_row.c.j2",
    }
    used = [f"{k}.h" for k in (values["distance"], weight, kernel, least) if k]
    template = "nodes/mean_within.c.j2"
    return Stage(template, tuple(used), (node.x.x,), values, scratch=3, scratch_ctype="real")
