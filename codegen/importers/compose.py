"""Composites: pipelines, unions, column transformers, and searches that found a best model."""

import numpy as np

from codegen.importers.attributes import integers, refuse, transformer
from codegen.importers.functions import FUNCTIONS
from codegen.importers.registry import best_model, import_outputs, importer
from codegen.importers.selection import MASKS, selected
from codegen.ir import Concat, Gather, Node, Outputs, Scale
from codegen.load import Record, Reference

SEARCH = "sklearn.model_selection."
NOTHING = (None, "passthrough")

Part = tuple[object, Node]


@importer("sklearn.pipeline.Pipeline")
def pipeline(est: Record, x: Node) -> Outputs:
    """Each step transforms for the next; the answers are those of the last."""
    *steps, last = [step for _, step in est.steps]
    for step in steps:
        x = transformed(est, step, x)
    return transformer(x) if last in NOTHING else import_outputs(last, x)


@importer("sklearn.pipeline.FeatureUnion")
def feature_union(est: Record, x: Node) -> Outputs:
    """The transformers' answers beside each other."""
    parts: dict[str, Part] = {name: (step, x) for name, step in est.transformer_list}
    return transformer(side_by_side(est, parts))


@importer("sklearn.compose.ColumnTransformer")
def column_transformer(est: Record, x: Node) -> Outputs:
    """Each transformer's answer on its own columns, the remainder last."""
    columns = est._transformer_to_input_indices
    parts: dict[str, Part] = {
        name: (step, Gather(x, integers(columns[name])))
        for name, step, _ in est.transformers_
        if len(columns[name]) > 0
    }
    return transformer(side_by_side(est, parts))


def side_by_side(est: Record, parts: dict[str, Part]) -> Node:
    """The answers of all parts that are not dropped, each times its weight."""
    weights = est.transformer_weights or {}
    answers = [
        weighted(transformed(est, step, columns), weights.get(name))
        for name, (step, columns) in parts.items()
        if step != "drop"
    ]
    if not answers:
        raise refuse(est, "every column dropped", "keep at least one column")
    return answers[0] if len(answers) == 1 else Concat(tuple(answers))


def weighted(y: Node, weight: float | None) -> Node:
    """y times the weight of its transformer, where it has one."""
    return y if weight is None else Scale(y, multiply=np.full(y.size, float(weight)))


def transformed(est: Record, step: object, x: Node) -> Node:
    """What a step hands on; of a selector only its columns are needed."""
    if step is None or step == "passthrough":
        return x
    if not isinstance(step, Record):
        raise refuse(est, f"a step of type {type(step).__name__}", "use fitted transformers")
    if step.path in MASKS:
        return selected(step, x)
    outputs = import_outputs(step, x)
    if "transform" not in outputs.methods:
        raise refuse(est, f"{step.path} before the last step", "put it last: it cannot transform")
    return outputs.methods["transform"]


@importer("sklearn.preprocessing.FunctionTransformer")
def function_transformer(est: Record, x: Node) -> Outputs:
    """The function of every value; without one it is the identity."""
    if est.func is None:
        return transformer(x)
    path = est.func.path if isinstance(est.func, Reference) else "<callable>"
    if est.kw_args or path not in FUNCTIONS:
        known = ", ".join(FUNCTIONS)
        raise refuse(est, f"func={path}", f"use one of {known} without arguments")
    return transformer(FUNCTIONS[path](x))


@importer(
    SEARCH + "GridSearchCV",
    SEARCH + "RandomizedSearchCV",
    SEARCH + "HalvingGridSearchCV",
    SEARCH + "HalvingRandomSearchCV",
)
def search(est: Record, x: Node) -> Outputs:
    """What the best model answers."""
    return import_outputs(best_model(est), x)
