"""Numbers and names as C text: they read back equal, and nothing a model holds leaves its place."""

import ctypes
import re
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from pandas import DataFrame
from sklearn.linear_model import LogisticRegression

from codegen import export
from codegen.literals import c_string, comment, literal, macro_names, table
from codegen.plan.program import ctype_of
from codegen.sources import environment
from codegen.toolchain import build_host
from tests.test_c_contract import STRICT, compiler

TEMPLATE = (Path(__file__).parent / "data" / "literals.c.j2").read_text(encoding="ascii")
INTEGERS = [np.dtype(name) for name in ("u1", "i1", "u2", "i2", "u4", "i4", "u8")]
NASTY = (
    '"', "*/", "/*", "//", "\n", "\r", "\\", "??/", "??)", "NUL\0NUL", "é", "中", "\u202e",
    "\u2028", "{{ x }}", "{% x %}", "%s", "%n", "\ud800", "\x7f", "\x1b[31m", "'", "#define",
    "\\u0041", "\t",
)  # fmt: skip

texts = st.text(st.characters(), max_size=30) | st.lists(st.sampled_from(NASTY)).map("".join)


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_float_reads_back_equal(value: float) -> None:
    text = literal(np.float32(value))
    assert re.fullmatch(r"-?\d+(\.\d+)?(e[-+]?\d+)?f", text)
    assert "." in text or "e" in text
    back = np.float32(text.removesuffix("f"))
    assert back.tobytes() == np.float32(value).tobytes()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_double_reads_back_equal(value: float) -> None:
    text = literal(value)
    assert re.fullmatch(r"-?\d+(\.\d+|\.\d+e[-+]?\d+|e[-+]?\d+)", text)
    assert np.float64(text).tobytes() == np.float64(value).tobytes()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, np.float32("nan"), np.float32("inf")])
def test_nan_and_infinity_have_no_literal(value: Any) -> None:
    with pytest.raises(ValueError, match="no C literal"):
        literal(value)
    with pytest.raises(ValueError, match="no C literal"):
        table(np.array([value]))


@pytest.mark.parametrize("value", ["text", None, 1j, [1], b"x"])
def test_what_is_no_number_has_no_literal(value: Any) -> None:
    with pytest.raises(TypeError, match="no C literal"):
        literal(value)


@given(texts)
def test_a_comment_stays_a_comment(text: str) -> None:
    kept = comment(text)
    assert kept.isascii()
    assert kept.isprintable()
    assert len(kept) <= 200
    assert not set(kept) & set('*/\\"')
    assert "??/" not in kept
    assert "%}" not in kept


@given(st.lists(texts, max_size=20))
def test_enumerators_are_distinct_identifiers(names: list[str]) -> None:
    found = macro_names(names)
    assert len(found) == len(names)
    assert len(set(found)) == len(found)
    assert all(re.fullmatch(r"[A-Z0-9_]+", name) for name in found)


def test_a_value_without_a_filter_is_an_error() -> None:
    env = environment()
    for value in ("text", 1, 1.5, np.float32(1), None):
        with pytest.raises(TypeError, match="went through no filter"):
            env.from_string("{{ value }}").render(value=value)
    with pytest.raises((UndefinedError, TypeError)):
        env.from_string("{{ value }}").render()
    label = "{{ 7 * 7 }}"
    assert env.from_string("{{ label | c_string }}").render(label=label) == f'"{label}"'


def nasty_labels(count: int) -> list[str]:
    """Labels out of what breaks strings, comments and templates."""
    rng = np.random.default_rng(5)
    return ["".join(rng.choice(NASTY, rng.integers(0, 9))) for _ in range(count)]


def extremes() -> list[np.ndarray]:
    """Integers of every type: both ends, and between."""
    rng = np.random.default_rng(6)
    found = []
    for kind in INTEGERS:
        info = np.iinfo(kind)
        some = rng.integers(info.min, info.max, 20, kind, endpoint=True)
        found.append(np.append(some, np.array([info.min, info.max, 0], kind)))
    return found


def random_floats(kind: type[np.floating[Any]], count: int) -> np.ndarray:
    """Finite numbers of random bits, subnormal ones and both zeros."""
    width = np.dtype(kind).itemsize
    bits = np.random.default_rng(9).integers(0, 256, count * width, np.uint8).view(kind)
    zeros = np.array([0.0, -0.0, np.finfo(kind).max, np.finfo(kind).smallest_subnormal], kind)
    return np.append(bits[np.isfinite(bits)], zeros)


