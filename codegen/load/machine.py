"""The state of one pickle being read: stack, marks and memo. It can hold data, nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from codegen.load.limits import (
    KEY_ITEMS,
    KEY_LENGTH,
    OPEN_MARKS,
    OPERATIONS,
    STACK_ITEMS,
    Budget,
    exceeded,
)
from codegen.load.reader import Reader
from codegen.load.record import Record, Reference
from codegen.load.refusal import Refused, damaged, shown

PLAIN_KEYS = (bool, int, float, type(None), Reference)
# No object carries these in its state; a forger plants them to be called.
PROTOCOL_NAMES = (
    "__class__",
    "__getattr__",
    "__getattribute__",
    "__reduce__",
    "__reduce_ex__",
    "__setstate__",
)
NUMBER_KINDS = "biuf"


@dataclass(slots=True, eq=False)
class Pending:
    """A value that its BUILD completes; whoever holds it before holds nothing."""

    build: Callable[[object], object]
    places: list[int] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Session:
    """What all pickles of one file share."""

    reader: Reader
    budget: Budget = field(default_factory=Budget)
    refused: list[Refused] = field(default_factory=list)

    def refuse(self, reference: Reference, opcode: str) -> Refused:
        """Put a mark in the place of an object that is not built."""
        mark = Refused(reference, opcode)
        self.refused.append(mark)
        return mark


@dataclass(slots=True, eq=False)
class Machine:
    """Stack, marks and memo; `nested` reads a pickle that starts at the reader's position."""

    session: Session
    nested: Callable[[], object]
    stack: list[object] = field(default_factory=list)
    marks: list[list[object]] = field(default_factory=list)
    memo: dict[int, object] = field(default_factory=dict)

    @property
    def reader(self) -> Reader:
        """Where the bytes come from."""
        return self.session.reader

    def push(self, value: object) -> None:
        """Put a value on the stack."""
        if len(self.stack) >= STACK_ITEMS:
            raise exceeded("items on the stack", STACK_ITEMS)
        self.stack.append(value)

    def pop(self) -> object:
        """Take the value on top of the stack."""
        if not self.stack:
            raise damaged("a value is missing on its stack")
        return self.stack.pop()

    def top(self) -> object:
        """The value on top of the stack."""
        if not self.stack:
            raise damaged("a value is missing on its stack")
        return self.stack[-1]

    def mark(self) -> None:
        """Begin a run of values."""
        if len(self.marks) >= OPEN_MARKS:
            raise exceeded("open marks", OPEN_MARKS)
        self.marks.append(self.stack)
        self.stack = []

    def pop_mark(self) -> list[object]:
        """End a run of values and take it."""
        if not self.marks:
            raise damaged("a mark is missing on its stack")
        items = self.stack
        self.stack = self.marks.pop()
        return items

    def put(self, index: int) -> None:
        """Remember the value on top of the stack."""
        if not 0 <= index <= OPERATIONS:
            raise exceeded("the index of a memo", OPERATIONS)
        value = self.top()
        if isinstance(value, Pending):
            value.places.append(index)
        self.memo[index] = value

    def recall(self, index: int) -> None:
        """Push a value that was remembered."""
        if index not in self.memo:
            raise damaged(f"it uses a value number {index} that it never stored")
        self.push(self.memo[index])

    def complete(self, pending: Pending, state: object) -> None:
        """Replace the pending value on top of the stack, and in the memo, by what it becomes."""
        value = pending.build(state)
        self.stack[-1] = value
        for index in pending.places:
            if self.memo[index] is pending:
                self.memo[index] = value


def key(value: object, budget: Budget) -> object:
    """The value, if it is cheap to hash: flat, or a short tuple of flat values."""
    if isinstance(value, tuple):
        budget.tuple_key()
        if len(value) <= KEY_ITEMS and all(is_plain_key(item) for item in value):
            return value
    elif is_plain_key(value):
        return value
    raise damaged("a key of a dictionary or set that is not plain (text, number or short tuple)")


def is_plain_key(value: object) -> bool:
    """Whether hashing and comparing it is cheap, however often a file repeats it."""
    if isinstance(value, str | bytes):
        return len(value) <= KEY_LENGTH
    if isinstance(value, np.generic):
        return value.dtype.kind in NUMBER_KINDS
    return isinstance(value, PLAIN_KEYS)


def merge_state(record: Record, state: object) -> None:
    """Give a record its state, once."""
    if isinstance(state, tuple) and len(state) == 2 and is_slot_state(*state):
        merge_state(record, state[0] or {})
        merge_state(record, state[1])
        return
    named = state if isinstance(state, dict) else {"__state__": state}
    for name in named:
        if not isinstance(name, str) or name in PROTOCOL_NAMES:
            raise damaged(f"an attribute of {shown(record.path)} has no plain name")
    if not record.state.keys().isdisjoint(named):
        raise damaged(f"an object {shown(record.path)} is given its state twice")
    record.state.update(named)


def is_slot_state(attributes: object, slots: object) -> bool:
    """Whether this is the state of an object with __slots__: (dict or None, dict)."""
    return (attributes is None or isinstance(attributes, dict)) and isinstance(slots, dict)
