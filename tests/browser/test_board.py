"""The live board and the projector in a real browser: quick, still under the hand, accessible."""

import re
from dataclasses import dataclass

import pytest
from browser.conftest import LOOKS, Page, Site
from browser.test_accessible import fits, violations
from browser.test_results import come_as
from resultkit import CASES, Room, browser, room

from sandbox.web import create_app
from sandbox.web.house import House

HIP = CASES[0]
NAME = "sandbox"


@dataclass
class Wall:
    """A lab on the running server: its board, the cookie of its instructor, and a way to hand in."""

    room: Room
    board: str
    cookie: str


@pytest.fixture(scope="module")
def wall(site: Site) -> Wall:
    app = create_app(site.data)
    house: House = app.extensions["sandbox"]
    lab = room(house, "boardy", "Board class")
    for n in range(12):
        lab.sit(f"b{n}", f"Learner {n} with a rather long name", f"{n}", f"b{n}@school.example")
        lab.hand_in(f"b{n}", HIP, ("", "I10", "M80.051D")[n % 3])
    cookie = browser(app, "boardy").client.get_cookie(NAME)
    assert cookie
    return Wall(lab, f"/classes/{lab.class_id}/labs/{lab.lab}/board", cookie.value)


def test_board_and_projector_in_a_lesson(page: Page, wall: Wall) -> None:
    page.resize(1440)
    come_as(page, wall.cookie)
    page.open(wall.board)
    page.click("#projector-new")
    address = page.wait(lambda: page.find("#projector-open").get_attribute("href"))
    path = re.sub(r"^https?://[^/]+", "", str(address))
    page.driver.execute_script("window.same = true; window.scrollTo(0, 300)")
    page.driver.execute_script(f"document.getElementById('show-1-{HIP}').focus({{preventScroll: true}})")
    wall.room.hand_in("b0", HIP, "J45.909")
    assert page.find("#board").get_attribute("hx-trigger") == "every 1500ms", "within two seconds"
    page.wait(lambda: "J45.909" in page.text("#board"), "the board does not go on")
    assert page.driver.execute_script("return window.same && window.scrollY") == 300, "no reload, no jump"
    assert page.focused() == f"show-1-{HIP}"
    page.click(f"#show-1-{HIP}")
    page.wait(lambda: page.find(f"#show-1-{HIP}").get_attribute("aria-pressed") == "true")
    assert page.focused() == f"show-1-{HIP}"
    board = page.driver.current_window_handle
    page.driver.switch_to.new_window("tab")
    page.open(path)
    screen = page.driver.current_window_handle
    assert (
        not page.all(".door") and "12 answers" in page.text("#projected") and "J45.909" not in page.driver.page_source
    )
    try:
        for button, words in (("show-2", "J45.909"), ("show-3", "The key")):
            page.driver.switch_to.window(board)
            page.click(f"#{button}-{HIP}")
            page.wait(lambda id=button: page.find(f"#{id}-{HIP}").get_attribute("aria-pressed") == "true")  # type: ignore[misc]
            page.driver.switch_to.window(screen)
            page.wait(lambda text=words: text in page.text("#projected"), f"no {words}")  # type: ignore[misc]
        assert "Learner 1" not in page.driver.page_source
        page.driver.switch_to.window(board)
        page.click(f"#show-join-{HIP}")
        page.wait(lambda: page.find(f"#show-join-{HIP}").get_attribute("aria-pressed") == "true")
        page.driver.switch_to.window(screen)
        drawn = page.find(".door svg")
        assert drawn.size["width"] >= 400, "it is read from the last row"
        page.wait(lambda: "J45.909" not in page.driver.page_source)
    finally:
        page.driver.switch_to.window(screen)
        page.driver.close()
        page.driver.switch_to.window(board)
    assert page.console() == []


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_board_and_projector_are_accessible_and_fit(page: Page, wall: Wall, width: int, scheme: str) -> None:
    page.resize(width)
    page.scheme(scheme)
    come_as(page, wall.cookie)
    page.open(wall.board)
    if not page.all("#projector-open"):
        page.click("#projector-new")
    path = re.sub(r"^https?://[^/]+", "", str(page.find("#projector-open").get_attribute("href")))
    for step in ("join", 1, 2, 3):
        page.open(wall.board)
        page.click(f"#show-{step}-{HIP}")
        page.wait(lambda n=step: page.find(f"#show-{n}-{HIP}").get_attribute("aria-pressed") == "true")  # type: ignore[misc]
        assert violations(page) == [] and fits(page), (step, "board")
        if page.all(f"#pair-1-{HIP}"):
            page.click(f"#pair-1-{HIP}")
            page.wait(lambda: page.find(f"#pair-1-{HIP}").get_attribute("aria-pressed") == "true")
        page.open(path)
        assert violations(page) == [] and fits(page), (step, "projector")
    assert page.console() == []
