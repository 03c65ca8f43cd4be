"""Estimated covariances: the squared distance to the mean that they measure, and its cut."""

import numpy as np

from codegen.importers.attributes import floats, outlier_detector, refuse
from codegen.importers.factors import quadratic_form
from codegen.importers.registry import importer
from codegen.ir import Node, Outputs, Scale
from codegen.load import Record

COVARIANCE = "sklearn.covariance."


@importer(
    COVARIANCE + "EmpiricalCovariance",
    COVARIANCE + "ShrunkCovariance",
    COVARIANCE + "LedoitWolf",
    COVARIANCE + "OAS",
    COVARIANCE + "MinCovDet",
    COVARIANCE + "GraphicalLasso",
    COVARIANCE + "GraphicalLassoCV",
)
def covariance(est: Record, x: Node) -> Outputs:
    """The squared Mahalanobis distance, as scikit-learn calls it."""
    return Outputs("covariance", {"mahalanobis": mahalanobis(est, x)})


@importer(COVARIANCE + "EllipticEnvelope")
def elliptic_envelope(est: Record, x: Node) -> Outputs:
    """+1 as far as the offset allows, else -1; the score is the negative squared distance."""
    square = mahalanobis(est, x)
    negative = np.array([-1.0])
    found = outlier_detector(
        score=Scale(square, multiply=negative, add=-floats(est.offset_).reshape(1)),
        samples=Scale(square, multiply=negative),
    )
    return Outputs(found.kind, {**found.methods, "mahalanobis": square})


def mahalanobis(est: Record, x: Node) -> Node:
    """z P z with the precision matrix P, z the distance to the mean."""
    if est.get("precision_") is None:
        raise refuse(est, "store_precision=False", "fit with store_precision=True")
    centred = Scale(x, subtract=floats(est.location_))
    return quadratic_form(centred, floats(est.precision_))
