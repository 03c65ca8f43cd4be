"""The targets: how each is compiled, emulated and costed, one row per target."""

from dataclasses import dataclass
from typing import Literal

from codegen.errors import InvalidInput

Family = Literal["arm", "riscv", "avr", "wasm", "host"]
CycleModelName = Literal["m0", "m0plus", "m3", "m4", "rv32"]


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """One core, or a family of cores that share their C.

    `triple` and `cpu` are zig's `-target` and `-mcpu`; `unicorn_cpu` names Unicorn's CPU model
    and `cycle_model` a table of `codegen.emulate.cycles`, None where there is none; `gcc_flags`
    are those of arm-none-eabi-gcc; `allows_misaligned` says whether a word may be read at any
    address; `members` names the cores a family is measured on.
    """

    name: str
    family: Family
    triple: str
    cpu: str
    description: str
    flags: tuple[str, ...] = ()
    unicorn_cpu: str | None = None
    cycle_model: CycleModelName | None = None
    gcc_flags: tuple[str, ...] = ()
    has_fpu: bool = False
    allows_misaligned: bool = False
    members: tuple[str, ...] = ()


def _soft_arm(core: str, cycles: CycleModelName, unicorn: str, description: str) -> Target:
    return Target(
        name=f"cortex-{core}",
        family="arm",
        triple="thumb-freestanding-eabi",
        cpu=f"cortex_{core}",
        description=description,
        unicorn_cpu=f"UC_CPU_ARM_CORTEX_{unicorn}",
        cycle_model=cycles,
        gcc_flags=("-mthumb", f"-mcpu=cortex-{core}", "-mfloat-abi=soft"),
        allows_misaligned=not core.startswith("m0"),
    )


def _hard_arm(name: str, fpu: tuple[str, str], description: str, *, runs: bool) -> Target:
    """A core with an FPU; `fpu` is its LLVM feature and its `-mfpu` for gcc.

    zig's CPU models know no FPU at all, and `-mfpu` is accepted without effect: without the
    feature the compiler calls the soft-float library, silently.
    """
    core = name.removesuffix("f")
    return Target(
        name=f"cortex-{name}",
        family="arm",
        triple="thumb-freestanding-eabihf",
        cpu=f"cortex_{core}+{fpu[0]}",
        description=description,
        unicorn_cpu=f"UC_CPU_ARM_CORTEX_{core.upper()}" if runs else None,
        cycle_model="m4" if runs else None,
        gcc_flags=("-mthumb", f"-mcpu=cortex-{core}", "-mfloat-abi=hard", f"-mfpu={fpu[1]}"),
        has_fpu=True,
        allows_misaligned=True,
    )


def _riscv(extensions: str, features: str, description: str) -> Target:
    return Target(
        name=f"riscv32{extensions}",
        family="riscv",
        triple="riscv32-freestanding-none",
        cpu=f"generic_rv32+{features}",
        description=description,
        unicorn_cpu="UC_CPU_RISCV32_BASE32",
        cycle_model="rv32",
        has_fpu="f" in extensions,
    )


_CORTEX_M = Target(
    name="cortex-m",
    family="arm",
    triple="thumb-freestanding-eabi",
    cpu="cortex_m0plus",
    description="C for every Cortex-M; costs shown for cortex-m0plus and cortex-m4f",
    gcc_flags=("-mthumb", "-mcpu=cortex-m0plus", "-mfloat-abi=soft"),
    members=("cortex-m0plus", "cortex-m4f"),
)

# No +mve_fp for the M55 and M85: with it clang vectorises float loops, and a vector float
# instruction of Helium flushes subnormals to zero, so the bits would differ from the host's.
_ROWS = (
    _CORTEX_M,
    _soft_arm("m0", "m0", "M0", "Cortex-M0, no FPU, no division"),
    _soft_arm("m0plus", "m0plus", "M0", "Cortex-M0+, no FPU, no division"),
    _soft_arm("m3", "m3", "M3", "Cortex-M3, no FPU"),
    _soft_arm("m4", "m4", "M4", "Cortex-M4 without FPU"),
    _hard_arm("m4f", ("vfp4d16sp", "fpv4-sp-d16"), "Cortex-M4 with float FPU", runs=True),
    _hard_arm(
        "m7",
        ("fp_armv8d16", "fpv5-d16"),
        "Cortex-M7 with double FPU; cycles by the Cortex-M4's table",
        runs=True,
    ),
    _hard_arm(
        "m33",
        ("fp_armv8d16sp", "fpv5-sp-d16"),
        "Cortex-M33 with float FPU; cycles by the Cortex-M4's table",
        runs=True,
    ),
    _hard_arm(
        "m55",
        ("fp_armv8d16", "fpv5-d16"),
        "Cortex-M55 with double FPU; built, not emulated",
        runs=False,
    ),
    _hard_arm(
        "m85",
        ("fp_armv8d16", "fpv5-d16"),
        "Cortex-M85 with double FPU; built, not emulated",
        runs=False,
    ),
    _riscv("imc", "m+c", "RV32 with multiplication, no FPU (ESP32-C3)"),
    _riscv("imac", "m+a+c", "RV32 with multiplication and atomics, no FPU (ESP32-C6)"),
    _riscv("imafc", "m+a+f+c", "RV32 with multiplication, atomics and float FPU (ESP32-P4)"),
    Target(
        name="avr",
        family="avr",
        triple="avr-freestanding-none",
        cpu="atmega328p",
        description="ATmega328P; compiled, not linked (zig has no AVR runtime library)",
        flags=("-mmcu=atmega328p",),
    ),
    Target(
        name="wasm32",
        family="wasm",
        triple="wasm32-freestanding-none",
        cpu="mvp",
        description="WebAssembly 1.0; compiled, not linked",
        has_fpu=True,
    ),
    Target(
        name="host",
        family="host",
        triple="native",
        cpu="baseline",
        description="this computer: a shared library",
        has_fpu=True,
    ),
)

TARGETS: dict[str, Target] = {row.name: row for row in _ROWS}


def find_target(name: str) -> Target:
    """The target of that name; raises InvalidInput, with the list of names, if there is none."""
    if name not in TARGETS:
        raise InvalidInput(f"unknown target {name!r}; choose one of: {', '.join(TARGETS)}")
    return TARGETS[name]


def measured_cores(name: str) -> tuple[Target, ...]:
    """The cores whose costs stand for a target: a family's members, or the core itself."""
    target = find_target(name)
    return tuple(TARGETS[member] for member in target.members) or (target,)
