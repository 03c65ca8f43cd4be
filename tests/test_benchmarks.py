"""The published comparison is what results.csv holds, and its measures mean what they say."""

from math import comb, log2
from pathlib import Path

import numpy as np
import pytest

from benchmarks.comparison import page, picture
from benchmarks.comparison.entropy import bound, entropy_bits, set_bits
from benchmarks.comparison.figures import Figure, decided, read, right, write
from benchmarks.comparison.models import CASES
from benchmarks.comparison.standing import Beside, geometric_mean
from benchmarks.comparison.trees import Tree

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results.csv"
PICTURE = ROOT / "docs" / "benchmarks.svg"


@pytest.fixture(scope="module")
def figures() -> list[Figure]:
    return read(RESULTS)


def test_the_page_is_made_of_the_csv(figures: list[Figure]) -> None:
    text = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
    assert page.filled(text, figures) == text, "run `python benchmarks/table.py --pages`"
    assert all(f"<!-- {name} -->" in text for name in page.TABLES)


def test_the_picture_is_made_of_the_csv() -> None:
    assert picture.fingerprint(RESULTS.read_bytes()) in PICTURE.read_text("utf-8")


def test_the_picture_is_the_same_bytes_each_time(figures: list[Figure], tmp_path: Path) -> None:
    paths = tmp_path / "a.svg", tmp_path / "b.svg"
    for path in paths:
        picture.draw(figures, b"", path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_the_csv_has_every_case_and_each_line_once(figures: list[Figure]) -> None:
    assert {f.case for f in figures} == {case.name for case in CASES}
    assert len({f.key for f in figures}) == len(figures)
    for f in figures:
        assert bool(f.error) == (f.flash is None)


def test_figures_are_read_as_they_were_written(figures: list[Figure], tmp_path: Path) -> None:
    write(tmp_path / "again.csv", figures)
    assert (tmp_path / "again.csv").read_bytes() == RESULTS.read_bytes()


@pytest.mark.parametrize(
    ("how", "raw", "label"),
    [
        ("index", [[2.0]], 2),
        ("argmax", [[0.25, 0.5, 0.25]], 1),
        ("argmax", [[0.5, 0.5]], 0),
        ("positive", [[0.0]], 0),
        ("half", [[0.75]], 1),
        ("pairs", [[1.0, -1.0, -1.0]], 2),
        ("pairs", [[-1.0, 1.0, 1.0]], 1),
    ],
)
def test_raw_answers_are_decided(how: str, raw: list[list[float]], label: int) -> None:
    assert decided(raw, how).tolist() == [label]


def test_a_number_is_right_within_a_millionth_of_the_spread() -> None:
    want = np.array([100.0, 100.0])
    assert right(np.array([100.0009, 100.0011]), want, 1000.0).tolist() == [True, False]
    assert right(np.array([1.0, 2.0]), np.array([1.0, 1.0]), None).tolist() == [True, False]


def test_only_exact_tools_and_exact_answers_make_a_ratio() -> None:
    def one(tool: str, flash: int, **rest: float) -> Figure:
        return Figure("c", tool, "", "t", flash=flash, instructions=1.0, **({"agree": 1.0} | rest))

    others = (one("wrong", 10, agree=0.9), one("at its edge", 20, edge=0.5), one("exact", 40))
    assert Beside(one("ours", 10), others).ratio("flash") == 0.25
    assert Beside(one("ours", 10), others).ratio("flash", exact=False) == 1.0
    assert Beside(one("ours", 10, edge=0.99), others).ratio("flash") is None
    assert Beside(one("ours", 10), others[:2]).ratio("flash") is None
    assert geometric_mean([0.25, None, 1.0]) == 0.5


def test_the_entropy_bound_counts_what_it_says() -> None:
    assert entropy_bits("aabb") == 4.0
    assert set_bits(3) == pytest.approx(log2(comb(2**32, 3)), rel=1e-6)
    split = np.array([0]), np.array([0.5])
    tree = Tree(*split, np.array([[1.0, 0.0], [0.0, 1.0]]))
    shapes, splits, leaves, distinct = 2 * 2 + 2, 0.0, 4.0, 4.0
    bits = shapes + splits + leaves + distinct + set_bits(1) + set_bits(2)
    assert bound([tree, tree]).n_bytes == pytest.approx(200 + bits / 8)
    assert bound([tree, tree]).n_splits == 2
