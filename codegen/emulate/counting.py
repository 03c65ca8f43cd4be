"""Counts instructions, cycles and stack of an emulated run, by a hook compiled from hook.c."""

import ctypes
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from unicorn import unicorn_const as uc
from unicorn.unicorn_py3.unicorn import Uc, UcError, uclib

from codegen.emulate.cycles import Cost
from codegen.emulate.decode import Instruction
from codegen.toolchain import build_host

_NOWHERE = (1 << 64) - 1
_INSTRUCTION = np.dtype(
    [("n_bytes", "u1"), ("jumps", "u1"), ("cycles", "<u2"), ("cycles_taken", "<u2")]
)


class _Counters(ctypes.Structure):
    """The struct of the same name in hook.c."""

    _fields_ = (
        ("read", ctypes.c_void_p),
        ("stop", ctypes.c_void_p),
        ("flash", ctypes.c_void_p),
        ("flash_address", ctypes.c_uint64),
        ("n_halfwords", ctypes.c_uint64),
        ("limit", ctypes.c_uint64),
        ("instructions", ctypes.c_uint64),
        ("cycles", ctypes.c_uint64),
        ("taken", ctypes.c_uint64),
        ("lowest_stack", ctypes.c_uint64),
        ("previous", ctypes.c_uint64),
        ("stray", ctypes.c_uint64),
        ("misaligned", ctypes.c_uint64),
        ("stack_register", ctypes.c_int32),
    )


@cache
def _hooks() -> ctypes.CDLL:
    text = Path(__file__).with_name("hook.c").read_text(encoding="ascii")
    library = ctypes.CDLL(str(build_host({"hook.c": text}, "hook")))
    library.codegen_settle.argtypes = (ctypes.POINTER(_Counters), ctypes.c_uint64)
    library.codegen_settle.restype = None
    return library


class Counting:
    """The counters of one engine; `start`, let it run, `finish`, then read."""

    def __init__(
        self,
        engine: Uc,
        instructions: Mapping[int, Instruction],
        costs: Mapping[int, Cost],
        *,
        stack_register: int,
        limit: int,
    ) -> None:
        first, last = min(instructions), max(instructions)
        self._flash = np.zeros((last - first) // 2 + 1, _INSTRUCTION)
        for address, cost in costs.items():
            self._flash[(address - first) // 2] = (
                instructions[address].size,
                cost.jumps,
                cost.through,
                cost.taken,
            )
        self._counters = _Counters(
            read=_address(uclib.uc_reg_read),
            stop=_address(uclib.uc_emu_stop),
            flash=self._flash.ctypes.data,
            flash_address=first,
            n_halfwords=len(self._flash),
            limit=limit,
            stack_register=stack_register,
        )
        self._attach(engine, uc.UC_HOOK_CODE, _hooks().codegen_hook)

    def check_alignment(self, engine: Uc) -> None:
        """From now on stop at an access to data at no multiple of its size."""
        kinds = uc.UC_HOOK_MEM_READ | uc.UC_HOOK_MEM_WRITE
        self._attach(engine, kinds, _hooks().codegen_check_alignment)

    def _attach(self, engine: Uc, kinds: int, hook: object) -> None:
        handle = ctypes.c_size_t()
        status = uclib.uc_hook_add(
            engine._uch,  # noqa: SLF001 - the binding wraps each hook in Python
            ctypes.byref(handle),
            kinds,
            _address(hook),
            ctypes.cast(ctypes.pointer(self._counters), ctypes.c_void_p),
            1,
            0,
        )
        if status != uc.UC_ERR_OK:
            raise UcError(status)

    def start(self, stack: int) -> None:
        """Set all counters to zero; `stack` is the stack pointer at the call."""
        counters = self._counters
        counters.instructions = counters.cycles = counters.taken = 0
        counters.lowest_stack = stack
        counters.previous = counters.stray = counters.misaligned = _NOWHERE

    def finish(self, address: int) -> None:
        """Settle the last instruction, which went to `address`."""
        _hooks().codegen_settle(ctypes.byref(self._counters), address)

    @property
    def instructions(self) -> int:
        """How many were executed, those skipped in IT blocks included."""
        return int(self._counters.instructions)

    @property
    def cycles(self) -> int:
        """Their cost by the model."""
        return int(self._counters.cycles)

    @property
    def taken(self) -> int:
        """How often the flow left the straight line."""
        return int(self._counters.taken)

    @property
    def lowest_stack(self) -> int:
        """The lowest stack pointer seen."""
        return int(self._counters.lowest_stack)

    @property
    def stray(self) -> int | None:
        """The first address executed where nothing was decoded, if any."""
        return None if self._counters.stray == _NOWHERE else int(self._counters.stray)

    @property
    def misaligned(self) -> int | None:
        """The first misaligned address of data, if any."""
        misaligned = int(self._counters.misaligned)
        return None if misaligned == _NOWHERE else misaligned

    @property
    def reached_limit(self) -> bool:
        """Whether the run was stopped for its length."""
        return bool(self._counters.instructions >= self._counters.limit)


def _address(function: object) -> int | None:
    return ctypes.cast(function, ctypes.c_void_p).value  # type: ignore[arg-type]
