"""The plan: which stages, in which order, over which buffers, under which names."""

from codegen.ir import Model, Node
from codegen.plan.functions import plan_function
from codegen.plan.program import Code, Dtype, Helper, Program, Stage, TreeForm
from codegen.plan.stages import stage_of
from codegen.plan.tables import Tables
from codegen.plan.trees import over_keys
from codegen.plan.whole import rounds

__all__ = ["OVER_KEYS", "Code", "Program", "plan"]

OVER_KEYS: dict[TreeForm, TreeForm] = {"key_stream": "stream", "key_branches": "branches"}
"""Forms of trees over keys, and how these trees are written."""


def plan(model: Model, *, name: str, dtype: Dtype, form: TreeForm = "stream") -> Program:
    """The program of a model that was lowered to a number format, its trees in one form."""
    if dtype == "float32":
        model = model.rewritten(already_rounded)
    keyed = dtype == "float32" and form in OVER_KEYS
    written = model.rewritten(over_keys) if keyed else model
    tables = Tables(name, dtype, OVER_KEYS.get(form, form))
    stages: dict[int, Stage] = {}

    def stage(node: Node) -> Stage:
        if id(node) not in stages:
            stages[id(node)] = stage_of(node, tables)
        return stages[id(node)]

    functions = tuple(
        plan_function(method, written, prefix=name, dtype=dtype, stage=stage)
        for method in written.methods
    )
    used = [step.stage for function in functions for step in function.steps]
    return Program(
        name=Code(name),
        dtype=dtype,
        model=model,
        tables=tuple(tables),
        helpers=distinct([helper for s in used for helper in s.helpers]),
        functions=functions,
        kernels=tuple(dict.fromkeys(kernel for s in used for kernel in s.kernels)),
    )


def already_rounded(node: Node) -> Node:
    """In float32 every value is a float32."""
    return node.x if rounds(node) else node


def distinct(helpers: list[Helper]) -> tuple[Helper, ...]:
    """Each helper once."""
    return tuple({id(helper): helper for helper in helpers}.values())
