"""The page of all estimators: what is exported, how exactly, and what is refused."""

from itertools import groupby

from codegen.importers import IMPORTERS

HEAD = """# Estimators

Every estimator of scikit-learn, as `python benchmarks/sweep.py` found it: fitted with two settings
on two data sets each, exported, and compared with Python's own answers on rows that the model had
not seen and on rows made at its edges. Labels are right wherever their gap exceeds the bound;
"error" is the largest of any number, over the range of the method's answers (float32). "No bound"
marks answers for which none is known: a step function behind inexact values, or an iteration.

"""


def filled(lines: list[dict[str, str]]) -> str:
    """The page."""
    groups = {name: list(group) for name, group in groupby(lines, lambda line: line["estimator"])}
    agreeing = [n for n, group in groups.items() if all(v["outcome"] == "agrees" for v in group)]
    rows = [row(name, group) for name, group in groups.items()]
    count = f"{len(agreeing)} of {len(groups)} agree in every setting and on all data.\n\n"
    table = "| estimator | outcome | methods | error | words |\n| --- | --- | --- | ---: | --- |\n"
    others = sorted(path for path in IMPORTERS if not path.startswith("sklearn."))
    beside = "\nBeside scikit-learn: " + ", ".join(f"`{path}`" for path in others) + ".\n"
    return HEAD + count + table + "\n".join(rows) + "\n" + beside


def row(name: str, group: list[dict[str, str]]) -> str:
    """One estimator in a line."""
    outcomes = ", ".join(sorted({v["outcome"] for v in group}))
    methods = " ".join(sorted({m for v in group for m in v["methods"].split()}))
    error = max(float(v["error"]) for v in group)
    bounded = all(v["bounded"] == "True" for v in group)
    told = f"{error:.1e}" if methods else "–"
    words = next((v["words"] for v in group if v["words"]), "" if bounded else "no bound")
    return f"| {name} | {outcomes} | {methods} | {told} | {words.replace('|', '/')} |"
