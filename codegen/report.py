"""What an export costs and how it agrees, as one noun and as plain data for JSON."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from codegen.candidates import Candidate
from codegen.declared import Declared
from codegen.measure import Costs, MethodCost
from codegen.toolchain import Sizes
from codegen.verify import SAID, Agreement, Verification

READING = SAID["codegen"]


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """How often the C meets the truth that stands in the data: rows with the right label."""

    rows: int
    right: int


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """All that is told about an export.

    facts: of the model and the options. costs: one for each core; uncosted: for a target that
    has none, why. truth: where the data has the right labels. candidates: the forms that were
    weighed. suggested: a type of whole numbers that x could be declared as; it is printed only.
    """

    name: str
    facts: Mapping[str, Any]
    verification: Verification
    costs: tuple[Costs, ...]
    uncosted: str = ""
    truth: Truth | None = None
    candidates: tuple[Candidate, ...] = ()
    suggested: Declared | None = None

    @property
    def agreement(self) -> bool:
        """Whether nothing disagrees beyond its bound."""
        return self.verification.agreement

    @property
    def against(self) -> dict[str, str]:
        """In words, against what the given rows and the made rows were compared."""
        reference = self.verification.reference
        made = SAID["python"] if reference == "python" else READING
        return {"given": SAID[reference], "edges": made}


def as_dict(report: Report) -> dict[str, Any]:
    """The report as plain data; units stand in the names of the keys."""
    v = report.verification
    content: dict[str, Any] = {
        "name": report.name,
        "agreement": report.agreement,
        **report.facts,
        "compared_with": v.reference,
        "compared_with_in_words": report.against,
        "values_rounded": v.rounded,
        "given_rows": agreements(v.given),
        "edge_rows": agreements(v.edges),
        "own_reading": [agreement_dict(a) for a in v.reading],
        "rows_with_other_bits_than_the_host": dict(v.bits),
        "costs": {c.core: costs_dict(c) for c in report.costs},
    }
    if len(report.candidates) > 1:
        content["candidates"] = [candidate_dict(c) for c in report.candidates]
    if report.uncosted:
        content["no_costs_because"] = report.uncosted
    if report.truth:
        content["truth"] = {"rows": report.truth.rows, "rows_right": report.truth.right}
    return content


def as_json(report: Report) -> str:
    """The report as JSON text."""
    return json.dumps(as_dict(report), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def agreements(compared: tuple[Agreement, ...]) -> dict[str, Any]:
    """Agreement by method."""
    return {a.method: agreement_dict(a) for a in compared}


def agreement_dict(a: Agreement) -> dict[str, Any]:
    """One method on some rows."""
    common = {"method": a.method, "rows": a.rows, "agreement": a.good}
    if a.is_label:
        return common | {
            "labels_differ": a.differ,
            "labels_differ_inside_bound": a.differ_inside,
            "rows_inside_bound": list(a.inside_rows),
        }
    return common | {
        "max_abs_error": number(a.max_abs_error),
        "max_bound": None if a.max_bound is None else number(a.max_bound),
        "rows_beyond_bound": a.beyond,
    }


def number(value: float) -> float | str:
    """JSON has no infinity."""
    return value if math.isfinite(value) else str(value)


def costs_dict(costs: Costs) -> dict[str, Any]:
    """All functions together on one core, and each alone."""
    return {
        **sizes_dict(costs.sizes),
        "foreign_symbols": list(costs.foreign_symbols),
        "unexpected_symbols": list(costs.unexpected_symbols),
        "functions": {method: method_dict(cost) for method, cost in costs.methods.items()},
    }


def sizes_dict(sizes: Sizes) -> dict[str, int]:
    """Bytes in flash by owner, and in RAM."""
    return {
        "flash_bytes": sizes.flash,
        "flash_code_bytes": sizes.code,
        "flash_tables_bytes": sizes.tables,
        "flash_runtime_bytes": sizes.runtime,
        "ram_bytes": sizes.ram,
    }


def method_dict(cost: MethodCost) -> dict[str, Any]:
    """One function alone: what a program that calls only it pays."""
    return {
        **sizes_dict(cost.sizes),
        "stack_measured_bytes": cost.stack_measured,
        "stack_bound_bytes": cost.stack_bound,
        "instructions_median": cost.instructions_median,
        "instructions_max": cost.instructions_max,
        "cycles_median": cost.cycles_median,
        "cycles_max": cost.cycles_max,
    }


def candidate_dict(candidate: Candidate) -> dict[str, Any]:
    """One form of the trees, and what predicting costs in it on each core."""
    return {
        "tree_form": candidate.form,
        "chosen": candidate.chosen,
        "costs": {
            f.core: {
                "flash_bytes": f.flash,
                "instructions_median": f.instructions,
                "estimated": f.estimated,
            }
            for f in candidate.figures
        },
    }
