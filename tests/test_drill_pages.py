"""Drills on their pages: asked, answered once, explained; rounds that a class can share."""

import re

import pytest
from flask import Flask
from webkit import Learner, field

from sandbox.drills import KINDS, make
from sandbox.store import drilling
from sandbox.web.house import House

ONE = "/drills/excludes/7"


def drill(house: House, kind: str = "excludes", seed: int = 7):  # type: ignore[no-untyped-def]
    return make(kind, seed, house.codes.at(20260401), house.payer)


def answer(learner: Learner, chosen: str, path: str = ONE, htmx: bool = False, **fields: str):  # type: ignore[no-untyped-def]
    token = field(learner.get(path).text, "csrf_token")
    headers = {"HX-Request": "true"} if htmx else {}
    return learner.client.post(path, data={"csrf_token": token, "chosen": chosen, **fields}, headers=headers)


def me(learner: Learner) -> str:
    with learner.client.session_transaction() as session:
        return str(session["learner"])


def test_the_answer_is_not_on_the_page_before_it_is_given(learner: Learner, house: House) -> None:
    page = learner.get(ONE).text.partition("<dialog")[0]
    one = drill(house)
    assert one.question in page
    assert one.why not in page and "the answer" not in page
    assert all(told.words not in page for told in one.told)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_asked_and_explained(learner: Learner, kind: str) -> None:
    where = learner.get(f"/drills/{kind}")
    assert where.status_code == 302
    page = answer(learner, "a", where.location, htmx=True).text
    assert ("Right." in page) != ("Not this time." in page)
    assert KINDS[kind].authority.split(",")[0] in page


def test_right_and_wrong_are_told_and_counted(learner: Learner, house: House) -> None:
    right = drill(house).correct
    assert "Right." in answer(learner, right, htmx=True).text
    second = drill(house, seed=8)
    wrong = next(option.id for option in second.options if option.id != second.correct)
    assert "Not this time." in answer(learner, wrong, "/drills/excludes/8", htmx=True).text
    assert "1 of 2 right" in learner.get("/drills").text


def test_an_answer_sent_twice_stays_the_first(learner: Learner, house: House) -> None:
    one = drill(house)
    wrong = next(option.id for option in one.options if option.id != one.correct)
    token = field(learner.get(ONE).text, "csrf_token")
    for chosen in (wrong, one.correct):
        learner.client.post(ONE, data={"csrf_token": token, "chosen": chosen})
    kept = drilling.get(house.store, me(learner), "excludes", 7)
    assert kept and (kept.chosen, kept.correct) == (wrong, False)
    assert "Not this time." in learner.get(ONE).text


def test_without_javascript_the_answer_leads_to_the_page_that_explains_it(learner: Learner) -> None:
    done = answer(learner, "a")
    assert (done.status_code, done.location) == (303, ONE)
    assert 'id="next"' in learner.get(ONE).text


def test_what_is_no_option_is_asked_again(learner: Learner, house: House) -> None:
    assert answer(learner, "z").status_code == 303
    assert drilling.get(house.store, me(learner), "excludes", 7) is None


def test_the_time_between_question_and_answer_is_kept(learner: Learner, house: House) -> None:
    answer(learner, "a")
    kept = drilling.get(house.store, me(learner), "excludes", 7)
    assert kept and 0 < kept.seconds < drilling.LONGEST
    token = field(learner.get("/drills/excludes/10").text, "csrf_token")
    learner.client.post("/drills/excludes/9", data={"csrf_token": token, "chosen": "a"})
    unseen = drilling.get(house.store, me(learner), "excludes", 9)
    assert unseen and unseen.seconds == 0


def test_a_page_that_is_loaded_again_does_not_begin_anew(learner: Learner) -> None:
    def began() -> float:
        learner.get(ONE)
        with learner.client.session_transaction() as session:
            return float(session["drill"][2])

    assert began() == began()


def test_a_round_goes_from_drill_to_drill_and_ends_with_how_it_went(learner: Learner) -> None:
    where = learner.get("/drills/round?n=3&seed=11").location
    for n in range(1, 4):
        page = learner.get(where)
        assert page.status_code == 302
        path, _, place = page.location.partition("?round=")
        assert f"{n} of 3" in learner.get(page.location).text
        text = answer(learner, "a", path, htmx=True, round=place).text
        found = re.search(r'id="next" href="([^"]+)"', text)
        assert found
        where = found[1]
    end = learner.get(where).text
    assert re.search(r"<h1>\d of 3 right</h1>", end) and "Drill by drill" in end


def test_a_class_with_one_number_has_one_round(app: Flask) -> None:
    def round_of(learner: Learner) -> list[str]:
        return re.findall(r'href="(/drills/\w+/\d+)\?round', learner.get("/drills/round/5/10").text)

    rounds = [round_of(Learner(app)) for _ in range(2)]
    assert rounds[0] == rounds[1] and len(rounds[0]) == 10
    assert {path.split("/")[2] for path in rounds[0]} == set(KINDS)


def test_a_learner_sees_no_answer_of_another(app: Flask, learner: Learner) -> None:
    answer(learner, "a")
    assert "your answer" not in Learner(app).get(ONE).text


@pytest.mark.parametrize(
    "path",
    ["/drills/nowhere", "/drills/nowhere/1", "/drills/order/99999999999", "/drills/round/1/10/11", "/drills/round/1/0"],
)
def test_what_is_not_there_is_not_found(learner: Learner, path: str) -> None:
    assert learner.get(path).status_code == 404


@pytest.mark.parametrize("query", ["n=abc", "n=-5", "n=99999", "seed=-1", "seed=9999999999999999"])
def test_odd_numbers_of_a_round_are_taken_kindly(learner: Learner, query: str) -> None:
    where = learner.get(f"/drills/round?{query}")
    assert where.status_code == 302
    assert learner.client.get(where.location, follow_redirects=True).status_code == 200


def test_an_answer_to_a_question_that_has_changed_since_is_not_put_into_the_new_one(
    learner: Learner, house: House
) -> None:
    one = drill(house)
    answer(learner, one.correct)
    assert "your answer, right" in learner.get(ONE).text
    # As another code set, or an answer older than the wording, leaves it.
    for wording, said in (("0123456789abcdef", "has changed since"), ("", "may have changed since")):
        with house.store.write() as db:
            db.execute("UPDATE drill_answers SET wording = ?", (wording,))
        page = learner.get(ONE).text
        assert "your answer, right" not in page and said in page and one.told[0].words in page
    assert "1 of 1 right" in learner.get("/drills").text, "what was right then still counts"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_code_of_an_answer_leads_somewhere(learner: Learner, kind: str) -> None:
    where = learner.get(f"/drills/{kind}?seed=11").location
    page = answer(learner, "a", where, htmx=True).text
    links = re.findall(r'href="(/book[^"]*)"', page)
    assert links and all(learner.get(link.replace("&amp;", "&")).status_code == 200 for link in links)
