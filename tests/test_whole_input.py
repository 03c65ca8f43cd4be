"""Declared integer inputs: exact trees, bounds of the rest, rows, what the command line says."""

import json
import pickle
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from sklearn import ensemble
from sklearn.datasets import load_diabetes

import codegen
from codegen import ir
from codegen.cli import main
from codegen.declared import WHOLE, Declared, span, suggested
from codegen.edges import edge_rows, thresholds
from codegen.errors import InvalidInput
from codegen.export import Artifact
from codegen.measure import measure
from codegen.passes.whole_input import fill_nothing, settle_splits
from codegen.plan.program import TreeForm
from codegen.plan.whole_sums import close_enough, whole_sums
from codegen.targets import find_target
from tests.reference import Floats, leaf_answers
from tests.test_c_contract import LANGUAGES, STRICT, compiler, compiles
from tests.tree_forms import FORMS, in_form
from tests.whole_inputs import BEHIND, FORESTS, VALUES, at_the_limits, fitted, linear

pytestmark = pytest.mark.filterwarnings("ignore")


def hard_rows(artifact: Artifact, X: Floats, n_rows: int = 900) -> Floats:
    """Rows with columns on floor(threshold) and one beside, and at both ends of the type."""
    rng = np.random.default_rng(5)
    low, high = span(artifact.model.input.declared)
    rows = X[rng.integers(len(X), size=n_rows)].copy()
    cuts = original_cuts(artifact)
    for row in rows:
        for column in rng.choice(list(cuts), size=min(3, len(cuts)), replace=False):
            cut = np.floor(rng.choice(cuts[column]))
            row[column] = np.clip(cut + rng.integers(-1, 2), low, high)
    ends = rng.random(rows.shape) < 1 / rows.shape[1]
    rows[1::2] = np.where(ends[1::2], rng.choice((low, high), size=rows[1::2].shape), rows[1::2])
    rows[:2] = [[low], [high]]
    return rows


def original_cuts(artifact: Artifact) -> dict[int, Floats]:
    """Thresholds as they are fitted, where trees read the rows themselves, else as lowered."""
    return thresholds(artifact.model) or thresholds(artifact.lowered) or {0: np.zeros(1)}


def answers(artifact: Artifact, rows: Floats) -> dict[str, Any]:
    """What the C says, by method."""
    c = artifact.compile()
    return {method: c.raw(method, rows) for method in c.methods}


COMPARED = FORMS[:2]
"""Whole numbers are no floats: float_branches are branches."""

every_form = pytest.mark.parametrize("form", COMPARED)


# ---- trees


@every_form
@pytest.mark.parametrize("name", FORESTS)
def test_every_label_and_value_is_the_estimators(name: str, form: TreeForm) -> None:
    estimator, declared, X = fitted(name)
    artifact = in_form(estimator, form, declared=declared)
    rows = hard_rows(artifact, X)
    want = leaf_answers(estimator, rows)
    c = artifact.compile()
    if "predict_proba" in want:
        np.testing.assert_array_equal(c.predict(rows), want["predict"].ravel())
        np.testing.assert_allclose(c.predict_proba(rows), want["predict_proba"], atol=1e-6)
    else:
        span_of = np.ptp(want["predict"])
        np.testing.assert_allclose(c.raw("predict", rows), want["predict"], atol=1e-6 * span_of)


@pytest.mark.parametrize("name", FORESTS | BEHIND)
def test_trees_compare_the_whole_numbers_themselves(name: str) -> None:
    estimator, declared, _ = fitted(name)
    artifact = in_form(estimator, "stream", declared=declared)
    low, high = span(declared)
    nodes = list(ir.walk(artifact.lowered.methods.values()))
    forests = [node for node in nodes if isinstance(node, ir.TreeEnsemble)]
    assert forests
    assert not any(isinstance(node, ir.Round32) for node in nodes)
    for forest in forests:
        assert (np.floor(forest.threshold) == forest.threshold).all()
        assert ((forest.threshold >= low) & (forest.threshold < high)).all()
    assert "float" not in artifact.files["form.c"].split("form_leaf(")[1].split("}")[0]


