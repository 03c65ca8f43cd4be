"""Runs a board's image from its reset vector on, in Unicorn or in QEMU, and hears what it says."""

import shutil
import struct
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from unicorn import arm_const as arm
from unicorn import unicorn_const as uc
from unicorn.unicorn_py3.unicorn import Uc, UcError

from codegen.boards import Board, Memory
from codegen.emulate.abi import new_engine
from codegen.errors import InvalidInput, ToolchainError

_SYSTEM_CONTROL = Memory(0xE000E000, 0x1000)
_BREAKPOINT = 7  # the number that Unicorn gives the exception of BKPT
_SEMIHOSTING = b"\xab\xbe"  # BKPT 0xAB
_WRITE0 = 0x04
_EXIT_EXTENDED = 0x20
_APPLICATION_EXIT = 0x20026
_LONGEST_TEXT = 4096
_INSTRUCTION_LIMIT = 2_000_000_000
_READ_EXECUTE = uc.UC_PROT_READ | uc.UC_PROT_EXEC
_READ_WRITE = uc.UC_PROT_READ | uc.UC_PROT_WRITE

_QEMU = "qemu-system-arm"
_QEMU_SECONDS = 120
_VERDICTS = ("PASS", "FAIL", "FAULT")


@dataclass(frozen=True, slots=True, eq=False)
class FirmwareRun:
    """What an image printed, and the code it ended with."""

    text: str
    exit_code: int

    @property
    def verdict(self) -> str:
        """The last line: it starts with PASS, FAIL or FAULT."""
        return self.text.rstrip().rpartition("\n")[2]

    @property
    def passed(self) -> bool:
        """Whether all answers were as expected."""
        return self.exit_code == 0 and self.verdict.startswith("PASS")


class _Core:
    """A core with a flashed image. Flash cannot be written, RAM cannot be executed."""

    def __init__(self, board: Board, flash: bytes) -> None:
        self.name = board.name
        self.text = b""
        self.exit_code: int | None = None
        self.fault = ""
        self.engine = engine = new_engine(board.target)
        for memory, rights in (
            (board.flash, _READ_EXECUTE),
            (board.ram, _READ_WRITE),
            (_SYSTEM_CONTROL, _READ_WRITE),
        ):
            engine.mem_map(memory.origin, memory.n_bytes, rights)
        engine.mem_write(board.flash.origin, flash)
        engine.hook_add(uc.UC_HOOK_INTR, self._except)
        engine.hook_add(uc.UC_HOOK_MEM_INVALID, self._stray)

    def run(self, vectors: int) -> None:
        """From the stack pointer and the program counter of the vector table to the exit."""
        stack, start = struct.unpack("<II", self.engine.mem_read(vectors, 8))
        self.engine.reg_write(arm.UC_ARM_REG_SP, stack)
        try:
            self.engine.emu_start(start, 0xFFFFFFFF, count=_INSTRUCTION_LIMIT)
        except UcError as error:
            raise self._failure(self.fault or str(error)) from error
        if self.fault:
            raise self._failure(self.fault)
        if self.exit_code is None:
            raise self._failure(f"did not end within {_INSTRUCTION_LIMIT:,} instructions")

    def _failure(self, what: str) -> ToolchainError:
        at = self.engine.reg_read(arm.UC_ARM_REG_PC)
        said = self.text.decode("utf-8", "replace")
        return ToolchainError(f"{self.name} in Unicorn: {what} (at {at:#x}); it said:\n{said}")

    def _except(self, engine: Uc, number: int, _user: object) -> None:
        at = engine.reg_read(arm.UC_ARM_REG_PC)
        if number == _BREAKPOINT and bytes(engine.mem_read(at, 2)) == _SEMIHOSTING:
            self._serve(engine.reg_read(arm.UC_ARM_REG_R0), engine.reg_read(arm.UC_ARM_REG_R1))
            engine.reg_write(arm.UC_ARM_REG_PC, (at + 2) | 1)
        else:
            self._stop(f"exception {number}")

    def _serve(self, operation: int, argument: int) -> None:
        if operation == _WRITE0:
            self.text += self._text_at(argument)
        elif operation == _EXIT_EXTENDED:
            reason, code = struct.unpack("<II", self.engine.mem_read(argument, 8))
            self.exit_code = code if reason == _APPLICATION_EXIT else 1
            self.engine.emu_stop()
        else:
            self._stop(f"semihosting call {operation:#x} is not served")

    def _text_at(self, address: int) -> bytes:
        text = bytearray()
        while (byte := self.engine.mem_read(address + len(text), 1)[0]) != 0:
            text.append(byte)
            if len(text) > _LONGEST_TEXT:
                self._stop(f"a text of more than {_LONGEST_TEXT} bytes at {address:#x}")
                break
        return bytes(text)

    def _stray(
        self, _engine: Uc, _access: int, address: int, size: int, _value: int, _user: object
    ) -> bool:
        self.fault = f"stray access to {size} bytes at {address:#x}"
        return False

    def _stop(self, fault: str) -> None:
        self.fault = fault
        self.engine.emu_stop()


def run_in_unicorn(board: Board, flash: bytes) -> FirmwareRun:
    """Run what is flashed to the board's flash, with semihosting served here.

    Raises ToolchainError, with what the image had said by then, for any exception but a call of
    semihosting, for an access outside of the board's memory, and for a program that does not end.
    """
    core = _Core(board, flash)
    core.run(board.flash.origin)
    assert core.exit_code is not None
    return FirmwareRun(core.text.decode("utf-8", "replace"), core.exit_code)


def run_in_qemu(board: Board, elf: bytes) -> FirmwareRun:
    """Run an ELF image on QEMU's model of the whole board.

    Raises InvalidInput when QEMU is not installed, and ToolchainError when the image does not end
    with a verdict in time.
    """
    qemu = shutil.which(_QEMU)
    if qemu is None:
        raise InvalidInput(
            f"{_QEMU} is not installed: on Debian and Ubuntu the package {_QEMU} has it "
            f"(apt install {_QEMU}); or run the image in Unicorn, which is here already"
        )
    with tempfile.TemporaryDirectory(prefix="codegen-qemu-") as folder:
        (Path(folder) / "image.elf").write_bytes(elf)
        finished = _finished([qemu, *_qemu_arguments(board)], Path(folder), board)
    run = FirmwareRun(finished.stdout.decode("utf-8", "replace"), finished.returncode)
    if not run.verdict.startswith(_VERDICTS):
        said = finished.stderr.decode("utf-8", "replace").strip()
        raise ToolchainError(
            f"{board.name} in QEMU ended with code {run.exit_code} and no verdict: {said}; "
            f"it said:\n{run.text}"
        )
    return run


def _qemu_arguments(board: Board) -> tuple[str, ...]:
    return (
        *("-M", board.qemu_machine, "-display", "none", "-monitor", "none", "-serial", "none"),
        *("-chardev", "stdio,id=said,signal=off"),
        *("-semihosting-config", "enable=on,target=native,chardev=said"),
        *("-kernel", "image.elf"),
    )


def _finished(command: list[str], folder: Path, board: Board) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_QEMU_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        said = (error.stdout or b"").decode("utf-8", "replace")
        raise ToolchainError(
            f"{board.name} in QEMU did not end within {_QEMU_SECONDS} s; it said:\n{said}"
        ) from error
