"""One writer at a time in the folder of the cases, whatever process or thread it is in."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

NAME: Final = ".lock"
"""Hidden, so that nobody takes it for a case. It stays: deleting a lock that somebody waits for makes two of it."""

_PATIENCE: Final = 5.0
_PAUSE: Final = 0.01

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Hold the lock of a folder; it ends with its process, however that ends.

    Raises :class:`OSError` where the folder takes no file, and :class:`TimeoutError` where another writer does not end.
    """
    handle = os.open(root / NAME, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _wait(handle)
        yield
    finally:
        os.close(handle)  # which lets go of the lock


def _wait(handle: int) -> None:
    late = time.monotonic() + _PATIENCE
    while True:
        try:
            return _take(handle)
        except OSError as error:
            if time.monotonic() > late:
                raise TimeoutError("another program holds the folder of the cases") from error
            time.sleep(_PAUSE)
