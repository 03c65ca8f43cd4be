"""Reads bytes in order, and refuses to read behind the end."""

import struct

from codegen.load.limits import LINE_BYTES, exceeded
from codegen.load.refusal import damaged


class Reader:
    """A position in the bytes of a file that was inflated already."""

    __slots__ = ("content", "position")

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.position = 0

    def take(self, count: int) -> bytes:
        """The next bytes, exactly that many."""
        end = self.position + count
        if count < 0 or end > len(self.content):
            raise damaged(f"{count} bytes are wanted at byte {self.position}, behind the end")
        taken = self.content[self.position : end]
        self.position = end
        return taken

    def byte(self) -> int:
        """The next byte as a number."""
        if self.position >= len(self.content):
            raise damaged(f"it ends at byte {self.position}, before the pickle does")
        value = self.content[self.position]
        self.position += 1
        return value

    def unsigned(self, n_bytes: int) -> int:
        """A little-endian unsigned integer."""
        return int.from_bytes(self.take(n_bytes), "little")

    def signed(self, n_bytes: int) -> int:
        """A little-endian two's complement integer."""
        return int.from_bytes(self.take(n_bytes), "little", signed=True)

    def float64(self) -> float:
        """A big-endian binary64, as BINFLOAT has it."""
        value: float = struct.unpack(">d", self.take(8))[0]
        return value

    def line(self, limit: int = LINE_BYTES) -> bytes:
        """The bytes up to the next newline, which is read too."""
        end = self.content.find(b"\n", self.position, self.position + limit + 1)
        if end < 0 and len(self.content) - self.position > limit:
            raise exceeded("bytes in a line", limit)
        if end < 0:
            raise damaged(f"a line at byte {self.position} has no end")
        taken = self.content[self.position : end]
        self.position = end + 1
        return taken

    def at_end(self) -> bool:
        """Whether all was read."""
        return self.position == len(self.content)
