"""The editor of a case in a real browser: typing, completion, saving, two people at once, and the keyboard only."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser.conftest import LOOKS, ROOT, Page, Site
from browser.test_accessible import fits, violations
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from tests.small_case import TEXT, VARIED, spoiled

EDIT = "/teach/cases/throat/edit"
LINE = "key:\n  diagnoses:\n    - code: A\n"
EDITOR = "document.querySelector('.CodeMirror').CodeMirror"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cases") / "office"
    folder.mkdir()
    return folder


@pytest.fixture
def cases(folder: Path) -> Path:
    """Three cases, as they were before other tests changed them."""
    (folder / "throat.yaml").write_text(TEXT)
    (folder / "many.yaml").write_text(spoiled("A sore throat", "Both ways", VARIED))
    shutil.copy(ROOT / "cases" / "orthopedics" / "hip-pain-after-a-fall.yaml", folder)
    return folder


@pytest.fixture(scope="module")
def server(codes_db: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("desk")
    (data / "codes.db").symlink_to(codes_db)
    site = Site.start(data, 0, "--cases", str(folder.parent))
    yield site
    site.stop()


@pytest.fixture
def desk(server: Site, cases: Path) -> Site:
    """A server over those; what is saved stays as a version."""
    if server.process.poll() is not None:
        server.restart()
    return server


@pytest.fixture
def teacher(driver: webdriver.Chrome, desk: Site) -> Iterator[Page]:
    """A browser in which the instructor's link was used."""
    page = Page(driver, desk)
    page.open("/about")
    driver.execute_script("sessionStorage.clear()")
    page.forget()
    page.resize(1440)
    page.scheme("light")
    page.teach()
    page.console()
    yield page
    # What is not saved would hold the browser back from the next page.
    driver.execute_script(f"if (document.querySelector('.CodeMirror')) {EDITOR}.setValue(arguments[0])", loaded(page))


def loaded(page: Page) -> str:
    return str(page.driver.execute_script("return document.getElementById('text')?.defaultValue ?? ''"))


def text(page: Page) -> str:
    return str(page.driver.execute_script(f"return {EDITOR}.getValue()"))


def put(page: Page, value: str) -> None:
    """Another text, as if it had been pasted over all."""
    page.driver.execute_script(f"{EDITOR}.setValue(arguments[0])", value)


def behind(page: Page, words: str) -> None:
    """Put the cursor behind the first of these words."""
    page.find(".CodeMirror")
    page.driver.execute_script(
        f"const cm = {EDITOR}; const at = cm.getValue().indexOf(arguments[0]) + arguments[0].length;"
        "cm.setCursor(cm.posFromIndex(at)); cm.focus();",
        words,
    )


def hints(page: Page, wanted: Callable[[list[str]], bool] = bool) -> list[str]:
    """What the list offers once it has what is wanted."""
    words = lambda: [hint.find_element("css selector", "b").text for hint in page.all(".CodeMirror-hint")]  # noqa: E731
    page.wait(lambda: wanted(words()), "no such suggestions")
    return words()


def said(page: Page) -> str:
    return str(page.driver.execute_script("return document.getElementById('said').dataset.kind"))


def test_an_error_is_marked_in_the_text_listed_and_gone_when_it_is_mended(teacher: Page) -> None:
    teacher.open(EDIT)
    behind(teacher, "setting: office")
    teacher.press("x")
    teacher.wait(lambda: [mark.text for mark in teacher.all(".problem-error")] == ["officex"])
    assert teacher.find(".CodeMirror .sign.error").get_attribute("title").startswith("setting: 'officex'")
    teacher.wait(lambda: teacher.text("#count") == "1 error")
    behind(teacher, "hints: [")
    teacher.click("#problems a")
    place = teacher.driver.execute_script(f"const at = {EDITOR}.getCursor(); return [at.line, at.ch]")
    assert place == [1, 9]
    teacher.press(Keys.END, Keys.BACKSPACE)
    teacher.wait(lambda: not teacher.all(".problem-error"))
    teacher.wait(lambda: teacher.text("#count") == "No problems found.")
    assert teacher.console() == []


