"""The learner's own page in a real browser: accessible, fitting, its charts drawn; active time counted and sent."""

import pytest
from browser.conftest import LOOKS, Page
from browser.test_accessible import fits, violations
from selenium.webdriver.common.keys import Keys

CASE = "/cases/hip-pain-after-a-fall"


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_progress_and_log_are_accessible_and_fit(page: Page, width: int, scheme: str) -> None:
    page.open(CASE)
    page.type("#dx-0-code", "S72.002A", Keys.CONTROL + Keys.ENTER)
    page.find("#pair-0")
    page.resize(width)
    page.scheme(scheme)
    for path in ("/me", "/me/log"):
        page.open(path)
        page.driver.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert violations(page) == [] and fits(page), path
    page.open("/me")
    drawn = "return [...document.images].filter(i => i.complete && !i.naturalWidth && i.loading !== 'lazy').length"
    assert page.driver.execute_script(drawn) == 0
    assert page.console() == []


def test_active_time_is_counted_and_sent_when_the_page_is_left(page: Page) -> None:
    page.open(CASE)
    page.type("#dx-0-code", "S72.002A", Keys.CONTROL + Keys.ENTER)
    page.find("#pair-0")
    page.driver.execute_async_script("setTimeout(arguments[0], 1500)")
    link = page.find("#feedback .sum a").get_attribute("href")
    page.driver.get("about:blank")
    page.driver.get(str(link))
    page.wait(lambda: page.driver.refresh() or "Active on this case" in page.text("#figures"))


def test_a_problem_with_a_line_is_reported_from_within_it(page: Page) -> None:
    page.open(CASE)
    page.type("#dx-0-code", "S72.002A", Keys.CONTROL + Keys.ENTER)
    page.click("#pair-0 > summary")
    page.click("#pair-0 .problem button")
    page.wait(lambda: page.value("#about") == "line 1", "the line is not chosen")
    assert page.console() == []
