"""The report: plain data with units, tables within 100 columns, disagreement said loudly."""

import json
import os
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from codegen.measure import Costs, MethodCost
from codegen.report import Report, Truth, as_dict, as_json
from codegen.show import shown, tell
from codegen.toolchain import Sizes
from codegen.verify import Agreement, Verification

SIZES = Sizes(code=1000, tables=20_000_000, runtime=30, data=4, bss=8)
COST = MethodCost(SIZES, 96, 104, 1_234_567.0, 12_345_678, 2_345_678.5, 23_456_789)
COSTS = Costs("cortex-m0plus", SIZES, {"predict": COST}, {}, ("__aeabi_fadd", "expf"))
LABELS = Agreement("predict", 300, is_label=True, differ=1, differ_inside=1, inside_rows=(7, 9))
NUMBERS = Agreement("predict_proba", 300, is_label=False, max_abs_error=6e-8, max_bound=5e-7)
CHECKED = Verification("answers", (LABELS, NUMBERS), (NUMBERS,), (), 12, {"cortex-m0plus": 0}, {})
FACTS = {
    "estimator": "sklearn.svm.SVC",
    "kind": "classifier",
    "n_features": 4,
    "options": {"target": "cortex-m0plus", "dtype": "float32", "input": "float"},
}
REPORT = Report("fall", MappingProxyType(FACTS), CHECKED, (COSTS,), truth=Truth(300, 290))


def printed(report: Report, capsys: pytest.CaptureFixture[str]) -> str:
    tell(shown(report))
    text = capsys.readouterr().out
    assert all(len(line) <= 100 and line == line.rstrip() for line in text.splitlines())
    return text


def test_plain_data_has_units() -> None:
    content = json.loads(as_json(REPORT))
    assert content["agreement"] is True
    assert content["compared_with"] == "answers"
    core = content["costs"]["cortex-m0plus"]
    assert core["flash_bytes"] == 1000 + 20_000_000 + 30 + 4
    assert core["ram_bytes"] == 12
    assert core["unexpected_symbols"] == ["expf"]
    assert core["functions"]["predict"]["stack_bound_bytes"] == 104
    assert core["functions"]["predict"]["cycles_max"] == 23_456_789
    assert content["given_rows"]["predict"]["rows_inside_bound"] == [7, 9]
    assert content["given_rows"]["predict_proba"]["max_abs_error"] == 6e-8
    assert content["truth"] == {"rows": 300, "rows_right": 290}


def test_the_text_tells_all(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(REPORT, capsys)
    for words in (
        "Agreement: yes",
        "Given rows: compared with the model's own answers, from the reserved columns of the data.",
        "12 values of the given rows were rounded to float32 first.",
        "predict: given rows whose gap is inside the bound: 7, 9.",
        "Same bits as on the host: cortex-m0plus.",
        "the C is right on 290 of 300 rows.",
        "instructions, maximum",
        "12,345,678",
        "It needs symbols from outside: expf",
    ):
        assert words in text


@pytest.mark.parametrize(
    "wrong",
    [
        replace(CHECKED, given=(replace(LABELS, differ=2),)),
        replace(CHECKED, given=(replace(NUMBERS, beyond=1, max_abs_error=np.inf),)),
        replace(CHECKED, edges=(replace(NUMBERS, beyond=1),)),
        replace(CHECKED, reading=(replace(NUMBERS, beyond=1),)),
        replace(CHECKED, bits={"cortex-m0plus": 3}),
    ],
)
def test_disagreement_is_said(wrong: Verification, capsys: pytest.CaptureFixture[str]) -> None:
    report = replace(REPORT, verification=wrong)
    assert as_dict(report)["agreement"] is False
    assert json.loads(as_json(report))["agreement"] is False
    assert "Agreement: NO. The C disagrees beyond its bound." in printed(report, capsys)


def test_other_bits_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    report = replace(REPORT, verification=replace(CHECKED, bits={"cortex-m0plus": 3}))
    assert "cortex-m0plus: OTHER BITS than the host on 3 rows." in printed(report, capsys)


@pytest.mark.parametrize(
    ("reference", "given", "made"),
    [
        ("python", "the live model's own methods", "the live model's own methods"),
        ("answers", "the model's own answers", "Python's model was not asked"),
        ("codegen", "Python's model was not asked", "Python's model was not asked"),
    ],
)
def test_against_what_is_said(reference: str, given: str, made: str) -> None:
    report = replace(REPORT, verification=replace(CHECKED, reference=reference))
    assert given in report.against["given"]
    assert made in report.against["edges"]


def test_what_was_not_run_has_no_figures(capsys: pytest.CaptureFixture[str]) -> None:
    cost = MethodCost(SIZES, None, 104, None, None, None, None)
    report = replace(REPORT, costs=(replace(COSTS, methods={"predict": cost}),))
    text = printed(report, capsys)
    assert "stack bound, bytes" in text
    assert "instructions" not in text
    assert as_dict(report)["costs"]["cortex-m0plus"]["functions"]["predict"]["cycles_max"] is None


def test_no_bound_is_no_number() -> None:
    free = replace(CHECKED, given=(replace(NUMBERS, max_bound=None),))
    content = as_dict(replace(REPORT, verification=free))
    assert content["given_rows"]["predict_proba"]["max_bound"] is None


def test_many_rows_inside_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    many = replace(LABELS, inside_rows=tuple(range(100)))
    report = replace(REPORT, verification=replace(CHECKED, given=(many,)))
    assert "0, 1, 2, 3, 4, 5, 6, 7 and 92 more." in printed(report, capsys)
    assert len(as_dict(report)["given_rows"]["predict"]["rows_inside_bound"]) == 100


def test_the_text_does_not_depend_on_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    want = printed(REPORT, capsys)
    monkeypatch.setitem(os.environ, "COLUMNS", "40")
    assert printed(REPORT, capsys) == want
