"""Rebuilds numpy dtypes and arrays from what a file says, checking each claim.

numpy trusts the state of a pickled dtype; a forged one makes it read bytes of the file as
pointers. Here a dtype is made from its names, formats and offsets alone.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.load.limits import DIMENSION, DIMENSIONS, FIELDS, exceeded
from codegen.load.refusal import damaged, shown

ITEM_BYTES = {
    "b": (1,),
    "i": (1, 2, 4, 8),
    "u": (1, 2, 4, 8),
    "f": (2, 4, 8),
    "c": (8, 16),
}
TEXT_BYTES = 1 << 20
STRUCT_BYTES = 1 << 12
OBJECT = np.dtype(object)
LAST_CODE_POINT = 0x10FFFF

Dtype = np.dtype[Any]
Array = NDArray[Any]


def dtype_of(code: object, state: object) -> Dtype:
    """The dtype that the file calls `code`, with the byte order and fields of its state.

    The state is numpy's (version, order, subarray, names, fields, itemsize, ...); flags
    and alignment in it are not used.
    """
    if not isinstance(code, str) or not isinstance(state, tuple) or len(state) < 7:
        raise damaged("a numpy dtype without its description")
    _, order, subarray, names, fields, itemsize = state[:6]
    if subarray is not None:
        return subarray_dtype(subarray)
    if names is not None or fields is not None:
        return struct_dtype(names, fields, itemsize)
    return plain_dtype(code, order)


def plain_dtype(code: str, order: object) -> Dtype:
    """Numbers, text of fixed width, or objects."""
    if code in ("O", "O8", "O4"):
        return OBJECT
    kind, digits = code[:1], code[1:]
    known = kind in ITEM_BYTES or kind in ("S", "U")
    if not known or len(digits) > 7 or not digits.isdecimal() or not digits.isascii():
        raise damaged(f"a numpy dtype {shown(code)!r}, which is not read")
    if not isinstance(order, str) or order not in ("<", ">", "|", "="):
        raise damaged("a numpy dtype of unknown byte order")
    width = int(digits)
    if kind in ITEM_BYTES and width not in ITEM_BYTES[kind]:
        raise damaged(f"a numpy dtype {shown(code)!r}, which is not read")
    if kind in ("S", "U") and not 0 < width <= TEXT_BYTES:
        raise damaged(f"a numpy text dtype of width {width}")
    return np.dtype(f"{order}{code}")


def subarray_dtype(subarray: object) -> Dtype:
    """A fixed small array in each item, of numbers."""
    if not isinstance(subarray, tuple) or len(subarray) != 2:
        raise damaged("a numpy subarray dtype without base and shape")
    base, shape = subarray
    if isinstance(shape, int):
        shape = (shape,)
    sizes = checked_shape(shape)
    require_numbers(base)
    if not 0 < base.itemsize * math.prod(sizes) <= STRUCT_BYTES:
        raise exceeded("bytes in a numpy subarray dtype", STRUCT_BYTES)
    return np.dtype((base, sizes))


def struct_dtype(names: object, fields: object, itemsize: object) -> Dtype:
    """Named fields at offsets that stay inside the item."""
    if not isinstance(names, tuple) or not isinstance(fields, dict):
        raise damaged("a numpy struct dtype without names and fields")
    if not 0 < len(names) <= FIELDS or len(fields) != len(names):
        raise damaged("a numpy struct dtype with no field, too many, or one twice")
    if not all(isinstance(name, str) and name for name in names) or set(fields) != set(names):
        raise damaged("a numpy struct dtype whose names and fields differ")
    if not isinstance(itemsize, int) or not 0 < itemsize <= STRUCT_BYTES:
        raise damaged("a numpy struct dtype of impossible size")
    formats, offsets = zip(*(checked_field(fields[name], itemsize) for name in names), strict=True)
    layout: Any = {"names": names, "formats": formats, "offsets": offsets, "itemsize": itemsize}
    struct: Dtype = np.dtype(layout)
    return struct


def checked_field(field: object, itemsize: int) -> tuple[Dtype, int]:
    """The dtype and offset of one field, if it lies inside the item."""
    if not isinstance(field, tuple) or len(field) not in (2, 3):
        raise damaged("a numpy struct field without dtype and offset")
    dtype, offset = field[:2]
    require_numbers(dtype)
    if not is_whole(offset) or not 0 <= offset <= itemsize - dtype.itemsize:
        raise damaged("a numpy struct field outside its item")
    return dtype, int(offset)


def require_numbers(dtype: object) -> None:
    """Refuse what is not a dtype of integers and floats, or of structs of these."""
    if not isinstance(dtype, np.dtype) or dtype.base.kind not in "iufV" or dtype.hasobject:
        raise damaged("a numpy struct or subarray of something else than numbers")


def is_whole(value: object) -> bool:
    """Whether it is an int, and no bool."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def checked_shape(shape: object) -> tuple[int, ...]:
    """A shape whose sizes are whole and not absurd."""
    if isinstance(shape, tuple) and len(shape) > DIMENSIONS:
        raise exceeded("dimensions of a numpy array", DIMENSIONS)
    if not isinstance(shape, tuple) or not all(is_whole(size) for size in shape):
        raise damaged("a numpy shape that is not a tuple of whole numbers")
    if any(not 0 <= size <= DIMENSION for size in shape):
        raise exceeded("the size of one dimension of a numpy array", DIMENSION)
    return tuple(int(size) for size in shape)


def array_from_bytes(dtype: Dtype, shape: object, content: bytes, order: str) -> Array:
    """The array that these bytes are, read-only, in this machine's byte order."""
    sizes = checked_shape(shape)
    if dtype.hasobject or dtype.itemsize == 0 or dtype.shape:
        raise damaged(f"a numpy array of dtype {dtype.kind!r} given as bytes")
    if math.prod(sizes) * dtype.itemsize != len(content):
        raise damaged(f"a numpy array of shape {sizes} in {len(content)} bytes")
    flat = np.frombuffer(content, dtype) if content else np.empty(0, dtype)
    check_values(flat)
    native = flat.astype(flat.dtype.newbyteorder("="), copy=False)
    array = native.reshape(sizes, order="F" if order == "F" else "C")
    array.flags.writeable = False
    return array


def check_values(flat: Array) -> None:
    """Refuse bits that numpy would misread: bools beyond 1, text beyond Unicode."""
    if flat.dtype.kind == "b" and flat.size and flat.view(np.uint8).max() > 1:
        raise damaged("a numpy array of bools that are neither 0 nor 1")
    if flat.dtype.kind == "U" and flat.size:
        points = flat.view(np.dtype(np.uint32).newbyteorder(flat.dtype.byteorder))
        if points.max() > LAST_CODE_POINT:
            raise damaged("a numpy text array with something that is no character")


def array_from_items(shape: object, items: Sequence[object]) -> Array:
    """The object array that holds these inert values, in C order."""
    sizes = checked_shape(shape)
    if math.prod(sizes) != len(items):
        raise damaged(f"a numpy array of shape {sizes} from {len(items)} objects")
    array = np.fromiter(items, dtype=OBJECT, count=len(items)).reshape(sizes)
    array.flags.writeable = False
    return array


def scalar_from_bytes(dtype: Dtype, content: bytes) -> Any:
    """A numpy scalar."""
    return array_from_bytes(dtype, (1,), content, "C")[0]
