"""What calling opcodes give here: the product of our own constructors, or an inert Record."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from codegen.load import joblib, plain
from codegen.load.arrays import (
    Dtype,
    array_from_bytes,
    array_from_items,
    dtype_of,
    is_whole,
    scalar_from_bytes,
)
from codegen.load.machine import Machine, Pending
from codegen.load.record import Record, Reference
from codegen.load.refusal import damaged

Args = tuple[Any, ...]
Constructor = Callable[[Machine, Args], object]

PACKAGES = (
    "codegen.trainers",
    "sklearn",
    "xgboost",
    "lightgbm",
    "catboost.core",
    "numpy.random",
    "scipy.sparse",
    "scipy.stats",
    "scipy.interpolate",
)
LOWER_CASE_CLASSES = ("_matrix", "_array", "_gen", "_frozen", "_selector")
VECTORIZE = Reference("numpy", "vectorize")
BASES = (Reference("builtins", "object"), Reference("builtins", "dict"))
MASKED = Reference("numpy.ma", "MaskedArray")
BIT_GENERATORS = ("MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64")


def construct(machine: Machine, callee: object, args: object, opcode: str) -> object:
    """What stands for callee(*args): nothing is called but the functions of this file."""
    if not isinstance(callee, Reference) or not isinstance(args, tuple):
        raise damaged(f"{opcode} of something that is no class")
    own = CONSTRUCTORS.get((callee.module, callee.name))
    if own is not None:
        return own(machine, args)
    if is_readable_class(callee):
        return Record(callee, args)
    if makes_first_argument(callee) and args and is_readable_class(args[0]):
        machine.session.budget.copy_items(len(args))
        return Record(args[0], args[1:])
    return machine.session.refuse(callee, opcode)


def is_readable_class(reference: object) -> bool:
    """Whether it names a class, not a function, of a package whose objects are read."""
    if not isinstance(reference, Reference):
        return False
    if not in_packages(reference):
        return reference == VECTORIZE
    name = reference.name
    return name.lstrip("_")[:1].isupper() or name.endswith(LOWER_CASE_CLASSES)


def in_packages(reference: Reference) -> bool:
    """Whether it comes from a package whose objects are read."""
    return any(
        reference.module == package or reference.module.startswith(package + ".")
        for package in PACKAGES
    )


def makes_first_argument(reference: Reference) -> bool:
    """Whether it is a function by which compiled classes pickle themselves."""
    generated = reference.name == "newObj" or reference.name.startswith("__pyx_unpickle_")
    return generated and in_packages(reference)


def ndarray(machine: Machine, args: Args) -> Pending:
    """numpy's _reconstruct(ndarray, shape, code); its state holds everything."""
    if not args or not isinstance(args[0], Reference) or args[0] != joblib.NDARRAY:
        raise damaged("a subclass of numpy.ndarray; save plain arrays instead")
    return Pending(partial(array_of_state, machine))


def array_of_state(machine: Machine, state: object) -> object:
    """The array of (version, shape, dtype, is_fortran, bytes or list of objects)."""
    if not isinstance(state, tuple) or len(state) != 5 or not isinstance(state[2], np.dtype):
        raise damaged("a numpy array without its description")
    _, shape, dtype, is_fortran, content = state
    if isinstance(content, list) and dtype.kind == "O":
        machine.session.budget.copy_items(len(content))
        return array_from_items(shape, content)
    return counted_array(machine, dtype, shape, content, "F" if is_fortran is True else "C")


def counted_array(
    machine: Machine, dtype: object, shape: object, content: object, order: object
) -> Any:
    """An array from bytes, counted, as one piece of bytes may serve many arrays."""
    if not isinstance(dtype, np.dtype) or not isinstance(content, bytes):
        raise damaged("a numpy array without dtype or bytes")
    machine.session.budget.copy(len(content))
    return array_from_bytes(dtype, shape, content, "F" if order == "F" else "C")


def array_of_buffer(machine: Machine, args: Args) -> object:
    """numpy's _frombuffer(buffer, dtype, shape, order, axes), of pickle protocol 5."""
    if len(args) not in (4, 5) or not isinstance(args[3], str):
        raise damaged("a numpy array without its description")
    array = counted_array(machine, args[1], args[2], args[0], args[3])
    if args[3] != "K":
        return array
    axes = args[4] if len(args) == 5 else None
    if not isinstance(axes, tuple) or len(axes) != array.ndim or not all(map(is_whole, axes)):
        raise damaged("a numpy array without an order of its axes")
    if sorted(axes) != list(range(array.ndim)):
        raise damaged("a numpy array whose axes are no permutation")
    return array.transpose(axes)


def masked_array(machine: Machine, args: Args) -> Pending:
    """numpy's masked array, as a Record of data, mask and fill value."""
    if len(args) != 4:
        raise damaged("a masked array without its description")
    return Pending(partial(masked_of_state, machine))


