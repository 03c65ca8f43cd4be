"""Compiles one C for one core, weighs it and runs it on rows; a process of its own.

python weigh.py TARGET MADE.json ROWS.npy RESULT.json

MADE.json is what peers.py or ours.py wrote. Every tool's C gets the same compiler, the same flags
and the same emulator; rows are handed over in the type that the C takes, and answers are read as
they come, so that no conversion is counted.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.emulate import Machine, Run
from codegen.errors import CodegenError
from codegen.targets import find_target
from codegen.toolchain import compile_objects, link, sizes


def run_row(machine: Machine, call: dict[str, Any], row: NDArray[np.generic]) -> Run:
    """One call; a buffer of output where the function has one."""
    inputs = [row.tobytes(), *call["arguments"]]
    if call["output"] is None:
        return machine.call(call["symbol"], inputs, returns=call["returns"])
    kind, count = call["output"]
    return machine.call(call["symbol"], inputs, [np.dtype(kind).itemsize * count])


def raw_answer(call: dict[str, Any], run: Run) -> list[float]:
    if call["output"] is None:
        return [float(run.value)]
    return np.frombuffer(run.outputs[0], call["output"][0]).astype(float).tolist()


def typed_rows(X: NDArray[np.float64], kind: str) -> NDArray[np.generic]:
    """Rows in the type that the C takes; rounded and held in range where it takes integers."""
    if np.dtype(kind).kind == "i":
        limits = np.iinfo(kind)
        return np.clip(np.rint(X), limits.min, limits.max).astype(kind)
    return X.astype(kind)


def weighed(target_name: str, made: dict[str, Any], X: NDArray[np.float64]) -> dict[str, Any]:
    """Bytes, and for each row instructions, cycles, stack and answer."""
    target, call = find_target(target_name), made["call"]
    objects = compile_objects(made["sources"], target, flags=made["flags"])
    image = link(objects, target, [call["symbol"]])
    size = sizes(image)
    machine = Machine(image, target)
    runs = [run_row(machine, call, row) for row in typed_rows(X, call["input"])]
    return {
        "flash": size.flash,
        "ram": size.ram,
        "runtime": size.runtime,
        "stack": [run.stack_bytes for run in runs],
        "instructions": [run.instructions for run in runs],
        "cycles": [run.cycles for run in runs],
        "answers": [raw_answer(call, run) for run in runs],
    }


def main(target: str, made_path: str, rows_path: str, result_path: str) -> None:
    """Write the figures, or the words of the failure."""
    made = json.loads(Path(made_path).read_text("utf-8"))
    try:
        result = weighed(target, made, np.load(rows_path))
    except CodegenError as error:
        result = {"error": " ".join(str(error).split())}
    Path(result_path).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
