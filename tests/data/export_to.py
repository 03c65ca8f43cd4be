"""Exports model files: python export_to.py OUT FILE..., each under its own name."""

import sys
from pathlib import Path

from codegen import export

out = Path(sys.argv[1])
for path in map(Path, sys.argv[2:]):
    for dtype in ("float32", "float64"):
        for layout in ("split", "header"):
            artifact = export(path, name=path.stem.split(".")[0], dtype=dtype, layout=layout)
            folder = out / f"{path.name}-{dtype}-{layout}"
            folder.mkdir(parents=True)
            for name, text in artifact.files.items():
                (folder / name).write_text(text, encoding="utf-8", newline="\n")
