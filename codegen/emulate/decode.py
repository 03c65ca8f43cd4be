"""Decodes the instructions of a linked image with capstone, its data islands left out."""

import bisect
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

import capstone
from capstone import arm as arm_names

from codegen.elf import Image, Section
from codegen.errors import ToolchainError

Instruction: TypeAlias = capstone.CsInsn

_MODES = {
    "EM_ARM": (
        capstone.CS_ARCH_ARM,
        capstone.CS_MODE_THUMB | capstone.CS_MODE_MCLASS | capstone.CS_MODE_V8,
    ),
    "EM_RISCV": (capstone.CS_ARCH_RISCV, capstone.CS_MODE_RISCV32 | capstone.CS_MODE_RISCVC),
}
# capstone counts the condition codes from 1 in the order of their encoding.
_CONDITIONS = dict(
    enumerate(
        ("eq", "ne", "hs", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le"), 1
    )
)
_ARM_JUMPS = frozenset({"b", "bl", "bx", "blx", "cbz", "cbnz", "tbb", "tbh"})
_RISCV_JUMPS = frozenset({"j", "jal", "jr", "jalr", "ret"})
_RISCV_BRANCHES = frozenset(
    {"beq", "bne", "blt", "bge", "bltu", "bgeu", "ble", "bgt", "bleu", "bgtu"}
    | {"beqz", "bnez", "blez", "bgez", "bltz", "bgtz"}
)


@lru_cache(maxsize=1)
def decode(image: Image) -> Mapping[int, Instruction]:
    """The instructions of all code sections by address; raises ToolchainError for other cores.

    Those of the last image are kept: its stack is bounded right after it was run.
    """
    if image.machine not in _MODES:
        raise ToolchainError(f"machine code of {image.machine} cannot be decoded")
    engine = capstone.Cs(*_MODES[image.machine])
    engine.detail = True
    engine.skipdata = True
    return {
        instruction.address: instruction
        for section in image.sections
        if section.is_code
        for start, end in _code_ranges(section, image.marks)
        for instruction in engine.disasm(
            section.content[start - section.address : end - section.address], start
        )
        if instruction.id
    }


def _code_ranges(
    section: Section, marks: tuple[tuple[int, bool], ...]
) -> Iterator[tuple[int, int]]:
    end = section.address + section.n_bytes
    inside = marks[bisect.bisect_left(marks, (section.address, False)) :]
    points = [(section.address, False), *((a, d) for a, d in inside if a < end), (end, True)]
    for (start, is_data), (stop, _) in pairwise(points):
        if not is_data and start < stop:
            yield start, stop


def stem(instruction: Instruction) -> str:
    """The mnemonic without width, type, condition or compression: `pop` of `popne.w`."""
    name = str(instruction.mnemonic).removeprefix("c.").split(".")[0]
    return name.removesuffix(_condition(instruction)) if not name.startswith("it") else name


def is_conditional(instruction: Instruction) -> bool:
    """Whether an Arm instruction has a condition: in an IT block, or a conditional branch."""
    return bool(_condition(instruction)) or stem(instruction) in {"cbz", "cbnz"}


def _condition(instruction: Instruction) -> str:
    if not hasattr(instruction, "cc"):
        return ""
    return _CONDITIONS.get(instruction.cc, "")


def registers(instruction: Instruction) -> list[int]:
    """The register operands of an Arm instruction, in their order."""
    return [op.reg for op in instruction.operands if op.type == arm_names.ARM_OP_REG]


def writes_pc(instruction: Instruction) -> bool:
    """Whether an Arm move, addition or load puts its result into the program counter."""
    name, named = stem(instruction), registers(instruction)
    if name.startswith(("pop", "ldm")):
        return arm_names.ARM_REG_PC in named
    return name.startswith(("ldr", "mov", "add")) and named[:1] == [arm_names.ARM_REG_PC]


def arm_jumps(instruction: Instruction) -> bool:
    """Whether an Arm instruction may be followed by another than the one behind it."""
    return stem(instruction) in _ARM_JUMPS or writes_pc(instruction)


def riscv_branches(instruction: Instruction) -> bool:
    """Whether it is a conditional branch of RISC-V."""
    return stem(instruction) in _RISCV_BRANCHES


def riscv_jumps(instruction: Instruction) -> bool:
    """Whether a RISC-V instruction may be followed by another than the one behind it."""
    return stem(instruction) in _RISCV_JUMPS or riscv_branches(instruction)
