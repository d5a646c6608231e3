"""Every page against WCAG 2.2 AA by axe-core, wide and narrow, light and dark; nothing runs off the side."""

from pathlib import Path

import pytest
from browser.conftest import LOOKS, Page
from selenium.webdriver.common.keys import Keys

AXE = next((Path(__file__).parent / "vendor").glob("axe-*.min.js")).read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: arguments[0]}).then(r => done(r.violations.map(
  v => v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).join(' | '))));
"""
CASE = "/cases/hip-pain-after-a-fall"
TRIED = "claim=office F69 2026-02-02: E11.22, I10, N18.32"
PAGES = (
    *("/", CASE, f"{CASE}/problem", "/about", "/attempts", "/exams", "/keys", "/nowhere"),
    *(
        "/book",
        "/book?q=htn",
        "/book/icd-10-cm/CH4",
        "/book/icd-10-cm/S72.001",
        "/book/icd-10-cm/E11.22",
        "/book/index",
        "/book/guidelines",
        "/book/abbreviations",
        "/book/abbreviations?q=copd",
    ),
    *("/book/icd-10-pcs/0SR90J9", "/book/pcs?q=hip"),
    *("/rules", "/rules?q=qqqq", "/rules/EXC01", "/rules/OUT01", "/rules/PRO01"),
    *(f"/rules/CMB02?{TRIED}", f"/rules/VAL01?{TRIED}", f"/rules/try?{TRIED}", "/rules/try?dx=a b&age=x"),
)


def violations(page: Page) -> list[str]:
    page.driver.execute_script(AXE)
    found = page.driver.execute_async_script(RUN, RULES)
    return list(found)


def fits(page: Page) -> bool:
    return bool(page.driver.execute_script("return document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_page_is_accessible_and_fits(page: Page, width: int, scheme: str) -> None:
    page.resize(width)
    page.scheme(scheme)
    for path in PAGES:
        page.open(path)
        assert violations(page) == [], path
        assert fits(page), path


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_workstation_in_full_use_is_accessible_and_fits(page: Page, width: int, scheme: str) -> None:
    page.resize(width)
    page.scheme(scheme)
    page.open(CASE)
    for row, code in (("dx-0", "S72.002A"), ("dx-1", "W01.0XX"), ("dx-2", "N18.32")):
        page.type(f"#{row}-code", code, Keys.TAB)
    # What is said of the last line makes the page longer: a click before that would hit a neighbour.
    page.find("#state-dx-2 .title")
    page.click("#hint-button")
    page.find("#hints")
    page.click("#key-button")
    page.find("#key")
    page.type("#dx-2-code", Keys.CONTROL + Keys.ENTER)
    page.find("#feedback .pair")
    page.wait(lambda: len(page.all("#lessons li")) == 3)
    page.driver.execute_script("document.querySelectorAll('details.pair').forEach(d => d.open = true)")
    field = page.find("#dx-3-code")
    field.send_keys("osteop")
    page.find("#suggest [role=option]")
    assert violations(page) == []
    assert fits(page)
    page.click("#keys-open")
    page.find("#keys")
    assert violations(page) == []
    assert fits(page)


def test_an_attempt_is_accessible(page: Page) -> None:
    page.open(CASE)
    page.type("#dx-0-code", "I10", Keys.CONTROL + Keys.ENTER)
    page.click("#feedback .sum a")
    page.find("#figures")
    for width in (1440, 390):
        page.resize(width)
        assert violations(page) == []
        assert fits(page)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_what_the_codes_do_is_accessible_and_fits(page: Page, width: int, scheme: str) -> None:
    page.resize(width)
    page.scheme(scheme)
    page.open(CASE)
    for row, code in (("dx-0", "M80.052A"), ("dx-1", "J96.01"), ("dx-2", "E11.22")):
        page.type(f"#{row}-code", code, Keys.TAB)
    page.type("#dx-2-code", Keys.CONTROL + Keys.ENTER)
    page.click("#consequences .ask")
    page.find("#consequences .lines")
    page.wait(lambda: page.focused() == "consequences")
    page.driver.execute_script("document.querySelectorAll('#consequences details').forEach(d => d.open = true)")
    assert violations(page) == []
    assert fits(page)
    page.click("#feedback .sum a")
    page.find("#figures")
    page.click("#consequences .ask")
    page.find("#consequences .lines")
    assert violations(page) == []
    assert page.console() == []


def test_short_figures_stay_on_one_line_and_headings_shrink_downwards(page: Page) -> None:
    page.open(CASE)
    page.type("#dx-0-code", "I10", Keys.CONTROL + Keys.ENTER)
    page.click("#feedback .sum a")
    page.find("#figures")
    size = "return parseFloat(getComputedStyle(document.querySelector(arguments[0])).fontSize)"
    over, under = (page.driver.execute_script(size, f".pane {heading}") for heading in ("h2", "h3"))
    assert under < 1.3 * over, "the heading below is the larger one"
    page.resize(390)
    right = "return Math.max(...[...document.querySelectorAll(arguments[0])].map(e => e.getBoundingClientRect().right))"
    assert page.driver.execute_script(right, ".figures td") <= 390, "a column is out of sight"
    assert fits(page)
    page.resize(1440)
    page.open("/")
    lines = """return [...document.querySelectorAll(arguments[0])].map(cell => {
      const range = document.createRange(); range.selectNodeContents(cell);
      return new Set([...range.getClientRects()].map(r => Math.round(r.top))).size; })"""
    assert set(page.driver.execute_script(lines, ".cases td[data-label=Time], .cases td[data-label=You]")) == {1}
