"""A declared input of whole numbers: never missing, read as it is by trees, else widened."""

from dataclasses import replace
from typing import get_args

import numpy as np

from codegen import ir
from codegen.declared import Declared, span
from codegen.errors import InvalidInput
from codegen.ir import Bools, Floats, Ints, Model, Node, with_inputs
from codegen.passes.columns import select_early
from codegen.passes.compared import nearest_by_dot
from codegen.passes.trees import without_idle_splits
from codegen.plan.whole import is_byte, reads_whole, whole_columns
from codegen.plan.whole_sums import close_enough


def declare(model: Model, declared: Declared) -> Model:
    """The model with an input of a declared type: what it means for those rows is the same."""
    if declared not in get_args(Declared):
        known = ", ".join(get_args(Declared))
        raise InvalidInput(f"--input {str(declared)[:40]!r} is no type of x; choose one of {known}")
    if declared == "float":
        return model
    if model.is_text:
        raise InvalidInput(f"--input {declared}: the model takes a text; leave the option out")
    given = ir.Input(model.input.n_features, declared)
    changed = model.rewritten(lambda node: given if isinstance(node, ir.Input) else node)
    return replace(changed, input=given)


def fill_nothing(node: Node) -> Node:
    """An imputer goes where no value of the input can be the missing one.

    Keeps: every bit.
    """
    match node:
        case ir.Impute(fills_nan=True) | ir.Donate() if whole_columns(node.x) is not None:
            return node.x
        case ir.Impute() if (source := whole_columns(node.x)) is not None:
            least, most = span(source.declared)
            first, last = np.ceil(max(node.low, least)), np.floor(min(node.high, most))
            return node if first <= last else node.x
        case _:
            return node


def nearest_of_bytes(node: Node) -> Node:
    """Of columns of 8 bits the nearest centre is found by sums, however far off the centres are.

    Keeps: the index wherever the distances differ by more than the stated bound.
    """
    match node:
        case ir.Neighbors(x=ir.Distance(x=x)) if (source := whole_columns(x)) is not None:
            return nearest_by_dot(node) if is_byte(source) else node
        case _:
            return node


def settle_splits(node: Node) -> Node:
    """Splits that send all values of the input that reach them to one side are taken out.

    Keeps: every bit, for every row of the declared type.
    """
    if not isinstance(node, ir.TreeEnsemble) or not isinstance(node.x, ir.Input):
        return node
    if not reads_whole(node) or not node.feature.size:
        return node
    low, high = reaching(node, *span(node.x.declared))
    left = np.where(node.threshold < low, node.right, node.left)
    right = np.where(node.threshold >= high, node.left, node.right)
    if np.array_equal(left, node.left) and np.array_equal(right, node.right):
        return node
    return without_idle_splits(only_reached(replace(node, left=left, right=right)))


def reaching(node: ir.TreeEnsemble, least: int, most: int) -> tuple[Floats, Floats]:
    """The least and the largest value of its own feature with which a row can reach each node."""
    n = node.feature.size
    parent = np.full(n, -1)
    from_left = np.zeros(n, bool)
    for links, is_left in ((node.left, True), (node.right, False)):
        inner = np.flatnonzero(links >= 0)
        parent[links[inner]] = inner
        from_left[links[inner]] = is_left
    low, high = np.full(n, float(least)), np.full(n, float(most))
    below = np.arange(n)
    while ((above := parent[below]) >= 0).any():
        same = (above >= 0) & (node.feature[above] == node.feature)
        to_left, cut = from_left[below], node.threshold[above]
        high = np.where(same & to_left, np.minimum(high, cut), high)
        low = np.where(same & ~to_left, np.maximum(low, cut + 1), low)
        below = np.where(above >= 0, above, below)
    return low, high


def only_reached(node: ir.TreeEnsemble) -> ir.TreeEnsemble:
    """The ensemble without nodes to which no link leads any more."""
    kept = reached(node)
    if kept.all():
        return node
    place = np.cumsum(kept) - 1

    def moved(links: Ints) -> Ints:
        return np.where(links >= 0, place[np.maximum(links, 0)], links)

    return replace(
        node,
        **{name: column[kept] for name, column in node.columns.items()},
        left=moved(node.left[kept]),
        right=moved(node.right[kept]),
        roots=moved(node.roots),
    )


def reached(node: ir.TreeEnsemble) -> Bools:
    """Which nodes a root leads to; children stand behind their parents."""
    kept = np.zeros(node.feature.size, bool)
    kept[node.roots[node.roots >= 0]] = True
    for i, (left, right) in enumerate(zip(node.left.tolist(), node.right.tolist(), strict=True)):
        if kept[i]:
            kept[[link for link in (left, right) if link >= 0]] = True
    return kept


def widen(model: Model, *, sums: bool) -> Model:
    """Trees read whole numbers as they are, sums where that is close; others after widening.

    Keeps: every bit. sums: whether a linear map may read them; it does where it has them as input.
    """
    if not model.input.is_whole:
        return model
    new: dict[int, Node] = {}
    wide: dict[int, Node] = {}

    def widened(node: Node) -> Node:
        if whole_columns(node) is None:
            return node
        return wide.setdefault(id(node), ir.Round32(node))

    for node in ir.walk(model.methods.values()):
        fresh = with_inputs(node, tuple(new[id(n)] for n in ir.inputs(node)))
        if whole_columns(fresh) is not None:
            fresh = select_early(fresh)
        elif not (
            isinstance(fresh, ir.Round32) or reads_whole(fresh) or (sums and adds_whole(fresh))
        ):
            fresh = with_inputs(fresh, tuple(widened(n) for n in ir.inputs(fresh)))
        new[id(node)] = fresh
    return model.with_methods({name: widened(new[id(n)]) for name, n in model.methods.items()})


def adds_whole(node: Node) -> bool:
    """Whether a linear map is summed over the whole numbers themselves."""
    return isinstance(node, ir.Affine) and not node.is_complement and close_enough(node)
