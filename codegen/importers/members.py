"""What composite estimators share: members asked on their columns, means, votes, numbers of labels.

A member's classes are mapped by label, never by position: it may have seen fewer of them. Trees of
one leaf value or one vote each are put into one ensemble, whose sums are the composite's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.errors import UnsupportedModel
from codegen.importers.attributes import floats, labels, name
from codegen.importers.registry import import_outputs
from codegen.importers.trees import distinct
from codegen.ir import (
    Affine,
    ArgMax,
    Concat,
    Floats,
    Gather,
    Ints,
    Node,
    OneHot,
    Outputs,
    Round32,
    TreeEnsemble,
    require,
    rewrite,
)
from codegen.load import Record


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A node with values for some classes, and the row (n_classes, n_out) that each stands for."""

    node: Node
    rows: Floats


def asked(owner: Record, est: Any, x: Node) -> Outputs:
    """What a member answers on its columns."""
    require(isinstance(est, Record), f"a member of {name(owner)} is no estimator")
    return import_outputs(est, x)


def answer(owner: Record, outputs: Outputs, method: str) -> Node:
    """A method that the composite asks of a member."""
    if method not in outputs.methods:
        raise UnsupportedModel(
            f"{name(owner)} asks {method} of a {outputs.kind} that has none in C; "
            "use another estimator inside"
        )
    return outputs.methods[method]


def known_classes(outputs: Outputs) -> NDArray[Any]:
    """The labels of a member that is a classifier of one output."""
    require(len(outputs.classes) == 1, "a classifier of one output is expected inside")
    return outputs.classes[0]


def places(inner: NDArray[Any], outer: NDArray[Any]) -> Ints:
    """For each label of a member its place among those of the composite."""
    found = [np.flatnonzero(outer == label) for label in inner]
    require(all(place.size == 1 for place in found), "a member knows a class that is not there")
    return np.concatenate(found).astype(np.int64)


def columns(x: Node, index: Ints) -> Node:
    """Some columns of x; x itself where they are all of it, in order."""
    whole = index.size == x.size and bool((index == np.arange(index.size)).all())
    return x if whole else Gather(x, index)


def side_by_side(nodes: Sequence[Node]) -> Node:
    """The values of all nodes; trees of one value become one ensemble with many outputs."""
    trees = [tree for node in nodes if (tree := one_tree(node)) is not None]
    if len(trees) == len(nodes) > 1 and all(tree.values.shape[1] == 1 for tree in trees):
        joined = put_together(trees, divisor=1.0, groups=len(trees))
        if joined is not None:
            return joined
    return nodes[0] if len(nodes) == 1 else Concat(tuple(nodes))


def mean(members: Sequence[Member], divisor: float) -> Node:
    """(sum over members of values @ rows) / divisor, in their order."""
    trees = [tree for m in members if (tree := one_tree(m.node)) is not None]
    if len(trees) == len(members):
        pairs = zip(trees, members, strict=True)
        weighted = [replace(t, values=times(t.values, m.rows)) for t, m in pairs]
        joined = put_together(weighted, divisor=divisor)
        if joined is not None:
            return joined
    rows = np.vstack([m.rows for m in members])
    values = Concat(tuple(m.node for m in members)) if len(members) > 1 else members[0].node
    return Affine(values, (rows / divisor).T.copy(), np.zeros(rows.shape[1]))


def times(values: Floats, rows: Floats) -> Floats:
    """values @ rows, where each column of rows has one entry: every product rounded once."""
    return np.asarray((values[:, :, None] * rows).sum(axis=1))


def votes(members: Sequence[Member], divisor: float) -> TreeEnsemble:
    """(sum over members of the row of the class that each predicts) / divisor, in their order.

    node: the index that a member predicts. A vote is a leaf of a tree that asks for the class, so
    that the sums are those of a forest.
    """
    trees = [tree for m in members if (tree := voting_tree(m)) is not None]
    if len(trees) == len(members):
        joined = put_together(trees, divisor=divisor)
        if joined is not None:
            return joined
    counts = np.array([len(m.rows) for m in members])
    indices = [m.node for m in members]
    x = OneHot(indices[0] if len(indices) == 1 else Concat(tuple(indices)), counts)
    starts = np.cumsum([0, *counts[:-1]])
    asking = [asks(x, int(start), m.rows) for start, m in zip(starts, members, strict=True)]
    joined = put_together(asking, divisor=divisor)
    assert joined is not None
    return joined


