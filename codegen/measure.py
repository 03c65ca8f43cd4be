"""What an export costs on a core: flash, RAM, stack, instructions and cycles."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codegen.emulate import Machine, Run, worst_stack
from codegen.plan.program import BYTES, NUMPY, Function, Program
from codegen.targets import Target
from codegen.texts import bytes_of, length
from codegen.toolchain import Sizes, compile_objects, link, sizes, undefined_symbols

SOFT_FLOAT = (
    "__aeabi_",
    "__gnu_",
    "__float",
    "__fix",
    "__add",
    "__sub",
    "__mul",
    "__div",
    "__lt",
    "__le",
    "__gt",
    "__ge",
    "__eq",
    "__ne",
    "__unord",
    "__ashl",
    "__ashr",
    "__lshr",
    "__clz",
    "__extend",
    "__trunc",
    "__neg",
    "__cmp",
    "__ucmp",
    "__udiv",
    "__umod",
    "__mod",
)
MEMORY = ("memcpy", "memset", "memmove")


@dataclass(frozen=True, slots=True, eq=False)
class MethodCost:
    """One function alone on a core: what a program that calls only it pays.

    Sizes and stack in bytes; instructions and cycles per call, None where it was not run.
    """

    sizes: Sizes
    stack_measured: int | None
    stack_bound: int | None
    instructions_median: float | None
    instructions_max: int | None
    cycles_median: float | None
    cycles_max: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Costs:
    """What an export costs on one core: all functions together, and each alone."""

    core: str
    sizes: Sizes
    methods: Mapping[str, MethodCost]
    answers: Mapping[str, NDArray[np.generic]]
    foreign_symbols: tuple[str, ...]

    @property
    def unexpected_symbols(self) -> tuple[str, ...]:
        """Symbols that the object needs beyond soft float and the copying of memory."""
        known = (*SOFT_FLOAT, *MEMORY)
        return tuple(s for s in self.foreign_symbols if not s.startswith(known))


RETURNS = {"float": "float", "double": "double", "int32_t": "int32"}


def measure(
    program: Program,
    files: Mapping[str, str],
    core: Target,
    X: NDArray[np.generic],
    counted: int | None = None,
) -> Costs:
    """Compile for a core, link, and run every function on the rows X (n_rows, n_features).

    counted: how many rows, from the first on, instructions and cycles are counted on; all without.
    """
    objects = compile_objects(files, core)
    whole = link(objects, core, [f.name for f in program.defined])
    methods: dict[str, MethodCost] = {}
    answers: dict[str, NDArray[np.generic]] = {}
    for function in program.functions:
        image = link(objects, core, [function.name])
        runs: list[Run] = []
        if core.unicorn_cpu:
            machine = Machine(image, core)
            runs = [call(machine, function, row) for row in X]
            answers[function.method] = gathered(function, runs)
        bound = worst_stack(image, function.name)
        methods[function.method] = MethodCost(
            sizes(image),
            max((r.stack_bytes for r in runs), default=None),
            None if bound.unknown else bound.stack_bytes,
            *spread([r.instructions for r in runs[:counted]]),
            *spread([r.cycles for r in runs[:counted] if r.cycles is not None]),
        )
    foreign = tuple(sorted({s for o in objects for s in undefined_symbols(o)}))
    return Costs(core.name, sizes(whole), methods, answers, foreign)


def call(machine: Machine, function: Function, row: NDArray[np.generic]) -> Run:
    """One call with one row."""
    given: list[bytes | int] = [row.tobytes()]
    if function.of_text:
        given = [bytes_of(row), length(row)]
    if function.result in ("index", "value"):
        return machine.call(function.name, given, returns=RETURNS[function.ctype])  # type: ignore[arg-type]
    n_bytes = [function.size * BYTES[function.ctype]]
    if function.result == "first":
        n_bytes.append(function.size * BYTES["double"])
    if function.result == "second":
        n_bytes.insert(0, function.size * BYTES["int32_t"])
    return machine.call(function.name, given, n_bytes)


def gathered(function: Function, runs: list[Run]) -> NDArray[np.generic]:
    """The answers of all calls (n_rows, size)."""
    kind = np.dtype(NUMPY[function.ctype])
    if function.result in ("index", "value"):
        return np.array([[r.value] for r in runs], kind)
    place = 1 if function.result == "second" else 0
    return np.array([np.frombuffer(r.outputs[place], kind) for r in runs], kind)


def spread(counts: list[int]) -> tuple[float | None, int | None]:
    """Median and maximum, or nothing."""
    return (float(np.median(counts)), max(counts)) if counts else (None, None)
