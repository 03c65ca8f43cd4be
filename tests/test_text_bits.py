"""Models of texts on cores: the bits of the host, and a stack that is bounded."""

from functools import cache

import pytest

from codegen import export
from codegen.emit import Layout
from codegen.emulate import Machine
from codegen.export import Artifact
from codegen.targets import find_target
from codegen.texts import codes
from tests import texts
from tests.test_bits import differing, image_of
from tests.texts import ODD, fitted

pytestmark = pytest.mark.filterwarnings("ignore")


@cache
def exports(layout: Layout) -> list[Artifact]:
    """The models of texts, but for the one whose tables are as large as they may be."""
    names = [f"{setting}_faults" for setting in texts.SETTINGS if setting != "large"]
    return [export(fitted(name)[0], "host", name=name, layout=layout) for name in names]


@pytest.mark.parametrize("core", ["cortex-m0plus", "cortex-m4f", "riscv32imc"])
def test_cores_give_the_bits_of_the_host(core: str, warm_cores: None) -> None:
    target = find_target(core)
    machine = Machine(image_of(exports("header"), target), target)
    for artifact in exports("split"):
        rows = codes([*fitted(artifact.name)[1][:12], *ODD])
        assert differing(machine, artifact, rows) == []


@pytest.mark.parametrize("name", ["large", "union", "hashing_binary", "tfidf_char"])
def test_the_stack_is_bounded(name: str) -> None:
    estimator, unseen = fitted(f"{name}_faults")
    found = export(estimator).verify([*unseen[:12], *ODD], cores=[find_target("cortex-m4f")])
    assert found.bits == {"cortex-m4f": 0}
    assert all(c.stack_bound is not None for c in found.costs["cortex-m4f"].methods.values())