@pytest.mark.parametrize("name", BEHIND)
def test_trees_behind_steps_answer_as_the_estimator(name: str) -> None:
    estimator, declared, X = fitted(name)
    artifact = codegen.export(estimator, "cortex-m0plus", input=declared, data=X)
    rows = hard_rows(artifact, X)
    verification = artifact.verify(rows, cores=())
    assert verification.agreement
    if hasattr(estimator, "classes_"):
        np.testing.assert_array_equal(artifact.compile().predict(rows), estimator.predict(rows))


@pytest.mark.parametrize("name", FORESTS | BEHIND)
def test_all_forms_and_the_host_loops_give_the_same_bits(name: str) -> None:
    estimator, declared, X = fitted(name)
    plain = in_form(estimator, "stream", declared=declared)
    rows = hard_rows(plain, X)
    want = answers(plain, rows)
    host = plain.host()
    for method, value in want.items():
        np.testing.assert_array_equal(host.raw(method, rows), value)
        for form in COMPARED[1:]:
            other = in_form(estimator, form, declared=declared)
            np.testing.assert_array_equal(other.compile().raw(method, rows), value)


@every_form
@pytest.mark.parametrize("core", ["cortex-m0plus", "cortex-m4f", "riscv32imc"])
@pytest.mark.parametrize("name", ["forest_u8", "forest_i16"])
def test_cores_give_the_bits_of_the_host(
    name: str, core: str, form: TreeForm, warm_cores: None
) -> None:
    estimator, declared, X = fitted(name)
    artifact = in_form(estimator, form, declared=declared)
    rows = artifact.compile().rows(hard_rows(artifact, X)[:24])
    assert rows.dtype.name == declared
    costs = measure(artifact.program, artifact.sources, find_target(core), rows)
    assert costs.sizes.ram == 0
    for method, cost in costs.methods.items():
        np.testing.assert_array_equal(costs.answers[method], artifact.compile().raw(method, rows))
        assert cost.stack_bound is not None


@every_form
@pytest.mark.parametrize("core", ["cortex-m0plus", "cortex-m4f"])
def test_a_forest_over_pixels_is_smaller_and_faster(
    core: str, form: TreeForm, warm_cores: None
) -> None:
    estimator, declared, X = fitted("forest_u8")
    costs = {}
    for kind in ("float", declared):
        artifact = in_form(estimator, form, declared=kind)
        rows = artifact.compile().rows(X[:24])
        costs[kind] = measure(artifact.program, artifact.sources, find_target(core), rows)
    plain, whole = (costs[kind].methods["predict"] for kind in ("float", declared))
    assert whole.sizes.flash < plain.sizes.flash
    assert whole.instructions_median is not None
    assert plain.instructions_median is not None
    assert whole.instructions_median < 0.8 * plain.instructions_median


@pytest.mark.parametrize("declared", WHOLE)
def test_splits_that_no_value_of_the_type_needs_are_left_out(declared: Declared) -> None:
    """Fitted on numbers around zero: whole numbers meet few of the cuts."""
    X, y = load_diabetes(return_X_y=True)
    estimator = ensemble.RandomForestRegressor(5, max_depth=7, random_state=0).fit(X * 30, y)
    artifact = in_form(estimator, "stream", declared=declared)
    forest = next(
        n for n in ir.walk(artifact.lowered.methods.values()) if isinstance(n, ir.TreeEnsemble)
    )
    read = next(
        n for n in ir.walk(artifact.model.methods.values()) if isinstance(n, ir.TreeEnsemble)
    )
    assert forest.feature.size < read.feature.size
    low, _ = span(declared)
    rows = np.random.default_rng(2).integers(max(low, -6), 7, size=(2000, 10)).astype(float)
    want = estimator.predict(rows)
    np.testing.assert_allclose(artifact.compile().predict(rows), want, rtol=1e-6)


