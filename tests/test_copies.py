"""Backups while the server works, the way back, upgrades, and one learner's data handed out or taken away."""

import json
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from test_durability import Server
from webkit import HIP, Learner

from sandbox.classroom.roster import Entry
from sandbox.store import classes, copies, persons, presence, rosters
from sandbox.store.aside import FOLDER
from sandbox.store.attempts import NewAttempt, add, save_draft
from sandbox.store.database import Store
from sandbox.store.people import add_learner
from sandbox.web import create_app
from sandbox.web.house import House
from tests import commandline

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.usefixtures("_few_cases_are_served")


def sandbox(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return commandline.run("--data", data, *words)


def attempt(n: int, learner: str = "robin") -> NewAttempt:
    lines = {"diagnoses": [{"code": "I10", "poa": "Y"}], "procedures": []}
    return NewAttempt(learner, HIP, "h", f"t{n}", lines, "FY", "1", None, None)


def count(path: Path, table: str = "attempts") -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_backup_is_made_while_attempts_come_in_and_holds_one_moment(data: Path, tmp_path: Path) -> None:
    store = Store(data / "sandbox.db")
    stop = threading.Event()
    made = 0

    def write() -> None:
        nonlocal made
        while not stop.is_set():
            add(store, attempt(made))
            made += 1

    for n in range(200):
        add(store, attempt(n))
    made = 200
    writer = threading.Thread(target=write)
    writer.start()
    try:
        size = copies.backup(data, tmp_path / "b.db")
    finally:
        stop.set()
        writer.join()
        store.close()
    assert size > 0
    assert 200 <= count(tmp_path / "b.db") <= made
    assert stat.S_IMODE((tmp_path / "b.db").stat().st_mode) == 0o600
    assert not list(tmp_path.glob("*.part"))


def test_from_backup_to_restore_everybody_goes_on(app: Flask, data: Path, tmp_path: Path) -> None:
    learner = Learner(app)
    learner.check(["I10/Y"])
    made = sandbox(data, "backup", str(tmp_path / "b.db"))
    assert (made.returncode, "checked" in made.stdout) == (0, True), made.stderr
    app.extensions["sandbox"].close()
    elsewhere = tmp_path / "elsewhere"
    done = sandbox(elsewhere, "restore", str(tmp_path / "b.db"))
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE((elsewhere / "secret.key").stat().st_mode) == 0o600
    (elsewhere / "codes.db").symlink_to(data / "codes.db")
    again = create_app(elsewhere)
    try:
        same = Learner(again)
        # The cookie that the learner has is still good: the key came along.
        cookie = learner.client.get_cookie("sandbox")
        assert cookie
        same.client.set_cookie("sandbox", cookie.value)
        assert "Essential (primary) hypertension" in same.get(f"/cases/{HIP}").text
        assert same.get("/attempts/1").status_code == 200
    finally:
        again.extensions["sandbox"].close()


def test_what_was_there_is_put_aside(data: Path, tmp_path: Path) -> None:
    store = Store(data / "sandbox.db")
    add(store, attempt(1))
    copies.backup(data, tmp_path / "b.db")
    add(store, attempt(2))
    store.close()
    before = copies.restore(tmp_path / "b.db", data)
    assert before and count(before) == 2 and count(data / "sandbox.db") == 1
    with closing(sqlite3.connect(data / "sandbox.db")) as db:
        assert not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'backup'").fetchone()


KILLED = """
import os, signal, sys
from pathlib import Path
from sandbox.store import copies
left = int(sys.argv[3])
def count(event, _):
    global left
    if event in ("os.rename", "os.link", "os.remove", "sqlite3.connect"):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
copies.restore(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_killed_at_any_point_a_restore_leaves_one_whole_database_and_loses_none(tmp_path: Path) -> None:
    first = tmp_path / "first"
    first.mkdir()
    (first / copies.KEY).write_bytes(bytes(range(32)))
    store = Store(first / "sandbox.db")
    add(store, attempt(1))
    copies.backup(first, tmp_path / "b.db")
    add(store, attempt(2))
    store.close()
    for n in range(60):
        data = tmp_path / str(n)
        shutil.copytree(first, data)
        command = [sys.executable, "-c", KILLED, str(tmp_path / "b.db"), str(data), str(n)]
        ended = subprocess.run(command, cwd=ROOT, timeout=60).returncode
        assert (data / "sandbox.db").is_file(), n
        found = count(data / "sandbox.db")
        aside = [count(path) for path in data.glob("sandbox-before-restore-*.db")]
        assert found == 2 or (found == 1 and aside == [2]), n
        copies.restore(tmp_path / "b.db", data)
        assert count(data / "sandbox.db") == 1, n
        assert not [path.name for path in data.iterdir() if ".part" in path.name], n
        if ended == 0:
            break
    assert ended == 0 and n > 3


def test_a_running_server_is_not_restored_over_and_is_backed_up(data: Path, tmp_path: Path) -> None:
    server = Server(data)
    try:
        assert sandbox(data, "backup", str(tmp_path / "b.db")).returncode == 0
        said = sandbox(data, "restore", str(tmp_path / "b.db"))
        assert said.returncode == 2 and "stop it first" in said.stderr and said.stderr.count("\n") == 1
    finally:
        server.close()
    # Killed as by a power cut: nothing has to be tidied up before.
    assert sandbox(data, "restore", str(tmp_path / "b.db")).returncode == 0


def test_while_a_database_is_replaced_no_server_starts(data: Path) -> None:
    with presence.nobody(data):
        command = [sys.executable, str(ROOT / "run.py"), "--port", "0", "--data", str(data)]
        said = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert said.returncode == 2 and "is just being replaced" in said.stderr


def test_what_is_no_backup_changes_nothing(data: Path, tmp_path: Path) -> None:
    store = Store(data / "sandbox.db")
    add(store, attempt(1))
    store.close()
    before = (data / "sandbox.db").read_bytes()
    (tmp_path / "text").write_text("no database" * 500)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE x (y)")
    copies.backup(data, tmp_path / "torn.db")
    os.truncate(tmp_path / "torn.db", 9000)
    for name in ("none", "text", "other.db", "torn.db"):
        said = sandbox(data, "restore", str(tmp_path / name))
        assert said.returncode == 2 and said.stderr.count("\n") == 1, (name, said.stderr)
        assert (data / "sandbox.db").read_bytes() == before
    assert not [path for path in data.iterdir() if path.name.endswith(".part") or "before" in path.name]


def test_a_file_that_is_there_is_not_written_over_unasked(data: Path, tmp_path: Path) -> None:
    Store(data / "sandbox.db").close()
    (tmp_path / "b.db").write_text("mine")
    said = sandbox(data, "backup", str(tmp_path / "b.db"))
    assert said.returncode == 2 and "--force" in said.stderr and (tmp_path / "b.db").read_text() == "mine"
    assert sandbox(data, "backup", "--force", str(tmp_path / "b.db")).returncode == 0
    assert sandbox(tmp_path / "nowhere", "backup", str(tmp_path / "c.db")).returncode == 2
    assert sandbox(data, "backup", str(tmp_path / "no" / "folder" / "c.db")).returncode == 2


def test_before_an_upgrade_the_database_is_copied_aside(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.db"
    store = Store(path)
    add(store, attempt(1))
    store.close()
    assert not (tmp_path / FOLDER).exists(), "a database that is made anew needs no copy"
    for _ in range(7):
        with closing(sqlite3.connect(path)) as db:
            # As the version before the last step left it.
            db.execute("ALTER TABLE drill_answers DROP COLUMN wording")
            db.execute("DELETE FROM _sqlite_migrations WHERE name = 'wordings'")
            db.commit()
        Store(path).close()
    kept = sorted((tmp_path / FOLDER).iterdir())
    assert len(kept) == 5 and all(count(one) == 1 for one in kept)
    with closing(sqlite3.connect(kept[-1])) as db:
        assert "wording" not in [row[1] for row in db.execute("PRAGMA table_info(drill_answers)")]


@pytest.fixture
def two(app: Flask, house: House) -> tuple[Learner, Learner]:
    both = Learner(app), Learner(app)
    for one in both:
        one.check(["I10/Y", "N18.32/Y"])
    return both


def who(learner: Learner) -> str:
    with learner.client.session_transaction() as session:
        return str(session["learner"])


def test_every_table_is_somebodys_or_nobodys(house: House) -> None:
    """A table that is added later must be handed out and taken away, or be named as nobody's."""
    tables = {row["name"] for row in house.store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    known = {"learners", *persons.OF_A_LEARNER, *persons.BELOW, *persons.KEPT, *persons.NOBODYS}
    assert {name for name in tables if not name.startswith(("sqlite_", "_sqlite_"))} == known


def test_one_learner_is_exported_whole_and_no_other(two: tuple[Learner, Learner], data: Path, house: House) -> None:
    token = two[0].open()["csrf_token"]
    two[0].post("/attempts/1/step", step="0-2", csrf_token=token)
    said = sandbox(data, "export", who(two[0]))
    assert said.returncode == 0, said.stderr
    found = json.loads(said.stdout)
    assert [row["id"] for row in found["attempts"]] == [1]
    assert found["attempts"][0]["lines"]["diagnoses"][0]["code"] == "I10"
    assert {pair["entered"]["code"] for pair in found["attempts"][0]["report"]["pairs"] if pair["entered"]} >= {"I10"}
    assert found["steps"] and who(two[1]) not in said.stdout


def test_one_learner_is_forgotten_and_the_other_is_not(two: tuple[Learner, Learner], data: Path, house: House) -> None:
    gone, stays = map(who, two)
    said = sandbox(data, "forget", "--yes", gone)
    assert said.returncode == 0 and "1 of attempts" in said.stdout, said.stderr
    assert two[0].get("/attempts/1").status_code == 404 and two[1].get("/attempts/2").status_code == 200
    found = persons.export(house.store, gone)
    assert not any(found.values())
    assert persons.export(house.store, stays)["attempts"]
    house.close()
    for name in ("sandbox.db", "sandbox.db-wal"):
        assert not (data / name).exists() or gone.encode() not in (data / name).read_bytes()


def test_a_name_is_enough_where_only_one_has_it(house: House, data: Path) -> None:
    for id, name in (("a1", "Robin Red"), ("a2", "Robin Blue"), ("a3", "Kim")):
        add_learner(house.store, id, name)
    assert json.loads(sandbox(data, "export", "kim").stdout)["learners"][0]["id"] == "a3"
    several = sandbox(data, "export", "robin")
    assert several.returncode == 2 and "a1 (Robin Red" in several.stderr
    assert sandbox(data, "forget", "--yes", "nobody").returncode == 2
    refused = subprocess.run(
        [sys.executable, "-m", "sandbox", "--data", str(data), "forget", "kim"],
        cwd=ROOT, input="n\n", capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert refused.returncode == 130 and persons.find(house.store, "kim")


def test_only_a_whole_name_is_forgotten_never_a_part_of_somebody_elses(house: House, data: Path) -> None:
    add_learner(house.store, "a1", "Joanna")
    for words in ("ann", "Anna", "", "a"):
        said = sandbox(data, "forget", "--yes", words)
        assert said.returncode == 2 and persons.find(house.store, "a1"), words
    assert "Joanna" in sandbox(data, "forget", "--yes", "anna").stderr, "who may be meant is told"
    add_learner(house.store, "a2", "Anna")
    assert json.loads(sandbox(data, "export", "anna").stdout)["learners"][0]["id"] == "a2", "the whole name goes first"
    assert sandbox(data, "forget", "--yes", "anna").returncode == 0
    assert not persons.find(house.store, "a2") and persons.find(house.store, "a1")


def test_what_a_learner_wrote_and_changed_before_is_forgotten_too(tmp_path: Path) -> None:
    store = Store(tmp_path / "sandbox.db")
    # As SQLite is built in many places: what is changed or deleted is left in the file until its room is needed.
    store.writer.execute("PRAGMA secure_delete=OFF")
    for n in range(40):
        save_draft(store, "robin", HIP, "h", {"diagnoses": [{"code": f"mine{n}" * 200}], "procedures": []})
        save_draft(store, "robin", HIP, "h", {"diagnoses": [], "procedures": []})
    store.writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"mine" in store.path.read_bytes()
    persons.forget(store, "robin")
    store.close()
    assert b"mine" not in store.path.read_bytes()


def test_copies_that_the_program_made_itself_are_named_when_somebody_is_forgotten(house: House, data: Path) -> None:
    add_learner(house.store, "a1", "Kim")
    (data / FOLDER).mkdir(exist_ok=True)
    for name in (f"{FOLDER}/before-upgrade-1.db", "sandbox-before-restore-1.db"):
        (data / name).write_bytes(b"")
    said = sandbox(data, "forget", "--yes", "kim").stdout
    assert "before-upgrade-1.db" in said and "sandbox-before-restore-1.db" in said


def test_where_the_file_cannot_be_written_anew_that_is_said(house: House, data: Path) -> None:
    add_learner(house.store, "a1", "Kim")
    with closing(sqlite3.connect(data / "sandbox.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM learners").fetchone()
        said = sandbox(data, "forget", "--yes", "kim")
    assert said.returncode == 2 and "written anew" in said.stderr and said.stderr.count("\n") == 1
    assert not persons.find(house.store, "a1")


def on_list(house: House, name: str, *entries: tuple[str, str, str]) -> classes.Class:
    room = classes.create(house.store, "teacher", name, "roster")
    rosters.take_list(house.store, room.id, [Entry(n, *one) for n, one in enumerate(entries, 1)], slips=True)
    return room


@pytest.mark.parametrize("words", ["Bea Best", "bea best", "s-17", "BEA@school.example", "member 1"])
def test_who_is_on_a_list_and_never_came_is_exported_and_forgotten(house: House, data: Path, words: str) -> None:
    room = on_list(house, "Class", ("Bea Best", "S-17", "bea@school.example"), ("Cal Cole", "S-18", ""))
    said = sandbox(data, "export", words)
    assert said.returncode == 0, said.stderr
    found = json.loads(said.stdout)
    assert [one["email"] for one in found["members"]] == ["bea@school.example"] and "Cal" not in said.stdout
    assert sandbox(data, "forget", "--yes", "bea").returncode == 2, "a part of a name is nobody's"
    said = sandbox(data, "forget", "--yes", words)
    assert said.returncode == 0 and "1 of members deleted" in said.stdout, said.stderr
    assert [one.name for one in classes.members(house.store, room.id)] == ["Cal Cole"]
    assert sandbox(data, "export", words).returncode == 2
    house.close()
    assert b"bea@school" not in (data / "sandbox.db").read_bytes()


def test_who_came_is_found_by_what_the_list_has_and_other_lists_are_named(house: House, data: Path) -> None:
    room = on_list(house, "Class", ("Bea Best", "S-17", "bea@school.example"))
    on_list(house, "Evening class", ("Best, Bea", "", "bea@school.example"))
    add_learner(house.store, "b1", "Bea")
    rosters.claim(house.store, classes.members(house.store, room.id)[0].id, "b1")
    assert json.loads(sandbox(data, "export", "s-17").stdout)["learners"][0]["id"] == "b1"
    several = sandbox(data, "forget", "--yes", "bea@school.example")
    assert several.returncode == 2 and "b1 (Bea, " in several.stderr
    assert re.search(r"'member 2' \(Best, Bea, .*, on the list of Evening class, not come yet\)", several.stderr)
    said = sandbox(data, "forget", "--yes", "b1")
    assert (
        said.returncode == 0 and "kept, on a list under the same name, id or e-mail address: 'member 2'" in said.stdout
    )
    assert not sandbox(data, "export", "b1").stdout
    assert sandbox(data, "forget", "--yes", "member 2").returncode == 0
    assert sandbox(data, "export", "bea@school.example").returncode == 2
