"""The people of ``lab.py``: an instructor and learners, who do what the pages let them do."""

import asyncio
import random
import re
import time
import urllib.parse
from dataclasses import dataclass, field

from bench.answers import answer
from bench.served import Fields, Log, Person
from sandbox.cases.library import Library
from sandbox.cases.schema import Case

WORDS = ("fracture", "hypertension", "diabetes", "pneumonia", "anemia", "asthma", "sepsis", "heart failure", "kidney")
HTMX = "HX-Request: true\r\n"
ASK_STATE = 8.0
"""Seconds after which a learner's page asks how the lab stands (``templates/classroom/_state.html``)."""


class Instructor(Person):
    """Makes the class and the lab through the pages, and has the lab's page open."""

    async def prepare(self, link: str, cases: list[str]) -> str:
        """A class and a lab that runs. Returns the code of the class."""
        await self.ask("staff", link)
        await self.ask("staff", link, [])
        await self.ask("staff", "/classes")
        _, head, _ = await self.ask("staff", "/classes", [("name", "Bench"), ("joining", "name")])
        room = where(head)
        _, _, page = await self.ask("staff", room)
        code = re.search(r'class="joincode">([A-Z]{6})<', page)[1]
        await self.ask("staff", f"{room}/labs/new")
        plan = [("name", "Lab"), ("feedback", "at_once"), ("hints", "1"), *(("case", case) for case in cases)]
        _, head, _ = await self.ask("staff", f"{room}/labs/new", plan)
        self.lab = where(head)
        await self.ask("staff", f"{self.lab}/control", [("action", "start")])
        return code

    async def watch(self) -> None:
        """Ask for the seats every second and a half, and for the board where there is one, as the open pages do."""
        status, _, board = await self.ask_softly(f"{self.lab}/board")
        seen = re.search(r'"seen":"(\w+)"', board)
        while True:
            await self.ask("seats", f"{self.lab}/seats", [], HTMX)
            if status == 200:
                page = (await self.ask("board", f"{self.lab}/board", [("seen", seen[1] if seen else "")], HTMX))[2]
                seen = re.search(r'"seen":"(\w+)"', page) or seen
            await asyncio.sleep(1.5)

    async def ask_softly(self, path: str) -> tuple[int, str, str]:
        """A page that need not be there: that it is not is no error."""
        answer = await self.ask("staff", path)
        if answer[0] == 404:
            self.log.errors.pop()
        return answer


@dataclass
class Sheet:
    """A learner's open case: the fields of its form, what was typed and acknowledged, and what is on its way."""

    place: int
    case_id: str
    case: Case
    case_hash: str
    lines: Fields = field(default_factory=list)
    sending: Fields | None = None

    def left_in_peace(self, page: str) -> bool:
        """Whether the page shows what was acknowledged last, or what was sent after it and never answered."""
        there = re.findall(r'name="dx_code"[^>]*?value="([^"]*)"', page)
        shown = [code for code in there if code]
        possible = [codes(lines) for lines in (self.lines, self.sending) if lines is not None]
        return 'id="coding"' in page and shown in possible


def codes(lines: Fields) -> list[str]:
    """The codes of the diagnoses of a form."""
    return [value for name, value in lines if name == "dx_code" and value]


