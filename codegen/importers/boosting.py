"""Gradient boosting: an initial score, and the leaf values of all stages times the learning rate.

The sums are scikit-learn's to the last bit: binary64, the initial score first, stage after stage,
each leaf value multiplied by the learning rate and rounded before it is added.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from codegen.importers.attributes import (
    complement,
    floats,
    name,
    refuse,
    regressor,
    scored_classifier,
)
from codegen.importers.members import answer
from codegen.importers.registry import has_float32_parameters, import_outputs, importer
from codegen.importers.trees import in_one_table, nodes_of
from codegen.ir import (
    Affine,
    ArgMax,
    Bucketize,
    Choice,
    Clip,
    Concat,
    Elementwise,
    Floats,
    Gather,
    Node,
    Outputs,
    Round32,
    Scale,
    Softmax,
    Threshold,
    TreeEnsemble,
    inputs,
    require,
    walk,
)
from codegen.load import Record

ENSEMBLE = "sklearn.ensemble."
LINKS = {"log_loss": 1.0, "deviance": 1.0, "exponential": 2.0}
"""By which number the raw score of two classes is multiplied before the sigmoid."""

EPS = {True: float(np.finfo(np.float32).eps), False: float(np.finfo(np.float64).eps)}
"""Initial probabilities are kept so far from 0 and 1: by losses of its own, and by the others."""


@importer(ENSEMBLE + "GradientBoostingClassifier")
def gradient_boosting_classifier(est: Record, x: Node) -> Outputs:
    """The sigmoid of the raw score, class 1 from zero on; the softmax for more classes."""
    n_classes = len(est.classes_)
    if est.loss not in LINKS:
        raise refuse(est, f"loss={est.loss!r}", "use log_loss or exponential")
    scale = LINKS[est.loss]
    score = raw_score(est, x, n_classes, scale)
    if score.size == 1:
        predict: Choice = Threshold(score, 0.0, inclusive=True)
        scaled = score if scale == 1 else Scale(score, multiply=np.array([scale]))
        proba: Node = complement(Elementwise(scaled, "logistic"))
    else:
        predict, proba = ArgMax(score), Softmax(score)
    return scored_classifier(est.classes_, predict=predict, score=score, proba=proba)


def raw_score(est: Record, x: Node, n_classes: int, scale: float) -> Node:
    """The stages' sum, from the link of what the initial estimator takes for probabilities."""
    match kind_of(est.init_):
        case "zero":
            return boosted(est, x, np.zeros(1 if n_classes == 2 else n_classes))
        case "dummy":
            known = initial_probabilities(est, est.init_)
            require(known.shape == (n_classes,), "initial probabilities of the classes")
            return boosted(est, x, linked(est, known[None])[0] / scale)
        case "tree":
            return behind_tree(est, x, linked(est, est.init_.tree_.values[:, 0]) / scale)
        case _:
            proba = asked(est, est.init_, x, "predict_proba")
            return added(est, x, linked_node(est, proba, scale))


@importer(ENSEMBLE + "GradientBoostingRegressor")
def gradient_boosting_regressor(est: Record, x: Node) -> Outputs:
    """The raw score; the links of all its losses are the identity."""
    match kind_of(est.init_):
        case "zero":
            return regressor(boosted(est, x, np.zeros(1)))
        case "dummy":
            return regressor(boosted(est, x, floats(est.init_.constant_).ravel()))
        case "tree":
            return regressor(behind_tree(est, x, est.init_.tree_.values[:, :, 0]))
        case _:
            return regressor(added(est, x, asked(est, est.init_, x, "predict", linear=True)))


def kind_of(init: Any) -> str:
    """Whether an initial estimator is none, the same for every row, one tree, or another."""
    if not isinstance(init, Record):
        return "zero"
    return {"sklearn.dummy": "dummy", "sklearn.tree": "tree"}.get(init.path.rpartition(".")[0], "")


def has_own_losses(est: Record) -> bool:
    """Whether it is of scikit-learn 1.3, whose boosting did not share the losses of the others."""
    return bool(est._loss.path.startswith(ENSEMBLE))


