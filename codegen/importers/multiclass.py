"""Many classes from classifiers of two: one against the rest, one against one, codes."""

import numpy as np

from codegen.importers.attributes import (
    complement,
    floats,
    integers,
    labels,
    refuse,
    scored_classifier,
)
from codegen.importers.members import (
    Member,
    answer,
    asked,
    columns,
    constant,
    known_classes,
    mean,
    one_tree,
    side_by_side,
)
from codegen.importers.registry import importer
from codegen.ir import (
    Affine,
    ArgMax,
    Choice,
    Concat,
    Distance,
    Elementwise,
    Gather,
    Neighbors,
    Node,
    Normalize,
    OneHot,
    Outputs,
    Pairwise,
    Scale,
    Threshold,
    require,
)
from codegen.load import Record

MULTICLASS = "sklearn.multiclass."


@importer(MULTICLASS + "_ConstantPredictor")
def constant_predictor(est: Record, x: Node) -> Outputs:
    """The one label that was there, 0 or 1, as its own score and probability."""
    value = float(floats(est.y_).item())
    require(value in (0.0, 1.0), "the label of a class that is always or never there")
    proba = constant(x, [1 - value, value])
    methods = {
        "predict": ArgMax(proba),
        "predict_proba": proba,
        "decision_function": constant(x, [value]),
    }
    return Outputs("classifier", methods, (np.array([0, 1]),))


@importer(MULTICLASS + "OneVsRestClassifier")
def one_vs_rest(est: Record, x: Node) -> Outputs:
    """The first class with the largest score; probabilities divided by their sum."""
    inside = [asked(est, inner, x) for inner in est.estimators_]
    require(len(inside) > 0, "a classifier without members")
    binarizer = est.label_binarizer_
    classes = labels(binarizer.classes_)
    scores = [score_of(est, outputs) for outputs in inside]
    methods = {
        "predict_proba": beside_each_other(inside, "predict_proba"),
        "decision_function": beside_each_other(inside, "decision_function"),
    }
    if str(binarizer.y_type_).startswith("multilabel"):
        return multilabel(scores, cut_of(inside[0]), methods)
    if len(scores) == 1:
        predict: Choice = Threshold(scores[0], cut_of(inside[0]), inclusive=False)
    else:
        predict = ArgMax(exactly_compared(scores) or side_by_side(scores))
    return scored_classifier(
        classes,
        predict=predict,
        score=methods["decision_function"],
        proba=one_against_rest(methods["predict_proba"]),
    )


def exactly_compared(scores: list[Node]) -> Node | None:
    """Shares in the leaves of single trees as one forest, whose label is exact; None of others.

    Every tree speaks for its own class; silent ones make the divisor a power of two.
    """
    trees = [one_tree(score.x) if isinstance(score, Gather) else None for score in scores]
    if any(tree is None for tree in trees):
        return None
    eye = np.eye(len(scores))
    rows = [np.vstack([np.zeros(len(scores)), own]) for own in eye]
    members = [Member(s.x, r) for s, r in zip(scores, rows, strict=True) if isinstance(s, Gather)]
    silent = (1 << (len(scores) - 1).bit_length()) - len(scores)
    members += [Member(members[0].node, 0 * rows[0])] * silent
    return mean(members, float(len(members)))


def beside_each_other(inside: list[Outputs], method: str) -> Node | None:
    """The scores of all members, or the probabilities of their second class, if all have them."""
    if not all(method in outputs.methods for outputs in inside):
        return None
    parts = [outputs.methods[method] for outputs in inside]
    if method == "predict_proba":
        parts = [Gather(part, np.array([1])) for part in parts]
    require(all(part.size == 1 for part in parts), "members that tell two classes apart")
    return side_by_side(parts)


def one_against_rest(rate: Node | None) -> Node | None:
    """Probabilities from one rate for each class; from one alone for two classes."""
    if rate is None:
        return None
    return complement(rate) if rate.size == 1 else Normalize(rate, "sum")


