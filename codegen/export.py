"""The table of contents: load, import, pass, plan, emit; then compile, verify and measure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen import verify
from codegen.compiled import Compiled
from codegen.edges import edge_rows
from codegen.emit import Layout, emit, manifest
from codegen.errors import InvalidInput
from codegen.importers import import_model
from codegen.ir import Floats, Model
from codegen.live import ask, given_answers
from codegen.load import fingerprint, load
from codegen.measure import Costs, measure
from codegen.passes import prepare
from codegen.plan import Program, plan
from codegen.plan.program import Dtype
from codegen.sources import environment
from codegen.targets import Target, find_target, measured_cores
from codegen.toolchain import build_host
from codegen.verify import Agreement, Verification, agreement, compare

EDGE_ROWS = 400
MEASURED_ROWS = 40
RESERVED = frozenset((Path(__file__).parent / "reserved.txt").read_text("ascii").split())


@dataclass(frozen=True, slots=True, eq=False)
class Artifact:
    """An export: its files, and what can be done with them.

    files: the C and the manifest, name -> text. model: as read from the estimator; lowered: as
    written to C. estimator: Python's own model where it is at hand; data: rows to verify on.
    """

    program: Program
    files: Mapping[str, str]
    target: Target
    model: Model
    lowered: Model
    sha256: str
    estimator: Any = field(default=None, repr=False)
    data: Any = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """The prefix of every symbol, and of the files."""
        return str(self.program.name)

    @property
    def sources(self) -> dict[str, str]:
        """The files that a compiler is given, as a header and one C file."""
        code = {n: t for n, t in self.files.items() if n.endswith((".h", ".c"))}
        if f"{self.name}.c" not in code:
            text = environment().get_template("implementation.c.j2")
            code[f"{self.name}.c"] = text.render(name=self.program.name, NAME=upper(self.program))
        return code

    def compile(self) -> Compiled:
        """The C, built for this computer."""
        text = environment().get_template("host.c.j2")
        loops = text.render(
            name=self.program.name,
            NAME=upper(self.program),
            real=self.program.real,
            program=self.program,
        )
        sources = {**self.sources, f"{self.name}_rows.c": loops}
        return Compiled(self.program, build_host(sources, self.name))

    def verify(
        self,
        X: Any = None,
        answers: Mapping[str, NDArray[Any]] | None = None,
        *,
        cores: Sequence[Target] | None = None,
    ) -> Verification:
        """Compare Python, numpy, the C on the host and on the cores.

        Args:
            X: rows (n_rows, n_features), those of the export by default; rows made at the edges
                are always added.
            answers: Python's answers on X by method, where no live estimator is at hand.
            cores: where the machine code runs; the cores of the export's target by default.
        """
        return verified(self, self.data if X is None else X, answers or {}, cores)

    def measure(self, core: str, X: Any = None) -> Costs:
        """Costs on one core, on the rows X or on rows made at the edges."""
        rows = self.compile().rows(edge_rows(self.lowered, None, MEASURED_ROWS) if X is None else X)
        return measure(self.program, self.sources, find_target(core), rows[:MEASURED_ROWS])

    def write(self, folder: str | Path, *, force: bool = False) -> list[Path]:
        """Write all files, or none; see codegen.files.write."""
        from codegen.files import write

        return write(self.files, Path(folder), force=force)


def upper(program: Program) -> Any:
    """The prefix of macros."""
    return type(program.name)(program.name.upper())


def export(
    model: Any,
    target: str = "cortex-m",
    name: str = "model",
    data: Any = None,
    *,
    dtype: Dtype = "float32",
    layout: Layout = "split",
) -> Artifact:
    """The C of a fitted model.

    Args:
        model: a path, bytes, or a live estimator.
        target: a row of `codegen targets`.
        name: the prefix of every symbol; a C identifier.
        data: rows to verify on; `artifact.verify` takes them too.

    Raises:
        CodegenError: one of its children; the message says what, where and what to do.
    """
    found = find_target(target)
    checked_name(name)
    record = load(model)
    read = import_model(record)
    lowered = prepare(read, dtype)
    program = plan(lowered, name=name, dtype=dtype)
    sha256 = fingerprint(record)
    facts = facts_of(read, sha256, dtype)
    options = {"dtype": dtype, "layout": layout, "target": found.name, "input": "float"}
    files = emit(program, layout=layout, facts=facts)
    files[f"{name}.json"] = manifest(program, facts, options)
    live = model if hasattr(model, "fit") else None
    return Artifact(program, files, found, read, lowered, sha256, live, data)


def checked_name(name: str) -> None:
    """Refuse a prefix that is no plain C identifier; it is never repaired."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,30}", name):
        raise InvalidInput(
            f"--name {name[:40]!r} is no C identifier: use a letter, then at most 30 letters, "
            "digits and underscores"
        )
    if name in RESERVED or name.lower().startswith("cg_"):
        raise InvalidInput(f"--name {name!r} is reserved in C, in C++ or for the kernels")


