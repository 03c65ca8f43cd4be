"""The shape of the code, held as data: who may import whom, and what belongs to every node."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from codegen import export, ir
from codegen.export import Artifact
from codegen.plan.program import Program
from codegen.sources import INCLUDE, kernel_text, written
from tests import texts, whole_inputs
from tests.cases import CASES, exported
from tests.expressions import EXPRESSIONS, built
from tests.tree_forms import BOOSTED, FORMS, MODELS, fitted, in_form

ROOT = Path(__file__).resolve().parent.parent

ROOMS = (
    "errors trainers",
    "declared texts",
    "load ir elf grid files targets",
    "exact",
    "importers meanings live plan toolchain given",
    "evaluate losses passes compiled literals contents warm",
    "bounds",
    "sources",
    "emit boards",
    "edge_texts",
    "edges data emulate",
    "measure image answers host",
    "candidates",
    "verify",
    "export report",
    "codegen prove rows show",
    "firmware",
    "demo",
    "options",
    "listings",
    "cli",
)
"""A module imports its own room and those on lines above it; `codegen` is the package itself."""

LIBRARIES = {
    "capstone": "emulate",
    "cffi": "compiled prove",
    "elftools": "elf image",
    "jinja2": "sources",
    "rich": "contents show demo cli",
    "scipy": "meanings losses importers live trainers",
    "typer": "options cli",
    "unicorn": "emulate",
    "ziglang": "",
}
"""What is needed at run time beside numpy, and where alone it is imported."""

TRAINING = {"sklearn": "demo trainers", "pandas": "live data", "pyarrow": "data"}
"""What an export never needs: imported inside functions, where it is at hand anyway."""

LONGEST = 300
LONGER = {
    "codegen/evaluate.py": "one case for each node",
    "codegen/bounds.py": "one case for each node",
    "codegen/plan/stages.py": "one case for each node",
    "codegen/cli.py": "the options of every command",
}
LONGEST_FUNCTION = 30
LONGER_FUNCTIONS = {"meaning", "lost", "stage_of", "lower"}  # one case for each node

MODULES = sorted((ROOT / "codegen").rglob("*.py"))


def room_of(module: str) -> str:
    """The first part of a name below codegen; codegen for the package itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "codegen"


def name_of(path: Path) -> str:
    """The dotted name of a module."""
    dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return dotted.removesuffix(".__init__")


