"""The editions of a data folder, side by side: which of them is the one for a day."""

import logging
import sqlite3
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from sandbox.codes.model import chosen

if TYPE_CHECKING:
    from sandbox.codes.codeset import CodeSet
    from sandbox.codes.imported import Official

FOLDER: Final = "editions"
"""The folder of the imported editions, beside ``codes.db``."""

log = logging.getLogger(__name__)


class Shelf:
    """The bundled code set, and the imported ones that lie beside it, each opened once."""

    def __init__(self, bundled: "CodeSet") -> None:
        self._bundled = bundled
        self._chosen = lru_cache(maxsize=1024)(self._choose)

    @property
    def official(self) -> "Official":
        """What was imported into the data folder, for all editions."""
        return self._bundled.official

    @cached_property
    def editions(self) -> "tuple[CodeSet, ...]":
        """All editions in order of time, the bundled one among them; the folder is read when they are first asked for.

        On the day of the bundled one, an imported edition of the same day goes before it.
        """
        bundled = self._bundled
        files = sorted((bundled.path.parent / FOLDER).glob("*.db"))
        found = [edition for file in files if _readable(edition := type(bundled)(file, self), bundled)]
        return tuple(sorted((bundled, *found), key=lambda edition: (edition.edition_day, edition is not bundled)))

    def at(self, on: int) -> "CodeSet":
        """The edition for a day (see :func:`sandbox.codes.model.chosen`), or the bundled one."""
        return self._bundled if len(self.editions) == 1 else self._chosen(on)

    def _choose(self, on: int) -> "CodeSet":
        return chosen(self.editions, lambda edition: edition.edition_day, on) or self._bundled

    def title(self, key: str, system: str, but: "CodeSet") -> str:
        """The title of a code that ``but`` does not bring yet, or no more, in another edition, or empty."""
        others = (edition for edition in reversed(self.editions) if edition is not but)
        return next((title for edition in others if (title := edition.own_title(key, system))), "")


def _readable(edition: "CodeSet", bundled: "CodeSet") -> bool:
    """Whether this program built it, so that it can be read; said in the log where it cannot."""
    try:
        if edition.meta("fingerprint") == bundled.meta("fingerprint"):
            return True
        log.warning("%s was built by another version of the program and is left out", edition.path)
    except sqlite3.Error as error:
        log.warning("%s cannot be read and is left out: %s", edition.path, error)
    return False
