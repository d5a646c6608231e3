"""Another year's Tabular stands beside the bundled one, and the encounter's date picks."""

import datetime as dt
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from sandbox import claims
from sandbox.cases.library import CaseFile
from sandbox.cases.reader import read, read_file
from sandbox.cli import commands
from sandbox.codes import build, editions, order, safe_xml, sources
from sandbox.codes.codeset import CodeSet
from sandbox.codes.importing.days import Asked
from sandbox.codes.importing.run import Loaded, import_file
from sandbox.codes.importing.safe import Refused
from sandbox.codes.model import chosen
from sandbox.codes.shelf import FOLDER
from sandbox.encounter import CM, PCS
from sandbox.judge import judge
from sandbox.lint import lint
from sandbox.payment import Payer
from sandbox.payment.hcc import risk
from sandbox.rules import check
from sandbox.upkeep import upkeep
from sandbox.web import create_app
from sandbox.web.claimview import view
from tests.small_case import TEXT
from tests.webkit import Learner

BEFORE, AFTER = 20260930, 20261001
FY2027 = "ICD-10-CM FY2027 (October 1, 2026)"
FY2028 = "ICD-10-CM codes of FY2028 (October 1, 2027), notes of FY2027 (October 1, 2026)"

SPLIT = """
<diag><name>D69.11</name><desc>Glanzmann thrombasthenia</desc>
 <excludes1><note>essential hypertension (I10)</note></excludes1></diag>
<diag><name>D69.19</name><desc>Other qualitative platelet defects</desc></diag>
"""
SORE = """<name>J02.0</name><desc>Pharyngitis by streptococci</desc>
 <excludes1><note>tonsillitis by streptococci (J03.0-)</note></excludes1>"""
NEWER = """
<diag><name>T89</name><desc>Injury of a new kind</desc>
 <sevenChrDef><extension char="A">initial encounter</extension><extension char="S">sequela</extension></sevenChrDef>
 <diag><name>T89.0</name><desc>Injury of a new kind, mild</desc></diag></diag>
"""


def next_years_tabular() -> str:
    """The bundled Tabular as that of FY2027: D69.1 divided, R69 gone, T89.0 new, J02.0 with another title and note."""
    text = sources.bundled_tabular().read_text(encoding="utf-8").replace("<version>2026<", "<version>2027<", 1)
    text, gone = re.subn(r"<diag>\s*<name>R69</name>.*?</diag>", "", text, count=1, flags=re.DOTALL)
    assert gone == 1
    end = text.index("</diag>", text.index("<name>D69.1</name>"))
    text = text[:end] + SPLIT + text[end:]
    start = text.index("<name>J02.0</name>")
    end = text.index("</desc>", start) + len("</desc>")
    text = text[:start] + SORE + text[end:]
    end = text.index("</section>", text.index("<name>T88</name>"))
    return text[:end] + NEWER + text[end:]


def next_order_file(codes: CodeSet) -> str:
    """An order file of FY2028: the codes of March 2027, D69.19 ended, T89.1 new."""
    titles = {code.key: code.title or "A code" for code in codes.below("", 20270331)}
    titles = {**titles, "T891": "Injury of a new kind, grave"}
    del titles["D6919"]
    return "".join(
        f"{n:05} {key:<7} 1 {title[:60]:<60} {title}\n" for n, (key, title) in enumerate(sorted(titles.items()), 1)
    )


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Loaded]:
    """A data folder into which next year's Tabular was imported as the command does, and what was said of it."""
    path = tmp_path_factory.mktemp("files") / "named-for-nothing"
    path.write_text(next_years_tabular(), encoding="utf-8")
    data = tmp_path_factory.mktemp("brought")
    [loaded] = import_file(path, data, Asked(20261001)).loaded
    return data, loaded


