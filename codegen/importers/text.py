"""Counts of words as weights."""

import numpy as np

from codegen.importers.attributes import floats, transformer
from codegen.importers.registry import importer
from codegen.ir import Elementwise, Node, Normalize, Outputs, Scale
from codegen.load import Record

TEXT = "sklearn.feature_extraction.text."


@importer(TEXT + "TfidfTransformer")
def tfidf_transformer(est: Record, x: Node) -> Outputs:
    """Counts (or 1 + their logarithm, 0 staying 0) times the inverse frequencies, over the norm."""
    if est.sublinear_tf:
        x = Scale(Elementwise(x, "log_count"), add=np.ones(x.size))
    if est.use_idf:
        x = Scale(x, multiply=floats(est.idf_))
    return transformer(x if est.norm is None else Normalize(x, est.norm))
