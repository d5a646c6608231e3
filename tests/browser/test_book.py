"""The code book in a real browser: search while typing, the panel beside the chart, a code taken over by one key."""

import pytest
from browser.conftest import LOOKS, Page
from browser.test_accessible import fits, violations
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

HIP = "/cases/hip-pain-after-a-fall"
FIRST = "#book-found .book-codes > li:first-child > a"


def start(page: Page) -> None:
    """A fresh tab on the case: the book's place is kept as long as the tab lives."""
    page.open("/about")
    page.driver.execute_script("sessionStorage.clear()")
    page.open(HIP)


def look_up(page: Page, words: str, code: str) -> None:
    """Open the panel by its key and type, until the code stands on top; go down to it."""
    page.press("b")
    page.wait(lambda: page.focused() == "book-q", "the search has not the focus")
    page.press(words)
    page.wait(lambda: page.text(FIRST) == code, "the code is not found")
    page.press(Keys.ARROW_DOWN)


def test_results_come_while_one_types_and_have_an_address(page: Page) -> None:
    page.open("/book")
    page.type("#book-q", "htn ckd")
    page.wait(lambda: page.text(FIRST) == "I12.9")
    page.wait(lambda: "q=htn" in page.driver.current_url)
    page.press(Keys.ARROW_DOWN, Keys.ENTER)
    page.wait(lambda: "I12.9" in page.text("#book h1"))
    assert page.console() == []


def test_a_code_is_looked_up_and_taken_over_by_keyboard_alone(page: Page) -> None:
    start(page)
    look_up(page, "ckd 3b", "N18.32")
    page.press("t")
    page.wait(lambda: page.focused() == "dx-0-code")
    assert page.value("#dx-0-code") == "N18.32"
    page.wait(lambda: "Chronic kidney disease" in page.text("#state-dx-0 .title"))
    page.driver.execute_script("document.getElementById('book-open').focus()")
    page.press("b")
    page.wait(lambda: page.focused() == "book-q", "the key does not lead back into the book")
    page.press(Keys.ARROW_DOWN, Keys.ENTER)
    page.wait(lambda: "N18.32" in page.text("#book h1"))
    page.press("t")
    page.wait(lambda: page.focused() == "dx-1-code")
    assert page.value("#dx-1-code") == "N18.32"
    assert page.console() == []


def test_a_procedure_goes_to_the_procedures_and_what_was_coded_stays(page: Page) -> None:
    start(page)
    page.type("#dx-0-code", "I10", Keys.TAB)
    page.driver.execute_script("document.getElementById('book-open').focus()")
    look_up(page, "0SR90J9", "0SR90J9")
    page.wait(lambda: page.driver.switch_to.active_element.text == "0SR90J9")
    page.press("t")
    page.wait(lambda: page.focused() == "px-0-code")
    assert page.value("#px-0-code") == "0SR90J9"
    assert page.value("#dx-0-code") == "I10"


def test_the_panel_keeps_its_place_over_a_reload(page: Page) -> None:
    start(page)
    look_up(page, "ckd 3b", "N18.32")
    page.press(Keys.ENTER)
    page.wait(lambda: "N18.32" in page.text("#book h1"))
    page.driver.refresh()
    page.wait(lambda: "N18.32" in page.text("#book h1"), "the place is lost")
    page.click("#book-close")
    page.driver.refresh()
    page.find("#coding")
    assert not page.driver.find_element(By.ID, "book-panel").is_displayed()


def test_a_note_is_kept_in_the_panel_without_leaving_the_case(page: Page) -> None:
    start(page)
    look_up(page, "ckd 3b", "N18.32")
    page.press(Keys.ENTER)
    page.type("#book-note", "eGFR 30 to 44")
    page.click("#book-mine button")
    page.wait(lambda: page.driver.execute_script("return document.querySelector('#book-note').defaultValue"))
    assert page.value("#book-note") == "eGFR 30 to 44"
    assert HIP in page.driver.current_url
    assert page.console() == []


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_panel_is_accessible_and_fits(page: Page, width: int, scheme: str) -> None:
    page.resize(width)
    page.scheme(scheme)
    start(page)
    look_up(page, "fracture neck femur right", "S72.001A")
    assert violations(page) == []
    assert fits(page)
    page.press(Keys.ENTER)
    page.find("#book-mine")
    assert violations(page) == []
    assert fits(page)


def test_on_a_telephone_the_panel_covers_the_page_and_escape_closes_it(page: Page) -> None:
    page.resize(390)
    start(page)
    look_up(page, "ckd 3b", "N18.32")
    box = page.find("#book-panel").rect
    assert box["width"] == 390
    page.press(Keys.ESCAPE)
    page.wait(lambda: not page.driver.find_element(By.ID, "book-panel").is_displayed())
    assert page.focused() == "book-open"


def test_without_javascript_the_book_opens_beside_and_answers(bare_page: Page) -> None:
    bare_page.open(HIP)
    link = bare_page.find("#book-open").get_attribute("href")
    assert link
    bare_page.driver.get(link)
    bare_page.type("#book-q", "htn ckd", Keys.ENTER)
    assert bare_page.text(FIRST) == "I12.9"
    bare_page.click(FIRST)
    bare_page.type("#book-note", "kept")
    bare_page.click("#book-mine button")
    assert bare_page.text("#book-note") == "kept"
