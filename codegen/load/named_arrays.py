"""Reads .npz files of plain arrays with the names of a model's numbers, under limits."""

from codegen.errors import InvalidModel
from codegen.load.archive import Archive, npy
from codegen.load.record import Record, Reference
from codegen.load.refusal import shown

NPY = ".npy"
MODELS = {
    "LinearModel": ({"weight"}, {"bias", "classes", "link"}),
    "FactorizationMachine": ({"w0", "w", "V"}, {"classes"}),
}
"""The names that each kind of model has, and those that it may have."""


def holds_arrays(archive: Archive) -> bool:
    """Whether there are numpy files and nothing else."""
    names = archive.file.namelist()
    return bool(names) and all(name.endswith(NPY) for name in names)


def read_arrays(archive: Archive) -> Record:
    """The model whose names these are; its width is that of its weights.

    Raises:
        InvalidModel: these are the names of no model.
    """
    names = {name.removesuffix(NPY) for name in archive.file.namelist()}
    for kind, (needed, allowed) in MODELS.items():
        if needed <= names <= needed | allowed:
            state = {name: npy(archive.read(name + NPY)) for name in sorted(names)}
            weight = state["w" if "w" in state else "weight"]
            if weight.ndim == 0:
                raise InvalidModel(f"{kind}: weights of no width")
            state["n_features_in_"] = int(weight.shape[-1])
            return Record(Reference("codegen.arrays", kind), (), state)
    raise InvalidModel(
        f"an .npz file with the arrays {shown(', '.join(sorted(names)))}; a linear model has "
        "weight, and may have bias, classes and link; a factorization machine has w0, w and V, "
        "and may have classes"
    )
