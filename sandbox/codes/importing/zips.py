"""The members of a zip, within limits. Names are shown and never used as paths."""

import lzma
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

from sandbox.codes.importing.safe import MOST_BYTES, Refused

_MEMBERS: Final = 500
_TOTAL: Final = 2 * MOST_BYTES
_RATIO: Final = 200
"""Fixed-width text, most of it blanks, shrinks to a thirtieth; a bomb to a thousandth."""
_SMALL: Final = 1 << 20
_CHUNK: Final = 1 << 20

BROKEN: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
    *(ValueError, LookupError, RuntimeError, OverflowError),
)
"""What the library raises where a zip is cut or spoiled; of an encrypted one or a strange method, RuntimeError."""


def members(file: BinaryIO) -> list[zipfile.ZipInfo]:
    """The files in a zip, in its order. Raises :class:`Refused` for a broken zip and for a bomb."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            found = [info for info in archive.infolist() if not info.is_dir()]
    except BROKEN as error:
        raise Refused(f"a broken or cut zip ({error})") from error
    if len(found) > _MEMBERS:
        raise Refused(f"a zip of {len(found)} files; no official one has more than {_MEMBERS}")
    if sum(info.file_size for info in found) > _TOTAL:
        raise Refused(f"a zip that unpacks to more than {_TOTAL >> 20} MB")
    for info in found:
        if info.file_size > MOST_BYTES or (info.file_size > _SMALL and info.file_size > _RATIO * info.compress_size):
            raise Refused(f"{shown(info)} unpacks to {info.file_size >> 20} MB: no official file does")
        if info.flag_bits & 1:
            raise Refused(f"{shown(info)} is encrypted")
    return found


def shown(info: zipfile.ZipInfo) -> str:
    """The name of a member, fit for a line on a screen."""
    return "".join(char if char.isprintable() else "?" for char in info.filename.rpartition("/")[2])[:120]


@contextmanager
def unpacked(file: BinaryIO, info: zipfile.ZipInfo) -> Iterator[BinaryIO]:
    """A member as a file of its own, which is gone afterwards; not more of it than the zip has declared."""
    with tempfile.TemporaryFile() as out:
        try:
            with zipfile.ZipFile(file) as archive, archive.open(info) as member:
                written = 0
                while block := member.read(_CHUNK):
                    written += len(block)
                    if written > min(info.file_size, MOST_BYTES):
                        raise Refused(f"{shown(info)} is larger than the zip declares")
                    out.write(block)
        except BROKEN as error:
            raise Refused(f"{shown(info)} is broken or cut ({error})") from error
        yield out
