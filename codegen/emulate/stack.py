"""Bounds the stack of a function from the linked image alone, runtime library included.

Each function is followed along all its branches with the depth of the stack; a call adds the
callee's own bound. What cannot be followed is listed and makes the figure no bound: a call
through a register, recursion, a stack pointer moved by an unknown amount. Interrupt frames
(32 bytes on Cortex-M, 104 with FPU state) come on top.
"""

import bisect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from codegen.elf import Image, read_image
from codegen.emulate.decode import decode
from codegen.emulate.flow import Constants, Effect, arm_effect, riscv_effect
from codegen.errors import ToolchainError

_MOST_VISITS = 8


@dataclass(frozen=True, slots=True, eq=False)
class StackBound:
    """`stack_bytes` below the stack pointer at the call, reached along the names of `chain`.

    It is a bound only if `unknown`, the list of what could not be followed, is empty.
    """

    stack_bytes: int
    chain: tuple[str, ...]
    unknown: tuple[str, ...]


def worst_stack(elf: Path, symbol: str) -> StackBound:
    """The worst-case stack of `symbol` in a linked Thumb or RV32 image.

    Raises ToolchainError when the image has no such function or is of another core.
    """
    image = read_image(elf)
    addresses = image.addresses()
    if symbol not in addresses:
        raise ToolchainError(f"the image has no function {symbol}")
    program = _Program(image)
    stack_bytes, chain = program.bound(addresses[symbol])
    return StackBound(stack_bytes, chain, tuple(sorted(program.unknown)))


@dataclass(slots=True)
class _Path:
    """A place still to be followed: the depth there and the registers known."""

    address: int
    depth: int
    constants: Constants


class _Program:
    """The functions of an image and the bounds found so far."""

    def __init__(self, image: Image) -> None:
        self._image = image
        self._instructions = decode(image)
        self._effect: Callable[..., Effect] = (
            arm_effect if image.machine == "EM_ARM" else riscv_effect
        )
        self._names = {it.address: it.name for it in reversed(image.functions)}
        self._sizes = {it.address: it.n_bytes for it in image.functions}
        self._starts = sorted(self._names)
        self._bounds: dict[int, tuple[int, tuple[str, ...]]] = {}
        self._active: set[int] = set()
        self.unknown: set[str] = set()

    def bound(self, entry: int) -> tuple[int, tuple[str, ...]]:
        """The depth that a call of the function at `entry` adds, and the names on the way."""
        if entry not in self._bounds:
            name = self._names.get(entry, f"{entry:#x}")
            if entry in self._active:
                self.unknown.add(f"recursion through {name}")
                return 0, (name,)
            self._active.add(entry)
            self._bounds[entry] = _Walk(self, entry, self._end(entry), name).deepest()
            self._active.remove(entry)
        return self._bounds[entry]

    def _end(self, entry: int) -> int:
        """Where a function ends: by its size, or at the next one, or with its section."""
        if self._sizes.get(entry):
            return entry + self._sizes[entry]
        index = bisect.bisect_right(self._starts, entry)
        ends = [
            it.address + it.n_bytes
            for it in self._image.sections
            if it.address <= entry < it.address + it.n_bytes
        ]
        return min([*self._starts[index : index + 1], *ends], default=entry)

    def step(self, path: _Path) -> tuple[Effect, int] | None:
        """The effect of the instruction at a path's address, and its size."""
        instruction = self._instructions.get(path.address)
        if instruction is None:
            return None
        return self._effect(instruction, path.constants, self._word), instruction.size

    def addresses_in(self, start: int, end: int) -> list[int]:
        """The decoded addresses of a function."""
        return [it for it in self._instructions if start <= it < end]

    def _word(self, address: int) -> int | None:
        for section in self._image.sections:
            offset = address - section.address
            if offset >= 0 and offset + 4 <= len(section.content):
                return int.from_bytes(section.content[offset : offset + 4], "little")
        return None


class _Walk:
    """One function followed along all its branches."""

    def __init__(self, program: _Program, entry: int, end: int, name: str) -> None:
        self._program = program
        self._entry = entry
        self._end = end
        self._name = name
        self._pending = [_Path(entry, 0, {})]
        self._tables: list[int] = []
        self._seen: dict[int, int] = {}
        self._visits: dict[int, int] = {}
        self._best: tuple[int, tuple[str, ...]] = (0, (name,))

    def deepest(self) -> tuple[int, tuple[str, ...]]:
        """The greatest depth, callees included, and the names that lead there."""
        while self._pending or self._tables:
            if not self._pending:
                self._spread(self._tables.pop())
            while self._pending:
                self._follow(self._pending.pop())
        return self._best

    def _spread(self, depth: int) -> None:
        """A jump by table may go to all that nothing else led to."""
        unseen = set(self._program.addresses_in(self._entry, self._end)) - self._seen.keys()
        self._pending += [_Path(address, depth, {}) for address in sorted(unseen)]

    def _follow(self, path: _Path) -> None:
        while self._is_deeper(path):
            stepped = self._program.step(path)
            if stepped is None:
                self._note(f"not decoded at {path.address:#x}")
                return
            effect, size = stepped
            self._apply(effect, path)
            if not effect.follows:
                return
            path.address += size
            if path.address >= self._end:
                self._leave(effect, path)
                return

    def _is_deeper(self, path: _Path) -> bool:
        """Whether this place has not been seen at this depth; a growing loop is unknown."""
        if path.depth <= self._seen.get(path.address, -1):
            return False
        self._visits[path.address] = self._visits.get(path.address, 0) + 1
        if self._visits[path.address] > _MOST_VISITS:
            self._note(f"the stack grows in a loop at {path.address:#x}")
            return False
        self._seen[path.address] = path.depth
        return True

    def _apply(self, effect: Effect, path: _Path) -> None:
        if effect.unknown:
            self._note(effect.unknown)
        path.depth += effect.grows
        self._reach(path.depth, ())
        if effect.calls is not None:
            self._enter(effect.calls, path.depth)
            path.constants.clear()
        if effect.by_table:
            self._tables.append(path.depth)
        if effect.jumps is None:
            return
        if self._entry <= effect.jumps < self._end:
            self._pending.append(_Path(effect.jumps, path.depth, {}))
        else:
            self._enter(effect.jumps, path.depth)

    def _leave(self, effect: Effect, path: _Path) -> None:
        """Behind the last instruction lies the next function, unless that was a call."""
        if effect.calls is None:
            self._enter(path.address, path.depth)

    def _enter(self, callee: int, depth: int) -> None:
        stack_bytes, names = self._program.bound(callee)
        self._reach(depth + stack_bytes, names)

    def _reach(self, depth: int, names: tuple[str, ...]) -> None:
        if depth > self._best[0]:
            self._best = (depth, (self._name, *names))

    def _note(self, what: str) -> None:
        self._program.unknown.add(f"{self._name}: {what}")
