"""The code book's pages without a browser: search, entries, the indexes, the builder, and what a learner keeps."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from webkit import HIP, Learner

from sandbox.codebook import guidelines
from sandbox.codes.importing.days import Asked
from sandbox.codes.importing.run import import_file
from sandbox.store import codenotes
from sandbox.store.codenotes import LONGEST, MOST, CodeNote
from sandbox.store.database import Store
from sandbox.web import create_app
from tests import official
from tests.official import procedures
from tests.test_index import DISEASES, EXTERNAL, NEOPLASM

NEXT = "on=2026-11-05"
"""A day in the year of the small indexes."""
E11 = "/book/icd-10-cm/E11.22"


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.partition('<div id="book">')[2])).split())


def token(learner: Learner) -> str:
    return learner.open()["csrf_token"]


@pytest.fixture
def imported(data: Path, case_folder: Path) -> Iterator[Learner]:
    """A learner of a server with small indexes and tables of ICD-10-PCS."""
    for name, text in {"index": DISEASES, "external": EXTERNAL, "neoplasm": NEOPLASM}.items():
        path = data / f"{name}.xml"
        path.write_text(text, encoding="utf-8")
        import_file(path, data, Asked())
    official.load_all(data, procedures.ALL)
    app = create_app(data, case_folder)
    yield Learner(app)
    app.extensions["sandbox"].close()


def test_diagnoses_and_procedures_are_found_side_by_side_or_apart(learner: Learner) -> None:
    both = learner.get("/book?q=hip+replacement").text
    assert "/book/icd-10-cm/Z96.64" in both
    assert "/book/icd-10-pcs/0SR" in both
    apart = learner.get("/book?q=hip+replacement&in=pcs").text
    assert "/book/icd-10-cm/Z" not in apart
    assert "/book/icd-10-pcs/0SR" in apart
    assert "Nothing found" in learner.get("/book?q=qqqqqqqqqqqqqqqq&in=cm").text
    assert learner.get("/book?q=x&in=nonsense").status_code == 200


def test_the_old_address_of_the_search_leads_to_the_book(learner: Learner) -> None:
    old = learner.get("/codes?q=htn+ckd&system=icd-10-pcs")
    assert (old.status_code, old.headers["Location"]) == (301, "/book?q=htn+ckd&in=pcs")
    assert learner.get("/codes").headers["Location"] == "/book"


def test_an_entry_tells_its_place_its_standing_and_all_notes_with_where_they_come_from(learner: Learner) -> None:
    page = learner.get(E11).text
    said = words(page)
    assert "Chapter 4 E08-E13 E11 E11.2" in said
    assert "It may be assigned." in said
    assert 'href="/book/icd-10-cm/N181">N18.1</a>' in page
    assert "inherited from E11 Type 2 diabetes mellitus" in said
    assert "inherited from chapter 4" in said
    assert 'rel="prev" href="/book/icd-10-cm/E1121"' in page
    assert 'rel="next" href="/book/icd-10-cm/E1129"' in page
    assert 'I.C.4.a</a> <span>Diabetes mellitus <a href="/rules/CMB03">' in page


def test_a_code_without_its_7th_character_shows_them_in_a_table(learner: Learner) -> None:
    page = learner.get("/book/icd-10-cm/S72.001").text
    assert "Needs more characters: the 7th" in words(page)
    assert 'data-take="S72.001A"' in page
    assert 'data-take="S72.001"' not in page
    assert "initial encounter for closed fracture" in page


def test_the_whole_tabular_can_be_walked_down_from_the_first_page(learner: Learner) -> None:
    path = "/book"
    for step in ("CH19", "S70-S79", "S72", "S72.0", "S72.00", "S72.001", "S72.001A"):
        page = learner.get(path).text
        found = re.search(rf'href="(/book/icd-10-cm/{step.replace(".", "[.]?")})"', page)
        assert found, (path, step)
        path = found[1]
    assert "It may be assigned." in learner.get(path).text


@pytest.mark.parametrize(
    "path",
    [
        *("/book/icd-10-cm/Q99.99", "/book/icd-9-cm/250.00", "/book/index/poems", "/book/index/index/3", "/book?on=x"),
        *("/book/icd-10-cm/" + "9" * 3000, "/book/icd-10-cm/%00", "/book/index/index/99999999999"),
    ],
)
def test_what_the_book_does_not_have_is_not_found(learner: Learner, path: str) -> None:
    assert learner.get(path).status_code == 404


def test_the_day_stays_with_every_link(learner: Learner) -> None:
    page = learner.get(f"{E11}?on=2023-05-01").text
    links = set(re.findall(r'href="(/book[^"]*)"', page))
    assert len(links) > 10
    assert all("on=2023-05-01" in link for link in links)
    assert "Not in force on 2019-05-01" in words(learner.get("/book/icd-10-cm/U07.1?on=2019-05-01").text)


def test_the_case_opens_the_book_for_its_own_day(learner: Learner, app: Flask) -> None:
    on = app.extensions["sandbox"].cases.get(HIP).case.encounter().on
    page = learner.get(f"/cases/{HIP}").text
    found = re.search(r'id="book-open" href="([^"]+)"', page)
    assert found
    assert found[1] in (f"/book?on={on}", "/book")
    assert learner.get(found[1]).status_code == 200


def test_a_missing_table_says_how_it_is_loaded(learner: Learner) -> None:
    for path in ("/book/index", "/book/index/drugs", "/book/pcs"):
        assert "python -m sandbox codes import FILE" in learner.get(path).text
    assert "Replacement" in learner.get("/book/pcs?q=hip+replacement").text


def test_see_and_see_also_lead_there(imported: Learner) -> None:
    page = imported.get(f"/book/index/external?q=slipping&{NEXT}").text
    lead = re.search(r"→ <a href=\"(/book/index/external/[^\"]+)\">Fall, falling", page)
    assert lead
    assert "ice or snow" in words(imported.get(lead[1]).text)
    assert f'href="/book/icd-10-cm/T71?{NEXT}">T71</a>' in imported.get(f"/book/index/external?letter=S&{NEXT}").text
    assert "No term has these words" in imported.get(f"/book/index/external?q=qqqq&{NEXT}").text


def test_the_neoplasm_table_is_a_table_with_links(imported: Learner) -> None:
    page = imported.get(f"/book/index/neoplasm?letter=N&{NEXT}").text
    assert '<th scope="col">Malignant Primary</th>' in page
    assert f'href="/book/icd-10-cm/C801?{NEXT}">C80.1</a>' in page
    term = re.search(r'href="(/book/index/neoplasm/[^"]+)"', page)
    assert term
    assert f'href="/book/icd-10-cm/C509?{NEXT}">C50.9-</a>' in imported.get(term[1]).text


def test_a_procedure_is_built_choice_by_choice_without_javascript(imported: Learner) -> None:
    path = "/book/pcs?on=2025-01-15"
    for choice in ("Medical and Surgical", "Lower Joints", "Replacement", "Hip Joint, Left", "Open", "Uncemented"):
        page = imported.get(path).text
        found = re.search(rf'<a href="([^"]+)"><span class="code">\w</span> {choice}</a>', page)
        assert found, (path, choice)
        path = html.unescape(found[1])
    left = imported.get(path).text
    assert "rows left" in left
    assert "Knee Joint" not in left


def test_a_learners_note_and_bookmark_are_kept_for_them_alone(learner: Learner, app: Flask) -> None:
    mine = {"csrf_token": token(learner)}
    saved = learner.post(f"{E11}/note", htmx=False, note="look for <CKD> stage\r\nfirst", **mine)
    assert saved.status_code == 303
    learner.post(f"{E11}/mark", htmx=False, mark="1", **mine)
    page = learner.get(E11).text
    assert "look for &lt;CKD&gt; stage\nfirst</textarea>" in page
    assert "Take the bookmark away" in page
    assert "look for &lt;CKD&gt;" in learner.get("/book").text
    other = Learner(app)
    assert "look for" not in other.get(E11).text + other.get("/book").text
    learner.post(f"{E11}/note", htmx=False, note=" ", **mine)
    learner.post(f"{E11}/mark", htmx=False, mark="0", **mine)
    assert "Bookmarks" not in learner.get("/book").text


def test_a_note_is_cut_and_needs_a_token_and_a_code(learner: Learner) -> None:
    mine = {"csrf_token": token(learner)}
    learner.post(f"{E11}/note", htmx=False, note="é" * (LONGEST + 5), **mine)
    assert f">{'é' * LONGEST}</textarea>" in learner.get(E11).text
    assert learner.post("/book/icd-10-cm/X99.99/note", htmx=False, note="x", **mine).status_code == 404
    assert learner.post(f"{E11}/note", htmx=False, note="x").status_code == 400


def test_codes_that_were_looked_up_last_stand_on_the_first_page(learner: Learner) -> None:
    for code in ("I10", "E11.22", "I10"):
        learner.get(f"/book/icd-10-cm/{code}")
    page = learner.get("/book").text
    assert "Looked up last" in page
    assert page.index("E11.22") > page.index(">I10<")
    assert page.count(">I10<") == 1


def test_nobody_keeps_more_codes_than_allowed(tmp_path: Path) -> None:
    store = Store(tmp_path / "sandbox.db")
    for number in range(MOST):
        assert codenotes.write(store, "me", CodeNote("icd-10-cm", f"A{number}", "n"))
    assert not codenotes.write(store, "me", CodeNote("icd-10-cm", "B1", "n"))
    assert codenotes.write(store, "me", CodeNote("icd-10-cm", "A1", "changed"))
    assert codenotes.write(store, "you", CodeNote("icd-10-cm", "B1", "n"))
    assert codenotes.write(store, "me", CodeNote("icd-10-cm", "A1"))
    assert codenotes.write(store, "me", CodeNote("icd-10-cm", "B1", "n"))
    store.close()


def test_the_guidelines_are_a_page_with_codes_and_rules_that_a_section_is_found_on(learner: Learner) -> None:
    page = learner.get("/book/guidelines").text
    order = [page.index(f'id="{number}"') for number in ("I.A.1", "I.C.4.a", "I.C.9.a.2", "I.C.10", "II.A", "IV.H")]
    assert order == sorted(order)
    row = page.partition('id="I.C.4.a"')[2].partition("</li>")[0]
    assert "/book/icd-10-cm/E08" in row and "/rules/CMB03" in row
    found = learner.get("/book/guidelines?q=coma").text
    assert 'id="I.C.18.e"' in found and 'id="I.A.1"' not in found
    assert "No heading has these words" in learner.get("/book/guidelines?q=%3Cscript%3E").text


def test_every_section_that_a_code_names_is_on_that_page(learner: Learner) -> None:
    page = learner.get("/book/guidelines").text
    assert all(f'id="{section.number}"' in page for section in guidelines.sections())