def test_the_next_problem_is_a_key_away(teacher: Page) -> None:
    teacher.open(EDIT)
    put(teacher, spoiled("difficulty: 1", "difficulty: 9", spoiled("office\n", "ofice\n", TEXT)))
    teacher.wait(lambda: len(teacher.all(".problem-error")) == 2)
    behind(teacher, "title")
    line = lambda: teacher.driver.execute_script(f"return {EDITOR}.getCursor().line")  # noqa: E731
    lines = []
    for key in (Keys.F8, Keys.F8, Keys.F8):
        teacher.press(key)
        lines.append(line())
    assert lines == [1, 3, 1]


def test_the_right_side_follows_the_text_and_keeps_what_is_open(teacher: Page) -> None:
    teacher.open("/teach/cases/hip-pain-after-a-fall/edit")
    teacher.click('#chart .tabs a[href="#doc-renal"]')
    behind(teacher, "title: Nephrology consult")
    teacher.press("s")
    teacher.wait(lambda: teacher.text("#doc-renal h2") == "Nephrology consults")
    assert teacher.text("#chart .tabs [aria-selected=true]") == "Nephrology consults"
    teacher.click('a[href="#view-told"]')
    Select(teacher.find("#slip")).select_by_index(1)
    teacher.wait(lambda: "%" in teacher.text("#told .sum strong"))
    assert "/Y" in teacher.value("#dx")
    behind(teacher, "title: Nephrology consults")
    teacher.press("x", Keys.BACKSPACE)
    teacher.wait(lambda: teacher.text("#view-told #told .sum"))
    Select(teacher.find("#encounter")).select_by_value("mirrored")
    teacher.click('a[href="#view-chart"]')
    teacher.click('#chart .tabs a[href="#doc-ed"]')
    teacher.wait(lambda: "R hip pain" in teacher.text("#doc-ed"))
    behind(teacher, "title: Hip pain")
    teacher.press("\n[")
    teacher.wait(lambda: teacher.all(".side.stale"))
    assert "R hip pain" in teacher.text("#doc-ed")
    assert teacher.console() == []


def test_keys_values_documents_and_quotes_are_completed(teacher: Page) -> None:
    teacher.open(EDIT)
    behind(teacher, "      why: The test names the germ, and the physician the disease.")
    teacher.press("\n", "ci")
    assert hints(teacher) == ["cites"]
    teacher.press(Keys.ENTER)
    assert "\n      cites:\n" in text(teacher)
    behind(teacher, "status: draft")
    teacher.press(*[Keys.BACKSPACE] * 5, "re")
    assert hints(teacher)[0] == "ready"
    teacher.press(Keys.TAB)
    assert "status: ready\n" in text(teacher)
    behind(teacher, "setting:")
    teacher.press(*[Keys.DELETE] * 7, Keys.CONTROL + " ")
    assert "telehealth" in hints(teacher)
    teacher.press("off")
    hints(teacher, lambda offered: offered == ["office"])
    teacher.press(Keys.ENTER)
    assert "setting: office\n" in text(teacher)
    behind(teacher, "{document: ")
    teacher.press(*[Keys.DELETE] * 5, "v")
    assert hints(teacher) == ["visit"]
    teacher.press(Keys.ENTER)
    behind(teacher, "quote: ")
    teacher.press(*[Keys.DELETE] * 17, "strep")
    assert "Rapid strep positive." in hints(teacher)
    teacher.press(Keys.ESCAPE)
    behind(teacher, "Strep pharyngitis. Amoxicillin x 10 d.")
    teacher.press("\n", "sta")
    teacher.driver.execute_async_script("setTimeout(arguments[0], 400)")
    assert not teacher.all(".CodeMirror-hint"), "the chart is prose"
    assert teacher.console() == []


