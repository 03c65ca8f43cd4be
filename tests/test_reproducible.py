"""The same model gives the same bytes: in any process, from any kind of file."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import joblib
import pytest

from codegen import export
from tests.cases import BY_ID, fitted

SCRIPT = Path(__file__).parent / "data" / "export_to.py"
NAMES = (
    "logistic1_iris",
    "logistic9_iris_frame",
    "linear2_far",
    "svc0_iris",
    "svc1_one",
    "svc_proba0_iris",
    "forest5_holes",
    "forest2_digits",
    "tree_two0_iris",
    "k_means0_iris",
    "pca0_cancer",
    "pipeline3_far",
    "union2_cancer",
    "imputer1_holes_many",
)
PLACES = (
    {
        "PYTHONHASHSEED": "0",
        "LC_ALL": "C",
        "TZ": "UTC",
        "OPENBLAS_CORETYPE": "Haswell",
        "OPENBLAS_NUM_THREADS": "1",
    },
    {
        "PYTHONHASHSEED": "4242",
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "tr_TR.UTF-8",
        "TZ": "Asia/Tokyo",
        "OPENBLAS_CORETYPE": "Prescott",
        "OPENBLAS_NUM_THREADS": "2",
        "PYTHONUTF8": "0",
    },
)

pytestmark = pytest.mark.filterwarnings("ignore")


def files_in(folder: Path) -> dict[str, bytes]:
    """The content of all files below a folder."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    models = []
    for name in NAMES:
        models.append(tmp_path / f"{name}.pkl")
        models[-1].write_bytes(pickle.dumps(fitted(BY_ID[name])))
    written = []
    for i, place in enumerate(PLACES):
        out, cwd = tmp_path / f"out{i}", tmp_path / f"cwd{i}"
        cwd.mkdir()
        command = [sys.executable, str(SCRIPT), str(out), *map(str, models)]
        subprocess.run(command, cwd=cwd, env=os.environ | place, check=True)
        written.append(files_in(out))
    assert len(written[0]) > 4 * len(NAMES)
    assert written[0] == written[1]
    assert all(str(tmp_path).encode() not in content for content in written[0].values())


COMPRESSIONS = (0, ("zlib", 3), ("gzip", 3), ("bz2", 3), ("xz", 3), ("lzma", 3))


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_file_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    model = fitted(BY_ID[name])
    want = export(model, name=name).files
    for protocol in (2, 3, 4, 5):
        path = tmp_path / f"{protocol}.pkl"
        path.write_bytes(pickle.dumps(model, protocol=protocol))
        assert export(path, name=name).files == want
        assert export(path.read_bytes(), name=name).files == want
    for compress in COMPRESSIONS:
        path = tmp_path / "model.joblib"
        joblib.dump(model, path, compress=compress)
        assert export(path, name=name).files == want
