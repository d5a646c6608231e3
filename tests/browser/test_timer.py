"""The session timer: a few words at the top of the page, over page changes, and off by choice."""

import pytest
from browser.conftest import Page
from browser.test_accessible import fits, violations
from selenium.webdriver.common.keys import Keys

AGO = """
localStorage.setItem("timer-now", JSON.stringify({
  phase: arguments[0], since: Date.now() - 60000 * arguments[1], seen: Date.now(),
}));
"""


@pytest.fixture
def fresh(page: Page) -> Page:
    page.open("/drills")
    page.driver.execute_script("localStorage.removeItem('timer'); localStorage.removeItem('timer-now')")
    page.driver.refresh()
    return page


def timer(page: Page) -> str:
    return str(page.all("#timer")[0].text)


def test_it_counts_over_pages_names_the_break_once_and_begins_again(fresh: Page) -> None:
    page = fresh
    page.wait(lambda: timer(page) == "25 min")
    page.driver.execute_script(AGO, "work", 20)
    page.open("/")
    page.wait(lambda: timer(page) == "5 min")
    page.driver.execute_script(AGO, "work", 25)
    page.wait(lambda: timer(page) == "break, 5 min")
    said = page.all("#timer-said")[0].get_attribute("textContent")
    assert said == "25 minutes are done. A break of 5 minutes would do you good."
    page.open("/me")
    page.wait(lambda: timer(page) == "break, 5 min")
    assert page.all("#timer-said")[0].get_attribute("textContent") == "", "it is said once"
    page.driver.execute_script(AGO, "rest", 5)
    page.wait(lambda: timer(page) == "25 min")
    assert page.console() == []


def test_it_is_set_and_switched_off_by_choice(fresh: Page) -> None:
    page = fresh
    page.open("/me")
    page.find("#timer-settings")
    work = page.find("#timer-work")
    work.send_keys(Keys.CONTROL + "a")
    work.send_keys("50", Keys.TAB)
    page.wait(lambda: timer(page) == "50 min")
    assert violations(page) == [] and fits(page)
    page.click("#timer-on")
    page.wait(lambda: not page.all("#timer")[0].is_displayed())
    page.open("/")
    assert not page.all("#timer")[0].is_displayed()


def test_a_paper_of_an_exam_has_its_own_clock_and_no_other(fresh: Page) -> None:
    fresh.open("/exams")
    fresh.click("button[value=drills]")
    fresh.find("#left")
    assert not fresh.all("#timer")


def test_without_javascript_there_is_a_goal_and_no_timer(bare_page: Page) -> None:
    page = bare_page
    page.open("/me")
    assert not page.all("#timer-settings")[0].is_displayed() and not page.all("#timer")[0].is_displayed()
    page.type("#goal-amount", Keys.CONTROL + "a")
    page.type("#goal-amount", "2", Keys.ENTER)
    page.wait(lambda: "Today: 0 of 2 cases" in page.text("main"))
