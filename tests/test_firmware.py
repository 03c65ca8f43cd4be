"""Board images: PASS in both emulators, FAIL for one wrong bit, and a size that fits.

Tests with QEMU and with arm-none-eabi-gcc need those programs: see tests/tools.py.
"""

import io
import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from intelhex import IntelHex
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.datasets import load_breast_cancer
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import OneClassSVM
from sklearn.tree import DecisionTreeClassifier

from codegen.boards import Board, Memory, boards, find_board
from codegen.emulate.firmware import FirmwareRun, run_in_qemu, run_in_unicorn
from codegen.errors import InvalidInput, ToolchainError
from codegen.export import Artifact, export
from codegen.firmware import (
    Firmware,
    board_support,
    build_firmware,
    compiled_parts,
    run_firmware,
)
from codegen.image import board_image, flashed, link_script, linked
from codegen.rows import chosen_rows, rows_header
from codegen.targets import find_target
from codegen.toolchain import compile_objects
from tests.tools import need

pytestmark = pytest.mark.firmware

BOARDS = ("mps2-an385", "mps2-an386", "microbit")
DATA = Path(__file__).parent / "data"
WARNINGS = (
    *("-Wall", "-Wextra", "-Wconversion", "-Wdouble-promotion", "-Wshadow", "-pedantic"),
    "-Werror",
)
Fit = Callable[[NDArray[Any], NDArray[Any]], Any]

MODELS: dict[str, Fit] = {
    "logistic": lambda X, y: make_pipeline(StandardScaler(), LogisticRegression()).fit(
        X, np.array(["malignant", "benign"])[y]
    ),
    "forest": lambda X, y: RandomForestClassifier(8, max_depth=6, random_state=0).fit(X, y),
    "regression": lambda X, y: make_pipeline(StandardScaler(), LinearRegression()).fit(X, X[:, 3]),
    "kmeans": lambda X, y: make_pipeline(StandardScaler(), KMeans(4, random_state=0)).fit(X),
}
KINDS: dict[str, Fit] = {
    "multi": lambda X, y: RandomForestClassifier(3, max_depth=4, random_state=0).fit(
        X, np.column_stack([y, (X[:, 0] / 5).astype(int)])
    ),
    "one_class": lambda X, y: make_pipeline(StandardScaler(), OneClassSVM(nu=0.05)).fit(X[:90]),
    "components": lambda X, y: make_pipeline(StandardScaler(), PCA(7)).fit(X),
    "holes": lambda X, y: DecisionTreeClassifier(max_depth=5, random_state=0).fit(
        np.where(np.quantile(X, 0.9, axis=0) < X, np.nan, X),
        np.array(["\u00e9t\u00e9", 'say "\u5b57"\n\\x'])[y],
    ),
}


@cache
def known() -> tuple[NDArray[Any], NDArray[Any]]:
    X, y = load_breast_cancer(return_X_y=True)
    return X, y


@cache
def exported(name: str, dtype: Any = "float32") -> Artifact:
    X, y = known()
    return export((MODELS | KINDS)[name](X[:300], y[:300]), name=name, dtype=dtype)


@cache
def built(name: str, board: str, n_rows: int = 12) -> Firmware:
    return build_firmware(exported(name), board, known()[0][300:], n_rows=n_rows)


@cache
def in_unicorn(name: str, board: str) -> FirmwareRun:
    return run_firmware(built(name, board))


def test_the_boards_of_the_design_are_there():
    assert set(BOARDS) == set(boards())


@pytest.mark.parametrize("board", BOARDS)
@pytest.mark.parametrize("name", MODELS)
def test_an_image_passes_in_unicorn(name: str, board: str):
    run = in_unicorn(name, board)
    n = 12 * len(exported(name).program.functions)
    assert run.verdict == f"PASS: {n} of {n} answers equal the host's, bit for bit"
    assert run.passed
    assert run.exit_code == 0
    assert run.text.splitlines()[0] == f"{name} on {board}: 12 of 269 rows"
    assert len(run.text.splitlines()) == n + 2


@pytest.mark.parametrize("board", BOARDS)
def test_an_image_prints_the_labels_of_python(board: str):
    X, _ = known()
    firmware, model = built("logistic", board), exported("logistic").estimator
    rows = np.linspace(0, 268, 12).astype(int)
    labels = model.predict(X[300:].astype(np.float32)[rows])
    expected = [f"row {row} predict {label}" for row, label in zip(rows, labels, strict=True)]
    assert [
        line for line in run_firmware(firmware).text.splitlines() if " predict " in line
    ] == expected