@pytest.fixture(scope="module")
def folder(codes_db: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A data folder with two imported editions, built once and kept between runs, as ``codes.db`` is."""
    cache = getattr(request.config, "cache", None)
    data = Path(cache.mkdir("editions")) if cache else tmp_path_factory.mktemp("editions")
    if not (data / "codes.db").exists():
        (data / "codes.db").symlink_to(codes_db)
    content = next_years_tabular().encode()
    kept = [editions._beside(path) for path in sorted((data / FOLDER).glob("*.db"))]
    same = len(kept) == 2 and kept[0][0].content == content and not editions.stale(data)
    if not same:
        (data / FOLDER).mkdir(exist_ok=True)
        shutil.copy(request.getfixturevalue("brought")[0] / FOLDER / "icd-10-cm-20261001.db", data / FOLDER)
        text = next_order_file(CodeSet(data / "codes.db").at(AFTER))
        editions.import_order(text.encode(), data, first_day=20271001)
    return data


@pytest.fixture
def codes(folder: Path) -> CodeSet:
    """In place of the bundled code sets alone."""
    return CodeSet(folder / "codes.db")


@pytest.fixture
def data(folder: Path, codes_db: Path, tmp_path: Path) -> Path:
    """A data folder that a test may change: copies of the editions, a link to the rest."""
    new = tmp_path / "instance"
    (new / FOLDER).mkdir(parents=True)
    (new / "codes.db").symlink_to(codes_db)
    shutil.copy(folder / FOLDER / "icd-10-cm-20261001.db", new / FOLDER)
    return new


@pytest.mark.parametrize(
    ("on", "edition"),
    [
        (20240501, sources.EDITION),
        (20251001, sources.EDITION),
        (BEFORE, sources.EDITION),
        (AFTER, FY2027),
        (20270930, FY2027),
        (20271001, FY2028),
        (20300101, FY2028),
    ],
)
def test_the_day_picks_the_edition(codes: CodeSet, on: int, edition: str) -> None:
    assert codes.at(on).edition == edition
    assert codes.at(on) is codes.at(on)
    assert codes.at(AFTER).at(on) is codes.at(on), "from whichever edition one comes"


def test_an_edition_of_the_days_own_year_goes_before_an_older_one() -> None:
    picks = {
        on: chosen([20241001, 20260401, 20261001], lambda day: day, on)
        for on in (20240101, 20250101, 20251105, 20260501, 20261105, 20280101)
    }
    assert picks == {
        20240101: None,
        20250101: 20241001,
        20251105: 20260401,
        20260501: 20260401,
        20261105: 20261001,
        20280101: 20261001,
    }


def test_without_an_import_there_is_one_edition_for_all_days(codes_db: Path) -> None:
    alone = CodeSet(codes_db)
    assert alone.at(20191231) is alone.at(20301231) is alone
    assert not alone.knows(20270401)


def test_the_packages_dates_lead_where_they_are_known(codes: CodeSet) -> None:
    new = codes.at(AFTER)
    assert new.valid("D69.11", AFTER)
    assert not new.valid("D69.11", BEFORE)
    assert new.valid("R69", 20270331), "gone from the file, but known to be in force"
    assert new.heading("D69.1", AFTER)
    assert codes.valid("D69.1", BEFORE)


def test_behind_their_last_day_the_editions_own_list_holds_to_the_end_of_its_year(codes: CodeSet) -> None:
    new = codes.at(AFTER)
    assert [new.knows(on) for on in (20270331, 20270401, 20270930, 20271001)] == [True, True, True, False]
    assert not new.knows(20270401, PCS), "a Tabular says nothing of procedures"
    assert new.valid("D69.11", 20270930)
    assert not new.valid("R69", 20270401)
    assert not new.valid("D69.11", 20271001)
    flags = codes.get("Z37.0")
    assert flags and new.get("Z37.0").flags(20270930) == flags.flags(20260401)  # type: ignore[union-attr]


def test_a_code_that_nobody_else_knows_is_valid_by_the_file(codes: CodeSet) -> None:
    new = codes.at(AFTER)
    assert new.valid("T89.0XXA", AFTER)
    assert new.title("T89.0XXS") == "Injury of a new kind, mild, sequela"
    assert new.seventh("T89.0") == {"A": "initial encounter", "S": "sequela"}
    assert not new.valid("T89.0", AFTER)
    assert codes.get("T89.0XXA") is None


def test_a_new_code_has_its_place_its_notes_and_its_title(codes: CodeSet) -> None:
    new = codes.at(AFTER)
    found = new.get("D69.11")
    assert found is not None
    assert found.path == ("D6911", "D691", "D69", "D65-D69", "CH3")
    assert [note.text for note in new.notes("D69.11", "excludes1")][:1] == ["essential hypertension (I10)"]
    assert codes.title("D69.11") == "Glanzmann thrombasthenia", "the bundled files have none"
    assert codes.at(AFTER).edition_until == 20270930


def test_an_order_file_brings_codes_and_titles_and_borrows_the_notes(codes: CodeSet) -> None:
    last = codes.at(20280101)
    assert last.valid("T89.1", 20280101)
    assert last.title("T89.1") == "Injury of a new kind, grave"
    assert not last.valid("D69.19", 20271001)
    assert last.notes("D69.11", "excludes1"), "the notes are those of the edition before"
    assert not last.knows(20270501), "between the editor's last day and its own first it knows nothing"


@pytest.mark.parametrize(
    ("claim", "rules"),
    [
        ("office F59 2026-09-30: D69.1, I10", set()),
        ("office F59 2026-10-01: D69.1, I10", {"VAL02"}),
        ("office F59 2026-10-01: D69.11, I10", {"EXC01"}),
        ("office F59 2026-10-01: D69.19, I10", set()),
        ("office F59 2027-09-01: D69.19, I10", set()),
        ("office F59 2027-09-01: R69, I10", {"VAL01"}),
        ("office F59 2027-10-01: D69.19, I10", {"VAL01"}),
    ],
)
def test_the_rules_ask_the_edition_of_the_encounters_date(codes: CodeSet, claim: str, rules: set[str]) -> None:
    grave = {"VAL01", "VAL02", "EXC01"}
    assert {finding.rule for finding in check(claims.from_text(claim), codes)} & grave == rules


def case_of(tmp_path: Path, date: str, code: str) -> Path:
    path = tmp_path / "sore-throat.yaml"
    text = TEXT.replace("2026-05-04", date).replace("J02.0", code).replace("status: draft", "status: ready")
    path.write_text(text, encoding="utf-8")
    return path


def test_the_risk_score_asks_it_too(codes: CodeSet) -> None:
    claim = claims.from_text("office F71 2026-10-05: T89.0XXA, E11.9")
    assert risk(claim, codes)["notes"] == ["Newer than the loaded table, so not looked up: T89.0XXA."]


def test_a_claim_on_a_page_has_the_titles_of_its_own_day(codes: CodeSet) -> None:
    claim = claims.from_text("office F71 2026-10-05: D69.11, T89.0XXA")
    titles = [line.title for line in view(claim, (), codes, dt.date(2026, 9, 30)).diagnoses]
    assert titles[0] == "Glanzmann thrombasthenia"
    assert titles[1].startswith("Injury of a new kind, mild")
    assert not any(line.known for line in view(claim, (), codes, dt.date(2026, 9, 30)).diagnoses)


def test_judge_and_linter_ask_it_too_and_the_report_says_which(codes: CodeSet, tmp_path: Path) -> None:
    source = read_file(case_of(tmp_path, "2027-05-04", "T89.0XXA"))
    file = CaseFile.of(source)
    with Payer(codes) as payer:
        report = judge(file, file.case.claim(), codes, payer)
    assert report.edition == FY2027
    assert report.score == 1
    assert report.pairs[0].key is not None
    assert report.pairs[0].key.title == "Injury of a new kind, mild, initial encounter"
    assert "VAL01" not in {finding.rule for finding in report.findings}
    assert not [p for p in lint(file, source, codes) if "T89.0XXA" in str(p) and "no code" in str(p)]


def test_an_attempt_keeps_the_edition_that_judged_it(data: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases"
    cases.mkdir()
    path = case_of(cases, "2026-11-04", "D69.11")
    app = create_app(data, cases, TESTING=True, WTF_CSRF_ENABLED=False)
    learner = Learner(app)
    try:
        page = learner.check(["D69.11"], case=path.stem).text
        assert "Glanzmann thrombasthenia" in page
        [(kept,)] = sqlite3.connect(data / "sandbox.db").execute("SELECT edition FROM attempts").fetchall()
        assert kept == FY2027
        assert FY2027 in learner.get("/about").text
        found = learner.post("/codes/suggest", q="glanzmann", case_id=path.stem).text
        assert "D69.11" in found
    finally:
        app.extensions["sandbox"].close()


def test_an_edition_of_another_program_is_left_out_until_it_is_built_anew(data: Path) -> None:
    path = data / FOLDER / "icd-10-cm-20261001.db"
    assert not editions.stale(data)
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE meta SET value = 'schema 1' WHERE key = 'fingerprint'")
        db.commit()
    assert editions.stale(data)
    assert CodeSet(data / "codes.db").at(AFTER).edition == sources.EDITION
    (data / FOLDER / "icd-10-cm-20270401.db").write_bytes(b"cut off")
    assert editions.renew(data) == [path]
    codes = CodeSet(data / "codes.db")
    assert codes.at(AFTER).edition == FY2027
    assert codes.at(AFTER).title("T89.0XXA") == "Injury of a new kind, mild, initial encounter"
    assert codes.at(20270401).edition == FY2027, "a file that cannot be read is passed over"


SMALL = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular><version>2027</version>
<chapter><name>1</name><desc>One</desc><section id="A00-A09"><desc>Gut</desc>
<diag><name>A00</name><desc>Cholera</desc>
<diag><name>A00.0</name><desc>Classical</desc></diag></diag></section></chapter></ICD10CM.tabular>
"""
TWO = '<sevenChrDef><extension char="AB">x</extension></sevenChrDef>'
BOMB = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]>\n'


