"""What sums over the linear maps of leaves lose."""

from dataclasses import replace

import numpy as np

from codegen import ir
from codegen.ir import Floats
from codegen.losses.common import COEFFICIENT, REFERENCE, UNIT, Known
from codegen.meanings.leaves import linear_leaves
from codegen.plan.leaves import most_terms
from codegen.plan.program import Dtype


def leaves_loss(node: ir.LinearLeaves, given: list[Known], value: Floats, dtype: Dtype) -> Floats:
    """As of one linear map of all terms, once the places of the leaves are sure."""
    place, x = given
    sizes, constant = np.abs(node.weight), node.feature == node.by.size
    size = linear_leaves(replace(node, weight=sizes), place.value, np.abs(x.value))
    factors = replace(node, weight=np.where(constant, 0, sizes))
    moved = linear_leaves(factors, place.value, x.bound)
    own = (COEFFICIENT[dtype] + most_terms(node) * (2.0**-52 + REFERENCE)) * size
    sure = (place.bound < 0.5).all(axis=1, keepdims=True)
    return np.where(sure, own + moved + UNIT[dtype] * np.abs(value), np.inf)
