"""The pages after a lab in a real browser: accessible, fitting, clean on paper."""

import pytest
from browser.conftest import LOOKS, Page, Site
from browser.test_accessible import fits, violations
from resultkit import CASES, Room, browser, room

from sandbox.web import create_app

NAME = "sandbox"


@pytest.fixture(scope="module")
def made(site: Site) -> tuple[str, int, dict[str, str]]:
    """A class on the running server, and the cookies of its instructor and of a learner."""
    app = create_app(site.data)
    lab: Room = room(app.extensions["sandbox"], "tina", "Morning class")
    for n in range(6):
        lab.sit(f"l{n}", f"Learner {n} with a rather long name", f"{n}", f"l{n}@school.example")
        lab.hand_in(f"l{n}", CASES[0], "I10" if n % 2 else "")
        if n:
            lab.hand_in(f"l{n}", CASES[1], "S72.002A" if n % 3 else "")
    cookies = {}
    for who in ("tina", "l1"):
        cookie = browser(app, who).client.get_cookie(NAME)
        assert cookie
        cookies[who] = cookie.value
    member = lab.member("l1")
    app.extensions["sandbox"].close()
    return lab.results, member, cookies


def come_as(page: Page, cookie: str) -> None:
    page.open("/about")
    page.driver.delete_all_cookies()
    page.driver.add_cookie({"name": NAME, "value": cookie, "path": "/"})


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_after_a_lab_are_accessible_and_fit(
    page: Page, made: tuple[str, int, dict[str, str]], width: int, scheme: str
) -> None:
    results, member, cookies = made
    page.resize(width)
    page.scheme(scheme)
    come_as(page, cookies["tina"])
    for path in (results, f"{results}/{member}", results.partition("/labs/")[0] + "/gradebook"):
        page.open(path)
        assert "Learner 1" in page.text("main"), path
        assert violations(page) == [] and fits(page), path
    come_as(page, cookies["l1"])
    page.open(f"/labs/{results.split('/')[4]}/report")
    assert "Learner 1" in page.text("main") and violations(page) == [] and fits(page)
    assert page.console() == []


def test_a_report_on_paper_has_nothing_to_press(page: Page, made: tuple[str, int, dict[str, str]]) -> None:
    results, member, cookies = made
    come_as(page, cookies["tina"])
    page.open(f"{results}/{member}")
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    pressed = "return [...document.querySelectorAll('a, button, input')].filter(e => e.checkVisibility()).length"
    assert page.driver.execute_script(pressed) == 0
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
