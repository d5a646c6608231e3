"""Modifiers and units of an outpatient procedure, by keyboard; they survive a reload, and fit at both widths."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.conftest import LOOKS, Page, Site
from browser.test_accessible import fits, violations
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from tests.small_case import INJECTED, spoiled


@pytest.fixture
def given(driver: webdriver.Chrome, codes_db: Path, tmp_path: Path) -> Iterator[Page]:
    """A case with an injection in its key, opened by a fresh learner."""
    (tmp_path / "codes.db").symlink_to(codes_db)
    folder = tmp_path / "cases" / "office"
    folder.mkdir(parents=True)
    text = spoiled("hints:", f"{INJECTED}hints:", spoiled("status: draft", "status: ready"))
    (folder / "sore-throat.yaml").write_text(text, encoding="utf-8")
    site = Site.start(tmp_path, 0, "--cases", str(folder.parent))
    page = Page(driver, site)
    page.open("/about")
    page.forget()
    page.open("/cases/sore-throat")
    page.console()
    yield page
    site.stop()


def test_a_line_is_completed_by_keyboard_and_survives(given: Page) -> None:
    page = given
    page.type("#dx-0-code", "J02.0", Keys.TAB)
    page.type("#px-0-code", "J0561", Keys.ENTER)
    assert page.focused() == "px-0-modifiers"
    page.press(*"jw", Keys.ENTER)
    assert page.focused() == "px-0-units"
    page.press(*"12", Keys.ENTER)
    assert page.focused() == "px-1-code", "the next line is there"
    page.type("#px-1-code", "J0696", Keys.TAB)
    page.press(Keys.TAB, *"4")
    page.press(Keys.ALT + Keys.ARROW_UP)
    page.wait(lambda: page.value("#px-0-code") == "J0696")
    assert (page.value("#px-0-units"), page.value("#px-1-modifiers")) == ("4", "JW"), "they go along with their line"
    page.open("/cases/sore-throat")
    assert (page.value("#px-1-modifiers"), page.value("#px-1-units")) == ("JW", "12")
    for width, scheme in LOOKS:
        page.resize(width)
        page.scheme(scheme)
        assert violations(page) == [] and fits(page)
    page.find("#px-1-units").send_keys(Keys.CONTROL + Keys.ENTER)
    assert "Not right yet" in page.text("#feedback")
    assert page.console() == []
