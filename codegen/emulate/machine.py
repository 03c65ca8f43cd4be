"""Calls functions of a linked image on an emulated core, and refuses every stray access."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from unicorn import unicorn_const as uc
from unicorn.unicorn_py3.unicorn import Uc, UcError

from codegen.elf import read_image
from codegen.emulate.abi import Returned, abi_of, new_engine, returned_value
from codegen.emulate.counting import Counting
from codegen.emulate.cycles import costs
from codegen.emulate.decode import decode
from codegen.errors import ToolchainError
from codegen.targets import Target

# Nothing else is mapped: below the stack, above it and behind each buffer an access is a fault.
_STOP = 0x10000000
_STACK_TOP = 0x30000000
_STACK_BYTES = 1 << 20
_INPUTS = 0x40000000
_OUTPUTS = 0x60000000
_SLOT_BYTES = 0x04000000
_PAGE = 0x1000
_PAINT = b"\xa5"
_READ_EXECUTE = uc.UC_PROT_READ | uc.UC_PROT_EXEC
_WORDS = {
    uc.UC_ERR_EXCEPTION: "misaligned access, or another exception of the core",
    uc.UC_ERR_INSN_INVALID: "an instruction that the core does not have",
}
_READ_WRITE = uc.UC_PROT_READ | uc.UC_PROT_WRITE


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One call of a function.

    `value` is what it returned, `outputs` the bytes of each output buffer. `cycles` is None for
    a core without a cycle model. `stack_bytes` is the depth below the stack pointer at the call.
    """

    value: int | float | None
    outputs: tuple[bytes, ...]
    instructions: int
    cycles: int | None
    taken_branches: int
    stack_bytes: int


