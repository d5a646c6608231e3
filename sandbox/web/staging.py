"""Uploads that were checked and wait to be confirmed: a file each in the data folder, for its owner, for a day."""

import json
import os
import re
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from sandbox.cases.files import NotWritten
from sandbox.cases.uploads import Sent
from sandbox.web.house import house

_DAY: Final = 24 * 3600
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Staged:
    """An upload that waits. ``said``: id → what became of a file since."""

    token: str
    owner: str
    name: str
    sent: tuple[Sent, ...]
    said: dict[str, str]


def put(owner: str, name: str, sent: Sequence[Sent]) -> Staged:
    """Keep an upload, and throw away those of yesterday. Raises NotWritten where the disk refuses."""
    _sweep()
    staged = Staged(secrets.token_urlsafe(16), owner, name, tuple(sent), {})
    _write(staged)
    return staged


def get(token: str, owner: str) -> Staged | None:
    """The upload of a token; None where it has gone or is somebody else's."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        found: dict[str, Any] = json.loads(_path(token).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if found["owner"] != owner:
        return None
    sent = tuple(Sent(**{**one, "problems": tuple(one["problems"])}) for one in found["sent"])
    return Staged(token, owner, found["name"], sent, found["said"])


def say(staged: Staged, said: dict[str, str]) -> None:
    """Note what became of its files."""
    _write(replace(staged, said={**staged.said, **said}))


def _folder() -> Path:
    return house().store.path.parent / "uploads"


def _path(token: str) -> Path:
    return _folder() / f"{token}.json"


def _write(staged: Staged) -> None:
    path = _path(staged.token)
    beside = path.with_suffix(f".{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(staged), file)
        beside.replace(path)
    except OSError as error:
        raise NotWritten(error.strerror or str(error)) from error
    finally:
        beside.unlink(missing_ok=True)


def _sweep() -> None:
    with suppress(OSError):
        for path in _folder().iterdir():
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _DAY:
                    path.unlink()
