"""The table of the opcodes of pickle protocols 0 to 5, and the loop that follows them."""

from functools import partial

from codegen.errors import UnsafeModel
from codegen.load import literals, objects
from codegen.load.limits import NESTED_STREAMS, exceeded
from codegen.load.literals import Step
from codegen.load.machine import Machine, Session
from codegen.load.refusal import damaged

STOP = ord(".")


def read_pickle(session: Session, depth: int = 0) -> object:
    """The inert value of the pickle at the reader's position.

    Raises:
        UnsafeModel: it is damaged, breaks a limit, or calls for more than data.
    """
    if depth > NESTED_STREAMS:
        raise exceeded("pickles inside pickles", NESTED_STREAMS)
    machine = Machine(session, partial(read_pickle, session, depth + 1))
    while (code := session.reader.byte()) != STOP:
        session.budget.operation()
        step = STEPS.get(code)
        if step is None:
            raise damaged(f"byte {session.reader.position - 1} is {code:#04x}, no pickle opcode")
        step(machine)
    value = machine.pop()
    if machine.stack or machine.marks:
        raise damaged("values are left on its stack at the end")
    return value


def refused(opcode: str, what: str) -> Step:
    """A step for an opcode that a file of plain data does not have."""

    def step(_: Machine) -> None:
        raise UnsafeModel(
            f"the model file uses the pickle opcode {opcode} ({what}), which a fitted estimator "
            "does not need; nothing in the file was executed. Save the model again with "
            "joblib.dump or pickle.dump, from Python 3"
        )

    return step


STEPS: dict[int, Step] = {
    0x80: literals.protocol,
    0x95: literals.frame,
    ord("N"): literals.constant(None),
    0x88: literals.constant(True),
    0x89: literals.constant(False),
    ord(")"): literals.constant(()),
    ord("]"): lambda machine: machine.push([]),
    ord("}"): lambda machine: machine.push({}),
    0x8F: lambda machine: machine.push(set()),
    ord("K"): literals.integer(1),
    ord("M"): literals.integer(2),
    ord("J"): lambda machine: machine.push(machine.reader.signed(4)),
    0x8A: literals.long_integer(1),
    0x8B: literals.long_integer(4),
    ord("I"): literals.text_integer,
    ord("L"): literals.text_integer,
    ord("F"): literals.text_float,
    ord("G"): lambda machine: machine.push(machine.reader.float64()),
    ord("C"): literals.content(1),
    ord("B"): literals.content(4),
    0x8E: literals.content(8),
    0x96: literals.content(8),
    0x8C: literals.text(1),
    ord("X"): literals.text(4),
    0x8D: literals.text(8),
    ord("V"): literals.text_line,
    0x85: literals.tuple_of(1),
    0x86: literals.tuple_of(2),
    0x87: literals.tuple_of(3),
    ord("("): lambda machine: machine.mark(),
    ord("t"): lambda machine: machine.push(tuple(machine.pop_mark())),
    ord("l"): lambda machine: machine.push(machine.pop_mark()),
    ord("d"): lambda machine: machine.push(objects.dictionary(machine, machine.pop_mark())),
    0x91: lambda machine: machine.push(frozenset(objects.keys(machine, machine.pop_mark()))),
    ord("a"): objects.append,
    ord("e"): objects.appends,
    ord("s"): objects.set_item,
    ord("u"): objects.set_items,
    0x90: objects.add_items,
    ord("0"): literals.pop,
    ord("1"): literals.pop_mark,
    ord("2"): lambda machine: machine.push(machine.top()),
    ord("p"): literals.put_text,
    ord("q"): literals.put(1),
    ord("r"): literals.put(4),
    0x94: lambda machine: machine.put(len(machine.memo)),
    ord("g"): literals.get_text,
    ord("h"): literals.get(1),
    ord("j"): literals.get(4),
    ord("c"): objects.text_reference,
    0x93: objects.stack_reference,
    ord("R"): objects.call("REDUCE"),
    0x81: objects.call("NEWOBJ"),
    0x92: objects.call_with_names,
    ord("b"): objects.build,
    ord("i"): refused("INST", "an object of Python 2"),
    ord("o"): refused("OBJ", "an object of Python 2"),
    ord("S"): refused("STRING", "text of Python 2"),
    ord("T"): refused("BINSTRING", "text of Python 2"),
    ord("U"): refused("SHORT_BINSTRING", "text of Python 2"),
    0x82: refused("EXT1", "a class by its number in a registry"),
    0x83: refused("EXT2", "a class by its number in a registry"),
    0x84: refused("EXT4", "a class by its number in a registry"),
    ord("P"): refused("PERSID", "an object outside the file"),
    ord("Q"): refused("BINPERSID", "an object outside the file"),
    0x97: refused("NEXT_BUFFER", "a buffer outside the file"),
    0x98: refused("READONLY_BUFFER", "a buffer outside the file"),
}
