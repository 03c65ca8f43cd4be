"""The forms of a program that compete for an aim: each compiled for its cores, run, weighed."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

import numpy as np

from codegen import ir
from codegen.edges import edge_rows
from codegen.emit import emit
from codegen.emulate import Machine
from codegen.ir import Floats, Model
from codegen.measure import call
from codegen.plan import OVER_KEYS, Program, plan
from codegen.plan.program import NUMPY, Dtype, TreeForm
from codegen.plan.trees import takes_keys
from codegen.plan.whole import reads_whole
from codegen.targets import Target
from codegen.toolchain import compile_objects, link, sizes

Aim = Literal["size", "speed", "balanced"]

MOST_COMPILED = 5000
"""Nodes, leaves included; branches of more are estimated, and chosen only if speed is the aim."""

FEW_NODES = 30
"""A single tree of at most so many is branches for every aim: a loop would take more flash."""

BESIDE = 2048
"""Bytes of flash that the rest of a firmware takes at least: next to it few bytes weigh little."""

ROWS = 24
ASSUMED: dict[TreeForm, tuple[int, int, int]] = {
    "stream": (800, 6, 24),
    "branches": (800, 27, 8),
    "float_branches": (800, 27, 8),
    "key_stream": (900, 6, 16),
    "key_branches": (900, 18, 6),
}
"""What is assumed where nothing is measured: bytes, bytes a node, instructions a level."""

KEYED = 12
"""Instructions for the keys of a feature, assumed likewise."""


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """What one function costs on a core: bytes of flash, median of instructions per call."""

    core: str
    flash: int
    instructions: float
    estimated: bool


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A form of the trees of a program, and what it costs on each core."""

    form: TreeForm
    figures: tuple[Figures, ...]
    chosen: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """What the candidates are made of and measured on."""

    model: Model
    name: str
    dtype: Dtype
    aim: Aim
    cores: tuple[Target, ...]

    def program(self, form: TreeForm) -> Program:
        """The program with its trees in that form."""
        return plan(self.model, name=self.name, dtype=self.dtype, form=form)


def compete(contest: Contest, facts: Mapping[str, str]) -> tuple[Candidate, ...]:
    """The candidates with their costs, one of them chosen; the same for the same model.

    Forms are compared by their function that predicts, on rows made from the model alone, by size
    and instruction count; on several cores by the worst ratio to the best form there. facts: what
    the banner of the files says.
    """
    forms = forms_of(contest)
    if len(forms) == 1:
        return (Candidate(forms[0], (), chosen=True),)
    rows = edge_rows(contest.model, None, ROWS)
    pairs = list(product(forms, contest.cores))
    with ThreadPoolExecutor(max_workers=2) as pool:
        found = list(pool.map(lambda pair: figures(contest, facts, pair, rows), pairs))
    n = len(contest.cores)
    candidates = [
        Candidate(form, tuple(found[i * n : (i + 1) * n])) for i, form in enumerate(forms)
    ]
    open_to = [c for c in candidates if not takes_long(contest, c.form)]
    best = min(open_to, key=lambda c: score(c, candidates, contest.aim))
    return tuple(replace(c, chosen=c is best) for c in candidates)


def ensembles(model: Model) -> list[ir.TreeEnsemble]:
    """The tree ensembles of a model."""
    return [n for n in ir.walk(model.methods.values()) if isinstance(n, ir.TreeEnsemble)]


def forms_of(contest: Contest) -> tuple[TreeForm, ...]:
    """The forms that the trees of a model can take on the cores."""
    found = ensembles(contest.model)
    if not found or contest.dtype == "float64" or any(node.sets is not None for node in found):
        return ("stream",)
    if all(node.roots.size == 1 and node.feature.size <= FEW_NODES for node in found):
        return ("branches",)
    forms: list[TreeForm] = ["stream", "branches"]
    fpu = all(core.has_fpu for core in contest.cores)
    finite = all(bool(np.isfinite(node.threshold).all()) for node in found)
    fpu &= not all(reads_whole(node) for node in found)
    if fpu and finite:
        forms.append("float_branches")
    keyed = [node for node in found if takes_keys(node)]
    if keyed:
        forms.append("key_stream")
    if not all(node.refuses_nan for node in keyed):
        forms.append("key_branches")
    return tuple(forms)


def takes_long(contest: Contest, form: TreeForm) -> bool:
    """Whether the form would take minutes to compile and nobody asked for it."""
    n_nodes = sum(2 * node.feature.size + node.roots.size for node in ensembles(contest.model))
    return n_nodes > MOST_COMPILED and "branches" in form and contest.aim != "speed"


def score(candidate: Candidate, all_of_them: Sequence[Candidate], aim: Aim) -> tuple[float, ...]:
    """The worst ratio over the cores for what the aim asks, then for the other figure."""
    flash = worst_ratio(candidate, all_of_them, lambda f: f.flash)
    instructions = worst_ratio(candidate, all_of_them, lambda f: f.instructions)
    if aim == "size":
        return flash, instructions
    if aim == "speed":
        return instructions, flash
    return instructions * worst_ratio(candidate, all_of_them, lambda f: f.flash + BESIDE), flash


def worst_ratio(
    candidate: Candidate, all_of_them: Sequence[Candidate], figure: Callable[[Figures], float]
) -> float:
    """A figure over the best candidate's on the same core, at its worst."""
    return max(
        figure(own) / min(figure(c.figures[i]) for c in all_of_them)
        for i, own in enumerate(candidate.figures)
    )


def figures(
    contest: Contest, facts: Mapping[str, str], pair: tuple[TreeForm, Target], rows: Floats
) -> Figures:
    """Measured where it is compiled in reasonable time and can be run, else estimated."""
    form, core = pair
    if takes_long(contest, form) or not core.unicorn_cpu:
        return estimated(contest, form, core)
    program = contest.program(form)
    function = next((f for f in program.functions if f.method == "predict"), program.functions[0])
    files = emit(program, layout="split", facts=facts)
    objects = compile_objects(files, core)
    image = link(objects, core, [function.name])
    machine = Machine(image, core)
    given = rows.astype(NUMPY[program.x_ctype])
    counts = [call(machine, function, row).instructions for row in given]
    return Figures(core.name, sizes(image).flash, float(np.median(counts)), estimated=False)


def estimated(contest: Contest, form: TreeForm, core: Target) -> Figures:
    """From the number of nodes and trees, as if all trees were balanced."""
    flash, instructions = 0.0, 0.0
    for node in ensembles(contest.model):
        n_nodes, n_trees = node.feature.size, node.roots.size
        code, per_node, per_level = ASSUMED[form]
        flash += code + per_node * n_nodes
        instructions += per_level * n_trees * np.log2(n_nodes / n_trees + 2)
        if form in OVER_KEYS:
            instructions += KEYED * np.unique(node.feature).size
    return Figures(core.name, round(flash), float(round(instructions)), estimated=True)
