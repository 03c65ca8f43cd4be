"""Gets the bytes of a model: from a path, from memory, or by pickling a live estimator."""

import bz2
import lzma
import os
import pickle
import stat
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from codegen.errors import InvalidInput, InvalidModel, UnsafeModel
from codegen.load.limits import FILE_BYTES, INFLATED_BYTES, exceeded
from codegen.load.refusal import damaged, shown

LZMA_MEMORY_BYTES = 128 << 20
CHUNK_BYTES = 1 << 20


class Decompressor(Protocol):
    """What bz2 and lzma share."""

    @property
    def eof(self) -> bool:
        """Whether the stream is whole."""

    @property
    def needs_input(self) -> bool:
        """Whether all that was fed is used up."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Up to max_length bytes of what comes out."""


def model_bytes(source: object) -> bytes:
    """The pickle stream of a model, inflated.

    Raises:
        InvalidInput: there is no such file, or it cannot be read.
        InvalidModel: the live object cannot be pickled.
        UnsafeModel: too large, damaged, or of a format that is not read.
    """
    if isinstance(source, str | os.PathLike):
        return inflated(file_bytes(Path(os.fsdecode(source))))
    if isinstance(source, bytes | bytearray | memoryview):
        return inflated(bytes(source))
    return pickled(source)


def file_bytes(path: Path) -> bytes:
    """The content of a regular file of acceptable size."""
    name = shown(str(path))
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InvalidInput(
                f"{name} is not a file; give the path of a model file, such as .joblib"
            )
        if status.st_size > FILE_BYTES:
            raise exceeded("bytes in the file", FILE_BYTES)
        with path.open("rb") as stream:
            content = stream.read(FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise InvalidInput(f"there is no file {name}; check the path of the model") from error
    except (OSError, ValueError) as error:
        raise InvalidInput(f"{name} cannot be read: {shown(str(error))}") from error
    if len(content) > FILE_BYTES:
        raise exceeded("bytes in the file", FILE_BYTES)
    return content


def pickled(live: object) -> bytes:
    """A live estimator as a pickle, so that it takes the same road as a file."""
    try:
        return pickle.dumps(live, protocol=5)
    except Exception as error:
        kind = shown(type(live).__qualname__)
        raise InvalidModel(
            f"{kind} cannot be pickled: {shown(str(error))}; remove lambdas, open files and "
            "other parts that pickle.dumps refuses"
        ) from error


def inflated(content: bytes) -> bytes:
    """The content without the compression that joblib may have put around it."""
    if not content:
        raise damaged("it is empty")
    for prefix, advice in FOREIGN:
        if content.startswith(prefix):
            raise UnsafeModel(f"this is {advice}; nothing in the file was executed")
    for prefix, inflate in COMPRESSIONS:
        if content.startswith(prefix):
            return inflate(content)
    return content


def inflate_zlib(content: bytes) -> bytes:
    """A zlib or gzip stream, under the cap."""
    machine = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        result = machine.decompress(content, INFLATED_BYTES + 1)
    except zlib.error as error:
        raise damaged(f"its compressed stream is broken ({shown(str(error))})") from error
    return checked(result, machine.eof)


def inflate_bz2(content: bytes) -> bytes:
    """A bzip2 stream, under the cap."""
    return inflate_stream(content, bz2.BZ2Decompressor())


def inflate_lzma(content: bytes) -> bytes:
    """An xz or lzma stream, under the cap."""
    return inflate_stream(content, lzma.LZMADecompressor(memlimit=LZMA_MEMORY_BYTES))


def inflate_stream(content: bytes, machine: Decompressor) -> bytes:
    """Inflate in chunks, so that a bomb costs no more than the cap."""
    chunks: list[bytes] = []
    total = 0
    feed = content
    try:
        while not machine.eof and total <= INFLATED_BYTES:
            chunk = machine.decompress(feed, CHUNK_BYTES)
            feed = b""
            chunks.append(chunk)
            total += len(chunk)
            if not chunk and machine.needs_input:
                break
    except (OSError, EOFError, ValueError, lzma.LZMAError) as error:
        raise damaged(f"its compressed stream is broken ({shown(str(error))})") from error
    return checked(b"".join(chunks), machine.eof)


def checked(result: bytes, complete: bool) -> bytes:
    """What came out, if it is whole and not too large."""
    if len(result) > INFLATED_BYTES:
        raise exceeded("bytes after decompression", INFLATED_BYTES)
    if not complete:
        raise damaged("its compressed stream is cut off")
    return result


COMPRESSIONS: tuple[tuple[bytes, Callable[[bytes], bytes]], ...] = (
    (b"\x78", inflate_zlib),
    (b"\x1f\x8b", inflate_zlib),
    (b"BZh", inflate_bz2),
    (b"\xfd7zXZ", inflate_lzma),
    (b"\x5d\x00\x00", inflate_lzma),
)

RESAVE = "save the model again with joblib.dump(model, path, compress=3)"

FOREIGN = (
    (b"\x04\x22\x4d\x18", f"a joblib file compressed with lz4, which is not read; {RESAVE}"),
    (b"ZF", f"a file of joblib before 0.10, which is not read; {RESAVE}"),
    (b"\x89HDF", f"an HDF5 file, not a pickle; {RESAVE}"),
    (b"\x93NUMPY", f"a numpy array file, not a model; {RESAVE}"),
)
