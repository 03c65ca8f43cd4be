"""Gather only the columns that are used, and select before computing."""

from dataclasses import replace

import numpy as np

from codegen import ir
from codegen.ir import Floats, Node


def select_early(node: Node) -> Node:  # noqa: C901, PLR0911 one case a node
    """Selection moves before per-feature steps and merges with what it meets.

    Keeps: every bit.
    """
    if not isinstance(node, ir.Gather):
        return node
    index = node.index
    if index.size == node.x.size and bool((index == np.arange(index.size)).all()):
        return node.x
    match node.x:
        case ir.Gather() as inner:
            return ir.Gather(inner.x, inner.index[index])
        case ir.Scale() as inner:
            picked = [None if s is None else s[index] for s in inner.steps]
            return ir.Scale(select_early(ir.Gather(inner.x, index)), *picked)
        case ir.Impute(by=None) as inner:
            x = select_early(ir.Gather(inner.x, index))
            return replace(inner, x=x, fill=inner.fill[index])
        case ir.Clip() | ir.Round32() | ir.Elementwise() as inner:
            return replace(inner, x=select_early(ir.Gather(inner.x, index)))
        case ir.Affine(is_complement=False) as inner if not isinstance(inner.x, ir.Kernel):
            sizes = None if inner.multiplied is None else inner.multiplied[index]
            return ir.Affine(inner.x, inner.weight[index], inner.bias[index], multiplied=sizes)
        case ir.TreeEnsemble(groups=1, start=None, single=False) as inner:
            return replace(inner, values=inner.values[:, index])
        case ir.TermCounts(columns=ir.Vocabulary() as known) as inner:
            return fewer_terms(node, inner, known)
        case ir.Concat() as inner:
            return from_one_part(node, inner)
        case _:
            return node


def fewer_terms(node: ir.Gather, counts: ir.TermCounts, known: ir.Vocabulary) -> Node:
    """Terms that are not selected are not looked for."""
    used, places = np.unique(node.index, return_inverse=True)
    if used.size == counts.size:
        return node
    fewer = ir.Vocabulary(tuple(known.terms[i] for i in used))
    return select_early(ir.Gather(replace(counts, columns=fewer), places.astype(np.int64)))


def from_one_part(node: ir.Gather, concat: ir.Concat) -> Node:
    """A selection from a concatenation needs only the part that holds all of it."""
    start = 0
    for part in concat.parts:
        end = start + part.size
        if ((node.index >= start) & (node.index < end)).all():
            return select_early(ir.Gather(part, node.index - start))
        start = end
    return node


def tree_columns(node: Node) -> Node:
    """A tree behind a selection reads the columns where they are.

    Keeps: every bit.
    """
    if isinstance(node, ir.TreeEnsemble):
        match node.x:
            case ir.Gather() as chosen:
                return replace(node, x=chosen.x, feature=chosen.index[node.feature])
            case ir.Round32(x=ir.Gather() as chosen):
                return replace(node, x=ir.Round32(chosen.x), feature=chosen.index[node.feature])
    return node


def drop_unused(node: Node) -> Node:
    """Columns whose coefficients are all zero are not read, where that saves flash.

    Keeps: values within the stated bound, and infinity in an unused column no longer spreads.
    """
    if not isinstance(node, ir.Affine) or isinstance(node.x, ir.Kernel | ir.Monomials):
        return node
    used = np.flatnonzero(node.weight.any(axis=0))
    saved = (node.x.size - used.size) * node.size * 5
    if used.size == 0 or saved <= used.size * 2 + 32:
        return node
    sizes = None if node.multiplied is None else node.multiplied[:, [*used, -1]]
    x = select_early(ir.Gather(node.x, used))
    return ir.Affine(x, compact(node.weight[:, used]), node.bias, multiplied=sizes)


def compact(array: Floats) -> Floats:
    """The array as one block of memory."""
    return np.ascontiguousarray(array)
