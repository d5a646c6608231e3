"""The rules as a book: pages taken apart, rules found and set beside each other, authorities explained."""

from pathlib import Path

import pytest
import yaml

from sandbox.codes.codeset import CodeSet
from sandbox.rulebook.authority import authorities
from sandbox.rulebook.find import find
from sandbox.rulebook.heard import gives_way, hear, subjects
from sandbox.rulebook.page import Page, book, scenarios
from sandbox.rulebook.related import MOST, related
from sandbox.rules import FAMILIES, RULES

SCENARIOS = Path(__file__).parent / "rules"


def ids(codes: CodeSet, q: str = "", severity: str = "", family: str = "") -> list[str]:
    return [rule.id for _, rules in find(codes, q, severity, family) for rule in rules]


def why(codes: CodeSet, id: str) -> dict[str, str]:
    return {other.rule.id: "; ".join(other.why) for other in related(codes)[id]}


@pytest.mark.parametrize("page", book().values(), ids=list(book()))
def test_a_page_is_taken_apart_without_loss(page: Page) -> None:
    assert [heading for heading, _ in page.prose] == ["What it flags", "Why it matters", "Where to look"]
    kept = " ".join((page.text, *page.flagged, *page.accepted)).split()
    signs = ("##", "-", "What", "it", "flags", "Why", "matters", "Where", "to", "look", "Flagged", "Accepted")
    assert [word for word in page.rule.page.split() if word not in kept and word not in signs] == []
    assert page.flagged
    assert page.accepted


def test_the_book_has_every_rule_and_neighbours_stay_in_their_family() -> None:
    assert book().keys() == RULES.keys()
    for page in book().values():
        before, after = page.neighbours
        assert before is None or (before.id < page.rule.id and before in page.family.rules)
        assert after is None or (after.id > page.rule.id and after in page.family.rules)
    val = sorted(rule.id for rule in FAMILIES[0].rules)
    assert book()[val[0]].neighbours[0] is None
    assert book()[val[-1]].neighbours[1] is None


def test_sections_and_other_rules_are_read_off_a_page() -> None:
    assert book()["CMB03"].sections == ("I.A.15", "I.C.4.a")
    assert book()["VAL09"].sections == ("Appendix I",)
    assert book()["CMB02"].named == ("CMB01",)


@pytest.mark.parametrize("id", list(RULES))
def test_scenarios_are_counted_as_yaml_has_them(id: str) -> None:
    rows = yaml.safe_load((SCENARIOS / f"{id}.yaml").read_text(encoding="utf-8"))
    assert scenarios(id) == (len(rows["speaks"]), len(rows["silent"]))


def test_without_tests_no_scenario_is_counted(tmp_path: Path) -> None:
    assert scenarios("VAL01", tmp_path) == (0, 0)


def test_whom_a_rule_gives_way_to_is_read_off_the_rule(codes: CodeSet) -> None:
    way = gives_way(codes)
    assert {"CMB01", "CMB08"} <= way["EXC01"]
    assert way["EXC02"] == {"EXC01"}
    assert "SEQ02" in way["ADD01"]
    assert way["VAL01"] == frozenset()


def test_an_example_is_heard_even_if_its_rule_is_off(codes: CodeSet) -> None:
    page = book()["EXC02"]
    assert "EXC02" in {finding.rule for finding in hear(page, page.flagged[0], codes).findings}
    assert {"I10", "N18.32"} <= subjects(codes)["CMB02"]


def test_related_rules_say_why(codes: CodeSet) -> None:
    assert "goes first" in why(codes, "EXC01")["CMB01"]
    assert "keeps silent" in why(codes, "CMB01")["EXC01"]
    assert "rests on I.C.9.a too" in why(codes, "CMB01")["CMB02"]
    assert "speaks of" in why(codes, "CMB01")["CMB02"]
    for id, links in related(codes).items():
        assert len(links) <= MOST
        assert id not in {link.rule.id for link in links}
        assert all(link.why for link in links)


@pytest.mark.parametrize(
    ("q", "found", "left_out"),
    [
        ("cmb02", "CMB02", "CMB01"),
        ("hypertension kidney", "CMB02", "CMB04"),
        ("I10", "CMB01", "CMB04"),
        ("N18.32", "CMB02", "CMB01"),
        ("E11.22", "CMB05", "CMB12"),
        ("i.c.9", "CMB04", "CMB03"),
        ("I.C.1", "CMB09", "CMB10"),
        ("Appendix", "VAL09", "VAL08"),
        ("editor age", "PAT01", "SEQ03"),
    ],
)
def test_rules_are_found_by_id_word_code_and_section(codes: CodeSet, q: str, found: str, left_out: str) -> None:
    assert found in ids(codes, q)
    assert left_out not in ids(codes, q)


def test_severity_and_family_narrow_the_list(codes: CodeSet) -> None:
    assert set(ids(codes)) == RULES.keys()
    assert set(ids(codes, severity="note")) == {id for id, rule in RULES.items() if "note" in rule.severities}
    assert {id[:3] for id in ids(codes, family="EXC")} == {"EXC"}
    assert ids(codes, "qqqqqq") == ids(codes, severity="qqqqqq") == ids(codes, family="qqqqqq") == []


def test_authorities_are_told_in_plain_words(codes: CodeSet) -> None:
    named = {id: {one.name: one for one in authorities(page, codes)} for id, page in book().items()}
    guidelines = next(one for name, one in named["CMB01"].items() if "Guidelines" in name)
    assert guidelines.sections == (
        ("I.C.9.a.1", "chapter-specific guidelines, chapter 9: Diseases of the circulatory system (I00-I99)"),
    )
    assert list(named["PAT01"]) == ["Medicare Code Editor (MCE)"]
    assert list(named["VAL07"]) == ["ICD-10-PCS Official Guidelines and tables"]
    assert len(named["EXC01"]) == 2
