"""What the codes of an attempt do, as a learner's browser meets it."""

import re

from flask import Flask
from webkit import HIP, Learner

from sandbox.store import people
from sandbox.web.house import House

CODES = ["S72.002A/Y", "J96.01/Y", "D62/N", "I10/Y"]
VISIT = "diabetes-follow-up"


def token(learner: Learner, case: str = HIP) -> str:
    return learner.open(case)["csrf_token"]


def words(html: str) -> str:
    """The text of a page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_a_report_offers_them_and_does_not_work_them_out(learner: Learner) -> None:
    answer = learner.check(CODES, px=["0SRS019"]).text
    assert 'href="/attempts/1/payment"' in answer
    assert "Risk score" not in answer
    assert "Without it" not in answer


def test_asked_for_they_come_as_a_fragment_in_the_same_place(learner: Learner) -> None:
    learner.check(CODES, px=["0SRS019"])
    answer = learner.post("/attempts/1/payment", csrf_token=token(learner)).text
    assert answer.lstrip().startswith('<section id="consequences"')
    said = words(answer)
    assert "puts the stay into MDC 08" in said
    assert "Without it: MS-DRG 522" in said
    assert "+0.7525" in said
    assert "The chart does not support this line: an audit would take back what it adds." in said
    assert re.search(r"I10: changes nothing for the payment", said)
    assert "HCC 402, Hip Fracture/Dislocation" in said


def test_the_page_shows_the_same_and_is_where_a_browser_without_javascript_goes(learner: Learner) -> None:
    learner.check(CODES, px=["0SRS019"])
    asked = learner.post("/attempts/1/payment", htmx=False, csrf_token=token(learner))
    assert (asked.status_code, asked.headers["Location"]) == (303, "/attempts/1/payment")
    fragment = learner.post("/attempts/1/payment", csrf_token=token(learner)).text
    assert words(fragment) in words(learner.get("/attempts/1/payment").text)


def test_nothing_of_the_key_is_told(learner: Learner, house: House) -> None:
    learner.check(CODES)
    page = learner.get("/attempts/1/payment").text
    entered = {code.split("/")[0] for code in CODES}
    key = house.cases.cases()[HIP].case.key
    for line in (*key.diagnoses, *key.procedures):
        assert line.code in entered or line.code not in page


def test_an_office_visit_has_a_risk_score_and_no_drg(learner: Learner) -> None:
    learner.check(["E11.22", "N18.32", "E11.9", "I10"], VISIT)
    page = words(learner.get("/attempts/1/payment").text)
    assert "MS-DRG" not in page
    assert "It gives way to HCC 37." in page
    assert "I10: in no HCC that pays." in page
    assert "disabled (under 65)" in page


def test_a_child_has_no_risk_score_and_is_told_why_in_one_sentence(learner: Learner, house: House) -> None:
    ready = [file for file in house.cases.cases().values() if file.case.status == "ready"]
    child = next(file for file in ready if (file.case.patient.as_patient().age_years or 0) < 18)
    learner.check([line.code for line in child.case.key.diagnoses], child.id)
    page = words(learner.get("/attempts/1/payment").text)
    assert "the patient is under 18" in page
    assert "Medicare Advantage plan" not in page
    assert "taken for granted" not in page
    assert "Risk score" not in page


def test_the_segment_may_be_chosen_and_an_unknown_one_is_the_usual_one(learner: Learner) -> None:
    learner.check(["E11.22"], VISIT)
    usual = words(learner.get("/attempts/1/payment").text)
    full = words(learner.get("/attempts/1/payment?segment=community-full").text)
    score = re.compile(r"coefficients ?(\d\.\d{3})")
    assert score.findall(usual) != score.findall(full)
    assert words(learner.get("/attempts/1/payment?segment=moon").text) == usual


def test_two_diagnoses_of_one_hcc_count_once(learner: Learner) -> None:
    learner.check(["E11.22", "E11.42"], VISIT)
    page = words(learner.get("/attempts/1/payment").text)
    assert page.count("HCC 37, Diabetes with Chronic Complications") == 2
    assert page.count("Counted once, above.") == 1


def test_words_and_marks_that_were_typed_stay_text(learner: Learner) -> None:
    learner.check(["M80.052A/Y", "Z<b>9/Y"], px=["0SRS019"])
    page = learner.get("/attempts/1/payment").text
    assert "<b>9" not in page.lower()


def test_they_are_the_learners_own_and_their_instructors(app: Flask, house: House, learner: Learner) -> None:
    learner.check(CODES)
    stranger, teacher = Learner(app), Learner(app)
    for place in ("/attempts/1/payment", "/attempts/99/payment"):
        assert stranger.get(place).status_code == 404
        assert stranger.post(place, csrf_token=token(stranger)).status_code == 404
    link = f"/instructor/{people.new_link(house.store)}"
    found = re.search(r'name="csrf_token" value="([^"]+)"', teacher.get(link).text)
    assert found
    teacher.post(link, htmx=False, csrf_token=found[1])
    assert teacher.get("/attempts/1/payment").status_code == 200


def test_a_cancelled_mcc_is_struck_out_in_the_payment_line(learner: Learner) -> None:
    answer = learner.check(["A41.51/Y", "R65.20/Y", "G93.41/Y"], "fever-and-flank-pain").text
    assert "MCC R65.20 (cancelled by the principal diagnosis)" in words(answer)
    assert re.search(r'<s>MCC</s> <span class="code">R65\.20', answer)
    assert re.search(r'<b>MCC</b> <span class="code">G93\.41', answer)
