"""How a function is called on each kind of core: registers of arguments, results and stack."""

import struct
from dataclasses import dataclass
from typing import Literal

from unicorn import arm_const as arm
from unicorn import riscv_const as riscv
from unicorn import unicorn_const as uc
from unicorn.unicorn_py3.unicorn import Uc

from codegen.errors import ToolchainError
from codegen.targets import Target

Returned = Literal["int32", "float", "double"]
_RISCV_FPU_ON = 0x6000  # mstatus.FS = dirty


@dataclass(frozen=True, slots=True, eq=False)
class Abi:
    """Unicorn's register numbers; `double_result` is None where a double returns as two words."""

    arguments: tuple[int, ...]
    stack: int
    link: int
    pc: int
    float_result: int
    double_result: int | None
    code_bit: int


_ARM = Abi(
    (arm.UC_ARM_REG_R0, arm.UC_ARM_REG_R1, arm.UC_ARM_REG_R2, arm.UC_ARM_REG_R3),
    stack=arm.UC_ARM_REG_SP,
    link=arm.UC_ARM_REG_LR,
    pc=arm.UC_ARM_REG_PC,
    float_result=arm.UC_ARM_REG_S0,
    double_result=arm.UC_ARM_REG_D0,
    code_bit=1,
)
_RISCV = Abi(
    tuple(range(riscv.UC_RISCV_REG_A0, riscv.UC_RISCV_REG_A0 + 8)),
    stack=riscv.UC_RISCV_REG_SP,
    link=riscv.UC_RISCV_REG_RA,
    pc=riscv.UC_RISCV_REG_PC,
    float_result=riscv.UC_RISCV_REG_FA0,
    double_result=None,
    code_bit=0,
)


def abi_of(target: Target) -> Abi:
    """The calling convention of an Arm or RISC-V target."""
    return _ARM if target.family == "arm" else _RISCV


def new_engine(target: Target) -> Uc:
    """A Unicorn engine of the target's core; raises ToolchainError if Unicorn has no such core."""
    if target.unicorn_cpu is None:
        raise ToolchainError(f"{target.name} cannot be emulated; it is built, not run")
    if target.family == "arm":
        # With UC_MODE_MCLASS Unicorn 2.1.4 drops the chosen core for a Cortex-M33.
        engine = Uc(uc.UC_ARCH_ARM, uc.UC_MODE_THUMB)
        engine.ctl_set_cpu_model(getattr(arm, target.unicorn_cpu))
        return engine
    engine = Uc(uc.UC_ARCH_RISCV, uc.UC_MODE_RISCV32)
    engine.ctl_set_cpu_model(getattr(riscv, target.unicorn_cpu))
    if target.has_fpu:
        engine.reg_write(riscv.UC_RISCV_REG_MSTATUS, _RISCV_FPU_ON)
    return engine


def returned_value(
    engine: Uc, abi: Abi, kind: Returned | None, *, in_fpu: bool
) -> int | float | None:
    """What the function that just returned gave back; `in_fpu`: floats return in the FPU."""
    if kind is None:
        return None
    low = engine.reg_read(abi.arguments[0])
    if kind == "int32":
        return int(struct.unpack("<i", struct.pack("<I", low))[0])
    if kind == "float":
        word = engine.reg_read(abi.float_result) & 0xFFFFFFFF if in_fpu else low
        return float(struct.unpack("<f", struct.pack("<I", word))[0])
    if in_fpu and abi.double_result is not None:
        pair = engine.reg_read(abi.double_result)
    else:
        pair = engine.reg_read(abi.arguments[1]) << 32 | low
    return float(struct.unpack("<d", struct.pack("<Q", pair))[0])
