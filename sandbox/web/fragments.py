"""Templates that are drawn once and kept: the parts of a report."""

from collections.abc import Iterable

from flask import current_app
from markupsafe import Markup


def fill(template: str, **values: object) -> Markup:
    """A template that needs neither session nor request, without Flask's own rendering, which looks both up."""
    return Markup(current_app.jinja_env.get_template(template).render(**values))  # noqa: S704 - the template escapes


def joined(parts: Iterable[Markup]) -> Markup:
    """Parts of a page, one after the other."""
    return Markup("".join(parts))  # noqa: S704 - each part was escaped when it was drawn
