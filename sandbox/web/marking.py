"""The words of the chart under the lines of the coding form: fields → lines, proven against the documents.

A row that has words sends them as JSON in a field of its own, ``dx-2-words``; what is typed or selected besides comes
as ``dx-2-document`` and ``dx-2-quote``. Rows without words send nothing.
"""

import json
import re
from collections.abc import Iterable, Mapping
from textwrap import shorten
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from sandbox.cases.quotes import said, spans
from sandbox.cases.schema import Case
from sandbox.store.attempts import Lines
from sandbox.support import LONGEST, MOST

_MARK: Final = re.compile(r"mark-(dx|px)-([0-9]{1,4})")
SHORTEST: Final = 3
_SAVED: Final = " Your codes are saved, and no try was used up."

_KINDS: Final = {"dx": "Diagnosis", "px": "Procedure"}

Said = tuple[str, str]
"""What is wrong, and what to do."""


def sent(form: Iterable[str]) -> bool:
    """Whether a form, given the names of its fields, says anything of words at all."""
    return any(name.endswith(("-words", "-quote")) for name in form)


def put(form: Mapping[str, str], group: str, places: list[int], rows: list[dict[str, Any]]) -> None:
    """Puts the words of the form under the lines that were read from its rows at ``places``."""
    for n, row in zip(places, rows, strict=True):
        words = _kept(form.get(f"{group}-{n}-words", ""))
        document, quote = (" ".join(form.get(f"{group}-{n}-{name}", "").split()) for name in ("document", "quote"))
        if quote:
            words.append([document, quote])
        if words:
            row["words"] = words


def _kept(text: str) -> list[list[str]]:
    """The words of a hidden field. What no page of ours has written counts for nothing."""
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return []
    pairs = found if isinstance(found, list) else []
    return [pair for pair in pairs[:MOST] if isinstance(pair, list) and [type(part) for part in pair] == [str, str]]


def without(row: dict[str, Any], n: int) -> dict[str, Any]:
    """The line without its ``n``-th words, counted from 0."""
    words = [pair for place, pair in enumerate(row.get("words", ())) if place != n]
    rest = {name: value for name, value in row.items() if name != "words"}
    return {**rest, "words": words} if words else rest


def prove(case: Case, lines: Lines) -> Said | None:
    """Leaves under each line what stands in the documents, in the documents' own words, and no more than is allowed.

    Returns what is to be said of the first words that were left out; None where all stay.
    """
    texts = _texts(case)
    wrong: Said | None = None
    for row in (*lines["diagnoses"], *lines["procedures"]):
        if "words" not in row:
            continue
        good: list[list[str]] = []
        for document, quote in row.pop("words"):
            proven = _proven(texts, document, quote)
            if isinstance(proven, tuple):
                wrong = wrong or proven
            elif [document, proven] in good:
                continue
            elif len(good) == MOST:
                wrong = wrong or (
                    f"{row['code']} has {MOST} quotes already",
                    "Remove one, or keep to the telling ones.",
                )
            else:
                good.append([document, proven])
        if good:
            row["words"] = good
    return wrong


def _texts(case: Case) -> dict[str, Said]:
    return {document.id: (document.title, document.text) for document in case.documents}


def proven(case: Case, document: str, quote: str) -> str | Said:
    """Words as a document of the chart has them, or what is wrong with them and what to do."""
    found = _proven(_texts(case), document, quote)
    return found if isinstance(found, str) else (found[0], found[1].removesuffix(_SAVED))


def _proven(texts: Mapping[str, Said], document: str, quote: str) -> str | Said:
    """The quote as the document has it, or what is wrong with it."""
    if len(quote) > LONGEST:
        return "That is a long passage", f"Mark the words that say it: at most {LONGEST} characters at a time."
    if len(quote) < SHORTEST:
        return "That is very little", f"Give at least {SHORTEST} characters, so that the place can be told."
    title, text = texts.get(document, ("that document", ""))
    if found := spans(quote, text):
        return said(text, *found[0])
    shown = f"“{shorten(quote, 90, placeholder=' …')}”"
    other = next((name for name, there in texts.values() if spans(quote, there)), "")
    if other:
        return f"{shown} does not stand in {title}", f"It stands in {other}: choose that document, and try again."
    return (
        f"{shown} does not stand in {title} word for word",
        f"Copy the words as the chart has them; capitals, blanks and line breaks make no difference.{_SAVED}",
    )


def homeless(form: MultiDict[str, str]) -> Said | None:
    """What to say where words were to be put under a row that has no code yet."""
    pressed = _MARK.fullmatch(form.get("action", ""))
    if pressed is None:
        return None
    group, n = pressed[1], int(pressed[2])
    if "".join(form.getlist(f"{group}_code")[n : n + 1]).strip():
        return None
    return (
        f"{_KINDS[group]} {n + 1} has no code yet",
        "Type a code into the line first; then put the words under it that it rests on.",
    )


def missing(lines: Lines) -> Said | None:
    """What to say where a line has no words and the case, or a lab, demands them of each."""
    groups = (("dx", lines["diagnoses"]), ("px", lines["procedures"]))
    bare = [
        f"{_KINDS[group]} {n} ({row['code']})"
        for group, rows in groups
        for n, row in enumerate(rows, 1)
        if not row.get("words")
    ]
    if not bare:
        return None
    more = f", and {len(bare) - 1} more" if len(bare) > 1 else ""
    return (
        f"{bare[0]} has no words of the chart yet{more}",
        "In this case, each code is to rest on words that you mark: put them under the line, then check again. "
        "No try was used up.",
    )
