"""What a model file holds, told from its inert Record: parts, settings, shapes, and why not."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from rich.text import Text
from rich.tree import Tree

from codegen.errors import CodegenError
from codegen.importers import import_model
from codegen.ir import Model
from codegen.load import Record, Reference
from codegen.load.refusal import shown

DEPTH = 8
ALIKE = 3


def described(record: Record) -> dict[str, Any]:
    """An estimator as plain data: its class, whether it can be exported, and its parts."""
    try:
        verdict = model_facts(import_model(record))
    except CodegenError as error:
        verdict = {"supported": False, "why_not": str(error)}
    return verdict | part_of(record, DEPTH)


def model_facts(model: Model) -> dict[str, Any]:
    """What an export would have."""
    return {
        "supported": True,
        "kind": model.kind,
        "functions": {method: root.size for method, root in model.methods.items()},
        "n_features": model.input.n_features,
        "feature_names": [shown(name) for name in model.feature_names],
        "classes": [[shown(str(label)) for label in labels] for labels in model.classes],
    }


def part_of(record: Record, depth: int) -> dict[str, Any]:
    """One estimator: settings, fitted attributes, and the estimators inside it."""
    content: dict[str, Any] = {"class": shown(record.path)}
    if "_sklearn_version" in record:
        content["scikit_learn_version"] = shown(str(record.get("_sklearn_version")))
    plain = {
        shown(name): value
        for name, value in record.state.items()
        if not name.startswith("_") and not estimators(value)
    }
    content["settings"] = {n: summary(v) for n, v in plain.items() if not n.endswith("_")}
    content["fitted"] = {n: summary(v) for n, v in plain.items() if n.endswith("_")}
    inside = {
        shown(name): estimators(value)
        for name, value in record.state.items()
        if not name.startswith("_") and estimators(value)
    }
    if inside and depth:
        content["parts"] = {n: several(parts, depth - 1) for n, parts in inside.items()}
    return content


def several(parts: list[tuple[str, Record]], depth: int) -> list[dict[str, Any]]:
    """The estimators under one attribute; of many alike only the first is told."""
    alike = len({part.path for _, part in parts}) == 1 and len(parts) > ALIKE
    told = [
        ({"name": n} if n else {}) | part_of(part, depth)
        for n, part in parts[: 1 if alike else None]
    ]
    return [told[0] | {"count": len(parts)}] if alike else told


def estimators(value: Any) -> list[tuple[str, Record]]:
    """The estimators in an attribute, with their names: one, a list, a list of (name, one)."""
    if isinstance(value, Record) and is_estimator(value):
        return [("", value)]
    if isinstance(value, np.ndarray) and value.dtype == object:
        value = value.ravel().tolist()
    if not isinstance(value, list | tuple):
        return []
    found = [item for item in value if isinstance(item, Record) and is_estimator(item)]
    named = [
        (shown(item[0]), item[1])
        for item in value
        if isinstance(item, list | tuple)
        and len(item) > 1
        and isinstance(item[0], str)
        and isinstance(item[1], Record)
        and is_estimator(item[1])
    ]
    return [*(("", item) for item in found), *named]


def is_estimator(record: Record) -> bool:
    """Whether an object of a file is more than a random state or a tree's arrays."""
    return "_sklearn_version" in record


def summary(value: Any) -> str:
    """A value in a few words: itself where it is small, else its shape."""
    if isinstance(value, np.ndarray):
        return f"array {value.shape} {value.dtype}"
    if isinstance(value, Record | Reference):
        return shown(value.path)
    if isinstance(value, list | tuple | dict | set | frozenset):
        return f"{type(value).__name__} of {len(value)}"
    return shown(repr(value))


def tree(content: dict[str, Any]) -> Tree:
    """The parts as a tree for a reader."""
    branch = Tree(title(content))
    for heading in ("settings", "fitted"):
        if content[heading]:
            text = ", ".join(f"{name}={value}" for name, value in content[heading].items())
            branch.add(Text(f"{heading}: {text}", style="dim"))
    for name, parts in content.get("parts", {}).items():
        under = branch.add(Text(name))
        for part in parts:
            under.add(tree(part))
    return branch


def title(content: dict[str, Any]) -> Text:
    """The name, class and version of a part."""
    name = f"{content['name']}: " if "name" in content else ""
    count = f"{content['count']} x " if "count" in content else ""
    version = content.get("scikit_learn_version")
    return Text(f"{name}{count}{content['class']}" + (f" ({version})" if version else ""))


def verdict(content: dict[str, Any]) -> Iterator[str]:
    """Whether a model can be exported, and what it would have."""
    yield f"SHA-256 {content['sha256']}"
    if not content["supported"]:
        yield f"Supported: no. {content['why_not']}"
        return
    yield f"Supported: yes, a {content['kind']} of {content['n_features']} features"
    sizes = (f"{method} ({size})" for method, size in content["functions"].items())
    yield f"Functions (and how many values they give): {', '.join(sizes)}"
    if content["feature_names"]:
        yield f"Features: {', '.join(content['feature_names'])}"
    for labels in content["classes"]:
        yield f"Classes: {', '.join(labels)}"
