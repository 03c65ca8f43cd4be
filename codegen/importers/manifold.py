"""Embeddings that have no map for a row they have not seen: refused, with the way out."""

from codegen.importers.attributes import refuse
from codegen.importers.registry import importer
from codegen.ir import Node, Outputs
from codegen.load import Record

MANIFOLD = "sklearn.manifold."


@importer(MANIFOLD + "TSNE", MANIFOLD + "MDS", MANIFOLD + "ClassicalMDS")
def embedding(est: Record, x: Node) -> Outputs:
    """Refuse: only the positions of the training rows are known."""
    del x
    advice = "fit MLPRegressor on the training rows and embedding_, and export that"
    raise refuse(est, "no map for rows that it has not seen", advice)
