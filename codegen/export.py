"""The table of contents: load, import, pass, plan, emit; then compile, verify and measure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.candidates import Aim, Candidate, Contest, compete, ensembles
from codegen.compiled import Compiled
from codegen.declared import Declared
from codegen.edges import edge_rows
from codegen.emit import Layout, emit, manifest
from codegen.errors import InvalidInput
from codegen.host import rows_source
from codegen.importers import import_model
from codegen.importers.fitted_rows import add_rows
from codegen.ir import Model
from codegen.load import Record, fingerprint, load
from codegen.measure import Costs, measure
from codegen.passes import declare, prepare
from codegen.plan import Program
from codegen.plan.functions import SECOND
from codegen.plan.program import Dtype
from codegen.sources import environment
from codegen.targets import Target, find_target, measured_cores
from codegen.toolchain import build_host, native_flags
from codegen.verify import MEASURED_ROWS, Verification, verified

RESERVED = frozenset((Path(__file__).parent / "reserved.txt").read_text("ascii").split())


@dataclass(frozen=True, slots=True, eq=False)
class Artifact:
    """An export: its files, and what can be done with them.

    files: the C and the manifest, name -> text. model: as read from the estimator; lowered: as
    written to C. candidates: the forms that were weighed. estimator: Python's own model where it
    is at hand; data: rows to verify on.
    """

    program: Program
    files: Mapping[str, str]
    target: Target
    model: Model
    lowered: Model
    sha256: str
    candidates: tuple[Candidate, ...] = ()
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

    @property
    def host_sources(self) -> dict[str, str]:
        """The same files, and calls for many rows."""
        text = environment().get_template("host_text.c.j2" if self.model.is_text else "host.c.j2")
        loops = text.render(
            name=self.program.name,
            NAME=upper(self.program),
            x_ctype=self.program.x_ctype,
            program=self.program,
        )
        return {**self.sources, f"{self.name}_rows.c": loops}

    def compile(self) -> Compiled:
        """The C, built for this computer."""
        return Compiled(self.program, build_host(self.host_sources, self.name))

    def host(self) -> Compiled:
        """The same answers as those of compile(), bit by bit, quicker where rows are many.

        Built for this very computer, with all of its instructions; it runs on one thread. C-ordered
        arrays of the C input type are read in place, others are converted once.
        """
        if self.model.is_text:
            return self.compile()
        sources = {**self.sources, **rows_source(self.program)}
        return Compiled(self.program, build_host(sources, self.name, flags=native_flags()))

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
        where = measured_cores(self.target.name) if cores is None else tuple(cores)
        return verified(self, self.data if X is None else X, answers or {}, where)

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


def export(  # noqa: PLR0913 one parameter for each option
    model: Any,
    target: str = "cortex-m",
    name: str = "model",
    data: Any = None,
    *,
    dtype: Dtype = "float32",
    layout: Layout = "split",
    optimize: Aim = "balanced",
    input: Declared = "float",  # noqa: A002 the name of the option
    fitted_on: Any = None,
) -> Artifact:
    """The C of a fitted model.

    Args:
        model: a path, bytes, or a live estimator.
        target: a row of `codegen targets`.
        name: the prefix of every symbol; a C identifier.
        data: rows to verify on; `artifact.verify` takes them too.
        optimize: size, speed or balanced: what the C is chosen for; see codegen.candidates.
        fitted_on: for an estimator that keeps no training rows, those that its own fit saw, in
            their order; they become part of the model.
        input: the type of x where its values are whole numbers: int16, uint16, int8 or uint8.

    Raises:
        CodegenError: one of its children; the message says what, where and what to do.
    """
    found = find_target(target)
    checked_name(name)
    record = loaded(model, fitted_on)
    read = declare(import_model(record), input)
    lowered = prepare(read, dtype)
    sha256 = fingerprint(record)
    facts = facts_of(read, sha256, dtype)
    contest = Contest(lowered, name, dtype, optimize, measured_cores(found.name))
    candidates = compete(contest, facts)
    form = next(c.form for c in candidates if c.chosen)
    program = contest.program(form)
    options = {"dtype": dtype, "layout": layout, "target": found.name, "input": input}
    options |= {"optimize": optimize} | ({"tree_form": form} if ensembles(lowered) else {})
    files = emit(program, layout=layout, facts=facts)
    files[f"{name}.json"] = manifest(program, facts, options)
    live = model if hasattr(model, "fit") else None
    return Artifact(program, files, found, read, lowered, sha256, candidates, live, data)


def loaded(model: Any, fitted_on: Any) -> Record:
    """The model as data, with the rows that it was fitted on where they are given."""
    record = load(model)
    if fitted_on is not None:
        add_rows(record, np.array(fitted_on, dtype=np.float64))
    return record


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
        "answers": ", ".join(m for m in model.methods if m not in SECOND.values()),
        "sha256": sha256,
        "tool": f"edge-codegen {version('edge-codegen')}",
        "promise": promise,
    }


def nodes_of(model: Model) -> list[Any]:
    """All nodes of a model."""
    from codegen.ir import walk

    return list(walk(model.methods.values()))