def multilabel(scores: list[Node], cut: float, methods: dict[str, Node | None]) -> Outputs:
    """For each label whether it is there: 0 or 1; one probability for each."""
    predict = Concat(tuple(Threshold(score, cut, inclusive=False) for score in scores))
    kept = {method: y for method, y in methods.items() if y is not None}
    return Outputs("classifier", {"predict": predict, **kept}, (np.array([0, 1]),) * len(scores))


def score_of(est: Record, outputs: Outputs) -> Node:
    """How sure a member is: a regressor's answer, a score, or the second class's probability."""
    if outputs.kind == "regressor":
        score = outputs.methods["predict"]
    elif "decision_function" in outputs.methods:
        score = outputs.methods["decision_function"]
    else:
        score = Gather(answer(est, outputs, "predict_proba"), np.array([1]))
    require(score.size == 1, "a member that tells two classes apart")
    return score


def cut_of(outputs: Outputs) -> float:
    """Where a member's score is cut: at 0, or at a half for probabilities and regressors."""
    return 0.0 if "decision_function" in outputs.methods else 0.5


@importer(MULTICLASS + "OneVsOneClassifier")
def one_vs_one(est: Record, x: Node) -> Outputs:
    """Votes of the pairs and, for equal votes, their scores: votes + s / (3 (|s| + 1)).

    A member (i, j) votes j where it predicts 1; its score speaks for j.
    """
    classes = labels(est.classes_)
    inside = asked_on_pairs(est, x)
    if any(outputs.kind == "regressor" for outputs in inside):
        raise refuse(est, "regressors inside", "use a classifier")
    scores = [score_of(est, outputs) for outputs in inside]
    y = pair_scores(inside, scores, len(classes))
    if len(classes) > 2:
        return scored_classifier(classes, predict=ArgMax(y), score=y)
    second = Gather(y, np.array([1]))
    predict = Threshold(second, cut_of(inside[0]), inclusive=False)
    return scored_classifier(classes, predict=predict, score=second)


def asked_on_pairs(est: Record, x: Node) -> list[Outputs]:
    """The members' answers; for kernels that were computed before, each on its own columns."""
    picks = est.get("pairwise_indices_")
    if picks is None:
        return [asked(est, inner, x) for inner in est.estimators_]
    pairs = zip(est.estimators_, picks, strict=True)
    return [asked(est, inner, columns(x, integers(pick))) for inner, pick in pairs]


def pair_scores(inside: list[Outputs], scores: list[Node], n_classes: int) -> Node:
    """A value for each class; the sign of a score is the vote where members predict by it."""
    if all(cut_at_zero(o.methods["predict"], s) for o, s in zip(inside, scores, strict=True)):
        turned = [Scale(score, multiply=np.array([-1.0])) for score in scores]
        return Pairwise(side_by_side(turned), n_classes, "scores")
    require(all(known_classes(o).tolist() == [0, 1] for o in inside), "members of two classes")
    first, second = (np.eye(n_classes)[side] for side in np.triu_indices(n_classes, 1))
    require(len(first) == len(scores), "one member for each pair of classes")
    votes = np.stack([first, second], axis=1).reshape(-1, n_classes)
    sums = Affine(side_by_side(scores), (second - first).T.copy(), np.zeros(n_classes))
    named = OneHot(Concat(tuple(o.methods["predict"] for o in inside)), np.full(len(inside), 2))
    weight = np.hstack([votes.T, np.eye(n_classes) / 3])
    return Affine(Concat((named, Elementwise(sums, "softsign"))), weight, np.zeros(n_classes))


def cut_at_zero(predict: Node, score: Node) -> bool:
    """Whether a member predicts its second class where its score is above 0."""
    if not isinstance(predict, Threshold):
        return False
    return predict.x is score and predict.cut == 0 and not predict.inclusive


@importer(MULTICLASS + "OutputCodeClassifier")
def output_code(est: Record, x: Node) -> Outputs:
    """The class whose code is nearest to the members' scores."""
    scores = [score_of(est, asked(est, inner, x)) for inner in est.estimators_]
    predict = Neighbors(Distance(side_by_side(scores), floats(est.code_book_)), 1)
    return scored_classifier(est.classes_, predict=predict)
