"""The generated C keeps its contract with compilers: no warning, no foreign symbol, same bits."""

import copy
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from codegen import export
from codegen.emulate import Machine
from codegen.emulate import __file__ as emulate_file
from codegen.plan.program import Dtype, TreeForm
from codegen.targets import TARGETS
from tests import tree_forms
from tests.batches import BATCHES, Batch, as_one, few_rows, headers, inclusions, written
from tests.cases import BY_ID, exported, fitted
from tests.test_bits import differing
from tests.tools import need
from tests.tree_forms import FORMS

DATA = Path(__file__).parent / "data"
STRICT = (
    "-Wall",
    "-Wextra",
    "-Wconversion",
    "-Wdouble-promotion",
    "-Wshadow",
    "-pedantic",
    "-Werror",
)
LANGUAGES = {"c99": ("-x", "c", "-std=c99"), "c++17": ("-x", "c++", "-std=c++17")}
CORTEX_M4 = (
    "-std=gnu11",
    "-O2",
    "-mcpu=cortex-m4",
    "-mfpu=fpv4-sp-d16",
    "-mfloat-abi=hard",
)
IMAGE = Path(emulate_file).parent / "image.ld"

pytestmark = pytest.mark.filterwarnings("ignore")

every_batch = pytest.mark.parametrize("batch", BATCHES, ids=lambda batch: batch.id)
each_language = pytest.mark.parametrize("language", LANGUAGES)
each_maker = pytest.mark.parametrize("maker", ["gcc", "zig"])


def compiler(maker: str, language: str) -> list[str]:
    """The command of a compiler for a language; zig's without the checks it adds to the code."""
    if maker == "zig":
        name = "cc" if language == "c99" else "c++"
        return [sys.executable, "-m", "ziglang", name, "-fno-sanitize=undefined"]
    return [need("gcc" if language == "c99" else "g++")]


