"""Estimators around one fitted estimator: frozen ones, those that labelled or chose its rows."""

from codegen.importers.members import asked
from codegen.importers.registry import importer
from codegen.ir import Node, Outputs
from codegen.load import Record


@importer("sklearn.frozen.FrozenEstimator")
def frozen(est: Record, x: Node) -> Outputs:
    """What the estimator inside answers."""
    return asked(est, est.estimator, x)


@importer("sklearn.linear_model.RANSACRegressor", "sklearn.semi_supervised.SelfTrainingClassifier")
def fitted_inside(est: Record, x: Node) -> Outputs:
    """What the estimator answers that was fitted on the chosen rows."""
    return asked(est, est.estimator_, x)
