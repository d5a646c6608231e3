"""The projector: an address of its own, no names, and nothing that leaks before its step."""

import re

import pytest
from flask import Flask
from resultkit import CASES, Room, browser, room
from webkit import Learner

from sandbox.store import board
from sandbox.store import people as store_people
from sandbox.web import create_app
from sandbox.web.house import House
from sandbox.web.qr import drawn

HIP, ARM = CASES
WRONG = "M80.051D"
NAMES = ("Ann", "ann@school.example", "Bob", "Cat", "Tina", "tina", "No-7")


@pytest.fixture
def lab(house: House) -> Room:
    made = room(house, "tina", "Class")
    made.sit("ann", "Ann", "No-7", "ann@school.example")
    made.sit("bob", "Bob")
    made.sit("cat", "Cat")
    made.hand_in("ann", HIP, "I10")
    made.hand_in("bob", HIP, "I10")
    made.hand_in("cat", HIP, WRONG)
    return made


def where(lab: Room) -> str:
    return f"/classes/{lab.class_id}/labs/{lab.lab}/board"


def csrf(who: Learner, path: str = "/about") -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', who.get(path).text)
    assert found
    return found[1]


def address(tina: Learner, lab: Room) -> str:
    tina.post(f"{where(lab)}/address", htmx=False, csrf_token=csrf(tina))
    found = re.search(r'href="(?:http://[^/"]+)?(/projector/[^"]+)"', tina.get(where(lab)).text)
    assert found
    return found[1]


def show(tina: Learner, lab: Room, step: str, pair: str = "", case: str = HIP) -> int:
    return tina.post(f"{where(lab)}/show", case=case, step=step, pair=pair, csrf_token=csrf(tina)).status_code


def key_codes(lab: Room) -> tuple[str, set[str], list[str]]:
    """Of the key: the code that nobody entered, those that all did, and all of them."""
    found = lab.house.boards.look(lab.lab, {"ann", "bob", "cat"})[1][HIP]
    (secret,) = [line.code for line in found.keyed if line.missed == 3]
    all_codes = [line.code for line in found.keyed]
    return secret, {bar.code for bar in found.bars if bar.many == 3} & set(all_codes), all_codes


def both(who: Learner, path: str) -> str:
    """The page and the fragment that it asks for."""
    page = who.get(path)
    assert page.status_code == 200
    case = re.search(r'"case":"([^"]*)"', page.text)
    fragment = who.post(path, seen="", case=case[1] if case else "", csrf_token=csrf(who, path))
    assert fragment.status_code == 200
    return page.text + fragment.text


def test_each_step_shows_what_belongs_to_it_and_no_more(app: Flask, lab: Room) -> None:
    tina, wall = browser(app, "tina"), Learner(app)
    path = address(tina, lab)
    secret, rest, keys = key_codes(lab)
    entered = {"I10", WRONG}
    assert secret not in entered and rest

    text = both(wall, path)
    assert not [code for code in (*entered, *keys) if code in text] and lab.house.labs.get(lab.lab).code in text  # type: ignore[union-attr]

    assert show(tina, lab, "closed") == 200
    text = both(wall, path)
    assert "3 answers" in text and 'id="chart"' in text
    assert not [code for code in (*entered, *keys) if code in text]

    assert show(tina, lab, "histogram") == 200
    text = both(wall, path)
    assert [code for code in (*entered, *rest) if code not in text] == []
    assert secret not in text and "The key" not in text
    for kind in ("Exact", "Not supported", "Wrong", "Missing", "Related", "right in"):
        assert kind not in text, "how a code was judged says what the key has"

    assert show(tina, lab, "key") == 200
    text = both(wall, path)
    assert secret in text and "The key" in text

    assert show(tina, lab, "closed") == 200
    text = both(wall, path)
    assert not [code for code in (*entered, *keys) if code in text], "closed again"


def test_no_name_is_ever_on_it(app: Flask, lab: Room) -> None:
    tina = browser(app, "tina")
    path = address(tina, lab)
    for step in board.STEPS:
        show(tina, lab, step)
        for who in (Learner(app), tina):
            text = both(who, path)
            assert not [name for name in NAMES if re.search(rf"\b{re.escape(name)}\b", text)], step
            assert "/attempts/" not in text and "/classes/" not in text


def test_a_pair_to_talk_about_is_of_the_class_before_the_key(app: Flask, lab: Room) -> None:
    tina, wall = browser(app, "tina"), Learner(app)
    path, secret = address(tina, lab), key_codes(lab)[0]
    lab.hand_in("bob", HIP, "M80.051G")
    show(tina, lab, "histogram")
    assert show(tina, lab, "histogram", f"{WRONG}|{secret}") == 400, "the key comes later"
    assert show(tina, lab, "histogram", f"{WRONG}|M80.051G") == 200
    text = both(wall, path)
    assert "Which one does the chart support?" in text and secret not in text
    show(tina, lab, "key")
    assert "Which one does" not in both(wall, path), "another step, another pair"
    assert show(tina, lab, "key", f"{WRONG}|{secret}") == 200
    assert "Entered, and what the key has." in both(wall, path)


def test_the_step_is_kept_on_the_server_for_each_case(app: Flask, lab: Room, house: House) -> None:
    tina = browser(app, "tina")
    path = address(tina, lab)
    show(tina, lab, "key")
    show(tina, lab, "closed", case=ARM)
    assert board.projector(house.store, lab.lab).step(HIP) == "key"
    again = create_app(house.store.path.parent)
    try:
        assert "0 answers" in both(Learner(again), path), "and outlives the server"
    finally:
        again.extensions["sandbox"].close()
    assert show(tina, lab, "wide open") == 400 and show(tina, lab, "key", case="no-such-case") == 400


