"""Cases put together, since compilers are quicker with many models at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codegen.compiled import Compiled
from codegen.edges import edge_rows
from codegen.export import Artifact
from codegen.ir import walk
from codegen.plan.program import Dtype
from codegen.toolchain import build_host
from tests.cases import CASES, Case, exported

SIZE = 16
EMPTY = {"empty.c": (Path(__file__).parent / "data" / "empty.c").read_text(encoding="ascii")}


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Some cases that are compiled together."""

    id: str
    cases: tuple[Case, ...]

    def artifacts(self, dtype: Dtype, layout: str) -> list[Artifact]:
        """Their exports."""
        return [exported(case, dtype, layout) for case in self.cases]

    def headers(self, dtype: Dtype) -> dict[str, str]:
        """One header for each model, and an empty file to include them into."""
        found = dict(EMPTY)
        for artifact in self.artifacts(dtype, "header"):
            found[f"{artifact.name}.h"] = artifact.files[f"{artifact.name}.h"]
        return found

    def inclusions(self) -> tuple[str, ...]:
        """Compiler flags that include every header twice, with its functions."""
        twice = [("-include", f"{case.id}.h") * 2 for case in self.cases]
        wanted = [f"-D{case.id.upper()}_IMPLEMENTATION" for case in self.cases]
        return (*wanted, *(flag for flags in twice for flag in flags))

    def sources(self, dtype: Dtype) -> dict[str, str]:
        """A header and a C file for each model."""
        return {n: t for a in self.artifacts(dtype, "split") for n, t in a.sources.items()}


BATCHES = tuple(
    Batch(f"{CASES[i].id}_and_{len(CASES[i : i + SIZE]) - 1}", CASES[i : i + SIZE])
    for i in range(0, len(CASES), SIZE)
)


BATCH_OF = {case.id: batch for batch in BATCHES for case in batch.cases}


def compiled(artifact: Artifact) -> Compiled:
    """The C of an export, built for this computer; that of a case together with its batch."""
    batch = BATCH_OF.get(artifact.name)
    if batch is None or artifact not in batch.artifacts(artifact.program.dtype, "split"):
        return artifact.compile()
    return Compiled(artifact.program, library(batch, artifact.program.dtype))


@cache
def library(batch: Batch, dtype: Dtype) -> Path:
    """All of a batch for this computer, compiled as one file."""
    files: dict[str, str] = {}
    for artifact in batch.artifacts(dtype, "split"):
        files |= artifact.host_sources
    included = {f"{name}.inc" if name.endswith(".c") else name: files[name] for name in files}
    units = [name for name in included if name.endswith(".inc")]
    whole = "".join(f'#include "{name}"\n' for name in units)
    return build_host({**included, "whole.c": whole}, batch.id)


@cache
def few_rows(case: Case) -> NDArray[np.float32]:
    """Four rows that were not seen, four at the edges of the model, and two of tiny numbers.

    One of each where the model iterates, which takes millions of instructions on small cores.
    """
    unseen = case.known.rows[:6]
    tiny = unseen[4:] * 1e-39
    tiny[1, 1::2] = unseen[5, 1::2]
    edges = edge_rows(exported(case).lowered, case.known.rows, 4)
    rows = np.vstack([unseen[:4], edges, tiny]).astype(np.float32)
    iterates = any(node.is_alone for node in walk(exported(case).lowered.methods.values()))
    return rows[[0, 4, 9]] if iterates else rows


def written(files: Mapping[str, str], folder: Path) -> list[str]:
    """Write files into a folder; the names of the C files among them."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="ascii", newline="\n")
    return [name for name in files if name.endswith(".c")]
