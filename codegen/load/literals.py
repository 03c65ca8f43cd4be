"""The opcodes that push numbers, text and tuples, and those that move values about."""

import re
from collections.abc import Callable

from codegen.errors import UnsafeModel
from codegen.load.limits import INTEGER_BYTES, TEXT_BYTES, exceeded
from codegen.load.machine import Machine
from codegen.load.refusal import damaged

Step = Callable[[Machine], None]

PROTOCOLS = 5
NUMBER = re.compile(rb"[+-]?[0-9]{1,80}")
FLOAT = re.compile(rb"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|[+-]?inf|nan", re.IGNORECASE)


def protocol(machine: Machine) -> None:
    """PROTO n."""
    version = machine.reader.byte()
    if version > PROTOCOLS:
        raise UnsafeModel(
            f"the model file is of pickle protocol {version}, which is not read; nothing in it "
            "was executed. Save it with protocol=5"
        )


def frame(machine: Machine) -> None:
    """FRAME length: only says how to buffer."""
    machine.reader.take(8)


def constant(value: object) -> Step:
    """A step that pushes a value of no content."""
    return lambda machine: machine.push(value)


def integer(n_bytes: int) -> Step:
    """A step that pushes an unsigned integer of this width."""
    return lambda machine: machine.push(machine.reader.unsigned(n_bytes))


def long_integer(n_bytes: int) -> Step:
    """A step that pushes an integer whose length comes first, in this width."""

    def step(machine: Machine) -> None:
        length = machine.reader.unsigned(n_bytes)
        if length > INTEGER_BYTES:
            raise exceeded("bytes in an integer", INTEGER_BYTES)
        machine.push(machine.reader.signed(length))

    return step


def text_integer(machine: Machine) -> None:
    """INT and LONG: decimal digits; 00 and 01 are bools."""
    line = machine.reader.line()
    if line in (b"00", b"01"):
        machine.push(line == b"01")
        return
    digits = line.removesuffix(b"L")
    if not NUMBER.fullmatch(digits):
        raise damaged("a number that is not written in digits")
    machine.push(int(digits))


def text_float(machine: Machine) -> None:
    """FLOAT: decimal text."""
    line = machine.reader.line()
    if not FLOAT.fullmatch(line):
        raise damaged("a number that is not written in digits")
    machine.push(float(line))


def content(n_bytes: int) -> Step:
    """A step that pushes bytes whose length comes first, in this width."""
    return lambda machine: machine.push(machine.reader.take(machine.reader.unsigned(n_bytes)))


def text(n_bytes: int) -> Step:
    """A step that pushes text whose length in bytes comes first, in this width."""

    def step(machine: Machine) -> None:
        length = machine.reader.unsigned(n_bytes)
        if length > TEXT_BYTES:
            raise exceeded("bytes in a text", TEXT_BYTES)
        machine.push(decoded(machine.reader.take(length), "utf-8", "surrogatepass"))

    return step


def text_line(machine: Machine) -> None:
    """UNICODE: escaped text up to the end of the line."""
    line = machine.reader.line(TEXT_BYTES)
    machine.push(decoded(line, "raw-unicode-escape", "strict"))


def decoded(line: bytes, encoding: str, errors: str) -> str:
    """The text that these bytes encode."""
    try:
        return line.decode(encoding, errors)
    except UnicodeDecodeError as error:
        raise damaged("text that is not in the encoding of pickles") from error


def tuple_of(count: int) -> Step:
    """A step that makes a tuple of this many values on top."""

    def step(machine: Machine) -> None:
        items = [machine.pop() for _ in range(count)]
        machine.push(tuple(reversed(items)))

    return step


def pop(machine: Machine) -> None:
    """POP the value on top, or else the last mark."""
    if machine.stack:
        machine.pop()
    else:
        machine.pop_mark()


def pop_mark(machine: Machine) -> None:
    """POP_MARK: drop the values after the mark."""
    machine.pop_mark()


def put_text(machine: Machine) -> None:
    """PUT: the index in digits."""
    machine.put(line_index(machine))


def get_text(machine: Machine) -> None:
    """GET: the index in digits."""
    machine.recall(line_index(machine))


def line_index(machine: Machine) -> int:
    """A memo index written in digits."""
    line = machine.reader.line()
    if not line.isdigit() or len(line) > 20:
        raise damaged("a memo index that is not written in digits")
    return int(line)


def put(n_bytes: int) -> Step:
    """A step that remembers the value on top under an index of this width."""
    return lambda machine: machine.put(machine.reader.unsigned(n_bytes))


def get(n_bytes: int) -> Step:
    """A step that recalls the value with an index of this width."""
    return lambda machine: machine.recall(machine.reader.unsigned(n_bytes))
