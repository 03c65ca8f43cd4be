"""Isotonic regression: a rising or falling curve through points."""

import numpy as np

from codegen.importers.attributes import floats
from codegen.importers.registry import importer
from codegen.ir import Interpolate, Node, Outputs, require
from codegen.load import Record


@importer("sklearn.isotonic.IsotonicRegression")
def isotonic_regression(est: Record, x: Node) -> Outputs:
    """Straight lines between the points; transform is the same."""
    y = isotonic(est, x)
    return Outputs("regressor", {"predict": y, "transform": y})


def isotonic(est: Record, x: Node) -> Interpolate:
    """The curve at x. Beyond its ends NaN, or the end values; where Python raises, these too."""
    require(x.size == 1, "a curve takes one number")
    require(est.out_of_bounds in ("nan", "clip", "raise"), "out_of_bounds of a curve")
    knots, values = floats(est.X_thresholds_), floats(est.y_thresholds_)
    require((np.diff(knots) > 0).all(), "points of a curve that are not in order")
    # a single point is a constant for scikit-learn, whatever out_of_bounds says
    nan_outside = est.out_of_bounds == "nan" and knots.size > 1
    return Interpolate(x, knots, values, nan_outside)