PLACES = (
    ("documents:\n- id: a\n  ", "key documents []"),
    (f"{LINE}      evidence:\n        - {{document: ", "value key diagnoses [] evidence [] document"),
    (f"{LINE}      accept:\n      - J", "key key diagnoses [] accept []"),
    ("key:\n  either_first: [[J", "value key either_first [] []"),
    ("variants:\n  side:\n    r:\n      codes:\n        J02.0: J", "value variants side r codes J02.0"),
    ("patient: {age: 8 years, sex: f", "value patient sex"),
    (f"{LINE}      why: |\n        code: ", ""),
    ("documents:\n  - id: a\n    text: |\n      code\n\n  - ", "key documents []"),
    ("# status: ", ""),
)  # fmt: skip
"""What stands before the cursor, and the place that this is."""


def test_the_place_of_the_cursor_is_read_off_a_text_that_is_not_finished(teacher: Page) -> None:
    teacher.open(EDIT)
    found = teacher.driver.execute_async_script(
        """const [texts, done] = arguments;
        import("/static/js/editor-place.js").then(({ placeAt }) => {
          done(texts.map((text) => {
            const lines = text.split("\\n");
            const at = placeAt(lines, lines.length - 1, lines.at(-1));
            return at ? [at.kind, ...at.path].join(" ") : "";
          }));
        });""",
        [before for before, _ in PLACES],
    )
    assert list(zip((before for before, _ in PLACES), found, strict=True)) == list(PLACES)


def test_codes_are_completed_by_their_beginning_and_by_words(teacher: Page) -> None:
    teacher.open(EDIT)
    behind(teacher, "- code: ")
    teacher.press(*[Keys.DELETE] * 5, "strep pharyngitis")
    hints(teacher, lambda offered: offered[0] == "J02.0")
    assert "Streptococcal pharyngitis" in teacher.text(".CodeMirror-hint")
    teacher.press(Keys.ENTER)
    assert "- code: J02.0\n" in text(teacher)
    behind(teacher, "- code: J02.0")
    teacher.press(*[Keys.BACKSPACE] * 5, "M80.05")
    assert "M80.051A" in hints(teacher, lambda offered: offered[0] == "M80.05")
    # A heading is no code: choosing one opens what is below it, until a code stands there.
    teacher.press(Keys.ENTER)
    hints(teacher, lambda offered: offered[0] == "M80.051")
    teacher.press(Keys.ENTER)
    teacher.wait(lambda: "- code: M80.051A\n" in text(teacher))
    behind(teacher, "      instead:")
    teacher.press("\n", "  tonsillitis strep")
    hints(teacher, lambda offered: "J03.00" in offered)
    teacher.press(Keys.ENTER)
    teacher.wait(lambda: "        J03.00: \n" in text(teacher))
    teacher.press("x")
    behind(teacher, "      partial: {J02.9: 0.5}")
    teacher.press("\n", "accept:\n", "- pharyngitis acute")
    hints(teacher, lambda offered: "J02.9" in offered)


def test_saving_leaves_the_cursor_where_it_is(teacher: Page, cases: Path) -> None:
    teacher.open(EDIT)
    behind(teacher, "A sore throat")
    teacher.press(" and fever")
    teacher.find("#dirty")
    teacher.press(Keys.CONTROL + "s")
    teacher.wait(lambda: said(teacher) == "saved")
    version = int(teacher.text("#said").partition("version ")[2].split()[0].strip(".,:"))
    assert (cases / "throat.yaml").read_text() == spoiled("A sore throat", "A sore throat and fever")
    teacher.press("!")
    assert "A sore throat and fever!" in text(teacher)
    teacher.press(Keys.CONTROL + "s", Keys.CONTROL + "s")
    teacher.wait(lambda: f"version {version + 1}" in teacher.text("#said"))
    teacher.wait(lambda: not teacher.find("header").find_element("id", "dirty").is_displayed())
    assert "fever!" in (cases / "throat.yaml").read_text()
    assert teacher.console() == []


