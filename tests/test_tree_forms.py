"""Trees in each of their forms: the same answers, bit by bit, and the choice between the forms."""

import json
from typing import Any, get_args

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn import ensemble, tree

from codegen import export, ir
from codegen.candidates import Aim, Contest, compete, figures
from codegen.edges import edge_rows, thresholds
from codegen.emulate import Machine
from codegen.export import Artifact, facts_of
from codegen.importers import import_model
from codegen.load import load
from codegen.measure import call, gathered, measure
from codegen.passes import prepare
from codegen.plan.program import TreeForm
from codegen.plan.trees.leaves import leaves_of
from codegen.plan.trees.proof import needs_no_settling
from codegen.targets import find_target, measured_cores
from codegen.toolchain import compile_objects, link, sizes
from tests.reference import Floats, leaf_answers, threshold_rows
from tests.tree_forms import BOOSTED, CANCER, FORMS, MODELS, SUGAR, fitted, in_form

AIMS: tuple[Aim, ...] = get_args(Aim)
ROWS = 1500

every_form = pytest.mark.parametrize("form", FORMS)
every_model = pytest.mark.parametrize("name", [*MODELS, *BOOSTED])
bare_models = pytest.mark.parametrize("name", MODELS)


def forest_of(artifact: Artifact) -> ir.TreeEnsemble:
    """The ensemble of an export."""
    nodes = ir.walk(artifact.lowered.methods.values())
    return next(node for node in nodes if isinstance(node, ir.TreeEnsemble))


def hard_rows(artifact: Artifact, X: Floats) -> Floats:
    """Rows on the thresholds and one float beside, some with infinities and NaN of both signs."""
    rows = threshold_rows(thresholds(artifact.lowered), X, ROWS, seed=5)
    if forest_of(artifact).refuses_nan:
        return rows
    rng = np.random.default_rng(6)
    special = [np.nan, np.copysign(np.nan, -1.0), np.inf, -np.inf, 0.0, -0.0, 1e-45, -3e38]
    hit = rng.random(rows.shape) < 3 / rows.shape[1]
    hit[: ROWS // 2] = False
    return np.where(hit, rng.choice(special, size=rows.shape), rows)


def answers(artifact: Artifact, rows: Floats) -> dict[str, NDArray[Any]]:
    """What the C says, by method."""
    c = artifact.compile()
    return {method: c.raw(method, rows) for method in c.methods}


@every_form
@bare_models
def test_every_label_and_value_is_the_estimators(name: str, form: TreeForm) -> None:
    estimator, X = fitted(name)
    artifact = in_form(estimator, form)
    rows = hard_rows(artifact, X)
    assert (np.isnan(rows) & np.signbit(rows)).any()
    assert (np.isnan(rows) & ~np.signbit(rows)).any()
    want = leaf_answers(estimator, rows)
    c = artifact.compile()
    if "predict_proba" in want:
        np.testing.assert_array_equal(c.predict(rows), want["predict"].ravel())
        np.testing.assert_allclose(c.predict_proba(rows), want["predict_proba"], atol=1e-6)
    else:
        span = np.ptp(want["predict"])
        np.testing.assert_allclose(c.raw("predict", rows), want["predict"], atol=1e-6 * span)


SPECIAL = [np.inf, -np.inf, 0.0, -0.0, 1e-45, -1e-45, 1.2e-38, -1.2e-38, 3.4e38, -3.4e38, 1e39]


@every_form
@pytest.mark.parametrize("core", ["cortex-m0plus", "cortex-m4f"])
def test_special_thresholds_are_the_estimators(core: str, form: TreeForm, warm_cores: None) -> None:
    rng = np.random.default_rng(4)
    X = rng.choice([*SPECIAL[:-1], 1.0, -1.0, np.nan], (600, 3))
    shape = rng.normal(size=(600, 3))
    estimator = ensemble.ExtraTreesRegressor(5, max_depth=6, random_state=0)
    estimator.fit(shape, rng.normal(size=600))
    for one in estimator.estimators_:
        inner = np.flatnonzero(one.tree_.feature >= 0)
        one.tree_.threshold[inner] = rng.choice(SPECIAL, inner.size)
        one.tree_.missing_go_to_left[inner] = rng.integers(2, size=inner.size)
    artifact = in_form(estimator, form)
    rows = X.astype(np.float32)
    run = measure(artifact.program, artifact.sources, find_target(core), rows)
    want = leaf_answers(estimator, X)["predict"]
    np.testing.assert_allclose(run.answers["predict"], want, atol=1e-6)
    assert np.unique(want).size > 9


@every_model
def test_all_forms_give_the_same_bits(name: str) -> None:
    estimator, X = fitted(name)
    plain = in_form(estimator, "stream")
    rows = hard_rows(plain, X)
    want = answers(plain, rows)
    for form in FORMS[1:]:
        for method, got in answers(in_form(estimator, form), rows).items():
            np.testing.assert_array_equal(got, want[method], err_msg=f"{form} {method}")


@every_form
@pytest.mark.parametrize("core", ["cortex-m0plus", "cortex-m4f", "riscv32imc"])
@pytest.mark.parametrize("name", ["two_settled", "ten_counts", "ten_weights", "boosted_two"])
def test_cores_give_the_bits_of_the_host(
    name: str, core: str, form: TreeForm, warm_cores: None
) -> None:
    estimator, X = fitted(name)
    artifact = in_form(estimator, form)
    rows = hard_rows(artifact, X)[ROWS // 2 - 12 : ROWS // 2 + 12].astype(np.float32)
    costs = measure(artifact.program, artifact.sources, find_target(core), rows)
    assert costs.sizes.ram == 0
    for method, cost in costs.methods.items():
        np.testing.assert_array_equal(costs.answers[method], artifact.compile().raw(method, rows))
        assert cost.stack_bound is not None
        assert cost.stack_bound <= 512


@every_form
def test_forests_settle_what_is_close(form: TreeForm) -> None:
    """Constructed ties: what whole numbers cannot tell is told by binary64, in the trees' order."""
    estimator, _ = fitted("two_settled")
    artifact = in_form(estimator, form)
    forest = forest_of(artifact)
    assert not needs_no_settling(forest, leaves_of(forest))
    assert "settle" in artifact.files["form.c"]


def test_a_proved_forest_has_no_code_to_settle() -> None:
    artifact = in_form(fitted("two_proved")[0], "stream")
    assert "settle" not in artifact.files["form.c"]
    assert needs_no_settling(forest_of(artifact), leaves_of(forest_of(artifact)))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ten_counts", "counts"),
        ("ten_pure", "label"),
        ("ten_weights", "rows"),
        ("two_settled", "counts"),
        ("boosted_two", "values"),
    ],
)
def test_leaves_take_the_form_that_is_shortest(name: str, kind: str) -> None:
    assert leaves_of(forest_of(in_form(fitted(name)[0], "stream"))).kind == kind


