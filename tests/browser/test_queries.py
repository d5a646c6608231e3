"""A query to the provider by keyboard: written, kept over a reload, checked, followed step by step; without scripts."""

import pytest
from browser.conftest import Page
from browser.test_accessible import fits, violations
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

CASE = "/cases/sore-that-would-not-close"
ASK = "The H&P says never smoked, the vascular consult smoked until 2019. Please clarify the tobacco history."
LEADS = "Would you agree that the hemoglobin is anemia of kidney disease?"
KEPT = "const done = arguments[0]; fetch(location.href).then(r => r.text()).then(done)"
"""The page as the server has it now."""


def tab_to(page: Page, id: str, most: int = 60) -> None:
    """Walk there by Tab alone."""
    for _ in range(most):
        if page.focused() == id:
            return
        page.press(Keys.TAB)
    raise AssertionError(f"Tab does not lead to {id}")


def begin(page: Page) -> None:
    page.open(CASE)
    page.type("#dx-0-code", "E11.621", Keys.TAB)
    page.find("#state-dx-0 .title")


def write(page: Page, place: int, reason: str, text: str) -> None:
    tab_to(page, f"qu-{place}-reason")
    Select(page.find(f"#qu-{place}-reason")).select_by_value(reason)
    tab_to(page, f"qu-{place}-text")
    page.press(text)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_a_query_is_written_by_keyboard_survives_and_is_followed_step_by_step(
    page: Page, width: int, scheme: str
) -> None:
    page.resize(width)
    page.scheme(scheme)
    begin(page)
    page.driver.execute_script("document.querySelector('#queries > summary').focus()")
    page.press(Keys.ENTER)
    write(page, 0, "conflicting", ASK)
    page.press(Keys.TAB)
    page.driver.execute_script("document.querySelector('.add-query').focus()")
    page.press(Keys.ENTER)
    page.wait(lambda: page.focused() == "qu-1-reason", page.focused())
    write(page, 1, "no_diagnosis", LEADS)
    assert violations(page) == [] and fits(page)
    page.press(Keys.TAB)
    page.wait(lambda: LEADS in str(page.driver.execute_async_script(KEPT)), "what was typed is not saved")
    if width > 390:
        page.site.restart()
    page.driver.refresh()
    page.wait(lambda: (page.value("#qu-0-text"), page.value("#qu-1-text")) == (ASK, LEADS))
    assert page.value("#qu-0-reason") == "conflicting"
    # While the server was down, what the page sent in passing was refused.
    page.console()
    page.click("#qu-1-text")
    page.press(Keys.CONTROL + Keys.ENTER)
    assert "The right query" in page.wait(lambda: page.find("#asked-0")).text
    assert "It leads" in page.text("#asked-1")
    page.click("#asked-1 > summary")
    assert "This asks for a nod" in page.text("#asked-1")
    page.driver.execute_script("document.querySelector('#asked-1 .step').focus()")
    page.press(Keys.ENTER)
    page.wait(lambda: "The right place, but it leads" in page.text("#asked-1 > summary"))
    page.wait(lambda: page.driver.execute_script("return document.activeElement.matches('#asked-1 > summary')"))
    page.click("#asked-1 .step")
    page.wait(lambda: "To be clarified" in page.text("#asked-1"))
    page.click("#asked button[value=all]")
    page.wait(lambda: "Nothing else had to be asked" in page.text("#asked"))
    assert page.driver.execute_script("return document.activeElement.matches('#asked > h2')"), "the focus is lost"
    assert violations(page) == [] and fits(page)
    page.click("a[href$='#figures']")
    assert "Queries" in page.text("#figures")
    assert violations(page) == [] and fits(page)
    assert page.console() == []


def test_without_javascript_a_query_goes_all_the_way(bare_page: Page) -> None:
    page = bare_page
    page.open(CASE)
    page.type("#dx-0-code", "E11.621")
    page.click("#queries > summary")
    Select(page.find("#qu-0-reason")).select_by_value("conflicting")
    page.type("#qu-0-text", ASK)
    page.click(".add-query")
    page.wait(lambda: page.all("#qu-1-reason"))
    assert page.find("#qu-0-text").get_attribute("value") == ASK
    page.click("button.check")
    page.click("#asked button[value=all]")
    page.wait(lambda: "Nothing else had to be asked" in page.text("#asked"))
    assert "The right query" in page.text("#asked-0")
