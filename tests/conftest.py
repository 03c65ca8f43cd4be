"""One thread for each test process, a warm compiler, and the record of what was compared."""

import os

for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

from collections.abc import Callable  # noqa: E402 threads are set before numpy loads
from typing import Any  # noqa: E402

import pytest  # noqa: E402

from codegen.targets import find_target  # noqa: E402
from codegen.toolchain import warm  # noqa: E402
from tests.batches import BATCHES  # noqa: E402
from tests.record import Agreed, lines  # noqa: E402

CORES = ("cortex-m0plus", "cortex-m3", "cortex-m4f", "cortex-m7", "riscv32imc")
RECORD = "agreement"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is asked of a case is asked in one process, which fits and exports it once."""
    batches: dict[object, str] = {case: batch.id for batch in BATCHES for case in batch.cases}
    batches |= {batch: batch.id for batch in BATCHES}
    for item in items:
        given = getattr(item, "callspec", None)
        asked = given.params if given else {}
        about = next((asked[name] for name in ("case", "batch") if name in asked), None)
        if about in batches:
            item.add_marker(pytest.mark.xdist_group(batches[about]))


@pytest.fixture(scope="session")
def warm_cores() -> None:
    """zig's runtime libraries for the cores whose bits are compared, built once into the cache."""
    for name in CORES:
        warm(find_target(name))


@pytest.fixture
def record(record_property: Callable[[str, Any], None]) -> Callable[[Agreed], None]:
    """Keep a comparison for the summary; it travels as plain values between processes."""
    return lambda agreed: record_property(RECORD, list(agreed))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the worst agreement of every method, or with -v that of every case."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    facts = [
        Agreed(*value)
        for report in reports
        for key, value in getattr(report, "user_properties", ())
        if key == RECORD and report.when == "call"
    ]
    if facts:
        terminalreporter.section("agreement with Python")
        for line in lines(facts, every=terminalreporter.verbosity > 0):
            terminalreporter.write_line(line)
