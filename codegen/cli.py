"""The command line: arguments, exit codes, progress."""

import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from codegen.errors import CodegenError, InvalidInput
from codegen.listings import estimators, inspect, targets
from codegen.options import DataFile, FittedOn, Force, InputType, Json, ModelFile, TargetName

if TYPE_CHECKING:
    from codegen.data import Data
    from codegen.export import Artifact
    from codegen.report import Report

DISAGREES = 3

app = typer.Typer(
    name="codegen",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="""Turn a fitted scikit-learn model into exact, allocation-free C for microcontrollers,
    show that it answers as Python does, and say what it costs.""",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; a user's error is one message and exit code 2."""
    try:
        app(arguments)
    except CodegenError as error:
        sys.stderr.write(f"error: {error}\n")
        raise SystemExit(2) from None


def print_version(wanted: bool) -> None:
    """The version, and nothing else."""
    if wanted:
        sys.stdout.write(f"edge-codegen {version('edge-codegen')}\n")
        raise typer.Exit


@app.callback()
def options(
    _: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="The version.")
    ] = False,
) -> None:
    """Options of all commands."""


@app.command()
def export(  # noqa: PLR0913, PLR0917 one parameter for each option
    model: ModelFile,
    target: TargetName = "cortex-m",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder of the files. Default: ./NAME")
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(help="Prefix of every symbol. Default: the stem of MODEL, or `model`."),
    ] = None,
    dtype: Annotated[
        Literal["float32", "float64"], typer.Option(help="The type the C computes in.")
    ] = "float32",
    data: DataFile = None,
    layout: Annotated[
        Literal["split", "header"], typer.Option(help="NAME.h and NAME.c, or NAME.h alone.")
    ] = "split",
    optimize: Annotated[
        Literal["size", "speed", "balanced"],
        typer.Option(help="What the form of trees is chosen for: flash, instructions, or both."),
    ] = "balanced",
    input_type: InputType = None,
    fitted_on: FittedOn = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Write the C of a model, with its proof and its price.

    The C is compared with the model on the rows of --data and on rows that
    are made at the edges, and measured on the target's cores in an emulator.
    Exit code 3: written, but the C disagrees.

    [bold]Examples[/bold]

    codegen export fall.pkl --target cortex-m4f -o out

    codegen export model.joblib --name fall --data rows.csv --layout header
    """
    from codegen.export import export as exported
    from codegen.prove import board_test, prove
    from codegen.report import as_json as json_of
    from codegen.show import progress

    name = name or default_name(model)
    with progress() as tell:
        tell(f"reading {Path(model).name}")
        artifact = exported(
            model,
            target,
            name,
            dtype=dtype,
            layout=layout,
            optimize=optimize,
            input=input_type or "float",
            fitted_on=fitted_rows_of(model, fitted_on),
        )
        rows = rows_of(data, artifact)
        report = prove(artifact, rows, tell, suggest=input_type is None)
        test = board_test(artifact, rows.X) if rows else {}
    files = {**artifact.files, **test, f"{name}.report.json": json_of(report)}
    from codegen.files import write

    written = write(files, output or Path(name), force=force)
    tell_report(report, as_json=as_json)
    if not as_json:
        tell_written(written)
    leave(report)


def fitted_rows_of(model: str, path: Path | None) -> Any:
    """The rows of --fitted-on, None without it."""
    if path is None:
        return None
    from codegen.data import read_fitted_rows
    from codegen.importers.registry import feature_names, first_step
    from codegen.load import load

    return read_fitted_rows(path, feature_names(first_step(load(model))))


def default_name(model: str) -> str:
    """The stem of the file where it can stand in C, else `model`."""
    from codegen.export import checked_name

    stem = Path(model).stem
    try:
        checked_name(stem)
    except InvalidInput:
        return "model"
    return stem


def rows_of(data: Path | None, artifact: "Artifact") -> "Data | None":
    """The rows of --data, if any."""
    from codegen.data import read_data, require_fits

    if data is None:
        return None
    rows = read_data(data, artifact.model)
    require_fits(rows, artifact.program.dtype)
    return rows


def tell_report(report: "Report", *, as_json: bool) -> None:
    """The report on standard output."""
    if as_json:
        from codegen.report import as_json as json_of

        sys.stdout.write(json_of(report))
        return
    from codegen.show import shown, tell

    tell(shown(report))


def tell_written(paths: Sequence[Path]) -> None:
    """Where the files are, on standard output."""
    sys.stdout.write(f"Written to {paths[0].parent}: {', '.join(path.name for path in paths)}\n")


def leave(report: "Report") -> None:
    """Exit code 3, said loudly, where the C disagrees."""
    if not report.agreement:
        sys.stderr.write(f"DISAGREEMENT: the C of {report.name} disagrees beyond its bound\n")
        raise typer.Exit(DISAGREES)


@app.command()
def verify(
    model: ModelFile,
    data: Annotated[Path, typer.Option("--data", help="Rows, with Python's answers beside them.")],
    target: TargetName = "cortex-m",
    dtype: Annotated[
        Literal["float32", "float64"], typer.Option(help="The type the C computes in.")
    ] = "float32",
    input_type: InputType = None,
    fitted_on: FittedOn = None,
    as_json: Json = False,
) -> None:
    """Compare the C with the model, on the host and on the target; write nothing.

    Python's answers are taken from the reserved columns of the data, as
    `codegen.answers` writes them. Exit code 3: the C disagrees.

    [bold]Example[/bold]

    codegen verify fall.pkl --data rows.csv --target cortex-m4f
    """
    from codegen.export import export as exported
    from codegen.prove import prove
    from codegen.show import progress

    with progress() as tell:
        tell(f"reading {Path(model).name}")
        name = default_name(model)
        fitted = fitted_rows_of(model, fitted_on)
        artifact = exported(
            model, target, name, dtype=dtype, input=input_type or "float", fitted_on=fitted
        )
        report = prove(artifact, rows_of(data, artifact), tell)
    tell_report(report, as_json=as_json)
    leave(report)


app.command()(inspect)


@app.command()
def firmware(  # noqa: PLR0913, PLR0917 one parameter for each option
    model: ModelFile,
    board: Annotated[str, typer.Option(help="mps2-an385, mps2-an386 or microbit.")],
    data: DataFile = None,
    input_type: InputType = None,
    fitted_on: FittedOn = None,
    run: Annotated[bool, typer.Option("--run", help="Run the image in an emulator.")] = False,
    emulator: Annotated[Literal["unicorn", "qemu"], typer.Option(help="What runs it.")] = "unicorn",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder. Default: ./NAME-BOARD")
    ] = None,
    force: Force = False,
) -> None:
    """Build a board's image that runs the model over rows, and run it.

    The image compares the C on the board with the same C on this computer,
    bit for bit. Exit code 3: it ran, and they differ.

    [bold]Example[/bold]

    codegen firmware fall.pkl --board mps2-an386 --data rows.csv --run
    """
    from codegen.boards import find_board
    from codegen.export import export as exported
    from codegen.firmware import build_firmware, run_firmware
    from codegen.show import progress

    name = default_name(model)
    with progress() as tell:
        tell(f"reading {Path(model).name}")
        target = find_board(board).target.name
        fitted = fitted_rows_of(model, fitted_on)
        artifact = exported(model, target, name, input=input_type or "float", fitted_on=fitted)
        rows = rows_of(data, artifact)
        tell(f"building the image for {board}")
        built = build_firmware(artifact, board, rows.X if rows else None)
        written = built.write(output or Path(f"{name}-{board}"), force=force)
        tell(f"running it in {emulator}")
        ran = run_firmware(built, emulator) if run else None
    tell_written(written)
    if ran:
        sys.stdout.write(ran.text)
    if ran and not ran.passed:
        sys.stderr.write(f"DISAGREEMENT: the firmware of {name} did not pass on {board}\n")
        raise typer.Exit(DISAGREES)


app.command()(targets)
app.command()(estimators)


@app.command()
def demo(
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Folder of the files it writes.")
    ] = Path("demo_out"),
) -> None:
    """Train, export, verify, measure, build firmware, run it: one show.

    Four models on real data; it needs scikit-learn.

    [bold]Example[/bold]

    codegen demo
    """
    from codegen.demo import show

    if not show(output):
        raise typer.Exit(DISAGREES)


if __name__ == "__main__":
    main()
