"""The templates and the kernels: a strict Jinja environment, and the join of runtime_c."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from codegen.literals import address, c_string, checked, comment, literal, table
from codegen.plan.program import Code


def data_folder(name: str) -> Path:
    """`templates`, `runtime_c` or `firmware`: inside the installed package, or beside it."""
    package = Path(__file__).parent
    installed = package / "_data" / name
    return installed if installed.is_dir() else package.parent / name


@cache
def environment() -> Environment:
    """Jinja, strict: an unknown name and an unfiltered value are errors. It compiles them once."""
    env = Environment(
        loader=FileSystemLoader(data_folder("templates")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=checked,
        autoescape=False,
    )
    env.filters |= {"literal": literal, "table": table, "c_string": c_string, "comment": comment}
    env.filters["address"] = address
    return env


DERIVED = (
    (re.compile(r"\bfloat\b"), "double"),
    (re.compile(r"(_[fF])32\b"), r"\g<1>64"),
    (re.compile(r"(_F)32_H\b"), r"\g<1>64_H"),
    (re.compile(r"\b(\d+\.\d*(?:e[-+]?\d+)?)f\b"), r"\1"),
)
"""How a float kernel reads for double: the type, the names, the constants."""

WIDER = (
    (re.compile(r"\buint16_t\b"), "uint32_t"),
    (re.compile(r"(_[uU])16(?=\b|_H\b)"), r"\g<1>32"),
)
"""How a kernel over numbers of 16 bits reads for 32."""

RETYPED = {"_f64": ("_f32", DERIVED), "_u32": ("_u16", WIDER)}


def written(name: str) -> str:
    """The file of runtime_c that a kernel is read from: its own, or that of the smaller type."""
    folder = data_folder("runtime_c")
    known = (name.replace(large, small) for large, (small, _) in RETYPED.items() if large in name)
    return name if (folder / name).is_file() else next(known, name)


@cache
def kernel_text(name: str) -> str:
    """The source of a kernel; one of a larger type without a file of its own is retyped."""
    file = written(name)
    text = (data_folder("runtime_c") / file).read_text(encoding="ascii")
    changes = (c for large, (_, c) in RETYPED.items() if file != name and large in name)
    for pattern, new in next(changes, ()):
        text = pattern.sub(new, text)
    return text


INCLUDE = re.compile(r'^#include "(cg_\w+\.h)"\n', re.MULTILINE)
SYSTEM = re.compile(r"^#include <\w+\.h>\n", re.MULTILINE)
LICENCE = "/* SPDX-License-Identifier: 0BSD */\n"


def join_kernels(names: Iterable[str]) -> Code:
    """The kernels and what they include, each once, in the order in which they need each other."""
    done: dict[str, str] = {}

    def add(name: str) -> None:
        if name in done:
            return
        text = kernel_text(name)
        for needed in INCLUDE.findall(text):
            add(needed)
        text = SYSTEM.sub("", INCLUDE.sub("", text)).removeprefix(LICENCE)
        done[name] = re.sub(r"\n{3,}", "\n\n", text)

    add("cg_base.h")
    for name in names:
        add(name)
    return Code("\n".join(done.values()))


def runtime_version() -> Code:
    """The version of the kernels, as cg_base.h states it."""
    found = re.search(r"#define CG_VERSION (\d+)", kernel_text("cg_base.h"))
    assert found is not None
    return Code(found[1])
