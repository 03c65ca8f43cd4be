"""What each instruction costs in cycles on small in-order cores, by documented tables.

The tables assume zero wait states, no contention and no stalls, so they rank code on one core
and do not promise microseconds. No silicon was measured. N is the number of registers in a
list, the program counter included; P is the number of cycles to refill the pipeline.

m0, m0plus: Cortex-M0 and Cortex-M0+ Technical Reference Manuals, table 3-1. Loads and stores 2,
    lists 1 + N, P = 2 and 1, `bl` 2 + P, `pop` with the program counter 2 + N + P, barriers and
    special registers 4 and 3. The multiplier is the single-cycle option.
m3, m4: Cortex-M3 and Cortex-M4 Technical Reference Manuals, tables 3-1 and 7-1. Loads 2, but 1
    right behind another load or store; stores 1 (write buffer); pairs 3; lists 1 + N; P is 1 to
    3 and taken as 2; division is 2 to 12 and taken as 7. M3: `mla` 2, long multiplication 3 to 5
    taken as 4, accumulating 4 to 7 taken as 6; M4: all 1. FPU: 1 each, fused or chained
    multiply-add 3, division and square root 14, load and store 1 + words.
rv32: a two-stage in-order core: 1 each, load 2, taken branch or jump 3, division 33, float
    division and square root 20.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from capstone import arm as arm_names

from codegen.emulate.decode import (
    Instruction,
    arm_jumps,
    is_conditional,
    registers,
    riscv_branches,
    riscv_jumps,
    stem,
    writes_pc,
)
from codegen.targets import CycleModelName


@dataclass(frozen=True, slots=True, eq=False)
class Cost:
    """Cycles of one instruction when the flow falls through, and when it goes elsewhere."""

    through: int
    taken: int
    jumps: bool


@dataclass(frozen=True, slots=True, eq=False)
class _ArmCore:
    """The numbers in which the Arm tables differ."""

    refill: int
    call: int
    pop_return: int
    store: int
    special: int
    pipelines_loads: bool
    multiplies: Mapping[str, int]


def _multiplies(plain: int, long: int, accumulating: int) -> dict[str, int]:
    costs = dict.fromkeys(("mla", "mls"), plain)
    return (
        costs
        | dict.fromkeys(("umull", "smull"), long)
        | dict.fromkeys(("umlal", "smlal", "umaal"), accumulating)
    )


_ARM_CORES = {
    "m0": _ArmCore(2, 4, 4, 2, 4, pipelines_loads=False, multiplies={}),
    "m0plus": _ArmCore(1, 3, 3, 2, 3, pipelines_loads=False, multiplies={}),
    "m3": _ArmCore(2, 3, 3, 1, 4, pipelines_loads=True, multiplies=_multiplies(2, 4, 6)),
    "m4": _ArmCore(2, 3, 3, 1, 4, pipelines_loads=True, multiplies=_multiplies(1, 1, 1)),
}
_SPECIAL = frozenset({"mrs", "msr", "dmb", "dsb", "isb"})
_ARM_FIXED = (
    dict.fromkeys(("sdiv", "udiv"), 7)
    | dict.fromkeys(("vdiv", "vsqrt"), 14)
    | dict.fromkeys(("vmla", "vmls", "vnmla", "vnmls", "vfma", "vfms", "vfnma", "vfnms"), 3)
    | dict.fromkeys(("ldrd", "strd"), 3)
)
_LISTS = ("push", "pop", "ldm", "stm", "vpush", "vpop", "vldm", "vstm")
_STACK_LISTS = frozenset({"push", "pop", "vpush", "vpop"})


def costs(
    instructions: Mapping[int, Instruction], model: CycleModelName | None, *, is_arm: bool
) -> dict[int, Cost]:
    """The cost of each instruction by address; without a model each costs nothing.

    The flow is known without a model too: it is what instructions are counted by.
    """
    if model is None:
        jumps = arm_jumps if is_arm else riscv_jumps
        return {address: Cost(0, 0, jumps(it)) for address, it in instructions.items()}
    if model == "rv32":
        by_name = {str(it.mnemonic): it for it in instructions.values()}
        known = {name: _riscv_cost(it) for name, it in by_name.items()}
        return {address: known[str(it.mnemonic)] for address, it in instructions.items()}
    return _arm_costs(instructions, _ARM_CORES[model])


def _arm_costs(instructions: Mapping[int, Instruction], core: _ArmCore) -> dict[int, Cost]:
    found = {}
    known: dict[tuple[bytes, str], tuple[Cost, bool]] = {}
    behind_memory = -1
    for address, instruction in sorted(instructions.items()):
        encoding = bytes(instruction.bytes), str(instruction.mnemonic)  # with the condition
        if encoding not in known:
            known[encoding] = _arm_cost(instruction, core), _is_single_move(instruction)
        cost, moves = known[encoding]
        if core.pipelines_loads and moves and address == behind_memory:
            cost = Cost(1, 1, jumps=False)
        behind_memory = address + instruction.size if moves else -1
        found[address] = cost
    return found


def _is_single_move(instruction: Instruction) -> bool:
    name = stem(instruction)
    return (
        name.startswith(("ldr", "str"))
        and name not in {"ldrd", "strd"}
        and not writes_pc(instruction)
    )


def _arm_cost(instruction: Instruction, core: _ArmCore) -> Cost:
    if arm_jumps(instruction):
        taken = _arm_jump_cycles(instruction, core)
        return Cost(1 if is_conditional(instruction) else taken, taken, jumps=True)
    cycles = _arm_cycles(instruction, core)
    return Cost(cycles, cycles, jumps=False)


def _arm_jump_cycles(instruction: Instruction, core: _ArmCore) -> int:
    name = stem(instruction)
    if name == "bl":
        return core.call
    if name.startswith(("pop", "ldm")):
        return core.pop_return + _n_words(instruction)
    if name.startswith(("tb", "ldr")):
        return 2 + core.refill
    return 1 + core.refill


def _arm_cycles(instruction: Instruction, core: _ArmCore) -> int:
    name = stem(instruction)
    if name in core.multiplies:
        return core.multiplies[name]
    if name in _ARM_FIXED:
        return _ARM_FIXED[name]
    if name in _SPECIAL:
        return core.special
    if name.startswith((*_LISTS, "vldr", "vstr")):
        return 1 + _n_words(instruction)
    if name.startswith("ldr"):
        return 2
    return core.store if name.startswith("str") else 1


def _n_words(instruction: Instruction) -> int:
    """How many words an Arm load or store of a list, or of a float register, moves."""
    name = stem(instruction)
    has_base = name not in _STACK_LISTS and name.startswith(_LISTS)
    moved = registers(instruction)[1:] if has_base else registers(instruction)
    return sum(2 if _is_double(register) else 1 for register in moved)


def _is_double(register: int) -> bool:
    return bool(arm_names.ARM_REG_D0 <= register <= arm_names.ARM_REG_D31)


_RISCV_LOADS = frozenset({"lb", "lbu", "lh", "lhu", "lw", "lwsp", "flw", "flwsp"})


def _riscv_cost(instruction: Instruction) -> Cost:
    if riscv_jumps(instruction):
        return Cost(1 if riscv_branches(instruction) else 3, 3, jumps=True)
    cycles = _riscv_cycles(stem(instruction))
    return Cost(cycles, cycles, jumps=False)


def _riscv_cycles(name: str) -> int:
    if name in _RISCV_LOADS:
        return 2
    if name.startswith(("div", "rem")):
        return 33
    return 20 if name.startswith(("fdiv", "fsqrt")) else 1
