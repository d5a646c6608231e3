"""Every key of the pages in one table: the overlay, the page ``/keys`` and the scripts draw on it.

A script may bind no key that is not listed here (``static/js/keys.js`` refuses it), and a key that nobody bound on a
page is not shown on it. Keys that a component handles where it has the focus name their script; a test reads it.
"""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

pages = Blueprint("keys", __name__)

BROWSER: Final = "browser"
"""In place of a script: what every browser does by itself."""


@dataclass(frozen=True, slots=True)
class Key:
    """What some keys do. ``combos`` as ``KeyboardEvent.key`` names them, modifiers before (``Alt+ArrowUp``).

    ``script``: empty where a page's script binds them by ``shortcuts()``; else the component of ``static/js/`` that
    handles them where it has the focus, or :data:`BROWSER`.
    """

    combos: tuple[str, ...]
    words: str
    script: str = ""

    @property
    def shown(self) -> tuple[tuple[str, ...], ...]:
        """The caps of each combination as they are printed: ``Alt+ArrowUp`` → ``("Alt", "↑")``."""
        return tuple(tuple(_CAPS.get(cap, cap) for cap in combo.split("+")) for combo in self.combos)


_CAPS: Final = {
    "ArrowUp": "↑",
    "ArrowDown": "↓",
    "ArrowLeft": "←",
    "ArrowRight": "→",
    "Escape": "Esc",
    "s": "S",
}


@dataclass(frozen=True, slots=True)
class Section:
    """Keys that belong together, and the endpoints of the pages on which they work (none: on all)."""

    title: str
    endpoints: frozenset[str]
    keys: tuple[Key, ...]


_CHARTS: Final = ("learn.case", "room.case", "audit.page", "sitting.question")
_BOOK: Final = (
    *("book.home", "book.entry", "bookindex.index", "bookindex.term", "bookindex.build"),
    *("bookguide.page", "bookwords.words"),
)
_EDITOR: Final = ("editor.page", "editor.save", "editor.lint", "editor.show")
_PREVIOUS, _NEXT = Key(("[",), "previous document of the chart"), Key(("]",), "next document of the chart")


def _on(*endpoints: str) -> frozenset[str]:
    return frozenset(endpoints)


SECTIONS: Final = {
    "case": Section("Chart and coding", _on("learn.case", "room.case"), (
        _PREVIOUS,
        _NEXT,
        Key(("/",), "to the first empty line"),
        Key(("b",), "open the code book, go to it, close it"),
        Key(("w",), "mark words of the chart for a line"),
        Key(("Alt+w",), "the same while you type a code"),
        Key(("Alt+ArrowUp", "Alt+ArrowDown"), "move the line up or down"),
        Key(("Alt+Delete",), "remove the line"),
        Key(("Ctrl+Enter",), "check my coding"),
    )),
    "audit": Section("Audit", _on("audit.page", "audit.result"), (
        _PREVIOUS,
        _NEXT,
        Key(("Ctrl+Enter",), "hand the audit in"),
    )),
    "exam": Section("A paper of an exam", _on("sitting.question"), (
        _PREVIOUS,
        _NEXT,
        Key(("/",), "to the first empty line"),
        Key(("Alt+ArrowUp", "Alt+ArrowDown"), "move the line up or down"),
        Key(("Alt+Delete",), "remove the line"),
    )),
    "line": Section("While you type a code", _on(*_CHARTS), (
        Key(("ArrowDown", "ArrowUp"), "choose among what is offered", "typeahead.js"),
        Key(("Tab", "Enter"), "take the chosen code over; Enter goes on to the next field", "typeahead.js"),
        Key(("Escape",), "close what is offered", "typeahead.js"),
    )),
    "words": Section("While you mark words of the chart", _on("learn.case", "room.case"), (
        Key(("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"), "go on by word or line; with Ctrl by sentence, "
            "with Shift select", "caret.js"),
        Key(("Home", "End"), "to the beginning or end of the line", "caret.js"),
        Key(("Enter",), "put the words under the line", "caret.js"),
        Key(("[", "]"), "previous, next document", "caret.js"),
        Key(("Escape",), "back to the line", "caret.js"),
    )),
    "panel": Section("In the code book beside the chart", _on("learn.case", "room.case"), (
        Key(("t",), "take the code over into its line"),
        Key(("Escape",), "close the code book", "book-panel.js"),
    )),
    "book": Section("In the code book", _on("learn.case", "room.case", *_BOOK), (
        Key(("ArrowDown", "ArrowUp"), "from the search into the codes that were found, and back", "book.js"),
    )),
    "tabs": Section("On the tabs above the chart", _on(*_CHARTS, "audit.result", *_EDITOR), (
        Key(("ArrowLeft", "ArrowRight"), "previous, next tab", "chart.js"),
        Key(("Space",), "open it", "chart.js"),
    )),
    "drill": Section("Drills", _on("drills.one", "drills.in_round"), (
        Key(("1", "2", "3", "4"), "choose the answer of that number"),
        Key(("Enter",), "go on, once it is answered", BROWSER),
    )),
    "editor": Section("The editor of cases", _on(*_EDITOR), (
        Key(("Ctrl+s",), "save"),
        Key(("F8", "Shift+F8"), "to the next, the previous problem"),
        Key(("Ctrl+Space",), "complete keys, values, codes and quotes", "editor-complete.js"),
        Key(("Tab", "Shift+Tab"), "indent, indent less", "editor.js"),
        Key(("Escape",), "then Tab leaves the text", "editor.js"),
        Key(("Enter",), "in the codes of a trial: draw the report anew", "editor-preview.js"),
    )),
    "everywhere": Section("On every page", frozenset(), (
        Key(("?",), "show the keys of the page, and hide them"),
        Key(("Escape",), "close the list of keys", BROWSER),
        Key(("Tab", "Shift+Tab"), "to the next, the previous link, field or button; the first of a page skips to its "
            "content", BROWSER),
        Key(("Enter",), "follow a link, press a button", BROWSER),
        Key(("Space",), "press a button, tick a box, open a part that is folded", BROWSER),
    )),
}  # fmt: skip
"""Id → section, in the order in which they are shown."""


def here(endpoint: str | None) -> dict[str, Section]:
    """The sections of one page; those of all pages come last."""
    return {id: one for id, one in SECTIONS.items() if not one.endpoints or endpoint in one.endpoints}


@pages.get("/keys")
def page() -> ResponseReturnValue:
    """All keys of all pages."""
    return render_template("keys/page.html", sections=SECTIONS)
