"""Explanations → HTML, and the small filters of the templates."""

import datetime as dt
import re
from functools import lru_cache
from typing import Final

from flask import Flask
from markdown_it import MarkdownIt
from markupsafe import Markup

from sandbox.cases.schema import Case, DiagnosisLine, NotCoded, ProcedureLine
from sandbox.codes.model import day
from sandbox.encounter import CM, beside
from sandbox.queries.reasons import LONGEST, MOST, REASONS
from sandbox.web import chart
from sandbox.web.feedback import SEVERITIES
from sandbox.web.house import house

KeyLine = DiagnosisLine | ProcedureLine | NotCoded

_PROSE: Final = MarkdownIt("commonmark", {"html": False})
_SEEN: Final = 0.0001
"""A difference that somebody might ask about: a hundredth of a percent."""
_HEADING: Final = re.compile(r"(</?h)([1-6])(?=[\s>])")


@lru_cache(maxsize=256)
def prose(text: str, lower: int = 1) -> Markup:
    """Explanations by authors of cases and rules as HTML (CommonMark, raw HTML shown as text)."""
    return Markup(_lower(_PROSE.render(text), lower))  # noqa: S704 - the renderer escapes


def _lower(html: str, steps: int) -> str:
    return _HEADING.sub(lambda m: f"{m[1]}{min(6, int(m[2]) + steps)}", html)


def clock(moment: str) -> str:
    """The time of day (UTC) of a moment as the database keeps it: ``10:42``."""
    return moment[11:16]


def date(moment: str) -> str:
    """The day of a moment, and the time: ``2026-05-02 10:42``."""
    return f"{moment[:10]} {moment[11:16]}"


def local(moment: dt.datetime | None) -> str:
    """A moment (None: now) by the server's own clock, as a field for day and time has it: ``2026-05-02T10:42``."""
    return (moment or dt.datetime.now(dt.UTC)).astimezone().strftime("%Y-%m-%dT%H:%M")


def percent(value: float | None, beside: float | None = None) -> str:
    """A figure between 0 and 1 as people read it: ``67 %``; a dash where it does not apply.

    ``beside``: another one that it is shown with. Where whole numbers would not tell the two apart, it has decimals:
    ``11.5 %`` beside ``12.5 %``, which would both be 12.
    """
    if value is None:
        return "–"
    places = 0
    if beside is not None and abs(beside - value) >= _SEEN:
        places = next((n for n in range(3) if f"{100 * value:.{n}f}" != f"{100 * beside:.{n}f}"), 2)
    return f"{100 * value:.{places}f} %"


def iso(day: dt.date | None) -> str:
    """A date as charts here write it."""
    return day.isoformat() if day else ""


def ticks(text: str) -> Markup:
    """One line of prose with ``*stress*`` and `` `codes` ``, no paragraph around it."""
    return Markup(_PROSE.renderInline(text))  # noqa: S704 - the renderer escapes


def _doc_titles(case: Case) -> dict[str, str]:
    return {document.id: document.title for document in case.documents}


def _title(line: KeyLine, case: Case) -> str:
    codes = house().codes.at(day(case.encounter().on))
    return codes.title(line.code, getattr(line, "system", CM)) or "Title not in the loaded files"


def init_app(app: Flask) -> None:
    """Make the filters and small functions known to the templates."""
    app.jinja_env.filters.update(
        chart=chart.render, prose=prose, clock=clock, moment=date, percent=percent, iso=iso, ticks=ticks
    )
    app.jinja_env.globals.update(
        beside=beside, local=local, doc_titles=_doc_titles, title=_title, severities=SEVERITIES
    )
    app.jinja_env.globals.update(query_reasons=REASONS, longest_query=LONGEST, most_queries=MOST)
