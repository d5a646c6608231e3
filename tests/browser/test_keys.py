"""The list of keys in a real browser: what it shows is bound, the focus goes in and comes back, the switch holds."""

import pytest
from browser.conftest import LOOKS, Page
from browser.test_accessible import fits, violations
from selenium.webdriver.common.keys import Keys

CASE = "/cases/hip-pain-after-a-fall"
OPEN = "return document.getElementById('keys').open"
HIDDEN = "return document.querySelectorAll('#keys [data-combos][hidden], #keys section[hidden]').length"


@pytest.mark.parametrize("path", ["/", "/me", "/book", "/book?q=htn", "/rules", CASE, "/drills/order/3", "/nowhere"])
def test_a_question_mark_opens_the_keys_of_the_page_and_every_one_is_bound(page: Page, path: str) -> None:
    page.open(path)
    page.find("#keys-open")
    page.driver.execute_script("document.activeElement.blur()")
    page.press("?")
    page.wait(lambda: page.driver.execute_script(OPEN))
    assert page.focused() == "keys-title"
    assert page.driver.execute_script(HIDDEN) == 0, "a key that nobody handles"
    page.press("?")
    assert not page.driver.execute_script(OPEN)
    assert [line for line in page.console() if "404" not in line] == []


def test_the_focus_goes_in_and_comes_back_and_the_page_rests_meanwhile(page: Page) -> None:
    page.open(CASE)
    shown = lambda: page.text(".tabs [aria-selected=true]")  # noqa: E731
    first = shown()
    page.find("#keys-open").send_keys(Keys.ENTER)
    page.wait(lambda: page.focused() == "keys-title")
    page.press("]", "b", Keys.CONTROL + Keys.ENTER)
    assert page.driver.execute_script(OPEN)
    for _ in range(12):
        page.press(Keys.TAB)
        inside = "return document.activeElement === document.body || !!document.activeElement.closest('#keys')"
        assert page.driver.execute_script(inside), "the focus is behind the list"
    page.press(Keys.ESCAPE)
    page.wait(lambda: page.focused() == "keys-open")
    assert shown() == first and not page.all("#feedback .pair") and not page.find("#keys-open").get_attribute("hidden")


def test_a_question_mark_that_is_typed_is_typed(page: Page) -> None:
    page.open("/book")
    page.type("#book-q", "why?")
    assert page.value("#book-q") == "why?" and not page.driver.execute_script(OPEN)


def test_without_keys_that_act_alone_the_link_still_opens_the_list(page: Page) -> None:
    page.open("/keys")
    page.click("#single-keys")
    page.open("/")
    page.press("?")
    assert not page.driver.execute_script(OPEN)
    page.click("#keys-open")
    page.find("#keys")
    page.click("#single-keys")
    page.press(Keys.ESCAPE, "?")
    page.wait(lambda: page.driver.execute_script(OPEN))


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_open_list_is_accessible_and_fits(page: Page, width: int, scheme: str) -> None:
    page.resize(width, 800)
    page.scheme(scheme)
    page.open(CASE)
    page.click("#keys-open")
    page.find("#keys")
    assert violations(page) == [] and fits(page)


def test_without_javascript_the_keys_are_a_page(bare_page: Page) -> None:
    bare_page.open("/")
    bare_page.click("#keys-open")
    bare_page.wait(lambda: bare_page.text("h1") == "Keys")
    assert "check my coding" in bare_page.text("main")
    assert not bare_page.all("#single-keys")[0].is_displayed()
