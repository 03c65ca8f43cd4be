"""Compiles and links C with zig, for the host and for every target, and weighs the result.

All outputs lie in a cache folder and carry a hash of what they were made from, so that the
same C is compiled once and a changed one is a new file. Every file is compiled in a folder of
its own under its bare name, and without debug information: no path gets into an output.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from codegen.elf import read_image, undefined_names
from codegen.errors import ToolchainError
from codegen.targets import Target, find_target

EMULATE_FOLDER = Path(__file__).parent / "emulate"
IMAGE_SCRIPT = EMULATE_FOLDER / "image.ld"

_LANGUAGE_FLAGS = ("-std=c99", "-ffp-contract=off", "-fno-sanitize=undefined")
_HOST_FLAGS = (*_LANGUAGE_FLAGS, "-O2", "-mcpu=baseline", "-shared", "-fPIC", "-s")
# -fhosted -fbuiltin: zig says -ffreestanding for such a triple, and known functions stay calls.
_TARGET_FLAGS = (
    *_LANGUAGE_FLAGS,
    "-fhosted",
    "-fbuiltin",
    "-fno-math-errno",
    "-fomit-frame-pointer",
    "-fno-stack-protector",
    "-fno-unwind-tables",
    "-fno-asynchronous-unwind-tables",
    "-ffunction-sections",
    "-fdata-sections",
)
_NOT_LINKED = {
    "avr": "zig cannot build its runtime library for AVR; link the object with avr-gcc",
    "wasm": "images are made for cores with flash and RAM; link the object with wasm-ld",
    "host": "use build_host, which makes a shared library",
}


@dataclass(frozen=True, slots=True, eq=False)
class Sizes:
    """Bytes of a linked image.

    `code` and `tables` are the model's instructions and constants, `runtime` both of the
    compiler's runtime library, all in flash; `data` lies in RAM with its initial values in
    flash; `bss` lies in RAM alone.
    """

    code: int
    tables: int
    runtime: int
    data: int
    bss: int

    @property
    def flash(self) -> int:
        """Bytes of flash: code, tables, runtime library and initial values."""
        return self.code + self.tables + self.runtime + self.data

    @property
    def ram(self) -> int:
        """Bytes of RAM without the stack."""
        return self.data + self.bss


_OWNER = {
    ".text": "code",
    ".rodata": "tables",
    ".runtime_text": "runtime",
    ".runtime_rodata": "runtime",
    ".data": "data",
    ".bss": "bss",
}


def cache_folder() -> Path:
    """Where outputs are kept: $CODEGEN_CACHE_DIR, or edge-codegen in the user's cache folder."""
    chosen = os.environ.get("CODEGEN_CACHE_DIR")
    if chosen:
        return Path(chosen).absolute()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "edge-codegen"


def build_host(sources: Mapping[str, str], name: str, *, flags: Sequence[str] = ()) -> Path:
    """A shared library for this computer of the given files (file name -> text).

    `.c` files are compiled, the others lie beside them. Raises ToolchainError with the
    compiler's words.
    """
    units = _units(sources)
    arguments = (*_HOST_FLAGS, *flags, *units)
    return _made(sources, arguments, Path("host") / name, _host_suffix(), "the host")


@cache
def native_flags() -> tuple[str, ...]:
    """For build_host: quickest code, for this very processor.

    The define changes nothing but the name in the cache, which may be shared with another computer.
    """
    listed = subprocess.run(
        [str(_zig_program()), "targets"], capture_output=True, text=True, check=False
    )
    native = listed.stdout.rpartition(".native = ")[2].partition(".cpu = ")[2]
    if listed.returncode or not native:
        raise ToolchainError(f"zig does not say what this processor is:\n{listed.stderr.strip()}")
    made_for = hashlib.sha256(native.encode()).hexdigest()[:20]
    return ("-O3", "-mcpu=native", f"-DCODEGEN_MADE_FOR_{made_for}")


def compile_objects(
    sources: Mapping[str, str], target: Target, *, optimize: str = "-Os", flags: Sequence[str] = ()
) -> tuple[Path, ...]:
    """One object for each `.c` among the given files (file name -> text), in their order.

    Raises ToolchainError with the compiler's words.
    """
    common = (*_compiler_for(target), *_TARGET_FLAGS, *target.flags, optimize, *flags)
    return tuple(
        _made(
            sources,
            (*common, "-c", unit),
            Path("objects") / f"{target.name}-{Path(unit).stem}",
            ".o",
            target.name,
        )
        for unit in _units(sources)
    )


