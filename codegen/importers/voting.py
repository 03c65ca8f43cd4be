"""Voting: the mean of the members' answers, or the class that most of them name."""

import numpy as np

from codegen.importers.attributes import floats, refuse, regressor, scored_classifier
from codegen.importers.members import (
    Member,
    answer,
    as_number,
    asked,
    known_classes,
    mean,
    places,
    side_by_side,
    votes,
)
from codegen.importers.registry import importer
from codegen.ir import ArgMax, Floats, Node, Outputs, require
from codegen.load import Record

ENSEMBLE = "sklearn.ensemble."


@importer(ENSEMBLE + "VotingClassifier")
def voting_classifier(est: Record, x: Node) -> Outputs:
    """Soft: the weighted mean of probabilities. Hard: the first class with the most votes.

    Members are fitted on the numbers of the classes; transform gives what they answer.
    """
    classes = np.asarray(est.classes_)
    numbers = np.arange(len(classes))
    inside = [asked(est, inner, x) for inner in est.estimators_]
    weights = weights_of(est, len(inside))
    if est.voting == "hard":
        indices = [answer(est, outputs, "predict") for outputs in inside]
        pairs = zip(indices, inside, weights.tolist(), strict=True)
        rows: list[Floats] = [
            w * np.eye(len(classes))[places(known_classes(o), numbers)] for _, o, w in pairs
        ]
        predict = ArgMax(counted(indices, rows))
        named = [as_number(i, known_classes(o)) for i, o in zip(indices, inside, strict=True)]
        return with_transform(scored_classifier(classes, predict=predict), side_by_side(named))
    require(est.voting == "soft", f"voting={est.voting!r}")
    probas = [answer(est, outputs, "predict_proba") for outputs in inside]
    for outputs in inside:
        require(np.array_equal(known_classes(outputs), numbers), "classes of a member")
    members = [Member(p, w * np.eye(len(classes))) for p, w in zip(probas, weights, strict=True)]
    proba = mean(members, float(weights.sum()))
    answers = scored_classifier(classes, predict=ArgMax(proba), proba=proba)
    return with_transform(answers, side_by_side(probas)) if est.flatten_transform else answers


@importer(ENSEMBLE + "VotingRegressor")
def voting_regressor(est: Record, x: Node) -> Outputs:
    """The weighted mean of the members' answers; transform gives them side by side."""
    values = [answer(est, asked(est, inner, x), "predict") for inner in est.estimators_]
    require(all(value.size == 1 for value in values), "a member with several outputs")
    weights = weights_of(est, len(values))
    members = [Member(v, np.full((1, 1), w)) for v, w in zip(values, weights, strict=True)]
    return with_transform(regressor(mean(members, float(weights.sum()))), side_by_side(values))


def weights_of(est: Record, n_members: int) -> Floats:
    """The weights of the members that were not dropped; all 1 where none are given."""
    if est.weights is None:
        return np.ones(n_members)
    pairs = zip(est.estimators, est.weights, strict=True)
    weights = floats([weight for (_, inner), weight in pairs if inner != "drop"])
    require(weights.shape == (n_members,) and (weights >= 0).all(), "weights of a vote")
    if weights.sum() == 0:
        raise refuse(est, "weights that are all 0", "give at least one member a weight")
    return weights


def counted(indices: list[Node], rows: list[Floats]) -> Node:
    """Votes as numpy's bincount adds them, in units and over a divisor that round nothing.

    Unlike weights get members that say nothing, so that the divisor is a power of two.
    """
    members = [Member(i, r) for i, r in zip(indices, rows, strict=True)]
    alike = len({float(row.max()) for row in rows}) == 1
    if alike:
        return votes(
            [Member(m.node, np.where(m.rows > 0, 1.0, 0.0)) for m in members], float(len(members))
        )
    largest = max(float(row.max()) for row in rows)
    unit = float(np.ldexp(1.0, -int(np.ceil(np.log2(largest)))))
    silent = (1 << (len(members) - 1).bit_length()) - len(members)
    scaled = [Member(m.node, np.asarray(m.rows * unit)) for m in members]
    scaled += [Member(indices[0], np.zeros_like(rows[0])) for _ in range(silent)]
    return votes(scaled, float(len(scaled)))


def with_transform(outputs: Outputs, y: Node) -> Outputs:
    """The same answers, and transform."""
    return Outputs(outputs.kind, {**outputs.methods, "transform": y}, outputs.classes)