def without_head(text: str) -> str:
    return text.partition("\n")[2]


@pytest.mark.parametrize(
    ("spoil", "line", "reason"),
    [
        (lambda t: t[:200], 4, "cut off"),
        (lambda t: BOMB + without_head(t).replace("Gut", "&c;"), 1, "document type"),
        (lambda t: t.replace("ICD10CM.tabular", "ICD10CM.other"), 2, "instead of"),
        (lambda t: t.replace("2027", "soon"), 2, "instead of a year"),
        (lambda t: t.replace("A00.0", "A0/0"), 5, "not built like a code"),
        (lambda t: t.replace("A00.0", "B00.0"), 5, "does not belong"),
        (lambda t: t.replace("<desc>Classical</desc>", ""), 5, "no title"),
        (lambda t: t.replace("<name>1<", "<name>One<"), 3, "chapter"),
        (lambda t: t.replace("A00-A09", "../A00"), 3, "section"),
        (lambda t: t.replace("<desc>Gut", "<a>" * 60 + "</a>" * 60 + "<desc>Gut"), 3, "deeper"),
        (lambda t: t.replace("utf-8", "ebcdic-of-mars"), 1, ""),
        (lambda t: t.replace("A00.0</name>", f"A00.0</name>{TWO}"), 5, "7th"),
        (lambda t: t, 0, "is this the whole file"),
    ],
)  # fmt: skip
def test_a_wrong_cut_or_hostile_file_is_refused_with_its_line(
    tmp_path: Path, spoil: Callable[[str], str], line: int, reason: str
) -> None:
    with pytest.raises(ValueError, match=rf"^bad\.xml:{line or ''}.*{reason}"):
        editions.import_tabular(spoil(SMALL).encode(), tmp_path, name="bad.xml")
    assert list(tmp_path.rglob("*.db")) == []


