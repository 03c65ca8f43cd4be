"""What the examples share: where they write, and how they tell agreement, costs and matrices."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

CORES = ("cortex-m0plus", "cortex-m4f")


def output_folder(name: str, what: str) -> Path:
    """The folder given by --out; examples_out/<name> under the current folder by default."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("examples_out") / name,
        help="where the files go (default: %(default)s)",
    )
    return Path(parser.parse_args().out)


def title(text: str) -> None:
    """A headline."""
    print(f"\n{text}\n{'-' * len(text)}")


def tell_agreement(proof: Any) -> None:
    """A Verification in words: each method, then the cores, then the verdict."""
    print("  compared with scikit-learn's answers, on given rows + rows made at the edges:")
    for given, made in zip(proof.given, proof.edges, strict=True):
        method, compared = given.method, (given, made)
        rows = " + ".join(f"{a.rows:,}" for a in compared)
        print(f"  {method:<18} {rows} rows: {in_words(compared)}")
    print(f"  {proof.rounded:,} input values were rounded to the C's input type for both sides")
    if not all(a.good for a in proof.reading):
        print("  the C differs from codegen's own reading of the model BEYOND ITS BOUND")
    for core, differing in proof.bits.items():
        said = f"OTHER BITS on {differing} rows" if differing else "the same bits as this computer"
        print(f"  {core:<18} {said}")
    print(f"  agreement: {'yes' if proof.agreement else 'NO, beyond the stated bound'}")


def in_words(compared: Sequence[Any]) -> str:
    """One method on the given rows and on those made at the edges."""
    if compared[0].is_label:
        unsure = sum(len(a.inside_rows) for a in compared)
        differ = sum(a.differ for a in compared)
        wrong = differ - sum(a.differ_inside for a in compared)
        said = f"{differ} labels differ, {unsure} rows lie within the error bound of a cut"
        return said + (f", {wrong} ARE WRONG" if wrong else "")
    error = max(a.max_abs_error for a in compared)
    known = [a.max_bound for a in compared if a.max_bound is not None]
    bound = f"{max(known):.1e}" if len(known) == len(compared) else "not known"
    beyond = sum(a.beyond for a in compared)
    said = f"largest error {error:.1e}, largest bound {bound}"
    return said + (f", {beyond} ROWS BEYOND THEIR OWN BOUND" if beyond else "")


def tell_costs(method: str, measured: dict[str, Sequence[Any]]) -> None:
    """What one function alone costs; measured: for each name the Costs on some cores."""
    print(f"  {method + ' alone':<34} flash    RAM  stack  instructions     cycles")
    print(f"  {'':<34} bytes  bytes  bytes        median     median")
    for name, costs in measured.items():
        for core in costs:
            c = core.methods[method]
            print(
                f"  {name + ' on ' + core.core:<32} {c.sizes.flash:>7,} {c.sizes.ram:>6,} "
                f"{c.stack_bound:>6,} {c.instructions_median:>13,.0f} {c.cycles_median:>10,.0f}"
            )


def tell_matrix(matrix: Any, labels: Sequence[str]) -> None:
    """A confusion matrix: a row for each truth, a column for each answer."""
    width = max(len(label) for label in labels)
    print(f"  {'truth':<{width}}   " + " ".join(f"{label:>{width}}" for label in labels))
    for label, row in zip(labels, matrix, strict=True):
        print(f"  {label:<{width}}   " + " ".join(f"{count:>{width}}" for count in row))


def tell_files(paths: Sequence[Path]) -> None:
    """What was written."""
    print(f"\nwritten to {paths[0].parent}: {', '.join(path.name for path in paths)}")
