"""What a FHIR resource holds, whatever its types turn out to be: objects, lists, codes, days, and its texts."""

import base64
import binascii
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

from sandbox.drafting.material import NoDraft, Page

Json = dict[str, Any]


def pages_of(resource: Json) -> Iterator[Page]:
    """The texts of a document, a report or a composition, as one page."""
    kind = inside(resource, "type") or inside(resource, "code")
    title = str(kind.get("text") or next((code.get("display") for code in listed(kind, "coding")), "") or "Note")
    date = day(resource.get("date") or resource.get("effectiveDateTime") or resource.get("issued"))
    parts = [inside(content, "attachment") for content in listed(resource, "content")] + listed(
        resource, "presentedForm"
    )
    texts = [_attached(part) for part in parts]
    texts += [_plain(str(inside(section, "text").get("div", ""))) for section in listed(resource, "section")]
    text = "\n\n".join(filter(None, [*texts, str(resource.get("conclusion") or "")]))
    if text.strip():
        yield Page(title[:120], "Author", date, text)


def _attached(part: Json) -> str:
    kind = str(part.get("contentType", "text/plain"))
    if not kind.startswith("text/") or not isinstance(part.get("data"), str):
        return ""
    try:
        text = base64.b64decode(part["data"], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise NoDraft("an attachment of the Bundle is not base64 of UTF-8 text") from None
    return _plain(text) if "html" in kind else text


class _Words(HTMLParser):
    """The text of a narrative, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.out: list[str] = []

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4"):
            self.out.append("\n- " if tag == "li" else "\n")


def _plain(html: str) -> str:
    words = _Words()
    try:
        words.feed(html)
    except AssertionError:  # what the parser does with "<![" before words that it does not know
        words.out = [re.sub(r"<[^>]*>", "\n", html)]
    return re.sub(r"\n\s*\n+", "\n", "".join(words.out)).strip()


def codes_of(concept: Json, *systems: str) -> list[str]:
    """The codes of a concept whose system has one of the words in it."""
    codings = listed(concept, "coding")
    return [
        str(one["code"]).strip().upper() if systems != ("",) else str(one["code"])
        for one in codings
        if one.get("code") and any(word.lower() in str(one.get("system", "")).lower() for word in systems)
    ]


def period(period: Json) -> tuple[dt.date | None, dt.date | None]:
    """The first and the last day of a period."""
    return day(period.get("start")), day(period.get("end"))


def day(text: object) -> dt.date | None:
    """The day of a date or a moment; None where it is neither."""
    try:
        return dt.date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def inside(value: Json, name: str) -> Json:
    """The object of that name; an empty one where there is none, or something else."""
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def listed(value: Json, name: str) -> list[Json]:
    """The objects of a list of that name, whatever else stands in it."""
    found: Iterable[Any] = value.get(name) or ()
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
