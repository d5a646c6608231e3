"""An address as a QR code that a telephone reads from the projector."""

from markupsafe import Markup
from segno import make


def drawn(address: str) -> Markup:
    """The address as an SVG, with attributes only: the policy allows no style."""
    code = make(address, error="m", micro=False)
    return Markup(code.svg_inline(scale=6, border=3, light="#fff", omitsize=False))  # noqa: S704 - drawn, not typed