def test_a_split_behind_its_own_like_is_left_out() -> None:
    x = ir.Input(2, "int8")
    forest = ir.TreeEnsemble(
        x,
        feature=np.array([0, 0, 1, 0, 0]),
        threshold=np.array([5.0, 5.0, 200.0, 3.0, 4.0]),
        left=np.array([1, ~0, 3, ~1, ~2]),
        right=np.array([2, ~3, 4, ~4, ~5]),
        missing_left=np.zeros(5, bool),
        roots=np.array([0]),
        values=np.arange(6.0)[:, None],
        divisor=1.0,
    )
    settled = settle_splits(forest)
    assert isinstance(settled, ir.TreeEnsemble)
    assert settled.feature.size == 1
    assert settled.values.ravel().tolist() == [0.0, 4.0]


@pytest.mark.parametrize("name", ["forest_u8", "values_u16", "scaled_i16", "xgboost_u8"])
def test_double_programs_take_whole_numbers_as_well(name: str) -> None:
    estimator, declared, X = fitted(name)
    artifact = codegen.export(estimator, "host", input=declared, dtype="float64")
    rows = hard_rows(artifact, X)
    assert artifact.verify(rows, cores=()).agreement
    assert "cg_goes_left" not in artifact.files["model.c"]
    for method, value in answers(artifact, rows).items():
        np.testing.assert_array_equal(artifact.host().raw(method, rows), value)


# ---- other models


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", VALUES)
def test_values_are_within_their_bounds(name: str, dtype: Any) -> None:
    estimator, declared, X = fitted(name)
    artifact = codegen.export(estimator, "host", input=declared, dtype=dtype)
    rows = np.vstack([X[:300], edge_rows(artifact.lowered, X, 200)])
    verification = artifact.verify(rows, cores=())
    assert verification.agreement, verification
    assert verification.rounded == 0
    for method, value in answers(artifact, rows).items():
        np.testing.assert_array_equal(artifact.host().raw(method, rows), value)


@pytest.mark.parametrize("core", ["cortex-m0plus", "cortex-m4f", "riscv32imc"])
@pytest.mark.parametrize("name", VALUES)
def test_values_have_the_hosts_bits_on_cores(name: str, core: str, warm_cores: None) -> None:
    estimator, declared, X = fitted(name)
    artifact = codegen.export(estimator, core, input=declared)
    rows = artifact.compile().rows(np.vstack([X[:5], edge_rows(artifact.lowered, X, 5)]))
    costs = measure(artifact.program, artifact.sources, find_target(core), rows)
    for method, value in answers(artifact, rows).items():
        np.testing.assert_array_equal(costs.answers[method], value)


# ---- sums of whole numbers


SUMMED = {
    "logistic_u8": ["whole_argmax"],
    "logistic_i16": ["whole_sum"],
    "chosen_i16": ["whole_sum"],
    "svc_i8": ["whole_argmax"],
    "linear_u16": ["whole_affine"],
    "kmeans_i8": ["whole_argmax"],
    "pca_u8": ["whole_affine"],
    "network_u8": ["whole_affine", "elementwise", "block_argmax"],
}


@pytest.mark.parametrize("name", SUMMED)
def test_linear_maps_sum_the_whole_numbers_themselves(name: str) -> None:
    estimator, declared, _ = fitted(name)
    artifact = codegen.export(estimator, "host", input=declared)
    used = [step.stage.template for step in artifact.program.functions[0].steps]
    assert used == [f"nodes/{stage}.c.j2" for stage in SUMMED[name]]


