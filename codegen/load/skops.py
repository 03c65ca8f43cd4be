"""Reads .skops files as data: a zip of schema.json, a tree of nodes, and of numpy's own files.

A node tells its class and, as __loader__, how to read it; here each becomes what the same object is
in a pickle. Nothing that is named is imported or called.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from codegen.errors import UnsafeModel
from codegen.load.archive import Archive, npy
from codegen.load.arrays import OBJECT, array_from_items, is_whole
from codegen.load.constructors import MASKED, in_packages, is_readable_class
from codegen.load.json_data import read_json
from codegen.load.limits import DEPTH, exceeded
from codegen.load.machine import key, merge_state
from codegen.load.objects import DICTIONARY_CLASSES, reference, without_links
from codegen.load.record import Record, Reference
from codegen.load.refusal import Refused, damaged, shown

ZIP = b"PK\x03\x04"
SCHEMA = "schema.json"
KEYS: dict[str, Callable[[str], object]] = {
    "str": str,
    "NoneType": lambda _: None,
    **dict.fromkeys(("bool", "bool_"), lambda text: text == "true"),
    **dict.fromkeys(("int", "int32", "int64", "uint8", "intc"), int),
    **dict.fromkeys(("float", "float32", "float64"), float),
}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A node, the archive that it stands in, and how much deeper nodes may be nested."""

    archive: Archive
    node: Json
    depth: int

    @property
    def reference(self) -> Reference:
        """The class that the node names."""
        return reference(self.node.get("__module__"), self.node.get("__class__"))

    def inside(self, name: str) -> Any:
        """What a field of the node holds."""
        if name not in self.node:
            raise damaged(f"a skops node without {name}")
        return self.node[name]

    def value(self, node: object) -> object:
        """What a node below this one stands for."""
        return value(Place(self.archive, checked(node), self.depth - 1))

    def values(self) -> list[object]:
        """What the nodes of the content stand for."""
        content = self.inside("content")
        if not isinstance(content, list):
            raise damaged("a skops list that is none")
        return [self.value(node) for node in content]


def read_skops(archive: Archive) -> object:
    """The value that a .skops file holds."""
    if SCHEMA not in archive.file.NameToInfo:
        raise UnsafeModel(
            "this is a zip archive, but no .skops file; nothing in the file was executed. Save the "
            "model again with joblib.dump(model, path, compress=3) or skops.io.dump(model, path)"
        )
    schema = checked(read_json(archive.read(SCHEMA)))
    return value(Place(archive, schema, DEPTH))


def checked(node: object) -> Json:
    """A node, if it is one."""
    if not isinstance(node, dict):
        raise damaged("a skops node that is no object")
    return node


def value(at: Place) -> object:
    """What a node stands for; the mark of a refusal where it cannot be data."""
    if at.depth <= 0:
        raise exceeded("values nested in values", DEPTH)
    at.archive.budget.operation()
    loader = at.node.get("__loader__")
    if not isinstance(loader, str):
        raise damaged("a skops node without __loader__")
    if loader not in LOADERS:
        return Refused(at.reference, shown(loader))
    return LOADERS[loader](at)


def read_dict(at: Place) -> object:
    """A dictionary; of a class that is one, its record."""
    content = checked(at.inside("content"))
    kinds = at.value(at.inside("key_types"))
    if not isinstance(kinds, list) or len(kinds) != len(content):
        raise damaged("a skops dictionary without a type for each key")
    budget = at.archive.budget
    found = {
        key(dictionary_key(name, kind), budget): at.value(node)
        for (name, node), kind in zip(content.items(), kinds, strict=True)
    }
    if at.reference.path in DICTIONARY_CLASSES:
        record = Record(at.reference)
        merge_state(record, found)
        return record
    return found


def dictionary_key(name: str, kind: object) -> object:
    """A key as it was before it became text."""
    known = KEYS.get(kind.name) if isinstance(kind, Reference) else None
    if known is None:
        raise damaged("a skops dictionary with keys of an unusual type")
    try:
        return known(name)
    except ValueError as error:
        raise damaged("a key of a skops dictionary") from error


def read_main(at: Place) -> object:
    """A dictionary with something beside it that predicting does not need."""
    return at.value(checked(at.inside("content")).get("main"))


def read_set(at: Place) -> object:
    """A set of plain values."""
    return {key(item, at.archive.budget) for item in at.values()}


def read_slice(at: Place) -> object:
    """A slice of whole numbers or names."""
    content = checked(at.inside("content"))
    parts = [content.get(name) for name in ("start", "stop", "step")]
    if not all(part is None or isinstance(part, str) or is_whole(part) for part in parts):
        raise damaged("a slice of something else than whole numbers and names")
    return slice(*parts)


def read_plain(at: Place) -> object:
    """A text, a number, a bool or None."""
    content = at.inside("content")
    if not isinstance(content, str):
        raise damaged("a skops value that is no text")
    found = read_json(content.encode("utf-8", "replace")) if at.node.get("is_json") else content
    if not isinstance(found, str | int | float | bool | None):
        raise damaged("a skops value that is not plain")
    return found


