"""From a Program to files: what the templates are told, and what they give."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from codegen.given import of_lines
from codegen.ir import (
    Bucketize,
    Clip,
    Concat,
    Donate,
    Elementwise,
    Gather,
    Impute,
    LinearLeaves,
    Model,
    Node,
    Round32,
    Scale,
    TreeEnsemble,
    inputs,
    walk,
)
from codegen.literals import c_string, comment, literal, macro_names
from codegen.plan.program import NUMPY, Code, Function, Program
from codegen.sources import environment, join_kernels, runtime_version
from codegen.texts import packed

Layout = Literal["split", "header"]


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """The class labels of one output: a constant array with a name, a size and a C type."""

    name: Code
    size_name: Code
    ctype: Code
    values: tuple[Code, ...]


def c_labels(values: NDArray[Any]) -> tuple[Code, tuple[Code, ...]]:
    """C type and constants: int32_t, float, or text for strings and integers beyond 32 bits."""
    if values.dtype.kind in "iub" and bool((np.abs(values.astype(float)) < 2**31).all()):
        return Code("const int32_t "), tuple(literal(int(v)) for v in values)
    if values.dtype.kind == "f":
        return Code("const float "), tuple(literal(np.float32(v)) for v in values)
    return Code("const char *const "), tuple(c_string(str(v)) for v in values)


def labels_of(program: Program) -> list[Labels]:
    """One array of labels for each output of a classifier."""
    classes = program.model.classes
    tails = [""] if len(classes) == 1 else [f"_{i}" for i in range(len(classes))]
    prefix = program.name.upper()
    return [
        Labels(
            Code(f"{program.name}_classes{tail}"),
            Code(f"{prefix}_N_CLASSES{tail}"),
            *c_labels(values),
        )
        for tail, values in zip(tails, classes, strict=True)
    ]


def takes_nan(model: Model) -> bool:
    """Whether NaN in a row has a meaning: trees route it, imputers fill it."""
    if model.input.is_whole or model.is_text:
        return False
    passing: set[int] = {id(model.input)}
    for node in walk(model.methods.values()):
        if not any(id(n) in passing for n in inputs(node)):
            continue
        if keeps_nan(node):
            passing.add(id(node))
        elif not settles_nan(node):
            return False
    return all(id(root) not in passing for root in model.methods.values())


def keeps_nan(node: Node) -> bool:
    """Whether NaN stays NaN."""
    if isinstance(node, Impute):
        return node.makes_nan
    return isinstance(node, Gather | Scale | Clip | Round32 | Concat)


def settles_nan(node: Node) -> bool:
    """Whether a node gives a number for NaN."""
    if isinstance(node, Impute):
        return node.fills_nan
    if isinstance(node, Elementwise):
        return node.function == "is_nan"
    if isinstance(node, Donate | LinearLeaves):
        return True
    return isinstance(node, TreeEnsemble | Bucketize) and not node.refuses_nan


def domain_check(program: Program) -> str:
    """The kernel that tells whether a row is in the model's domain; none for whole numbers."""
    if program.model.input.is_whole:
        return ""
    if program.model.is_text:
        return "cg_ascii"
    suffix = "f32" if program.dtype == "float32" else "f64"
    return f"cg_not_infinite_{suffix}" if takes_nan(program.model) else f"cg_finite_{suffix}"


def context(program: Program, facts: Mapping[str, str]) -> dict[str, Any]:
    """What the templates may use; every text in it is Code already."""
    model = program.model
    sizes = {f.size_name: f.size for f in program.functions if f.result not in ("index", "value")}
    offsets = np.cumsum([0, *model.proba_sizes])
    check, names = domain_check(program), model.feature_names
    features = f"{program.x_ctype} features" if model.input.is_whole else "features"
    return {
        "name": program.name,
        "NAME": Code(program.name.upper()),
        "real": program.real,
        "x_ctype": program.x_ctype,
        "is_text": model.is_text,
        "of_lines": of_lines(model),
        "separator": None if model.separator is None else comment(repr(model.separator)),
        "features_of": Code(features),
        "program": program,
        "kind": Code(model.kind.replace(" ", "_")),
        "rule": comment(model.outputs.rule),
        "n_features": model.input.n_features,
        "sizes": [(n, v) for n, v in sizes.items() if not n.endswith("_N_CLASSES")],
        "features": [] if model.is_text else list(zip(macro_names(names), names, strict=True)),
        "labels": labels_of(program),
        "offsets": [int(o) for o in offsets],
        "check": Code(check),
        "takes_nan": takes_nan(model),
        "kernels": join_kernels([*([f"{check}.h"] if check else []), *program.kernels]),
        "runtime_version": runtime_version(),
        "facts": {key: comment(value) for key, value in facts.items()},
        "text": Code,
    }


def emit(program: Program, *, layout: Layout, facts: Mapping[str, str]) -> dict[str, str]:
    """The C files of a program, by name. facts: what the banner says of its origin."""
    env = environment()
    known = context(program, facts)
    if layout == "header":
        return {f"{program.name}.h": env.get_template("single.h.j2").render(known)}
    return {
        f"{program.name}.h": env.get_template("model.h.j2").render(known),
        f"{program.name}.c": env.get_template("model.c.j2").render(known),
    }


def manifest(program: Program, facts: Mapping[str, str], options: Mapping[str, str]) -> str:
    """The facts for a build system, as JSON: the same bytes for the same model and options."""
    model = program.model
    functions = {
        f.name: {"method": f.method, "returns": returned(f), "size": f.size}
        for f in program.defined
    }
    content = {
        "name": str(program.name),
        "estimator": facts["estimator"],
        "kind": model.kind,
        "rule": model.outputs.rule,
        "model_sha256": facts["sha256"],
        "versions": {
            "codegen": version("edge-codegen"),
            "ziglang": version("ziglang"),
            "runtime_c": int(runtime_version()),
        },
        "options": dict(options),
        "inputs": {
            "n_features": model.input.n_features,
            "ctype": str(program.x_ctype),
            "names": list(model.feature_names),
            "takes_nan": takes_nan(model),
        },
        "functions": functions,
        "classes": [c.tolist() for c in model.classes],
    }
    return json.dumps(content, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def returned(function: Function) -> str:
    """How a function gives its answer, for the manifest."""
    return "indices, vector" if function.result == "first" else function.result


def test_file(program: Program, X: NDArray[Any], expected: Mapping[str, NDArray[Any]]) -> str:
    """C that holds rows and the answers the host gave, for a check on the board itself."""
    known = context(program, {})
    known |= {"rows": len(X), "X": X.astype(NUMPY[program.x_ctype]), "expected": expected}
    if program.model.is_text:
        text, starts = packed(X)
        known |= {"letters": text, "starts": starts.astype(np.int32)}
        return environment().get_template("test_text.c.j2").render(known)
    return environment().get_template("test.c.j2").render(known)
