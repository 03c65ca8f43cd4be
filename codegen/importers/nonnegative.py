"""Factors of rows without a number below 0: what one row, alone, is made of."""

import numpy as np

from codegen.importers.attributes import floats, refuse, transformer
from codegen.importers.decomposition import DECOMPOSITION
from codegen.importers.factors import product
from codegen.importers.registry import importer
from codegen.ir import Affine, Encode, Floats, Node, Outputs, require
from codegen.load import Record

OF_SINGLES = "fit it on float64 rows: with float32 rounding decides where its transform ends"
NOT_SHUFFLED = "set shuffle=False: the components stay as they are"


@importer(DECOMPOSITION + "NMF")
def factorization(est: Record, x: Node) -> Outputs:
    """The w >= 0 with least |x - H'w|^2 / 2 + l1 sum(w) + l2 |w|^2 / 2, H the components."""
    atoms = parts(est, x)
    l1, l2 = penalties(est, x.size)
    if est.solver != "cd":
        raise refuse(est, f"solver={est.solver!r}", "fit with solver='cd'")
    if est.shuffle:
        raise refuse(est, "shuffle=True", NOT_SHUFFLED)
    gram = product(atoms, atoms.T) + l2 * np.eye(len(atoms))
    products = Affine(x, atoms, np.full(len(atoms), -l1))
    return transformer(Encode(products, gram, "descent", int(est.max_iter), float(est.tol)))


def parts(est: Record, x: Node) -> Floats:
    """The components: what rows are sums of."""
    if est.components_.dtype == np.float32:
        raise refuse(est, "components of float32", OF_SINGLES)
    atoms = floats(est.components_)
    require(atoms.ndim == 2 and atoms.shape[1] == x.size, "components of another width")
    require(bool((atoms >= 0).all()), "components below 0")
    return atoms


def penalties(est: Record, n_features: int) -> tuple[float, float]:
    """The weights of the sum of the coefficients and of their squares."""
    alpha, share = n_features * float(est.alpha_W), float(est.l1_ratio)
    require(alpha >= 0 and 0 <= share <= 1, "a penalty below 0")
    return alpha * share, alpha * (1 - share)
