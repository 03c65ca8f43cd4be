"""README.md shows what the tool prints."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_pasted_output_is_what_is_printed() -> None:
    spec = importlib.util.spec_from_file_location("paste", ROOT / "docs" / "paste.py")
    assert spec is not None
    assert spec.loader is not None
    paste = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(paste)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert paste.pasted(text) == text, "run `python docs/paste.py`"