def test_it_says_nothing_where_nothing_is_new_and_loads_another_chart(app: Flask, lab: Room) -> None:
    tina, wall = browser(app, "tina"), Learner(app)
    path = address(tina, lab)
    show(tina, lab, "histogram")
    page = wall.get(path).text
    seen = re.search(r'"seen":"(\w+)"', page)
    assert seen
    token = csrf(wall, path)
    assert wall.post(path, seen=seen[1], case=HIP, csrf_token=token).status_code == 204
    lab.hand_in("ann", HIP, WRONG)
    assert wall.post(path, seen=seen[1], case=HIP, csrf_token=token).status_code == 200
    show(tina, lab, "closed", case=ARM)
    assert wall.post(path, seen=seen[1], case=HIP, csrf_token=token).headers["HX-Refresh"] == "true"


def test_the_key_of_what_nobody_answered_is_shown_at_its_step_and_not_before(
    app: Flask, lab: Room, house: House
) -> None:
    tina, wall = browser(app, "tina"), Learner(app)
    path, file = address(tina, lab), house.cases.get(ARM)
    assert file
    keys = [line.code for line in (*file.case.key.diagnoses, *file.case.key.procedures)]
    for step in ("closed", "histogram"):
        show(tina, lab, step, case=ARM)
        assert not [code for code in keys if code in both(wall, path)], step
    show(tina, lab, "key", case=ARM)
    text = both(wall, path)
    assert [code for code in keys if code not in text] == []
    assert "right in" not in text and "What the class entered" not in text


def test_an_optional_line_says_so_and_how_many_entered_it(app: Flask, lab: Room, house: House) -> None:
    tina, wall = browser(app, "tina"), Learner(app)
    path, file = address(tina, lab), house.cases.get(HIP)
    assert file
    lines = (*file.case.key.diagnoses, *file.case.key.procedures)
    optional = next(line.code for line in lines if line.optional)
    show(tina, lab, "key")
    row = rf'<span class="code">{optional}</span>[^<]*<span class="soft"> · ([^<]*)<'
    assert re.findall(row, both(wall, path)) == ["optional, entered by 3 of 3"] * 2
    for who in ("ann", "bob", "cat"):
        lab.hand_in(who, HIP, "I10", without=optional)
    text = both(wall, path)
    assert re.findall(row, text) == ["optional, entered by 0 of 3"] * 2
    assert "↔" not in text and "Taken for one another" not in text, "no heading above nothing"


def test_how_to_join_can_be_scanned_and_comes_back_at_any_time(app: Flask, lab: Room, house: House) -> None:
    tina, wall = browser(app, "tina"), Learner(app)
    path = address(tina, lab)
    found = house.labs.get(lab.lab)
    assert found
    door = str(drawn(f"http://localhost/join/{found.code}"))
    assert door in wall.get(path).text and door in tina.get(where(lab).removesuffix("/board")).text
    secret, _, keys = key_codes(lab)
    show(tina, lab, "key")
    text = both(wall, path)
    assert door not in text and found.code not in text and secret in text
    assert 'aria-pressed="true">How to join' not in tina.get(where(lab)).text
    assert show(tina, lab, "join") == 200
    assert 'aria-pressed="true">How to join' in tina.get(where(lab)).text
    assert wall.post(path, seen="", case=HIP, csrf_token=csrf(wall, path)).headers["HX-Refresh"] == "true"
    text = both(wall, path)
    assert door in text and not [code for code in ("I10", WRONG, *keys) if code in text]
    assert board.projector(house.store, lab.lab).step(HIP) == "key", "what may be seen of the cases stays"
    assert [show(browser(app, who), lab, "join") for who in ("ann", "nobody")] == [404, 404]


@pytest.mark.parametrize(
    ("host", "only_here"),
    [("localhost", True), ("127.0.0.1:8000", True), ("[::1]:8000", True), ("10.0.0.7:8000", False), ("lab-pc", False)],
)
def test_the_code_leads_where_the_page_was_opened_or_says_that_no_telephone_gets_there(
    app: Flask, lab: Room, house: House, host: str, only_here: bool
) -> None:
    path = address(browser(app, "tina"), lab)
    found = house.labs.get(lab.lab)
    assert found
    text = Learner(app).client.get(path, base_url=f"http://{host}").text
    assert str(drawn(f"http://{host}/join/{found.code}")) in text
    assert ("on this machine only" in text) is only_here


def test_only_the_address_opens_it_and_a_new_one_ends_the_old(app: Flask, lab: Room) -> None:
    tina, wall = browser(app, "tina"), Learner(app)
    old = address(tina, lab)
    assert wall.get(old).status_code == 200
    new = address(tina, lab)
    assert new != old and wall.get(new).status_code == 200
    for path in (old, f"{new}x", "/projector/WzEsIiJd", "/projector/x", f"/projector/{lab.lab}"):
        assert wall.get(path).status_code == 404, path
        assert wall.post(path, csrf_token=csrf(wall, new)).status_code == 404, path


def test_only_staff_change_what_it_shows(app: Flask, lab: Room, house: House) -> None:
    tina = browser(app, "tina")
    path = address(tina, lab)
    show(tina, lab, "closed")
    store_people.add_learner(house.store, "otto", "Otto", "instructor")
    for who in ("ann", "otto", "nobody"):
        assert show(browser(app, who), lab, "key") == 404, who
    assert board.projector(house.store, lab.lab).step(HIP) == "closed"
    wall = Learner(app)
    wall.post(path, step="key", case=HIP, csrf_token=csrf(wall, path))
    assert board.projector(house.store, lab.lab).step(HIP) == "closed", "the address itself changes nothing"
