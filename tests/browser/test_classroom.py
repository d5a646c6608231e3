"""A lab with three browsers at once: an instructor and two learners, a server that is killed, another machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.conftest import LOOKS, Page, Site, _driver
from browser.test_accessible import fits, violations
from selenium.webdriver.common.keys import Keys

HIP = "hip-pain-after-a-fall"
ARM = "sore-arm-and-an-empty-bottle"


@pytest.fixture
def own(codes_db: Path, few_cases: Path, tmp_path: Path) -> Iterator[Site]:
    """A server of its own: it is killed, and its lab reserves cases that other tests open."""
    data = tmp_path / "instance"
    data.mkdir()
    (data / "codes.db").symlink_to(codes_db)
    site = Site.start(data, 0, "--cases", str(few_cases))
    yield site
    site.stop()


@pytest.fixture
def browsers(own: Site, tmp_path: Path) -> Iterator[list[Page]]:
    pages = [Page(_driver(tmp_path / f"browser-{n}"), own) for n in range(3)]
    yield pages
    for page in pages:
        page.driver.quit()


def begin_lab(teacher: Page, feedback: str) -> tuple[str, str, str]:
    """(address of the class, of the lab, its code), made through the pages."""
    teacher.open(teacher.site.link)
    teacher.click("main form button")
    teacher.wait(lambda: "/instructor/" not in teacher.driver.current_url, "the link was not used")
    teacher.open("/classes")
    teacher.type("#name", "Evening class", Keys.ENTER)
    teacher.find(".joincode")
    room = teacher.driver.current_url.removeprefix(teacher.site.address)
    teacher.open(f"{room}/labs/new")
    teacher.type("#name", "Lab one")
    teacher.click("details summary")
    for case in (HIP, ARM):
        teacher.click(f'[value="{case}"]')
    teacher.click(f'[value="{feedback}"]')
    teacher.click(".labform > button")
    code = teacher.text(".bigcode")
    return room, teacher.driver.current_url.removeprefix(teacher.site.address), code


def join(page: Page, code: str, name: str, new: bool = True) -> None:
    page.open("/join")
    page.type("#code", code.lower(), Keys.ENTER)
    page.type("#who", name, Keys.ENTER)
    page.type("#secret", "kitten7")
    if new:
        page.type("#again", "kitten7")
    page.type("#secret", Keys.ENTER)
    page.find("#lab-state")


def unsaved_in_a_lab(page: Page) -> None:
    """What is not saved is said until it is, though the lab's clock asks, and is answered, every few seconds."""
    page.driver.execute_cdp_cmd("Network.enable", {})
    page.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/draft"]})
    page.type("#dx-1-code", "N18.32", Keys.TAB)
    page.wait(lambda: "not saved yet" in page.text("#unsent"), "nothing is said")
    page.driver.execute_script("document.getElementById('lab-state').dataset.old = 'yes'")
    page.wait(lambda: page.all("#lab-state:not([data-old])"), "the clock does not ask")
    assert "not saved yet" in page.text("#unsent")
    assert page.text("#saved").startswith("not saved")
    page.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
    page.wait(lambda: "is saved now" in page.text("#unsent"), "it is not sent again")
    page.driver.refresh()
    assert page.value("#dx-1-code") == "N18.32"


def test_three_browsers_a_killed_server_and_another_machine(browsers: list[Page], own: Site) -> None:
    teacher, ann, ben = browsers
    _, lab, code = begin_lab(teacher, "after")
    join(ann, code, "Ann Lee")
    assert "Not begun" in ann.text("#lab-state")
    teacher.click('[value="start"]')
    ann.click('form[action$="/join"] button')  # the page has noticed by itself
    join(ben, code, "Ben Ray")
    ben.click('form[action$="/join"] button')
    teacher.wait(lambda: "2 of 2 have begun" in teacher.text("#seats"), "the list does not follow", 4)

    ann.click("table a")
    ann.type("#dx-0-code", "I10", Keys.TAB)
    ann.wait(lambda: "saved" in ann.text("#saved"), "no draft was saved")
    own.restart()
    ann.driver.refresh()
    assert ann.value("#dx-0-code") == "I10"
    unsaved_in_a_lab(ann)
    ben.open("/about")
    ben.forget()
    for page in (ann, ben):
        # A page that asked while the server was away had to say that nobody answered, and nothing else.
        assert [said for said in page.console() if "REFUSED" not in said and "htmx" not in said] == []
    join(ben, code, "ann lee", new=False)  # Ann at another machine
    ben.click("table a")
    assert ben.value("#dx-0-code") == "I10"

    ben.click("button.check")
    ben.wait(lambda: "Handed in" in ben.text(".work"), "nothing says that it is in")
    assert not ben.all("#feedback .pair")
    teacher.open(lab)
    teacher.wait(lambda: " %" in teacher.text("#seats"), "the result is not there", 4)
    teacher.click('[value="pause"]')
    ann.wait(lambda: "Paused" in ann.text("#lab-state"), "the pause is not noticed", 20)
    teacher.click('[value="stop"]')
    ann.wait(lambda: "over" in ann.text("#lab-state"), "the end is not noticed", 20)
    ann.find("#feedback .pair")
    assert [page.console() for page in browsers[1:]] == [[], []]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_page_of_the_classroom_is_accessible_and_fits(browsers: list[Page], width: int, scheme: str) -> None:
    teacher, ann, _ = browsers
    for page in (teacher, ann):
        page.resize(width)
        page.scheme(scheme)
    room, lab, code = begin_lab(teacher, "at_once")

    def sound(page: Page, *paths: str) -> None:
        for path in paths:
            page.open(path)
            assert violations(page) == [], path
            assert fits(page), path

    sound(ann, "/signin", "/join", f"/join/{code}", "/account", "/class")
    join(ann, code, "Ann Lee")
    teacher.click('[value="start"]')
    ann.click('form[action$="/join"] button')
    ann.find("table a")
    home = ann.driver.current_url.removeprefix(ann.site.address)
    sound(ann, home, f"{home}/1", "/account", "/class")
    sound(teacher, "/classes", room, lab, f"{lab}/edit", f"{room}/roster", "/people", "/account")
    teacher.open(f"{room}/roster")
    teacher.type("#text", "name,id\nBo,1\n,2\n")
    teacher.click("main form button")
    assert "Line 3" in teacher.text('[role="alert"]') and violations(teacher) == []


def test_without_javascript_a_learner_joins_codes_and_reads_the_report(own: Site, tmp_path: Path) -> None:
    page = Page(_driver(tmp_path / "bare", javascript=False), own)
    try:
        _, _, code = begin_lab(page, "handed_in")
        page.click('[value="start"]')
        page.driver.delete_all_cookies()
        join(page, code, "Ann Lee")
        page.click('form[action$="/join"] button')
        page.click("table a")
        page.type("#dx-0-code", "I10")
        page.click("button.check")
        page.find("#feedback .pair")
    finally:
        page.driver.quit()
