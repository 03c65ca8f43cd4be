"""Values and names as C text: every character that reaches C goes through here."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.plan.program import Code

VALUES_PER_LINE = 8
LINE_LENGTH = 96
COMMENT_LENGTH = 200


def checked(value: Any) -> Code:
    """Let only text through that a filter or the plan has made safe."""
    if not isinstance(value, Code):
        raise TypeError(f"a template value went through no filter: {value!r}")
    return value


def literal(value: Any) -> Code:
    """A number as a C constant that reads back equal; NaN and infinity are refused."""
    if isinstance(value, np.float32):
        return Code(decimal(value) + "f")
    if isinstance(value, float):
        return Code(decimal(np.float64(value)))
    if isinstance(value, bool | np.bool_):
        return Code("1" if value else "0")
    if isinstance(value, int | np.integer):
        return whole(value)
    raise TypeError(f"no C literal for {type(value).__name__}")


def decimal(value: np.floating[Any]) -> str:
    """The shortest decimal text that reads back equal."""
    if not np.isfinite(value):
        raise ValueError(f"{value} has no C literal")
    text = str(value)
    return text if any(c in text for c in ".en") else text + ".0"


def whole(value: int | np.integer[Any]) -> Code:
    """An integer constant of the width that its type or size asks for."""
    if isinstance(value, np.uint64):
        return Code(f"0x{int(value):016x}u" + "ll")
    if isinstance(value, np.uint32):
        return Code(f"{int(value)}u")
    if value == -(2**31):
        return Code("(-2147483647 - 1)")
    return Code(str(int(value)))


def table(values: NDArray[Any]) -> Code:
    """The values of an array, eight on a line, or as many of a power of two as 96 columns hold."""
    text = [literal(v) for v in values.ravel()] if values.dtype.kind == "f" else words(values)
    n = VALUES_PER_LINE
    while n > 1 and n * (max(map(len, text)) + 2) > LINE_LENGTH:
        n //= 2
    lines = (text[i : i + n] for i in range(0, len(text), n))
    return Code(",\n    ".join(", ".join(line) for line in lines))


def words(values: NDArray[Any]) -> list[str]:
    """Integers as text; the small types need no suffix."""
    if values.dtype.itemsize < 4:
        return [str(v) for v in values.ravel().tolist()]
    return [whole(v) for v in values.ravel()]


def address(value: int) -> Code:
    """An address as a linker script has it."""
    return Code(f"0x{value:08x}")


def c_string(text: str) -> Code:
    """A C string literal with the text's UTF-8 bytes, in pure ASCII; trigraphs are broken up."""
    plain = {ord('"'): '\\"', ord("\\"): "\\\\", ord("?"): "\\?"}
    body = "".join(
        plain.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}")
        for byte in text.encode("utf-8", "surrogatepass")
    )
    return Code(f'"{body}"')


def comment(text: Any) -> Code:
    """Text that cannot leave a comment: a list of harmless characters, cut at 200."""
    kept = re.sub(r"[^A-Za-z0-9 _.,:;()<>=+\-\[\]'%|]", "?", str(text))
    return Code(kept[:COMMENT_LENGTH])


def macro_name(text: str) -> str:
    """Letters, digits and underscores of a name, in capitals; may be empty."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "_", ascii_text).strip("_").upper()


def macro_names(names: Iterable[str]) -> list[Code]:
    """Distinct names for enumerators: the column is added to those that would meet."""
    plain = [macro_name(name) for name in names]
    distinct: list[Code] = []
    for column, name in enumerate(plain):
        clash = not name or plain.count(name) > 1
        candidate = f"{name}_{column}" if clash and name else name or f"COLUMN_{column}"
        while candidate in distinct or (clash and candidate in plain):
            candidate += "_"
        distinct.append(Code(candidate))
    return distinct