def facts_of(model: Model, sha256: str, dtype: Dtype) -> dict[str, str]:
    """What the banner says."""
    exact = dtype == "float64" or any("Tree" in type(n).__name__ for n in nodes_of(model))
    promise = (
        "Every path through a tree and every vote is exact; other values have a stated bound."
        if exact
        else "Values have a stated bound; a label is right wherever its gap exceeds that bound."
    )
    return {
        "estimator": model.estimator,
        "answers": ", ".join(model.methods),
        "sha256": sha256,
        "tool": f"edge-codegen {version('edge-codegen')}",
        "promise": promise,
    }


def nodes_of(model: Model) -> list[Any]:
    """All nodes of a model."""
    from codegen.ir import walk

    return list(walk(model.methods.values()))


def verified(
    artifact: Artifact,
    X: Any,
    answers: Mapping[str, NDArray[Any]],
    cores: Sequence[Target] | None,
) -> Verification:
    """The comparisons of verify.py on the given rows and on made ones."""
    c = artifact.compile()
    given = (
        np.empty((0, artifact.model.input.n_features)) if X is None else np.asarray(X, np.float64)
    )
    rounded = c.rows(given).astype(np.float64)
    changed = int((~((rounded == given) | np.isnan(given))).sum())
    edges = edge_rows(artifact.lowered, rounded, EDGE_ROWS)
    known = given_answers(answers, artifact.model)
    live = artifact.estimator
    reference: verify.Reference = (
        "python" if live is not None else "answers" if known else "codegen"
    )
    results = {}
    for label, rows in (("given", rounded), ("edges", edges)):
        asked = ask(live, artifact.model, rows) if live is not None and len(rows) else {}
        if label == "given" and live is None:
            asked = known
        results[label] = compared(artifact, c, rows, asked)
    where = measured_cores(artifact.target.name) if cores is None else cores
    sample = np.vstack([rounded[:MEASURED_ROWS], edges[:MEASURED_ROWS]])
    return Verification(
        reference=reference,
        given=results["given"][0],
        edges=results["edges"][0],
        reading=(*results["given"][1], *results["edges"][1]),
        rounded=changed,
        bits={
            core.name: bits_that_differ(artifact, c, core, sample)
            for core in where
            if core.unicorn_cpu
        },
    )


def compared(
    artifact: Artifact, c: Compiled, rows: Floats, answers: Mapping[str, NDArray[Any]]
) -> tuple[tuple[Agreement, ...], tuple[Agreement, ...]]:
    """C against the reference, and C against codegen's own reading of the model."""
    if not len(rows):
        return (), ()
    expected = compare(artifact.model, artifact.lowered, rows, artifact.program.dtype, answers)
    outside: list[Agreement] = []
    reading: list[Agreement] = []
    for method, want in expected.items():
        got = c.raw(method, rows)
        is_label = artifact.model.methods[method].is_index
        for found, value in ((outside, want.value), (reading, want.reading)):
            found.append(
                agreement(method, is_label=is_label, want=value, got=got, bound=want.known.bound)
            )
    return tuple(outside), tuple(reading)


def bits_that_differ(artifact: Artifact, c: Compiled, core: Target, rows: Floats) -> int:
    """Rows on which a core's answers are not the host's, bit by bit; NaN equals NaN."""
    given = c.rows(rows)
    costs = measure(artifact.program, artifact.sources, core, given)
    wrong = np.zeros(len(given), bool)
    for method, got in costs.answers.items():
        want = c.raw(method, given)
        same = (want == got) & (np.signbit(want) == np.signbit(got)) | (
            (want != want) & (got != got)
        )
        wrong |= ~same.all(axis=1)
    return int(wrong.sum())
