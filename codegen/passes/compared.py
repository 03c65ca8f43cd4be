"""Mark the linear maps whose values are only compared with one another, and make some."""

from collections import defaultdict
from dataclasses import replace
from math import fsum

import numpy as np

from codegen import ir
from codegen.ir import Model, Node, with_inputs

COMPARES = ir.ArgMax | ir.Neighbors | ir.Clip | ir.Softmax | ir.Threshold
ACTIVATIONS = ("exp", "logistic", "relu", "softsign", "tanh")

LARGE_PART = 4


def mark_compared(model: Model) -> Model:
    """An Affine that only scores of classes or units of a layer are made from says so.

    Keeps: every answer; of scores that only choose or share out, their differences. What it
    permits: an error of a row may count against the largest row.
    """
    roots = {id(node) for method, node in model.methods.items() if method != "decision_function"}
    if model.kind != "classifier":
        roots |= {id(node) for node in model.methods.values()}
    answers = {id(node) for node in model.methods.values()}
    uses: defaultdict[int, list[Node]] = defaultdict(list)
    for node in ir.walk(model.methods.values()):
        for given in ir.inputs(node):
            uses[id(given)].append(node)
    new: dict[int, Node] = {}
    for node in ir.walk(model.methods.values()):
        fresh = with_inputs(node, tuple(new[id(n)] for n in ir.inputs(node)))
        only_compared = id(node) not in roots and all(compares(user) for user in uses[id(node)])
        if isinstance(fresh, ir.Affine) and only_compared and not fresh.is_complement:
            differ = all(isinstance(user, ir.ArgMax | ir.Softmax) for user in uses[id(node)])
            told = id(node) in answers
            fresh = replace(apart(fresh) if differ and not told else fresh, compared=True)
        new[id(node)] = fresh
    return model.with_methods({name: new[id(root)] for name, root in model.methods.items()})


def compares(user: Node) -> bool:
    """Whether a node reads differences alone, or is the activation of a layer."""
    if isinstance(user, ir.Elementwise):
        return user.function in ACTIVATIONS
    if isinstance(user, ir.Pairwise):
        return user.rule != "coupling"
    return isinstance(user, COMPARES)


def apart(node: ir.Affine) -> ir.Affine:
    """Rows of which only the differences count, without a large part that they have in common."""
    whole = np.column_stack([node.weight, node.bias])
    common = np.array([fsum(column) / len(whole) for column in whole.T])
    rest = whole - common
    if np.abs(common).sum() < LARGE_PART * np.abs(rest).sum(axis=1).max():
        return node
    return replace(node, weight=rest[:, :-1].copy(), bias=rest[:, -1].copy())


def nearest_by_dot(node: Node) -> Node:
    """The least |x - c|^2 is the largest 2 c.x - |c|^2.

    Keeps: the index wherever the distances differ by more than the stated bound.
    """
    match node:
        case ir.Neighbors(
            x=ir.Distance(power=2.0, streamed=False, weight=None) as distance, count=1
        ):
            squares = np.array([fsum(row * row) for row in distance.centres])
            return ir.ArgMax(ir.Affine(distance.x, 2 * distance.centres, -squares))
        case _:
            return node
