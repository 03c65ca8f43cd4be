"""Labels that spread from row to row: a kernel-weighted mean of the rows' own distributions."""

import numpy as np

from codegen.importers.attributes import floats, refuse, scored_classifier, shares
from codegen.importers.neighbors import neighbors
from codegen.importers.registry import importer
from codegen.ir import Affine, ArgMax, Kernel, NeighborMean, Node, Outputs
from codegen.load import Record

SEMI = "sklearn.semi_supervised."


@importer(SEMI + "LabelPropagation", SEMI + "LabelSpreading")
def label_propagation(est: Record, x: Node) -> Outputs:
    """sum k(x, x_i) F_i over the training rows, as shares; F the distributions of their labels."""
    known = floats(est.label_distributions_)
    match est.kernel:
        case "rbf":
            weight = Kernel(x, floats(est.X_), "rbf", float(est.gamma), 0.0, 0)
            total: Node = Affine(weight, known.T.copy(), np.zeros(known.shape[1]))
        case "knn":
            if (known.sum(axis=1) == 0).any():
                what = "training rows that no label reached"
                raise refuse(est, what, "raise n_neighbors: scikit-learn answers NaN beside them")
            total = NeighborMean(neighbors(est.nn_fit, x, int(est.n_neighbors)), known)
        case _:
            raise refuse(est, "kernel=<callable>", "fit with 'rbf' or 'knn'")
    return scored_classifier(est.classes_, predict=ArgMax(total), proba=shares(total))
