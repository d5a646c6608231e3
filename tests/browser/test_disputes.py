"""A dispute in a real browser: by keyboard from the line to the answer, accessible, fitting."""

import pytest
from browser.conftest import LOOKS, Page, Site
from browser.test_accessible import fits, violations
from browser.test_results import NAME, come_as
from browser.test_walk import reach
from selenium.webdriver.common.keys import Keys
from test_labs import ARM, Made

from sandbox.web import create_app
from sandbox.web.house import House

REASON = "The operative note calls it a break through weak bone."


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_from_the_line_to_the_answer_by_keyboard(page: Page, site: Site, width: int, scheme: str) -> None:
    app = create_app(site.data)
    house: House = app.extensions["sandbox"]
    made = Made(app, case=[ARM])
    made.do("start")
    ann = made.pupil("Ann Abernathy")
    assert ann.answer("O9A.312", "S52.222A").status_code == 200
    (attempt,) = house.store.rows("SELECT max(id) AS id FROM attempts")[0]
    file = house.cases.get(ARM)
    assert file
    words = file.case.key.diagnoses[3].evidence[0]
    made.do("stop")
    cookies = [who.client.get_cookie(NAME) for who in (made.teacher, ann)]
    app.extensions["sandbox"].close()
    assert cookies[0] and cookies[1]

    page.resize(width)
    page.scheme(scheme)
    come_as(page, cookies[1].value)
    page.open(f"/attempts/{attempt}")
    reach(page, f"a[href='/attempts/{attempt}/dispute']")
    page.press(Keys.ENTER)
    assert page.text("h1") == "Dispute a line" and violations(page) == [] and fits(page)
    reach(page, "input[name=line]")
    page.press(Keys.SPACE, Keys.ARROW_DOWN)
    reach(page, "#reason")
    page.press(REASON)
    reach(page, "#document")
    titles = [one.title for one in file.case.documents]
    page.press(*titles[[one.id for one in file.case.documents].index(words.document)])
    reach(page, "#quote")
    page.press(words.quote, Keys.ENTER)
    page.wait(lambda: "waits for an answer" in page.text("#made"), "the dispute is not there")
    assert violations(page) == [] and fits(page)

    come_as(page, cookies[0].value)
    page.open(f"{made.room}/disputes")
    assert violations(page) == [] and fits(page)
    reach(page, "main th a")
    page.press(Keys.ENTER)
    assert REASON in page.text("main") and words.quote in page.text("main")
    reach(page, "input[name=decision]")
    page.press(Keys.SPACE)
    reach(page, "#words")
    page.press("It may be read so.")
    reach(page, "button[value=look]")
    page.press(Keys.ENTER)
    assert "Ann Abernathy" in page.text("#would") and violations(page) == [] and fits(page)
    reach(page, "button[value=decide]")
    page.press(Keys.ENTER)
    page.wait(lambda: "It may be read so." in page.text("main section") and not page.all("button[value=decide]"))
    for path in (f"{made.room}/log", f"/teach/cases/{ARM}/regrade", made.room):
        page.open(path)
        assert violations(page) == [] and fits(page), path

    come_as(page, cookies[1].value)
    page.open(f"/attempts/{attempt}")
    assert "It may be read so." in page.text("#regraded") and violations(page) == [] and fits(page)
    page.open(f"/class/{made.room.rpartition('/')[2]}/disputes")
    assert "accepted" in page.text("main") and violations(page) == [] and fits(page)
    assert page.console() == []
