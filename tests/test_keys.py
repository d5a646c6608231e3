"""The table of keys, the scripts that handle them, and what the pages say of them are one."""

import re
from pathlib import Path

import pytest
from flask import Flask
from webkit import HIP, Learner

from sandbox.web import keys
from sandbox.web.keys import BROWSER, SECTIONS

SCRIPTS = Path(__file__).resolve().parent.parent / "static" / "js"
COMMENT = re.compile(r"(?<!:)//.*")
BOUND = re.compile(r"(?<!function )shortcuts\(\{(.*?)\}(?:, \"[^\"]*\")?\)", re.DOTALL)
NAMED = re.compile(r'(?:^|[{,])\s*"([^"]+)":', re.MULTILINE)
NAMES = "ArrowUp ArrowDown ArrowLeft ArrowRight Home End PageUp PageDown Escape Enter Tab Shift-Tab Delete Backspace"
LITERAL = re.compile(rf"(?<![\w+-])({'|'.join(NAMES.split())}|Ctrl-Space|F\d+)(?![\w+-])")
ONE = re.compile(r'event\.key [!=]== "(.)"')


def code(name: str) -> str:
    return COMMENT.sub("", (SCRIPTS / name).read_text(encoding="utf-8"))


def bound(text: str) -> set[str]:
    """The keys that a script binds by ``shortcuts()``."""
    return {combo for table in BOUND.findall(text) for combo in NAMED.findall(table)}


def handled(text: str) -> set[str]:
    """The keys that a script handles by itself, as the table writes them."""
    rest = BOUND.sub("", text)
    found = set(LITERAL.findall(rest)) | set(ONE.findall(rest))
    found |= {"Escape"} if re.search(r"\bEsc:", rest) else set()
    return {"Space" if combo == " " else combo.replace("-", "+") for combo in found}


def listed(script: str) -> set[str]:
    return {c for s in SECTIONS.values() for key in s.keys if key.script == script for c in key.combos}


def test_what_is_listed_is_bound_and_what_is_bound_is_listed() -> None:
    assert {combo for path in SCRIPTS.glob("*.js") for combo in bound(code(path.name))} == listed("")


@pytest.mark.parametrize("script", sorted(path.name for path in SCRIPTS.glob("*.js")))
def test_a_component_handles_just_the_keys_that_the_list_says_of_it(script: str) -> None:
    # The preview's tabs are those of the chart, listed once.
    ours = listed(script) | (listed("chart.js") if script == "editor-preview.js" else set())
    assert handled(code(script)) == ours


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('if (event.key === "Escape") close();', {"Escape"}),
        ("const way = { ArrowLeft: -1 }[event.key]; // not Home", {"ArrowLeft"}),
        ('event.key !== " "', {"Space"}),
        ('shortcuts({ "w": mark, "Alt+Delete": remove });', set()),
    ],
)
def test_keys_in_a_script_are_found(text: str, found: set[str]) -> None:
    assert handled(COMMENT.sub("", text)) == found
    assert bound(text) == ({"w", "Alt+Delete"} if "shortcuts" in text else set())


def test_every_script_that_is_named_is_there_and_every_endpoint_exists(app: Flask) -> None:
    scripts = {key.script for section in SECTIONS.values() for key in section.keys} - {"", BROWSER}
    assert {script for script in scripts if not (SCRIPTS / script).is_file()} == set()
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert {name for section in SECTIONS.values() for name in section.endpoints} <= endpoints


def test_a_page_lists_its_own_keys_and_those_of_all_pages(learner: Learner) -> None:
    assert set(keys.here("learn.home")) == {"everywhere"} == set(keys.here(None))
    page = learner.get(f"/cases/{HIP}").text
    assert "check my coding" in page and "hand the audit in" not in page and 'data-combos="Ctrl+Enter"' in page
    assert 'data-combos="?"' in learner.get("/nowhere").text


def test_the_page_of_keys_has_every_section_once(learner: Learner) -> None:
    page = learner.get("/keys").text
    for section in SECTIONS.values():
        assert page.count(f">{section.title}</h2>") == 1
        assert all(page.count(key.words) >= 1 for key in section.keys)
    assert "<dialog" not in page and page.count('id="single-keys"') == 1
