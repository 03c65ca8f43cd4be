"""Factors and topics of rows without a number below 0: what one row, alone, is made of."""

import numpy as np

from codegen.exact import product
from codegen.importers.attributes import floats, refuse, transformer
from codegen.importers.decomposition import DECOMPOSITION
from codegen.importers.registry import importer
from codegen.ir import Affine, Encode, Factorize, Floats, LatentDirichlet, Node, Outputs, require
from codegen.load import Record

OF_SINGLES = "fit it on float64 rows: with float32 rounding decides where its transform ends"
OTHER_LOSS = "use 'frobenius', 'kullback-leibler' or 'itakura-saito'"
LOSSES_OF: dict[str | float, str] = {
    "frobenius": "frobenius",
    "kullback-leibler": "kullback",
    "itakura-saito": "itakura",
    2.0: "frobenius",
    1.0: "kullback",
    0.0: "itakura",
}
NOT_SHUFFLED = "set shuffle=False: the components stay as they are"


@importer(DECOMPOSITION + "NMF")
def factorization(est: Record, x: Node) -> Outputs:
    """The w >= 0 with least |x - H'w|^2 / 2 + l1 sum(w) + l2 |w|^2 / 2, H the components."""
    if est.solver == "mu":
        return transformer(by_multiplication(est, x, "divergence", est.max_iter))
    atoms = parts(est, x)
    l1, l2 = penalties(est, x.size)
    require(est.solver == "cd", f"solver={est.solver!r}")
    if est.shuffle:
        raise refuse(est, "shuffle=True", NOT_SHUFFLED)
    gram = product(atoms, atoms.T) + l2 * np.eye(len(atoms))
    products = Affine(x, atoms, np.full(len(atoms), -l1))
    return transformer(Encode(products, gram, "descent", int(est.max_iter), float(est.tol)))


@importer(DECOMPOSITION + "MiniBatchNMF")
def factorization_in_batches(est: Record, x: Node) -> Outputs:
    """Rounds of multiplication until one of them changes little."""
    count = est.max_iter if est.transform_max_iter is None else est.transform_max_iter
    return transformer(by_multiplication(est, x, "change", count))


def by_multiplication(est: Record, x: Node, rule: str, count: int) -> Node:
    """The factors of the loss; NMF adds l1 once more in every round of kullback-leibler."""
    atoms, loss = parts(est, x), known_loss(est)
    grows = loss == "kullback" and rule == "divergence"
    l1, l2 = penalties(est, x.size)
    return Factorize(x, atoms, loss, l1, l2, grows, rule, int(count), float(est.tol))


def known_loss(est: Record) -> str:
    """The name of a loss that may be given as a power."""
    loss = est.beta_loss if isinstance(est.beta_loss, str) else float(est.beta_loss)
    if loss not in LOSSES_OF:
        raise refuse(est, f"beta_loss={est.beta_loss!r}", OTHER_LOSS)
    return LOSSES_OF[loss]


def parts(est: Record, x: Node) -> Floats:
    """The components: what rows are sums of."""
    if est.components_.dtype == np.float32:
        raise refuse(est, "components of float32", OF_SINGLES)
    atoms = floats(est.components_)
    require(atoms.ndim == 2 and atoms.shape[1] == x.size, "components of another width")
    require(bool((atoms >= 0).all()), "components below 0")
    return atoms


@importer(DECOMPOSITION + "LatentDirichletAllocation")
def topics(est: Record, x: Node) -> Outputs:
    """The shares of topics in a row of counts."""
    if est.exp_dirichlet_component_.dtype == np.float32:
        raise refuse(est, "components of float32", OF_SINGLES)
    words, prior = floats(est.exp_dirichlet_component_), float(est.doc_topic_prior_)
    count, least = int(est.max_doc_update_iter), float(est.mean_change_tol)
    return transformer(LatentDirichlet(x, words, prior, count, least))


def penalties(est: Record, n_features: int) -> tuple[float, float]:
    """The weights of the sum of the coefficients and of their squares."""
    alpha, share = n_features * float(est.alpha_W), float(est.l1_ratio)
    require(alpha >= 0 and 0 <= share <= 1, "a penalty below 0")
    return alpha * share, alpha * (1 - share)
