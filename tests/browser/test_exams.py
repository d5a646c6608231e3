"""A paper in a real browser: by keyboard, with a reload in the middle; accessible, fitting; and without JavaScript."""

import pytest
from browser.conftest import LOOKS, Page
from browser.test_accessible import fits, violations
from browser.test_walk import reach, settled
from selenium.webdriver.common.keys import Keys


def begin(page: Page, exam: str = "outpatient") -> str:
    """Begin a paper. Returns its address."""
    page.open("/exams")
    page.click(f"button[value={exam}]")
    page.find("details.finish")
    return str(page.driver.current_url).removeprefix(page.site.address)


def code_of(page: Page, row: int = 0) -> str:
    return str(page.value(f"#dx-{row}-code"))


@pytest.mark.parametrize("width", [390])
def test_a_paper_is_sat_by_keyboard_with_a_reload_in_the_middle(page: Page, width: int) -> None:
    page.resize(width)
    page.open("/exams")
    reach(page, "button[value=outpatient]")
    page.press(Keys.ENTER)
    page.find("details.finish")
    reach(page, "main table a")
    page.press(Keys.ENTER)
    page.wait(lambda: "Question 1 of 16" in page.text("h1"))
    reach(page, "#dx-0-code")
    page.press("htn ckd")
    page.wait(lambda: page.text("#suggest [aria-selected=true]").startswith("I12.9"))
    page.press(Keys.ENTER)
    page.wait(lambda: "saved" in page.text("#saved"))
    page.wait(lambda: "Hypertensive chronic kidney disease" in page.text("#state-dx-0"))
    settled(page)
    page.driver.refresh()
    page.wait(lambda: code_of(page) == "I12.9")
    assert "min left" in page.text("#left")
    assert not page.all("#feedback, .inline, #hint-button, #key-button")
    # The server dies and comes back: the paper goes on.
    page.site.restart()
    page.driver.refresh()
    page.wait(lambda: code_of(page) == "I12.9")
    reach(page, "#onward")
    page.press(Keys.ENTER)
    page.wait(lambda: "Question 2 of 16" in page.text("h1"))
    page.driver.get(page.driver.current_url[:-1] + "16")
    reach(page, "input[name=chosen]")
    page.press(Keys.SPACE)
    page.wait(lambda: "saved" in page.text("#saved"))
    page.driver.refresh()
    page.wait(lambda: page.all("input[name=chosen]:checked"))
    reach(page, "button[value=contents]")
    page.press(Keys.ENTER)
    page.wait(lambda: "14 without an answer" in page.text("main"))
    reach(page, "details.finish summary")
    page.press(Keys.ENTER)
    assert "14 of 16 questions have no answer" in page.text("details.finish")
    reach(page, "details.finish button")
    page.press(Keys.ENTER)
    page.wait(lambda: "By domain" in page.all("h2")[0].get_attribute("textContent"))
    reach(page, "main td a")
    page.press(Keys.ENTER)
    page.wait(lambda: "/attempts/" in page.driver.current_url)
    page.find("#feedback")
    assert page.console() == []


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_page_of_an_exam_is_accessible_and_fits(page: Page, width: int, scheme: str) -> None:
    page.resize(width)
    page.scheme(scheme)
    page.open("/exams")
    assert violations(page) == [] and fits(page)
    where = begin(page)
    assert violations(page) == [] and fits(page)
    for place in ("1", "16"):
        page.open(where + place)
        page.find("#coding")
        assert violations(page) == [], place
        assert fits(page), place
    page.open(where)
    page.click("details.finish summary")
    page.click("details.finish button")
    page.wait(lambda: "Question by question" in page.text("main"))
    assert violations(page) == [] and fits(page)


def test_when_the_time_is_over_the_page_leads_to_the_report(page: Page) -> None:
    where = begin(page, "drills")
    page.open(where + "1")
    page.wait(lambda: page.text("#left") == "45 min left")
    # The clock of the page alone runs on: the server, which knows better, lets the paper go on.
    page.driver.execute_script(
        "const now = performance.now.bind(performance); performance.now = () => now() + 35 * 60 * 1000"
    )
    page.wait(lambda: page.all("#left-said")[0].get_attribute("textContent") == "10 minutes are left.")
    page.driver.execute_script(
        "const was = performance.now.bind(performance); performance.now = () => was() + 9 * 60000"
    )
    page.wait(lambda: page.all("#left-said")[0].get_attribute("textContent") == "One minute is left.")
    assert ":" in page.text("#left")
    page.driver.execute_script("const was = performance.now.bind(performance); performance.now = () => was() + 60000")
    page.wait(lambda: page.find("details.finish"), "the page did not lead away at the end")


def test_without_javascript_a_paper_is_sat_and_handed_in(bare_page: Page) -> None:
    page = bare_page
    where = begin(page)
    page.open(where + "1")
    assert "min left" in page.text("#left")
    page.type("#dx-0-code", "i10")
    page.click("#onward")
    page.wait(lambda: "Question 2 of 16" in page.text("h1"))
    page.open(where + "1")
    assert code_of(page) == "I10"
    page.type("#dx-1-code", "j45909")
    page.click("#dx-1 .tool.up")
    page.wait(lambda: code_of(page) == "J45.909" and code_of(page, 1) == "I10")
    page.click("button[value=contents]")
    page.wait(lambda: "15 without an answer" in page.text("main"))
    page.click("details.finish summary")
    page.click("details.finish button")
    page.wait(lambda: "Question by question" in page.text("main"))
