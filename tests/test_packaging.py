"""The wheel and the sdist: complete, and enough to export with no training library installed."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import joblib
import pytest
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).parent.parent
CARRIED = (
    "codegen/_data/templates/model.c.j2",
    "codegen/_data/runtime_c/cg_base.h",
    "codegen/_data/firmware/main.c",
    "codegen/emulate/hook.c",
    "codegen/emulate/image.ld",
    "codegen/reserved.txt",
)


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist, and the wheel built from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    return next(folder.glob("*.tar.gz")), next(folder.glob("*.whl"))


def test_the_wheel_carries_templates_kernels_and_firmware(distributions: tuple[Path, Path]) -> None:
    names = set(zipfile.ZipFile(distributions[1]).namelist())
    assert set(CARRIED) <= names
    assert not [n for n in names if n.startswith(("tests/", "benchmarks/", "examples/"))]


def test_the_sdist_carries_what_the_wheel_is_made_of(distributions: tuple[Path, Path]) -> None:
    with tarfile.open(distributions[0]) as sdist:
        names = {n.partition("/")[2] for n in sdist.getnames()}
    assert {"templates/model.c.j2", "runtime_c/cg_base.h", "firmware/main.c"} <= names


def test_a_bare_environment_exports_without_scikit_learn(
    distributions: tuple[Path, Path], tmp_path: Path
) -> None:
    X, y = load_iris(return_X_y=True)
    joblib.dump(LogisticRegression(max_iter=500).fit(X, y), tmp_path / "iris.joblib")
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", bare], check=True)
    python = bare / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", distributions[1]]
    subprocess.run(install, check=True, capture_output=True)
    probe = [python, "-c", "import sklearn"]
    assert subprocess.run(probe, check=False, capture_output=True).returncode != 0
    command = [bare / "bin" / "codegen", "export", tmp_path / "iris.joblib", "--target"]
    done = subprocess.run(
        [*command, "cortex-m", "-o", tmp_path / "out"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert {"iris.h", "iris.c", "iris.json", "iris.report.json"} <= {
        p.name for p in (tmp_path / "out").iterdir()
    }
