"""The boards that firmware is built for: one TOML file each, in firmware/boards."""

import tomllib
from dataclasses import dataclass
from functools import cache

from codegen.errors import InvalidInput
from codegen.sources import data_folder
from codegen.targets import Target, find_target


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """A stretch of a board's memory: where it starts and how long it is."""

    origin: int
    n_bytes: int


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """A board: its core (a row of `codegen targets`), its memory, QEMU's name for it."""

    name: str
    description: str
    target: Target
    qemu_machine: str
    flash: Memory
    ram: Memory


@cache
def boards() -> dict[str, Board]:
    """All boards by name, in the order of their names."""
    found = {}
    for path in sorted((data_folder("firmware") / "boards").glob("*.toml")):
        told = tomllib.loads(path.read_text(encoding="ascii"))
        found[path.stem] = Board(
            name=path.stem,
            description=told["description"],
            target=find_target(told["target"]),
            qemu_machine=told["qemu_machine"],
            flash=Memory(told["flash"]["origin"], told["flash"]["bytes"]),
            ram=Memory(told["ram"]["origin"], told["ram"]["bytes"]),
        )
    return found


def find_board(name: str) -> Board:
    """The board of that name; raises InvalidInput, with the list of names, if there is none."""
    if name not in boards():
        raise InvalidInput(f"unknown board {name!r}; choose one of: {', '.join(boards())}")
    return boards()[name]
