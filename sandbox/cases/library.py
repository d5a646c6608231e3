"""A folder of case files → cases by id; read at start and again when a file changes."""

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from sandbox.cases.reader import Problem, Source, read, read_file
from sandbox.cases.schema import Case
from sandbox.cases.sharing import slim

SUFFIXES: Final = (".yaml", ".yml")
EXAMS: Final = "exams"
"""The folder, beside those of the specialties, in which the blueprints of practice exams lie."""
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")

Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class CaseFile:
    """One version of a case: ``text`` is the file's text unchanged, so that a store can keep it under ``hash``.

    ``others`` are the other encounters of a file with variants; only that of the chart as written has them.
    """

    id: str
    case: Case
    hash: str
    path: str
    text: str = field(repr=False)
    others: tuple["CaseFile", ...] = field(default=(), repr=False, compare=False)

    @staticmethod
    def of(source: Source) -> "CaseFile":
        """The case of a source that has one.

        Its id is the file's name without ending; a variant adds its own name to it: ``hip-pain~right-4``.
        """
        if source.case is None:
            raise ValueError(f"{source.path}: no case, but {len(source.problems)} problem(s)")
        slim(source.case)
        id = Path(source.path).stem + (f"~{source.variant}" if source.variant else "")
        others = tuple(CaseFile.of(other) for other in source.others)
        return CaseFile(id, source.case, source.hash, source.path, source.text, others)

    @staticmethod
    def revive(text: str, path: str, variant: str = "") -> "CaseFile":
        """The version of a case that a store has kept; the hash is that of the file it came from.

        Raises ValueError where the text holds no such case.
        """
        source = read(text, path)
        found = next((one for one in (source, *source.others) if one.variant == variant), None)
        if found is None:
            raise ValueError(f"{path}: no variant {variant}")
        return CaseFile.of(found)

    @property
    def family(self) -> tuple["CaseFile", ...]:
        """The encounters of a file, that of the chart as written first; asked of that one."""
        return self, *self.others


@dataclass(frozen=True)
class Entry:
    """One file of the folder. ``served`` is its last good version (None if there was none), beside its ``problems``."""

    path: str
    served: CaseFile | None
    problems: tuple[Problem, ...] = ()
    stamp: Stamp = field(default=(0, 0, 0), repr=False)

    @property
    def id(self) -> str:
        """The id that the file stands for."""
        return Path(self.path).stem


@dataclass(frozen=True)
class Shelf:
    """The folder at one moment: ``found`` file by file, ``entries`` after ids that two files claim are settled.

    ``stamps``: what was looked at, taken before anything was read, so that a change meanwhile is seen the next time.
    """

    found: dict[str, Entry] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    cases: dict[str, CaseFile] = field(default_factory=dict)
    encounters: dict[str, CaseFile] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    gone: bool = False
    stamps: frozenset[tuple[str, Stamp]] = frozenset()


