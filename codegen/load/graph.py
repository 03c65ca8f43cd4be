"""Walks what was read once, without recursion: no cycle, no depth, no hidden multiplication."""

from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np

from codegen.load.limits import DEPTH, EXPANDED_ITEMS, exceeded
from codegen.load.machine import Pending
from codegen.load.record import Record
from codegen.load.refusal import Refused, damaged, shown

# Where a part stands: an index, the name of an attribute, or a key in a tuple of its own.
Label = int | str | tuple[object]
Parts = Iterable[tuple[Label, object]]


class Frame:
    """A container on the way from the root: its place, what is left of it, its cost so far."""

    __slots__ = ("container", "height", "label", "parts", "size")

    def __init__(self, label: Label, container: object) -> None:
        self.label = label
        self.container = container
        self.parts: Iterator[tuple[Label, object]] = iter(parts_of(container))
        self.size = 1
        self.height = 1

    def add(self, size: int, height: int) -> None:
        """Account for a part that was walked."""
        self.size += size
        self.height = max(self.height, height + 1)
        if self.size > EXPANDED_ITEMS:
            raise exceeded("values, shared ones counted at each place", EXPANDED_ITEMS)
        if self.height > DEPTH:
            raise exceeded("values nested in values", DEPTH)


def containers(root: object) -> list[object]:
    """Everything that holds something else, each once, parts before wholes.

    Raises:
        UnsafeModel: a cycle, too deep, too large when written out, or something in it that
            was not built; its attribute path is in the message.
    """
    if not is_container(root):
        refuse_unbuilt(root, [], "")
        return []
    path = [Frame("", root)]
    done: dict[int, Frame] = {}
    active = {id(root)}
    order: list[object] = []
    while path:
        frame = path[-1]
        if not descend(frame, path, done, active):
            path.pop()
            active.discard(id(frame.container))
            done[id(frame.container)] = frame
            order.append(frame.container)
            if path:
                path[-1].add(frame.size, frame.height)
    return order


def descend(frame: Frame, path: list[Frame], done: dict[int, Frame], active: set[int]) -> bool:
    """Walk the parts of a container until one has to be entered; False where none has."""
    for label, part in frame.parts:
        if not is_container(part):
            refuse_unbuilt(part, path, label)
            frame.add(1, 0)
        elif id(part) in done:
            frame.add(done[id(part)].size, done[id(part)].height)
        elif id(part) in active:
            raise damaged("an object that contains itself")
        else:
            if len(path) >= DEPTH:
                raise exceeded("values nested in values", DEPTH)
            active.add(id(part))
            path.append(Frame(label, part))
            return True
    return False


def refuse_unbuilt(leaf: object, path: list[Frame], label: Label) -> None:
    """Refuse a leaf that is not data, with the place where it stands."""
    if isinstance(leaf, Refused):
        place = "".join(written(step) for step in [*(frame.label for frame in path), label])
        raise leaf.error(place.lstrip(".") or "the model itself")
    if isinstance(leaf, Pending):
        raise damaged("an array or dtype that was never completed")


def written(label: Label) -> str:
    """One step of an attribute path, as Python writes it."""
    match label:
        case str():
            return f".{shown(label)}" if label else ""
        case int():
            return f"[{label}]"
        case (name,):
            return f"[{shown(repr(name))}]"


def is_container(value: object) -> bool:
    """Whether a value holds other values."""
    if isinstance(value, np.ndarray):
        return bool(value.dtype.kind == "O")
    return isinstance(value, Record | dict | list | tuple | set | frozenset)


def parts_of(container: object) -> Parts:
    """The values that a container holds, with what leads to each of them."""
    match container:
        case Record():
            return chain([("args", container.args)], container.state.items())
        case dict():
            return chain(
                (("key", name) for name in container),
                (((name,), value) for name, value in container.items()),
            )
        case np.ndarray():
            return enumerate(container.ravel().tolist())
        case list() | tuple() | set() | frozenset():
            return enumerate(container)
    raise TypeError(type(container))
