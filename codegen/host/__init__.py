"""Loops over many rows for the host: vectorised where that gives the same bits, else row by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from codegen.host.block import by_block
from codegen.host.forest import over_forest
from codegen.host.scores import by_scores
from codegen.plan.program import Code, Function, Helper, Program
from codegen.sources import data_folder, environment

HEADERS = {
    "host/each.c.j2": (),
    "host/forest.c.j2": ("forest.h",),
    "host/scores.c.j2": ("lanes.h",),
    "host/block.c.j2": ("lanes.h", "block.h"),
}
ROW_BY_ROW = Helper("host/each.c.j2", {})


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """How one function is called for many rows: a template and its values."""

    function: Function
    template: str
    values: Mapping[str, Any]


def form_of(function: Function, program: Program) -> Form:
    """The quickest loop that is known for a function."""
    root = program.model.methods[function.method]
    found = over_forest(root, function, program.dtype)
    found = found or by_scores(root, program.dtype, function.name)
    found = found or by_block(root, program.dtype, function.name)
    chosen = found or ROW_BY_ROW
    return Form(function, chosen.template, chosen.values)


def rows_source(program: Program) -> dict[str, str]:
    """The C file with the loops, and the headers it includes (file name -> text)."""
    forms = [form_of(function, program) for function in program.functions]
    headers = list(dict.fromkeys(name for form in forms for name in HEADERS[form.template]))
    loops = (
        environment()
        .get_template("host/rows.c.j2")
        .render(
            name=program.name,
            real=program.real,
            x_ctype=program.x_ctype,
            whole=Code(f"int{8 * np.dtype(program.dtype).itemsize}_t"),
            n_features=program.model.input.n_features,
            headers=[Code(name) for name in headers],
            forms=forms,
        )
    )
    folder = data_folder("templates") / "host"
    texts = {name: (folder / name).read_text(encoding="ascii") for name in headers}
    return {**texts, f"{program.name}_rows.c": loops}
