"""Options that more than one command takes."""

from pathlib import Path
from typing import Annotated

import typer

from codegen.declared import Declared

ModelFile = Annotated[
    str, typer.Argument(metavar="MODEL", help="A .pkl or .joblib file; it is read as data.")
]
DataFile = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="Rows: .csv, .npy, .npz or .parquet. The columns target, predict, proba_<label>, "
        "decision_<i> and out_<i> hold the truth and Python's own answers.",
    ),
]
FittedOn = Annotated[
    Path | None,
    typer.Option(
        "--fitted-on",
        help="Rows that a clusterer or an embedding was fitted on, where it keeps none of them.",
    ),
]
TargetName = Annotated[str, typer.Option("--target", help="A row of `codegen targets`.")]
InputType = Annotated[
    Declared | None,
    typer.Option(
        "--input",
        help="The type of x in C; whole numbers such as raw ADC counts or pixels make trees "
        "smaller and faster. Default: float, as --dtype has it.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print only JSON.")]
Force = Annotated[bool, typer.Option("--force", help="Replace files that codegen did not write.")]
