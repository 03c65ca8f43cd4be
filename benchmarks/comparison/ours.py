"""Exports a model with this project, for one aim; a process of its own.

python ours.py AIM TARGET MODEL.pkl RESULT.json

The result is of the form that peers.py writes.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from codegen import export
from codegen.errors import CodegenError
from codegen.export import Artifact

RETURNED = {"int32_t": "int32", "float": "float"}


def made(artifact: Artifact) -> dict[str, Any]:
    """The sources of an export, and how predict is called."""
    function = next(f for f in artifact.program.functions if f.method == "predict")
    return {
        "sources": artifact.sources,
        "flags": [],
        "call": {
            "symbol": str(function.name),
            "input": "<f4",
            "arguments": [],
            "returns": RETURNED[function.ctype],
            "output": None,
            "decide": "index" if function.result == "index" else "value",
        },
    }


def main(aim: str, target: str, model_path: str, result_path: str) -> None:
    """Export from the file's bytes, as a user does; write the C, or the words of the refusal."""
    start = time.perf_counter()
    try:
        artifact = export(Path(model_path).read_bytes(), target=target, optimize=aim)
        result = made(artifact) | {"seconds": time.perf_counter() - start}
    except CodegenError as error:
        result = {"error": " ".join(f"{type(error).__name__}: {error}".split())}
    Path(result_path).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
