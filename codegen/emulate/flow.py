"""What one instruction does to the stack pointer and to the flow, for Thumb and RV32."""

from collections.abc import Callable
from dataclasses import dataclass

from capstone import arm as arm_names
from capstone import riscv as riscv_names

from codegen.emulate.decode import (
    Instruction,
    arm_jumps,
    is_conditional,
    registers,
    riscv_branches,
    stem,
    writes_pc,
)

Constants = dict[int, int]
ReadWord = Callable[[int], int | None]


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """What an instruction does; addresses are None where there is none.

    `grows` is how many bytes the stack pointer moves down, `calls` the function it calls,
    `jumps` where it may go on, `follows` whether the one behind it may be next. `by_table` says
    that it goes on somewhere in the same function, `unknown` what could not be followed.
    """

    grows: int = 0
    calls: int | None = None
    jumps: int | None = None
    follows: bool = True
    by_table: bool = False
    unknown: str = ""


_NOTHING = Effect()
_RETURN = Effect(follows=False)
_TRAPS = frozenset({"udf", "ebreak", "unimp"})


def _unknown(what: str, instruction: Instruction, *, follows: bool = True) -> Effect:
    text = f"{what} at {instruction.address:#x}: {instruction.mnemonic} {instruction.op_str}"
    return Effect(unknown=text, follows=follows)


def arm_effect(instruction: Instruction, constants: Constants, read_word: ReadWord) -> Effect:
    """The effect of a Thumb instruction; `constants` holds known registers and is updated."""
    if stem(instruction) in _TRAPS:
        return _RETURN
    if arm_jumps(instruction):
        return _arm_jump(instruction)
    effect = _arm_stack(instruction, constants)
    _learn_arm(instruction, constants, read_word)
    # One that may be skipped frees nothing for the path that skips it.
    return _NOTHING if is_conditional(instruction) and effect.grows < 0 else effect


def _arm_jump(instruction: Instruction) -> Effect:
    name, operands = stem(instruction), instruction.operands
    goes_on = is_conditional(instruction)
    if writes_pc(instruction):
        if name.startswith(("pop", "ldm")) or _stack_step(instruction) is not None:
            return Effect(follows=goes_on)
        return Effect(by_table=True, follows=goes_on)
    if name in {"tbb", "tbh"}:
        return Effect(by_table=True, follows=False)
    if operands[-1].type == arm_names.ARM_OP_IMM:
        target = operands[-1].imm & ~1
        return Effect(calls=target) if name == "bl" else Effect(jumps=target, follows=goes_on)
    if name == "bx" and registers(instruction) == [arm_names.ARM_REG_LR]:
        return Effect(follows=goes_on)
    return _unknown("call through a register", instruction, follows=name == "blx" or goes_on)


def _arm_stack(instruction: Instruction, constants: Constants) -> Effect:
    name, named = stem(instruction), registers(instruction)
    if name in {"push", "vpush"}:
        return Effect(grows=_list_bytes(named))
    if name in {"pop", "vpop"}:
        return Effect(grows=-_list_bytes(named))
    writes_stack = named[:1] == [arm_names.ARM_REG_SP]
    if name.startswith(("stm", "ldm", "vstm", "vldm")):
        if not (writes_stack and instruction.writeback):
            return _NOTHING
        size = _list_bytes(named[1:])
        return Effect(grows=-size if "ld" in name else size)
    step = _stack_step(instruction)
    if step is not None:
        return Effect(grows=-step)
    if not writes_stack or name.startswith(("cmp", "cmn", "tst", "str")):
        return _NOTHING
    return _arm_arithmetic(instruction, constants)


def _arm_arithmetic(instruction: Instruction, constants: Constants) -> Effect:
    """`sp = sp +- n`; `sp = other register +- n` restores a frame, which is no deeper."""
    name, named, last = stem(instruction), registers(instruction), instruction.operands[-1]
    if name.startswith("mov") or (len(instruction.operands) == 3 and named[1] != named[0]):
        return _NOTHING
    if not name.startswith(("add", "sub")):
        return _unknown("stack pointer moved", instruction)
    amount = last.imm if last.type == arm_names.ARM_OP_IMM else constants.get(last.reg)
    if amount is None:
        return _unknown("stack pointer moved", instruction)
    return Effect(grows=amount if name.startswith("sub") else -_signed(amount))


def _stack_step(instruction: Instruction) -> int | None:
    """By how much a single load or store moves the stack pointer (`[sp, #-4]!`, `[sp], #4`)."""
    memory = [op for op in instruction.operands if op.type == arm_names.ARM_OP_MEM]
    if not (instruction.writeback and memory and memory[0].mem.base == arm_names.ARM_REG_SP):
        return None
    last = instruction.operands[-1]
    return int(last.imm if last.type == arm_names.ARM_OP_IMM else memory[0].mem.disp)