def rendered(labels: list[str]) -> dict[str, Any]:
    """What the template is given."""
    integers = extremes()
    return {
        "note": "*/ int pwned; /* " + "".join(NASTY),
        "floats": random_floats(np.float32, 4000),
        "doubles": random_floats(np.float64, 4000),
        "integers": integers,
        "types": [ctype_of(a.dtype) for a in integers],
        "labels": labels,
        "names": macro_names([*labels[:500], "if", "int", "é", "1", "", "__x__"]),
    }


def read(library: ctypes.CDLL, name: str, like: np.ndarray) -> np.ndarray:
    """An array of the library."""
    kind = ctypes.c_uint8 * like.nbytes
    return np.frombuffer(kind.in_dll(library, name), like.dtype)


def test_everything_reads_back_from_the_compiled_file() -> None:
    labels = nasty_labels(5000)
    given = rendered(labels)
    text = environment().from_string(TEMPLATE).render(given)
    assert text.isascii()
    library = ctypes.CDLL(str(build_host({"literals.c": text}, "literals")))
    for name in ("floats", "doubles"):
        assert read(library, name, given[name]).tobytes() == given[name].tobytes()
    for i, values in enumerate(given["integers"]):
        assert (read(library, f"integers{i}", values) == values).all()
    pointers = (ctypes.c_void_p * len(labels)).in_dll(library, "labels")
    for pointer, label in zip(pointers, labels, strict=True):
        want = label.encode("utf-8", "surrogatepass")
        assert ctypes.string_at(pointer, len(want) + 1) == want + b"\0"


@pytest.mark.parametrize("language", ["c99", "c++17"])
@pytest.mark.parametrize("maker", ["gcc", "zig"])
def test_the_text_compiles_without_a_warning(maker: str, language: str, tmp_path: Path) -> None:
    text = environment().from_string(TEMPLATE).render(rendered(nasty_labels(500)))
    (tmp_path / "literals.c").write_text(text, encoding="ascii", newline="\n")
    form = ["-x", "c" if language == "c99" else "c++", f"-std={language}", "-trigraphs"]
    command = [*compiler(maker, language), *form, *STRICT, "-c", "literals.c"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_model_of_nasty_names(tmp_path: Path) -> None:
    labels = sorted({label for label in nasty_labels(40) if "\0" not in label} - {""})
    names = ["*/ int pwned; /*", "a b", "a-b", "??/\n#error", '"', "é", "\u202e"]
    rng = np.random.default_rng(0)
    X = DataFrame(rng.normal(size=(3 * len(labels), len(names))), columns=names)
    model = LogisticRegression(max_iter=5).fit(X, np.repeat(labels, 3))
    for layout in ("split", "header"):
        artifact = export(model, name="nasty", layout=layout)
        assert all(text.isascii() for text in artifact.files.values())
        for name, text in artifact.sources.items():
            (tmp_path / name).write_text(text, encoding="ascii", newline="\n")
        for language in ("c99", "c++17"):
            form = ["-x", "c" if language == "c99" else "c++", f"-std={language}"]
            command = [*compiler("gcc", language), *form, *STRICT, "-trigraphs", "-c", "nasty.c"]
            done = subprocess.run(
                command, cwd=tmp_path, capture_output=True, text=True, check=False
            )
            assert (done.returncode, done.stderr) == (0, "")
        library = ctypes.CDLL(str(build_host(artifact.sources, "nasty")))
        pointers = (ctypes.c_char_p * len(labels)).in_dll(library, "nasty_classes")
        found = [bytes(p).decode("utf-8", "surrogatepass") for p in pointers if p is not None]
        assert found == model.classes_.tolist()


@given(texts)
def test_a_string_holds_its_bytes(text: str) -> None:
    inside = c_string(text)[1:-1]
    assert inside.isascii()
    assert inside.isprintable()
    octal = re.sub(r"\\([0-7]{3})", lambda m: f"\\x{int(m[1], 8):02x}", inside)
    plain = octal.replace("\\?", "?")
    assert plain.encode().decode("unicode_escape").encode("latin-1") == text.encode(
        "utf-8", "surrogatepass"
    )
