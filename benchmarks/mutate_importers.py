"""Breaks each importer on purpose and shows that a test notices.

Every mutation is one change of text in a temporary copy of the package; the tests of its family
run against the copy. Exit code 1 when a mutation survives, or when the unchanged copy fails.

    python benchmarks/mutate_importers.py [PART OF A FILE'S NAME]
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

# The large libraries are loaded once, before the forks and after the number of threads is set.
import elftools.elf.elffile  # noqa: E402, F401
import hypothesis  # noqa: E402, F401
import jinja2  # noqa: E402, F401
import lightgbm  # noqa: E402, F401
import pandas as pd  # noqa: E402, F401
import pytest  # noqa: E402
import scipy.stats  # noqa: E402, F401
import sklearn.ensemble  # noqa: E402, F401
import unicorn  # noqa: E402, F401
import xgboost  # noqa: E402, F401

PROJECT = Path(__file__).resolve().parent.parent
IMPORTERS = Path("codegen") / "importers"
TESTS = (
    "tests/test_importers.py",
    "tests/test_importers_meta.py",
    "tests/test_boosters.py",
    "tests/test_booster_files.py",
    "tests/test_encoders.py",
    "tests/test_linear_family.py",
    "tests/test_tree_family.py",
    "tests/test_preprocessing.py",
    "tests/test_random_features.py",
    "tests/test_codes.py",
    "tests/test_trainers.py",
    "tests/test_named_arrays.py",
    "tests/test_text.py",
)
READ_BY_TESTS = (
    "tests/data/versions",
    "tests/datasets.py",
    "tests/random_boosters.py",
    "tests/reference.py",
    "tests/texts.py",
)
PLUGINS_LEFT_OUT = ("cacheprovider", "hypothesispytest")
COPIED = ("codegen", "templates", "runtime_c", *TESTS, *READ_BY_TESTS, "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change: the file below codegen/importers, what stands there, what takes its place."""

    file: str
    old: str
    new: str
    family: str


