"""Keep centres fine enough for float32: large means beside small deviations cancel."""

from dataclasses import replace
from typing import Any

import numpy as np

from codegen import ir
from codegen.ir import Floats, Node
from codegen.passes.fold_scale import as_affine
from codegen.passes.lower import nearest32
from codegen.plan.quadratic import gaussians

COARSE = 2.0**-23
FAR = 8.0


def recentre(node: Node) -> Node:
    """A scaler subtracts first and then multiplies; distances are taken near the origin.

    Keeps: values within the stated bound.
    """
    match node:
        case ir.Scale() if gaussians(node) is None:
            return centred(node)
        case ir.Distance(weight=None):
            return around_origin(node, centres=node.centres)
        case ir.Barycentre():
            return around_origin(node, rows=node.rows)
        case ir.Kernel() if node.function in ir.RADIAL:
            return around_origin(node, vectors=node.vectors)
        case _:
            return node


def around_origin(node: ir.Distance | ir.Barycentre | ir.Kernel, **points: Floats) -> Node:
    """The node with x and its points, one field of it, moved to where they are near to zero."""
    ((name, known),) = points.items()
    origin = far_origin(known)
    if origin is None:
        return node
    moved: dict[str, Any] = {name: known - origin}
    return replace(node, x=ir.Scale(node.x, subtract=origin), **moved)


def centred(node: ir.Scale) -> Node:
    """slope (x - centre), the centre in two floats where one would move the result by 2^-23."""
    slope, offset = as_affine(node)
    centre = node.subtract if node.multiply is None and node.add is None else -offset / slope
    x = node.x
    if centre is not None and centre.any():
        high = nearest32(centre)
        low = nearest32(centre - high)
        coarse = (np.abs(low * slope) > COARSE).any() or (slope == 1).all()
        x = ir.Scale(x, subtract=high, add=-low if coarse and low.any() else None)
    return x if (slope == 1).all() else ir.Scale(x, multiply=slope)


def far_origin(points: Floats) -> Floats | None:
    """A float32 point amid the points, where they lie close together and far from zero."""
    if (nearest32(points) == points).all():
        return None
    middle = nearest32(points.mean(axis=0))
    spread = np.abs(points - middle).max(axis=0)
    return middle if (np.abs(middle) > FAR * spread).any() else None
