"""Reads model files as data: a path, bytes or a live estimator becomes an inert Record."""

import os

from codegen.errors import UnsafeModel
from codegen.load.archive import Archive
from codegen.load.boosters import booster_file, open_boosters
from codegen.load.fingerprint import fingerprint
from codegen.load.graph import containers
from codegen.load.machine import Session
from codegen.load.named_arrays import holds_arrays, read_arrays
from codegen.load.opcodes import read_pickle
from codegen.load.reader import Reader
from codegen.load.record import Record, Reference
from codegen.load.refusal import damaged, shown
from codegen.load.skops import ZIP, read_skops
from codegen.load.source import model_bytes
from codegen.load.versions import modernise

ROOTS = ("codegen", "sklearn", "xgboost", "lightgbm", "catboost")

__all__ = ["Record", "Reference", "fingerprint", "load"]


def load(source: str | os.PathLike[str] | bytes | object) -> Record:
    """The estimator in a model file, in bytes, or in memory, as a Record.

    Files are told apart by their content: pickles (.pkl, .joblib), .skops, the .json and .ubj of
    XGBoost, the .txt of LightGBM, the .json of CatBoost, .npz of arrays with a model's names.

    Nothing named in the file is imported or called. A live estimator is pickled in memory
    and read back the same way.

    Raises:
        InvalidInput: there is no such file, or it cannot be read.
        InvalidModel: a live object that cannot be pickled, or a state that makes no sense.
        UnsafeModel: more than plain data, damaged, or beyond a limit; nothing was executed.
        UnsupportedModel: written by a scikit-learn that is too old or too new.
    """
    content = model_bytes(source)
    root = read_zip(content) if content.startswith(ZIP) else booster_file(content)
    root = read(content) if root is None else root
    order = containers(root)
    record = estimator(root)
    records = [part for part in order if isinstance(part, Record)]
    modernise(records)
    open_boosters(records)
    return record


def read_zip(content: bytes) -> object:
    """Arrays with a model's names, or the value of a .skops file."""
    archive = Archive(content)
    return read_arrays(archive) if holds_arrays(archive) else read_skops(archive)


def read(content: bytes) -> object:
    """The value of a pickle that fills these bytes to their end."""
    session = Session(Reader(content))
    try:
        value = read_pickle(session)
        if not session.reader.at_end():
            raise damaged("bytes are left behind the end of the pickle")
    except UnsafeModel:
        if session.refused:
            raise session.refused[0].error("somewhere in the model") from None
        raise
    if session.refused:
        containers(value)
        raise session.refused[0].error("a part of the file that the model does not use")
    return value


def estimator(root: object) -> Record:
    """The root of a file, if it is an estimator."""
    if isinstance(root, Record) and root.reference.module.partition(".")[0] in ROOTS:
        return root
    if isinstance(root, dict):
        what = f"a dictionary with the keys {shown(', '.join(repr(name) for name in root))}"
    else:
        what = f"a {shown(getattr(root, 'path', type(root).__name__))}"
    raise UnsafeModel(
        f"the model file holds {what}, not an estimator; nothing in it was executed. Save the "
        "fitted estimator alone: joblib.dump(model, 'model.joblib')"
    )
