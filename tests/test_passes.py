"""Each pass keeps what it declares, on random models: every bit, the index, or a bound."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from codegen import ir
from codegen.bounds import bounds
from codegen.errors import InvalidModel
from codegen.evaluate import evaluate
from codegen.importers.attributes import complement
from codegen.ir import Floats, Node
from codegen.meanings.trees import leaf_rows
from codegen.passes import prepare
from codegen.passes.columns import drop_unused, select_early, tree_columns
from codegen.passes.decisions import INCREASING, collapse_linear_kernel, decide_early
from codegen.passes.fold_scale import fold_scale, merge_affine
from codegen.passes.fold_thresholds import fold_thresholds
from codegen.passes.lower import lower
from codegen.passes.recentre import recentre
from codegen.passes.trees import merge_leaves
from codegen.plan.program import Dtype
from codegen.plan.trees import over_keys

N_IN = 4
SEEDS = range(60)
Rule = Callable[[Node], Node]

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

seeded = pytest.mark.parametrize("seed", SEEDS)


def numbers(rng: np.random.Generator, *shape: int, decades: float = 2) -> Floats:
    """Numbers of both signs and many sizes."""
    return rng.normal(size=shape) * 10.0 ** rng.uniform(-decades, decades, shape)


def scaler(rng: np.random.Generator, x: Node, *, rising: bool) -> Node:
    """A scaler with some of its four steps; rising: all factors are positive."""
    factor = np.abs(numbers(rng, x.size)) + 1e-3
    factor = factor if rising else factor * rng.choice([-1, 1], x.size)
    shift = numbers(rng, x.size)
    match rng.integers(4):
        case 0:
            return ir.Scale(x, subtract=shift, divide=factor)
        case 1:
            return ir.Scale(x, multiply=factor, add=shift)
        case 2:
            return ir.Scale(x, divide=factor)
        case _:
            return ir.Scale(x, shift, factor, np.abs(factor) + 1, shift / 2)


def step(rng: np.random.Generator, x: Node, *, rising: bool) -> Node:
    """One per-feature step."""
    match rng.integers(6):
        case 0 | 1:
            return scaler(rng, x, rising=rising)
        case 2:
            low, high = np.sort(rng.normal(size=2) * 3)
            return ir.Clip(x, float(low), float(high))
        case 3:
            return ir.Impute(x, np.nan, np.nan, numbers(rng, x.size))
        case 4:
            missing = 0.0 if rng.random() < 0.5 else 1.5
            return ir.Impute(x, missing, missing, numbers(rng, x.size))
        case _:
            return ir.Gather(x, rng.integers(0, x.size, rng.integers(1, 6)))


def chain(rng: np.random.Generator, *, rising: bool) -> Node:
    """A few per-feature steps behind the input."""
    x: Node = ir.Input(N_IN)
    for _ in range(rng.integers(1, 4)):
        x = step(rng, x, rising=rising)
    return x


def grown(rng: np.random.Generator, at: int, depth: int, n_leaves: int) -> list[tuple[int, int]]:
    """The links of a random tree in pre-order, its root at row `at`."""
    left = at + 1
    inner = depth > 0 and rng.random() < 0.8
    first = grown(rng, left, depth - 1, n_leaves) if inner else []
    right = left + len(first)
    again = depth > 0 and rng.random() < 0.8
    second = grown(rng, right, depth - 1, n_leaves) if again else []
    leaf = [~int(row) for row in rng.integers(0, n_leaves, 2)]
    return [(left if first else leaf[0], right if second else leaf[1]), *first, *second]


def trees(rng: np.random.Generator, x: Node, likely: Floats) -> ir.TreeEnsemble:
    """A random ensemble over x; likely (n_rows, n): values that thresholds are taken from."""
    links: list[tuple[int, int]] = []
    roots = []
    for _ in range(rng.integers(1, 6)):
        roots.append(len(links))
        links += grown(rng, len(links), 3, 5)
    left, right = np.array(links, np.int64).T.copy()
    feature = rng.integers(0, x.size, len(links))
    picked = likely[rng.integers(len(likely), size=len(links)), feature]
    threshold = np.where(np.isfinite(picked), picked, 0.5) * rng.choice([1, 1 + 1e-9], len(links))
    values = rng.integers(0, 3, (5, 2)) / 3
    missing = rng.random(len(links)) < 0.5
    return ir.TreeEnsemble(
        x, feature, threshold, left, right, missing, np.array(roots), values, float(len(roots))
    )


def adversarial(rng: np.random.Generator, cuts: Iterator[tuple[int, float]]) -> Floats:
    """float32 rows on the cuts of a column and one float beside them; NaN, infinities, zeros."""
    rows = numbers(rng, 400, N_IN).astype(np.float32)
    for at, (column, cut) in enumerate(cuts):
        near = np.float32(cut)
        beside = [np.nextafter(near, np.float32(side)) for side in (-np.inf, np.inf)]
        for i, value in enumerate((near, *beside)):
            rows[(3 * at + i) % 400, column] = value
    special = rng.choice([np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-45, 3e38], rows.shape)
    return np.where(rng.random(rows.shape) < 0.08, special, rows).astype(np.float64)


def cuts_of(node: Node) -> Iterator[tuple[int, float]]:
    """The cuts of an ensemble that reads the input itself."""
    if isinstance(node, ir.TreeEnsemble):
        source = node.x.x if isinstance(node.x, ir.Round32) else node.x
        if isinstance(source, ir.Input):
            yield from zip(node.feature.tolist(), node.threshold.tolist(), strict=True)


def answer(node: Node, rows: Floats) -> Floats:
    """What a node means."""
    return evaluate({"y": node}, rows)["y"]


def ruled(rule: Rule, node: Node) -> Node:
    """The node with a rule applied everywhere."""
    return ir.rewrite({"y": node}, rule)["y"]


def same_bits(before: Node, after: Node, rows: Floats) -> None:
    """Equal values, signs of zero left aside."""
    np.testing.assert_array_equal(answer(before, rows), answer(after, rows))


def tree_over(rng: np.random.Generator, x: Node) -> ir.TreeEnsemble:
    """An ensemble whose thresholds lie amid the values of x."""
    some = numbers(rng, 50, N_IN).astype(np.float32).astype(np.float64)
    return trees(rng, ir.Round32(x), answer(ir.Round32(x), some))


@seeded
def test_fold_thresholds_keeps_every_leaf(seed: int) -> None:
    rng = np.random.default_rng(seed)
    before = tree_over(rng, chain(rng, rising=seed % 4 != 0))
    after = ruled(fold_thresholds, before)
    rows = adversarial(rng, cuts_of(after))
    same_bits(before, after, rows)
    lowered = ruled(lower, ruled(merge_leaves, ruled(tree_columns, after)))
    if all(isinstance(n, ir.TreeEnsemble | ir.Round32 | ir.Input) for n in ir.walk([lowered])):
        same_bits(before, lowered, rows)


def test_fold_thresholds_folds_most_rising_chains() -> None:
    folded = 0
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        node = ruled(fold_thresholds, tree_over(rng, chain(rng, rising=True)))
        assert isinstance(node, ir.TreeEnsemble)
        folded += isinstance(node.x, ir.Round32) and isinstance(node.x.x, ir.Input)
    assert folded > len(SEEDS) / 3


@seeded
def test_lower_rounds_thresholds_down(seed: int) -> None:
    rng = np.random.default_rng(seed)
    before = trees(rng, ir.Round32(ir.Input(N_IN)), numbers(rng, 99, N_IN))
    after = lower(before)
    assert isinstance(after, ir.TreeEnsemble)
    assert (after.threshold == after.threshold.astype(np.float32)).all()
    rows = adversarial(rng, cuts_of(before))
    assert (leaf_rows(before, rows) == leaf_rows(after, rows)).all()


@seeded
def test_keys_keep_every_leaf(seed: int) -> None:
    rng = np.random.default_rng(seed)
    before = lower(trees(rng, ir.Input(N_IN), numbers(rng, 99, N_IN)))
    assert isinstance(before, ir.TreeEnsemble)
    after = over_keys(before)
    assert isinstance(after, ir.TreeEnsemble)
    assert isinstance(after.x, ir.Keys)
    rows = adversarial(rng, cuts_of(before))
    assert np.isnan(rows).any()
    np.testing.assert_array_equal(leaf_rows(before, rows), leaf_rows(after, answer(after.x, rows)))


@seeded
def test_merge_leaves_keeps_every_bit_and_no_idle_split(seed: int) -> None:
    rng = np.random.default_rng(seed)
    before = trees(rng, ir.Round32(ir.Input(N_IN)), numbers(rng, 99, N_IN))
    after = merge_leaves(before)
    assert isinstance(after, ir.TreeEnsemble)
    same_bits(before, after, adversarial(rng, cuts_of(before)))
    assert (after.left != after.right).all()
    assert len(np.unique(after.values, axis=0)) == len(after.values)


@seeded
@pytest.mark.parametrize("rule", [select_early, tree_columns], ids=["select", "columns"])
def test_selection_keeps_every_bit(seed: int, rule: Rule) -> None:
    rng = np.random.default_rng(seed)
    x = chain(rng, rising=False)
    parts = ir.Concat((x, ir.Elementwise(ir.Input(N_IN), "is_nan"), ir.Input(N_IN)))
    chosen = ir.Gather(parts, rng.integers(0, parts.size, 3))
    before = tree_over(rng, chosen) if seed % 2 else chosen
    same_bits(before, ruled(rule, before), adversarial(rng, iter(())))


def finite_rows(rng: np.random.Generator) -> Floats:
    """Rows of ordinary numbers, rounded to float32."""
    return numbers(rng, 200, N_IN, decades=1).astype(np.float32).astype(np.float64)


def nearly(before: Node, after: Node, rows: Floats, parts: Floats | float = 0.0) -> None:
    """Equal but for rounding in binary64, of the answers and of what they are summed from."""
    a, b = answer(before, rows), answer(after, rows)
    assert (np.abs(a - b) <= 1e-12 * (np.abs(a) + parts)).all()


def affine(rng: np.random.Generator, x: Node, n_out: int = 3) -> ir.Affine:
    """A random linear map, some of its columns idle."""
    weight = numbers(rng, n_out, x.size) * (rng.random(x.size) < 0.7)
    return ir.Affine(x, weight, numbers(rng, n_out))


def summed(rows: Floats) -> float:
    """A size that bounds what the random linear maps of these tests add up."""
    return 1e9 * float(np.abs(rows).max())


@seeded
@pytest.mark.parametrize("rule", [fold_scale, merge_affine, drop_unused, collapse_linear_kernel])
def test_linear_rewrites_differ_by_rounding_alone(seed: int, rule: Rule) -> None:
    rng = np.random.default_rng(seed)
    rows = finite_rows(rng)
    x = scaler(rng, ir.Input(N_IN), rising=False)
    wide = ir.Gather(x, rng.integers(0, N_IN, 40))
    vectors = numbers(rng, 5, N_IN)
    linear = ir.Kernel(x, vectors, "linear", 1.0, 0.0, 0)
    counts = np.array([2, 1, 2])
    pairs = ir.PairwiseAffine(linear, numbers(rng, 2, 5), counts, numbers(rng, 3))
    for before in (affine(rng, x), affine(rng, affine(rng, x, 6), 2), affine(rng, wide)):
        nearly(before, ruled(rule, before), rows, summed(rows))
    for before in (affine(rng, linear), pairs, ir.Distance(ir.Scale(x, add=vectors[0]), vectors)):
        nearly(before, ruled(rule, before), rows, summed(rows))
    weighted = ir.Distance(x, vectors, weight=np.exp2(numbers(rng, 5, N_IN).clip(-3, 3)))
    nearly(weighted, ruled(rule, weighted), rows, answer(weighted, rows))


@seeded
def test_decisions_keep_their_index(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score = affine(rng, ir.Input(N_IN), 4)
    for before in (
        ir.ArgMax(ir.Softmax(ir.Scale(score, divide=np.full(4, 1e4)))),
        ir.ArgMax(ir.Elementwise(ir.Scale(score, divide=np.full(4, 1e4)), "tanh")),
        ir.Neighbors(ir.Elementwise(ir.Distance(ir.Input(N_IN), numbers(rng, 6, N_IN)), "sqrt"), 1),
    ):
        after = ruled(decide_early, before)
        assert len(list(ir.walk([after]))) < len(list(ir.walk([before])))
        same_bits(before, after, finite_rows(rng))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_two_probabilities_stay_as_they_are(dtype: Dtype) -> None:
    x = ir.Input(1)
    two = complement(ir.Scale(x, divide=np.array([3.0])))
    for root in (
        ir.ArgMax(two),
        ir.Gather(two, np.array([1])),
        ir.Affine(two, np.array([[2.0, 3.0]]), np.ones(1)),
    ):
        method = "predict" if root.is_index else "transform"
        before = ir.Model("two", x, ir.Outputs("transformer", {method: root}))
        kept = [
            node
            for node in ir.walk(prepare(before, dtype).methods.values())
            if isinstance(node, ir.Affine) and node.is_complement
        ]
        assert [(type(node.x), node.compared) for node in kept] == [(ir.Scale, False)]


@seeded
def test_equal_sigmoids_stay_equal(seed: int) -> None:
    """Scores in steps of 2.5 from -1000 to 1000: those beyond 37 or below -710 have one sigmoid."""
    rng = np.random.default_rng(seed)
    rows = 2.5 * rng.integers(-400, 401, (300, N_IN)) / rng.choice([1, 5, 50], (300, 1))
    rows[:100] -= 2.5 * np.ceil(rows[:100].max(axis=1, keepdims=True) / 2.5) + 600
    before = ir.ArgMax(ir.Elementwise(ir.Input(N_IN), "logistic"))
    after = ruled(decide_early, before)
    assert isinstance(after, ir.ArgMax)
    assert isinstance(after.x, ir.Clip)
    same_bits(before, after, rows)
    assert (answer(before, rows)[:, 0] != rows.argmax(axis=1)).any()


@pytest.mark.parametrize("function", sorted(set(ir.FUNCTIONS) - {*INCREASING, "logistic"}))
def test_functions_that_do_not_always_rise_stay_before_a_decision(function: str) -> None:
    values = ir.Elementwise(ir.Input(N_IN), function)
    for decision in (ir.ArgMax(values), ir.Neighbors(values, 1)):
        assert ruled(decide_early, decision) is decision


@pytest.mark.parametrize(
    "options", [{"power": 1.0}, {"streamed": True}, {"weight": np.ones(2)}, {"weight": np.eye(2)}]
)
def test_weights_that_a_distance_cannot_have_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidModel, match="weight"):
        ir.Distance(ir.Input(2), np.ones((2, 2)), **{"weight": np.ones((2, 2))} | options)


def test_neighbours_by_weighted_distances_are_refused() -> None:
    weighted = ir.Distance(ir.Input(2), np.ones((2, 2)), weight=np.ones((2, 2)))
    with pytest.raises(InvalidModel, match="neighbours"):
        ir.RadiusMean(weighted, np.ones((2, 1)), 1.0)


def test_a_linear_model_of_other_sizes_is_refused_as_one() -> None:
    with pytest.raises(InvalidModel, match="weights"):
        ir.Affine(ir.Input(2), np.ones((3, 2)), np.zeros(2))


def test_a_range_becomes_nan_alone() -> None:
    x = ir.Input(2)
    with pytest.raises(InvalidModel, match="in the place of a range"):
        ir.Impute(x, 1.0, 2.0, np.ones(2))
    with pytest.raises(InvalidModel, match="imputer"):
        ir.Impute(x, 1.0, 1.0, np.array([0.5, np.nan]))
    with pytest.raises(InvalidModel, match="empty"):
        ir.Impute(x, 2.0, 1.0, np.full(2, np.nan))
    with pytest.raises(InvalidModel, match="imputer"):
        ir.Impute(x, np.nan, np.nan, np.full(2, np.nan))


def test_lower_keeps_the_float32_numbers_of_a_range() -> None:
    third = float(np.float32(1 / 3))  # above 1 / 3
    below = float(np.nextafter(np.float32(third), np.float32(0)))
    for low, high, want in (
        (1 / 3, 1.0, (third, 1.0)),
        (-1.0, 1 / 3, (-1.0, below)),
        (-1.0, -5e-324, (-1.0, -(2.0**-149))),
        (0.0, 0.0, (0.0, 0.0)),
        (1 / 3, 1 / 3, (third, third)),
    ):
        lowered = lower(ir.Impute(ir.Input(1), low, high, np.array([np.nan])))
        assert isinstance(lowered, ir.Impute)
        assert (lowered.low, lowered.high) == want


def test_what_may_be_missing_or_not_has_no_bound() -> None:
    third = ir.Scale(ir.Input(1), divide=np.array([3.0]))
    rows = np.array([[1.0], [2.0], [4.0], [6.0], [9.0]])
    for low, high, fill in ((1 / 3, 2.0, np.nan), (2 / 3, 2 / 3, 5.0)):
        holed = ir.Impute(third, low, high, np.array([fill]))
        found = bounds({"y": holed}, rows, "float32")["y"].bound.ravel()
        assert np.isinf(found).tolist() == [low < high, low == high, False, low < high, False]


def smooth(rng: np.random.Generator, *, far: float) -> Node:
    """A model without steps, over columns whose mean is `far` times their deviation."""
    deviation = 10.0 ** rng.uniform(-1, 1, N_IN)
    x = ir.Scale(ir.Input(N_IN), subtract=far * deviation, divide=deviation)
    vectors = rng.normal(size=(6, N_IN))
    match rng.integers(6):
        case 0:
            return affine(rng, x)
        case 1:
            return ir.Softmax(ir.Affine(x, rng.normal(size=(3, N_IN)), rng.normal(size=3)))
        case 2:
            return ir.Affine(ir.Kernel(x, vectors, "rbf", 0.2, 0.0, 0), vectors.T, np.ones(N_IN))
        case 3:
            return ir.Elementwise(ir.Distance(x, vectors), "sqrt")
        case 4:
            squares = ir.Distance(x, vectors, weight=np.exp(rng.normal(size=vectors.shape)))
            return ir.Softmax(ir.Scale(squares, multiply=np.full(6, -0.5), add=rng.normal(size=6)))
        case _:
            return ir.Affine(affine(rng, x, 3), rng.normal(size=(2, 3)), rng.normal(size=2))


@seeded
@pytest.mark.parametrize("far", [0.0, 30.0, 1000.0])
def test_all_passes_together_stay_within_the_stated_bound(seed: int, far: float) -> None:
    rng = np.random.default_rng(seed)
    root = smooth(rng, far=far)
    scale = next(n for n in ir.walk([root]) if isinstance(n, ir.Scale))
    assert scale.subtract is not None
    assert scale.divide is not None
    rows = scale.subtract + scale.divide * rng.normal(size=(100, N_IN))
    rows = rows.astype(np.float32).astype(np.float64)
    before = ir.Model("random", ir.Input(N_IN), ir.Outputs("transformer", {"transform": root}))
    after = prepare(before, "float32")
    want = answer(root, rows)
    known = bounds(after.methods, rows, "float32")["transform"]
    assert (np.abs(known.value - want) <= known.bound).all()
    span = np.abs(want).max() + 1
    assert known.bound.max() <= 1e-3 * span, "so wide a bound says nothing"


@seeded
def test_recentre_differs_by_less_than_a_float(seed: int) -> None:
    rng = np.random.default_rng(seed)
    root = smooth(rng, far=1000.0)
    scale = next(n for n in ir.walk([root]) if isinstance(n, ir.Scale))
    assert scale.subtract is not None
    assert scale.divide is not None
    rows = scale.subtract + scale.divide * rng.normal(size=(100, N_IN))
    a, b = answer(root, rows), answer(ruled(recentre, root), rows)
    assert (np.abs(a - b) <= 1e-6 * (np.abs(a).max() + 1)).all()
