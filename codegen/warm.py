"""Builds zig's runtime libraries once, into the cache, so that no later step waits for them."""

import os
from concurrent.futures import ThreadPoolExecutor

from codegen.targets import TARGETS
from codegen.toolchain import warm

TESTED = (
    "host",
    "cortex-m0",
    "cortex-m0plus",
    "cortex-m3",
    "cortex-m4f",
    "cortex-m7",
    "cortex-m33",
    "riscv32imc",
    "riscv32imafc",
)


def main() -> None:
    """Warm the cores that the tests run on, one on each processor at a time."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(warm, [TARGETS[name] for name in TESTED]))


if __name__ == "__main__":
    main()
