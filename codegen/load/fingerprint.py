"""One number for one model: SHA-256 over what was read, not over how it was written."""

import struct
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.load.graph import containers, is_container
from codegen.load.record import Record, Reference

# What may be long, and is digested once although a file may repeat it anywhere.
LARGE = (np.ndarray, np.generic, str, bytes)


def fingerprint(record: Record) -> str:
    """The SHA-256 of a model, in hexadecimal.

    Names, types, shapes and bits count. Pickle protocol, compression, shared values, memory
    order, byte order, the order of attributes and the padding of structs do not.
    """
    known: dict[int, bytes] = {}
    for container in containers(record):
        known[id(container)] = container_digest(container, known)
    return known[id(record)].hex()


def container_digest(container: object, known: dict[int, bytes]) -> bytes:
    """The digest of a container whose parts have theirs."""

    def part(value: object) -> bytes:
        if is_container(value):
            return known[id(value)]
        if not isinstance(value, LARGE):
            return leaf_digest(value)
        if id(value) not in known:
            known[id(value)] = leaf_digest(value)
        return known[id(value)]

    match container:
        case Record():
            state = sorted(text(name) + part(value) for name, value in container.state.items())
            args = [part(value) for value in container.args]
            return digest("record", text(container.path), *args, b"state", *state)
        case dict():
            pairs = sorted(part(name) + part(value) for name, value in container.items())
            return digest("dict", *pairs)
        case set() | frozenset():
            return digest("set", *sorted(part(value) for value in container))
        case np.ndarray():
            shape = repr(container.shape).encode()
            return digest("objects", shape, *(part(value) for value in container.ravel()))
        case list() | tuple():
            return digest(type(container).__name__, *(part(value) for value in container))
    raise TypeError(type(container))


def leaf_digest(value: object) -> bytes:
    """The digest of a value that holds no other."""
    match value:
        case np.ndarray():
            return array_digest(value)
        case np.generic():
            return digest("scalar", array_digest(np.asarray(value)))
        case np.dtype():
            return digest("dtype", repr(value.newbyteorder("<")).encode())
        case Reference():
            return digest("reference", text(value.module), text(value.name))
        case str():
            return digest("str", text(value))
        case bytes():
            return digest("bytes", value)
        case float():
            return digest("float", struct.pack("<d", value))
    return digest(type(value).__name__, repr(value).encode())


def array_digest(array: NDArray[Any]) -> bytes:
    """The digest of an array of numbers or text, field by field."""
    if array.dtype.names is not None:
        fields = [text(name) + array_digest(array[name]) for name in array.dtype.names]
        return digest("struct", repr(array.shape).encode(), *fields)
    small = array.astype(array.dtype.newbyteorder("<"), order="C", copy=False)
    kind = f"{array.dtype.kind}{array.dtype.itemsize}{array.shape}".encode()
    return digest("array", kind, small.tobytes())


def text(value: str) -> bytes:
    """A text as bytes of fixed length."""
    return sha256(value.encode("utf-8", "surrogatepass")).digest()


def digest(kind: str, *parts: bytes) -> bytes:
    """The digest of a kind of value and its parts, each with its length."""
    total = sha256(kind.encode() + b"\0")
    for part in parts:
        total.update(len(part).to_bytes(8, "little"))
        total.update(part)
    return total.digest()
