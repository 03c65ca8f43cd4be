"""Multi-layer perceptrons: linear maps with a function of every value between them."""

from codegen.importers.attributes import (
    complement,
    floats,
    refuse,
    regressor,
    scored_classifier,
    transformer,
)
from codegen.importers.registry import importer
from codegen.ir import (
    Affine,
    ArgMax,
    Choice,
    Elementwise,
    Node,
    Outputs,
    Softmax,
    Threshold,
    require,
)
from codegen.load import Record

NETWORK = "sklearn.neural_network."
FUNCTIONS = ("exp", "logistic", "relu", "tanh")


@importer(NETWORK + "MLPClassifier")
def mlp_classifier(est: Record, x: Node) -> Outputs:
    """The softmax of the last layer; for two classes the sigmoid of its one value, above a half.

    A sigmoid is above a half where its argument is above zero, but for arguments so small that
    Python rounds the sigmoid to a half.
    """
    score = last_layer(est, x)
    if est.out_activation_ == "logistic" and score.size > 1:
        raise refuse(est, "multilabel targets", "fit one classifier for each label")
    wanted = "logistic" if score.size == 1 else "softmax"
    require(est.out_activation_ == wanted, f"the last activation is not {wanted}")
    if score.size == 1:
        predict: Choice = Threshold(score, 0.0, inclusive=False)
        proba: Node = complement(Elementwise(score, "logistic"))
    else:
        predict, proba = ArgMax(score), Softmax(score)
    return scored_classifier(est.classes_, predict=predict, proba=proba)


@importer(NETWORK + "MLPRegressor")
def mlp_regressor(est: Record, x: Node) -> Outputs:
    """The last layer, one value for each output; for the Poisson loss its exponential."""
    return regressor(activated(est, last_layer(est, x), est.out_activation_))


def last_layer(est: Record, x: Node) -> Node:
    """Each layer but the last is followed by the activation; coefs_ are (n_in, n_out)."""
    require(len(est.coefs_) == len(est.intercepts_) > 0, "the layers of a network")
    layers = list(zip(est.coefs_, est.intercepts_, strict=True))
    for number, (weight, bias) in enumerate(layers):
        if number > 0:
            x = activated(est, x, est.activation)
        x = Affine(x, floats(weight).T.copy(), floats(bias))
    return x


def activated(est: Record, x: Node, name: str) -> Node:
    """The values behind an activation; the identity is none."""
    if name == "identity":
        return x
    if name not in FUNCTIONS:
        raise refuse(est, f"activation={name!r}", "use relu, tanh, logistic or identity")
    return Elementwise(x, name)


@importer(NETWORK + "BernoulliRBM")
def restricted_boltzmann_machine(est: Record, x: Node) -> Outputs:
    """The sigmoid of W x + b: how likely each hidden unit is on."""
    hidden = Affine(x, floats(est.components_), floats(est.intercept_hidden_))
    return transformer(Elementwise(hidden, "logistic"))
