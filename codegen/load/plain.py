"""Our own constructors of what Python itself has: bytes, sets, slices, ranges, dictionaries."""

from typing import Any

from codegen.load.arrays import is_whole
from codegen.load.machine import Machine, key
from codegen.load.record import Reference
from codegen.load.refusal import damaged

Args = tuple[Any, ...]

LONGEST_RANGE = 1 << 24


def encoded(machine: Machine, args: Args) -> bytes:
    """_codecs.encode(text, "latin1"), by which old protocols write bytes."""
    if len(args) != 2 or not all(isinstance(item, str) for item in args):
        raise damaged("bytes that are not written as text")
    machine.session.budget.copy(len(args[0]))
    try:
        return str(args[0]).encode("latin-1")
    except UnicodeEncodeError as error:
        raise damaged("bytes beyond latin1") from error


def plain_bytes(machine: Machine, args: Args) -> bytes:
    """bytes() and bytearray(...), from nothing, from bytes, or from latin1 text."""
    if not args:
        return b""
    if len(args) == 2:
        return encoded(machine, args)
    if len(args) != 1 or not isinstance(args[0], bytes):
        raise damaged("bytes made of something else")
    return args[0]


def plain_set(machine: Machine, args: Args) -> set[object]:
    """set([...])."""
    items = args[0] if args else []
    if len(args) > 1 or not isinstance(items, list | tuple):
        raise damaged("a set that is not made of a list")
    machine.session.budget.copy_items(len(items))
    return {key(item, machine.session.budget) for item in items}


def plain_frozenset(machine: Machine, args: Args) -> frozenset[object]:
    """frozenset([...])."""
    return frozenset(plain_set(machine, args))


def plain_slice(_: Machine, args: Args) -> slice:
    """slice(start, stop, step), of whole numbers or column names."""
    if len(args) != 3 or not all(
        item is None or is_whole(item) or isinstance(item, str) for item in args
    ):
        raise damaged("a slice of something else than whole numbers and names")
    return slice(*args)


def plain_range(_: Machine, args: Args) -> range:
    """range(start, stop, step)."""
    if len(args) != 3 or not all(is_whole(item) for item in args) or args[2] == 0:
        raise damaged("a range that is not of whole numbers")
    if abs(args[1] - args[0]) > LONGEST_RANGE:
        raise damaged("a range that is longer than any model has columns")
    return range(*args)


def plain_complex(_: Machine, args: Args) -> complex:
    """complex(real, imaginary)."""
    if len(args) != 2 or not all(isinstance(item, float) for item in args):
        raise damaged("a complex number that is not made of two floats")
    return complex(*args)


def plain_dict(_: Machine, args: Args) -> dict[object, object]:
    """OrderedDict() and defaultdict(factory); the items follow, the factory is dropped."""
    if len(args) > 1 or not all(isinstance(item, Reference) for item in args):
        raise damaged("a dictionary with constructor arguments")
    return {}