def test_a_refused_file_leaves_the_edition_that_is_there(data: Path) -> None:
    path = data / FOLDER / "icd-10-cm-20261001.db"
    was = path.stat().st_mtime_ns, path.stat().st_size
    with pytest.raises(ValueError, match="is this the whole file"):
        editions.import_tabular(SMALL.encode(), data)
    assert (path.stat().st_mtime_ns, path.stat().st_size) == was
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_file_larger_than_any_official_one_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.xml"
    with path.open("wb") as file:
        file.truncate(safe_xml.LARGEST + 1)
    with pytest.raises(ValueError, match=r"huge\.xml: larger than 64 MB"):
        editions.import_tabular(path, tmp_path)


@pytest.mark.parametrize(
    ("year", "name", "asked", "day"),
    [
        (2027, "icd10cm_tabular_2027.xml", None, 20261001),
        (2026, "icd10c-tabular-April-1-2026.xml", None, 20260401),
        (2026, "icd10cm_tabular_apr2026.xml", None, 20260401),
        (2026, "papraised.xml", None, 20251001),
        (2027, "x.xml", 20270401, 20270401),
    ],
)
def test_the_first_day_is_that_of_the_year_or_as_asked(year: int, name: str, asked: int | None, day: int) -> None:
    assert editions.the_day(year, name, asked) == day


