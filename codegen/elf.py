"""Reads an ELF file: what occupies memory, where functions lie, what is undefined."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import Symbol, SymbolTableSection

from codegen.errors import ToolchainError

_MARKS = ("$t", "$x", "$a", "$d")
_ARM_HARD_FLOAT = 0x400
_RISCV_FLOAT_ABI = 0x6


@dataclass(frozen=True, slots=True)
class Section:
    """A section that occupies memory; `content` is empty for one that is only zeroed."""

    name: str
    address: int
    n_bytes: int
    content: bytes
    is_code: bool
    is_writable: bool


@dataclass(frozen=True, slots=True)
class Function:
    """A function's place; `n_bytes` is 0 where its author gave no size (assembly)."""

    name: str
    address: int
    n_bytes: int


@dataclass(frozen=True, slots=True)
class Image:
    """A linked program for a 32-bit core.

    `marks` are the mapping symbols of the code sections: (address, begins data), ascending.
    """

    machine: str
    passes_float_in_fpu: bool
    sections: tuple[Section, ...]
    functions: tuple[Function, ...]
    marks: tuple[tuple[int, bool], ...]

    def addresses(self) -> Mapping[str, int]:
        """The address of each function, by name."""
        return {function.name: function.address for function in self.functions}


@contextmanager
def _opened(path: Path) -> Iterator[ELFFile]:
    with path.open("rb") as stream:
        try:
            elf = ELFFile(stream)
        except ELFError as error:
            raise ToolchainError(f"{path.name} is not an ELF file: {error}") from error
        yield elf


def read_image(path: Path) -> Image:
    """Read a linked ELF; raises ToolchainError when it is none or has no symbol table."""
    with _opened(path) as elf:
        flags = elf["e_flags"]
        is_arm = elf["e_machine"] == "EM_ARM"
        return Image(
            elf["e_machine"],
            bool(flags & (_ARM_HARD_FLOAT if is_arm else _RISCV_FLOAT_ABI)),
            tuple(_sections(elf)),
            tuple(_functions(elf)),
            tuple(_marks(elf)),
        )


def _sections(elf: ELFFile) -> Iterator[Section]:
    for section in elf.iter_sections():
        flags = section["sh_flags"]
        if flags & SH_FLAGS.SHF_ALLOC and section["sh_size"]:
            is_zeroed = section["sh_type"] == "SHT_NOBITS"
            yield Section(
                section.name,
                section["sh_addr"],
                section["sh_size"],
                b"" if is_zeroed else section.data(),
                bool(flags & SH_FLAGS.SHF_EXECINSTR),
                bool(flags & SH_FLAGS.SHF_WRITE),
            )


def _functions(elf: ELFFile) -> list[Function]:
    found = [
        Function(symbol.name, symbol["st_value"] & ~1, symbol["st_size"])
        for symbol in _symbols(elf)
        if symbol["st_info"]["type"] == "STT_FUNC" and isinstance(symbol["st_shndx"], int)
    ]
    return sorted(found, key=lambda function: (function.address, function.name))


def _marks(elf: ELFFile) -> list[tuple[int, bool]]:
    code = {
        index
        for index, section in enumerate(elf.iter_sections())
        if section["sh_flags"] & SH_FLAGS.SHF_EXECINSTR
    }
    return sorted(
        (symbol["st_value"] & ~1, symbol.name.startswith("$d"))
        for symbol in _symbols(elf)
        if symbol.name.startswith(_MARKS) and symbol["st_shndx"] in code
    )


def _symbols(elf: ELFFile) -> Iterator[Symbol]:
    table = elf.get_section_by_name(".symtab")
    if not isinstance(table, SymbolTableSection):
        raise ToolchainError("the ELF file has no symbol table; link it with -g")
    yield from table.iter_symbols()


def undefined_names(path: Path) -> list[str]:
    """The names an object uses and does not define, in order; raises ToolchainError if no ELF."""
    with _opened(path) as elf:
        return sorted(
            symbol.name
            for symbol in _symbols(elf)
            if symbol["st_shndx"] == "SHN_UNDEF" and symbol.name
        )
