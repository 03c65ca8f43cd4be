"""Tools that Debian gives and PyPI does not: needed where CI runs, skipped elsewhere."""

import os
import shutil

import pytest


def need(tool: str) -> str:
    """The path of a program; without it the test is skipped, and fails where CI=true."""
    path = shutil.which(tool)
    if path is None:
        missing = f"{tool} is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return path
