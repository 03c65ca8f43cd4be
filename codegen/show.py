"""The report for a reader: a few tables that fit 100 columns, units in their headings."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from codegen.candidates import Candidate
from codegen.measure import Costs, MethodCost
from codegen.report import Report
from codegen.targets import find_target
from codegen.verify import Agreement

ROWS_SHOWN = 8
WIDTH = 100


def tell(*parts: RenderableType) -> None:
    """Print to standard output: 100 columns, and no blanks at line ends, where no terminal is."""
    terminal = Console(highlight=False)
    if terminal.is_terminal:
        terminal.print(*parts, sep="\n")
        return
    text = Console(highlight=False, width=WIDTH, file=StringIO())
    text.print(*parts, sep="\n")
    assert isinstance(text.file, StringIO)
    lines = text.file.getvalue().splitlines()
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in lines))


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A line on standard error that says what is being done; silent where nobody looks.

    Gives the function that is told what begins.
    """
    columns = (BarColumn(bar_width=20), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(
        *columns,
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        disable=not sys.stderr.isatty(),
    ) as bar:
        task = bar.add_task("", total=None)
        yield lambda text: bar.update(task, description=escape(text))


def shown(report: Report) -> Group:
    """The whole report."""
    return Group(*parts(report))


def parts(report: Report) -> Iterator[RenderableType]:
    """Head, agreement, bits, costs, verdict."""
    yield Text(head(report), style="bold")
    yield agreement_table(report)
    yield from (Text(line) for line in remarks(report))
    for costs in report.costs:
        yield Text()
        yield costs_table(costs)
        if costs.unexpected_symbols:
            yield Text(f"It needs symbols from outside: {', '.join(costs.unexpected_symbols)}")
    if len(report.candidates) > 1:
        yield Text()
        yield candidates_table(report.candidates, report.facts["options"]["optimize"])
    if report.uncosted:
        yield Text(f"\nNo costs: {report.uncosted}.")
    yield Text()
    yield verdict(report)


def head(report: Report) -> str:
    """What went in."""
    facts = report.facts
    options = facts["options"]
    given = "a text" if facts.get("of_text") else f"{facts['n_features']} features"
    return (
        f"{report.name}: {facts['estimator']} ({facts['kind']}, {given}) "
        f"for {options['target']}, {options['dtype']}"
        + ("" if options["input"] == "float" else f", x {options['input']}")
    )


def headed(title: str, columns: list[str]) -> Table:
    """A plain table; all but its first column are numbers."""
    table = Table(
        title=title,
        title_justify="left",
        title_style="italic",
        box=None,
        header_style="dim",
        padding=(0, 0, 0, 2),
        pad_edge=False,
    )
    for i, column in enumerate(columns):
        table.add_column(column, justify="right" if i else "left", no_wrap=True, overflow="fold")
    return table


def plain(*headings: str, rows: Iterable[tuple[str, str]]) -> Table:
    """A list of a few columns of text."""
    table = Table(*headings, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def agreement_table(report: Report) -> Table:
    """Each method on the given rows and on the made ones."""
    table = headed(
        "\nAgreement of the C",
        [
            "function",
            "rows",
            "number\nof rows",
            "labels\ndiffer",
            "of them\nin bound",
            "rows in\nbound",
            "max abs\nerror",
            "its\nbound",
            "rows\nbeyond",
        ],
    )
    for rows, compared in (
        ("given", report.verification.given),
        ("made", report.verification.edges),
    ):
        for a in compared:
            table.add_row(
                a.method, rows, f"{a.rows:,}", *figures(a), style=None if a.good else "bold red"
            )
    return table


def figures(a: Agreement) -> list[str]:
    """The cells of one method: those of labels, or those of numbers."""
    if a.is_label:
        inside = f"{len(a.inside_rows):,}"
        return [f"{a.differ:,}", f"{a.differ_inside:,}", inside, "", "", ""]
    bound = "none" if a.max_bound is None else f"{a.max_bound:.2g}"
    return ["", "", "", f"{a.max_abs_error:.2g}", bound, f"{a.beyond:,}"]


def remarks(report: Report) -> Iterator[str]:
    """Against what was compared, what rounding changed, which rows are inside the bound."""
    v = report.verification
    if v.given:
        yield f"Given rows: compared with {report.against['given']}."
    yield f"Made rows (at thresholds, centres, extremes): with {report.against['edges']}."
    if v.rounded:
        dtype = report.facts["options"]["dtype"]
        yield f"{v.rounded:,} values of the given rows were rounded to {dtype} first."
        if v.reference == "answers" and not all(a.good for a in v.given):
            yield "Were the answers asked before rounding? codegen.answers rounds the rows first."
    for rows, compared in (("given", v.given), ("made", v.edges)):
        for a in compared:
            if a.inside_rows:
                inside = first(a.inside_rows)
                yield f"{a.method}: {rows} rows whose gap is inside the bound: {inside}."
    if not all(a.good for a in v.reading):
        yield "The C differs from codegen's own reading of the model beyond its bound."
    yield from bits_told(report)
    if report.truth:
        met, of = report.truth.right, report.truth.rows
        yield f"The truth in the data: the C is right on {met:,} of {of:,} rows."
    if report.suggested:
        yield (
            f"All given values are whole numbers: with --input {report.suggested} x takes these "
            "as they are."
        )


def bits_told(report: Report) -> Iterator[str]:
    """Which cores give the host's bits, and which do not."""
    bits = report.verification.bits
    same = [core for core, wrong in bits.items() if not wrong]
    if same:
        yield f"Same bits as on the host: {', '.join(same)}."
    for core, wrong in bits.items():
        if wrong:
            yield f"{core}: OTHER BITS than the host on {wrong:,} rows."


def first(rows: tuple[int, ...]) -> str:
    """A few numbers, and how many more."""
    more = len(rows) - ROWS_SHOWN
    text = ", ".join(str(row) for row in rows[:ROWS_SHOWN])
    return f"{text} and {more:,} more" if more > 0 else text


FIGURES: dict[str, Callable[[MethodCost], float | None]] = {
    "flash, bytes": lambda cost: cost.sizes.flash,
    "  code": lambda cost: cost.sizes.code,
    "  tables": lambda cost: cost.sizes.tables,
    "  runtime library": lambda cost: cost.sizes.runtime,
    "RAM without stack, bytes": lambda cost: cost.sizes.ram,
    "stack measured, bytes": lambda cost: cost.stack_measured,
    "stack bound, bytes": lambda cost: cost.stack_bound,
    "instructions, median": lambda cost: cost.instructions_median,
    "instructions, maximum": lambda cost: cost.instructions_max,
    "cycles, median": lambda cost: cost.cycles_median,
    "cycles, maximum": lambda cost: cost.cycles_max,
}


def candidates_table(candidates: tuple[Candidate, ...], aim: str) -> Table:
    """The forms of the trees that were weighed; figures that were estimated say so."""
    cores = [f.core for f in candidates[0].figures]
    columns = [f"{core}\n{what}" for core in cores for what in ("flash, bytes", "instructions")]
    table = headed(f"Forms of the trees, chosen for {aim}", ["form", *columns])
    for c in candidates:
        pairs = [
            f"{number:,.0f}{' (est.)' if f.estimated else ''}"
            for f in c.figures
            for number in (f.flash, f.instructions)
        ]
        table.add_row(c.form, *pairs, style="bold" if c.chosen else None)
    if any(f.estimated for c in candidates for f in c.figures):
        table.caption = "est.: from the number of nodes; many branches are compiled for speed alone"
    return table


def costs_table(costs: Costs) -> Table:
    """Each function alone, and all together."""
    title = f"Costs on {costs.core} ({find_target(costs.core).description})"
    table = headed(title, ["per call", *costs.methods, "all together"])
    whole = MethodCost(costs.sizes, *[None] * 6)
    for name, figure in FIGURES.items():
        numbers = [figure(cost) for cost in (*costs.methods.values(), whole)]
        if any(number is not None for number in numbers):
            table.add_row(name, *("" if n is None else f"{n:,.0f}" for n in numbers))
    return table


def verdict(report: Report) -> Text:
    """One line that says whether the C agrees."""
    if report.agreement:
        return Text("Agreement: yes", style="bold green")
    return Text("Agreement: NO. The C disagrees beyond its bound.", style="bold red")