@pytest.mark.parametrize("core", ["cortex-m0plus", "cortex-m4f", "riscv32imc"])
@pytest.mark.parametrize("name", ["logistic_u8", "logistic_i16", "linear_u16", "pca_u8"])
def test_sums_of_whole_numbers_are_smaller_and_faster(
    name: str, core: str, warm_cores: None
) -> None:
    estimator, declared, X = fitted(name)
    costs = []
    for kind in ("float", declared):
        artifact = codegen.export(estimator, core, input=kind)
        rows = artifact.compile().rows(X[:6])
        found = measure(artifact.program, artifact.sources, find_target(core), rows).methods
        costs.append(found.get("predict") or found["transform"])
    plain, whole = costs
    assert whole.sizes.flash < plain.sizes.flash
    assert (whole.instructions_median or 0) < (plain.instructions_median or 0)
    assert (whole.cycles_median or 0) < 0.8 * (plain.cycles_median or 0)


@pytest.mark.parametrize("what", ["affine", "argmax", "sum"])
@pytest.mark.parametrize("declared", WHOLE)
def test_sums_are_exact_up_to_the_ends_of_the_type(
    declared: Declared, what: str, warm_cores: None
) -> None:
    """Against fractions, on the host and on cores with and without long multiplication."""
    artifact = linear(declared, what)
    rows = at_the_limits(declared)
    node = next(n for n in ir.walk(artifact.lowered.methods.values()) if isinstance(n, ir.Affine))
    form = whole_sums(node)
    exact = [
        [
            (sum(int(a) * int(b) for a, b in zip(row, w, strict=True)) + int(c))
            * Fraction(2) ** int(p)
            for w, c, p in zip(form.weight, form.bias, form.power, strict=True)
        ]
        for row in rows
    ]
    if what == "affine":
        want = np.array([[float(v) for v in row] for row in exact]).astype(np.float32)
    elif what == "argmax":
        want = np.array([[row.index(max(row))] for row in exact])
    else:
        want = np.array([[int(row[0] > 0)] for row in exact])
    c = artifact.compile()
    method = c.methods[0]
    np.testing.assert_array_equal(c.raw(method, rows), want)
    for core in ("cortex-m0plus", "cortex-m4f", "riscv32imc"):
        given = c.rows(rows)
        costs = measure(artifact.program, artifact.sources, find_target(core), given)
        np.testing.assert_array_equal(costs.answers[method], want, err_msg=core)


@pytest.mark.parametrize(
    ("low", "high", "goes"),
    [
        (-9.0, -1.0, True),
        (0.2, 0.8, True),
        (256.0, np.inf, True),
        (-np.inf, 0.0, False),
        (254.5, 300.0, False),
        (7.0, 7.0, False),
    ],
)
def test_an_imputer_goes_where_the_type_has_nothing_to_fill(
    low: float, high: float, goes: bool
) -> None:
    x = ir.Input(2, "uint8")
    node = ir.Impute(x, low, high, np.full(2, np.nan))
    assert fill_nothing(node) is (x if goes else node)
    assert fill_nothing(ir.Impute(x, np.nan, np.nan, np.ones(2))) is x


def test_columns_of_very_different_sizes_are_widened() -> None:
    """A flag beside raw counts: one exponent for both would cost the counts their digits."""
    weight = np.array([[2.0, 1e-4, -3e-4]])
    for declared, is_close in (("int16", False), ("int8", True)):
        x = ir.Input(3, declared)  # type: ignore[arg-type]
        assert close_enough(ir.Affine(x, weight, np.zeros(1))) == is_close
        assert not close_enough(ir.Affine(ir.Round32(x), weight, np.zeros(1)))
    aside = ir.Affine(ir.Input(3, "int16"), np.array([[2.0, 1.0, 1e-6]]), np.array([500.0]))
    assert close_enough(aside)  # what the small one may lose is nothing beside the constant
    even = ir.Affine(ir.Input(3, "int16"), np.array([[2.0, 0.1, 0.0]]), np.zeros(1))
    assert close_enough(even)


