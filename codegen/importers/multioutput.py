"""Several outputs from estimators of one: beside each other, or each seeing those before it."""

import numpy as np

from codegen.importers.attributes import floats, integers, refuse, regressor
from codegen.importers.members import answer, as_number, asked, known_classes, refusing_nan
from codegen.importers.registry import importer
from codegen.ir import Concat, Elementwise, Gather, Node, Outputs, require
from codegen.load import Record

MULTIOUTPUT = "sklearn.multioutput."


@importer(MULTIOUTPUT + "MultiOutputClassifier")
def multi_output_classifier(est: Record, x: Node) -> Outputs:
    """One classifier for each output; their probabilities one after the other."""
    inside = [asked(est, inner, x) for inner in est.estimators_]
    classes = tuple(known_classes(outputs) for outputs in inside)
    shared = [
        method
        for method in ("predict", "predict_proba")
        if all(method in outputs.methods for outputs in inside)
    ]
    methods = {method: together([o.methods[method] for o in inside]) for method in shared}
    return Outputs("classifier", methods, classes)


@importer(MULTIOUTPUT + "MultiOutputRegressor")
def multi_output_regressor(est: Record, x: Node) -> Outputs:
    """One regressor for each output."""
    return regressor(together([answer(est, asked(est, e, x), "predict") for e in est.estimators_]))


@importer(MULTIOUTPUT + "RegressorChain")
def regressor_chain(est: Record, x: Node) -> Outputs:
    """Each regressor sees the row and the answers of those before it."""
    links = chained(est, x, "predict")
    return refusing_nan(regressor(in_order(est, [o.methods["predict"] for o in links])))


@importer(MULTIOUTPUT + "ClassifierChain")
def classifier_chain(est: Record, x: Node) -> Outputs:
    """Each classifier sees the row and the labels (or scores) of those before it.

    scikit-learn gives labels as floats, and of probabilities those of the second classes alone.
    """
    links = chained(est, x, est.get("chain_method_", "predict"))
    classes = [floats(known_classes(outputs)) for outputs in links]
    methods = {"predict": in_order(est, [o.methods["predict"] for o in links])}
    for method in ("predict_proba", "decision_function"):
        if all(method in o.methods for o in links) and all(c.size == 2 for c in classes):
            methods[method] = in_order(est, [of_second(o, method) for o in links])
    by_output = [classes[i] for i in np.argsort(order_of(est))]
    return refusing_nan(Outputs("classifier", methods, tuple(by_output)))


def chained(est: Record, x: Node, method: str) -> list[Outputs]:
    """What each link answers, in the order of the chain."""
    require(len(est.estimators_) == len(order_of(est)) > 0, "the order of a chain")
    links: list[Outputs] = []
    seen: list[Node] = [x]
    for inner in est.estimators_:
        row = Concat(tuple(seen)) if len(seen) > 1 else x
        links.append(asked(est, inner, row))
        seen.append(handed_on(est, links[-1], method))
    return links


def handed_on(est: Record, outputs: Outputs, method: str) -> Node:
    """The number that the next links see: a label, or what is said of the second class."""
    if outputs.kind == "regressor":
        return answer(est, outputs, "predict")
    if method == "predict":
        return as_number(answer(est, outputs, "predict"), known_classes(outputs))
    if method == "predict_log_proba":
        return Elementwise(of_second(outputs, "predict_proba"), "log")
    if method not in ("predict_proba", "decision_function"):
        raise refuse(est, f"chain_method={method!r}", "use 'predict' or 'predict_proba'")
    answer(est, outputs, method)
    return of_second(outputs, method)


def of_second(outputs: Outputs, method: str) -> Node:
    """The score of a classifier of two classes, or the probability of the second."""
    require(len(known_classes(outputs)) == 2, "a link of two classes")
    y = outputs.methods[method]
    return Gather(y, np.array([1])) if method == "predict_proba" else y


def in_order(est: Record, answers: list[Node]) -> Node:
    """The answers of the links, by output."""
    return together([answers[i] for i in np.argsort(order_of(est))])


def order_of(est: Record) -> list[int]:
    """Which output each link stands for."""
    order = [int(i) for i in integers(est.order_)]
    require(sorted(order) == list(range(len(order))), "the order of a chain")
    return order


def together(answers: list[Node]) -> Node:
    """The answers one after the other."""
    require(len(answers) > 0, "a composite without members")
    return answers[0] if len(answers) == 1 else Concat(tuple(answers))