@pytest.mark.parametrize("board", BOARDS)
@pytest.mark.parametrize("name", ["logistic", "forest", "kmeans"])
def test_qemu_says_what_unicorn_says(name: str, board: str):
    need("qemu-system-arm")
    run = run_firmware(built(name, board), "qemu")
    assert run.passed
    assert run.text == in_unicorn(name, board).text


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_kind_of_answer_passes_on_made_rows(name: str, dtype: str):
    firmware = build_firmware(exported(name, dtype), "microbit", n_rows=16)
    run = run_firmware(firmware)
    assert run.passed, run.text
    functions = exported(name, dtype).program.functions
    assert {line.split()[2] for line in run.text.splitlines()[1:-1]} == {
        f.method for f in functions
    }


def test_labels_are_printed_on_one_line():
    text = run_firmware(build_firmware(exported("holes"), "mps2-an385", n_rows=40)).text
    labels = {line.partition(" predict ")[2] for line in text.splitlines() if " predict " in line}
    assert labels == {"\u00e9t\u00e9", ascii('say "\u5b57"\n\\x')}


def sabotaged(method: str) -> tuple[Board, bytes, bytes]:
    """An image in whose expected answers of one method the last one has a wrong bit."""
    artifact, board = exported("logistic"), find_board("microbit")
    rows = chosen_rows(artifact, known()[0], 5)
    wrong = rows.expected[method].copy()
    wrong.view(np.uint32)[-1, -1] ^= 1
    rows = replace(rows, expected={**rows.expected, method: wrong})
    header = rows_header(artifact, rows, board.name)
    image = board_image(compiled_parts(artifact, board_support(), header, board), board, advice="")
    return board, image.binary, image.elf


@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function"])
def test_one_wrong_bit_is_a_fail(method: str):
    board, binary, _ = sabotaged(method)
    run = run_in_unicorn(board, binary)
    assert run.exit_code == 1
    assert not run.passed
    assert run.verdict == "FAIL: 14 of 15 answers equal the host's, bit for bit"
    wrong = [line for line in run.text.splitlines() if "WRONG[" in line]
    assert wrong == [
        line for line in run.text.splitlines() if line.startswith(f"row 568 {method} ")
    ]


def test_one_wrong_bit_is_a_fail_in_qemu():
    need("qemu-system-arm")
    board, _, elf = sabotaged("predict_proba")
    run = run_in_qemu(board, elf)
    assert (run.exit_code, run.passed) == (1, False)
    assert run.verdict.startswith("FAIL: 14 of 15")


def program(body: str, board: str = "microbit", stack: int = 512) -> tuple[Board, Path]:
    """An image of the board support with a main of its own."""
    texts = board_support() | {"main.c": (DATA / body).read_text(encoding="ascii")}
    found = find_board(board)
    objects = compile_objects(texts, found.target, flags=WARNINGS)
    return found, linked(objects, found, link_script(found, stack))


@pytest.mark.parametrize("board", BOARDS)
def test_a_fault_is_reported_by_the_board(board: str):
    need("qemu-system-arm")
    found, elf = program("fault.c", board)
    run = run_in_qemu(found, elf.read_bytes())
    assert run.verdict.startswith("FAULT: exception 3 at 0x0000")
    assert (run.exit_code, run.passed) == (2, False)


def test_unicorn_refuses_a_fault():
    found, elf = program("fault.c")
    with pytest.raises(ToolchainError, match=r"(?s)microbit in Unicorn: .*before the fault"):
        run_in_unicorn(found, flashed(elf.read_bytes()).tobinstr())


def test_unicorn_refuses_a_write_to_flash():
    found, elf = program("write_flash.c")
    with pytest.raises(ToolchainError, match="stray access to 4 bytes at 0x100 "):
        run_in_unicorn(found, flashed(elf.read_bytes()).tobinstr())


@pytest.mark.parametrize("board", BOARDS)
def test_a_stack_that_is_too_small_is_a_fault(board: str):
    firmware = built("forest", board)
    objects = compiled_parts(
        exported("forest"), board_support(), firmware.sources["rows.h"], firmware.board
    )
    elf = linked(objects, firmware.board, link_script(firmware.board, 64))
    with pytest.raises(ToolchainError, match="stray access to 4 bytes at 0x1fff"):
        run_in_unicorn(firmware.board, flashed(elf.read_bytes()).tobinstr())


def test_what_does_not_fit_is_refused_with_the_bytes():
    tiny = replace(find_board("microbit"), flash=Memory(0, 4096), ram=Memory(0x20000000, 256))
    with pytest.raises(
        InvalidInput,
        match=r"does not fit microbit: [\d,]+ bytes of flash needed, 4,096 there; [\d,]+ bytes of "
        r"RAM needed \(\d+ of them for the stack\), 256 there; 12 test rows are [\d,]+ bytes",
    ):
        build_firmware(exported("forest"), tiny, known()[0], n_rows=12)


def test_a_model_too_large_for_the_microbit_is_refused():
    X = np.random.default_rng(0).normal(size=(1800, 64))
    model = OneClassSVM(nu=0.95).fit(X)
    with pytest.raises(InvalidInput, match=r"not fit microbit: .* of flash needed, 262,144 there"):
        build_firmware(export(model, name="digits"), "microbit", X)


