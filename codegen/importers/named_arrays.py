"""Models that are plain arrays: a linear one, and a factorization machine."""

import numpy as np

from codegen.importers.attributes import classifier, complement, floats, refuse, regressor
from codegen.importers.factors import squared_length, without_bias
from codegen.importers.linear import logistic_regression
from codegen.importers.registry import importer
from codegen.ir import (
    Affine,
    Concat,
    Elementwise,
    Floats,
    Node,
    Outputs,
    Scale,
    require,
)
from codegen.load import Record

LINKS = ("exp", "logistic")


@importer("codegen.arrays.LinearModel")
def linear_model(est: Record, x: Node) -> Outputs:
    """weight x + bias, and its link; with classes a logistic or a softmax."""
    weight = np.atleast_2d(floats(est.weight))
    bias = np.broadcast_to(floats(est.get("bias", 0.0)), len(weight)).copy()
    if "classes" not in est:
        link, y = str(est.get("link", "identity")), Affine(x, weight, bias)
        if link not in ("identity", *LINKS):
            raise refuse(est, f"link={link!r}", "use 'identity', 'exp' or 'logistic'")
        return regressor(y if link == "identity" else Elementwise(y, link))
    only = "logistic" if len(weight) == 1 else "softmax"
    if (link := str(est.get("link", only))) != only:
        advice = "with classes it is 'logistic' for one row of weights, else 'softmax'"
        raise refuse(est, f"link={link!r}", advice)
    state = {"coef_": weight, "intercept_": bias, "classes_": est.classes}
    return logistic_regression(Record(est.reference, (), state), x)


@importer("codegen.arrays.FactorizationMachine")
def factorization_machine(est: Record, x: Node) -> Outputs:
    """w0 + w x + (|V x|^2 - |d x|^2) / 2, d^2 the squares of V summed over its rows."""
    w, factors = floats(est.w), np.atleast_2d(floats(est.V))
    require(w.shape == (x.size,) and np.size(est.w0) == 1, "one weight for each column")
    require(factors.shape[1:] == (x.size,), "factors of another width")
    together = squared_length(Affine(x, *without_bias(factors)))
    alone = squared_length(Scale(x, multiply=lengths(factors)))
    weight = np.concatenate([w, [0.5, -0.5]])[None, :]
    y = Affine(Concat((x, together, alone)), weight, floats(est.w0).reshape(1))
    if "classes" not in est:
        return regressor(y)
    return classifier(est.classes, score=y, proba=complement(Elementwise(y, "logistic")))


def lengths(factors: Floats) -> Floats:
    """The length of each column."""
    return np.asarray(np.sqrt((factors * factors).sum(axis=0)))
