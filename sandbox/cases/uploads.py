"""What somebody sends: a case file, or a zip of many. Taken apart within limits; nothing is written, no name a path."""

import io
import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from sandbox.cases.files import Refused, good_slug
from sandbox.cases.library import SUFFIXES
from sandbox.cases.reader import MOST_BYTES, read

MOST_FILES: Final = 300
MOST_TOGETHER: Final = 8 * MOST_BYTES
"""Bytes of all files of a zip, unpacked. A long case has 25 KB."""

_BROKEN: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
    *(ValueError, LookupError, RuntimeError, OverflowError),
)
"""What the library raises where a zip is cut or spoiled; of an encrypted one or a strange method, RuntimeError."""

_ENCRYPTED: Final = 1
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What every system's own zips are made with. An LZMA member may ask for gigabytes of memory before its first byte."""

_DRIVE: Final = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Sent:
    """One file of an upload: ``name`` as it was sent, fit to be shown, ``folder`` the one that it lay in ('' = none).

    ``problems`` are why it is refused; without any, ``text`` is a case that can be read, of ``specialty``.
    """

    name: str
    id: str = ""
    folder: str = ""
    text: str = ""
    hash: str = ""
    specialty: str = ""
    title: str = ""
    status: str = ""
    problems: tuple[str, ...] = ()


def take_apart(content: bytes, name: str) -> list[Sent]:
    """The files of an upload called ``name``, each good or with what is wrong with it.

    Raises :class:`Refused` where the whole is of no use: a broken zip, too many files, too much inside.
    """
    if name.lower().endswith(".zip") or content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        found = list(_unzipped(content))
    else:
        found = [_judged(name.replace("\\", "/").rpartition("/")[2], "", content)]
    many = Counter(sent.id for sent in found if sent.id)
    twice = "two files of this upload would be the case {}; rename one of the two"
    return [
        replace(sent, problems=(*sent.problems, twice.format(sent.id))) if many[sent.id] > 1 else sent for sent in found
    ]


def _unzipped(content: bytes) -> Iterator[Sent]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _BROKEN as error:
        raise Refused("the zip is broken or cut off") from error
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir() and not _clutter(info.filename)]
        if len(infos) > MOST_FILES:
            raise Refused(f"the zip has {len(infos)} files; at most {MOST_FILES} can be taken at once")
        left = MOST_TOGETHER
        for info in infos:
            if refusal := _refusal(info):
                yield Sent(_shown(info.orig_filename), problems=(refusal,))
                continue
            # What the zip declares is not believed: what comes out is counted.
            member = _member(archive, info, min(left, MOST_BYTES) + 1)
            left -= len(member or b"")
            if left < 0:
                raise Refused(f"the zip unpacks to more than {MOST_TOGETHER // 1_000_000} MB")
            folder, _, name = info.filename.rpartition("/")
            if member is None:
                yield Sent(_shown(info.filename), problems=("broken or cut off inside the zip",))
            else:
                yield _judged(name, folder.rpartition("/")[2], member, info.filename)


def _clutter(name: str) -> bool:
    """What systems put into zips by themselves."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2] in (".DS_Store", "Thumbs.db", "desktop.ini")


def _refusal(info: zipfile.ZipInfo) -> str:
    """Why a member is not even opened; empty where it may be."""
    name = info.orig_filename
    if name.startswith("/") or "\\" in name or _DRIVE.match(name) or ".." in name.split("/") or "\0" in name:
        return "its path leads out of the zip"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "a link, no file"
    if info.flag_bits & _ENCRYPTED:
        return "encrypted"
    if info.compress_type not in _METHODS:
        return "broken, or packed in a way that few programs use; make the zip anew"
    if name.lower().endswith((".zip", ".gz", ".7z", ".rar", ".tar")):
        return "an archive within the zip; send it by itself"
    return ""


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes | None:
    """Up to ``most`` bytes of a member; None where it is spoiled."""
    try:
        with archive.open(info) as file:
            return file.read(most)
    except _BROKEN:
        return None


def _judged(name: str, folder: str, content: bytes, path: str = "") -> Sent:
    """One file, named ``name`` in ``folder``."""
    shown = _shown(path or name)
    id, dot, suffix = name.rpartition(".")
    if not dot or f".{suffix}" not in SUFFIXES:
        return Sent(shown, problems=("no case file: its name ends in neither .yaml nor .yml",))
    if not good_slug(id):
        said = "a file's name is the case's id: small letters, digits, - and _, at most 80"
        return Sent(shown, id.lower(), problems=(said,))
    source = read(content, name)
    problems = tuple(f"line {one.line}, column {one.column}: {one.message}" for one in source.problems)
    case = source.case
    if case is None:
        return Sent(shown, id, folder, problems=problems)
    return Sent(shown, id, folder, source.text, source.hash, case.specialty, case.title, case.status, problems)


def _shown(name: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in name)[-200:]