class Learner(Person):
    """Joins by the code of the class, and works until it is told to stop. ``acknowledged``: attempt id → its codes."""

    def __init__(self, port: int, log: Log, n: int, library: Library, think: tuple[float, float]) -> None:
        super().__init__(port, log)
        self.n, self.library, self.think, self.draw = n, library, think, random.Random(n)
        self.sheets: dict[int, Sheet] = {}
        self.acknowledged: dict[int, list[str]] = {}
        self.went_on = self.lost_drafts = 0
        self.before: set[int] = set()
        """What was acknowledged before everybody handed in."""

    async def join(self, code: str, lab: str) -> None:
        """Name, PIN, the lab's room, a seat, and the first case."""
        self.lab = lab
        who, secret = ("who", f"Learner {self.n}"), f"k{self.n:04}xq7"
        await self.ask("door", f"/join/{code}")
        await self.ask("door", f"/join/{code}", [who])
        _, head, _ = await self.ask("join", f"/join/{code}", [who, ("secret", secret), ("again", secret)])
        await self.ask("page", where(head))
        await self.ask("page", lab)
        await self.ask("seat", f"{lab}/join", [])
        self.places = [int(place) for place in re.findall(rf'href="{lab}/(\d+)"', (await self.ask("page", lab))[2])]
        await self.open(self.draw.choice(self.places))

    async def open(self, place: int) -> str:
        """Open a case of the lab. Returns its page."""
        status, _, page = await self.ask("case", f"{self.lab}/{place}")
        if status != 200:
            return page
        case_id = re.search(r'action="/cases/([^"]+)/check"', page)[1]
        case_hash = re.search(r'name="case_hash" value="([^"]+)"', page)[1]
        self.place = place
        if place not in self.sheets:
            self.sheets[place] = Sheet(place, case_id, self.library.get(case_id).case, case_hash)
        return page

    async def work(self, until: float) -> None:
        """Think, type, and now and then check, ask for a hint, or turn to another case."""
        while await self.rest(until):
            broken = self.broken
            await self.type()
            fate = self.draw.random()
            if fate < 0.4 or not self.acknowledged:
                await self.check()
            elif fate < 0.5:
                await self.hint()
            elif fate < 0.6:
                await self.open(self.draw.choice(self.places))
            if self.broken != broken:
                await self.look_back()

    async def rest(self, until: float) -> bool:
        """Think, while the page asks how the lab stands. Returns whether there is time to go on."""
        end = min(until, time.monotonic() + self.draw.uniform(*self.think))
        while (left := end - time.monotonic()) > 0:
            await asyncio.sleep(min(left, ASK_STATE))
            if left > ASK_STATE:
                await self.ask("state", f"{self.lab}/state", [], HTMX)
        return time.monotonic() < until

    async def type(self) -> None:
        """Type a word, suggestions coming with each few letters; then the lines are saved."""
        sheet, word = self.sheets[self.place], self.draw.choice(WORDS)
        token = f"X-CSRFToken: {self.csrf}\r\n{HTMX}"
        for length in range(3, len(word) + 1, 2):
            form = [("q", word[:length]), ("system", "icd-10-cm"), ("case_id", sheet.case_id)]
            await self.ask("type-ahead", "/codes/suggest", form, token)
            await asyncio.sleep(self.draw.uniform(0.1, 0.3))
        await self.send("draft", sheet, typed(sheet.case, self.draw))

    async def send(self, kind: str, sheet: Sheet, lines: Fields) -> str:
        """Post the form of a case; what it says counts as kept once the answer is there."""
        sheet.sending = lines
        form = [("case_hash", sheet.case_hash), ("lab", self.lab.rpartition("/")[2]), *lines]
        if kind == "check":
            form.append(("token", f"{self.n}-{self.draw.getrandbits(60):x}"))
        status, _, page = await self.ask(kind, f"/cases/{sheet.case_id}/{kind}", form, HTMX)
        if status == 200:
            sheet.lines, sheet.sending = lines, None
        return page

    async def check(self) -> None:
        """Have the coding judged."""
        sheet = self.sheets[self.place]
        lines = sheet.lines or typed(sheet.case, self.draw)
        page = await self.send("check", sheet, lines)
        if found := re.search(r'data-attempt="(\d+)"', page):
            self.acknowledged[int(found[1])] = codes(lines)
        else:
            self.log.errors.append(f"check without an attempt: {page[:200]}")

    async def hint(self) -> None:
        """Ask for the next hint."""
        sheet = self.sheets[self.place]
        if sheet.case.hints:
            form = [("case_hash", sheet.case_hash), ("lab", self.lab.rpartition("/")[2]), ("hint", "1"), *sheet.lines]
            await self.ask("hint", f"/cases/{sheet.case_id}/hint", form, HTMX)

    async def look_back(self) -> None:
        """After the server was gone: every case is opened again, with what was saved on it."""
        for place, sheet in self.sheets.items():
            page = await self.open(place)
            self.lost_drafts += not sheet.left_in_peace(page)
        self.went_on += 1


def typed(case: Case, draw: random.Random) -> Fields:
    """A coding of a case as the fields of its form: the key with a few slips."""
    diagnoses = answer(case, draw, alike=True)
    lines = [("dx_code", code) for code, _ in diagnoses] + [("dx_poa", poa) for _, poa in diagnoses]
    for line in case.key.procedures:
        lines += [("px_code", line.code), ("px_system", line.system)]
    return lines


def where(head: str) -> str:
    """The path to which an answer leads."""
    return urllib.parse.urlsplit(re.search(r"(?i)location: (\S+)", head)[1]).path
