"""Builds zig's runtime libraries once, into the cache, so that no later step waits for them."""

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
    """Warm the cores that the tests run on."""
    for name in TESTED:
        warm(TARGETS[name])


if __name__ == "__main__":
    main()
