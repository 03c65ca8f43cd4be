"""The worked example of CONTRIBUTING.md runs as it is printed."""

import re
from pathlib import Path

from codegen.importers import IMPORTERS

GUIDE = Path(__file__).parent.parent / "CONTRIBUTING.md"


def test_the_worked_example_runs() -> None:
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    known = dict(IMPORTERS)
    names: dict[str, object] = {"__name__": "contributing"}
    try:
        for block in blocks:
            exec(compile(block, str(GUIDE), "exec"), names)
    finally:
        IMPORTERS.clear()
        IMPORTERS.update(known)
    assert len(blocks) == 3
    assert "artifact" in names
