"""A browser that goes everywhere: follows each link, fills each form, and looks for code in what comes back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

TYPED: Final = frozenset(("text", "search", "email", "url", "tel", "password", "textarea"))
"""Kinds of fields into which anything may be typed."""

_RUNS: Final = frozenset(("iframe", "object", "embed", "base", "style", "applet", "frame", "math", "foreignobject"))
_LINKS: Final = frozenset(
    ("href", "src", "action", "formaction", "xlink:href", "poster", "data", "srcdoc", "hx-get", "hx-post", "hx-put")
)
_SCHEME: Final = re.compile(r"\s*(?:javascript|vbscript|data)\s*:|\s*[\\/]{2}|\s*https?:", re.IGNORECASE)
_SOURCE: Final = re.compile(r"https://(?!evil)[\w.-]+(?:/[\w./-]*)?")
"""Where a link may lead: to a source on the web."""
_LIBRARY: Final = re.compile(r"/static/(?:js|vendor)/[\w./-]+\.js(?:\?v=\w+)?")

PRODUCT: Final = "60487771729"
"""What 7777 times 7777777 makes. Of a shorter number some seed of a drill would have the digits one day."""


@dataclass
class Field:
    """An input, textarea or select: its kind, name, present value, and what may be chosen."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """Where a form leads, with its fields; a button of its own for each way to send it."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    """(name, value, another action or '')"""
    also: str = ""
    """Where htmx posts it, or ''"""

    def values(self) -> dict[str, list[str]]:
        """What a browser would send with nothing typed; of radio buttons the first, of the first select something."""
        out: dict[str, list[str]] = {}
        for one in self.fields:
            if one.kind == "radio" and one.name in out:
                continue
            chosen = "" if one.name in out else next(filter(None, one.options), "")
            out.setdefault(one.name, []).append(one.value or chosen)
        return out


class Page(HTMLParser):
    """A page taken apart: links, forms, and everything in it that a browser would run."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.dangers: list[str] = []
        self.token = ""
        self._named: dict[str, Form] = {}
        self._open: Form | None = None
        self._area: Field | None = None
        self._select: Field | None = None
        self._script = False
        self._late: list[tuple[str, Field | tuple[str, str, str]]] = []
        self.feed(html)
        self.close()
        for name, found in self._late:
            form = self._named.get(name)
            if form and isinstance(found, Field):
                form.fields.append(found)
            elif form and isinstance(found, tuple):
                form.buttons.append(found)
        if PRODUCT in html:
            self.dangers.append("a template of the text was computed")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._look(tag, attrs)
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "meta" and given.get("name") == "csrf-token":
            self.token = given["content"]
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").lower())
            self._open.also = given.get("hx-post", "")
            self.forms.append(self._open)
            self._named[given.get("id", "")] = self._open
        elif "hx-post" in given and self._open is None:
            self.forms.append(Form(given["hx-post"], "post"))
        if tag in ("input", "textarea", "select") and given.get("name"):
            self._field(tag, given)
        elif tag == "option" and self._select is not None:
            self._select.options.append(given.get("value", ""))
            if "selected" in given:
                self._select.value = given.get("value", "")
        elif tag == "button":
            where = given.get("formaction") or given.get("hx-post", "")
            found = (given.get("name", ""), given.get("value", ""), where)
            if "form" in given:
                self._late.append((given["form"], found))
            elif self._open is not None:
                self._open.buttons.append(found)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        found = Field(given["name"], tag if tag != "input" else given.get("type", "text"), given.get("value", ""))
        if tag == "textarea":
            self._area = found
        if tag == "select":
            self._select = found
        if "form" in given:
            self._late.append((given["form"], found))
        elif self._open is not None:
            self._open.fields.append(found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None
        elif tag == "script":
            self._script = False

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data
        if self._script and data.strip():
            self.dangers.append(f"code in a script element: {data[:60]}")

    def _look(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "script":
            self._script = True
            if not _LIBRARY.fullmatch(given.get("src", "")):
                self.dangers.append(f"a script from {given.get('src', 'the page itself')!r}")
        if tag in _RUNS or tag.startswith("xssprobe"):
            self.dangers.append(f"an element <{tag}>")
        if tag == "meta" and "http-equiv" in given:
            self.dangers.append(f"<meta http-equiv={given['http-equiv']}>")
        for name, value in given.items():
            if name.startswith(("on", "hx-on", "data-hx-on")) or name in ("style", "srcdoc"):
                self.dangers.append(f"<{tag} {name}={value[:40]!r}>")
            elif name in _LINKS and _SCHEME.match(value) and not (tag == "a" and _SOURCE.fullmatch(value)):
                self.dangers.append(f"<{tag} {name}={value[:60]!r}>")
            elif name in ("hx-vals", "hx-headers", "hx-vars") and value.lstrip().lower().startswith(
                ("js:", "javascript:")
            ):
                self.dangers.append(f"<{tag} {name}={value[:40]!r}>")


def typed(forms: list[Form]) -> Iterator[Field]:
    """The fields of the forms into which anything may be typed."""
    return (one for form in forms for one in form.fields if one.kind in TYPED)
