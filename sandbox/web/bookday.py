"""What all pages of the code book share: the day for which it is opened, and its parts."""

import datetime as dt
from typing import Any

from flask import Blueprint, abort, g, request

from sandbox.codes.codeset import CodeSet
from sandbox.codes.index_file import KINDS
from sandbox.codes.model import day
from sandbox.web.house import REFERENCE_DAY, house


def keep(pages: Blueprint) -> None:
    """Read ``?on=`` before each page of the blueprint, write it into each link to one, and tell the templates."""

    @pages.before_request
    def read() -> None:
        text = request.args.get("on", "")
        try:
            g.book_day = dt.date.fromisoformat(text) if text else REFERENCE_DAY
        except ValueError:
            abort(404)

    @pages.url_defaults
    def write(endpoint: str, values: dict[str, Any]) -> None:
        on = g.get("book_day", REFERENCE_DAY)
        if on != REFERENCE_DAY:
            values.setdefault("on", on.isoformat())

    @pages.context_processor
    def shown() -> dict[str, Any]:
        if "book_day" not in g:
            return {}
        codes, on = opened()
        return {"edition": codes.edition, "on": on, "day": g.book_day, "indexes": KINDS}


def opened() -> tuple[CodeSet, int]:
    """The code set of the day, and the day (YYYYMMDD)."""
    on = day(g.book_day)
    return house().codes.at(on), on