def read_object(at: Place) -> object:
    """An object of a package that is read, and its state."""
    return with_state(at, ())


def read_constructed(at: Place) -> object:
    """An object that its constructor's arguments describe."""
    args = at.value(at.inside("content"))
    if not isinstance(args, tuple):
        raise damaged("skops arguments that are no tuple")
    if not is_readable_class(at.reference):
        return Refused(at.reference, "ConstructorFromReduceNode")
    return Record(at.reference, args)


def read_reduced(at: Place) -> object:
    """A compiled object: arguments and state."""
    args = at.value(checked(at.inside("__reduce__")).get("args"))
    if not isinstance(args, tuple):
        raise damaged("skops arguments that are no tuple")
    return with_state(at, args)


def with_state(at: Place, args: tuple[Any, ...]) -> object:
    """The record of an object, given the state in the content of its node."""
    if not is_readable_class(at.reference):
        return Refused(at.reference, shown(at.node["__loader__"]))
    record = Record(at.reference, args)
    if "content" in at.node:
        state = at.value(at.node["content"])
        if state is not None:
            merge_state(record, without_links(record, state))
    return record


def read_array(at: Place) -> object:
    """An array of a member of the archive, or of nodes; a scalar where its class is one."""
    if at.inside("type") == "json":
        shape = at.value(at.inside("shape"))
        return array_from_items(shape, flat(at.values(), shape))
    if at.node["type"] != "numpy":
        raise damaged("a skops array of an unknown type")
    array = npy(at.archive.read(at.inside("file")))
    return array if at.reference.name == "ndarray" else array[()]


def flat(items: Any, shape: object) -> list[object]:
    """The items of nested lists in C order."""
    if not isinstance(shape, tuple):
        raise damaged("a numpy shape that is not a tuple of whole numbers")
    for _ in shape[1:]:
        if not all(isinstance(item, list) for item in items):
            raise damaged("a skops array whose lists do not fit its shape")
        items = [part for item in items for part in item]
    return list(items)


def read_masked(at: Place) -> object:
    """A masked array, as a Record of data and mask."""
    content = checked(at.inside("content"))
    return Record(MASKED, (), {name: at.value(content.get(name)) for name in ("data", "mask")})


def read_partial(at: Place) -> object:
    """functools.partial(function), of a function that is only named."""
    content = checked(at.inside("content"))
    function = at.value(content.get("func"))
    if not isinstance(function, Reference) or not is_library(function):
        return Refused(at.reference, "PartialNode")
    given = (at.value(content.get("args")), at.value(content.get("kwds")))
    return Record(at.reference, (function, *given) if any(given) else (function,))


def is_library(function: Reference) -> bool:
    """Whether a function is of numpy or of a package that is read."""
    return in_packages(function) or function.module.partition(".")[0] == "numpy"


def read_method(at: Place) -> object:
    """The name of a method alone, as the object often holds the method itself."""
    return Record(Reference("builtins", "getattr"), (checked(at.inside("content")).get("func"),))


def read_dtype(at: Place) -> object:
    """The dtype of an empty array."""
    node = checked(at.inside("content"))
    return OBJECT if node.get("type") == "json" else npy(at.archive.read(node.get("file"))).dtype


def read_sparse(at: Place) -> object:
    """A scipy.sparse matrix, as its attributes."""
    inner = Archive(at.archive.read(at.inside("file")), at.archive.left)
    names = [name.removesuffix(".npy") for name in inner.file.NameToInfo]
    parts = {name: npy(inner.read(f"{name}.npy")) for name in names if name != "format"}
    at.archive.left = inner.left
    if not is_readable_class(at.reference) or "shape" not in parts:
        raise damaged("a sparse matrix without a shape")
    return Record(at.reference, (), parts | {"_shape": tuple(parts.pop("shape").tolist())})


def read_bytes(at: Place) -> object:
    """Bytes of a member of the archive."""
    return at.archive.read(at.inside("file"))


def read_random(at: Place) -> object:
    """A random state, which predicting does not need."""
    return Record(at.reference)


LOADERS: dict[str, Callable[[Place], object]] = {
    "BytearrayNode": read_bytes,
    "BytesNode": read_bytes,
    "ConstructorFromReduceNode": read_constructed,
    "DTypeNode": read_dtype,
    "DefaultDictNode": read_main,
    "DictNode": read_dict,
    "FunctionNode": lambda at: at.reference,
    "JsonNode": read_plain,
    "ListNode": Place.values,
    "LossNode": read_reduced,
    "MaskedArrayNode": read_masked,
    "MethodNode": read_method,
    "NdArrayNode": read_array,
    "ObjectNode": read_object,
    "PartialNode": read_partial,
    "RandomGeneratorNode": read_random,
    "RandomStateNode": read_random,
    "SetNode": read_set,
    "SliceNode": read_slice,
    "SparseMatrixNode": read_sparse,
    "TreeNode": read_reduced,
    "TupleNode": lambda at: tuple(at.values()),
    "TypeNode": lambda at: at.reference,
    "_DictWithDeprecatedKeysNode": read_main,
}
