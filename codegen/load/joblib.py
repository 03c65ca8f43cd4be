"""Reads the arrays that joblib writes between the opcodes of its pickles."""

import math
from functools import partial

import numpy as np

from codegen.load.arrays import array_from_bytes, checked_shape
from codegen.load.machine import Machine, Pending
from codegen.load.record import Reference
from codegen.load.refusal import damaged

NDARRAY = Reference("numpy", "ndarray")


def array_wrapper(machine: Machine, args: tuple[object, ...]) -> Pending:
    """joblib.numpy_pickle.NumpyArrayWrapper: its BUILD reads the array that follows."""
    if args:
        raise damaged("a joblib array with constructor arguments")
    return Pending(partial(read_array, machine))


def read_array(machine: Machine, state: object) -> object:
    """The array at the reader's position, as the wrapper's state describes it."""
    if not isinstance(state, dict) or not isinstance(state.get("dtype"), np.dtype):
        raise damaged("a joblib array without its description")
    subclass, order = state.get("subclass"), state.get("order")
    if not isinstance(subclass, Reference) or subclass != NDARRAY or not isinstance(order, str):
        raise damaged("a joblib array of a subclass of numpy.ndarray")
    dtype, shape = state["dtype"], checked_shape(state.get("shape"))
    if dtype.hasobject:
        return read_objects(machine, shape)
    if state.get("numpy_array_alignment_bytes") is not None:
        machine.reader.take(machine.reader.byte())
    content = machine.reader.take(math.prod(shape) * dtype.itemsize)
    return array_from_bytes(dtype, shape, content, order)


def read_objects(machine: Machine, shape: tuple[int, ...]) -> object:
    """An object array, which joblib writes as a pickle inside the pickle."""
    array = machine.nested()
    if not isinstance(array, np.ndarray) or array.shape != shape:
        raise damaged("a joblib object array that is not what its wrapper says")
    return array
