"""A class that has worked in a lab: real attempts, judged and stored, by learners with names of their own."""

import dataclasses
import datetime as dt
from dataclasses import dataclass

from flask import Flask
from webkit import Learner

from sandbox.answers import key_claim
from sandbox.classroom.lab import Plan
from sandbox.classroom.roster import Entry
from sandbox.encounter import Claim
from sandbox.judge import judge
from sandbox.store import attempts, classes, labs, people, rosters
from sandbox.store.attempts import NewAttempt
from sandbox.web.house import House

CASES = ("hip-pain-after-a-fall", "sore-arm-and-an-empty-bottle")


@dataclass(frozen=True)
class Room:
    """A class and one of its labs."""

    house: House
    class_id: int
    lab: int

    @property
    def results(self) -> str:
        return f"/classes/{self.class_id}/labs/{self.lab}/results"

    def member(self, learner: str) -> int:
        found = classes.member_of(self.house.store, self.class_id, learner)
        assert found
        return found.id

    def sit(self, learner: str, name: str, number: str = "", email: str = "") -> int:
        """A learner joins class and lab. Returns the number of the membership."""
        store = self.house.store
        people.add_learner(store, learner, name)
        rosters.take_list(store, self.class_id, [Entry(1, name, number, email)], slips=False)
        mine = [one for one in classes.members(store, self.class_id) if not one.learner and one.name == name]
        rosters.claim(store, mine[0].id, learner)
        labs.join(store, self.lab, learner, lambda: dict(enumerate(CASES, 1)))
        return mine[0].id

    def hand_in(self, learner: str, case: str, wrong: str = "", held: bool = False, without: str = "") -> int:
        """Check the key, or the key with another code in its first line, or without a code. Returns its id."""
        file = self.house.cases.get(case)
        assert file
        claim: Claim = key_claim(file.case)
        if wrong:
            first, *others = claim.diagnoses
            claim = dataclasses.replace(claim, diagnoses=(dataclasses.replace(first, code=wrong), *others))
        if without:
            diagnoses, procedures = (
                tuple(line for line in lines if line.code != without) for lines in (claim.diagnoses, claim.procedures)
            )
            claim = dataclasses.replace(claim, diagnoses=diagnoses, procedures=procedures)
        report = judge(file, claim, self.house.codes, self.house.payer)
        self.house.keep(file)
        new = NewAttempt(
            learner, case, file.hash, f"{learner}{wrong}{without}", {"diagnoses": [], "procedures": []}, report.edition,
            report.checker, report.score, report.stored(), lab=self.lab, held=held,
        )  # fmt: skip
        return attempts.add(self.house.store, new).id


def long_over(house: House, lab: int) -> None:
    """A lab ended a minute ago: the moments after its end that still count are over as well."""
    past = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    with house.store.write() as db:
        db.execute("UPDATE labs SET ended = ? WHERE id = ?", (past.isoformat().replace("+00:00", "Z"), lab))
    house.labs.renew(lab)


def room(house: House, teacher: str, name: str = "Class", **plan: object) -> Room:
    """A class of ``teacher`` with a lab of two cases that has begun."""
    people.add_learner(house.store, teacher, teacher.title(), "instructor")
    found = classes.create(house.store, teacher, name, "name")
    chosen = Plan(**{"reserve": False, **plan})  # type: ignore[arg-type]
    lab = labs.create(house.store, found.id, teacher, "Lab <one>", chosen, CASES, None, None)
    labs.start(house.store, lab)
    house.labs.renew(lab)
    return Room(house, found.id, lab)


def browser(app: Flask, id: str) -> Learner:
    """The browser of somebody who is known already."""
    made = Learner(app)
    with made.client.session_transaction() as session:
        session.update(learner=id, name=id.title(), met=True)
    return made
