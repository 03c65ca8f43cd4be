"""Forests for many rows at once: eight bytes a node, children side by side, no branches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.ir import (
    ArgMax,
    Bools,
    Floats,
    Input,
    Ints,
    Node,
    Threshold,
    TreeEnsemble,
)
from codegen.plan.program import Code, Dtype, Function, Helper, Table, ctype_of
from codegen.plan.trees import floor32, leaves_of, votes_exactly, whole_start
from codegen.plan.whole import rounds

LANES = 12
MOST_ROWS = 96
BLOCK_KEYS = 1 << 14
MOST_COLUMNS = 1 << 12
MOST_NODES = 1 << 16
MOST_SUMS = 1 << 8


@dataclass(frozen=True, slots=True, eq=False)
class Grove:
    """The trees as they are walked.

    nodes: (n_nodes, 3) key, column, link. first, depth: of each tree, its first node and how many
    steps lead to its last leaf. feature, missing: of each column, where it is read and the key
    that NaN gets there.
    """

    nodes: NDArray[np.uint32]
    first: NDArray[np.int32]
    depth: NDArray[np.int32]
    feature: NDArray[np.int32]
    missing: NDArray[np.uint32]

    @property
    def n_rows(self) -> int:
        """How many rows a block has, so that their keys stay in the nearest cache."""
        fitting = BLOCK_KEYS // (self.feature.size + 1) // LANES * LANES
        return max(LANES, min(MOST_ROWS, fitting))

    @property
    def tables(self) -> dict[str, NDArray[Any]]:
        """The arrays beside the nodes."""
        return {
            "first": self.first,
            "depth": self.depth,
            "feature": self.feature,
            "missing": self.missing,
        }

    @property
    def counts(self) -> dict[str, int]:
        """The sizes that the loops run to."""
        n_keys = self.feature.size + 1
        return {
            "n_nodes": len(self.nodes),
            "n_trees": self.depth.size,
            "n_columns": n_keys - 1,
            "n_keys": n_keys,
            "n_rows": self.n_rows,
            "n_block_keys": self.n_rows * n_keys,
        }


def keys(threshold: Floats) -> NDArray[np.uint32]:
    """Unsigned integers that order like float32 numbers, of thresholds rounded down."""
    bits = (floor32(threshold).astype(np.float32) + np.float32(0)).view(np.uint32)
    return np.where(bits >> 31 != 0, ~bits, bits | np.uint32(1 << 31)).astype(np.uint32)


def grove(forest: TreeEnsemble, width: int) -> Grove | None:
    """The trees of an ensemble; None where they are too large for the nodes.

    width: values in a row of leaf values; a leaf's key is where its row starts.
    """
    columns, missing_left, column = columns_of(forest)
    trees = [tree_nodes(forest, root, column, len(columns), width) for root in forest.roots]
    sizes = np.array([len(nodes) for nodes, _ in trees])
    if sizes.max() > MOST_NODES or len(columns) > MOST_COLUMNS:
        return None
    return Grove(
        nodes=np.concatenate([nodes for nodes, _ in trees]).astype(np.uint32),
        first=np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32),
        depth=np.array([depth for _, depth in trees], np.int32),
        feature=columns.astype(np.int32),
        missing=np.where(missing_left, 0, 2**32 - 1).astype(np.uint32),
    )


def reads_float32(forest: TreeEnsemble, dtype: Dtype) -> bool:
    """Whether the trees compare the input itself, as float32 numbers or ones that float32 holds."""
    if forest.sets is not None:
        return False
    if isinstance(forest.x, Input) and forest.x.is_whole:
        return True
    if rounds(forest.x):
        return isinstance(forest.x.x, Input)
    return dtype == "float32" and isinstance(forest.x, Input)


def columns_of(forest: TreeEnsemble) -> tuple[Ints, Bools, Ints]:
    """The features that are compared and the way of NaN there, and the column of each node."""
    left = forest.missing_left & (not forest.refuses_nan)
    if not forest.feature.size:
        return np.zeros(1, np.int64), np.zeros(1, bool), np.zeros(0, np.int64)
    pairs, column = np.unique(forest.feature * 2 + left, return_inverse=True)
    return pairs // 2, pairs % 2 == 1, column.ravel()


def tree_nodes(
    forest: TreeEnsemble, root: int, column: Ints, always: int, width: int
) -> tuple[Ints, int]:
    """The nodes of one tree, level by level, and its depth. always: the column that is 0."""
    levels = list(levels_of(forest, root))
    order = np.concatenate(levels)
    inner = order >= 0
    child = 1 + 2 * np.cumsum(inner) - 2
    nodes = np.empty((order.size, 3), np.int64)
    nodes[:, 0] = np.where(inner, 0, ~order * width)
    nodes[inner, 0] = keys(forest.threshold[order[inner]])
    nodes[:, 1] = always
    nodes[inner, 1] = column[order[inner]]
    nodes[:, 2] = np.where(inner, child, np.arange(order.size))
    return nodes, len(levels) - 1


def levels_of(forest: TreeEnsemble, root: int) -> Iterator[Ints]:
    """The links of each level, children of one node side by side."""
    level = np.array([root], np.int64)
    while level.size:
        yield level
        inner = level[level >= 0]
        level = np.stack([forest.left[inner], forest.right[inner]], axis=1).ravel()


@dataclass(frozen=True, slots=True, eq=False)
class Ending:
    """What is added over the trees, and what is made of the sums.

    value: a row for each leaf (n_rows, n_value); start: what the sums begin with. answer: the name
    of a template, and what it needs.
    """

    value: NDArray[Any]
    start: NDArray[Any]
    answer: str
    needs: Mapping[str, Any]


def ending_of(root: Node, forest: TreeEnsemble, known: Mapping[str, Any]) -> Ending | None:
    """How a float32 function ends that reads an ensemble; known: the values of its last stage.

    Where shares are voted with, binary64 sums in the order of the trees are the rule itself. Other
    sums are the plan's fixed point.
    """
    if isinstance(root, ArgMax) and votes_exactly(forest):
        return Ending(forest.values, forest.initial, "label", {"divisor": forest.divisor})
    leaves = leaves_of(forest)
    value = leaves.units.astype(np.int32)
    start = whole_start(forest, leaves.shift).astype(np.int32)
    match root:
        case ArgMax():
            return Ending(value, start, "largest", {})
        case Threshold():
            return Ending(value, start, "above", {"least": known["least"]})
        case TreeEnsemble():
            return Ending(value, start, "mean_f32", {"step": known["step"]})
        case _:
            return None


def ending_of_doubles(root: Node, forest: TreeEnsemble) -> Ending | None:
    """How a float64 function ends; None where the estimator rounds its sums to float32."""
    if forest.single or isinstance(root, Threshold):
        return None
    answer = "label" if isinstance(root, ArgMax) else "mean_f64"
    return Ending(forest.values, forest.initial, answer, {"divisor": forest.divisor})


def over_forest(root: Node, function: Function, dtype: Dtype) -> Helper | None:
    """The loop of a function that is an ensemble, or an index made of its sums."""
    forest = root.x if isinstance(root, ArgMax | Threshold) else root
    if not isinstance(forest, TreeEnsemble) or not reads_float32(forest, dtype):
        return None
    known = function.steps[-1].stage.values
    double = dtype == "float64"
    ending = ending_of_doubles(root, forest) if double else ending_of(root, forest, known)
    n_value, n_sum = (padded(n) for n in (forest.values.shape[1], forest.size))
    trees = grove(forest, n_value)
    if ending is None or trees is None or n_sum > MOST_SUMS:
        return None
    content = trees.tables | {
        "value": filled(ending.value, n_value),
        "initial": filled(ending.start[None, :], n_sum),
        "output": np.arange(forest.roots.size, dtype=np.int32) // forest.n_summed,
    }
    names = {field: Code(f"{function.name}_{field}") for field in content}
    counts = {"n_out": forest.size, "n_value": n_value, "n_sum": n_sum}
    values = {
        "tables": [Table(names[k], ctype_of(v.dtype), v.ravel()) for k, v in content.items()],
        "nodes": trees.nodes,
        "n_block_sums": trees.n_rows * n_sum,
        "sum": ctype_of(ending.value.dtype),
        "answer": f"host/forest_{ending.answer}.c.j2",
        "refuses_nan": forest.refuses_nan,
    }
    return Helper("host/forest.c.j2", {**ending.needs, **names, **trees.counts, **counts, **values})


def filled(values: NDArray[Any], width: int) -> NDArray[Any]:
    """The rows, filled up with zeros."""
    rows = np.zeros((len(values), width), values.dtype)
    rows[:, : values.shape[1]] = values
    return rows


def padded(n_out: int) -> int:
    """Room for n_out sums in whole vectors."""
    return n_out if n_out < 3 else -(-n_out // 4) * 4