def voting_tree(member: Member) -> TreeEnsemble | None:
    """The tree whose leaves hold the rows of the classes it predicts; None of any other member."""
    if not isinstance(member.node, ArgMax):
        return None
    tree = one_tree(member.node.x)
    return tree and replace(tree, values=member.rows[tree.values.argmax(axis=1)])


def one_tree(node: Node) -> TreeEnsemble | None:
    """The node, where it is a single tree of numeric splits with nothing added."""
    if not isinstance(node, TreeEnsemble) or node.roots.size != 1 or node.divisor != 1:
        return None
    if node.sets is not None:
        return None
    return node if node.start is None and not node.single else None


def asks(x: Node, start: int, rows: Floats) -> TreeEnsemble:
    """A tree over indicators: the row of the first that is set, the last row if none is."""
    inner = np.arange(len(rows) - 1)
    return TreeEnsemble(
        x,
        feature=start + inner,
        threshold=np.full(inner.size, 0.5),
        left=np.where(inner < inner.size - 1, inner + 1, ~(inner + 1)),
        right=~inner,
        missing_left=np.zeros(inner.size, np.bool_),
        roots=np.array([0 if inner.size else -1]),
        values=rows,
        divisor=1.0,
    )


def put_together(
    trees: Sequence[TreeEnsemble], *, divisor: float, groups: int = 1
) -> TreeEnsemble | None:
    """Single trees as one ensemble; None where they do not read the same values."""
    sources = [source_of(tree.x) for tree in trees]
    base, rounds, _ = sources[0]
    if any(b is not base or r != rounds for b, r, _ in sources):
        return None
    picks = [index for _, _, index in sources]
    rows, place = distinct(np.vstack([tree.values for tree in trees]))
    return TreeEnsemble(
        Round32(base) if rounds else base,
        feature=np.concatenate([p[t.feature] for p, t in zip(picks, trees, strict=True)]),
        threshold=np.concatenate([tree.threshold for tree in trees]),
        left=links_of(trees, "left", place),
        right=links_of(trees, "right", place),
        missing_left=np.concatenate([tree.missing_left for tree in trees]),
        roots=links_of(trees, "roots", place),
        values=rows,
        divisor=divisor,
        groups=groups,
        refuses_nan=any(tree.refuses_nan for tree in trees),
    )


def links_of(trees: Sequence[TreeEnsemble], side: str, place: Ints) -> Ints:
    """Links into the joined tables; place: for each row of the trees' values its row there."""
    first_node = np.cumsum([0, *(tree.feature.size for tree in trees)])
    first_row = np.cumsum([0, *(len(tree.values) for tree in trees)])
    moved = []
    for t, tree in enumerate(trees):
        links = getattr(tree, side)
        leaf = ~place[np.where(links < 0, ~links, 0) + first_row[t]]
        moved.append(np.where(links < 0, leaf, links + first_node[t]))
    return np.concatenate(moved)


def source_of(x: Node) -> tuple[Node, bool, Ints]:
    """What a tree reads in the end, whether it rounds it to float32, and which columns it takes."""
    rounds = isinstance(x, Round32)
    inner = x.x if isinstance(x, Round32) else x
    if isinstance(inner, Gather):
        return inner.x, rounds, inner.index
    return inner, rounds, np.arange(inner.size)


def refusing_nan(outputs: Outputs) -> Outputs:
    """The same answers of a composite that takes no missing values, though its trees might."""

    def rule(node: Node) -> Node:
        return replace(node, refuses_nan=True) if isinstance(node, TreeEnsemble) else node

    return replace(outputs, methods=rewrite(outputs.methods, rule))


def constant(x: Node, values: Any) -> TreeEnsemble:
    """The same values for every row, NaN included: a tree of one leaf."""
    none = np.zeros(0, np.int64)
    return TreeEnsemble(
        x,
        feature=none,
        threshold=np.zeros(0),
        left=none,
        right=none,
        missing_left=np.zeros(0, np.bool_),
        roots=np.array([-1]),
        values=np.atleast_2d(floats(values)),
        divisor=1.0,
    )


def as_number(index: Node, values: Any) -> Node:
    """The number that stands for each class: its indicator where the labels are 0 and 1."""
    numbers = labels(values)
    if numbers.dtype.kind not in "iufb":
        raise UnsupportedModel(
            "labels that are text are given to another estimator as numbers; fit on numbers"
        )
    indicators = OneHot(index, np.array([numbers.size]))
    if numbers.tolist() == [0, 1]:
        return Gather(indicators, np.array([1]))
    return Affine(indicators, floats(numbers)[None], np.zeros(1))