def masked_of_state(machine: Machine, state: object) -> Record:
    """The state is an array's, with the bytes of the mask and the fill value behind it."""
    if not isinstance(state, tuple) or len(state) != 7:
        raise damaged("a masked array without its state")
    order = "F" if state[3] is True else "C"
    data = array_of_state(machine, state[:5])
    mask = counted_array(machine, np.dtype(bool), state[1], state[5], order)
    return Record(MASKED, (), {"data": data, "mask": mask, "fill_value": state[6]})


def dtype(machine: Machine, args: Args) -> Pending:
    """numpy.dtype(code, align, copy); byte order and fields come with its state."""
    return Pending(partial(dtype_of_state, machine, args[0] if args else None))


def dtype_of_state(machine: Machine, code: object, state: object) -> Dtype:
    """The dtype, counted by its fields, as one description may serve many."""
    if isinstance(state, tuple) and len(state) > 3 and isinstance(state[3], tuple):
        machine.session.budget.copy_items(10 * len(state[3]))
    return dtype_of(code, state)


def scalar(machine: Machine, args: Args) -> Any:
    """numpy's scalar(dtype, bytes)."""
    if len(args) != 2 or not isinstance(args[0], np.dtype) or not isinstance(args[1], bytes):
        raise damaged("a numpy scalar without dtype or bytes")
    described: Dtype = args[0]
    machine.session.budget.copy(len(args[1]))
    return scalar_from_bytes(described, args[1])


def reconstructor(machine: Machine, args: Args) -> object:
    """copyreg._reconstructor(class, base, state), of pickle protocols 0 and 1."""
    if len(args) != 3 or not isinstance(args[1], Reference) or args[1] not in BASES:
        raise damaged("an object that is built on another class than object or dict")
    return construct(machine, args[0], (), "REDUCE")


def partial_call(machine: Machine, args: Args) -> object:
    """functools.partial(function), of a function that is only named."""
    if len(args) != 1 or not isinstance(args[0], Reference):
        raise damaged("functools.partial without a function")
    function = args[0]
    if not in_packages(function) and function.module.partition(".")[0] != "numpy":
        return machine.session.refuse(function, "REDUCE")
    return Record(Reference("functools", "partial"), args)


def bound_method(machine: Machine, args: Args) -> object:
    """getattr(object, name): the name alone, as the object often holds the method itself."""
    getter = Reference("builtins", "getattr")
    if len(args) != 2 or not isinstance(args[0], Record) or not isinstance(args[1], str):
        return machine.session.refuse(getter, "REDUCE")
    return Record(getter, args[1:])


def random_state(name: str) -> Constructor:
    """A function of numpy.random._pickle that makes an object of this class."""

    def make(_: Machine, args: Args) -> Record:
        return Record(Reference("numpy.random", name), args)

    return make


def bit_generator(machine: Machine, args: Args) -> object:
    """The source of random bits: numpy 1 gives its name, numpy 2 its class."""
    if len(args) == 1 and isinstance(args[0], str) and args[0] in BIT_GENERATORS:
        return Record(Reference("numpy.random", args[0]))
    if len(args) != 1 or isinstance(args[0], str):
        raise damaged("a random generator without its class")
    return construct(machine, args[0], (), "REDUCE")


def numpy_names(module: str, name: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """The place of a function in numpy 1 and in numpy 2."""
    return (f"numpy.core.{module}", name), (f"numpy._core.{module}", name)


CONSTRUCTORS: dict[tuple[str, str], Constructor] = {
    **dict.fromkeys(numpy_names("multiarray", "_reconstruct"), ndarray),
    **dict.fromkeys(numpy_names("multiarray", "scalar"), scalar),
    **dict.fromkeys(numpy_names("numeric", "_frombuffer"), array_of_buffer),
    ("numpy", "dtype"): dtype,
    ("numpy.ma.core", "_mareconstruct"): masked_array,
    ("numpy.random._pickle", "__randomstate_ctor"): random_state("RandomState"),
    ("numpy.random._pickle", "__generator_ctor"): random_state("Generator"),
    ("numpy.random._pickle", "__bit_generator_ctor"): bit_generator,
    ("joblib.numpy_pickle", "NumpyArrayWrapper"): joblib.array_wrapper,
    ("copyreg", "_reconstructor"): reconstructor,
    ("_codecs", "encode"): plain.encoded,
    ("builtins", "getattr"): bound_method,
    ("builtins", "bytes"): plain.plain_bytes,
    ("builtins", "bytearray"): plain.plain_bytes,
    ("builtins", "set"): plain.plain_set,
    ("builtins", "frozenset"): plain.plain_frozenset,
    ("builtins", "slice"): plain.plain_slice,
    ("builtins", "range"): plain.plain_range,
    ("builtins", "complex"): plain.plain_complex,
    ("collections", "OrderedDict"): plain.plain_dict,
    ("collections", "defaultdict"): plain.plain_dict,
    ("functools", "partial"): partial_call,
}
