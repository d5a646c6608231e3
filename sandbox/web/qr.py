"""The way into a class or a lab by its code: an address, and the QR code that a telephone reads from the projector."""

import re
from dataclasses import dataclass
from typing import Final

from flask import request, url_for
from markupsafe import Markup
from segno import make

_HERE: Final = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
"""The hosts that mean the machine itself, and from another one nothing."""


@dataclass(frozen=True, slots=True)
class WayIn:
    """``only_here``: the address leads nowhere from another machine, such as a telephone in the room."""

    address: str
    only_here: bool
    drawn: Markup


def way_in(code: str) -> WayIn:
    """The way in by a code, by the host that the page itself was opened by: what has led here leads others here."""
    address = url_for("joining.door", code=code, _external=True)
    return WayIn(address, _HERE.fullmatch(request.host) is not None, drawn(address))


def drawn(address: str) -> Markup:
    """The address as an SVG of whatever size its place has, with attributes only: the policy allows no style."""
    code = make(address, error="m", micro=False)
    return Markup(code.svg_inline(border=4, light="#fff", omitsize=True))  # noqa: S704 - drawn, not typed