@pytest.mark.parametrize("board", BOARDS)
def test_sizes_are_those_of_the_files(board: str):
    image = built("forest", board).image
    there = find_board(board)
    assert image.space.flash == len(image.binary)
    assert image.space.ram + image.space.stack <= there.ram.n_bytes
    from_hex = IntelHex(io.StringIO(image.hex))
    assert from_hex.tobinstr() == image.binary
    assert from_hex.minaddr() == there.flash.origin
    for trace in (b"/tmp", b"/home", b"/root", str(Path.cwd()).encode()):
        assert trace not in image.elf


def test_qemu_that_is_missing_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(InvalidInput, match="apt install qemu-system-arm"):
        run_firmware(built("logistic", "microbit"), "qemu")


def test_unknown_names_are_refused():
    with pytest.raises(InvalidInput, match="unknown board 'uno'; choose one of: microbit, mps2"):
        build_firmware(exported("logistic"), "uno")
    with pytest.raises(InvalidInput, match="unknown emulator 'bochs'"):
        run_firmware(built("logistic", "microbit"), "bochs")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="--name 'Start' is taken"):
        build_firmware(export(exported("logistic").estimator, name="Start"), "microbit")


@pytest.mark.parametrize("n_rows", [0, -1])
def test_no_row_at_all_is_refused(n_rows: int):
    with pytest.raises(InvalidInput, match="at least one row"):
        build_firmware(exported("logistic"), "microbit", known()[0], n_rows=n_rows)
    with pytest.raises(InvalidInput, match="at least one row"):
        build_firmware(exported("logistic"), "microbit", known()[0][:0])


@pytest.mark.parametrize("board", BOARDS)
@pytest.mark.parametrize("name", ["logistic", "components", "multi"])
def test_the_c_is_clean_with_zig(name: str, board: str):
    firmware = build_firmware(exported(name), board, n_rows=3)
    compile_objects(firmware.sources, firmware.board.target, flags=WARNINGS)


@pytest.mark.parametrize("board", BOARDS)
@pytest.mark.parametrize("name", ["logistic", "kmeans", "one_class"])
def test_the_c_is_clean_with_gcc_and_its_image_says_the_same(name: str, board: str, tmp_path: Path):
    gcc = need("arm-none-eabi-gcc")
    firmware = built(name, board)
    firmware.write(tmp_path)
    flags = (*find_target(firmware.board.target.name).gcc_flags, *WARNINGS, "-std=c99", "-Os")
    script = (tmp_path / "link.ld").read_text(encoding="ascii")
    stack = f". + {firmware.image.space.stack};"
    assert stack in script
    (tmp_path / "gcc.ld").write_text(script.replace(stack, ". + 2048;"), encoding="ascii")
    linking = ("-nostartfiles", "-T", "gcc.ld", "-Wl,--fatal-warnings")
    units = sorted(p.name for p in tmp_path.glob("*.c"))
    subprocess.run([gcc, *flags, *linking, *units, "-o", "gcc.elf"], cwd=tmp_path, check=True)
    binary = flashed((tmp_path / "gcc.elf").read_bytes()).tobinstr()
    assert run_in_unicorn(firmware.board, binary).text == in_unicorn(name, board).text


def test_files_are_written_whole_and_only_over_our_own(tmp_path: Path):
    first, second = built("logistic", "microbit"), built("logistic", "mps2-an386")
    assert {p.name for p in first.write(tmp_path)} >= {
        *("logistic.elf", "logistic.bin", "logistic.hex", "logistic.c", "logistic.h"),
        *("main.c", "start.c", "rows.h", "link.ld", "logistic.firmware.json"),
    }
    second.write(tmp_path)
    told = json.loads((tmp_path / "logistic.firmware.json").read_text(encoding="ascii"))
    assert told["board"] == "mps2-an386"
    assert (tmp_path / "logistic.bin").read_bytes() == second.image.binary
    (tmp_path / "logistic.hex").write_text("mine", encoding="ascii")
    with pytest.raises(InvalidInput, match=r"logistic\.hex was not written by codegen"):
        first.write(tmp_path)
    assert (tmp_path / "logistic.bin").read_bytes() == second.image.binary
    first.write(tmp_path, force=True)
    assert (tmp_path / "logistic.bin").read_bytes() == first.image.binary


def test_the_same_model_gives_the_same_files():
    again = build_firmware(exported("logistic"), "microbit", known()[0][300:], n_rows=12)
    assert again.files == built("logistic", "microbit").files


def test_a_missing_tool_skips_and_fails_where_ci_runs(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CI", "")
    with pytest.raises(pytest.skip.Exception, match="no-such-tool is not installed"):
        need("no-such-tool")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no-such-tool is not installed"):
        need("no-such-tool")