def _list_bytes(named: list[int]) -> int:
    doubles: int = sum(arm_names.ARM_REG_D0 <= it <= arm_names.ARM_REG_D31 for it in named)
    return 4 * (len(named) + doubles)


def _learn_arm(instruction: Instruction, constants: Constants, read_word: ReadWord) -> None:
    """Keep what a register is known to hold: literals and immediates, for large frames."""
    operands, name = instruction.operands, stem(instruction)
    if not operands or operands[0].type != arm_names.ARM_OP_REG:
        return
    target, value = operands[0].reg, None
    last = operands[-1]
    if (
        name == "ldr"
        and last.type == arm_names.ARM_OP_MEM
        and last.mem.base == arm_names.ARM_REG_PC
    ):
        value = read_word((instruction.address + 4 & ~3) + last.mem.disp)
    elif name in {"mov", "movs", "movw"} and last.type == arm_names.ARM_OP_IMM:
        value = last.imm
    elif name == "movt" and target in constants:
        value = last.imm << 16 | constants[target] & 0xFFFF
    for register in registers(instruction):
        constants.pop(register, None)
    _keep(constants, target, value)


def riscv_effect(instruction: Instruction, constants: Constants, _read_word: ReadWord) -> Effect:
    """The effect of an RV32 instruction; `constants` holds known registers and is updated."""
    name, operands = stem(instruction), instruction.operands
    if name in _TRAPS:
        return _RETURN
    if riscv_branches(instruction):
        return Effect(jumps=instruction.address + operands[-1].imm)
    if name in {"j", "jal"}:
        return _riscv_jump(instruction)
    if name in {"jr", "jalr", "ret"}:
        return _riscv_register_jump(instruction, constants)
    effect = _riscv_stack(instruction, constants)
    _learn_riscv(instruction, constants)
    return effect


def _riscv_jump(instruction: Instruction) -> Effect:
    operands = instruction.operands
    target = instruction.address + operands[-1].imm
    links = stem(instruction) == "jal" and (
        len(operands) == 1 or operands[0].reg != riscv_names.RISCV_REG_ZERO
    )
    return Effect(calls=target) if links else Effect(jumps=target, follows=False)


def _riscv_register_jump(instruction: Instruction, constants: Constants) -> Effect:
    name, operands = stem(instruction), instruction.operands
    named = [op.reg for op in operands if op.type == riscv_names.RISCV_OP_REG]
    memory = next((op.mem for op in operands if op.type == riscv_names.RISCV_OP_MEM), None)
    base = memory.base if memory else (named[-1] if named else riscv_names.RISCV_REG_RA)
    calls = name == "jalr" and named[:1] != [riscv_names.RISCV_REG_ZERO]
    if not calls and base == riscv_names.RISCV_REG_RA:
        return _RETURN
    if base not in constants:
        return _unknown("call through a register", instruction, follows=calls)
    offset = (
        memory.disp
        if memory
        else sum(op.imm for op in operands if op.type == riscv_names.RISCV_OP_IMM)
    )
    target = constants[base] + offset & 0xFFFFFFFF
    return Effect(calls=target) if calls else Effect(jumps=target, follows=False)


def _riscv_stack(instruction: Instruction, constants: Constants) -> Effect:
    """`sp = sp +- n`; `sp = other register +- n` restores a frame, which is no deeper."""
    name, operands = stem(instruction), instruction.operands
    is_store = name in {"sw", "sh", "sb", "swsp", "fsw", "fswsp"}
    if is_store or not operands or operands[0].type != riscv_names.RISCV_OP_REG:
        return _NOTHING
    if operands[0].reg != riscv_names.RISCV_REG_SP or name == "mv":
        return _NOTHING
    if len(operands) == 3 and operands[1].reg != riscv_names.RISCV_REG_SP:
        return _NOTHING
    last = operands[-1]
    amount = last.imm if last.type == riscv_names.RISCV_OP_IMM else constants.get(last.reg)
    if amount is None or name not in {"addi", "addi16sp", "add", "sub"}:
        return _unknown("stack pointer moved", instruction)
    return Effect(grows=_signed(amount) if name == "sub" else -_signed(amount))


def _learn_riscv(instruction: Instruction, constants: Constants) -> None:
    name, operands = stem(instruction), instruction.operands
    if not operands or operands[0].type != riscv_names.RISCV_OP_REG:
        return
    target, last, value = operands[0].reg, operands[-1], None
    if name in {"lui", "auipc"}:
        value = (last.imm << 12) + (instruction.address if name == "auipc" else 0)
    elif name == "li":
        value = last.imm
    elif name == "addi":
        source = operands[1].reg if len(operands) == 3 else target
        value = constants[source] + last.imm if source in constants else None
    _keep(constants, target, value)


def _keep(constants: Constants, register: int, value: int | None) -> None:
    if value is None:
        constants.pop(register, None)
    else:
        constants[register] = value & 0xFFFFFFFF


def _signed(word: int) -> int:
    return word - (1 << 32) if word >> 31 == 1 else word
