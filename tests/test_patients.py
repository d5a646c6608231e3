"""A learner gets one patient of a case, the same one until it is done, and is then offered the next."""

import re

import pytest
from flask import Flask
from webkit import HIP, Learner

from sandbox.cases.library import CaseFile
from sandbox.store import attempts, progress
from sandbox.web.house import House

PATIENT = f"/cases/{HIP}/patient"


def turn(learner: Learner) -> str:
    """The id of the patient that the list leads to."""
    answer = learner.get(PATIENT)
    assert answer.status_code == 302
    return answer.headers["Location"].removeprefix("/cases/")


def right(learner: Learner, file: CaseFile, htmx: bool = True) -> str:
    """Enter the key of an encounter; the answer, or without JavaScript the page that it leads to."""
    key = file.case.key
    codes = [f"{line.code}/{line.poa or ''}" for line in key.diagnoses]
    answer = learner.check(codes, file.id, htmx, px=[line.code for line in key.procedures])
    return answer.text if htmx else learner.get(answer.headers["Location"]).text


def of(house: House, id: str) -> CaseFile:
    found = house.cases.get(id)
    assert found
    return found


def test_the_list_has_one_row_for_all_patients_of_a_case(learner: Learner) -> None:
    page = learner.get("/").text
    assert page.count(f'href="{PATIENT}"') == 1
    assert f'href="/cases/{HIP}"' not in page
    assert "6 patients" in page
    assert "~" not in page
    assert 'href="/cases/screening-colonoscopy"' in page, "a case without variants is opened directly"


def test_a_learner_gets_the_same_patient_again_and_again(learner: Learner) -> None:
    assert len({turn(learner) for _ in range(5)}) == 1


def test_not_all_learners_get_the_same_patient(app: Flask) -> None:
    assert len({turn(Learner(app)) for _ in range(40)}) > 1


def test_what_was_begun_by_its_address_goes_before_the_learners_own_order(learner: Learner, house: House) -> None:
    first = turn(learner)
    other = next(file.id for file in house.cases.family(HIP) if file.id != first)
    learner.post(f"/cases/{other}/draft", ["I10/Y"], **learner.open(other))
    assert turn(learner) == other


def test_a_wrong_attempt_offers_nobody_else(learner: Learner) -> None:
    first = turn(learner)
    assert "Another patient" not in learner.check(["I10/Y"], first).text
    assert "Another patient" not in learner.get(f"/cases/{first}").text
    assert turn(learner) == first


@pytest.mark.parametrize("htmx", [True, False])
def test_a_right_coding_offers_the_next_patient_until_all_are_done(htmx: bool, learner: Learner, house: House) -> None:
    family = house.cases.family(HIP)
    seen = []
    for n in range(len(family)):
        id = turn(learner)
        seen.append(id)
        page = right(learner, of(house, id), htmx)
        assert page.count(f'href="{PATIENT}"') == int(n < len(family) - 1)
        assert learner.get(f"/cases/{id}").text.count('class="another"') == 1
    assert sorted(seen) == sorted(file.id for file in family)
    assert "You have done all 6 patients of this case." in page
    assert turn(learner) == seen[-1], "then the list leads to the last one"


@pytest.mark.parametrize("htmx", [True, False])
def test_a_shown_key_offers_the_next_patient_once(htmx: bool, learner: Learner) -> None:
    first = turn(learner)
    learner.check(["I10/Y"], first)
    answer = learner.post(f"/cases/{first}/key", htmx=htmx, **learner.open(first))
    page = answer.text if htmx else learner.get(answer.headers["Location"]).text
    assert page.count(f'href="{PATIENT}"') == 1
    again = learner.check(["I10/Y", "D62/N"], first)
    assert "Another patient" not in again.text, "it stands beside the key already"
    assert learner.get(f"/cases/{first}").text.count(f'href="{PATIENT}"') == 1
    assert turn(learner) != first


def test_a_case_with_one_patient_offers_none(learner: Learner, house: House) -> None:
    assert "another" not in right(learner, of(house, "screening-colonoscopy"))
    assert "patients" not in learner.get("/cases/screening-colonoscopy").text
    assert learner.get("/cases/screening-colonoscopy/patient").status_code == 302
    assert learner.get("/cases/none/patient").status_code == 404


def test_each_patient_has_its_own_draft_key_and_attempts(learner: Learner, house: House) -> None:
    one, two = f"{HIP}~mirrored", f"{HIP}~k2"
    learner.post(f"/cases/{one}/draft", ["M80051A/Y"], **learner.open(one))
    assert 'value="M80.051A"' in learner.get(f"/cases/{one}").text
    assert 'value="M80.051A"' not in learner.get(f"/cases/{two}").text
    learner.check(["M80.052A/Y"], one)
    assert "attempt 1" in learner.check(["M80.052A/Y"], two).text
    scores = house.store.rows("SELECT case_id, score FROM attempts ORDER BY id")
    assert [row["case_id"] for row in scores] == [one, two]
    assert scores[0]["score"] < scores[1]["score"], "the wrong side in one is the right one in the other"


def test_no_patients_page_shows_the_key(learner: Learner, house: House) -> None:
    for file in house.cases.family(HIP):
        page = learner.get(f"/cases/{file.id}").text
        assert all(line.code not in page for line in (*file.case.key.diagnoses, *file.case.key.procedures))


def test_a_patient_whose_chart_was_revised_is_finished_as_it_was_begun(learner: Learner, house: House) -> None:
    id = f"{HIP}~mirrored-k2"
    fields = learner.open(id)
    file = of(house, id)
    kept = attempts.chart(house.store, file.hash)
    assert kept == (id, file.text)
    house.cases._shelf.encounters.pop(id)
    revived = house.version(id, fields["case_hash"])
    assert revived
    assert revived.case.documents == file.case.documents
    assert revived.case.key == file.case.key
    assert right_again(learner, fields, file)


def right_again(learner: Learner, fields: dict[str, str], file: CaseFile) -> bool:
    codes = [f"{line.code}/{line.poa or ''}" for line in file.case.key.diagnoses]
    px = [line.code for line in file.case.key.procedures]
    return "100" in learner.post(f"/cases/{file.id}/check", codes, px=px, **fields).text


def test_the_list_sums_up_all_patients(learner: Learner, house: House) -> None:
    id = turn(learner)
    learner.check(["I10/Y"], id)
    right(learner, of(house, id))
    page = re.sub(r"\s+", " ", learner.get("/").text)
    assert re.search(r"best 100.?%, 2 tries<br>1 of 6 patients done", page)


def test_the_history_tells_patients_apart(learner: Learner, house: House) -> None:
    ids = [file.id for file in house.cases.family(HIP)]
    learner.check(["I10/Y"], ids[2])
    assert "patient 3" in learner.get("/attempts").text
    assert "patient 3 of 6" in learner.get(f"/cases/{ids[2]}").text


def test_what_is_done_and_touched_is_read_off_the_attempts(learner: Learner, house: House) -> None:
    one, two, three = (file.id for file in house.cases.family(HIP)[:3])
    right(learner, of(house, one))
    learner.post(f"/cases/{two}/key", **learner.open(two))
    learner.post(f"/cases/{three}/draft", ["I10/Y"], **learner.open(three))
    me = house.store.rows("SELECT learner FROM attempts")[0]["learner"]
    assert progress.done(house.store, me) == {one, two}
    assert progress.touched(house.store, me) == [three, one]
    assert progress.done(house.store, "") == set()