@pytest.mark.parametrize("scale", [1e-36, 1e-30, 1.0, 1e30, 1e36])
def test_coefficients_of_any_size_stay_within_the_bound(scale: float) -> None:
    rng = np.random.default_rng(23)
    x = ir.Input(4, "int16")
    for bias in (0.0, scale, 1e9 * scale):
        node = ir.Affine(x, scale * rng.uniform(0.5, 2, (2, 4)), np.array([bias, -bias]))
        once = whole_sums(node).values
        again = whole_sums(ir.Affine(x, *once)).values
        for a, b in zip(once, again, strict=True):
            np.testing.assert_array_equal(a, b)
        np.testing.assert_allclose(once[0], node.weight, rtol=2.0**-29)


# ---- the C


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("maker", ["gcc", "zig"])
def test_it_compiles_without_a_warning(maker: str, language: str, tmp_path: Path) -> None:
    written = []
    names = ["forest_i8", "forest_i16", "boosted_u8", *SUMMED, "identity_i8"]
    for i, name in enumerate(names):
        estimator, declared, _ = fitted(name)
        for dtype in ("float32", "float64")[: 1 + i % 2]:
            artifact = codegen.export(
                estimator, "host", f"m{i}_{dtype}", input=declared, dtype=dtype
            )
            for file, text in artifact.sources.items():
                (tmp_path / file).write_text(text, encoding="ascii")
            written.append(f"m{i}_{dtype}.c")
    command = [*compiler(maker, language), *LANGUAGES[language], *STRICT]
    compiles([*command, "-c", *written], tmp_path)


# ---- rows


@pytest.mark.parametrize("declared", WHOLE)
def test_made_rows_are_whole_numbers_up_to_the_ends_of_the_type(declared: Declared) -> None:
    name = next(n for n, (kind, _) in FORESTS.items() if kind == declared)
    estimator, _, X = fitted(name)
    artifact = in_form(estimator, "stream", declared=declared)
    for base in (None, X):
        rows = edge_rows(artifact.lowered, base, 200)
        assert np.array_equal(rows, rows.astype(declared))
        assert (rows.min(), rows.max()) == span(declared)
        for column, cuts in thresholds(artifact.lowered).items():
            assert {-1.0, 0.0, 1.0} & set((rows[:, column, None] - cuts).ravel())


@pytest.mark.parametrize(
    ("declared", "value", "said"),
    [
        ("uint8", 256, "row 3, feature 4: 256 is no whole number from 0 to 255"),
        ("uint8", -1, "feature 4: -1 is no whole number from 0 to 255"),
        ("int8", 12.5, "12.5 is no whole number from -128 to 127"),
        ("int16", 40000, "from -32768 to 32767, which is what x holds with --input int16"),
        ("uint16", np.nan, "nan is no whole number"),
    ],
)
def test_rows_that_do_not_fit_are_refused(declared: Declared, value: float, said: str) -> None:
    estimator, _, X = fitted("forest_u8")
    artifact = codegen.export(estimator, "host", input=declared)
    rows = X[:5].copy()
    rows[2, 4] = value
    for ask in (artifact.compile().predict, artifact.host().predict):
        with pytest.raises(InvalidInput, match=said):
            ask(rows)
    with pytest.raises(InvalidInput, match=said):
        codegen.export(estimator, "cortex-m0plus", input=declared).measure("cortex-m0plus", rows)


def test_rows_of_the_type_are_taken_as_they_are() -> None:
    estimator, _, X = fitted("forest_u8")
    c = codegen.export(estimator, "host", input="uint8").compile()
    rows = X.astype(np.uint8)
    assert c.rows(rows) is rows
    np.testing.assert_array_equal(c.predict(rows), c.predict(X.astype(np.int64)))


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(InvalidInput, match="choose one of float, int16"):
        codegen.export(fitted("forest_u8")[0], input="int32")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([0, 255], "uint8"),
        ([-1, 127], "int8"),
        ([0, 256], "uint16"),
        ([-1, 128], "int16"),
        ([-1, 40000], None),
        ([0, 0.5], None),
        ([0, np.nan], None),
        ([0, np.inf], None),
    ],
)
def test_the_narrowest_type_is_suggested(values: list[float], wanted: Declared | None) -> None:
    assert suggested(np.array([values])) == wanted


