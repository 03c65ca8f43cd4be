"""Makes the public table anew: every case, core and aim, this project and the other tools.

python benchmarks/table.py                       results.csv, docs/benchmarks.md and .svg
python benchmarks/table.py forest10_digits ...   these cases; the other lines stay as they are
python benchmarks/table.py --targets cortex-m3,riscv32imc
python benchmarks/table.py --pages               only the pages, from the csv

The other tools are installed from PyPI into an environment of their own. What depends only on
what was asked (another tool's C, the run of one C on one core) is kept in the cache folder;
--fresh asks again. No end within the limit counts as a failure, and shows as one.
"""

import argparse
from pathlib import Path

from comparison import page, picture
from comparison.contest import run
from comparison.figures import Figure, read, write
from comparison.models import CASES

from codegen.targets import find_target

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results.csv"
PAGE = ROOT / "docs" / "benchmarks.md"
PICTURE = ROOT / "docs" / "benchmarks.svg"
TARGETS = "cortex-m0plus,cortex-m4f"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("case", nargs="*", choices=[[], *(c.name for c in CASES)], metavar="case")
    parser.add_argument("--targets", default=TARGETS, help="separated by commas")
    parser.add_argument("--fresh", action="store_true", help="ask again what is kept in the cache")
    parser.add_argument("--pages", action="store_true", help="only write the pages anew")
    return parser.parse_args()


def said(figure: Figure) -> str:
    """A figure in a line, for who waits."""
    costs = figure.error or (
        f"{figure.flash} B, {figure.instructions:.0f} instructions, "
        f"right {figure.agree:.3f} {'' if figure.edge is None else format(figure.edge, '.3f')}"
    )
    return f"{figure.case} {figure.target} {figure.tool} {figure.aim}: {costs}"


def merged(old: list[Figure], new: list[Figure]) -> list[Figure]:
    """New lines in place of all old ones of their cases and cores, in the order of the cases."""
    made = {(f.case, f.target) for f in new}
    kept = [f for f in old if (f.case, f.target) not in made]
    order = {case.name: place for place, case in enumerate(CASES)}
    return sorted(
        (f for f in (*kept, *new) if f.case in order), key=lambda f: (order[f.case], f.target)
    )


def measure(names: list[str], targets: list[str], *, fresh: bool) -> None:
    """Run the cases and write the csv."""
    for target in targets:
        find_target(target)
    new = []
    for figure in run([c for c in CASES if c.name in (names or c.name)], targets, fresh=fresh):
        print(said(figure), flush=True)
        new.append(figure)
    write(RESULTS, merged(read(RESULTS) if RESULTS.exists() else [], new))


def main() -> None:
    chosen = arguments()
    if not chosen.pages:
        measure(chosen.case, chosen.targets.split(","), fresh=chosen.fresh)
    figures = read(RESULTS)
    PAGE.write_text(page.filled(PAGE.read_text("utf-8"), figures), encoding="utf-8")
    picture.draw(figures, RESULTS.read_bytes(), PICTURE)


if __name__ == "__main__":
    main()
