"""The files of the cases as the desk reads and writes them: whole or not at all, and never over somebody's work.

The file is the source of truth. What is saved is the text as it was given, line ends and last line included.
"""

import hashlib
import os
import re
import shutil
import threading
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox.cases.library import SUFFIXES, inside
from sandbox.cases.lock import alone
from sandbox.cases.reader import MOST_BYTES

SLUG: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_RESERVED: Final = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
"""Names that Windows keeps for devices: a folder of cases may travel."""
_TRIES: Final = 20
_PAUSE: Final = 0.025


@dataclass(frozen=True, slots=True)
class Saved:
    """A file as it is: ``path`` relative to the root, with ``/``; ``etag`` is the SHA-256 of the text, in hex."""

    id: str
    path: str
    text: str
    etag: str


class Refused(ValueError):
    """What was to be written may not be written; the message says why. Nothing was written."""


class Exists(Exception):
    """The id of a new case is taken. Nothing was written."""

    def __init__(self, path: str) -> None:
        super().__init__(f"there is a case of that id already: {path}")
        self.path = path


class Conflict(Exception):
    """The file is no longer what the page has seen: ``current`` is what it is now, None where it is gone.

    Nothing was written.
    """

    def __init__(self, current: Saved | None) -> None:
        super().__init__("the file was changed meanwhile" if current else "the file was moved or deleted meanwhile")
        self.current = current


class NotWritten(Exception):
    """The disk did not take it: full, read-only, held by another program. The file is what it was."""


def etag(text: str) -> str:
    """What tells one text from another: the SHA-256 of its UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def slug(words: str) -> str:
    """A specialty as the name of a folder: ``Family Médicine`` → ``family-medicine``; empty where nothing is left."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-")


def good_slug(name: str) -> bool:
    """Whether a name may be a case's id, or its folder."""
    return bool(SLUG.fullmatch(name)) and not _RESERVED.fullmatch(name)


def read(root: Path, id: str) -> Saved | None:
    """The file of a case, good or broken; None where there is none.

    A file that is not UTF-8 comes as the text that it was on Windows. Raises :class:`Refused` where the id is no slug,
    the file is larger than 1 MB or is a link that leads out of ``root``.
    """
    _check_name(id, "id")
    found = _find(root, id)
    return _read(root, found, id) if found else None


def raw(root: Path, id: str) -> tuple[str, bytes] | None:
    """(path, bytes) of the file of a case, just as they are; None where there is none. Raises as :func:`read` does."""
    _check_name(id, "id")
    found = _find(root, id)
    content = _bytes(root, found) if found else None
    return None if found is None or content is None else (_relative(root, found), content)


def save(root: Path, id: str, text: str, *, base: str | None, specialty: str = "") -> Saved:
    """Write the file of a case: a new one where ``base`` is None, else over the one whose etag is ``base``.

    ``specialty`` names the folder of a new one. Raises :class:`Exists`, :class:`Conflict`, :class:`Refused` (id or
    specialty that make no name, a text over 1 MB or with half a character, a link that leads out of ``root``) and
    :class:`NotWritten`.
    """
    _check_name(id, "id")
    content = _encoded(text)
    with _telling(), alone(root):
        found = _find(root, id, alike=base is None)
        if base is None:
            if found:
                raise Exists(_relative(root, found))
            path = _new_path(root, id, specialty)
        else:
            current = _read(root, found, id) if found else None
            if found is None or current is None or current.etag != base:
                raise Conflict(current)
            path = found
        _replace(path.resolve(), content)
        return Saved(id, _relative(root, path), text, etag(text))


def decoded(raw: bytes) -> str:
    """The text of a file's bytes; what is not UTF-8 is read as Windows or UTF-16 would have meant it."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        with suppress(UnicodeDecodeError):
            return raw.decode("utf-16")
    for encoding in ("utf-8", "cp1252"):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode("latin-1")


def _check_name(name: str, what: str) -> None:
    if not good_slug(name):
        raise Refused(f"the {what} {name!r} makes no file name: small letters, digits, - and _, at most 80")


def _encoded(text: str) -> bytes:
    try:
        content = text.encode()
    except UnicodeEncodeError as error:
        raise Refused(f"the text holds half a character at {error.start + 1}") from error
    if len(content) > MOST_BYTES:
        raise Refused("larger than 1 MB; no case needs that much")
    return content


def _find(root: Path, id: str, *, alike: bool = False) -> Path | None:
    """The file that has the id; with ``alike``, also one in other letters: to some disks the two are one."""
    names = {id + suffix for suffix in SUFFIXES}
    found = []
    for folder, below, here in os.walk(root):
        below[:] = [name for name in below if not name.startswith(".")]
        found += [Path(folder, name) for name in here if (name.lower() if alike else name) in names]
    return min(found, default=None)


def _read(root: Path, path: Path, id: str) -> Saved | None:
    content = _bytes(root, path)
    if content is None:
        return None
    text = decoded(content)
    return Saved(id, _relative(root, path), text, etag(text))


def _bytes(root: Path, path: Path) -> bytes | None:
    if not inside(path, root.resolve()):
        raise Refused(f"{_relative(root, path)} is a link that leads out of the folder")
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return None
    if len(content) > MOST_BYTES:
        raise Refused("larger than 1 MB; no case needs that much")
    return content


def _new_path(root: Path, id: str, specialty: str) -> Path:
    folder = slug(specialty)
    _check_name(folder, "specialty")
    where = root / folder
    if not inside(where, root.resolve()):
        raise Refused(f"{folder} is a link that leads out of the folder")
    where.mkdir(exist_ok=True)
    return where / f"{id}{SUFFIXES[0]}"


def _replace(path: Path, content: bytes) -> None:
    """Write beside and rename, so that whoever reads meanwhile, or a power cut, finds the old file or the new one."""
    for left in path.parent.glob(f".{path.name}.*.part"):
        left.unlink(missing_ok=True)  # of a process that was killed: whoever writes has the lock
    beside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        _rename(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    _settle(path.parent)


def _rename(beside: Path, path: Path) -> None:
    """Windows does not replace a file while somebody reads it, and reading one takes a moment only."""
    for _ in range(_TRIES):
        try:
            beside.replace(path)
            return
        except PermissionError:
            time.sleep(_PAUSE)
    beside.replace(path)


def _settle(folder: Path) -> None:
    """Have the rename itself on the disk; where folders cannot be opened (Windows) the system sees to it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _relative(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotWritten(error.strerror or str(error)) from error
