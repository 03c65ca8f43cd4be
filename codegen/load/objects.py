"""The opcodes that name classes, call them and give them their state: all inert here."""

import re
from collections.abc import Iterable

from codegen.load.constructors import construct
from codegen.load.literals import Step, decoded
from codegen.load.machine import Machine, Pending, key, merge_state
from codegen.load.record import Record, Reference
from codegen.load.refusal import Refused, damaged, shown

MODULE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
NAME_CHARACTERS = 255
PYTHON_2_MODULES = {"__builtin__": "builtins", "copy_reg": "copyreg"}
PYTHON_2_NAMES = {"xrange": "range", "unicode": "str", "long": "int"}
# scikit-learn 1.4 to 1.7 compiled its losses without the name of their package.
BARE_MODULES = {"_loss": "sklearn._loss._loss"}
DICTIONARY_CLASSES = ("sklearn.utils.Bunch",)
# Links between neighbouring leaves, which only fitting follows; they make cycles.
DROPPED = {"sklearn.cluster._CFNode": ("prev_leaf_", "next_leaf_")}


def append(machine: Machine) -> None:
    """APPEND one value to the list below it."""
    value = machine.pop()
    extend(machine.top(), [value])


def appends(machine: Machine) -> None:
    """APPENDS the values after the mark to the list below it."""
    items = machine.pop_mark()
    extend(machine.top(), items)


def extend(target: object, items: Iterable[object]) -> None:
    """Put values at the end of a list."""
    if isinstance(target, list):
        target.extend(items)
    elif not isinstance(target, Refused):
        raise damaged("values appended to something that is no list")


def set_item(machine: Machine) -> None:
    """SETITEM one key and value in the dictionary below them."""
    value, name = machine.pop(), machine.pop()
    update(machine, [name, value])


def set_items(machine: Machine) -> None:
    """SETITEMS the keys and values after the mark in the dictionary below it."""
    update(machine, machine.pop_mark())


def update(machine: Machine, flat: list[object]) -> None:
    """Put alternating keys and values into the dictionary, or dictionary class, on top."""
    items, target = dictionary(machine, flat), machine.top()
    if isinstance(target, dict):
        target.update(items)
    elif isinstance(target, Record) and target.path in DICTIONARY_CLASSES:
        merge_state(target, items)
    elif not isinstance(target, Refused):
        raise damaged("keys and values given to something that is no dictionary")


def dictionary(machine: Machine, flat: list[object]) -> dict[object, object]:
    """Alternating keys and values as a dictionary."""
    if len(flat) % 2:
        raise damaged("a key without a value")
    budget = machine.session.budget
    return {key(flat[i], budget): flat[i + 1] for i in range(0, len(flat), 2)}


def add_items(machine: Machine) -> None:
    """ADDITEMS: the values after the mark to the set below it."""
    items = keys(machine, machine.pop_mark())
    target = machine.top()
    if isinstance(target, set):
        target.update(items)
    elif not isinstance(target, Refused):
        raise damaged("values added to something that is no set")


def keys(machine: Machine, items: list[object]) -> set[object]:
    """Values as a set, if each is cheap to hash."""
    return {key(item, machine.session.budget) for item in items}


def text_reference(machine: Machine) -> None:
    """GLOBAL: module and name on two lines."""
    module = decoded(machine.reader.line(), "utf-8", "strict")
    name = decoded(machine.reader.line(), "utf-8", "strict")
    machine.push(reference(module, name))


def stack_reference(machine: Machine) -> None:
    """STACK_GLOBAL: module and name from the stack."""
    name, module = machine.pop(), machine.pop()
    machine.push(reference(module, name))


def reference(module: object, name: object) -> Reference:
    """The inert name of a class or function; a path through attributes is refused."""
    if not isinstance(module, str) or not isinstance(name, str):
        raise damaged("a class or function whose name is no text")
    short = len(module) + len(name) <= NAME_CHARACTERS
    if not short or not MODULE.fullmatch(module) or not NAME.fullmatch(name):
        raise damaged(f"the name {shown(module)}.{shown(name)} of a class is not plain")
    if module == "__builtin__":
        name = PYTHON_2_NAMES.get(name, name)
    module = PYTHON_2_MODULES.get(module, BARE_MODULES.get(module, module))
    return Reference(module, name)


def call(opcode: str) -> Step:
    """A step for REDUCE and NEWOBJ: a class or function, and its arguments."""

    def step(machine: Machine) -> None:
        args, callee = machine.pop(), machine.pop()
        machine.push(called(machine, callee, args, opcode))

    return step


def call_with_names(machine: Machine) -> None:
    """NEWOBJ_EX: a class, its arguments, and arguments by name, which no readable class has."""
    names, args, callee = machine.pop(), machine.pop(), machine.pop()
    if isinstance(callee, Reference) and (not isinstance(names, dict) or names):
        machine.push(machine.session.refuse(callee, "NEWOBJ_EX"))
    else:
        machine.push(called(machine, callee, args, "NEWOBJ_EX"))


def called(machine: Machine, callee: object, args: object, opcode: str) -> object:
    """What stands for callee(*args)."""
    return callee if isinstance(callee, Refused) else construct(machine, callee, args, opcode)


def build(machine: Machine) -> None:
    """BUILD: give the object on the stack its state; no __setstate__ exists here."""
    state = machine.pop()
    target = machine.top()
    if isinstance(target, Pending):
        machine.complete(target, state)
    elif isinstance(target, Record):
        machine.session.budget.copy_items(len(state) if isinstance(state, dict) else 1)
        merge_state(target, without_links(target, state))
    elif isinstance(target, Reference):
        machine.stack[-1] = machine.session.refuse(target, "BUILD")
    elif not isinstance(target, Refused):
        raise damaged("a state given to something that has none")


def without_links(record: Record, state: object) -> object:
    """The state without the attributes that would make a cycle."""
    dropped = DROPPED.get(record.path)
    if dropped is None or not isinstance(state, dict):
        return state
    return {name: value for name, value in state.items() if name not in dropped}
