"""What the pages bring along: vendored files that are what their names say, no inline code, no other host."""

import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STATIC, TEMPLATES = ROOT / "static", ROOT / "templates"
FOLDERS = (STATIC / "vendor", ROOT / "tests" / "browser" / "vendor")
VENDORED = sorted(path for folder in FOLDERS for path in folder.iterdir() if path.is_file())
PARTED = sorted(path for folder in FOLDERS for path in folder.iterdir() if path.is_dir())
"""A library of several files is a folder that is named with its version."""
PAGES = sorted(TEMPLATES.rglob("*.html"))
OWN = sorted((*(STATIC / "css").rglob("*.css"), *(STATIC / "js").rglob("*.js")))

SAYS = {
    "htmx": r'version:"([\d.]+)"',
    "pico": r"Pico CSS \S+ v([\d.]+) ",
    "axe": r"axe v([\d.]+)\n",
}
"""Beginning of a vendored file's name → where the file itself says its version."""

LIBRARIES = {"htmx": "htmx", "pico": "Pico CSS", "axe": "axe-core", "codemirror": "CodeMirror"}

MADE = {
    "codemirror-5.65.21": {
        "codemirror.css": "eb494ea972d2661ef86f7f6ac656dd6786d721e49c9c1b46e1eb967e4b6f9bf3",
        "codemirror.js": "e98aac5ffa07bae58acd4ff07c4293059f8921c0ae0eba506929d8c6f41c9288",
        "show-hint.css": "9058c1c14fcdae199b490bb6214f36a216b9ce84d7df2084830ebb6a60337651",
        "show-hint.js": "6d940e45a07c13abd1e872802ba20f91f809d4b583afcd58a8058e25c7f0cfce",
        "yaml.js": "7de73109e5bfb6951d53764f5210f00f7859b57525811fab6b6f843980a7726e",
    },
}
"""Folder → its files and their SHA-256 in the package on npm: most of them do not say their version."""

_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_STATIC = re.compile(r"url_for\(\s*'static',\s*filename='([^']+)'")
_HOST = re.compile(r"https?://[^\s'\"]*|[\"'(=]//\w[^\s'\"]*")
_URLS = ("src", "href", "action", "formaction", "poster", "hx-get", "hx-post", "hx-put", "hx-delete")


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


class Tags(HTMLParser):
    """The tags of a template with its Jinja taken out, and the text inside script and style elements."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(_JINJA.sub("", text))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def faults(text: str) -> list[str]:
    """Everything in a template that the Content-Security-Policy would stop, or that leads to another host."""
    out = []
    for tag, attrs in Tags(text).tags:
        if tag in ("style", "base", "iframe", "object", "embed") or (tag == "script" and "src" not in attrs):
            out.append(f"<{tag}>")
        out += [f"{name}=" for name in attrs if name == "style" or name.startswith(("on", "hx-on"))]
        out += [
            f"{name}={attrs[name]}" for name in _URLS if re.match(r"\s*(\w+:)?//|\s*javascript:", attrs.get(name) or "")
        ]
    return out + _HOST.findall(text)


@pytest.mark.parametrize("path", VENDORED, ids=lambda path: path.name)
def test_a_vendored_file_is_the_version_that_its_name_says(path: Path) -> None:
    library, _, version = path.name.removesuffix(path.suffix).removesuffix(".min").partition("-")
    inside = re.search(SAYS[library], path.read_text(encoding="utf-8"))
    assert inside is not None, "the file does not say its version"
    assert inside[1] == version


@pytest.mark.parametrize("path", VENDORED, ids=lambda path: path.name)
def test_a_vendored_file_stands_in_the_notices(path: Path) -> None:
    library, _, version = path.name.removesuffix(path.suffix).removesuffix(".min").partition("-")
    assert f"{LIBRARIES[library]} {version}" in (ROOT / "NOTICES.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", PARTED, ids=lambda path: path.name)
def test_a_vendored_folder_holds_the_files_of_its_version_unchanged_and_stands_in_the_notices(folder: Path) -> None:
    library, _, version = folder.name.partition("-")
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    assert found == MADE[folder.name]
    assert f'"{version}"' in (folder / f"{library}.js").read_text(encoding="utf-8")
    assert f"{LIBRARIES[library]} {version}" in (ROOT / "NOTICES.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_a_template_asks_only_for_files_that_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = _STATIC.findall(text)
    assert len(named) == len(re.findall(r"['\"]static['\"]|/static/", text)), "a static file without a plain name"
    assert [name for name in named if not (STATIC / name).is_file()] == []


def test_every_static_file_is_asked_for() -> None:
    asked = {STATIC / name for path in PAGES for name in _STATIC.findall(path.read_text(encoding="utf-8"))}
    for path in OWN:
        parts = re.findall(r"(?:from|import)\s*\(?['\"](\.[^'\"]+)['\"]", path.read_text(encoding="utf-8"))
        asked |= {(path.parent / name).resolve() for name in parts}
    assert [shown(path) for path in asked if not path.is_file()] == []
    assert [shown(path) for path in STATIC.rglob("*") if path.is_file() and path not in asked] == []


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_a_template_has_no_inline_code_and_no_other_host(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "<p>a</p><script>go()</script>",
        "<style>p {}</style>",
        '<p {% if x %}class="a"{% endif %} style="color: red">',
        '<button onclick="go()">',
        '<button hx-on:click="go()">',
        '<img src="//example.org/a.png">',
        '<script src="https://example.org/a.js"></script>',
        '<a href="javascript:go()">',
    ],
)
def test_inline_code_and_other_hosts_are_found(text: str) -> None:
    assert faults(text)


@pytest.mark.parametrize("path", OWN, ids=shown)
def test_styles_and_scripts_ask_no_other_host_and_build_no_inline_code(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert _HOST.findall(text) == []
    assert re.findall(r"\beval\(|new Function\(|setAttribute\(\s*['\"](?:style|on)", text) == []
    assert [u for u in re.findall(r"url\(\s*['\"]?([^'\")]+)", text) if not (path.parent / u).resolve().is_file()] == []


def test_the_vendored_stylesheet_loads_nothing_from_elsewhere() -> None:
    for path in (STATIC / "vendor").rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert "@import" not in text
        assert [url for url in re.findall(r"url\(\s*['\"]?([^'\")]{0,40})", text) if not url.startswith("data:")] == []