MUTATIONS = [
    Mutation(file, old, new, family)
    for file, family, changes in [
        (
            "linear.py",
            "linear",
            [
                (
                    "return regressor(affine(est, x))",
                    "return regressor(affine(est, affine(est, x)))",
                ),
                (
                    "weight = np.atleast_2d(floats(est.coef_))",
                    "weight = -np.atleast_2d(floats(est.coef_))",
                ),
                ("bias = np.atleast_1d(floats(", "bias = np.atleast_1d(0 * floats("),
                (
                    "proba: Node = complement(Elementwise(logit,",
                    "proba: Node = complement(Elementwise(Scale(logit, add=np.ones(1)),",
                ),
                ('== "multinomial"', '!= "multinomial"'),
                ("multiply=np.array([2.0])", "multiply=np.array([0.5])"),
                ('== "ovr" or', '!= "ovr" or'),
                ("proba = Softmax(score)", "proba = shares(score)"),
                (
                    "return classifier(est.classes_, score=affine(est, x))",
                    "return classifier(est.classes_[::-1], score=affine(est, x))",
                ),
                ("Clip(score, -1.0, 1.0)", "Clip(score, 0.0, 1.0)"),
                ("subtract=-ones", "subtract=ones"),
                ("divide=2 * ones", "divide=ones"),
                ("complement(rate) if rate.size == 1", "complement(rate) if rate.size == 2"),
                (
                    'Elementwise(score, "logistic")\n        case',
                    'Elementwise(score, "tanh")\n        case',
                ),
            ],
        ),
        (
            "linear.py",
            "linear or relevance",
            [
                ('Elementwise(score, "exp") if has_log_link(est)', "score if has_log_link(est)"),
                ("bool(est.power > 0)", "bool(est.power >= 0)"),
                ('else link == "log"', 'else link != "log"'),
                ("< est.threshold_lambda", "< 1e4"),
                ("if kept.size == 0", "if kept.size < 0"),
                ("Gather(x, kept)", "Gather(x, kept[::-1])"),
                ("subtract=offset)", "subtract=-offset)"),
                ("noise = 1 / float(est.alpha_)", "noise = float(est.alpha_)"),
                ('add=np.array([noise])), "sqrt")', 'add=np.array([noise])), "relu")'),
                ("-offset)\n    return outlier", "offset)\n    return outlier"),
                ("Scale(score, add=offset)", "score"),
            ],
        ),
        (
            "discriminant.py",
            "gaussian",
            [
                (": int(est._max_components)]", ":]"),
                ('if est.solver == "svd" else', 'if est.solver != "svd" else'),
                ('if est.solver == "lsqr"', 'if est.solver == "none"'),
                ("else Softmax(score)", "else score"),
                ("np.log(priors) - np", "np.log(priors) + np"),
                ("(r / np.sqrt(s)).T", "(r * np.sqrt(s)).T"),
                ("Scale(x, subtract=mean)", "x"),
                ("[[0.5, -0.5]]", "[[-0.5, 0.5]]"),
                ("np.full(squares.size, -0.5)", "np.full(squares.size, -1.0)"),
                ("centred = Scale(x, subtract=floats(est._x_mean))", "centred = x"),
                ("floats(est.x_rotations_)", "-floats(est.x_rotations_)"),
                ("floats(est.x_weights_)", "-floats(est.x_weights_)"),
                ("divide=floats(est._x_std)", "multiply=floats(est._x_std)"),
            ],
        ),
        (
            "covariance.py",
            "gaussian_covariance",
            [
                ("add=-floats(est.offset_)", "add=floats(est.offset_)"),
                ("samples=Scale(square, multiply=negative)", "samples=square"),
                ('if est.get("precision_") is None', 'if "precision_" not in est'),
                ("subtract=floats(est.location_)", "add=floats(est.location_)"),
            ],
        ),
        (
            "factors.py",
            "factors or gaussian_covariance",
            [
                ("rest[place] / np.sqrt(rest[place, place])", "rest[place]"),
                ("rows.append(row * divisor)", "rows.append(row)"),
                ("<= tolerance", "<= -1"),
                ("<= 1e-6", "<= 1e6"),
                ("require(whole[pivot, i] != 0", "require(True"),
                ("whole[[i, pivot]] = whole[[pivot, i]]", "pass"),
            ],
        ),
        (
            "mixture.py",
            "mixture",
            [
                ("np.log(weights))", "0 * weights)"),
                ("(freedom - np.arange(d)[:, None]) / 2", "freedom + 0 * np.arange(d)[:, None]"),
                ("- d * np.log(freedom) / 2", ""),
                ("scale - d / floats(", "scale - floats("),
                ('!= "dirichlet_process"', '== "dirichlet_process"'),
                ("digamma(each) - digamma(each.sum())", "digamma(each)"),
                ("[[0.0], rest[:-1]]", "[rest]"),
                ("- d * np.log(2 * np.pi) / 2", ""),
                ("np.full(n, -0.5)", "np.full(n, -1.0)"),
                ("Softmax(density)", "density"),
                ("LogSumExp(density)", "LogSumExp(Softmax(density))"),
                ("*without_bias(p.T)", "*without_bias(p)"),
                ("*without_bias(factor.T)", "*without_bias(factor)"),
                ("factor * a[:, None]", "factor * a"),
                ("Scale(x, subtract=mean, multiply=p)", "Scale(x, subtract=mean, divide=p)"),
                ("multiply=factor**2", "multiply=factor"),
            ],
        ),
        (
            "kernels.py",
            "kernel",
            [
                ("DEFAULT_DEGREE = 3.0", "DEFAULT_DEGREE = 2.0"),
                ("DEFAULT_COEF0 = 1.0", "DEFAULT_COEF0 = 0.0"),
                (
                    "np.atleast_2d(floats(est.dual_coef_).T)",
                    "-np.atleast_2d(floats(est.dual_coef_).T)",
                ),
                ("weight = floats(est.normalization_)", "weight = -floats(est.normalization_)"),
                ('if est.kernel in ("linear", "cosine")', "if est.kernel in ()"),
                ("where=size != 0", "where=size == size"),
                ("weight * means", "-weight * means"),
                ("vectors / np.where(", "vectors + 0 * np.where("),
                ("if function not in KERNELS", "if function in ()"),
                ("if not degree.is_integer() or", "if"),
                ("1 / n_features", "1.0"),
            ],
        ),
        (
            "coding.py",
            "codes or refused",
            [
                ('est.get("alpha", 1.0)', "1.0"),
                ("-float(alpha)", "float(alpha)"),
                ("if est.positive_code:", "if not est.positive_code:"),
                ("Affine(x, -atoms, bias)", "Affine(x, atoms, bias)"),
                ("[np.eye(n), -np.eye(n)]", "[np.eye(n), np.eye(n)]"),
                ("x.size / 10", "x.size / 2"),
                ("product(weight, weight.T)", "np.eye(len(weight))"),
                ("np.full(code.size, -1.0)", "np.full(code.size, 1.0)"),
                ("Concat(parts) if est.split_sign", "Concat(parts) if not est.split_sign"),
                ("split(code) if est.split_sign", "code if est.split_sign"),
                ('case "omp":', 'case "omp" | "lars":'),
            ],
        ),
        (
            "named_arrays.py",
            "formulas",
            [
                ("[0.5, -0.5]", "[0.5, 0.5]"),
                ("floats(est.w0).reshape(1)", "np.zeros(1)"),
                ("Scale(x, multiply=lengths(factors))", "x"),
                ('complement(Elementwise(y, "logistic"))', "complement(y)"),
                ('est.get("bias", 0.0)', "0.0"),
            ],
        ),
        (
            "trained.py",
            "coordinates",
            [
                ("multiply=np.full(count, -gamma)", "multiply=np.full(count, gamma)"),
                ("position.T.copy()", "-position.T.copy()"),
                ("if count == len(rows)", "if count >= 2"),
                ("farther[:, 0] -= gamma", "farther[:, 0] += gamma"),
                ("gamma * np.eye(nearest.size)", "np.eye(nearest.size)"),
            ],
        ),
        (
            "nonnegative.py",
            "factors or topics",
            [
                ("est.doc_topic_prior_", "est.mean_change_tol"),
                ("est.max_doc_update_iter", "est.max_iter"),
                ("floats(est.exp_dirichlet_component_)", "floats(est.components_)"),
                ("np.full(len(atoms), -l1)", "np.full(len(atoms), l1)"),
                ("+ l2 * np.eye(len(atoms))", ""),
                ("n_features * float(est.alpha_W)", "float(est.alpha_W)"),
                ("return alpha * share, alpha * (1 - share)", "return alpha, alpha * (1 - share)"),
                ("if est.shuffle:", "if not est.shuffle:"),
                ('"descent", int(est.max_iter), float(est.tol)', '"descent", 200, float(est.tol)'),
                ("int(est.max_iter), float(est.tol)))", "int(est.max_iter), 1e-4))"),
                ('x, "divergence", est.max_iter', 'x, "change", est.max_iter'),
                ('x, "change", count', 'x, "change", est.max_iter'),
                ('and rule == "divergence"', ""),
                ('grows = loss == "kullback"', 'grows = loss == "itakura"'),
                ('1.0: "kullback"', '1.0: "frobenius"'),
                ("if loss not in LOSSES_OF", "if loss in ()"),
            ],
        ),
        (
            "random_features.py",
            "features or refuse or sketch",
            [
                ("floats(est.random_offset_)", "-floats(est.random_offset_)"),
                ("np.sqrt(2 / int(est.n_components))", "1 / int(est.n_components)"),
                ("float(est.skewedness)", "1.0"),
                ("3: 0.4", "3: 0.5"),
                ("2 * h / cosh", "h / cosh"),
                ("j * h * unit", "h * unit"),
                ("[0.0, -pi / 2]", "[0.0, pi / 2]"),
                ('np.ones(x.size)), "log"', 'np.zeros(x.size)), "log"'),
                ("np.sqrt(float(est.gamma))", "float(est.gamma)"),
                ("np.sqrt(constant)", "constant"),
                ("np.roll(values, place)", "np.roll(values, -place)"),
                ("> MOST_COEFFICIENTS:", "> 100 * MOST_COEFFICIENTS:"),
            ],
        ),
        ("linear.py", "refused", [('.startswith("multilabel")', '.startswith("never")')]),
        (
            "attributes.py",
            "linear or svm",
            [
                ("Threshold(score, 0.0, inclusive=False)", "Threshold(score, 0.0, inclusive=True)"),
                ("else ArgMax(score)", "else ArgMax(score.x)"),
                (
                    "np.repeat(np.arange(n_rows), counts), columns)",
                    "columns, np.repeat(np.arange(n_rows), counts))",
                ),
                (
                    "n_classes = 2 if isinstance(predict, Threshold)",
                    "n_classes = 3 if isinstance(predict, Threshold)",
                ),
                ("(1, *shape)[-2:]", "(*shape, 1)[:2]"),
                ('"decision_function": score}', '"decision_function": proba}'),
            ],
        ),
        (
            "svm.py",
            "svm or refused",
            [
                ("-floats(est._dual_coef_)", "floats(est._dual_coef_)"),
                ("-floats(est._intercept_))", "floats(est._intercept_))"),
                ("Threshold(score, 0.0, inclusive=True)", "Threshold(score, 0.0, inclusive=False)"),
                (
                    "ArgMax(scores if est.break_ties else",
                    "ArgMax(scores if not est.break_ties else",
                ),
                (
                    "score=pairs if one_for_each_pair else scores",
                    "score=scores if one_for_each_pair else pairs",
                ),
                ('== "ovo"', '!= "ovo"'),
                (
                    "if est.break_ties and one_for_each_pair",
                    "if est.break_ties and not one_for_each_pair",
                ),
                (
                    "regressor(weighted(est, x, floats(est._intercept_)))",
                    "regressor(weighted(est, x, -floats(est._intercept_)))",
                ),
                ("np.array([-1, 1])", "np.array([1, -1])"),
                ("Threshold(score, 0.0, inclusive=False)", "Threshold(score, 0.0, inclusive=True)"),
                (
                    "add=np.atleast_1d(floats(est.offset_))",
                    "add=-np.atleast_1d(floats(est.offset_))",
                ),
                ("if dual.size == 0", "if dual.size < 0"),
                ("np.zeros((1, x.size))", "np.ones((1, x.size))"),
                ("integers(est._n_support)", "integers(est._n_support)[::-1]"),
                (
                    "floats(est._intercept_))\n\n\ndef kernel",
                    "-floats(est._intercept_))\n\n\ndef kernel",
                ),
                ("float(est._gamma)", "float(est._gamma) / 2"),
                (
                    'float(est.coef0) if function in ("poly", "sigmoid")',
                    'float(est.coef0) if function in ("poly",)',
                ),
                ('int(degree) if function == "poly"', 'int(degree) + 1 if function == "poly"'),
                ("if function not in KERNELS", "if function in ()"),
                ("np.size(est._probA) > 0", "np.size(est._probA) > 1"),
                ("score, sign=1.0)", "score, sign=-1.0)"),
                ("pairs, sign=-1.0)", "pairs, sign=1.0)"),
                ("-floats(est._probB)", "floats(est._probB)"),
                ("LEAST_RATE = 1e-7", "LEAST_RATE = 1e-6"),
                ("Clip(rate, LEAST_RATE, 1 - LEAST_RATE)", "rate"),
            ],
        ),
        (
            "trees.py",
            "trees",
            [
                (
                    "predict=ArgMax(proba)",
                    "predict=ArgMax(Gather(proba, np.arange(proba.size)[::-1]))",
                ),
                ("np.cumsum([0, *n_classes])", "np.cumsum([1, *n_classes])"),
                ("np.arange(most) < n_classes", "np.arange(most) <= n_classes"),
                ("tree.values[:, :, 0]", "tree.values[:, ::-1, 0]"),
                ("np.cumsum([0, *sizes[:-1]])", "np.cumsum([0, *sizes[1:]])"),
                ("~row_of_leaf\n", "~row_of_leaf[::-1]\n"),
                (
                    "(Round32(x), nodes_of(trees), values, divisor=float",
                    "(x, nodes_of(trees), values, divisor=float",
                ),
                ("left=link[left[inner]]", "left=link[right[inner]]"),
                ("right=link[right[inner]]", "right=link[left[inner]]"),
                (
                    'nodes["missing_go_to_left"][inner].astype(np.bool_)',
                    '~nodes["missing_go_to_left"][inner].astype(np.bool_)',
                ),
                ('nodes["threshold"][inner]', 'np.nextafter(nodes["threshold"][inner], -np.inf)'),
                (
                    'nodes["threshold"][inner].astype(np.float64)',
                    'nodes["threshold"][inner].astype(np.float32).astype(np.float64)',
                ),
                ('nodes["feature"][inner]', 'nodes["feature"][inner][::-1]'),
                ("divisor=float(len(trees))", "divisor=float(len(trees) + 1)"),
                ("roots=link[roots]", "roots=link[roots][::-1]"),
                ("+ np.repeat(roots, sizes))", "+ np.repeat(roots, sizes) * 0)"),
                (
                    "waiting += (right_of[node], left_of[node])",
                    "waiting += (left_of[node], right_of[node])",
                ),
                ("roots[::-1].tolist()", "roots.tolist()"),
                (
                    "known.setdefault(row.tobytes(), len(known))",
                    "known.setdefault(row.tobytes()[:8], len(known))",
                ),
                ("for tree in est.estimators_]", "for tree in est.estimators_[1:]]"),
            ],
        ),
        (
            "trees.py",
            "refused",
            [
                ('require(((left < 0) == (right < 0)).all(), "a tree node has one child")\n', "\n"),
                ("len(tree.nodes) == len(tree.values) for", "len(tree.nodes) > 0 for"),
            ],
        ),
        (
            "trees.py",
            "random_trees or histogram_categories",
            [
                ("np.cumsum(is_leaf) - 1.0", "np.cumsum(is_leaf) + 0.0"),
                ("if counts.max() == 1:", "if counts.max() == 0:"),
                ("np.arange(n - 1) + 0.5", "np.arange(n - 1) + 1.5"),
                (
                    "values, divisor=1.0, groups=len(trees)",
                    "values[::-1], divisor=1.0, groups=len(trees)",
                ),
                ('nodes["set"][inner].astype', 'nodes["set"][inner[::-1]].astype'),
            ],
        ),
        (
            "cluster.py",
            "cluster",
            [
                (
                    'methods = {"predict": Neighbors(squared, 1)',
                    'methods = {"predict": ArgMax(squared)',
                ),
                (
                    'Elementwise(squared, "sqrt")}\n    return Outputs("clusterer", methods)',
                    'squared}\n    return Outputs("clusterer", methods)',
                ),
                (
                    "floats(est.cluster_centers_))\n    methods",
                    "floats(est.cluster_centers_)[::-1])\n    methods",
                ),
                ('Outputs("clusterer", methods)', 'Outputs("transformer", methods)'),
            ],
        ),
        (
            "cluster.py",
            "near",
            [
                (
                    "Distance(x, floats(est.cluster_centers_)), 1))",
                    "Distance(x, -floats(est.cluster_centers_)), 1))",
                ),
                ("np.array([-1]))", "np.array([0]))"),
                ("Lookup(nearest, label), ", "Lookup(nearest, label[::-1]), "),
                ("floats(s[i].center) + shift", "floats(s[i].center)"),
                ("2 * (right - left)", "2 * (left - right)"),
                ("(left**2).sum(axis=1) - (right**2)", "(right**2).sum(axis=1) - (left**2)"),
                ("-agree.sum(axis=1)", "0 * agree.sum(axis=1)"),
                ("(number, 1))), (node.left", "(number, 0))), (node.left"),
            ],
        ),
        (
            "density.py",
            "density or refused",
            [
                ("0.5 / width**2", "0.5 / width"),
                ("d / 2 * log(2 * pi)", "d * log(2 * pi)"),
                ("log_sphere(d - 1) + lgamma(d)", "log_sphere(d - 1)"),
                ("- d * log(width)", "+ d * log(width)"),
                ("weight[used] / weight.sum()", "weight[used]"),
                ("if est.atol != 0 or est.rtol != 0", "if est.atol != 0"),
            ],
        ),
        (
            "gaussian_process.py",
            "gaussian_process or refused",
            [
                ("(alpha * spread).T", "alpha.T"),
                ("np.broadcast_to(centre, alpha.shape[1])", "np.zeros(alpha.shape[1])"),
                ("multiply=spread)", "multiply=spread**2)"),
                ("spread[:, None], np.zeros", "spread[::-1, None], np.zeros"),
                ('("matern32", 3.0)', '("matern32", 5.0)'),
                ('("exponential", 1.0)', '("exponential", 2.0)'),
                ('MATERN[np.inf] = ("rbf", 0.5)', 'MATERN[np.inf] = ("rbf", 1.0)'),
                ("0.5 / shape, shape", "1 / shape, shape"),
                ("float(kernel.sigma_0) ** 2", "float(kernel.sigma_0)"),
                ("return Term(factor, noise=True)", "return Term(factor)"),
                ("np.sqrt(0.5 / np.asarray(rate))", "0.5 / np.asarray(rate)"),
                ("gamma / float(unit[0]) ** 2", "gamma / float(unit[0])"),
                ("bias + constant * total", "bias"),
                ("t.factor * weight, zero if i", "weight, zero if i"),
                ("np.array([[1.0, -1.0]])", "np.array([[-1.0, -1.0]])"),
                ("-fsum(lower[i, j:i]", "fsum(lower[i, j:i]"),
                ('if m != "decision_function"', 'if m != "predict_proba"'),
                ("integers(est.y_train_) - floats(est.pi_)", "integers(est.y_train_)"),
                ("* floats(est.W_sr_)", ""),
                ("Threshold(f, 0.0,", "Threshold(f, 0.5,"),
                ("Concat((f, variance))", "Concat((variance, f))"),
            ],
        ),
        (
            "fitted_rows.py",
            "fitted_rows or refused",
            [
                ("if est.path not in TAKES_ROWS", "if not est.path"),
                ("rows.shape[1] != wide", "rows.shape[1] > wide"),
                ("if len(rows) != count", "if len(rows) > count"),
                ('x, "row_labels_")', 'x, "row_labels_")[::-1]'),
                ("Neighbors(distance, 1), label)", "Neighbors(distance, 1), label[::-1])"),
                ("core = reach <= eps", "core = reach > eps"),
                ('!= "dbscan" or est.eps is None', '== "xi" and est.eps is not None'),
            ],
        ),
        (
            "manifold.py",
            "manifold or fitted_rows or refused",
            [
                ("(2 if near.power == 2 else 1)", "1"),
                ("int(known.n_neighbors)", "int(known.n_neighbors) + 1"),
                ("float(est.reg)", "2 * float(est.reg)"),
                ("int(est.n_neighbors)", "int(est.n_neighbors) + 1"),
                ("if not reg >= LEAST_RIDGE", "if reg < 0"),
                ("POWER_OF[metric], streamed=True), 1)", "2.0, streamed=True), 1)"),
                ("metric not in POWER_OF", "not metric"),
                ("NeighborMean(nearest, floats(est.embedding_))", "NeighborMean(nearest, -rows)"),
                ("if est.n_neighbors is None", "if est.n_neighbors is not None"),
                ("-0.5 * weight", "0.5 * weight"),
                ("power_of(known), streamed", "2.0, streamed"),
                ("rows.mean(axis=0)", "0 * rows.mean(axis=0)"),
                ("-product(weight, mean[:, None])", "product(weight, mean[:, None])"),
                ("value > 1e-9 * value.max()", "value < np.inf"),
                ('est.metric != "euclidean" or', "False or"),
                ("np.fill_diagonal(affinity, 0)", "pass"),
                ("fsum(e * a) / fsum(e * degree * e)", "fsum(e * degree * e) / fsum(e * a)"),
                ('0.0, 0), "sum")', '0.0, 0), "l2")'),
            ],
        ),
        (
            "text.py",
            "encoders",
            [
                ("if est.sublinear_tf", "if not est.sublinear_tf"),
                ("if est.use_idf", "if not est.use_idf"),
                ("Normalize(x, est.norm)", 'Normalize(x, "max")'),
                ("add=np.ones(x.size)", "add=2 * np.ones(x.size)"),
            ],
        ),
        (
            "text.py",
            "text_importers",
            [
                ("if est.binary:", "if not est.binary:"),
                ("np.argsort(order))", "np.array(order))"),
                ("for i in np.argsort(places)]", "for i in places]"),
                ("bool(est.lowercase)", "not est.lowercase"),
                ("PATTERNS[plain]", "3 - PATTERNS[plain]"),
                ('if given == "english":', 'if given == "german":'),
                ('"char_wb": "word_chars"', '"char_wb": "chars"'),
                ("count_vectorizer(est, x).methods", "hashing_vectorizer(est, x).methods"),
                ("binary=bool(est.binary)", "binary=not est.binary"),
                ("y if est.norm is None else", "y if est.norm is not None else"),
                ("signed=bool(est.alternate_sign)", "signed=not est.alternate_sign"),
                ("if n_features > MOST_TERMS", "if n_features < MOST_TERMS"),
                ('Analyzer("lines", 1, 1, lower=False)', 'Analyzer("words", 1, 1, lower=False)'),
                ('if est.input_type != "string"', 'if est.input_type == "string"'),
                ("left_out &= set(est.vocabulary_)", "left_out -= set(est.vocabulary_)"),
                ('if est.input != "content"', 'if est.input == "content"'),
            ],
        ),
        (
            "semi_supervised.py",
            "near or refused",
            [
                ("float(est.gamma)", "float(est.gamma) / 2"),
                ("known.T.copy()", "known.T[::-1].copy()"),
                ("int(est.n_neighbors)", "int(est.n_neighbors) + 1"),
                ("shares(total)", "total"),
                (".sum(axis=1) == 0", ".sum(axis=1) == 2"),
            ],
        ),
        (
            "neighbors.py",
            "near or refused",
            [
                ("POWER_OF[metric]), 1)\n    uniform", "2.0), 1)\n    uniform"),
                ("nearest if uniform else ArgMax(density)", "nearest"),
                ("2 / unit**2", "1 / unit**2"),
                ("np.array([[-1.0, 1.0]])", "np.array([[1.0, -1.0]])"),
                (
                    "int(est.n_neighbors))\n    known",
                    "int(est.n_neighbors) + 1)\n    known",
                ),
                (
                    "int(est.n_neighbors))\n    return",
                    "int(est.n_neighbors) + 1)\n    return",
                ),
                ("root(nearest) if weighs(est)", "None if weighs(est)"),
                ('"sqrt") if nearest', '"relu") if nearest'),
                ("classes == est.outlier_label_[i]", "classes != est.outlier_label_[i]"),
                ("if none.sum() != 1", "if none.sum() > 1"),
                ('est._fit_method != "brute"', 'est._fit_method == "brute"'),
                ('np.asarray(est._y).dtype.kind != "f"', "est._y is None"),
                ("(2 if distance.power == 2 else 1)", "1"),
                ("weighted=weighted, none=none", "none=none"),
                ("np.eye(len(classes))[code], none)", "np.eye(len(classes))[code][::-1], none)"),
                (
                    ".reshape(len(floats(est._fit_X)), -1), None)",
                    ".reshape(len(floats(est._fit_X)), -1), np.zeros(1))",
                ),
                ("floats(est._distances_fit_X_)[:, k - 1]", "floats(est._distances_fit_X_)[:, 0]"),
                ("np.full((1, 2 * k), 1 / k)", "np.full((1, 2 * k), 1.0)"),
                ("multiply=-np.ones(1)", "multiply=np.ones(1)"),
                (
                    "subtract=np.atleast_1d(floats(est.offset_))",
                    "add=np.atleast_1d(floats(est.offset_))",
                ),
                ("np.array([-1, 1])", "np.array([1, -1])"),
                ("if est.novelty is not True", "if est.novelty is None"),
                ("int(est.n_neighbors)), ordered", "int(est.n_neighbors) + 1), ordered"),
                ('"kneighbors_distance": root(nearest)', '"kneighbors_distance": nearest'),
                ("power_of(est), streamed=True), k)", "2.0, streamed=True), k)"),
            ],
        ),
        (
            "decomposition.py",
            "decomposition",
            [
                (
                    "components /= deviations(est)[:, None]",
                    "components *= deviations(est)[:, None]",
                ),
                ("if est.whiten:", "if not est.whiten:"),
                ("Scale(x, subtract=floats(est.mean_)) if", "x if"),
                ("components / floats(est.noise", "components * floats(est.noise"),
                ("np.eye(len(components)) + product(weighted,", "product(weighted,"),
                ("float(est.ridge_alpha) * np.eye", "0.5 * np.eye"),
                ("solve(normal, components)", "components"),
                ("np.sqrt(est.explained_variance_)", "est.explained_variance_"),
                ("np.maximum(deviation,", "np.maximum(deviation + 1,"),
                (".eps)", ".tiny)"),
                (
                    "Affine(x, *without_bias(floats(est.components_)))",
                    "Affine(x, *without_bias(-floats(est.components_)))",
                ),
                ("Affine(centred, components,", "Affine(centred, components[::-1],"),
            ],
        ),
        (
            "imputers.py",
            "imputers or refused",
            [
                ("if est.sample_posterior:", "if False:"),
                ("if not est.keep_empty_features:", "if est.keep_empty_features:"),
                ("integers(others))", "integers(others)[::-1])"),
                ("max(low, -LARGEST)", "-LARGEST"),
                ("min(high, LARGEST)", "LARGEST"),
                ("columns[column] = where_missing(", "where_missing("),
                ("kept[[column]]", "kept[[0]]"),
                ("if est.add_indicator and", "if False and"),
                ("with_holes(x, missing), guess)", "x, guess)"),
                ("rows[lacks] = np.nan", "rows[~lacks] = np.nan"),
                (
                    'rows[:, kept], est.weights == "distance"',
                    'rows[:, kept], est.weights == "uniform"',
                ),
                ("min(int(est.n_neighbors),", "min(int(est.n_neighbors) + 1,"),
                ("if est.keep_empty_features and", "if False and"),
                ("np.argsort(np.concatenate([kept, empty]))", "np.arange(x.size)"),
                ('if est.metric != "nan_euclidean"', "if not est.metric"),
                ("fsum(known) / known.size", "fsum(known) / len(rows)"),
            ],
        ),
        (
            "refusals.py",
            "refused",
            [
                ("sklearn.preprocessing.KernelCenterer", "sklearn.preprocessing.Centerer"),
                ("sklearn.manifold.TSNE", "sklearn.manifold.SNE"),
            ],
        ),
        (
            "preprocessing.py",
            "preprocessing",
            [
                ("if est.with_mean else", "if not est.with_mean else"),
                ("if est.with_std else", "if est.with_mean else"),
                ("if est.with_centering else", "if est.with_scaling else"),
                ("if est.with_scaling else", "if est.with_centering else"),
                (
                    "Scale(x, subtract=subtract, divide=divide)",
                    "Scale(x, subtract=subtract, multiply=divide)",
                ),
                ("if subtract is None and divide is None", "if subtract is None or divide is None"),
                ("multiply=floats(est.scale_), add=", "divide=floats(est.scale_), add="),
                ("add=floats(est.min_)", "subtract=floats(est.min_)"),
                ("float(high)) if est.clip else", "float(high)) if not est.clip else"),
                ("Clip(y, float(low), float(high))", "Clip(y, 0.0, 1.0)"),
                ("Scale(x, divide=floats(est.scale_))", "Scale(x, multiply=floats(est.scale_))"),
                ("Clip(y, -1.0, 1.0)", "Clip(y, 0.0, 1.0)"),
                ("Normalize(x, est.norm)", 'Normalize(x, "l2")'),
                (
                    "combinations if est.interaction_only else",
                    "combinations if not est.interaction_only else",
                ),
                ("max(1, int(low))", "max(2, int(low))"),
                ("int(high) + 1)", "int(high))"),
                ("if est.include_bias else", "if not est.include_bias else"),
                ("chain(constant, products)", "chain(products, constant)"),
                ("dropped = np.isnan(fill) &", "dropped = ~np.isnan(fill) &"),
                ("fill[~dropped]", "fill[~dropped][::-1]"),
                ("np.flatnonzero(~dropped)", "np.arange((~dropped).sum())"),
                ("filled(kept, missing,", "filled(kept, 0.0,"),
                (
                    "Gather(x, integers(est.indicator_.features_))",
                    "Gather(x, np.arange(np.size(est.indicator_.features_)))",
                ),
                (
                    "Concat((known, is_missing(marked, missing)))",
                    "Concat((is_missing(marked, missing), filled))",
                ),
                ("return float(missing)", "return float(np.nan)"),
                ("numbers[valid].astype(est._fill_dtype)", "numbers[valid]"),
                (
                    "np.size(est.indicator_.features_) == 0",
                    "np.size(est.indicator_.features_) == 1",
                ),
                ('(not est.get("keep_empty_features"))', 'bool(est.get("keep_empty_features"))'),
            ],
        ),
        (
            "preprocessing.py",
            "refused",
            [
                ("if count > MOST_TERMS", "if count < 0"),
                ("if dropped.all()", "if False"),
                ("if text or", "if False and"),
            ],
        ),
        (
            "selection.py",
            "selection",
            [
                ('if k == "all"', 'if k == "none"'),
                (
                    "len(scores) - min(int(k), len(scores)) :",
                    "len(scores) - min(int(k), len(scores)) + 1 :",
                ),
                ('np.argsort(scores, kind="stable")[', 'np.argsort(-scores, kind="stable")['),
                ("scores > cut", "scores >= cut"),
                ("100 - percent)", "percent)"),
                ("mask[ties[: int(", "mask[ties[: 1 + int("),
                ("- mask.sum()]]", "]]"),
                ("percent == 100)", "percent == 0)"),
                ("floats(est.pvalues_) < alpha)", "floats(est.pvalues_) > alpha)"),
                ("np.arange(1, len(pvalues) + 1)", "np.arange(0, len(pvalues))"),
                ("pvalues <= ordered[", "pvalues < ordered["),
                ("ordered <= share", "ordered >= share"),
                (
                    "floats(est.pvalues_) < alpha / np.size(est.pvalues_)",
                    "floats(est.pvalues_) < alpha",
                ),
                ("alpha / np.size(est.pvalues_))", "alpha * np.size(est.pvalues_))"),
                ('"fdr": false_discovery_rate', '"fdr": false_positive_rate'),
                (
                    "scores[np.isnan(scores)] = np.finfo(scores.dtype).min",
                    "scores[np.isnan(scores)] = np.inf",
                ),
                ("np.argsort(-scores,", "np.argsort(scores,"),
                ("[int(limit) :]", "[int(limit) + 1 :]"),
                ("mask[scores < threshold(", "mask[scores > threshold("),
                (
                    "floats(est.variances_) > est.threshold",
                    "floats(est.variances_) >= est.threshold",
                ),
                ("mask = np.asarray(est.support_)", "mask = ~np.asarray(est.support_)"),
                (
                    "import_outputs(est.estimator_, columns)",
                    "import_outputs(est.estimator_, Gather(columns, np.arange(columns.size) // 2))",
                ),
                ('{**inner.methods, "transform": columns}', "{**inner.methods}"),
                ("np.flatnonzero(mask))", "np.flatnonzero(mask)[::-1])"),
            ],
        ),
        (
            "importances.py",
            "selection_from",
            [
                ("return np.abs(known) if known.ndim == 1", "return known if known.ndim == 1"),
                ("axis=0, ord=order", "axis=0, ord=1"),
                ("if len(tree.nodes) > 1]", "if len(tree.nodes) > 0]"),
                ("np.mean(grown, axis=0)", "np.max(grown, axis=0)"),
                ('nodes["weighted_n_node_samples"] * nodes["impurity"]', 'nodes["impurity"]'),
                ("- weight[left] - weight[right]", "- weight[left] + weight[right]"),
                ("return gain / total if total > 0 else gain", "return gain"),
                (
                    "L1_THRESHOLD if is_sparse_by_l1(model)",
                    "L1_THRESHOLD if not is_sparse_by_l1(model)",
                ),
                ('"Lasso" in name(model)', '"Losso" in name(model)'),
                ('model.get("penalty") == "l1"', 'model.get("penalty") == "l2"'),
                ('"ElasticNet": "l1_ratio"', '"ElasticNet": "alpha"'),
                ('"ElasticNetCV": "l1_ratio_"', '"ElasticNetCV": "eps"'),
                ('"LogisticRegression": "l1_ratio"', '"LogisticRegression": "tol"'),
                ("float(scale) * middle if scale", "middle if scale"),
                ('"median": np.median', '"median": np.mean'),
                ("L1_THRESHOLD = 1e-5", "L1_THRESHOLD = 1.0"),
                ('in ("auto", "feature_importances_")', 'in ("auto",)'),
            ],
        ),
        (
            "bayes.py",
            "bayes or free_bayes",
            [
                ("np.log(prior) -", "np.log(prior) +"),
                ("2 * np.pi * variance", "np.pi / variance"),
                (".sum(axis=1) / 2", ".sum(axis=1)"),
                ("1 / variance", "variance"),
                ("np.nextafter(step + 1.0, 0.0)", "step + 1.0"),
                ("first, ~(ends - 1))", "first, ~(ends - 2))"),
                ("counts[feature] - 2", "counts[feature] - 1"),
                ("~ends[-1])", "~(ends[-1] - 1))"),
                ("if len(prior) == 1 else 0 * prior", "if len(prior) > 0 else 0 * prior"),
                ("np.log(1 - np.exp(one))", "np.log1p(np.exp(one))"),
                ("prior + zero.sum(axis=1)", "prior"),
                ("zero - one, prior", "one - zero, prior"),
                ("prior + one.sum(axis=1)", "prior"),
                ("Threshold(column, cut,", "Threshold(column, cut + 1,"),
                (
                    "score = Affine(x, weight, constant)\n",
                    "score = Affine(x, -weight, constant)\n",
                ),
            ],
        ),
        (
            "neural.py",
            "neural",
            [
                ("Threshold(score, 0.0, inclusive", "Threshold(score, 0.5, inclusive"),
                ('complement(Elementwise(score, "logistic"))', "complement(score)"),
                (
                    "predict, proba = ArgMax(score), Softmax(score)",
                    "predict, proba = ArgMax(score), score",
                ),
                ("activated(est, last_layer(est, x), est.out_activation_)", "last_layer(est, x)"),
                ("if number > 0:", "if number > 1:"),
                ("activated(est, x, est.activation)", 'activated(est, x, "tanh")'),
                ("floats(weight).T.copy(), floats(bias)", "floats(weight).T.copy(), -floats(bias)"),
            ],
        ),
        (
            "boosting.py",
            "boosting",
            [
                ('"exponential": 2.0', '"exponential": 1.0'),
                ("linked(est, known[None])[0] / scale", "linked(est, known[None])[0]"),
                (
                    "linked(est, est.init_.tree_.values[:, 0]) / scale",
                    "est.init_.tree_.values[:, 0, :1]",
                ),
                ("np.array([[-1.0, 1.0]]) / scale", "np.array([[-1.0, 1.0]])"),
                ("(0 if own else 1 / proba.size)", "0"),
                ("Clip(proba, EPS[own], 1 - EPS[own])", "Clip(proba, 0.1, 0.9)"),
                ("import_outputs(init, Round32(x))", "import_outputs(init, x)"),
                ("if only_trees_read(x, start):", "if True:"),
                ("Round32(start, throughout=True)", "start"),
                ("if linear and has", "if has"),
                ("[np.eye(start.size)] * 2", "[np.eye(start.size), 2 * np.eye(start.size)]"),
                ("[*(tree for tree, _ in before), *own]", "[*own, *(tree for tree, _ in before)]"),
                ("first[:, k : k + 1]", "first[:, :1]"),
                ("classes == float(np.ravel", "classes != float(np.ravel"),
                ("Threshold(score, 0.0, inclusive=True)", "Threshold(score, 0.0, inclusive=False)"),
                ("score if scale == 1", "score if scale >= 1"),
                ("ArgMax(score), Softmax(score)", "ArgMax(score), Softmax(Softmax(score))"),
                ("floats(est.init_.constant_).ravel()", "np.zeros(1)"),
                ("enumerate(stages.T)", "enumerate(stages.T[::-1])"),
                ("float(est.learning_rate) *", "1.0 *"),
                ("logit(clipped[:, 1:]", "logit(clipped[:, :1]"),
                ("np.log(clipped / mean[:, None])", "np.log(clipped)"),
                ("prior.argmax()", "prior.argmin()"),
            ],
        ),
        (
            "xgboost.py",
            "xgboost_bits or early or random or wrapper_s",
            [
                ("Threshold(margin, ABOVE_HALF, ", "Threshold(margin, 0.3, "),
                ("proba=Softmax(margin)", "proba=margin"),
                ("        return n_trees", "        return n_trees - 1"),
                ("ends[int(best) + 1]", "ends[int(best)]"),
                ('np.argsort(group, kind="stable")', "np.arange(group.size)"),
                ("single=True", "single=False"),
                ("with_holes(Round32(x), missing)", "with_holes(Round32(x), missing + 1)"),
                ("-np.log(odds", "np.log(odds"),
                ('integers(tree["default_left"])', '1 - integers(tree["default_left"])'),
                ("np.float32(-np.inf))", "np.float32(np.inf))"),
                ('(Elementwise(margin, "exp"))', "(margin)"),
                ("Threshold(margin, 0.5, ", "Threshold(margin, 0.0, "),
                ("Threshold(margin, 0.0, ", "Threshold(margin, 0.5, "),
                ("- margin) * weight", "- margin)"),
                ("table[-1] + start", "table[-1]"),
                ("np.log(score.astype(np.float64))", "score.astype(np.float64)"),
                ("inside=False", "inside=True"),
                ("np.arange(asked.size) + len(sets)", "np.arange(asked.size)"),
                ("if best is None or not is_wrapped(est, learner):", "if best is None:"),
            ],
        ),
        (
            "category_sets.py",
            "random",
            [
                ("row[one] = inside", "row[one] = not inside"),
                ("width + 1), not inside", "width + 1), inside"),
            ],
        ),
        (
            "histogram_boosting.py",
            "histogram",
            [
                ("if binary else Softmax(score)", "if binary else score"),
                ('Elementwise(score, "exp") if est.loss in', "score if est.loss in"),
                (
                    "floats(est._baseline_prediction).ravel()",
                    "0 * est._baseline_prediction.ravel()",
                ),
                (
                    "for k in range(start.size) for iteration in iterations",
                    "for iteration in iterations for k in range(start.size)",
                ),
                ("[0, *(len(own) for own in sets)]", "[0, *(0 for own in sets)]"),
                ('bitorder="little"', 'bitorder="big"'),
                ('given["left"].astype(np.int64)', 'given["right"].astype(np.int64)'),
                ('given["missing_go_to_left"]', '1 - given["missing_go_to_left"]'),
                ('given["is_categorical"] != 0', 'given["is_categorical"] > 1'),
                ("first_set + np.cumsum(asking) - 1", "np.cumsum(asking) - 1"),
                (
                    'asking["missing_go_to_left"][:, None] != 0',
                    'asking["feature_idx"][:, None] < 0',
                ),
                ("members[numbers] =", "members[numbers[::-1]] ="),
                ("numbers == np.floor(numbers)", "numbers == numbers"),
                ("most + 2, axis=1", "most + 1, axis=1"),
                ('"whole": True', '"truncates": True'),
                ('.dtype.kind not in "iufb"', '.dtype.kind not in "iufbO"'),
                ('est.get("is_categorical_") is not None', "False"),
                ("Concat((encoded, *parts[1:]))", "Concat((*parts[1:], encoded))"),
                ('for name in ("encoder", "numerical")', 'for name in ("numerical", "encoder")'),
            ],
        ),
        (
            "catboost.py",
            "versions",
            [
                ("    if loss in EXPONENTIAL:", "    if loss in ():"),
                ("    if loss in BINARY:", "    if loss in EXPONENTIAL:"),
                ("Threshold(score, 0.0, ", "Threshold(score, 0.3, "),
                ("proba=Softmax(score)", "proba=score"),
                ('rate = Elementwise(score, "logistic")', "rate = Softmax(score)"),
                ("floats(bias), total.size", "0 * floats(bias), total.size"),
                ('!= "AsTrue"', '== "AsTrue"'),
                ("enumerate(splits[::-1])", "enumerate(splits)"),
                ("2 * inner + 1, 2 * inner + 2", "2 * inner + 2, 2 * inner + 1"),
                ("(left, left + 1, *rest)", "(left + 1, left, *rest)"),
            ],
        ),
        (
            "isolation.py",
            "isolation or refuses",
            [
                ("depth.n_summed * average", "average"),
                ("multiply=np.array([-np.log(2.0)])", "multiply=np.array([np.log(2.0)])"),
                ("subtract=floats(est.offset_)", "add=floats(est.offset_)"),
                ("np.array([OUTLIER, INLIER])", "np.array([INLIER, OUTLIER])"),
                ("if usual == 0:", "if usual < 0:"),
                ("+ floats(left) - 1.0)", "+ floats(left))"),
                ("Round32(x)", "x"),
                ("if len(columns) == int(est.n_features_in_):", "if True:"),
                ('nodes["feature"][inner] = columns[asked]', 'nodes["feature"][inner] = asked'),
                ("float(n == 2)", "float(n < 2)"),
                ("len(columns) == int(est._max_features)", "len(columns) > 0"),
            ],
        ),
        (
            "lightgbm.py",
            "lightgbm and not text or random",
            [
                ("LEAST_ABOVE_HALF * averaged / sigmoid_of(options)", "0.3"),
                ("scaled(score, averaged, sigmoid_of(options))", "scaled(score, averaged, 1.0)"),
                ("Softmax(scaled(score, averaged, 1.0))", "Softmax(score)"),
                ("ArgMax(proba)", "ArgMax(score)"),
                ('(Elementwise(score, "exp"))', "(score)"),
                ("without(given, -ZERO, ZERO)", "x"),
                ("without(given, -ZERO, ZERO)", "without(given, 0.0, 0.0)"),
                ("range(k, len(trees), n_groups)", "range(0, len(trees), 1)[k:: n_groups][::-1]"),
                ("if best > 0 else trees", "if best < 0 else trees"),
                ("n_splits + ~child", "n_splits - ~child + n_splits"),
                ("np.where(threshold >= 0, ZERO,", "np.where(threshold >= 0, 0.0,"),
                ("np.nextafter(-ZERO, -np.inf)", "-ZERO"),
                ("np.where(missing == NOTHING, threshold >= 0, default)", "default"),
                (
                    '(tree["decision_type"] & DEFAULT_LEFT) > 0',
                    '(tree["decision_type"] & DEFAULT_LEFT) == 0',
                ),
                (
                    "np.hstack([one, -one]), np.zeros(x.size)",
                    "np.hstack([one, one]), np.zeros(x.size)",
                ),
                ("np.array([[0.0], [1.0]])", "np.array([[0.0], [2.0]])"),
                ("if objective in LOGISTIC:", "if False:"),
                ("inside=True", "inside=False"),
                ("set_numbers(tree, asked) + len(sets)", "set_numbers(tree, asked)"),
                ("np.arange(32)) & 1", "np.arange(32)[::-1]) & 1"),
            ],
        ),
        (
            "lightgbm_leaves.py",
            "lightgbm and not text or random",
            [
                ("value, constant\n    others", "constant, constant\n    others"),
                ("places.append(place + start)", "places.append(place)"),
                ("- counts - 2\n", "- counts - 1\n"),
                ("asked, factors\n    return", "asked, -factors\n    return"),
                ("(asked < n_in)", "(asked <= n_in)"),
            ],
        ),
        (
            "compose.py",
            "compose",
            [
                ("x = transformed(est, step, x)", "transformed(est, step, x)"),
                ("transformer(x) if last in NOTHING", "transformer(x) if last not in NOTHING"),
                (
                    "Gather(x, integers(columns[name]))",
                    "Gather(x, np.sort(integers(columns[name])))",
                ),
                ("if len(columns[name]) > 0", "if len(columns[name]) >= 0"),
                ("weights.get(name))", "weights.get(name, 2.0))"),
                ("np.full(y.size, float(weight))", "np.full(y.size, 1 / float(weight))"),
                ("return y if weight is None else", "return y if weight is not None else"),
                ('if step != "drop"\n    ]', "\n    ]"),
                ("Concat(tuple(answers))", "Concat(tuple(answers[::-1]))"),
                ('if step is None or step == "passthrough"', "if step is None"),
                ("if step.path in MASKS", "if step.path in ()"),
                ("return selected(step, x)", "return x"),
                (
                    "        return transformer(x)\n    path",
                    "        return transformer(Scale(x, add=np.ones(x.size)))\n    path",
                ),
                ("import_outputs(best_model(est), x)", "import_outputs(est.estimator, x)"),
            ],
        ),
        (
            "compose.py",
            "refused",
            [
                ("if est.kw_args or path not in", "if path in"),
                ("if not answers:", "if False:"),
                ('if "transform" not in outputs.methods', "if not outputs.methods"),
            ],
        ),
        (
            "threshold.py",
            "threshold",
            [
                ("inclusive=True", "inclusive=False"),
                ("np.array([1, 0])", "np.array([0, 1])"),
                ("np.array([positive])", "np.array([1 - positive])"),
                ("multiply=np.array([-1.0])", "multiply=np.array([1.0])"),
                ('"predict_proba": 0.5', '"predict_proba": 0.4'),
            ],
        ),
        (
            "wrappers.py",
            "wrapped or calibrated or RANSAC or ransac",
            [
                ("asked(est, est.estimator, x)", 'Outputs("transformer", {"transform": x})'),
                ("asked(est, est.estimator_, x)", "asked(est, est.estimator, x)"),
            ],
        ),
        (
            "members.py",
            "voting or bagging or ada_boost or many_classes or many_outputs",
            [
                ("np.flatnonzero(outer == label)", "np.flatnonzero(outer >= label)[:1]"),
                ("threshold=np.full(inner.size, 0.5)", "threshold=np.full(inner.size, 1.5)"),
                ("right=~inner,", "right=~inner[::-1],"),
                ("feature=start + inner", "feature=inner"),
                ("(rows / divisor).T", "rows.T"),
                ("tree.values.argmax(axis=1)]", "tree.values.argmin(axis=1)]"),
                ("links + first_node[t])", "links)"),
                ("+ first_row[t]]", "]"),
                ("p[t.feature] for", "t.feature for"),
                ("node.divisor != 1", "node.divisor == 0"),
                ("node.roots.size != 1", "node.roots.size == 0"),
                ("Round32(base) if rounds else base", "base"),
                ("replace(node, refuses_nan=True)", "replace(node, refuses_nan=False)"),
                ("numbers.tolist() == [0, 1]", "numbers.size == 2"),
            ],
        ),
        (
            "voting.py",
            "voting",
            [
                (
                    "scored_classifier(classes, predict=ArgMax(proba)",
                    "scored_classifier(numbers, predict=ArgMax(proba)",
                ),
                (
                    "mean(members, float(weights.sum()))\n    answers",
                    "mean(members, 1.0)\n    answers",
                ),
                ('if inner != "drop"]', "]"),
                ("if est.flatten_transform else", "if not est.flatten_transform else"),
                ("np.full((1, 1), w)", "np.full((1, 1), 1.0)"),
                ("m.rows * unit)", "np.sign(m.rows))"),
            ],
        ),
        (
            "stacking.py",
            "stacking",
            [
                ("Concat((together, x))", "Concat((x, together))"),
                ("if est.passthrough else", "if not est.passthrough else"),
                ("Gather(value, np.array([1]))", "Gather(value, np.array([0]))"),
                ("as_number(value, known", "as_number(value, 1 + known"),
            ],
        ),
        (
            "bagging.py",
            "bagging or ada_boost",
            [
                ("columns(x, integers(index))", "columns(x, np.arange(len(index)))"),
                ('("predict_proba", mean) if soft[0]', '("predict", votes) if soft[0]'),
                ("multiply=np.array([2.0])", "multiply=np.array([1.0])"),
                ("len(classes) - 1.0)", "1.0)"),
                ("-1 / (len(outer) - 1) * weight", "-weight"),
                ("Threshold(half, 0.0,", "Threshold(half, 0.3,"),
                (
                    "WeightedMedian(side_by_side(values), weights)",
                    "WeightedMedian(side_by_side(values), 1 + 0 * weights)",
                ),
            ],
        ),
        (
            "calibration.py",
            "calibrated",
            [
                ("[[-a]]", "[[a]]"),
                ("[-b]", "[b]"),
                ("Gather(values, np.array([1]))", "Gather(values, np.array([0]))"),
                ("2 * beta", "beta"),
                ("LEAST_PROBABILITY = 1e-12", "LEAST_PROBABILITY = 1e-6"),
                ("np.full(values.size, beta)", "np.full(values.size, 1.0)"),
                ("return complement(curves[0])", "return complement(complement(curves[0]))"),
            ],
        ),
        (
            "isotonic.py",
            "isotonic",
            [
                ('== "nan"', '== "clip"'),
                ("and knots.size > 1", "and knots.size > 99"),
                ('"transform": y', '"transform": x'),
            ],
        ),
        (
            "multiclass.py",
            "many_classes",
            [
                ("[1 - value, value]", "[value, 1 - value]"),
                ("else 0.5", "else 0.0"),
                ('Normalize(rate, "sum")', 'Normalize(rate, "sum", 1 / rate.size)'),
                ("multiply=np.array([-1.0])", "multiply=np.array([1.0])"),
                ("second - first", "first - second"),
                ("np.stack([first, second]", "np.stack([second, first]"),
                ("np.eye(n_classes) / 3", "np.eye(n_classes)"),
                ("Gather(y, np.array([1]))", "Gather(y, np.array([0]))"),
                ("floats(est.code_book_)", "-floats(est.code_book_)"),
            ],
        ),
        (
            "multioutput.py",
            "many_outputs",
            [
                ("np.argsort(order_of(est))])", "order_of(est)])"),
                (
                    "seen.append(handed_on(est, links[-1], method))",
                    "seen.insert(0, handed_on(est, links[-1], method))",
                ),
                ('est.get("chain_method_", "predict")', '"predict"'),
                ('"predict_proba"), "log")', '"predict_proba"), "exp")'),
                (
                    "for i in np.argsort(order_of(est))]\n    return refusing",
                    "for i in order_of(est)]\n    return refusing",
                ),
            ],
        ),
        (
            "target.py",
            "wrapped_target",
            [
                ("if scaler.with_std else", "if not scaler.with_std else"),
                ("if scaler.with_mean else", "if not scaler.with_mean else"),
                ("if scaler.with_scaling else", "if not scaler.with_scaling else"),
                ("if scaler.with_centering else", "if not scaler.with_centering else"),
                ("reversed(steps.steps)", "list(steps.steps)"),
                ("subtract=of_width(s.min_, y)", "add=of_width(s.min_, y)"),
            ],
        ),
        (
            "dummy.py",
            "dummy",
            [
                ("return prior", "return prior[::-1]"),
                ("prior.argmax()", "prior.argmin()"),
                ("classes == np.ravel(value)[0]", "classes != np.ravel(value)[0]"),
                ("np.ravel(floats(est.constant_))", "np.ravel(2 * floats(est.constant_))"),
            ],
        ),
        (
            "quantiles.py",
            "quantiles",
            [
                ("shares[last]) / 2", "shares[last]) / 4"),
                ("shares[last]])", "shares[first]])"),
                ("LEAST, 0.5)", "1e-6, 0.5)"),
                ("normal(upper), -1.0", "normal(upper), 1.0"),
                ("if v - NEAR < low", "if v - NEAR < low - 1"),
                ("[[0.0, first]", "[[0.1, first]"),
                ("(0.5 - v[passed])", "(0.4 - v[passed])"),
            ],
        ),
        (
            "powers.py",
            "powers",
            [
                ('== "box-cox" else', '!= "box-cox" else'),
                ("if est.standardize else y", "if not est.standardize else y"),
                ("above, p), divide=p", "above, p), multiply=p"),
                ('"log"), p), divide=p', '"log"), p), multiply=p'),
                ("nonzero(2 - power)", "nonzero(1 - power)"),
                ("divide=-q", "divide=q"),
                ("LEAST, power)", "1.0, power)"),
            ],
        ),
        (
            "functions.py",
            "functions",
            [
                ('"log1p"),', '"log"),'),
                ('"expm1"),', '"exp"),'),
                ('negative": lambda x: times(x, -1.0)', 'negative": lambda x: times(x, 1.0)'),
                ("np.log(2.0)", "np.log(3.0)"),
                ("by=other", "by=x"),
            ],
        ),
        (
            "splines.py",
            "splines",
            [
                ('"fraction")', '"tanh")'),
                ("% n_splines))", "% 2))"),
                ("below, above = above, below", "pass"),
                ('int(est.extrapolation == "linear")', "0"),
                ("row[d] = carried", "row[d] = -carried"),
                ("or i == end - 1", ""),
                ("np.nextafter(last, np.inf)", "np.nextafter(last, -np.inf)"),
            ],
        ),
        (
            "encoders.py",
            "encoders",
            [
                ("float(est.threshold)), np.inf)", "float(est.threshold)), -np.inf)"),
                ("floats(edges)[1:-1]", "floats(edges)[:-2]"),
                ("count -= 1", "count -= 0"),
                ("place - (place > gone)", "place"),
                ("if catch else UNKNOWN", "if not catch else UNKNOWN"),
                ("np.append(place[: ignored[i]], ignored[i])", "np.append(place, 0)"),
                ("= float(est.encoded_missing_value)", "= 0.0"),
                ("means])", "0 * means])"),
                ("np.nextafter(real[order], np.inf)", "real[order] + 1"),
                ("order = np.argsort(real)", "order = np.argsort(-real)"),
            ],
        ),
        (
            "cluster.py",
            "encoders",
            [("member / member.sum(axis=1, keepdims=True)", "member")],
        ),
        (
            "registry.py",
            "registry or refused",
            [
                ("est = parts[0]", "est = parts[-1]"),
                ("est = parts[-1]", "est = parts[0]"),
                ("names is None", "names is not None"),
                ("import_outputs(est, Input(1))", "pass"),
                ("if est.refit is False", "if est.refit is None"),
                ("== np.float32 for", "== np.float64 for"),
                ('"coef_", "components_"', '"components_"'),
                ('"components_", "cluster_centers_"', '"components_"'),
                ('"components_", ', ""),
                ('array.get("data") if isinstance', 'array.get("indptr") if isinstance'),
                ("if len(names) != first.n_features_in_", "if len(names) == 0"),
                (
                    "except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)",
                    "except ArithmeticError",
                ),
                (
                    'named = est.get("steps") or est.get("transformer_list")',
                    'named = est.get("steps")',
                ),
            ],
        ),
    ]
    for old, new in changes
]


