"""The instructor's desk in a browser: by keyboard, without scripts, and every page of it against WCAG 2.2 AA."""

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.conftest import LOOKS, ROOT, Page, Site
from browser.test_accessible import fits, violations
from browser.test_reference import tab_to
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from tests.small_case import TEXT

HIP = "hip-pain-after-a-fall"
HISTORY = f"/teach/cases/{HIP}/history"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """Some of the shipped cases, and among them a broken one."""
    folder = tmp_path / "cases"
    for specialty in ("orthopedics", "endocrinology", "ophthalmology"):
        shutil.copytree(ROOT / "cases" / specialty, folder / specialty)
    (folder / "emergency").mkdir()
    shutil.copy(ROOT / "cases" / "emergency" / "hand-injury-kitchen.yaml", folder / "emergency")
    (folder / "broken.yaml").write_text("title: [\n")
    return folder


@pytest.fixture
def desk(codes_db: Path, cases: Path, tmp_path: Path) -> Iterator[Site]:
    """A server of its own over those, for what is saved here stays."""
    data = tmp_path / "desk"
    data.mkdir()
    (data / "codes.db").symlink_to(codes_db)
    site = Site.start(data, 0, "--cases", str(cases))
    yield site
    site.stop()


@pytest.fixture
def teacher(driver: webdriver.Chrome, desk: Site) -> Page:
    """A browser in which the instructor's link was used."""
    page = Page(driver, desk)
    page.open("/about")
    page.forget()
    page.resize(1440)
    page.scheme("light")
    enter(page)
    page.console()
    return page


def enter(page: Page) -> None:
    page.open(page.site.link)
    page.click("main form button")
    page.find("#library")


def change(cases: Path, page: Page) -> Path:
    """See the history, and change the file with another program."""
    page.open(HISTORY)
    path = next(cases.rglob(f"{HIP}.yaml"))
    path.write_text(path.read_text().replace("minutes: ", "minutes: 2", 1) + "# by hand\n")
    return path


def upload(page: Page, path: Path) -> None:
    page.open("/teach/upload")
    page.find("#file").send_keys(str(path))
    page.click(".newcase button")
    page.wait(lambda: page.all(".sent") or page.all("#refused"))


def bundle(cases: Path, tmp_path: Path) -> Path:
    """A zip with a new case, a changed one, one that is the same, and one that is refused."""
    path, hip = tmp_path / "term.zip", next(cases.rglob(f"{HIP}.yaml")).read_text()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("sore-throat.yaml", TEXT)
        archive.writestr(f"{HIP}.yaml", hip + "# longer\n")
        same = next(cases.rglob("hand-injury-kitchen.yaml"))
        archive.writestr(same.name, same.read_bytes())
        archive.writestr("notes.txt", "hello")
    return path


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_page_of_the_desk_is_accessible_and_fits(
    teacher: Page, cases: Path, tmp_path: Path, width: int, scheme: str
) -> None:
    change(cases, teacher)
    upload(teacher, bundle(cases, tmp_path))
    checked = teacher.driver.current_url.removeprefix(teacher.site.address)
    teacher.resize(width)
    teacher.scheme(scheme)
    paths = ("/teach", "/teach?q=zzzz", "/teach/cases/new", "/teach/upload", HISTORY, f"{HISTORY}/2", f"{HISTORY}/1")
    for path in (*paths, checked, f"{checked}/{HIP}"):
        teacher.open(path)
        teacher.wait(lambda: not teacher.all("form#unseen"), seconds=60)
        teacher.driver.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert violations(teacher) == [], path
        assert fits(teacher), path
    assert teacher.console() == []


def test_the_linter_fills_in_what_it_finds_and_the_list_is_narrowed_while_typing(teacher: Page) -> None:
    teacher.open("/teach")
    teacher.wait(lambda: "looked at every file" in teacher.text("#unseen"), seconds=60)
    assert "not looked at yet" not in teacher.text("#library")
    tab_to(teacher, "#q")
    teacher.press("fall")
    teacher.wait(lambda: "q=fall" in teacher.driver.current_url)
    assert teacher.focused() == "q"
    teacher.wait(lambda: len(teacher.all(".library tbody tr")) < 10)
    Select(teacher.find("#status")).select_by_visible_text("retired")
    teacher.wait(lambda: "No file has all of this" in teacher.text("#library"))
    assert "status=retired" in teacher.driver.current_url
    assert teacher.console() == []


def test_a_case_is_begun_by_keyboard(teacher: Page, cases: Path) -> None:
    teacher.open("/teach")
    tab_to(teacher, 'a[href="/teach/cases/new"]')
    teacher.press(Keys.ENTER)
    teacher.find("#title")
    tab_to(teacher, "#setting")
    teacher.press("Tele")
    tab_to(teacher, "#title")
    teacher.press("A call at night")
    tab_to(teacher, "#case-specialty")
    teacher.press("Family medicine")
    teacher.press(Keys.ENTER)
    teacher.wait(lambda: teacher.driver.current_url.endswith("/teach/cases/a-call-at-night/edit"))
    text = (cases / "family-medicine" / "a-call-at-night.yaml").read_text()
    assert "setting: telehealth" in text


def test_an_old_version_is_restored_by_keyboard(teacher: Page, cases: Path) -> None:
    before = next(cases.rglob(f"{HIP}.yaml")).read_text()
    path = change(cases, teacher)
    teacher.open(HISTORY)
    tab_to(teacher, f'a[href="{HISTORY}/2"]')
    teacher.press(Keys.ENTER)
    teacher.wait(lambda: "# by hand" in teacher.text("#diff"))
    teacher.open(HISTORY)
    tab_to(teacher, "#restore-1 button")
    teacher.press(Keys.ENTER)
    teacher.wait(lambda: "version 1 again" in teacher.text(".versions"))
    assert path.read_text() == before


def test_without_javascript_the_desk_lists_looks_uploads_and_restores(
    desk: Site, bare_page: Page, cases: Path, tmp_path: Path
) -> None:
    page = Page(bare_page.driver, desk)
    enter(page)
    while page.all("form#unseen"):
        page.click("#unseen button")
        page.wait(lambda: page.all("#unseen"))
    Select(page.find("#problems")).select_by_value("yes")
    page.click(".casefind button")
    page.wait(lambda: "problems=yes" in page.driver.current_url)
    assert "broken" in page.text("#library")
    assert len(page.all(".library tbody tr")) < 10
    upload(page, bundle(cases, tmp_path))
    page.click(f'input[value="{HIP}"]')
    page.click("main form button")
    page.wait(lambda: "2 of 2 files saved" in page.text("main"))
    assert (cases / "family-medicine" / "sore-throat.yaml").read_text() == TEXT
    page.open(HISTORY)
    page.click("#restore-1 button")
    page.wait(lambda: "version 1 again" in page.text(".versions"))
    assert "# longer" not in next(cases.rglob(f"{HIP}.yaml")).read_text()
