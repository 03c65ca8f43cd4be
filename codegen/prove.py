"""From an artifact and rows to a report: compare, measure, and write the test for the board."""

import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from cffi import FFI
from numpy.typing import NDArray

from codegen.data import Data, spellings
from codegen.declared import suggested
from codegen.emit import test_file
from codegen.errors import ToolchainError
from codegen.export import Artifact
from codegen.report import Report, Truth
from codegen.targets import Target, measured_cores
from codegen.toolchain import build_host, compile_objects

TEST_ROWS = 16
STRICT = (
    "-Wall",
    "-Wextra",
    "-Wconversion",
    "-Wdouble-promotion",
    "-Wshadow",
    "-pedantic",
    "-Werror",
)

Tell = Callable[[str], None]


def prove(
    artifact: Artifact, data: Data | None, tell: Tell, *, suggest: bool = False, **options: str
) -> Report:
    """Compare the C with the model on given and made rows, and measure it on each core.

    tell: is told what begins. suggest: whether a type of x may be suggested that the data fits.
    options: those that the manifest does not know.
    """
    cores = measured_cores(artifact.target.name)
    reason = next(filter(None, (not_costed(artifact, core) for core in cores)), "")
    tell(f"comparing on the host and on {', '.join(core.name for core in cores)}")
    X = None if data is None else data.X
    answers = None if data is None else data.answers
    verification = artifact.verify(X, answers, cores=() if reason else cores)
    return Report(
        name=artifact.name,
        facts=facts_of(artifact, options),
        verification=verification,
        costs=tuple(verification.costs.values()),
        uncosted=reason,
        truth=truth_of(artifact, data),
        candidates=artifact.candidates,
        suggested=suggested(data.X) if suggest and data is not None else None,
    )


def not_costed(artifact: Artifact, core: Target) -> str:
    """Why a target has no costs; its object is compiled all the same."""
    if core.family == "host":
        return "they are measured on a microcontroller's core, not on this computer"
    if core.family in ("avr", "wasm"):
        compile_objects(artifact.sources, core)
        return f"for {core.name} the C was compiled, but it is not linked and run here"
    return ""


def facts_of(artifact: Artifact, options: dict[str, str]) -> dict[str, Any]:
    """What the report says of the model, the versions and the options."""
    manifest = json.loads(artifact.files[f"{artifact.name}.json"])
    return {
        "estimator": artifact.model.estimator,
        "kind": artifact.model.kind,
        "n_features": artifact.model.input.n_features,
        **({"of_text": True} if artifact.model.is_text else {}),
        "model_sha256": artifact.sha256,
        "versions": manifest["versions"] | {"unicorn": version("unicorn")},
        "options": manifest["options"] | options,
    }


def truth_of(artifact: Artifact, data: Data | None) -> Truth | None:
    """How often a classifier's label is the one in the data."""
    if data is None or data.target is None or len(artifact.model.classes) != 1:
        return None
    found = artifact.compile().predict(data.X)
    right = [str(want) in spellings(got) for want, got in zip(data.target, found, strict=True)]
    return Truth(len(right), sum(right))


def board_test(artifact: Artifact, X: NDArray[Any]) -> dict[str, str]:
    """NAME_test.c with the host's answers on the first rows of finite numbers; none without such.

    Raises:
        ToolchainError: it does not compile without a warning, or finds a difference on the host.
    """
    c = artifact.compile()
    rows = c.rows(X)
    rows = rows[np.isfinite(rows).all(axis=1)][:TEST_ROWS]
    if not len(rows):
        return {}
    text = test_file(artifact.program, rows, {m: c.raw(m, rows) for m in c.methods})
    name = f"{artifact.name}_test"
    library = build_host({**artifact.sources, f"{name}.c": text}, name, flags=STRICT)
    if wrong := differences(library, name):
        raise ToolchainError(f"{name}.c finds {wrong} differences on the host itself")
    return {f"{name}.c": text}


def differences(library: Path, name: str) -> int:
    """What the test of a board answers on this computer."""
    ffi = FFI()
    ffi.cdef(f"int32_t {name}(void);")
    return int(getattr(ffi.dlopen(str(library)), name)())