def run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder."""
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def compiles(command: Sequence[str], folder: Path) -> None:
    """The command ends well and says nothing."""
    done = run(command, folder)
    assert done.stderr == ""
    assert done.returncode == 0


@each_language
@each_maker
@every_batch
def test_headers_compile_without_a_warning(
    batch: Batch, maker: str, language: str, tmp_path: Path
) -> None:
    included = inclusions(batch.artifacts("float32", "header"))
    flags = [*LANGUAGES[language], *STRICT, *included, "-c", "empty.c"]
    if (maker, language) == ("gcc", "c99"):
        flags.append("-O2")  # some of its warnings need the optimiser
    for dtype in ("float32", "float64"):
        written(headers(batch.artifacts(dtype, "header")), tmp_path)
        compiles([*compiler(maker, language), *flags, "-o", f"{dtype}.o"], tmp_path)


@each_language
@each_maker
@every_batch
def test_split_files_compile_without_a_warning(
    batch: Batch, maker: str, language: str, tmp_path: Path
) -> None:
    """Each file by itself where one compiler tells enough, elsewhere all of them as one."""
    dtype: Dtype = "float32" if language == "c99" else "float64"
    files = batch.sources(dtype)
    each = (maker, language) == ("gcc", "c99")
    names = written(files if each else as_one(files, "all.c"), tmp_path)
    flags = [*LANGUAGES[language], *STRICT, "-c", *names]
    compiles([*compiler(maker, language), *flags], tmp_path)


@every_batch
def test_same_bits_with_arm_gcc_and_no_flag_of_ours(batch: Batch, tmp_path: Path) -> None:
    command = [need("arm-none-eabi-gcc"), *CORTEX_M4]
    names = written(batch.sources("float32"), tmp_path)
    compiles([*command, *STRICT, "-c", *names], tmp_path)
    functions = [f.name for a in batch.artifacts("float32", "split") for f in a.program.functions]
    wanted = [f"-Wl,-u,{name}" for name in functions]
    objects = [f"{Path(name).stem}.o" for name in names]
    link = ["-nostartfiles", "-T", str(IMAGE), f"-Wl,--entry={functions[0]}", *wanted, *objects]
    compiles([*command, *link, "-o", "image.elf"], tmp_path)
    machine = Machine(tmp_path / "image.elf", TARGETS["cortex-m4f"])
    wrong = [
        name
        for case, artifact in zip(batch.cases, batch.artifacts("float32", "split"), strict=True)
        for name in differing(machine, artifact, few_rows(case))
    ]
    assert wrong == []


@pytest.mark.parametrize("level", ["-O0", "-Os", "-O3"])
@pytest.mark.parametrize("core", ["cortex-m3", "cortex-m55"])
@pytest.mark.parametrize("case", ["mlp3_digits", "k_means2_digits", "logistic1_iris"])
def test_assembly_finds_registers_at_every_level(
    case: str, core: str, level: str, tmp_path: Path
) -> None:
    """With a frame pointer, which takes one; and where rows are multiplied one by one."""
    files = export(fitted(BY_ID[case]), name="m").files
    names = written({n: t for n, t in files.items() if n[-1] in "ch"}, tmp_path)
    command = [need("arm-none-eabi-gcc"), f"-mcpu={core}", "-mthumb", level, *STRICT]
    for flags in (["-fno-omit-frame-pointer", "-fPIC"], ["-DCG_DOTS=1"]):
        compiles([*command, *flags, "-c", *names], tmp_path)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["values", "two_pure", "ten_counts"])
def test_every_form_of_trees_compiles_without_a_warning(
    name: str, form: TreeForm, tmp_path: Path
) -> None:
    """With thresholds above zero and NaN on the left, too: their keys are large and positive."""
    estimator = copy.deepcopy(tree_forms.fitted(name)[0])
    for turn in range(2):
        files = tree_forms.in_form(estimator, form, f"m{turn}").files
        names = written({n: t for n, t in files.items() if n[-1] in "ch"}, tmp_path)
        compiles([*compiler("gcc", "c99"), *LANGUAGES["c99"], *STRICT, "-c", *names], tmp_path)
        for one in estimator.estimators_:
            inner = one.tree_.feature >= 0
            one.tree_.threshold[inner] = np.abs(one.tree_.threshold[inner]) + 1e-3
            one.tree_.missing_go_to_left[inner] = 1


@pytest.fixture(params=["split", "header"])
def two_models(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, list[str]]:
    """A folder with two models and a program that uses both; its C files."""
    names = []
    for name, case in (("first", "logistic1_iris"), ("second", "forest1_iris")):
        artifact = export(fitted(BY_ID[case]), name=name, layout=request.param)
        names += written({n: t for n, t in artifact.files.items() if n[-1] in "ch"}, tmp_path)
    for name in ("program_of_two.c", "program_other_file.c"):
        (tmp_path / name).write_text((DATA / name).read_text())
    return tmp_path, [*names, "program_of_two.c", "program_other_file.c"]


@each_language
@each_maker
def test_two_models_and_headers_included_twice_make_one_program(
    two_models: tuple[Path, list[str]], maker: str, language: str
) -> None:
    folder, names = two_models
    flags = [*LANGUAGES[language], *STRICT, "-c"]
    objects = [f"{Path(name).stem}.o" for name in names]
    for source, built in zip(names, objects, strict=True):
        compiles([*compiler(maker, language), *flags, source, "-o", built], folder)
    compiles([need("gcc"), *objects, "-o", "program"], folder)
    assert run([str(folder / "program")], folder).returncode == 0


@each_maker
def test_two_versions_of_the_kernels_stop_the_compiler(maker: str, tmp_path: Path) -> None:
    batch = BATCHES[0]
    artifacts = batch.artifacts("float32", "header")
    files = headers(artifacts)
    last = f"{batch.cases[-1].id}.h"
    assert "#define CG_VERSION 1\n" in files[last]
    files[last] = files[last].replace("CG_VERSION 1\n", "CG_VERSION 2\n")
    files[last] = files[last].replace("CG_VERSION != 1\n", "CG_VERSION != 2\n")
    written(files, tmp_path)
    done = run([*compiler(maker, "c99"), *inclusions(artifacts), "-c", "empty.c"], tmp_path)
    assert done.returncode != 0
    assert "two versions of codegen's kernels meet" in done.stderr


@pytest.mark.parametrize(
    ("maker", "flag"),
    [
        ("gcc", "-ffast-math"),
        ("gcc", "-Ofast"),
        ("gcc", "-funsafe-math-optimizations"),
        ("gcc", "-freciprocal-math"),
        ("gcc", "-ffinite-math-only"),
        ("zig", "-ffast-math"),
        ("zig", "-ffinite-math-only"),
    ],
)
@pytest.mark.parametrize("layout", ["split", "header"])
def test_fast_math_stops_the_compiler(maker: str, flag: str, layout: str, tmp_path: Path) -> None:
    """zig reads -Ofast as -O3, which keeps to IEEE 754."""
    artifact = exported(BY_ID["logistic1_iris"], layout=layout)
    names = written(artifact.sources, tmp_path)
    done = run([*compiler(maker, "c99"), flag, "-c", *names], tmp_path)
    assert done.returncode != 0
    assert "compile it without -ffast-math" in done.stderr


def test_excess_precision_stops_the_compiler(tmp_path: Path) -> None:
    names = written(exported(BY_ID["logistic1_iris"]).sources, tmp_path)
    done = run([need("gcc"), "-m32", "-ffreestanding", "-mfpmath=387", "-c", *names], tmp_path)
    assert done.returncode != 0
    assert "FLT_EVAL_METHOD" in done.stderr


def test_every_external_name_and_macro_starts_with_the_models(tmp_path: Path) -> None:
    written(BATCHES[1].sources("float32"), tmp_path)
    for artifact in BATCHES[1].artifacts("float32", "split"):
        name = artifact.name
        compiles([need("gcc"), "-O1", "-c", f"{name}.c"], tmp_path)
        listed = run([need("nm"), "--defined-only", "-g", f"{name}.o"], tmp_path).stdout
        symbols = [line.split()[-1] for line in listed.splitlines()]
        assert symbols
        assert all(symbol.startswith(f"{name}_") for symbol in symbols)
        header = artifact.files[f"{name}.h"]
        macros = re.findall(r"^ *# *define (\w+)", header, re.MULTILINE)
        assert macros
        assert all(macro.startswith(f"{name.upper()}_") for macro in macros)
        assert set(re.findall(r"#include (.*)", header)) == {"<stddef.h>", "<stdint.h>"}