def test_two_tabs_are_merged_and_the_place_that_both_wrote_is_marked(teacher: Page, cases: Path) -> None:
    teacher.open(EDIT)
    first = teacher.driver.current_window_handle
    teacher.driver.switch_to.new_window("tab")
    teacher.open(EDIT)
    behind(teacher, "A sore throat")
    teacher.press(" and fever")
    teacher.press(Keys.CONTROL + "s")
    teacher.wait(lambda: said(teacher) == "saved")
    teacher.driver.close()
    teacher.driver.switch_to.window(first)
    behind(teacher, "A sore throat")
    teacher.press(" in a child")
    behind(teacher, "minutes: 5")
    teacher.press("0", Keys.CONTROL + "s")
    teacher.wait(lambda: said(teacher) == "conflict")
    assert "A sore throat in a child" in text(teacher)
    assert violations(teacher) == []
    assert fits(teacher)
    teacher.click("#conflict button[value=merge]")
    teacher.wait(lambda: said(teacher) == "merged")
    teacher.wait(lambda: len(teacher.all("#problems a")) >= 3)
    assert {"minutes: 50", "title: A sore throat and fever", "title: A sore throat in a child"} <= set(
        text(teacher).splitlines()
    )
    assert "fever" in (cases / "throat.yaml").read_text()
    assert "50" not in (cases / "throat.yaml").read_text()
    put(teacher, spoiled("minutes: 5", "minutes: 50", spoiled("A sore throat", "A sore throat, fever", TEXT)))
    teacher.click("#save")
    teacher.wait(lambda: said(teacher) == "saved")
    assert "minutes: 50" in (cases / "throat.yaml").read_text()
    refused = [line for line in teacher.console() if " 409 " not in line]
    assert refused == []


def test_errors_in_a_ready_case_want_a_tick(teacher: Page, cases: Path) -> None:
    ready = spoiled("status: draft", "status: ready")
    (cases / "throat.yaml").write_text(ready)
    teacher.open(EDIT)
    put(teacher, spoiled("quote: Strep", "quote: Strap", ready))
    teacher.press(Keys.CONTROL + "s")
    teacher.wait(lambda: said(teacher) == "ask")
    assert (cases / "throat.yaml").read_text() == ready
    assert violations(teacher) == []
    teacher.click("#anyway")
    teacher.click("#save")
    teacher.wait(lambda: said(teacher) == "saved")
    assert "quote: Strap" in (cases / "throat.yaml").read_text()


def test_tab_indents_and_escape_with_tab_leaves_in_both_directions(teacher: Page) -> None:
    teacher.open(EDIT)
    inside = "return document.activeElement.closest('.CodeMirror') !== null"
    behind(teacher, "hints: [Name the germ.]")
    teacher.press("\n", Keys.TAB)
    assert text(teacher).endswith("germ.]\n  \n")
    assert teacher.driver.execute_script(inside)
    teacher.press(Keys.ESCAPE, "x", Keys.TAB)
    assert teacher.driver.execute_script(inside), "another key takes the Esc back"
    teacher.press(Keys.ESCAPE, Keys.TAB)
    assert not teacher.driver.execute_script(inside)
    behind(teacher, "hints: [Name the germ.]")
    before = text(teacher)
    teacher.press(Keys.ESCAPE, Keys.SHIFT + Keys.TAB)
    assert teacher.focused() == "note"
    assert text(teacher) == before
    # Once out and in again, Tab indents.
    behind(teacher, "hints: [Name the germ.]")
    teacher.press(Keys.TAB)
    assert teacher.driver.execute_script(inside)


