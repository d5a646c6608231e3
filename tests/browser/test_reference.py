"""The rules' pages in a browser: search as you type, open, try an example by keyboard; and without scripts."""

from browser.conftest import Page
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys


def tab_to(page: Page, css: str) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse would."""
    for _ in range(80):
        if page.driver.execute_script("return document.activeElement.matches(arguments[0])", css):
            return
        page.press(Keys.TAB)
    raise AssertionError(f"the keyboard does not reach {css}")


def test_search_open_and_try_an_example_by_keyboard(page: Page) -> None:
    page.open("/rules")
    tab_to(page, "#q")
    page.press("n18.32")
    page.wait(lambda: page.text("#rulecount") != f"{len(page.all('#rulelist li'))} rules")
    assert page.focused() == "q"
    page.wait(lambda: "q=n18.32" in page.driver.current_url)
    tab_to(page, '#rulelist a[href="/rules/CMB02"]')
    page.press(Keys.ENTER)
    page.find(".example")
    tab_to(page, "#accepted-1 .button")
    page.press(Keys.ENTER)
    page.wait(lambda: "says nothing here" in page.text("#answer"))
    tab_to(page, "#try-dx")
    page.press(Keys.CONTROL + "a", "i10, n18.32, e11.22")
    tab_to(page, "#try-check")
    page.press(Keys.ENTER)
    page.wait(lambda: "this page's rule" in page.text("#answer"))
    assert page.focused() == "try-check"
    assert "CMB02 speaks" in page.driver.find_element(By.ID, "try-said").get_property("textContent")
    kept = page.driver.current_url
    assert "claim=office" in kept
    page.driver.get(kept)
    assert "this page's rule" in page.text("#answer")
    assert page.console() == []


def test_a_claim_that_cannot_be_read_leads_back_to_its_field(page: Page) -> None:
    page.open("/rules/try")
    page.type("#try-age", "old")
    page.type("#try-dx", "I10")
    page.click("#try-check")
    page.click('#answer a[href="#try-age"]')
    assert page.focused() == "try-age"


def test_rules_are_searched_and_tried_without_javascript(bare_page: Page) -> None:
    bare_page.open("/rules")
    bare_page.type("#q", "I.C.9", Keys.ENTER)
    bare_page.click('#rulelist a[href="/rules/CMB02"]')
    bare_page.click("#flagged-1 .button")
    assert "this page's rule" in bare_page.text("#answer")
    field = bare_page.find("#try-dx")
    field.clear()
    field.send_keys("I10")
    bare_page.click("#try-check")
    bare_page.wait(lambda: "says nothing here" in bare_page.text("#answer"))
