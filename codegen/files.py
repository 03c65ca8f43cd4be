"""Writes the files of an export into a folder: all of them, or none."""

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from codegen.errors import InvalidInput

BANNER = b"Written by edge-codegen"
BANNER_BYTES = 4096


def write(files: Mapping[str, str | bytes], folder: Path, force: bool = False) -> list[Path]:
    """Write files (name -> content) and give their paths; on any failure nothing has changed.

    Text is written as UTF-8 with the line ends it has. A file that is there already is replaced
    only where it carries the mark of this tool, or where `force` is set.

    Raises:
        InvalidInput: a name is no plain file name, a file of somebody else is in the way, or the
            folder cannot be written; the message names the file.
    """
    contents = {folder / checked(name): encoded(text) for name, text in files.items()}
    for path in contents:
        require_replaceable(path, force=force)
    try:
        write_together(contents, folder)
    except OSError as error:
        where = error.filename or folder
        raise InvalidInput(
            f"{where} cannot be written: {error.strerror or error}; nothing was changed"
        ) from error
    return list(contents)


def checked(name: str) -> str:
    """A plain file name: no folder, nothing hidden."""
    if name.startswith(".") or any(c in name for c in "/\\:\0") or not name:
        raise InvalidInput(f"{name!r} is no plain file name")
    return name


def encoded(content: str | bytes) -> bytes:
    """The bytes of a file."""
    return content if isinstance(content, bytes) else content.encode("utf-8")


def require_replaceable(path: Path, *, force: bool) -> None:
    """Refuse to replace what this tool did not write."""
    if path.is_dir() and not path.is_symlink():
        raise InvalidInput(f"{path} is a folder; choose another folder or another name")
    if not force and os.path.lexists(path) and not is_ours(path):
        raise InvalidInput(
            f"{path} was not written by codegen; choose another folder, or replace it with --force"
        )


def is_ours(path: Path) -> bool:
    """Whether a file carries our mark: the banner of the C, or the versions in the JSON."""
    if path.is_symlink() or not path.is_file():
        return False
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}") from error
    if path.suffix != ".json":
        return BANNER in content[:BANNER_BYTES]
    with suppress(ValueError):
        known = json.loads(content)
        versions = known.get("versions") if isinstance(known, dict) else None
        return isinstance(versions, dict) and "codegen" in versions
    return False


def write_together(contents: Mapping[Path, bytes], folder: Path) -> None:
    """Write everything beside its place, then move it in; undo all of it on any failure."""
    with ExitStack() as undo:
        for missing in missing_folders(folder):
            missing.mkdir()
            undo.callback(missing.rmdir)
        fresh = {}
        for path, content in contents.items():
            fresh[path] = spare(path)
            undo.callback(fresh[path].unlink, missing_ok=True)
            write_new(fresh[path], content)
        kept = {path: spare(path) for path in contents if os.path.lexists(path)}
        for path, new in fresh.items():
            if path in kept:
                path.rename(kept[path])
                undo.callback(kept[path].replace, path)
            else:
                undo.callback(path.unlink, missing_ok=True)
            new.replace(path)
        undo.pop_all()
    for old in kept.values():
        old.unlink()


def missing_folders(folder: Path) -> Iterator[Path]:
    """The folders that have to be made, outermost first."""
    chain = [folder, *folder.parents]
    yield from reversed([part for part in chain if not part.exists()])


def spare(path: Path) -> Path:
    """A name in the same folder that nobody can guess."""
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}")


def write_new(path: Path, content: bytes) -> None:
    """Make a file that was not there (a link in its place is an error), down to the disk."""
    with path.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
