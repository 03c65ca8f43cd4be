"""Cases put together, since compilers are quicker with many models at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codegen.compiled import Compiled
from codegen.edges import edge_rows
from codegen.export import Artifact
from codegen.ir import LatentDirichlet, walk
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

    def sources(self, dtype: Dtype) -> dict[str, str]:
        """A header and a C file for each model."""
        return {n: t for a in self.artifacts(dtype, "split") for n, t in a.sources.items()}


def headers(artifacts: Sequence[Artifact]) -> dict[str, str]:
    """One header for each model, and an empty file to include them into."""
    return EMPTY | {f"{a.name}.h": a.files[f"{a.name}.h"] for a in artifacts}


def inclusions(artifacts: Sequence[Artifact]) -> tuple[str, ...]:
    """Compiler flags that include every header twice, with its functions."""
    twice = [("-include", f"{artifact.name}.h") * 2 for artifact in artifacts]
    wanted = [f"-D{artifact.name.upper()}_IMPLEMENTATION" for artifact in artifacts]
    return (*wanted, *(flag for flags in twice for flag in flags))


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
    """All of a batch for this computer."""
    files: dict[str, str] = {}
    for artifact in batch.artifacts(dtype, "split"):
        files |= artifact.host_sources
    return build_host(as_one(files, "all.c"), batch.id)


def as_one(files: Mapping[str, str], name: str) -> dict[str, str]:
    """The files, with one C file `name` that includes all of theirs: compiled in half the time."""
    units = {file: f"{file}.inc" for file in files if file.endswith(".c")}
    found = {units.get(file, file): text for file, text in files.items()}
    return found | {name: "".join(f'#include "{unit}"\n' for unit in units.values())}


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
    nodes = walk(exported(case).lowered.methods.values())
    iterates = any(node.is_alone or isinstance(node, LatentDirichlet) for node in nodes)
    return rows[[0, 4, 9]] if iterates else rows


def written(files: Mapping[str, str], folder: Path) -> list[str]:
    """Write files into a folder; the names of the C files among them."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="ascii", newline="\n")
    return [name for name in files if name.endswith(".c")]