class Library:
    """The cases below ``root``. Threads share one; none waits while another reads.

    A bad file is listed with its problems and never fatal. While a file is broken its last good version stays.
    """

    def __init__(self, root: Path, *, pause: float = 1.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.root = root
        self._pause, self._clock = pause, clock
        self._lock = threading.Lock()
        self._shelf = Shelf()
        self._looked = clock()
        self.refresh()

    def get(self, id: str) -> CaseFile | None:
        """The encounter of an id, as it is now; None where there is none."""
        return self.shelf().encounters.get(id)

    def cases(self) -> dict[str, CaseFile]:
        """All cases by id, one a file, in the order of their paths. Not to be changed."""
        return self.shelf().cases

    def encounters(self) -> dict[str, CaseFile]:
        """All encounters by id: each case, and after it its variants. Not to be changed."""
        return self.shelf().encounters

    def family(self, id: str) -> tuple[CaseFile, ...]:
        """All encounters of the file that an encounter belongs to; empty where the file is not there."""
        found = self.cases().get(id.partition("~")[0])
        return found.family if found else ()

    def entries(self) -> tuple[Entry, ...]:
        """All files, good and bad, in the order of their paths."""
        return tuple(self.shelf().entries.values())

    def problems(self) -> tuple[Problem, ...]:
        """The problems of all files."""
        return self.shelf().problems

    def shelf(self) -> Shelf:
        """The folder as it is now; looked at again at most once in ``pause`` seconds."""
        if self._clock() - self._looked >= self._pause:
            self.refresh()
        return self._shelf

    def refresh(self) -> None:
        """Look at the folder; a thread that finds another one looking goes on with what was there."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            self._looked = self._clock()
            self._shelf = _look(self.root, self._shelf)
        finally:
            self._lock.release()


def files(root: Path) -> Iterator[tuple[Path, str]]:
    """(file, shown path) for every case file below ``root``, in order; a link may not lead out of the folder.

    Hidden files and folders are left out, and blueprints of exams, which are no cases; the shown path of a file that
    leads outside is empty.
    """
    home = root.resolve()
    for path, entry in sorted((Path(entry.path), entry) for entry in _walk(root, top=True)):
        # Folders that are links are not gone into, so that nothing but a link can lead out.
        within = not entry.is_symlink() or inside(path, home)
        yield path, (Path(root.name) / path.relative_to(root)).as_posix() if within else ""


def _walk(folder: Path | str, top: bool = False) -> Iterator["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if not (top and entry.name == EXAMS):
                        yield from _walk(entry.path)
                elif entry.name.endswith(SUFFIXES) and not _leads_to_a_folder(entry):
                    yield entry
    except OSError:
        # It has just gone, or may not be read: as if there were nothing in it.
        return


def _leads_to_a_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle leads nowhere
        return False


def _stamps(root: Path) -> frozenset[tuple[str, Stamp]]:
    """Every case file with its stamp; empty where only a close look can tell whether something has changed."""
    out = set()
    for entry in _walk(root, top=True):
        try:
            if entry.is_symlink():
                return frozenset()
            out.add((entry.path, _stamp(entry.stat())))
        except OSError:
            return frozenset()
    return frozenset(out)


def _stamp(stat: os.stat_result) -> Stamp:
    return stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size


def inside(path: Path, home: Path) -> bool:
    """Whether a path, its links followed, lies in ``home`` (resolved); a link that leads in a circle lies nowhere."""
    try:
        return path.resolve().is_relative_to(home)
    except (OSError, RuntimeError):
        return False


def _look(root: Path, before: Shelf) -> Shelf:
    if not root.is_dir():
        missing = Problem(root.name or str(root), 1, 1, "the folder of the cases is not there")
        return replace(before, problems=(missing,), gone=True)
    stamps = _stamps(root)
    if stamps and stamps == before.stamps and not before.gone:
        return before
    found: dict[str, Entry] = {}
    for path, shown in files(root):
        name = shown or (Path(root.name) / path.relative_to(root)).as_posix()
        if not shown:
            found[name] = Entry(name, None, (Problem(name, 1, 1, "a link that leads out of the folder; left out"),))
        elif entry := _entry(path, name, before.found.get(name)):
            found[name] = entry
    if found == before.found and not before.gone:
        return replace(before, stamps=stamps)
    return replace(_shelve(found, before), stamps=stamps)


def _entry(path: Path, shown: str, before: Entry | None) -> Entry | None:
    """A file's entry, read only where its stamp has changed; None where the file has just gone."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        last = before.served if before else None
        return Entry(shown, last, (Problem(shown, 1, 1, f"cannot be read: {error.strerror}"),))
    stamp = _stamp(stat)
    if before and before.stamp == stamp:
        return before
    source = read_file(path, shown)
    problems = source.problems
    if not _ID.fullmatch(path.stem):
        problems += (Problem(shown, 1, 1, "a file's name is the case's id: small letters, digits, - and _"),)
    served = CaseFile.of(source) if not problems else before.served if before else None
    return Entry(shown, served, problems, stamp)


def _shelve(found: dict[str, Entry], before: Shelf) -> Shelf:
    """Cases by id. Where two files claim one id, the file that has served it so far, else the first one, keeps it."""
    owners = {id: case.path for id, case in before.cases.items() if case.path in found and found[case.path].served}
    for path, entry in found.items():
        if entry.served:
            owners.setdefault(entry.id, path)
    entries: dict[str, Entry] = {}
    for path, entry in found.items():
        owner = owners.get(entry.id, path)
        twice = Problem(path, 1, 1, f"the id {entry.id} belongs to {owner} already; rename one of the two")
        entries[path] = entry if owner == path else replace(entry, served=None, problems=(*entry.problems, twice))
    cases = {entry.id: entry.served for entry in entries.values() if entry.served}
    encounters = {one.id: one for case in cases.values() for one in case.family}
    problems = tuple(problem for entry in entries.values() for problem in entry.problems)
    return Shelf(found, entries, cases, encounters, problems)
