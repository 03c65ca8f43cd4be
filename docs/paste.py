"""Fills the marked parts of README.md with what the tool prints now: run after a change of figures.

python docs/paste.py            # rewrites README.md
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
CODEGEN = Path(sys.executable).parent / "codegen"
ACT = re.compile(r"(=== 2\. .*?)\n=== 3\. ", re.DOTALL)


def printed(*arguments: str) -> str:
    """What a command prints when its output is no terminal."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(CODEGEN), *arguments]
        return subprocess.run(
            command, cwd=folder, check=True, capture_output=True, text=True
        ).stdout


def act_of_the_demo() -> str:
    """The second model of `codegen demo`: a forest, from its file to a board."""
    found = ACT.search(printed("demo"))
    assert found is not None
    return found[1].rstrip()


def filled(text: str, mark: str, content: str) -> str:
    """The text with new content between two marks."""
    pattern = re.compile(rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)", re.DOTALL)
    assert pattern.search(text), mark
    return pattern.sub(lambda m: f"{m[1]}{content}\n{m[2]}", text)


def block(content: str) -> str:
    """A block of plain text."""
    return f"```text\n{content}\n```"


def pasted(text: str) -> str:
    """README.md with its marked parts made new."""
    text = filled(text, "demo", block(act_of_the_demo()))
    return filled(text, "estimators", block(printed("estimators").rstrip()))


if __name__ == "__main__":
    README.write_text(pasted(README.read_text(encoding="utf-8")), encoding="utf-8")
