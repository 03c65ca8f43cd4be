"""Expressions that no importer makes yet, so that every template and kernel is run by a test."""

from collections.abc import Callable
from functools import cache, partial

import numpy as np

from codegen import ir
from codegen.emit import emit
from codegen.export import Artifact
from codegen.importers.attributes import complement
from codegen.passes import prepare
from codegen.plan import plan
from codegen.plan.program import Dtype
from codegen.targets import find_target

N_IN = 5
RNG = np.random.default_rng(11)
ROWS = RNG.normal(size=(300, N_IN)).astype(np.float32).astype(np.float64)
KNOTS = np.array([-1.5, -1.0, -0.25, 0.0, 0.75, 2.0])
VECTORS = RNG.normal(size=(6, N_IN))
BYTES = RNG.integers(0, 17, size=(6, N_IN)).astype(np.float64)


def nonnegative(x: ir.Node) -> ir.Node:
    """Squared distances: numbers that have roots and logarithms."""
    return ir.Distance(x, VECTORS)


SETS = np.random.default_rng(5).random((7, 20)) < 0.5


def categories(x: ir.Node, number: int = 3, **options: bool) -> ir.Node:
    """Two trees that ask for categories, and at one node for a number."""
    return ir.TreeEnsemble(
        x,
        feature=np.arange(8) % N_IN,
        threshold=np.full(8, 0.5),
        left=np.array([1, 2, ~0, ~2, 5, 6, ~5, ~6]),
        right=np.array([3, ~4, ~1, ~3, 7, ~4, ~1, ~2]),
        missing_left=np.arange(8) % 3 == 0,
        roots=np.array([0, 4]),
        values=np.exp2(np.arange(7.0))[:, None],
        divisor=1.0,
        sets=SETS,
        set_of=np.where(np.arange(8) == number, -1, np.arange(8) % 7),
        **options,
    )


EXPRESSIONS: dict[str, Callable[[ir.Node], ir.Node]] = {
    "exp": lambda x: ir.Elementwise(x, "exp"),
    "log": lambda x: ir.Elementwise(nonnegative(x), "log"),
    "tanh": lambda x: ir.Elementwise(x, "tanh"),
    "hole": lambda x: ir.Impute(
        ir.Impute(x, -0.25, 0.25, np.full(N_IN, np.nan)), np.nan, np.nan, np.arange(1.0, N_IN + 1)
    ),
    "least": lambda x: ir.Neighbors(ir.Affine(x, VECTORS, np.zeros(6)), 1),
    "least_of_four": lambda x: ir.Neighbors(ir.Affine(x, VECTORS, np.zeros(6)), 4),
    "one_hot": lambda x: ir.OneHot(
        ir.Concat((ir.ArgMax(x), ir.Lookup(ir.Neighbors(x, 1), np.arange(N_IN) - 1))),
        np.array([4, 5]),
    ),
    "lookup": lambda x: ir.Lookup(
        ir.Neighbors(ir.Distance(x, VECTORS, streamed=True), 3), np.arange(6)
    ),
    "lookup_by": lambda x: ir.Lookup(ir.ArgMax(x), by=ir.Affine(x, VECTORS, np.zeros(6))),
    "log_sum": ir.LogSumExp,
    "manhattan": lambda x: ir.Distance(x, VECTORS, 1.0),
    "chebyshev": lambda x: ir.Distance(x, VECTORS, np.inf),
    "round32": lambda x: ir.Round32(ir.Scale(x, divide=np.full(N_IN, 3.0))),
    "softmax_of_far": lambda x: ir.Softmax(ir.Affine(x, 12 * VECTORS, np.zeros(6))),
    "complement": lambda x: complement(ir.Gather(x, np.array([2]))),
    "rbf_of_bytes": lambda x: ir.Kernel(x, BYTES, "rbf", 0.01, 0.0, 0),
    "rbf": lambda x: ir.Kernel(x, VECTORS, "rbf", 0.3, 0.0, 0),
    "poly": lambda x: ir.Kernel(x, VECTORS, "poly", 0.3, 0.5, 3),
    "softsign": lambda x: ir.Elementwise(x, "softsign"),
    "shares": lambda x: ir.Normalize(ir.Elementwise(x, "relu"), "sum"),
    "curve": lambda x: ir.Interpolate(x, KNOTS, VECTORS[:, 0]),
    "curve_within": lambda x: ir.Interpolate(x, KNOTS, VECTORS[:, 0], nan_outside=True),
    "median": lambda x: ir.WeightedMedian(x, np.array([1.0, 0.5, 2.0, 0.0, 0.5])),
    "sets": categories,
    "sets_whole": partial(categories, number=0, whole=True),
    "sets_truncated": partial(categories, truncates=True),
    "sigmoid": lambda x: ir.Kernel(x, VECTORS, "sigmoid", 0.3, -0.5, 0),
}


@cache
def built(name: str, dtype: Dtype) -> Artifact:
    """The C of an expression."""
    x = ir.Input(N_IN)
    root = EXPRESSIONS[name](x)
    method = "predict" if root.is_index else "transform"
    kind = "clusterer" if root.is_index else "transformer"
    model = ir.Model("an expression", x, ir.Outputs(kind, {method: root}))
    lowered = prepare(model, dtype)
    program = plan(lowered, name=name, dtype=dtype)
    facts = dict.fromkeys(("estimator", "answers", "sha256", "tool", "promise"), "a test")
    files = emit(program, layout="split", facts=facts)
    return Artifact(program, files, find_target("host"), model, lowered, "")
