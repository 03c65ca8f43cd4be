"""Reads zip archives and the numpy files in them, under limits."""

import io
import zipfile
import zlib
from typing import Any

import numpy as np

from codegen.load.arrays import array_from_bytes
from codegen.load.limits import INFLATED_BYTES, Budget, exceeded
from codegen.load.refusal import damaged

MEMBERS = 100_000
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
HEADER_CHARACTERS = 10_000


class Archive:
    """The members of a zip file, and how many bytes may still come out of it."""

    def __init__(self, content: bytes, left: int = INFLATED_BYTES) -> None:
        try:
            self.file = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise damaged("a zip archive that is broken") from error
        if len(self.file.infolist()) > MEMBERS:
            raise exceeded("members of a zip archive", MEMBERS)
        self.left = left
        self.budget = Budget()

    def read(self, name: object) -> bytes:
        """The bytes of one member."""
        if not isinstance(name, str) or name not in self.file.NameToInfo:
            raise damaged("a member of its zip archive is missing")
        info = self.file.NameToInfo[name]
        if info.compress_type not in METHODS or info.flag_bits & 1:
            raise damaged("a zip archive that is encrypted, or compressed in an unusual way")
        try:
            with self.file.open(info) as stream:
                content = stream.read(self.left + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as e:
            raise damaged("a zip archive that is broken") from e
        self.left -= len(content)
        if self.left < 0:
            raise exceeded("bytes after decompression", INFLATED_BYTES)
        return content


def npy(content: bytes) -> Any:
    """The array in a .npy file, its header checked."""
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        headers = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }
        shape, fortran, dtype = headers[version](stream, max_header_size=HEADER_CHARACTERS)
    except Exception as error:
        raise damaged("a numpy file with a broken header") from error
    if dtype.hasobject:
        raise damaged("a numpy file with a pickle inside")
    return array_from_bytes(dtype, shape, content[stream.tell() :], "F" if fortran else "C")
