"""Board images: an exported model with start code and test rows, built with zig and run."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from codegen.boards import Board, find_board
from codegen.emulate.firmware import FirmwareRun, run_in_qemu, run_in_unicorn
from codegen.errors import InvalidInput
from codegen.export import Artifact
from codegen.files import is_ours, require_replaceable, write
from codegen.image import BoardImage, board_image
from codegen.rows import Rows, chosen_rows, rows_header
from codegen.sources import data_folder
from codegen.toolchain import compile_objects

ROWS = 40
SUPPORT = ("main.c", "start.c", "print.h", "print.c", "semihosting.h", "semihosting.c")
TAKEN = ("main", "start", "print", "semihosting", "rows", "link")
"""How the names of the board support's files and symbols start."""

Emulator = Literal["unicorn", "qemu"]


@dataclass(frozen=True, slots=True, eq=False)
class Firmware:
    """A built image, its sources as text, and the rows it tries."""

    name: str
    board: Board
    sources: Mapping[str, str]
    image: BoardImage
    rows: Rows

    @property
    def files(self) -> dict[str, str | bytes]:
        """All files, name -> content: the sources, the images, and what was made as JSON."""
        made: dict[str, str | bytes] = {
            **self.sources,
            f"{self.name}.elf": self.image.elf,
            f"{self.name}.bin": self.image.binary,
            f"{self.name}.hex": self.image.hex,
        }
        return {**made, f"{self.name}.firmware.json": manifest(self, made)}

    def write(self, folder: str | Path, *, force: bool = False) -> list[Path]:
        """Write all files, or none.

        Raises:
            InvalidInput: a file is in the way that codegen did not write, or that was changed.
        """
        place, files = Path(folder), self.files
        for name in files.keys() - unchanged(place, f"{self.name}.firmware.json"):
            require_replaceable(place / name, force=force)
        return write(files, place, force=True)


def build_firmware(
    artifact: Artifact, board: str | Board, X: Any = None, *, n_rows: int = ROWS
) -> Firmware:
    """Build the image that runs an export on a board over test rows.

    The expected answers are those of the same C on this computer, bit for bit.

    Args:
        board: a name of `codegen.boards`.
        X: rows (n, n_features); made at the model's edges where not given.
        n_rows: how many of the rows go into the image, spread evenly over X.

    Raises:
        InvalidInput: unknown board, a name of the export that the board support has taken, rows of
            another width or none, or an image that does not fit the board.
    """
    board = find_board(board) if isinstance(board, str) else board
    require_free_name(artifact.name)
    rows = chosen_rows(artifact, X, n_rows)
    support = board_support()
    header = rows_header(artifact, rows, board.name)
    objects = compiled_parts(artifact, support, header, board)
    advice = (
        f"{len(rows.X)} test rows are {rows.n_bytes:,} bytes of flash: try fewer, or less model"
    )
    image = board_image(objects, board, advice=advice)
    sources = {**artifact.sources, **support, "rows.h": header, "link.ld": image.script}
    return Firmware(artifact.name, board, sources, image, rows)


def run_firmware(firmware: Firmware, emulator: Emulator = "unicorn") -> FirmwareRun:
    """Run an image: Unicorn is given the binary as it is flashed, QEMU the ELF.

    Raises:
        InvalidInput: an unknown emulator, or QEMU is not installed.
        ToolchainError: a stray access, an exception that nothing serves, or no end.
    """
    if emulator == "unicorn":
        return run_in_unicorn(firmware.board, firmware.image.binary)
    if emulator == "qemu":
        return run_in_qemu(firmware.board, firmware.image.elf)
    raise InvalidInput(f"unknown emulator {emulator!r}; choose unicorn or qemu")


def require_free_name(name: str) -> None:
    """Refuse a name that the board support's own files and symbols start with."""
    if name.casefold() in TAKEN:
        raise InvalidInput(f"--name {name!r} is taken by the board support: choose another name")


def board_support() -> dict[str, str]:
    """The hand-written sources, by name."""
    folder = data_folder("firmware")
    return {name: (folder / name).read_text(encoding="ascii") for name in SUPPORT}


def compiled_parts(
    artifact: Artifact, support: Mapping[str, str], header: str, board: Board
) -> list[Path]:
    """The objects of an image, each made from no more than it needs, so that most are kept."""
    model = artifact.sources
    common = {name: text for name, text in support.items() if name != "main.c"}
    headers = {n: text for part in (model, support) for n, text in part.items() if n[-2:] == ".h"}
    main = {"main.c": support["main.c"], "rows.h": header, **headers}
    parts = (model, common, main)
    return [path for part in parts for path in compile_objects(part, board.target)]


def manifest(firmware: Firmware, files: Mapping[str, str | bytes]) -> str:
    """What was built, as JSON: the same bytes for the same model, board and rows."""
    content = {
        "name": firmware.name,
        "board": firmware.board.name,
        "versions": {"codegen": version("edge-codegen"), "ziglang": version("ziglang")},
        "rows": len(firmware.rows.X),
        "bytes": {**asdict(firmware.image.space), "rows": firmware.rows.n_bytes},
        "sha256": {name: digest(content) for name, content in files.items()},
    }
    return json.dumps(content, indent=2) + "\n"


def digest(content: str | bytes) -> str:
    """The SHA-256 of a file."""
    raw = content if isinstance(content, bytes) else content.encode("utf-8")
    return hashlib.sha256(raw).hexdigest()


def unchanged(folder: Path, name: str) -> set[str]:
    """The files in a folder that are as the manifest of that name says, itself included."""
    if not is_ours(folder / name):
        return set()
    known = json.loads((folder / name).read_bytes()).get("sha256", {})
    present = {n for n in known if (folder / n).is_file() and not (folder / n).is_symlink()}
    return {name} | {n for n in present if digest((folder / n).read_bytes()) == known[n]}
