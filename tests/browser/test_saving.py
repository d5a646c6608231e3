"""Forms that are saved as one goes, where the connection is lost, the server dies, or another tab was faster."""

import sqlite3
import urllib.request
from collections.abc import Iterator
from contextlib import closing

import pytest
from browser.conftest import Page
from browser.test_workstation import HIP
from selenium.webdriver.common.keys import Keys

KEPT = "const done = arguments[0]; fetch(location.href).then(r => r.text()).then(done)"
"""The page as the server has it now."""
BODY = "return new URLSearchParams(new FormData(document.querySelector(arguments[0]))).toString()"
FORMS = {"case": HIP, "exam": "/exams", "audit": f"{HIP}/audit"}
LINES = ("#dx-0-code", "#dx-1-code")
FIELDS = {"case": LINES, "exam": LINES, "audit": ("#code-dx1", "#code-dx2")}
UNSAVED = "What you typed is not saved yet"
SAVED = "What you typed is saved now."


@pytest.fixture
def line(page: Page) -> Iterator[Page]:
    """A page whose connection can be cut, and is whole again after the test."""
    page.driver.execute_cdp_cmd("Network.enable", {})
    yield page
    offline(page, False)
    block(page)


def offline(page: Page, gone: bool) -> None:
    how = {"offline": gone, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    page.driver.execute_cdp_cmd("Network.emulateNetworkConditions", how)


def block(page: Page, *addresses: str) -> None:
    """Only these are out of reach."""
    page.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": list(addresses)})


def kept(page: Page) -> str:
    return str(page.driver.execute_async_script(KEPT))


def begin(page: Page, form: str) -> tuple[str, str]:
    """Open a form. Returns the first two fields for codes."""
    page.open(FORMS[form])
    if form == "exam":
        page.click("button[value=outpatient]")
        page.find("details.finish")
        page.open(f"{page.driver.current_url.removeprefix(page.site.address)}1")
    elif form == "audit":
        page.click("main form button")
    page.find(FIELDS[form][0])
    return FIELDS[form]


def lose(page: Page, field: str, code: str, before: str) -> None:
    """Type a code that cannot be sent: the page says so, and does not say that it is saved."""
    page.type(field, code, Keys.TAB)
    page.wait(lambda: UNSAVED in page.text("#unsent"), "nothing is said")
    assert page.text("#saved") == before.replace("saved", "not saved since")


def back(page: Page, *codes: str) -> None:
    """The server has it all, without anybody having done anything; and the page says so."""
    page.wait(lambda: page.text("#unsent") == SAVED, "it is not said that it is saved")
    assert page.text("#saved").startswith("saved ")
    assert all(f'value="{code}"' in kept(page) for code in codes)


def retype(page: Page, field: str, code: str) -> None:
    """Another code in place of what stands there, in a field that is not left."""
    page.type(field, Keys.CONTROL, "a", Keys.NULL, code)


def send_unseen(page: Page, form: str) -> None:
    """The server gets what the form says, and the page does not know."""
    css = "#audit" if form == "audit" else "#coding"
    address = page.find(css).get_attribute("hx-post") or ""
    body = str(page.driver.execute_script(BODY, css)).encode()
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in page.driver.get_cookies())
    urllib.request.urlopen(urllib.request.Request(page.site.address + address, body, {"Cookie": cookies})).close()


def save(page: Page, field: str, code: str) -> str:
    page.type(field, code, Keys.TAB)
    page.wait(lambda: f'value="{code}"' in kept(page), "it is not saved")
    return page.text("#saved")


@pytest.mark.parametrize("form", FORMS)
def test_what_was_typed_offline_is_saved_by_itself_when_the_line_is_back(line: Page, form: str) -> None:
    first, second = begin(line, form)
    before = save(line, first, "I10")
    offline(line, True)
    lose(line, second, "N18.32", before)
    retype(line, second, "E03.9")
    offline(line, False)
    back(line, "I10", "E03.9")
    # Typing on, one need not read it any longer.
    line.type(first, Keys.END, Keys.BACKSPACE)
    line.wait(lambda: not line.all("#unsent p"))


