"""UBJSON as XGBoost writes it: bytes become dictionaries, lists, numbers, texts and arrays.

Draft 12 of the format (ubjson.org), with its counted and typed containers; numbers are big-endian.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from codegen.errors import UnsafeModel
from codegen.load.limits import TEXT_BYTES, exceeded
from codegen.load.refusal import damaged

DEPTH = 64
VALUES = 4_000_000

INTEGERS = {b"i": ">b", b"U": ">B", b"I": ">h", b"l": ">i", b"L": ">q"}
NUMBERS = {**INTEGERS, b"d": ">f", b"D": ">d"}
CONSTANTS = {b"Z": None, b"T": True, b"F": False}


@dataclass(slots=True, eq=False)
class Stream:
    """The bytes, the place reached in them, and how many more values may come."""

    content: bytes
    at: int = 0
    left: int = field(default=VALUES)

    def take(self, count: int) -> bytes:
        """The next bytes."""
        if count < 0 or count > len(self.content) - self.at:
            raise damaged("a UBJSON value is cut off")
        self.at += count
        return self.content[self.at - count : self.at]

    def marker(self) -> bytes:
        """The next type marker; no-ops are passed over."""
        while (found := self.take(1)) == b"N":
            pass
        return found

    def ahead(self, marker: bytes) -> bool:
        """Whether this marker comes next; then it is taken."""
        found = self.content[self.at : self.at + 1] == marker
        self.at += found
        return found

    def number(self, marker: bytes) -> int | float:
        """A number of the type that the marker tells."""
        code = NUMBERS[marker]
        value: int | float = struct.unpack(code, self.take(struct.calcsize(code)))[0]
        return value

    def length(self) -> int:
        """A length or a count: a whole number with its type."""
        marker = self.marker()
        if marker not in INTEGERS:
            raise damaged("a UBJSON length that is no whole number")
        count = int(self.number(marker))
        if count < 0:
            raise damaged("a UBJSON length below zero")
        return count

    def text(self) -> str:
        """A length and as many bytes of UTF-8."""
        length = self.length()
        if length > TEXT_BYTES:
            raise exceeded("bytes of one text", TEXT_BYTES)
        try:
            return self.take(length).decode("utf-8")
        except UnicodeDecodeError as error:
            raise damaged("a UBJSON text that is no UTF-8") from error

    def count_value(self) -> None:
        """Count one value that is kept as an object of its own."""
        self.left -= 1
        if self.left < 0:
            raise exceeded("UBJSON values", VALUES)


def read_ubjson(content: bytes) -> object:
    """The value that fills these bytes: dict, list, str, int, float, bool, None or an array.

    Containers of one numeric type become numpy arrays. Raises UnsafeModel for what is damaged,
    nested more than DEPTH deep, or larger than a model for a microcontroller can be.
    """
    stream = Stream(content)
    value = read_value(stream, stream.marker(), DEPTH)
    if stream.at != len(content):
        raise damaged("bytes are left behind a UBJSON value")
    return value


def read_value(stream: Stream, marker: bytes, depth: int) -> object:
    """One value, its marker having been read."""
    stream.count_value()
    if marker in CONSTANTS:
        return CONSTANTS[marker]
    if marker in NUMBERS:
        return stream.number(marker)
    if marker == b"C":
        return chr(stream.take(1)[0])
    if marker == b"S":
        return stream.text()
    if marker in CONTAINERS:
        if depth == 0:
            raise exceeded("nested UBJSON containers", DEPTH)
        return CONTAINERS[marker](stream, depth - 1)
    raise unknown(marker)


def unknown(marker: bytes) -> UnsafeModel:
    """The error for a type that is not read."""
    return damaged(f"a UBJSON value of the unknown type 0x{marker.hex()}")


def read_array(stream: Stream, depth: int) -> object:
    """A list; an array where all values have one numeric type."""
    kind = stream.marker() if stream.ahead(b"$") else None
    if stream.ahead(b"#"):
        count = stream.length()
        if kind in NUMBERS:
            dtype = np.dtype(NUMBERS[kind])
            content = stream.take(count * dtype.itemsize)
            return np.frombuffer(content, dtype).astype(dtype.newbyteorder("="))
        if kind is not None:
            raise unknown(kind)
        return [read_value(stream, stream.marker(), depth) for _ in range(count)]
    if kind is not None:
        raise damaged("a typed UBJSON array without a count")
    values: list[object] = []
    while (marker := stream.marker()) != b"]":
        values.append(read_value(stream, marker, depth))
    return values


def read_object(stream: Stream, depth: int) -> object:
    """A dictionary; no key comes twice."""
    if stream.ahead(b"$"):
        raise damaged("a UBJSON object of one type, which no model has")
    count = stream.length() if stream.ahead(b"#") else None
    found: dict[str, object] = {}
    while len(found) != count:
        if count is None and stream.ahead(b"}"):
            break
        name = stream.text()
        if name in found:
            raise damaged("a key that comes twice in a UBJSON object")
        found[name] = read_value(stream, stream.marker(), depth)
    return found


CONTAINERS: dict[bytes, Callable[[Stream, int], object]] = {b"[": read_array, b"{": read_object}