def link(
    objects: Sequence[Path],
    target: Target,
    roots: Sequence[str],
    *,
    script: Path = IMAGE_SCRIPT,
    optimize: str = "-Os",
) -> Path:
    """An ELF image of what the `roots` (function names, the first is the entry) need.

    `optimize` rules the compiler's runtime library. Raises ToolchainError with the linker's
    words, and for targets that cannot be linked.
    """
    if target.family in _NOT_LINKED:
        raise ToolchainError(f"no image for {target.name}: {_NOT_LINKED[target.family]}")
    if not roots:
        raise ToolchainError("link needs at least one root: the name of a function to keep")
    contents = {f"unit{index}.o": path.read_bytes() for index, path in enumerate(objects)}
    contents["image.ld"] = script.read_bytes()
    # -g: zig drops the symbol table without it; the script discards all that -g adds.
    arguments = (
        *_compiler_for(target),
        *(optimize, "-g", "-T", "image.ld", "-Wl,--gc-sections", "-Wl,-z,max-page-size=4096"),
        f"-Wl,--entry={roots[0]}",
        *(f"-Wl,-u,{root}" for root in roots[1:]),
        *(name for name in contents if name.endswith(".o")),
    )
    return _made(contents, arguments, Path("images") / target.name, ".elf", target.name)


def sizes(image: Path) -> Sizes:
    """The bytes of a linked image by owner; raises ToolchainError for a section of no owner."""
    totals = dict.fromkeys(("code", "tables", "runtime", "data", "bss"), 0)
    for section in read_image(image).sections:
        if section.name not in _OWNER:
            raise ToolchainError(f"section {section.name} of {image.name} has no known owner")
        totals[_OWNER[section.name]] += section.n_bytes
    return Sizes(**totals)


def undefined_symbols(object_file: Path) -> list[str]:
    """The names that an ELF object uses and does not define, sorted; ToolchainError if no ELF."""
    return undefined_names(object_file)


def warm(target: Target) -> None:
    """Let zig build its runtime library for a target, once (3 to 15 s), into the cache."""
    sources = {"warm.c": (EMULATE_FOLDER / "warm.c").read_text(encoding="ascii")}
    if target.family == "host":
        build_host(sources, "warm")
        return
    for core in (find_target(name) for name in target.members or (target.name,)):
        objects = compile_objects(sources, core)
        if core.family not in _NOT_LINKED:
            link(objects, core, ["codegen_warm"])


def _units(sources: Mapping[str, str]) -> tuple[str, ...]:
    units = tuple(name for name in sources if name.endswith(".c"))
    if not units:
        raise ToolchainError(f"no .c file to compile among {', '.join(sources) or 'no files'}")
    return units


def _compiler_for(target: Target) -> tuple[str, ...]:
    if target.family == "host":
        return (f"-mcpu={target.cpu}",)
    return ("-target", target.triple, f"-mcpu={target.cpu}")


def _host_suffix() -> str:
    return {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")


def _made(
    contents: Mapping[str, str] | Mapping[str, bytes],
    arguments: Sequence[str],
    stem: Path,
    suffix: str,
    aim: str,
) -> Path:
    """Run the compiler over `contents` unless the cache has what it would make."""
    made = cache_folder() / stem.parent / f"{stem.name}-{_digest(contents, arguments)}{suffix}"
    if made.exists():
        return made
    made.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="build-", dir=cache_folder()) as name:
        folder = Path(name)
        for file_name, content in contents.items():
            raw = content if isinstance(content, bytes) else content.encode("utf-8")
            (folder / file_name).write_bytes(raw)
        _run_zig((*arguments, "-o", f"made{suffix}"), folder, aim)
        (folder / f"made{suffix}").replace(made)
    return made


def _digest(contents: Mapping[str, str] | Mapping[str, bytes], arguments: Sequence[str]) -> str:
    digest = hashlib.sha256(json.dumps([version("ziglang"), sys.platform, *arguments]).encode())
    for name, content in contents.items():
        raw = content if isinstance(content, bytes) else content.encode("utf-8")
        digest.update(json.dumps([name, len(raw)]).encode())
        digest.update(raw)
    return digest.hexdigest()[:20]


@cache
def _zig_program() -> Path:
    return Path(str(files("ziglang"))) / ("zig.exe" if sys.platform == "win32" else "zig")


def _run_zig(arguments: Sequence[str], folder: Path, aim: str) -> None:
    environment = os.environ | {
        "ZIG_GLOBAL_CACHE_DIR": str(cache_folder() / "zig"),
        "ZIG_LOCAL_CACHE_DIR": str(folder / "zig-local"),
    }
    finished = subprocess.run(
        [str(_zig_program()), "cc", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise ToolchainError(f"the C compiler failed for {aim}:\n{finished.stderr.strip()}")