class Machine:
    """A core with an image in its memory; `call` it any number of times.

    Flash is read-only, RAM and stack cannot be executed. Raises ToolchainError for a target
    that Unicorn has no core for.
    """

    def __init__(
        self, image: Path, target: Target, *, instruction_limit: int = 1_000_000_000
    ) -> None:
        self._target = target
        self._image = read_image(image)
        self._functions = self._image.addresses()
        self._engine = new_engine(target)
        self._abi = abi_of(target)
        self._mapped: dict[int, int] = {}
        self._fault = ""
        self._map_memory()
        instructions = decode(self._image)
        table = costs(instructions, target.cycle_model, is_arm=target.family == "arm")
        self._counting = Counting(
            self._engine,
            instructions,
            table,
            stack_register=self._abi.stack,
            limit=instruction_limit,
        )
        if not target.allows_misaligned:
            self._counting.check_alignment(self._engine)
        self._engine.hook_add(uc.UC_HOOK_MEM_INVALID, self._note_fault)

    def call(
        self,
        symbol: str,
        inputs: Sequence[bytes | int] = (),
        outputs: Sequence[int] = (),
        *,
        returns: Returned | None = None,
    ) -> Run:
        """Call `symbol(inputs..., outputs...)` with the memory as it is after reset.

        An input of bytes is passed by address, in memory that can only be read; an int is
        passed by value; each number of `outputs` is the size in bytes of a buffer passed by
        address. Every buffer ends where mapped memory ends, so that one element too far is a
        fault. Raises ToolchainError, with the address, for an access outside, for a write
        before an output, for a misaligned access on a core that cannot make one, for more than
        the limit of instructions, for a stack pointer that was not restored, and for more
        arguments than registers.
        """
        self._reset()
        addresses = [self._place_output(slot, size) for slot, size in enumerate(outputs)]
        words = [
            item if isinstance(item, int) else self._place_input(slot, item)
            for slot, item in enumerate(inputs)
        ]
        self._set_registers(symbol, [*words, *addresses])
        self._run(symbol)
        results = [self._read_output(symbol, slot, size) for slot, size in enumerate(outputs)]
        return self._finished(results, returns)

    def _finished(self, outputs: Sequence[bytes], returns: Returned | None) -> Run:
        counting, in_fpu = self._counting, self._image.passes_float_in_fpu
        return Run(
            returned_value(self._engine, self._abi, returns, in_fpu=in_fpu),
            tuple(outputs),
            counting.instructions,
            None if self._target.cycle_model is None else counting.cycles,
            counting.taken,
            _STACK_TOP - counting.lowest_stack,
        )

    def _map_memory(self) -> None:
        for writable, rights in ((False, _READ_EXECUTE), (True, _READ_WRITE)):
            parts = [part for part in self._image.sections if part.is_writable == writable]
            if parts:
                start = min(part.address for part in parts) & -_PAGE
                end = max(part.address + part.n_bytes for part in parts)
                self._engine.mem_map(start, _pages(end - start), rights)
        for part in self._image.sections:
            self._engine.mem_write(part.address, part.content or bytes(part.n_bytes))
        self._engine.mem_map(_STOP, _PAGE, _READ_EXECUTE)
        self._engine.mem_map(_STACK_TOP - _STACK_BYTES, _STACK_BYTES, _READ_WRITE)

    def _reset(self) -> None:
        for part in self._image.sections:
            if part.is_writable:
                self._engine.mem_write(part.address, part.content or bytes(part.n_bytes))

    def _place_input(self, slot: int, content: bytes) -> int:
        end = _INPUTS + (slot + 1) * _SLOT_BYTES
        self._map_below(end, len(content), uc.UC_PROT_READ)
        self._engine.mem_write(end - len(content), content)
        return end - len(content)

    def _place_output(self, slot: int, n_bytes: int) -> int:
        end = _OUTPUTS + (slot + 1) * _SLOT_BYTES
        self._map_below(end, n_bytes, _READ_WRITE)
        mapped = self._mapped[end]
        self._engine.mem_write(end - mapped, _PAINT * mapped)
        return end - n_bytes

    def _map_below(self, end: int, n_bytes: int, rights: int) -> None:
        """Map the pages that end at `end`: enough for n_bytes and never fewer than one."""
        mapped, wanted = self._mapped.get(end, 0), _pages(n_bytes or 1)
        if wanted > _SLOT_BYTES - _PAGE:
            raise ToolchainError(f"a buffer of {n_bytes} bytes is too long to emulate")
        if wanted > mapped:
            self._engine.mem_map(end - wanted, wanted - mapped, rights)
            self._mapped[end] = wanted

    def _read_output(self, symbol: str, slot: int, n_bytes: int) -> bytes:
        end = _OUTPUTS + (slot + 1) * _SLOT_BYTES
        mapped = self._mapped[end]
        block = bytes(self._engine.mem_read(end - mapped, mapped))
        before = block[: mapped - n_bytes]
        if before.strip(_PAINT):
            at = end - mapped + len(before.rstrip(_PAINT)) - 1
            raise ToolchainError(
                f"{symbol} on {self._target.name} wrote before output {slot}, at {at:#x}"
            )
        return block[mapped - n_bytes :]

    def _set_registers(self, symbol: str, words: Sequence[int]) -> None:
        registers = self._abi.arguments
        if len(words) > len(registers):
            raise ToolchainError(
                f"{symbol} has {len(words)} arguments; {self._target.name} passes "
                f"{len(registers)} in registers, and no more can be emulated"
            )
        for register in registers:
            self._engine.reg_write(register, 0)
        for register, word in zip(registers, words, strict=False):
            self._engine.reg_write(register, word & 0xFFFFFFFF)
        self._engine.reg_write(self._abi.stack, _STACK_TOP)
        self._engine.reg_write(self._abi.link, _STOP | self._abi.code_bit)

    def _run(self, symbol: str) -> None:
        if symbol not in self._functions:
            raise ToolchainError(f"the image has no function {symbol}; give it to link as a root")
        self._fault = ""
        self._counting.start(_STACK_TOP)
        try:
            self._engine.emu_start(self._functions[symbol] | self._abi.code_bit, _STOP)
        except UcError as error:
            what = self._fault or _WORDS.get(error.errno, str(error))
            raise self._failure(symbol, what) from error
        if self._counting.misaligned is not None:
            raise self._failure(symbol, f"misaligned access to {self._counting.misaligned:#x}")
        if self._counting.reached_limit:
            raise self._failure(symbol, f"no return in {self._counting.instructions} instructions")
        if self._pc() != _STOP:
            raise self._failure(symbol, "stopped before its return")
        self._counting.finish(_STOP)
        stack = self._engine.reg_read(self._abi.stack)
        if stack != _STACK_TOP:
            raise self._failure(symbol, f"left the stack pointer at {stack:#x}, not restored")
        if self._counting.stray is not None:
            raise self._failure(symbol, f"executed data at {self._counting.stray:#x}")

    def _pc(self) -> int:
        return int(self._engine.reg_read(self._abi.pc)) & ~self._abi.code_bit

    def _failure(self, symbol: str, what: str) -> ToolchainError:
        return ToolchainError(f"{symbol} on {self._target.name}: {what} (at {self._pc():#x})")

    def _note_fault(
        self, _engine: Uc, access: int, address: int, size: int, _value: int, _user: object
    ) -> bool:
        verb = {
            uc.UC_MEM_WRITE_UNMAPPED: "write of",
            uc.UC_MEM_WRITE_PROT: "write of read-only",
            uc.UC_MEM_FETCH_UNMAPPED: "execution of",
            uc.UC_MEM_FETCH_PROT: "execution of data",
        }.get(access, "read of")
        self._fault = f"stray {verb} {size} bytes at {address:#x}"
        return False


def _pages(n_bytes: int) -> int:
    return -(-n_bytes // _PAGE) * _PAGE
