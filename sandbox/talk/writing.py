"""What somebody wrote → HTML that can do no harm, with the codes in it linked to the code book."""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import Any, Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from sandbox.codebook.linking import pieces
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import CM, HCPCS, PCS, bare

LONGEST: Final = 4000
"""Characters of one post."""
BOOK: Final = "/book/"
"""Where a link without a host may lead: into the code book, and nowhere else of this program."""
TAGS: Final = frozenset(["a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "strong", "ul"])
"""Every element that can come out. Headings would break the page's own, pictures would tell another host who reads."""
REL: Final = "nofollow noopener"

_OFF: Final = (
    *("image", "html_inline", "html_block", "heading", "lheading", "hr"),
    *("table", "reference", "code", "strikethrough", "linkify"),
)
_SCHEMES: Final = frozenset({"http", "https", "mailto"})
_LINK: Final = re.compile(r"(?:https?://|mailto:)[^\s]+|/book/[\w/.#-]*", re.IGNORECASE | re.ASCII)
_WHOLE: Final = re.compile(r"(?<![A-Za-z0-9./-])[0-9A-Z]{4,7}(?![A-Za-z0-9-])")
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
"""Control characters, and those that turn the order of a line round or stand in it unseen."""


def tidy(text: str) -> str:
    """A text as it is kept: line ends as one character, nothing unseen, no blank lines around or in rows."""
    lines = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")


def render(text: str, codes: CodeSet) -> str:
    """Markdown as HTML of :data:`TAGS` only; codes that are in the code set lead to their page.

    Raw HTML is shown as text. Links lead to ``http``, ``https`` or ``mailto``, or to a page of the code book. A code
    within a code block or a link is left as it is.
    """
    return _render(text[:LONGEST], codes)


@lru_cache(maxsize=1024)
def _render(text: str, codes: CodeSet) -> str:
    html = _MARKDOWN.render(text, {"codes": codes})
    # Twice on purpose: the renderer escapes, and what it has made goes through a sanitiser that parses as browsers do.
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={"a": {"href"}, "ol": {"start"}},
        attribute_filter=_attribute,
        link_rel=REL,
        url_schemes=set(_SCHEMES),
        clean_content_tags={"script", "style"},
    )


def plain(text: str) -> str:
    """What a reader sees of a text, marks and entities resolved: ``E11**.22**`` is ``E11.22``."""
    return "\n".join(_seen(token) for token in _MARKDOWN.parse(text[:LONGEST]))


def _seen(token: Token) -> str:
    if token.children is None:
        return token.content
    # The address of a link is seen on pointing at it.
    inner = (str(child.attrs.get("href", "")) + " " if child.type == "link_open" else "" for child in token.children)
    shown = ("\n" if child.type in ("softbreak", "hardbreak") else child.content for child in token.children)
    return "".join(shown) + "\n" + "".join(inner)


def _allowed(url: str) -> bool:
    return bool(_LINK.fullmatch(url)) and ".." not in url


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if _allowed(value) else None
    # Left to itself, the sanitiser lets `title` and `lang` through on any element; `rel` is what it has put there.
    return value if (name == "start" and value.isdecimal()) or (name, value) == ("rel", REL) else None


def _text(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """Words of a paragraph; codes in them become links, but inside a link there is none."""
    text = tokens[at].content
    opened = sum({"link_open": 1, "link_close": -1}.get(token.type, 0) for token in tokens[:at])
    return escape(text) if opened or "codes" not in env else _linked(text, env["codes"])


def _linked(text: str, codes: CodeSet) -> str:
    return "".join(
        _link(piece.text, CM, piece.key) if piece.key else _whole(piece.text, codes) for piece in pieces(codes, text)
    )


def _whole(text: str, codes: CodeSet) -> str:
    """Codes without a dot: procedures, and diagnoses as claims have them."""
    out, end = [], 0
    for found in _WHOLE.finditer(text):
        if system := system_of(found[0], codes):
            out += [escape(text[end : found.start()]), _link(found[0], system, bare(found[0]))]
            end = found.end()
    return "".join((*out, escape(text[end:])))


def system_of(code: str, codes: CodeSet) -> str:
    """The code system that has the code (capitals), or empty. Words without a digit are words."""
    if not any(char.isdigit() for char in code) or code.isdecimal():
        return ""
    return next((system for system in (CM, PCS, HCPCS) if codes.get(code, system)), "")


def _link(text: str, system: str, key: str) -> str:
    return f'<a href="{BOOK}{system}/{escape(key)}">{escape(text)}</a>'


def _made() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 12}).disable(_OFF, ignoreInvalid=True)
    made.validateLink = _allowed  # type: ignore[method-assign]
    made.add_render_rule("text", _text)
    return made


_MARKDOWN: Final = _made()