@pytest.mark.parametrize("form", FORMS)
def test_what_was_typed_while_the_server_was_dead_is_saved_when_it_is_back(page: Page, form: str) -> None:
    first, second = begin(page, form)
    before = save(page, first, "I10")
    page.site.stop()
    lose(page, second, "N18.32", before)
    page.site.restart()
    back(page, "I10", "N18.32")


def test_another_answer_does_not_take_away_that_something_is_not_saved(line: Page) -> None:
    first, second = begin(line, "case")
    before = save(line, first, "I10")
    block(line, "*/draft")
    lose(line, second, "N18.32", before)
    line.click("#hint-button")
    line.wait(lambda: line.all("#hints li"), "no hint")
    assert UNSAVED in line.text("#unsent")
    assert line.text("#saved").startswith("not saved")
    assert 'value="N18.32"' not in kept(line)
    block(line)
    back(line, "N18.32")


def test_a_check_saves_what_a_draft_could_not(line: Page) -> None:
    first, second = begin(line, "case")
    before = save(line, first, "I10")
    block(line, "*/draft")
    lose(line, second, "N18.32", before)
    line.type(second, Keys.CONTROL + Keys.ENTER)
    line.wait(lambda: "attempt 1" in line.text("#feedback"))
    back(line, "N18.32")


def test_a_query_that_could_not_be_sent_is_sent_again(line: Page) -> None:
    line.open("/cases/sore-that-would-not-close")
    before = save(line, "#dx-0-code", "E11.621")
    line.click("#queries > summary")
    offline(line, True)
    lose(line, "#qu-0-text", "Please clarify the tobacco history.", before)
    offline(line, False)
    line.wait(lambda: line.text("#unsent") == SAVED)
    assert "Please clarify the tobacco history.</textarea>" in kept(line)


@pytest.mark.parametrize("form", FORMS)
def test_what_was_sent_and_not_answered_is_nobody_elses(line: Page, form: str) -> None:
    first, second = begin(line, form)
    before = save(line, first, "I10")
    block(line, "*/draft", "*/save", "*/exams/*/1")
    lose(line, second, "N18.32", before)
    # The server got it all the same: only its answer was lost. Then one types on.
    send_unseen(line, form)
    retype(line, first, "E03.9")
    block(line)
    back(line, "E03.9", "N18.32")


@pytest.mark.parametrize("form", FORMS)
def test_what_is_sent_again_does_not_write_over_what_another_tab_saved(line: Page, form: str) -> None:
    first, second = begin(line, form)
    before = save(line, first, "I10")
    own = line.driver.current_window_handle
    block(line, "*/draft", "*/save", "*/exams/*/1")
    lose(line, second, "N18.32", before)
    here = line.driver.current_url
    line.driver.switch_to.new_window("tab")
    line.driver.get(here)
    save(line, second, "E03.9")
    line.driver.close()
    line.driver.switch_to.window(own)
    block(line)
    line.wait(lambda: "another tab" in line.text("#unsent"), "it is not said")
    assert 'value="E03.9"' in kept(line)
    assert 'value="N18.32"' not in kept(line)
    assert line.text("#saved").startswith("not saved")
    if form == "case":
        line.click("#hint-button")
        line.wait(lambda: line.all("#hints li"), "no hint")
        assert "another tab" in line.text("#unsent")


def test_a_paper_turns_the_page_once_the_answer_is_saved(page: Page) -> None:
    first, second = begin(page, "exam")
    before = save(page, first, "I10")
    page.site.stop()
    lose(page, second, "N18.32", before)
    page.click("#onward")
    assert page.value(second) == "N18.32"
    page.site.restart()
    page.wait(lambda: "Question 2 of 16" in page.text("h1"), "the page is not turned")
    page.driver.back()
    page.driver.refresh()
    page.wait(lambda: page.value(second) == "N18.32")


def test_what_the_database_did_not_take_is_sent_again(page: Page) -> None:
    first, second = begin(page, "case")
    before = save(page, first, "I10")
    with closing(sqlite3.connect(page.site.data / "sandbox.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        page.type(second, "N18.32", Keys.TAB)
        page.wait(lambda: "could not save" in page.text("#unsent"), "nothing is said")
        assert page.text("#saved") == before.replace("saved", "not saved since")
        other.execute("ROLLBACK")
    back(page, "N18.32")
