"""From objects to what is flashed on a board: the link, its space, binary and Intel HEX."""

import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from elftools.elf.elffile import ELFFile
from intelhex import IntelHex

from codegen.boards import Board
from codegen.elf import read_image
from codegen.emulate import worst_stack
from codegen.errors import InvalidInput, ToolchainError
from codegen.sources import data_folder, environment
from codegen.toolchain import link

ENTRY, FAULT_HANDLER = "reset", "fault"
_ROOMY_BYTES = 0x04000000
_FRAME_BYTES, _FRAME_BYTES_WITH_FPU = 40, 112  # what an exception stores, with its alignment


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """Bytes that an image takes.

    flash: code, tables, runtime library, test rows and initial values. ram: variables. stack: the
    worst case, one exception included.
    """

    flash: int
    ram: int
    stack: int


@dataclass(frozen=True, slots=True, eq=False)
class BoardImage:
    """A linked image: its ELF, the same as binary and as Intel HEX, and how it was linked."""

    elf: bytes
    binary: bytes
    hex: str
    script: str
    space: Space


def board_image(objects: Sequence[Path], board: Board, *, advice: str) -> BoardImage:
    """Link objects for a board, with a stack as deep as the image needs in the worst case.

    Raises InvalidInput, with the bytes needed and there and the advice, where it does not fit.
    """
    roomy = replace(
        board,
        flash=replace(board.flash, n_bytes=_ROOMY_BYTES),
        ram=replace(board.ram, n_bytes=_ROOMY_BYTES),
    )
    space = _space(linked(objects, roomy, link_script(roomy, 0)), board)
    _require_fit(space, board, advice)
    script = link_script(board, space.stack)
    elf = linked(objects, board, script).read_bytes()
    memory = flashed(elf)
    # The bytes lie at the beginning of flash: a gap before them would be an error in the script.
    assert memory.minaddr() == board.flash.origin
    return BoardImage(elf, memory.tobinstr(), _hex_text(memory), script, space)


def link_script(board: Board, stack_bytes: int) -> str:
    """The linker script."""
    text = (data_folder("firmware") / "link.ld.j2").read_text(encoding="ascii")
    known = {"board": board, "stack_bytes": stack_bytes}
    return environment().from_string(text).render(known)


def linked(objects: Sequence[Path], board: Board, script: str) -> Path:
    """The ELF image that a linker script makes of objects; raises ToolchainError if it does not."""
    with tempfile.TemporaryDirectory(prefix="codegen-link-") as folder:
        path = Path(folder) / "link.ld"
        path.write_text(script, encoding="ascii")
        return link(objects, board.target, [ENTRY], script=path)


def _space(elf: Path, board: Board) -> Space:
    """What an image without a stack takes, and the stack that it needs."""
    stack = _FRAME_BYTES_WITH_FPU if board.target.has_fpu else _FRAME_BYTES
    for root in (ENTRY, FAULT_HANDLER):
        bound = worst_stack(elf, root)
        if bound.unknown:
            raise ToolchainError(f"no bound for the stack: {'; '.join(bound.unknown)}")
        stack += bound.stack_bytes
    ends = [it.address + it.n_bytes for it in read_image(elf).sections if it.is_writable]
    return Space(
        flash=flashed(elf.read_bytes()).maxaddr() + 1 - board.flash.origin,
        ram=max(ends, default=board.ram.origin) - board.ram.origin,
        stack=-(-stack // 8) * 8,
    )


def _require_fit(space: Space, board: Board, advice: str) -> None:
    flash, ram = board.flash.n_bytes, board.ram.n_bytes
    lacking = []
    if space.flash > flash:
        lacking.append(f"{space.flash:,} bytes of flash needed, {flash:,} there")
    if space.ram + space.stack > ram:
        lacking.append(
            f"{space.ram + space.stack:,} bytes of RAM needed ({space.stack:,} of them for the "
            f"stack), {ram:,} there"
        )
    if lacking:
        raise InvalidInput(f"the image does not fit {board.name}: {'; '.join(lacking)}; {advice}")


def flashed(elf: bytes) -> IntelHex:
    """The bytes of an ELF image where they lie in flash: load addresses, not those at run time."""
    memory = IntelHex()
    for segment in ELFFile(io.BytesIO(elf)).iter_segments("PT_LOAD"):
        if segment["p_filesz"]:
            memory.puts(segment["p_paddr"], segment.data())
    return memory


def _hex_text(memory: IntelHex) -> str:
    text = io.StringIO(newline="")
    memory.write_hex_file(text, eolstyle="CRLF")
    return text.getvalue()