# ---- the choice


def test_each_aim_takes_what_it_asks_for(warm_cores: None) -> None:
    estimator, _ = fitted("ten_counts")
    taken = {}
    for aim in AIMS:
        artifact = export(estimator, "cortex-m4f", optimize=aim)
        options = json.loads(artifact.files["model.json"])["options"]
        chosen = [c for c in artifact.candidates if c.chosen]
        assert len(chosen) == 1
        assert (options["optimize"], options["tree_form"]) == (aim, chosen[0].form)
        taken[aim] = chosen[0].figures[0]
    least_flash = min(c.figures[0].flash for c in artifact.candidates)
    fewest = min(c.figures[0].instructions for c in artifact.candidates)
    assert taken["size"].flash == least_flash
    assert taken["speed"].instructions == fewest


def test_the_choice_is_that_of_the_model_not_of_the_data(warm_cores: None) -> None:
    estimator, X = fitted("two_proved")
    first = export(estimator, "cortex-m0plus", data=X[:5])
    again = export(estimator, "cortex-m0plus", data=X[50:90])
    assert first.files == again.files


def test_what_was_measured_is_what_the_export_costs(warm_cores: None) -> None:
    estimator, _ = fitted("two_proved")
    artifact = export(estimator, "cortex-m0plus", optimize="size")
    told = next(c for c in artifact.candidates if c.chosen).figures[0]
    core = find_target("cortex-m0plus")
    objects = compile_objects(artifact.sources, core)
    image = link(objects, core, ["model_predict"])
    assert told.flash == sizes(image).flash
    function = next(f for f in artifact.program.functions if f.method == "predict")
    rows = edge_rows(artifact.lowered, None, 24).astype(np.float32)
    machine = Machine(image, core)
    runs = [call(machine, function, row) for row in rows]
    assert told.instructions == np.median([run.instructions for run in runs])
    np.testing.assert_array_equal(gathered(function, runs), artifact.compile().raw("predict", rows))


def test_branches_of_many_nodes_are_estimated_unless_speed_is_the_aim(
    monkeypatch: pytest.MonkeyPatch, warm_cores: None
) -> None:
    monkeypatch.setattr("codegen.candidates.MOST_COMPILED", 50)
    lowered = in_form(fitted("ten_counts")[0], "stream").lowered
    facts = facts_of(lowered, "", "float32")
    cores = measured_cores("cortex-m0plus")
    rows = edge_rows(lowered, None, 3)
    for aim in AIMS:
        contest = Contest(lowered, "many", "float32", aim, cores)
        found = figures(contest, facts, ("branches", cores[0]), rows)
        assert found.estimated == (aim != "speed")
        assert not figures(contest, facts, ("stream", cores[0]), rows).estimated
        if aim != "speed":
            chosen = next(c for c in compete(contest, facts) if c.chosen)
            assert chosen.form == "stream"  # what was not measured is not chosen


def test_a_small_tree_is_branches_for_every_aim() -> None:
    estimator = tree.DecisionTreeClassifier(max_depth=3, random_state=0)
    X, y = CANCER(return_X_y=True)
    lowered = prepare(import_model(load(estimator.fit(X, y))), "float32")
    for aim in AIMS:
        contest = Contest(lowered, "small", "float32", aim, measured_cores("cortex-m"))
        assert [c.form for c in compete(contest, {})] == ["branches"]


@pytest.mark.parametrize("core", ["cortex-m55", "avr"])
def test_what_is_estimated_counts_the_keys_of_features(core: str) -> None:
    X, y = SUGAR(return_X_y=True)
    estimator = tree.DecisionTreeRegressor(max_depth=6, random_state=0).fit(X, y)
    lowered = prepare(import_model(load(estimator)), "float32")
    for aim in ("speed", "balanced"):
        found = compete(Contest(lowered, "one", "float32", aim, (find_target(core),)), {})
        assert next(c.form for c in found if c.chosen) in ("branches", "float_branches")
