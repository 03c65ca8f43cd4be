"""Commands that only tell: what is in a model file, which targets and estimators there are."""

import json
import sys
from typing import Any

from codegen.options import Json, ModelFile


def inspect(model: ModelFile, as_json: Json = False) -> None:
    """Tell what is in a model file, safely, and whether it can be exported.

    Nothing in the file is imported or called.

    [bold]Example[/bold]

    codegen inspect unknown.pkl
    """
    from codegen.contents import described, tree, verdict
    from codegen.load import fingerprint, load
    from codegen.show import tell

    record = load(model)
    content = described(record) | {"sha256": fingerprint(record)}
    if as_json:
        print_json(content)
        return
    tell(tree(content))
    for line in verdict(content):
        sys.stdout.write(f"{line}\n")


def targets(as_json: Json = False) -> None:
    """List the targets: what each is, and what can be shown on it.

    [bold]Example[/bold]

    codegen targets --json
    """
    from codegen.show import plain, tell
    from codegen.targets import TARGETS

    rows = [
        {
            "target": t.name,
            "description": t.description,
            "fpu": t.has_fpu,
            "runs_in_emulator": bool(t.unicorn_cpu) or bool(t.members),
            "costs_on": list(t.members) or [t.name],
        }
        for t in TARGETS.values()
    ]
    if as_json:
        print_json(rows)
        return
    tell(plain("target", "description", rows=[(t.name, t.description) for t in TARGETS.values()]))


def estimators(as_json: Json = False) -> None:
    """List the estimators that can be exported.

    [bold]Example[/bold]

    codegen estimators --json
    """
    from codegen.importers import IMPORTERS
    from codegen.show import plain, tell

    paths = sorted(path for path in IMPORTERS if "._" not in path)
    if as_json:
        print_json(paths)
        return
    modules: dict[str, list[str]] = {}
    for path in paths:
        module, _, name = path.rpartition(".")
        modules.setdefault(module, []).append(name)
    tell(plain("module", "estimators", rows=[(m, ", ".join(n)) for m, n in modules.items()]))


def print_json(content: Any) -> None:
    """JSON on standard output."""
    sys.stdout.write(json.dumps(content, indent=2) + "\n")