def test_what_was_not_saved_is_offered_again_in_the_same_tab(teacher: Page, cases: Path) -> None:
    teacher.open(EDIT)
    behind(teacher, "A sore throat")
    teacher.press(" that I nearly lost")
    leave = "const e = new Event('beforeunload', {cancelable: true}); dispatchEvent(e); return e.defaultPrevented"
    assert teacher.driver.execute_script(leave), "nobody warns before the page is left"
    teacher.driver.refresh()
    teacher.find("#unsaved button")
    assert "nearly lost" not in text(teacher)
    (cases / "throat.yaml").write_text(spoiled("minutes: 5", "minutes: 7"))
    teacher.click("#unsaved button")
    teacher.wait(lambda: "nearly lost" in text(teacher))
    teacher.press(Keys.CONTROL + "s")
    teacher.wait(lambda: said(teacher) == "conflict", "it began with what the file was then")
    teacher.click("#conflict button[value=merge]")
    teacher.wait(lambda: said(teacher) == "merged")
    teacher.click("#save")
    teacher.wait(lambda: said(teacher) == "saved")
    saved = (cases / "throat.yaml").read_text()
    assert "nearly lost" in saved
    assert "minutes: 7" in saved


def test_when_the_server_is_gone_the_text_stays_and_the_page_says_so(teacher: Page) -> None:
    teacher.open(EDIT)
    behind(teacher, "A sore throat")
    teacher.press("!")
    teacher.site.stop()
    teacher.click("#save")
    teacher.wait(lambda: "cannot be reached" in teacher.text("#said"))
    assert "A sore throat!" in text(teacher)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_editor_in_full_use_is_accessible_and_fits(teacher: Page, width: int, scheme: str) -> None:
    teacher.resize(width)
    teacher.scheme(scheme)
    teacher.open("/teach/cases/hip-pain-after-a-fall/edit")
    behind(teacher, "status: read")
    teacher.press("x", Keys.BACKSPACE, "i")
    teacher.find(".problem-error")
    teacher.wait(lambda: teacher.text("#count"))
    assert violations(teacher) == []
    assert fits(teacher)
    teacher.press(Keys.BACKSPACE)
    behind(teacher, "- code: ")
    teacher.press("M80.05")
    hints(teacher)
    assert violations(teacher) == []
    assert fits(teacher)
    teacher.press(Keys.ESCAPE, *[Keys.BACKSPACE] * 6)
    teacher.wait(lambda: not teacher.all(".problem-error"))
    teacher.click('a[href="#view-key"]')
    teacher.driver.execute_script("document.querySelectorAll('.side details').forEach(d => d.open = true)")
    assert violations(teacher) == []
    assert fits(teacher)
    teacher.click('a[href="#view-told"]')
    Select(teacher.find("#slip")).select_by_index(2)
    teacher.find("#told .pair")
    teacher.driver.execute_script("document.querySelectorAll('.side details').forEach(d => d.open = true)")
    assert violations(teacher) == []
    assert fits(teacher)
    assert teacher.console() == []


def test_a_case_is_mended_without_javascript(bare_page: Page, desk: Site, cases: Path) -> None:
    (cases / "throat.yaml").write_text(spoiled("setting: office", "setting: ofice"))
    page = Page(bare_page.driver, desk)
    page.teach()
    page.open(EDIT)
    assert "line 2, column 10" in page.text("#problems")
    field = page.find("#text")
    assert field.get_attribute("spellcheck") == "false"
    field.clear()
    field.send_keys(spoiled("minutes: 5", "minutes: five"))
    page.click("button[formaction$='/lint']")
    page.wait(lambda: "minutes: five" in page.text("#problems"))
    assert "ofice" in (cases / "throat.yaml").read_text()
    field = page.find("#text")
    field.clear()
    field.send_keys(TEXT)
    page.click("#save")
    page.wait(lambda: "Saved" in page.text("#said"))
    assert (cases / "throat.yaml").read_text() == TEXT
    page.find("#dx").send_keys("J03.00")
    page.click("#tell")
    page.wait(lambda: "0 %" in page.text("#told"))
