"""The limits of what a model file may cost to read, and the running count against them."""

from codegen.errors import UnsafeModel

FILE_BYTES = 256 << 20
INFLATED_BYTES = 256 << 20
TEXT_BYTES = 64 << 20
LINE_BYTES = 4096
INTEGER_BYTES = 32
OPERATIONS = 2_000_000
STACK_ITEMS = 1 << 20
OPEN_MARKS = 2_000
NESTED_STREAMS = 8
DEPTH = 200
EXPANDED_ITEMS = 50_000_000
COPIED_BYTES = 512 << 20
ITEM_BYTES = 256
KEY_ITEMS = 8
KEY_LENGTH = 1 << 16
TUPLE_KEYS = 4_096
DIMENSIONS = 8
DIMENSION = 2**31 - 1
FIELDS = 64


def exceeded(limit: str, allowed: int) -> UnsafeModel:
    """The error for a file that breaks a limit."""
    return UnsafeModel(
        f"the model file breaks a limit: {limit} (at most {allowed:,}); nothing in it was "
        "executed. A model for a microcontroller is far smaller: check where the file comes from"
    )


class Budget:
    """What is left to spend on one file, shared by the pickles nested in it."""

    __slots__ = ("copied", "operations", "tuple_keys")

    def __init__(self) -> None:
        self.operations = OPERATIONS
        self.copied = COPIED_BYTES
        self.tuple_keys = TUPLE_KEYS

    def operation(self) -> None:
        """Count one opcode."""
        self.operations -= 1
        if self.operations < 0:
            raise exceeded("pickle operations", OPERATIONS)

    def copy(self, count: int) -> None:
        """Count bytes that are copied, as repeated copies of one value add up."""
        self.copied -= count
        if self.copied < 0:
            raise exceeded("bytes copied", COPIED_BYTES)

    def copy_items(self, count: int) -> None:
        """Count values that are copied into another container, each as a piece of memory."""
        self.copy(ITEM_BYTES * count)

    def tuple_key(self) -> None:
        """Count a tuple used as a key, whose hash a file can choose."""
        self.tuple_keys -= 1
        if self.tuple_keys < 0:
            raise exceeded("tuples used as keys", TUPLE_KEYS)
