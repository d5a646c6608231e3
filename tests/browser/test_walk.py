"""A learner's first hour, from the first visit to their progress, with the keyboard alone; and without JavaScript."""

import pytest
from browser.conftest import Page
from browser.test_accessible import fits, violations
from selenium.webdriver.common.keys import Keys

CASE = "/cases/side-pain-that-comes-in-waves"
FOUND = ".book-codes > li:first-child .code"


def reach(page: Page, css: str) -> None:
    """Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(250):
        if page.driver.execute_script("return document.activeElement.matches(arguments[0])", css):
            return
        page.press(Keys.TAB)
    raise AssertionError(f"the keyboard does not reach {css}")


def enter(page: Page, code: str) -> None:
    """Type a code into the line that has the focus, and take the suggestion."""
    page.press(code)
    page.wait(lambda: page.text("#suggest [aria-selected=true]").startswith(code), f"{code} is not suggested")
    page.press(Keys.ENTER)


def codes(page: Page) -> list[str]:
    return [value for field in page.all("#coding input[name=dx_code]") if (value := field.get_attribute("value"))]


def settled(page: Page) -> None:
    page.wait(lambda: not page.all(".htmx-request, .htmx-swapping, .htmx-settling"), "the page is still being swapped")


@pytest.mark.parametrize("width", [1440, 390])
def test_from_the_first_visit_by_mistakes_hints_and_evidence_to_a_right_claim(page: Page, width: int) -> None:
    page.resize(width)
    page.open("/")
    page.driver.execute_script("sessionStorage.clear()")  # the book keeps its place, and the tab is not a new one
    reach(page, "input[name=name]")
    page.press("Robin", Keys.ENTER)
    page.wait(lambda: "Robin" in page.find("main").text or page.value("input[name=name]") == "Robin")
    reach(page, f"a[href^='{CASE}']")
    page.press(Keys.ENTER)
    page.find("#coding")

    # Two mistakes: the wrong one leads, and another is no diagnosis of the chart.
    reach(page, "#dx-0-code")
    enter(page, "Z87.442")
    reach(page, "#dx-1-code")
    enter(page, "J10.1")
    page.press(Keys.CONTROL + Keys.ENTER)
    page.wait(lambda: "Not right yet" in page.text("#feedback"))
    settled(page)
    assert violations(page) == [] and fits(page)
    reach(page, "#hint-button")
    page.press(Keys.ENTER)
    page.wait(lambda: page.driver.execute_script("return document.activeElement.matches('#hints li')"))
    settled(page)

    # The code book gives the right one, by one key.
    page.press("b")
    page.wait(lambda: page.focused() == "book-q")
    page.press("hydronephrosis calcul obstruct")
    page.wait(lambda: page.text(FOUND) == "N13.2")
    page.press(Keys.ARROW_DOWN, Keys.ENTER)
    page.wait(lambda: "N13.2" in page.text("#book h1"))
    page.press("t")
    page.wait(lambda: codes(page) == ["Z87.442", "J10.1", "N13.2"] and page.focused() == "dx-2-code")
    page.press(Keys.ESCAPE)

    # Words of the chart are put under it.
    reach(page, "#dx-2-code")
    page.press(Keys.ALT + "w")
    page.wait(lambda: page.all(".doc.marking"))
    page.press(Keys.CONTROL + Keys.ARROW_DOWN, Keys.CONTROL + Keys.SHIFT + Keys.ARROW_RIGHT, Keys.ENTER)
    page.wait(lambda: page.all("#dx-2-marked q, #dx-2-marked .quote, #dx-2-marked button"))
    page.press(Keys.ESCAPE)
    page.wait(lambda: page.focused() == "dx-2-code")

    # The line that the chart does not speak for goes, and what brought the patient goes first.
    reach(page, "#dx-2-code")
    page.press(Keys.ALT + Keys.ARROW_UP)
    page.wait(lambda: codes(page) == ["Z87.442", "N13.2", "J10.1"])
    settled(page)
    page.press(Keys.ALT + Keys.ARROW_UP)
    page.wait(lambda: codes(page) == ["N13.2", "Z87.442", "J10.1"])
    settled(page)
    reach(page, "#dx-2-code")
    page.press(Keys.ALT + Keys.DELETE)
    page.wait(lambda: codes(page) == ["N13.2", "Z87.442"])
    settled(page)
    page.press(Keys.CONTROL + Keys.ENTER)
    page.wait(lambda: page.text("#feedback .sum strong").startswith("100"))
    page.wait(lambda: len(page.all("#lessons li")) == 3)
    settled(page)
    assert violations(page) == [] and fits(page)

    # A drill, and it is all there under My progress.
    page.open("/drills/round?n=1&seed=4")
    page.find(".choices button")
    page.press("1")
    page.wait(lambda: page.focused() == "next")
    page.open("/me")
    assert "2 attempts so far" in page.text("main")
    assert page.console() == []


def test_without_javascript_the_whole_way_from_chart_to_report(bare_page: Page) -> None:
    page = bare_page
    page.open("/")
    page.type("input[name=name]", "Kim", Keys.ENTER)
    page.click(f"a[href^='{CASE}']")
    page.type("#dx-0-code", "Z87.442")
    page.click("#hint-button")
    page.wait(lambda: len(page.all("#hints li")) == 1)
    page.click("#coding .check")
    page.wait(lambda: "/attempts/" in page.driver.current_url)
    assert "Not right yet" in page.text("#feedback") or "Missing" in page.text("#feedback")
    page.open(CASE)
    page.type("#dx-1-code", "N13.2")
    page.click("button.add")
    page.wait(lambda: page.driver.current_url.endswith("#dx-2-code"))
    page.click("#dx-1 .tool.up")
    page.wait(lambda: codes(page) == ["N13.2", "Z87.442"])
    page.click("#coding .check")
    page.wait(lambda: page.text("#feedback .sum strong").startswith("100"))
    assert len(page.all("#lessons li")) == 3
    page.open("/me")
    assert "2 attempts so far" in page.text("main")
