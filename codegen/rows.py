"""Test rows for a board: which rows, what the C answers on this computer, and their header."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.edges import edge_rows
from codegen.errors import InvalidInput
from codegen.export import Artifact
from codegen.plan.program import Code, Function, Program, ctype_of
from codegen.sources import environment
from codegen.texts import packed


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows X (n_rows, n_features), each with its number among n_given rows.

    expected: by method, what the C answers here (n_rows, size).
    """

    numbers: NDArray[np.int32]
    X: NDArray[Any]
    expected: Mapping[str, NDArray[Any]]
    n_given: int

    @property
    def n_bytes(self) -> int:
        """The flash that rows and answers take."""
        return sum(a.nbytes for a in (self.numbers, self.X, *self.expected.values()))


def chosen_rows(artifact: Artifact, X: Any, n_rows: int) -> Rows:
    """At most n_rows of the rows X, spread evenly; rows made at the model's edges where X is None.

    Raises InvalidInput for rows of another width, and where there is none.
    """
    given = edge_rows(artifact.lowered, None, n_rows) if X is None else X
    if not len(given) or n_rows < 1:
        raise InvalidInput("firmware needs at least one row to run the model on")
    compiled = artifact.compile()
    numbers = np.linspace(0, len(given) - 1, min(n_rows, len(given))).astype(np.int32)
    rows = np.ascontiguousarray(compiled.rows(given)[numbers])
    expected = {method: compiled.raw(method, rows) for method in compiled.methods}
    return Rows(numbers, rows, expected, len(given))


def rows_header(artifact: Artifact, rows: Rows, where: str) -> str:
    """The header that tells main.c of the model, the rows and the expected answers."""
    program, classes = artifact.program, artifact.model.classes
    context = {
        "name": program.name,
        "NAME": Code(program.name.upper()),
        "title": f"{program.name} on {where}: {len(rows.X)} of {rows.n_given} rows",
        "n_rows": len(rows.X),
        "n_answers": len(rows.X) * len(program.functions),
        "most": max(f.size for f in program.functions),
        "numbers": rows.numbers,
        **given_values(program, rows.X),
        "functions": [function_values(f, rows.expected[f.method]) for f in program.functions],
        "n_labelled": len(classes),
        "label_offset": np.cumsum([0, *(len(c) for c in classes)], dtype=np.int32),
        "labels": [shown(label) for column in classes for label in column.tolist()] or [""],
        **real_values(program.real),
    }
    return environment().get_template("firmware/rows.h.j2").render(context)


def given_values(program: Program, X: NDArray[Any]) -> dict[str, Any]:
    """How the header holds the rows: by their bits, or as one text."""
    if program.model.is_text:
        letters, starts = packed(X)
        return {"is_text": True, "letters": letters, "starts": starts.astype(np.int32)}
    kind = ctype_of(bits(X).dtype)
    return {"is_text": False, "X": bits(X), "x_ctype": program.x_ctype, "x_bits": kind}


def shown(label: Any) -> str:
    """A class label on one line."""
    text = str(label)
    return text if text.isprintable() else ascii(text)


def bits(values: NDArray[Any]) -> NDArray[Any]:
    """Numbers by their bits; whole numbers as they are."""
    return values.view(f"u{values.itemsize}") if values.dtype.kind == "f" else values


def function_values(function: Function, expected: NDArray[Any]) -> dict[str, Any]:
    """What the header says of one function."""
    return {
        "method": function.method,
        "name": function.name,
        "way": Code(function.result),
        "size": function.size,
        "ctype": Code("int32_t" if function.ctype == "int32_t" else "rows_bits"),
        "expected": bits(expected),
    }


def real_values(real: str) -> dict[str, Any]:
    """How the header reads the model's numbers: of which type, and where infinity lies."""
    kind, number = {"float": ("f32", np.float32), "double": ("f64", np.float64)}[real]
    infinity, minus_zero = bits(np.array([np.inf, -0.0], number))
    return {
        "real": Code(real),
        "bits": Code(f"{infinity.dtype.name}_t"),
        "print": Code(f"print_{kind}"),
        "magnitude": ~minus_zero,
        "infinity": infinity,
    }