def imports(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    """The modules that are imported, and whether at the top of the module."""
    top = {id(node) for node in getattr(tree, "body", ())}
    for node in ast.walk(tree):
        found: list[str] = []
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            module = node.module or ""
            plain = module == "codegen"
            found = [f"codegen.{a.name}" for a in node.names] if plain else [module]
        yield from ((name, id(node) in top) for name in found)


@cache
def tree_of(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def rank(room: str) -> int:
    """The line of a room."""
    for line, rooms in enumerate(ROOMS):
        if room in rooms.split():
            return line
    raise AssertionError(f"{room} has no place in ROOMS: give it one")


def test_every_room_stands_in_its_place() -> None:
    rooms = {room_of(name_of(path)) for path in MODULES}
    assert {room for line in ROOMS for room in line.split()} == rooms


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_only_what_stands_above_it(path: Path) -> None:
    own = room_of(name_of(path))
    for name, _ in imports(tree_of(path)):
        other = room_of(name)
        if name.split(".")[0] == "codegen" and other != own:
            assert rank(other) < rank(own), f"{own} imports {other}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_libraries_are_imported_in_their_rooms(path: Path) -> None:
    own = room_of(name_of(path))
    for name, at_top in imports(tree_of(path)):
        library = name.split(".")[0]
        if library in LIBRARIES:
            assert own in LIBRARIES[library].split(), f"{own} imports {library}"
        if library in TRAINING:
            assert own in TRAINING[library].split(), f"{own} imports {library}"
            assert not at_top or own in ("demo", "trainers"), (
                f"{own} needs {library} to be imported"
            )


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_files_and_functions_are_short(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    print(f"{path.relative_to(ROOT)}: {lines} lines")
    assert lines <= LONGEST or str(path.relative_to(ROOT)) in LONGER
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef):
            said = len((ast.get_docstring(node) or "").splitlines())
            length = (node.end_lineno or 0) - node.lineno + 1 - said
            declares = path.name == "cli.py"  # options are parameters there
            known = declares or node.name in LONGER_FUNCTIONS
            assert length <= LONGEST_FUNCTION or known, f"{node.name}: {length} lines"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_opens_with_what_it_is_for(path: Path) -> None:
    said = ast.get_docstring(tree_of(path)) or ""
    assert said or not path.read_text()
    assert said == "" or said.split("\n")[0].endswith((".", ":"))


# ---- every node has its meaning, bound, stage, template, kernel and case


KINDS = [v for v in vars(ir).values() if isinstance(v, type) and issubclass(v, ir.Node)]
BASES = {base for kind in KINDS for base in kind.__bases__}
NODES = sorted(kind.__name__ for kind in KINDS if kind not in BASES)
MOST_NODES = 40
DECIDED = {"evaluate.py": "meaning", "bounds.py": "lost", "plan/stages.py": "stage_of"}


def matched(path: Path, function: str) -> set[str]:
    """The kinds of node that a function has a case for."""
    found = next(
        node
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef) and node.name == function
    )
    patterns = (node.cls for node in ast.walk(found) if isinstance(node, ast.MatchClass))
    return {cls.attr for cls in patterns if isinstance(cls, ast.Attribute)}


def test_the_vocabulary_stays_small() -> None:
    assert len(NODES) <= MOST_NODES


@pytest.mark.parametrize("file", DECIDED)
def test_every_node_has_its_case(file: str) -> None:
    assert set(NODES) <= matched(ROOT / "codegen" / file, DECIDED[file])


def used_files(program: Program) -> Iterator[str]:
    """Templates and kernels that a program is written from."""
    for function in program.functions:
        for step in function.steps:
            yield step.stage.template
            yield from (h.template for h in step.stage.helpers)
            yield from (v for v in step.stage.values.values() if str(v).endswith(".j2"))
            yield from step.stage.kernels


def read_by(program: Program) -> Iterator[ir.Node]:
    """The nodes whose values a program's stages read, those that only its plan made among them."""
    for function in program.functions:
        for step in function.steps:
            yield from step.stage.inputs


def included(template: str) -> list[str]:
    """The templates that a template includes by name."""
    text = (ROOT / "templates" / template).read_text(encoding="ascii")
    return re.findall(r'include "(nodes/\w+\.c\.j2)"', text)


def with_included(names: set[str]) -> set[str]:
    """Kernels and all that they include, as files: one of a larger type may be retyped."""
    waiting, done = [n for n in names if n.endswith(".h")], set()
    while waiting:
        name = waiting.pop()
        if name not in done:
            done.add(name)
            waiting += INCLUDE.findall(kernel_text(name))
    return {written(name) for name in done}


def artifacts() -> Iterator[Artifact]:
    """All that tests compile; a family's last settings, the least usual ones, come early."""
    unusual = sorted(CASES, key=lambda case: re.findall(r"\d+|$", case.id)[0])[::-1]
    yield from (in_form(fitted(n)[0], form) for n in [*MODELS, *BOOSTED] for form in FORMS)
    for name in whole_inputs.VALUES:
        estimator, declared, _ = whole_inputs.fitted(name)
        yield export(estimator, "host", input=declared)
    for name in texts.NAMES:
        yield export(texts.fitted(name)[0], "host")
    rows = texts.of_tokens("faults")
    yield export(texts.TOKENS["tokens"]().fit(rows), "host")
    for dtype in ("float32", "float64"):
        yield from (built(name, dtype) for name in EXPRESSIONS)
        yield from (exported(case, dtype) for case in unusual)


def test_every_node_template_and_kernel_is_used_by_a_case() -> None:
    nodes = set(NODES)
    files = {f"nodes/{p.name}" for p in (ROOT / "templates" / "nodes").glob("*.j2")}
    files |= {p.name for p in (ROOT / "runtime_c").glob("*.h")}
    files -= {
        "cg_ascii.h",
        "cg_finite_f32.h",
        "cg_not_infinite_f32.h",
    }  # in every export: its check
    for artifact in artifacts():
        found = set(used_files(artifact.program))
        found |= {part for name in found if name.endswith(".j2") for part in included(name)}
        for model in (artifact.model, artifact.lowered):
            nodes -= {type(n).__name__ for n in ir.walk(model.methods.values())}
        nodes -= {type(node).__name__ for node in read_by(artifact.program)}
        files -= found | with_included(found)
        if not nodes and not files:
            return
    assert not nodes, f"no case uses the nodes {sorted(nodes)}"
    assert not files, f"no case uses {sorted(files)}"
