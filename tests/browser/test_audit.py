"""Audit mode in a real browser: from the claim to the explanation by keyboard, accessible at every width."""

import pytest
from browser.conftest import LOOKS, Page
from browser.test_accessible import fits, violations
from selenium.webdriver.common.keys import Keys

AUDIT = "/cases/hip-pain-after-a-fall/audit"


def begin(page: Page) -> None:
    page.open(AUDIT)
    page.click("main form button")
    page.find("#name-dx1")


def kept(page: Page) -> str:
    """The page as the server has it by now."""
    fetch = "fetch(location).then(answer => answer.text()).then(arguments[0])"
    return str(page.driver.execute_async_script(fetch))


def test_a_claim_is_audited_by_keyboard_from_the_first_line_to_the_explanation(page: Page) -> None:
    page.open(AUDIT)
    page.type("main form button", Keys.ENTER)
    page.type("#name-dx2", "wrong side", Keys.TAB)
    assert page.focused() == "code-dx2"
    page.press("anemia blood loss")
    page.find("#suggest [aria-selected=true]")
    page.press(Keys.ENTER)
    assert page.value("#code-dx2") == "D62"
    page.wait(lambda: 'value="D62"' in kept(page), "it is not kept")
    page.driver.refresh()
    assert page.value("#code-dx2") == "D62"
    page.type("#name-dx1", Keys.CONTROL + Keys.ENTER)
    page.wait(lambda: "Your audit" in page.text("main"))
    page.type("details.pair > summary", Keys.ENTER)
    page.find("details.pair[open] .why")
    assert page.find("#chart mark")
    assert page.console() == []


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_audit_mode_is_accessible_and_fits(page: Page, width: int, scheme: str) -> None:
    page.resize(width)
    page.scheme(scheme)
    page.open(AUDIT)
    assert violations(page) == [] and fits(page)
    begin(page)
    page.click("details.missing > summary")
    assert violations(page) == [] and fits(page)
    page.click(".check")
    page.wait(lambda: "Your audit" in page.text("main"))
    page.driver.execute_script("document.querySelectorAll('details.pair').forEach(pair => pair.open = true)")
    assert violations(page) == [] and fits(page)


def test_without_javascript_an_audit_is_begun_kept_and_handed_in(bare_page: Page) -> None:
    begin(bare_page)
    # What the claim, whose faults are drawn by chance, never has there: what stands there already is no change.
    bare_page.type("#code-dx1", "Z99.89")
    bare_page.click("button.plainly")
    bare_page.wait(lambda: bare_page.find("#code-dx1").get_attribute("value") == "Z99.89")
    bare_page.click(".check")
    bare_page.wait(lambda: "Your audit" in bare_page.text("main"))
