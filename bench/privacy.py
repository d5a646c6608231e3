"""What the patterns of ``sandbox.privacy`` find and miss on the labelled sets, by kind: ``python bench/privacy.py``.

A set (``tests/privacy/*.txt``) has one sentence a line; ``{kind: words}`` marks an identifier. An identifier is *found*
where something that was found covers at least half of it; whatever else was found is a *false alarm*.
"""

import datetime as dt
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETS = ROOT / "tests" / "privacy"
STAY = frozenset(dt.date(2026, 5, day) for day in range(2, 7))
"""The days of the encounter that all the sentences belong to."""
_MARK = re.compile(r"\{([\w-]+): ([^{}]+)\}")

Span = tuple[int, int, str]


def sentences(name: str) -> Iterator[tuple[str, list[Span]]]:
    """(sentence, its identifiers) of a set."""
    for line in (SETS / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, spans, at = "", [], 0
            for mark in _MARK.finditer(line):
                text += line[at : mark.start()]
                spans.append((len(text), len(text) + len(mark[2]), mark[1]))
                text += mark[2]
                at = mark.end()
            yield text + line[at:], spans


def measure(name: str, find: Callable[[str], list[Span]]) -> tuple[Counter[str], Counter[str], list[str], list[str]]:
    """(identifiers, those that were found) by kind, and the words missed and falsely found, with their sentences."""
    there: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    missed: list[str] = []
    false: list[str] = []
    for text, spans in sentences(name):
        given = find(text)
        for start, end, kind in spans:
            there[kind] += 1
            covered = sum(1 for at in range(start, end) if any(one[0] <= at < one[1] for one in given))
            if 2 * covered >= end - start:
                hit[kind] += 1
            else:
                missed.append(f"{kind}: {text[start:end]!r} in {text!r}")
        for start, end, kind in given:
            if not any(start < other[1] and other[0] < end for other in spans):
                false.append(f"{kind}: {text[start:end]!r} in {text!r}")
    return there, hit, missed, false


def ours(text: str) -> list[Span]:
    """What :func:`sandbox.privacy.found` finds."""
    from sandbox.privacy import found

    return [(one.start, one.end, one.kind) for one in found(text, STAY)]


def report(name: str, find: Callable[[str], list[Span]]) -> None:
    """Print the table of one set, and every miss and false alarm."""
    there, hit, missed, false = measure(name, find)
    count = sum(1 for _ in sentences(name))
    print(f"{name}: {count} sentences, {there.total()} identifiers")
    for kind in there:
        print(f"  {kind:10} {hit[kind]:3} of {there[kind]:3}")
    share = hit.total() / there.total()
    print(f"  {'all':10} {hit.total():3} of {there.total():3} = {share:.1%}; {len(false)} false alarms")
    for line in missed:
        print(f"  missed {line}")
    for line in false:
        print(f"  false  {line}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    for path in sorted(SETS.glob("*.txt")):
        report(path.stem, ours)