def linked(est: Record, proba: Floats) -> Floats:
    """Log odds of two classes; of more the logarithms, centred as scikit-learn rounds them."""
    own = has_own_losses(est)
    clipped = np.clip(proba, EPS[own], 1 - EPS[own])
    if own:
        two = proba.shape[1] == 2
        return np.log(clipped[:, 1:] / (1 - clipped[:, 1:])) if two else np.log(clipped)
    if proba.shape[1] == 2:
        from scipy.special import logit

        return np.asarray(logit(clipped[:, 1:]))
    mean = np.exp(np.mean(np.log(clipped), axis=1))
    return np.asarray(np.log(clipped / mean[:, None]))


def linked_node(est: Record, proba: Node, scale: float) -> Node:
    """The same of what an estimator answers."""
    own = has_own_losses(est)
    if proba.size == 2:
        proba, weight = complement(Gather(proba, np.array([1]))), np.array([[-1.0, 1.0]]) / scale
    else:
        weight = np.eye(proba.size) - (0 if own else 1 / proba.size)
    clipped = Clip(proba, EPS[own], 1 - EPS[own])
    return Affine(Elementwise(clipped, "log"), weight, np.zeros(len(weight)))


def asked(est: Record, init: Record, x: Node, method: str, *, linear: bool = False) -> Node:
    """What an initial estimator answers: one that only compares, or gives float32 numbers.

    linear: the latter may be. Log odds of rounded probabilities have no bound.
    """
    start = answer(est, import_outputs(init, Round32(x)), method)
    if only_trees_read(x, start):
        return start
    if linear and has_float32_parameters(init):
        return Round32(start, throughout=True)
    advice = "its answers depend on how float32 rounds them; use trees, None or 'zero'"
    raise refuse(est, f"init={name(init)}", advice)


def only_trees_read(x: Node, start: Node) -> bool:
    """Whether numbers of the row are only compared."""
    passing = {id(x)}
    for node in walk([start]):
        if any(id(read) in passing for read in inputs(node)):
            if isinstance(node, Gather | Concat | Round32):
                passing.add(id(node))
            elif not isinstance(node, TreeEnsemble | Bucketize):
                return False
    return id(start) not in passing


def added(est: Record, x: Node, start: Node) -> Node:
    """A start of its own for each row, and then the stages."""
    both = Concat((start, boosted(est, x, np.zeros(start.size))))
    return Affine(both, np.hstack([np.eye(start.size)] * 2), np.zeros(start.size))


def behind_tree(est: Record, x: Node, start: Floats) -> TreeEnsemble:
    """The initial tree's leaf values, which stand first in each sum, and then the stages."""
    return boosted(est, x, np.zeros(start.shape[1]), [(est.init_.tree_, start)])


def boosted(
    est: Record, x: Node, start: Floats, before: Sequence[tuple[Record, Floats]] = ()
) -> TreeEnsemble:
    """start + the stages' leaf values times the learning rate; estimators_ (n_stages, n_out).

    before: trees that stand before the stages, with a value of each node for each output.
    """
    stages = est.estimators_
    require(stages.ndim == 2 and stages.shape[1] == start.size, "stages and classes")
    trees, values = [], []
    for k, column in enumerate(stages.T):
        own = [regressor_tree.tree_ for regressor_tree in column]
        trees += [*(tree for tree, _ in before), *own]
        values += [first[:, k : k + 1] for _, first in before]
        values += [float(est.learning_rate) * tree.values[:, :, 0] for tree in own]
    return in_one_table(
        Round32(x),
        nodes_of(trees),
        values,
        divisor=1.0,
        groups=start.size,
        start=start,
        refuses_nan=True,
    )


def initial_probabilities(est: Record, init: Record) -> Floats:
    """What a DummyClassifier answers on any row."""
    classes, prior = floats(init.classes_), floats(init.class_prior_)
    match init.strategy:
        case "prior":
            return prior
        case "most_frequent":
            return floats(np.arange(classes.size) == prior.argmax())
        case "uniform":
            return np.full(classes.size, 1 / classes.size)
        case "constant":
            return floats(classes == float(np.ravel(init.constant)[0]))
        case other:
            raise refuse(est, f"init=DummyClassifier(strategy={other!r})", "use 'prior' or 'zero'")
