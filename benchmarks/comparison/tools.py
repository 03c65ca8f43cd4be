"""The other tools' environment, and processes that are ended when they take too long."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from codegen.toolchain import cache_folder

ENDED = "ended with code"
HERE = Path(__file__).parent
PINNED = HERE.parent / "tools.txt"
CODEGEN = HERE.parent.parent / "codegen"
JUDGES = (
    HERE / "weigh.py",
    CODEGEN / "toolchain.py",
    CODEGEN / "targets.py",
    CODEGEN / "elf.py",
    *sorted((CODEGEN / "emulate").iterdir()),
)
MAKERS = (PINNED, HERE / "peers.py", *sorted((HERE / "c").rglob("*")))


def digest(*parts: bytes) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "little") + part)
    return found.hexdigest()[:24]


def digest_of_files(paths: Sequence[Path]) -> bytes:
    return digest(*(p.read_bytes() for p in paths if p.is_file())).encode()


def store() -> Path:
    """Where answers are kept that depend only on what was asked."""
    folder = cache_folder() / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def environment() -> Path:
    """Python with the pinned tools; made once. A tool that cannot be installed will be missing."""
    folder = store() / f"tools-{digest(PINNED.read_bytes(), sys.version.encode())}"
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not (folder / "ready").exists():
        venv.create(folder, clear=True, with_pip=True)
        lines = PINNED.read_text("ascii").splitlines()
        for pin in (line for line in lines if line and not line.startswith("#")):
            command = [str(python), "-m", "pip", "install", "--quiet", pin]
            if subprocess.run(command, check=False).returncode:
                print(f"{pin} cannot be installed here; its figures will say so", file=sys.stderr)
        (folder / "ready").touch()
    return python


def run(command: Sequence[str | Path], result: Path, seconds: int) -> dict[str, Any]:
    """What a script wrote to `result`, or the words of its end."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [str(c) for c in command], stdout=log, stderr=log, start_new_session=True
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return {"error": f"no end after {seconds} s"}
        if result.exists():
            return dict(json.loads(result.read_text("utf-8")))
        log.seek(0)
        last = log.read().decode(errors="replace").strip().splitlines()[-1:]
        return {"error": " ".join([f"{ENDED} {process.returncode}:", *last])}


def remembered(
    key: str, command: Sequence[str | Path], seconds: int, *, fresh: bool
) -> dict[str, Any]:
    """`run` of a command that is given the file for its result last, unless its answer is kept.

    An end by force or by accident is not kept: another time this computer may be less busy.
    """
    kept = store() / f"{key}.json"
    if kept.exists() and not fresh:
        return dict(json.loads(kept.read_text("utf-8")))
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        answer = run([*command, result], result, seconds)
        if result.exists():
            kept.write_text(json.dumps(answer), encoding="utf-8")
    return answer


def made_by(tool: str, model: Path, seconds: int, *, fresh: bool) -> dict[str, Any]:
    """The C of another tool, made in its own environment."""
    key = digest(b"made", tool.encode(), model.read_bytes(), digest_of_files(MAKERS))
    command = [environment(), HERE / "peers.py", tool, model]
    return remembered(key, command, seconds, fresh=fresh)


def weighed(
    made: dict[str, Any], target: str, rows: Path, seconds: int, *, fresh: bool
) -> dict[str, Any]:
    """What a C costs on a core, and what it answers on rows."""
    text = json.dumps([made["sources"], made["flags"], made["call"], target]).encode()
    tested = digest_of_files(JUDGES) + version("ziglang").encode() + version("unicorn").encode()
    key = digest(b"weighed", text, rows.read_bytes(), tested)
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "made.json"
        given.write_text(json.dumps(made), encoding="utf-8")
        command = [sys.executable, HERE / "weigh.py", target, given, rows]
        answer = remembered(key, command, seconds, fresh=fresh)
    if answer.get("error", "").startswith(ENDED):
        raise RuntimeError(f"weigh.py itself failed, which is no tool's fault: {answer['error']}")
    return answer