@pytest.mark.parametrize(("year", "asked"), [(2027, 20260401), (2027, 20270230), (2015, None)])
def test_a_first_day_that_does_not_go_with_the_file_is_refused(year: int, asked: int | None) -> None:
    with pytest.raises(ValueError, match=r"^x\.xml: "):
        editions.the_day(year, "x.xml", asked)


ORDER = (
    "00001 A00     0 Cholera                                                      Cholera\n"
    "00002 A000    1 Cholera due to Vibrio cholerae 01, biovar cholerae           Cholera due to  Vibrio cholerae 01\n"
)


def test_an_order_file_is_read_by_its_columns() -> None:
    first, second = order.read_order(ORDER.encode(), "order.txt")
    assert (first.key, first.assignable, first.title) == ("A00", False, "Cholera")
    assert (second.key, second.assignable, second.title) == ("A000", True, "Cholera due to Vibrio cholerae 01")


@pytest.mark.parametrize("text", [ORDER[:120], ORDER.replace("A000 ", "A00  "), ORDER.replace(" 1 ", " 2 ")])
def test_a_line_that_is_none_is_refused_with_its_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"^order\.txt:2: "):
        list(order.read_order(text.encode(), "order.txt"))


def test_an_order_file_is_held_against_the_dates_of_its_first_day() -> None:
    valid = [key for key, rows in sources.masters(CM).items() if any(a <= 20241001 <= b for a, b, _ in rows)]

    def text(keys: list[str]) -> bytes:
        return "".join(f"{n:05} {key:<7} 1 {'x':<60} x\n" for n, key in enumerate(keys, 1)).encode()

    same = editions.differences(text(valid), 20241001, "order.txt")
    assert same == (f"On 2024-10-01, its {len(valid):,} codes are those of the Medicare Code Editor.",)
    other = editions.differences(text(["D6911", *valid[1:]]), 20241001, "order.txt")
    assert other == (
        "Only in the file on 2024-10-01: D6911.",
        f"Only in the Medicare Code Editor on 2024-10-01: {valid[0]}.",
    )
    assert editions.differences(text(valid), 20271001, "order.txt") is None


def test_an_order_file_without_a_year_asks_for_a_day(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not say its year"):
        editions.import_order(ORDER.encode(), tmp_path, name="order.txt")


def test_codes_import_brings_a_tabular_and_status_names_it(brought: tuple[Path, Loaded], tmp_path: Path) -> None:
    data, loaded = brought
    edition = loaded.edition
    assert (edition.kind, edition.edition, edition.first_day, edition.last_day) == ("tabular", FY2027, AFTER, 20270930)
    assert loaded.rows > 74_000
    [unknown] = [line for line in edition.said if "Not known to the Medicare Code Editor" in line]
    assert unknown.endswith("T890XXA, T890XXS.")
    [missing] = [line for line in edition.said if "not in the file" in line]
    assert "R69" in missing or "more" in missing
    assert build.current(data / FOLDER / "icd-10-cm-20261001.db")
    done = CliRunner().invoke(commands, ["--data", str(data), "codes", "status"], standalone_mode=False)
    assert f"{FY2027}: 2026-10-01 to 2027-09-30" in done.output
    path = tmp_path / "small"
    path.write_text(SMALL, encoding="utf-8")
    with pytest.raises(Refused, match="is this the whole file"):
        import_file(path, data, Asked())
    assert build.current(data / FOLDER / "icd-10-cm-20261001.db")


def test_the_upkeep_tells_of_titles_and_notes_that_change(folder: Path) -> None:
    codes = CodeSet(folder / "codes.db")
    with Payer(codes) as payer:
        [found] = upkeep([("throat", read(TEXT, "throat.yaml"))], codes, payer, dt.date(2026, 10, 1))
    said = {(change.kind, change.line): change.message for change in found.changes}
    line = TEXT[: TEXT.index("J02.0")].count("\n") + 1
    assert "“Pharyngitis by streptococci”" in said["title", line]
    assert said["note", line] == (
        "J02.0 gains a note that governs J02.0: Excludes1: tonsillitis by streptococci (J03.0-)"
    )