def copied(folder: Path) -> None:
    """The package and the tests of its importers, in a folder of their own."""
    for name in COPIED:
        source, target = PROJECT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)


def run_tests(folder: Path, family: str) -> None:
    """Run the tests of a family against the package in this folder, and leave with its code."""
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    without = [part for name in PLUGINS_LEFT_OUT for part in ("-p", f"no:{name}")]
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        arguments = ["-x", "-q", *without, "-k", family, *TESTS]
        sys.exit(int(pytest.main(arguments)))


def tests_pass(folder: Path, family: str) -> bool:
    """Whether the tests pass; a fork each, which has the large libraries but not the package."""
    child = get_context("fork").Process(target=run_tests, args=(folder, family))
    child.start()
    child.join()
    if child.exitcode not in (0, 1):
        raise SystemExit(f"pytest could not run for {family!r}: exit code {child.exitcode}")
    return child.exitcode == 0


def require_sound(path: Path, mutation: Mutation) -> None:
    """Refuse a mutation that any run would notice, because a name in it is not known."""
    arguments = [sys.executable, "-m", "ruff", "check", "--select", "E9,F821", "--quiet", path]
    if subprocess.run(arguments, check=False, stdout=subprocess.DEVNULL).returncode != 0:
        raise SystemExit(f"{mutation.file}: {mutation.new!r} is no Python, or names the unknown")


def is_killed(folder: Path, mutation: Mutation) -> bool:
    """Change the text, run the tests, put the text back."""
    path = folder / IMPORTERS / mutation.file
    text = path.read_text(encoding="utf-8")
    if (found := text.count(mutation.old)) != 1:
        raise SystemExit(f"{mutation.file} holds {mutation.old!r} {found} times, expected once")
    path.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
    require_sound(path, mutation)
    try:
        return not tests_pass(folder, mutation.family)
    finally:
        path.write_text(text, encoding="utf-8")


def main() -> int:
    """Run all mutations, or those of files whose name holds the argument."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = [mutation for mutation in MUTATIONS if wanted in mutation.file]
    survivors = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copied(folder)
        if not tests_pass(folder, " or ".join(sorted({m.family for m in chosen}))):
            raise SystemExit("the tests fail without any mutation")
        for mutation in chosen:
            killed = is_killed(folder, mutation)
            print(
                f"{'killed  ' if killed else 'SURVIVED'} {mutation.file}: "
                f"{mutation.old!r} -> {mutation.new!r}",
                flush=True,
            )
            survivors += [] if killed else [mutation]
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} mutations killed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
