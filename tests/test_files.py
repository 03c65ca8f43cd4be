"""Files are written all or none, and only over what the tool wrote."""

import os
from pathlib import Path

import pytest

from codegen.errors import InvalidInput
from codegen.files import write

OURS = "/* Written by edge-codegen 0.1.0. */\n"
JSON = '{"versions": {"codegen": "0.1.0"}}\n'


def content(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_written_in_a_new_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    paths = write({"fall.h": OURS, "fall.bin": b"\0\r\n"}, folder)
    assert paths == [folder / "fall.h", folder / "fall.bin"]
    assert (folder / "fall.h").read_bytes() == OURS.encode()
    assert (folder / "fall.bin").read_bytes() == b"\0\r\n"
    assert sorted(path.name for path in folder.iterdir()) == ["fall.bin", "fall.h"]


def test_own_files_are_replaced(tmp_path: Path) -> None:
    write({"fall.h": OURS, "fall.json": JSON}, tmp_path)
    write({"fall.h": OURS + "new\n", "fall.json": JSON + "\n"}, tmp_path)
    assert content(tmp_path) == {"fall.h": OURS + "new\n", "fall.json": JSON + "\n"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("fall.h", "int mine;\n"),
        ("fall.json", '{"name": "mine"}'),
        ("fall.json", "[]"),
        ("fall.json", '{"versions": "codegen"}'),
        ("fall.json", "no JSON: " + OURS),
    ],
)
def test_foreign_files_stay(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InvalidInput, match=f"{name} was not written by codegen.*--force"):
        write({"other.h": OURS, name: OURS}, tmp_path)
    assert content(tmp_path) == {name: text}
    write({name: OURS}, tmp_path, force=True)
    assert content(tmp_path) == {name: OURS}


def test_a_folder_in_the_way_stays(tmp_path: Path) -> None:
    (tmp_path / "fall.h").mkdir()
    with pytest.raises(InvalidInput, match="is a folder"):
        write({"fall.c": OURS, "fall.h": OURS}, tmp_path, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["fall.h"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    kept = tmp_path / "kept.h"
    kept.write_text(OURS)
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "fall.h").symlink_to(kept)
    with pytest.raises(InvalidInput, match=r"fall\.h was not written"):
        write({"fall.h": OURS}, folder)
    write({"fall.h": OURS + "new\n"}, folder, force=True)
    assert kept.read_text() == OURS
    assert not (folder / "fall.h").is_symlink()


@pytest.mark.parametrize("fail_at", [1, 2, 3, 4])
def test_a_failure_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fail_at: int
) -> None:
    folder = tmp_path / "out"
    write({"a.h": OURS, "b.h": OURS}, folder)
    replace, calls = Path.replace, []

    def failing(self: Path, target: Path) -> Path:
        calls.append(self)
        if len(calls) == fail_at:
            raise OSError(28, "No space left on device", str(self))
        return replace(self, target)

    new = {"a.h": OURS + "2", "b.h": OURS + "2", "c.h": OURS, "d.h": OURS}
    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(InvalidInput, match="No space left on device; nothing was changed"):
        write(new, folder)
    assert content(folder) == {"a.h": OURS, "b.h": OURS}


def test_a_failure_takes_new_folders_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InvalidInput, match="nothing was changed"):
        write({"a.h": OURS}, tmp_path / "x" / "y")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(InvalidInput, match="cannot be written"):
        write({"a.h": OURS}, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize("name", ["../a.h", "/a.h", "b/a.h", ".a.h", "", "..", "a\0.h", "c:a.h"])
def test_names_are_plain(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="no plain file name"):
        write({name: OURS}, tmp_path, force=True)
    assert list(tmp_path.iterdir()) == []
