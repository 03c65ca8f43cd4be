"""CatBoost: a sum of trees that ask whether x > border, with x in float32, as its JSON tells it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.importers.attributes import complement, floats, refuse, regressor, scored_classifier
from codegen.importers.registry import importer
from codegen.importers.trees import NODE, in_one_table
from codegen.ir import (
    ArgMax,
    Elementwise,
    Floats,
    Node,
    Outputs,
    Round32,
    Scale,
    Softmax,
    Threshold,
    require,
)
from codegen.load import Record

BINARY = ("Logloss", "CrossEntropy")
EXPONENTIAL = ("Poisson", "Tweedie")
IDENTITY = (
    "RMSE",
    "MAE",
    "Quantile",
    "MAPE",
    "Huber",
    "Expectile",
    "LogCosh",
    "Lq",
    "MultiRMSE",
    "QueryRMSE",
    "YetiRank",
    "YetiRankPairwise",
    "PairLogit",
    "PairLogitPairwise",
)
DEEPEST = 16

Tree = tuple[NDArray[Any], Floats]
"""The nodes of a tree, the root first, and a row of values for each."""


@importer("catboost.core.CatBoost")
def catboost(est: Record, x: Node) -> Outputs:
    """What the wrapper for the loss answers: a class and its probabilities, or a number."""
    info = est.model["model_info"]
    loss, score = str(info["params"]["loss_function"]["type"]), summed(est, x)
    if loss in IDENTITY:
        return regressor(score)
    if loss in EXPONENTIAL:
        return regressor(Elementwise(score, "exp"))
    if loss in BINARY:
        predict = Threshold(score, 0.0, inclusive=False)
        second = Elementwise(score, "logistic")
        known = class_names(info, 2)
        return scored_classifier(known, predict=predict, proba=complement(second))
    known = class_names(info, score.size)
    if loss == "MultiClass":
        return scored_classifier(known, predict=ArgMax(score), proba=Softmax(score))
    if loss == "MultiClassOneVsAll":
        rate = Elementwise(score, "logistic")
        return scored_classifier(known, predict=ArgMax(score), proba=rate)
    known_losses = ", ".join((*BINARY, "MultiClass", "MultiClassOneVsAll", *EXPONENTIAL, *IDENTITY))
    raise refuse(est, f"loss_function={loss!r}", f"use one of {known_losses}")


def class_names(info: dict[str, Any], n_classes: int) -> Any:
    """The labels; numbers from 0 on where the file tells none."""
    names = info.get("class_params", {}).get("class_names", ())
    return np.asarray(names) if len(names) else np.arange(n_classes)


def summed(est: Record, x: Node) -> Node:
    """scale * (the sum of the trees) + bias, one number for each class or target."""
    columns = floats_of(est)
    if "oblivious_trees" in est.model:
        trees = [symmetric(est, tree, columns) for tree in est.model["oblivious_trees"]]
    else:
        trees = [grown(est, tree, columns) for tree in est.model["trees"]]
    nodes, values = zip(*trees, strict=True)
    no_nan = all(not column["has_nans"] for column in columns.values())
    total = in_one_table(Round32(x), list(nodes), list(values), divisor=1.0, refuses_nan=no_nan)
    factor, bias = est.model["scale_and_bias"]
    bias = np.broadcast_to(floats(bias), total.size)
    if factor == 1 and not bias.any():
        return total
    multiply = None if factor == 1 else np.full(total.size, float(factor))
    return Scale(total, multiply=multiply, add=bias.copy())


def floats_of(est: Record) -> dict[int, dict[str, Any]]:
    """What the file tells of each column of numbers, by its index among them."""
    known = est.model["features_info"]["float_features"]
    return {int(column["feature_index"]): column for column in known}


def asked(est: Record, split: dict[str, Any], columns: dict[int, dict[str, Any]]) -> Any:
    """The node of one split; a missing number is below all borders, or above them."""
    if split["split_type"] != "FloatFeature":
        raise refuse(est, "splits of categories", "encode them as numbers and fit on these")
    column = columns[int(split["float_feature_index"])]
    to_left = column["nan_value_treatment"] != "AsTrue"
    border = float(np.float32(split["border"]))
    return (0, 0, int(column["flat_feature_index"]), border, to_left)


def symmetric(est: Record, tree: dict[str, Any], columns: dict[int, dict[str, Any]]) -> Tree:
    """A tree that asks the same on all nodes of a level; split i gives bit i of the leaf's number.

    Its nodes stand in the order of a heap: the children of node i are 2 i + 1 and 2 i + 2.
    """
    splits = [asked(est, split, columns) for split in tree.get("splits", ())]
    require(len(splits) <= DEEPEST, f"a symmetric tree of depth {len(splits)}")
    leaves = np.asarray(tree["leaf_values"], np.float64)
    require(leaves.size > 0 and leaves.size % (1 << len(splits)) == 0, "the leaves of a tree")
    leaves = leaves.reshape(1 << len(splits), -1)
    levels = [split for i, split in enumerate(splits[::-1]) for _ in range(1 << i)]
    nodes = np.array(levels + [(-1, -1, 0, 0.0, 0)] * len(leaves), NODE)
    inner = np.arange(len(levels))
    nodes["left_child"][inner], nodes["right_child"][inner] = 2 * inner + 1, 2 * inner + 2
    return nodes, np.vstack([np.zeros((len(levels), leaves.shape[1])), leaves])


def grown(est: Record, tree: dict[str, Any], columns: dict[int, dict[str, Any]]) -> Tree:
    """A tree of nested nodes, each with a split or a value; without recursion."""
    nodes: list[Any] = [None]
    values: list[Any] = [None]
    waiting = [(0, tree)]
    while waiting:
        place, node = waiting.pop()
        if "split" not in node:
            nodes[place], values[place] = (-1, -1, 0, 0.0, 0), np.atleast_1d(floats(node["value"]))
            continue
        left = len(nodes)
        _, _, *rest = asked(est, node["split"], columns)
        nodes[place] = (left, left + 1, *rest)
        nodes += [None, None]
        values += [None, None]
        waiting += [(left, node["left"]), (left + 1, node["right"])]
    width = max(row.size for row in values if row is not None)
    rows = [np.zeros(width) if row is None else row for row in values]
    return np.array(nodes, NODE), np.array(rows)
