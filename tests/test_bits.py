"""The same bits on the host and on every core: the machine code of all cases is run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from codegen.emulate import Machine
from codegen.export import Artifact
from codegen.measure import MEMORY, SOFT_FLOAT, call, gathered
from codegen.targets import Target, find_target
from codegen.toolchain import compile_objects, link, sizes, undefined_symbols
from tests.batches import BATCHES, Batch, compiled, few_rows, headers, inclusions
from tests.conftest import CORES

every_batch = pytest.mark.parametrize("batch", BATCHES, ids=lambda batch: batch.id)

pytestmark = pytest.mark.filterwarnings("ignore")


def differing(machine: Machine, artifact: Artifact, rows: NDArray[Any]) -> list[str]:
    """Methods with an answer whose bits are not the host's; NaN equals NaN."""
    host = compiled(artifact)
    wrong = []
    for function in artifact.program.functions:
        got = gathered(function, [call(machine, function, row) for row in rows])
        want = host.raw(function.method, rows)
        both_nan = (want != want) & (got != got)
        if not ((want.view(np.uint32) == got.view(np.uint32)) | both_nan).all():
            wrong.append(str(function.name))
    return wrong


def image_of(artifacts: Sequence[Artifact], core: Target) -> Path:
    """An image of exports as headers; what it needs and holds in RAM is checked on the way."""
    objects = compile_objects(headers(artifacts), core, flags=inclusions(artifacts))
    foreign = {s for path in objects for s in undefined_symbols(path)}
    assert {s for s in foreign if not s.startswith((*SOFT_FLOAT, *MEMORY))} == set()
    image = link(objects, core, [f.name for a in artifacts for f in a.program.functions])
    assert (sizes(image).data, sizes(image).bss) == (0, 0)
    return image


@pytest.mark.parametrize("core", CORES)
@every_batch
def test_cores_give_the_bits_of_the_host(batch: Batch, core: str, warm_cores: None) -> None:
    target = find_target(core)
    machine = Machine(image_of(batch.artifacts("float32", "header"), target), target)
    wrong = [
        name
        for case, artifact in zip(batch.cases, batch.artifacts("float32", "split"), strict=True)
        for name in differing(machine, artifact, few_rows(case))
    ]
    assert wrong == []
