"""Sparse codes over a dictionary; factors that only an iteration finds are refused."""

from typing import Any

import numpy as np

from codegen.exact import product
from codegen.importers.attributes import floats, refuse, transformer
from codegen.importers.decomposition import DECOMPOSITION
from codegen.importers.factors import without_bias
from codegen.importers.registry import importer
from codegen.ir import Affine, Concat, Elementwise, Encode, Floats, Node, Outputs, Scale
from codegen.load import Record


@importer(
    DECOMPOSITION + "DictionaryLearning",
    DECOMPOSITION + "MiniBatchDictionaryLearning",
    DECOMPOSITION + "SparseCoder",
)
def sparse_codes(est: Record, x: Node) -> Outputs:
    """Coefficients over the atoms; split_sign: their positive and their negative parts."""
    atoms = np.asarray(est.dictionary if "dictionary" in est else est.components_)
    match est.transform_algorithm:
        case "threshold":
            parts = shrunk(est, x, floats(atoms))
            return transformer(Concat(parts) if est.split_sign else difference(*parts))
        case "omp":
            code = pursued(est, x, atoms)
            return transformer(split(code) if est.split_sign else code)
        case other:
            advice = "set transform_algorithm='omp' or 'threshold': the atoms stay as they are"
            raise refuse(est, f"transform_algorithm={other!r}", advice)


def shrunk(est: Record, x: Node, atoms: Floats) -> tuple[Node, Node]:
    """How far a'x is above alpha, and below -alpha; positive_code leaves out the latter."""
    alpha = est.transform_alpha if est.transform_alpha is not None else est.get("alpha", 1.0)
    bias = np.full(len(atoms), -float(alpha))
    positive = Elementwise(Affine(x, atoms, bias), "relu")
    if est.positive_code:
        return positive, Scale(positive, multiply=np.zeros(len(atoms)))
    return positive, Elementwise(Affine(x, -atoms, bias), "relu")


def difference(positive: Node, negative: Node) -> Node:
    """The first minus the second: one of each two is 0."""
    n = positive.size
    sign = np.hstack([np.eye(n), -np.eye(n)])
    return Affine(Concat((positive, negative)), sign, np.zeros(n))


def pursued(est: Record, x: Node, atoms: Any) -> Node:
    """Orthogonal matching pursuit; a tenth of the columns, where no number of atoms is given."""
    weight = floats(atoms)
    count = est.transform_n_nonzero_coefs
    if count is None:
        count = min(max(x.size / 10, 1), len(weight))
    products = Affine(x, *without_bias(weight))
    least = float(np.finfo(atoms.dtype).eps)
    return Encode(products, product(weight, weight.T), "omp", int(count), least)


def split(code: Node) -> Node:
    """The positive parts, then the negative ones without their sign."""
    turned = Scale(code, multiply=np.full(code.size, -1.0))
    return Concat((Elementwise(code, "relu"), Elementwise(turned, "relu")))