# ---- files and the command line


@pytest.mark.parametrize("declared", get_args(Declared))
def test_headers_and_manifests_name_the_type(declared: Declared) -> None:
    ctype = "float" if declared == "float" else f"{declared}_t"
    for layout in ("split", "header"):
        artifact = codegen.export(
            fitted("forest_u8")[0], "host", "fall", input=declared, layout=layout
        )
        header = artifact.files["fall.h"]
        assert f"int32_t fall_predict(const {ctype} x[FALL_N_FEATURES]);" in header
        assert f"int32_t fall_check(const {ctype} x[FALL_N_FEATURES]);" in header
        manifest = json.loads(artifact.files["fall.json"])
        assert manifest["options"]["input"] == declared
        assert manifest["inputs"]["ctype"] == ctype
        assert (f"64 {ctype} features in" in header) == (declared != "float")


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Exit code, output with its lines joined, and errors of a command."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), " ".join(out.split()), err


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file, rows that fit uint8, and rows that do not."""
    place = tmp_path_factory.mktemp("pixels")
    estimator, _, X = fitted("tree_u8")
    (place / "pixels.pkl").write_bytes(pickle.dumps(estimator))
    np.save(place / "rows.npy", X[:60])
    np.save(place / "halves.npy", X[:60] + 0.5)
    return place


def test_the_command_line_exports_verifies_and_suggests(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], warm_cores: None
) -> None:
    model, rows = folder / "pixels.pkl", folder / "rows.npy"
    common = (model, "--target", "cortex-m0plus", "--data", rows)
    code, out, _ = run(capsys, "export", *common, "-o", tmp_path, "--input", "uint8")
    assert code == 0
    assert "x uint8" in out
    assert "with --input" not in out
    assert "static const uint8_t pixels_test_x" in (tmp_path / "pixels_test.c").read_text()
    report = json.loads((tmp_path / "pixels.report.json").read_text())
    assert report["agreement"]
    assert report["options"]["input"] == "uint8"
    code, out, _ = run(capsys, "export", *common, "-o", tmp_path)
    assert code == 0
    assert "with --input uint8 x takes" in out
    code, out, _ = run(capsys, "export", *common, "-o", tmp_path, "--input", "float")
    assert "with --input" not in out
    code, out, _ = run(capsys, "verify", *common, "--input", "int16")
    assert code == 0
    assert "x int16" in out


@pytest.mark.parametrize("command", ["export", "verify"])
def test_data_that_does_not_fit_is_a_users_error(
    command: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("-o", tmp_path / "out") if command == "export" else ()
    model, rows = folder / "pixels.pkl", folder / "halves.npy"
    code, out, err = run(capsys, command, model, "--data", rows, "--input", "uint8", *where)
    assert code == 2
    assert not out
    assert err.startswith("error: ")
    assert "halves.npy: row 1, feature 0: 0.5 is no whole number from 0 to 255" in err
    assert not (tmp_path / "out").exists()


def test_firmware_holds_rows_of_the_type(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], warm_cores: None
) -> None:
    model, rows = folder / "pixels.pkl", folder / "rows.npy"
    common = ("firmware", model, "--board", "mps2-an386", "--data", rows, "--run")
    code, out, _ = run(capsys, *common, "--input", "uint8", "-o", tmp_path)
    assert code == 0
    assert "PASS" in out
    assert "typedef uint8_t rows_input;" in (tmp_path / "rows.h").read_text()
