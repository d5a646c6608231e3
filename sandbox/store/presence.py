"""Whether a server is using the data folder: it holds a lock that ends with its process, however that ends."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

NAME: Final = "server.lock"


class InUse(Exception):
    """A server is using the data folder."""


if sys.platform == "win32":

    def _share(handle: int) -> None:
        """Windows refuses to replace a file that a server has open, and needs no lock for it."""

    _claim = _share

else:
    import fcntl

    def _share(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)

    def _claim(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def serving(data: Path) -> AbstractContextManager[None]:
    """Say that a server uses the folder. Raises :class:`InUse` while its database is being replaced."""
    return _held(data, _share, f"{data}: its database is just being replaced; try again in a moment")


def nobody(data: Path) -> AbstractContextManager[None]:
    """Keep servers out. Raises :class:`InUse` where one is using the folder."""
    data.mkdir(parents=True, exist_ok=True)
    return _held(data, _claim, f"a server is using {data}; stop it first (Ctrl+C where it runs)")


@contextmanager
def _held(data: Path, take: Callable[[int], None], refusal: str) -> Iterator[None]:
    handle = os.open(data / NAME, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            take(handle)
        except OSError as error:
            raise InUse(refusal) from error
        yield
    finally:
        os.close(handle)
