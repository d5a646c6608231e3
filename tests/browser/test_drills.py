"""Drills in a real browser: a round by keyboard only; accessible and fitting before and after the answer."""

import pytest
from browser.conftest import LOOKS, Page
from browser.test_accessible import fits, violations
from selenium.webdriver.common.keys import Keys


def test_a_round_is_done_by_keyboard_only(page: Page) -> None:
    page.open("/drills/round?n=2&seed=4")
    for n in (1, 2):
        page.find(".choices button")
        page.find("body").send_keys("1")
        page.wait(lambda: page.focused() == "next", "the way on has no focus")
        assert f"{n} of 2" in page.text("main")
        page.press(Keys.ENTER)
    page.wait(lambda: "Drill by drill" in page.text("main"))
    assert page.console() == []


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_drills_are_accessible_and_fit(page: Page, width: int, scheme: str) -> None:
    page.resize(width)
    page.scheme(scheme)
    for path in ("/drills", "/drills/round/5/10"):
        page.open(path)
        assert violations(page) == [] and fits(page), path
    for kind in ("seventh", "complication", "root"):
        page.open(f"/drills/{kind}/3")
        assert violations(page) == [] and fits(page), kind
        page.click(".choices button")
        page.find("#next")
        assert violations(page) == [] and fits(page), kind


def test_keys_that_act_alone_can_be_switched_off(page: Page) -> None:
    page.open("/drills/order/3")
    page.driver.execute_script("localStorage.setItem('single-keys', 'off')")
    page.find("body").send_keys("1")
    assert not page.all("#next")
    page.driver.execute_script("localStorage.clear()")
