"""The command line: what it prints, where, and how it ends."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sandbox.cases.library import Library
from sandbox.cli import _as_text, _is_bad
from sandbox.encounter import Line
from sandbox.store import people, versions
from sandbox.store.database import Store
from tests import commandline
from tests.small_case import TEXT, spoiled

ROOT = Path(__file__).resolve().parent.parent
OFFICE = {"setting": "office", "patient": {"age_years": 59, "sex": "F"}, "date_of_service": "2026-08-03"}
STAY = {
    "setting": "inpatient",
    "patient": {"age_years": 78, "sex": "F"},
    "admitted": "2026-05-02",
    "discharged": "2026-05-06",
    "discharge_status": "01",
}
CLEAN = {**OFFICE, "id": "clean", "diagnoses": [{"code": "J02.0"}]}
HYPERTENSION_APART = {**OFFICE, "id": "apart", "diagnoses": [{"code": "i10"}, {"code": "N1832"}]}


class Cli:
    """``python -m sandbox`` over one data folder, started in the project's folder; ``process`` starts it as one."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def __call__(self, *words: str | Path, stdin: str | bytes = "") -> subprocess.CompletedProcess[str]:
        return commandline.run(*words, stdin=stdin, SANDBOX_DATA=str(self.data))

    def process(self, *words: str | Path, stdin: str | bytes = "", **env: str) -> subprocess.CompletedProcess[str]:
        found = subprocess.run(
            [sys.executable, "-m", "sandbox", *map(str, words)],
            input=stdin if isinstance(stdin, bytes) else stdin.encode(),
            capture_output=True,
            cwd=ROOT,
            env={**os.environ, "SANDBOX_DATA": str(self.data), **env},
            timeout=120,
            check=False,
        )
        out, err = found.stdout.decode(), found.stderr.decode()
        assert "Traceback" not in err, err
        return subprocess.CompletedProcess(found.args, found.returncode, out, err)


@pytest.fixture(scope="module")
def cli(codes_db: Path) -> Cli:
    return Cli(codes_db.parent)


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def as_json(lines: tuple[Line, ...]) -> list[dict[str, Any]]:
    return [{"code": line.code, "system": line.system, "poa": line.poa} for line in lines]


# -- check -------------------------------------------------------------------------------------------------------------


def test_a_clean_claim_has_no_findings_and_ends_with_0(cli: Cli) -> None:
    done = cli.process("check", stdin=json.dumps(CLEAN))
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"id": "clean", "findings": [], "payment": None}


def test_a_faulty_claim_ends_with_1_and_its_finding_names_codes_lines_and_authority(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "claim.json"
    file.write_text(json.dumps(HYPERTENSION_APART), encoding="utf-8")
    done = cli("check", file)
    assert done.returncode == 1
    [finding] = json.loads(done.stdout)["findings"]
    assert finding["rule"] == "CMB02"
    assert finding["severity"] == "error"
    assert finding["message"]
    assert dict(zip(finding["lines"], finding["codes"], strict=True)) == {"dx1": "I10", "dx2": "N18.32"}
    assert finding["citation"].startswith("ICD-10-CM Guidelines, I.C.9.a.2")


def test_text_is_for_people(cli: Cli) -> None:
    done = cli("check", "--format", "text", "-", stdin=json.dumps(HYPERTENSION_APART))
    assert done.returncode == 1
    assert done.stdout.startswith("apart: error CMB02 I10 N18.32: ")
    assert "[ICD-10-CM Guidelines, I.C.9.a.2" in done.stdout
    assert cli("check", "--format", "text", stdin=json.dumps(CLEAN)).stdout == "clean: nothing to say\n"


def test_a_stay_comes_with_its_payment_unless_told_otherwise(cli: Cli) -> None:
    stay = {**STAY, "id": "a1", "diagnoses": [{"code": "M80.051A", "poa": "Y"}], "procedures": [{"code": "0SRR01A"}]}
    whole = json.loads(cli("check", stdin=json.dumps(stay)).stdout)
    assert whole["payment"]["drg"] == "522"
    assert whole["payment"]["weight"] > 1
    ungrouped = cli("check", "--format", "text", stdin=json.dumps({**stay, "diagnoses": ["I10", "S72.002A"]})).stdout
    assert "MS-DRG 999" in ungrouped
    assert "not loaded" not in ungrouped, "a stay without MS-DRG has no weight, and not for want of a table"
    bare = json.loads(cli("check", "--no-payment", stdin=json.dumps(stay)).stdout)
    assert whole == {**bare, "payment": whole["payment"]}
    assert "payment" not in bare
    assert "MS-DRG 522 " in cli("check", "--format", "text", stdin=json.dumps(stay)).stdout


HIP = [{"code": "M80.052A", "poa": "Y"}, {"code": "J96.01", "poa": "Y"}, {"code": "D62", "poa": "N"}]


def test_a_stay_tells_the_way_to_its_drg_and_what_each_line_does_where_it_is_asked(cli: Cli) -> None:
    stay = {**STAY, "diagnoses": HIP, "procedures": [{"code": "0SRS019"}]}
    paid = rows(cli("check", stdin=json.dumps(stay)).stdout)[0]["payment"]
    assert (paid["drg"], paid["path"]["counted"], "effects" in paid) == ("521", ["dx2"], False)
    found = rows(cli("check", "--lines", stdin=json.dumps(stay)).stdout)[0]
    assert "hcc" not in found
    effects = found["payment"]["effects"]
    assert list(effects) == ["dx2", "dx3", "px1"]
    assert (effects["dx2"]["drg"], effects["dx2"]["difference"], effects["dx3"]["changes"]) == ("522", 0.7525, False)
    text = cli("check", "--lines", "--hcc", "--format", "text", stdin=json.dumps(stay)).stdout
    assert (
        "Surgical, by 0SRS019." in text
        and "dx2: An MCC. Without it: MS-DRG 522" in text
        and "dx1: HCC 402" in text
        and "risk score" in text
    )


def test_hccs_come_in_every_setting_without_payment_too_and_by_segment(cli: Cli) -> None:
    visit = json.dumps({**OFFICE, "patient": {"age_years": 71, "sex": "F"}, "diagnoses": ["E11.22", "E11.9", "I10"]})
    found = rows(cli("check", "--hcc", "--no-payment", stdin=visit).stdout)[0]
    assert "payment" not in found
    assert (found["hcc"]["score"], found["hcc"]["lines"]["dx2"][0]["dropped_by"]) == (0.561, ["37"])
    full = rows(cli("check", "--hcc", "--hcc-segment", "community-full", stdin=visit).stdout)[0]
    assert full["hcc"]["score"] != 0.561
    assert "Medicaid" in full["hcc"]["segment_label"]


def test_ndjson_gives_one_result_a_claim_in_order_and_passes_over_what_is_broken(cli: Cli) -> None:
    lines = [
        json.dumps({**CLEAN, "id": "Zürich 東京"}, ensure_ascii=False).encode(),
        b"",
        b'{"id": "cut", "setting": ',
        b"[1, 2]",
        b'{"id": "latin \xe9"}',
        json.dumps({**CLEAN, "id": "half \ud800"}).encode(),
        json.dumps({**OFFICE, "id": "half a code", "diagnoses": ["\udc00"]}).encode(),
        json.dumps({**OFFICE, "id": "undated", "date_of_service": None}).encode(),
        json.dumps(HYPERTENSION_APART).encode(),
    ]
    done = cli("check", "--ndjson", "--no-payment", stdin=b"\xef\xbb\xbf" + b"\r\n".join(lines))
    found = rows(done.stdout)
    assert done.returncode == 1
    assert done.stderr == ""
    assert [row["id"] for row in found] == ["Zürich 東京", "", "", "", "half \ud800", "half a code", "undated", "apart"]
    assert ["error" in row for row in found] == [False, True, True, True, False, False, True, False]
    assert found[1]["error"].startswith("line 3: not JSON")
    assert found[2]["error"].startswith("line 4: a claim is a JSON object")
    assert found[3]["error"] == "line 5: not UTF-8"
    assert [f["rule"] for f in found[5]["findings"]] == ["VAL05"]
    assert found[6]["error"].startswith("date_of_service: ")


def test_what_could_not_be_looked_at_is_said(cli: Cli) -> None:
    claims = [
        {**OFFICE, "diagnoses": ["I10"], "date_of_service": "2031-11-01"},
        {**OFFICE, "diagnoses": ["I10"], "date_of_service": "2026-11-01"},
        {**OFFICE, "diagnoses": ["I10"], "date_of_service": "2019-06-01"},
        {**OFFICE, "diagnosis": ["I10"], "diagnoses": []},
        {**OFFICE, "diagnoses": ["I10"]},
    ]
    done = cli("check", "--ndjson", "--no-payment", stdin="\n".join(map(json.dumps, claims)))
    future, newer, older, empty, plain = rows(done.stdout)
    assert "No code set is loaded for 2031-11-01" in future["notes"][0]
    assert "FY2026" in newer["notes"][0] and "a newer edition" in newer["notes"][0]
    assert "FY2026" in older["notes"][0] and "an older edition was in force on 2019-06-01" in older["notes"][0]
    assert "no diagnoses" in empty["notes"][0]
    assert "notes" not in plain


def test_a_wrong_digit_in_the_year_clears_no_claim(cli: Cli) -> None:
    claim = {**OFFICE, "date_of_service": "1999-01-01", "diagnoses": ["zzz.9", "I10", "E11.9", "250.00"]}
    done = cli("check", stdin=json.dumps(claim))
    [found] = rows(done.stdout)
    assert done.returncode == 1
    assert [(f["rule"], f["lines"]) for f in found["findings"]] == [("VAL01", ["dx2", "dx3"]), ("VAL01", ["dx1"])]
    assert "Is a digit of the date wrong?" in found["findings"][0]["message"]
    assert found["notes"] == ["No code set is loaded for 1999-01-01; which codes are valid then was not checked."]


def test_services_that_no_table_knows_are_named_and_what_is_no_service_is_not(cli: Cli) -> None:
    claim = {
        **OFFICE,
        "diagnoses": ["Z23"],
        "procedures": ["g0008", {"code": "99213", "system": "cpt"}, "ABC", "G0008"],
    }
    done = cli("check", stdin=json.dumps(claim))
    [found] = rows(done.stdout)
    assert [f["rule"] for f in found["findings"]] == ["VAL05"]
    [note] = found["notes"]
    assert note.endswith("2026-08-03 knows them: G0008, 99213.")


def test_a_discharge_status_that_does_not_exist_is_noted(cli: Cli) -> None:
    stays = [{**STAY, "diagnoses": [{"code": "A41.9", "poa": "Y"}], "discharge_status": s} for s in ("99", "20", "")]
    done = cli("check", "--ndjson", "--no-payment", stdin="\n".join(map(json.dumps, stays)))
    strange, died, untold = rows(done.stdout)
    assert strange["notes"][0].startswith("99 is no discharge status")
    assert "notes" not in died and "notes" not in untold


def test_clean_claims_one_a_line_end_with_0_and_none_at_all_too(cli: Cli) -> None:
    many = cli("check", "--ndjson", "--no-payment", stdin=f"{json.dumps(CLEAN)}\n" * 3)
    assert (many.returncode, len(rows(many.stdout))) == (0, 3)
    none = cli("check", "--ndjson", stdin="")
    assert (none.returncode, none.stdout, none.stderr) == (0, "", "")


def test_a_rule_that_is_off_speaks_only_when_it_is_named(cli: Cli) -> None:
    claim = json.dumps({**OFFICE, "diagnoses": ["F32.1", "F43.21"]})
    assert json.loads(cli("check", stdin=claim).stdout)["findings"] == []
    asked = cli("check", "--also", "exc02", "--also", "EXC02", stdin=claim)
    assert [f["rule"] for f in json.loads(asked.stdout)["findings"]] == ["EXC02"]
    assert asked.returncode == 0, "a note is no problem"


def test_output_is_utf_8_whatever_the_machine_prefers(cli: Cli) -> None:
    claim = json.dumps({**CLEAN, "id": "東京"})
    done = cli.process("check", "--no-payment", stdin=claim, PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert json.loads(done.stdout)["id"] == "東京"


# -- what goes wrong is one line ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [
        (["check"], "{", "not JSON"),
        (["check"], '{"setting": "ward"}', "setting: 'ward' is none of inpatient, "),
        (["check"], json.dumps({**OFFICE, "diagnoses": ["I10", {"code": []}]}), "diagnoses[1].code: "),
        (["check"], json.dumps({**OFFICE, "diagnoses": "I10"}), "diagnoses: expected a list of lines, got str"),
        (["check"], json.dumps({**OFFICE, "diagnoses": ["I10"] * 201}), "diagnoses: 201 lines"),
        (["check"], json.dumps({**OFFICE, "procedures": [{"code": "G0008", "units": "x"}]}), "units: 'x' is no whole"),
        (["check"], "[" * 100_000, "brackets within brackets"),
        (["check"], json.dumps({**STAY, "admitted": "2027-01-01"}), "admitted: 2027-01-01 lies after the discharge"),
        (["check"], json.dumps({**OFFICE, "diagnoses": 0}), "diagnoses: expected a list of lines, got int"),
        (["check"], json.dumps({**OFFICE, "date_of_service": "20260803"}), "date_of_service: '20260803' is no date"),
        (["check"], "", "standard input: empty"),
        (["check"], "{", "standard input: not JSON"),
        (["check"], json.dumps({**OFFICE, "diagnoses": [250.00]}), "diagnoses[0]: expected a code as a text"),
        (["grade", "hip-pain-after-a-fall"], " ", "standard input: empty"),
        (["check", "no\nsuch"], "", "no such"),
        (["cases", "list", "--cases", "no-such-folder"], "", "no-such-folder"),
        (["lint", "docs"], "", "no case file"),
        (["check", "no-such-file.json"], "", "no-such-file.json"),
        (["check", "--quick"], "", "--quick"),
        (["check", "--also", "EXC99"], "", "there is no rule EXC99"),
        (["grade", "no-such-case"], "{}", "no case 'no-such-case'"),
        (["grade", "hip-pain-after-a-fall"], "[]", "a claim is a JSON object"),
        (["codes", "search"], "", "give WORDS, or --batch"),
        (["codes", "search", "--system", "icd9", "otitis"], "", "icd9"),
        (["lint", "no-such-file.yaml"], "", "no-such-file.yaml"),
        (["guess"], "", "guess"),
        ([], "", "a command is missing"),
        (["check", "--lines", "--no-payment"], "", "--no-payment leaves out"),
        (["check", "--hcc-segment", "moon"], "", "moon"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_ends_with_2_and_one_line(cli: Cli, words: list[str], stdin: str, said: str) -> None:
    done = cli(*words, stdin=stdin)
    assert done.returncode == 2
    assert done.stderr.startswith("sandbox: ")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_without_a_claim_is_named(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "claim.json"
    for text, said in (("", "empty; there is no claim in it"), ("{", "not JSON"), ("[]", "a claim is a JSON object")):
        file.write_text(text, encoding="utf-8")
        done = cli("check", file)
        assert done.returncode == 2
        assert done.stderr.startswith(f"sandbox: {file}: {said}")


def test_a_damaged_codes_db_is_named_once_and_judges_no_claim(codes_db: Path, tmp_path: Path) -> None:
    shutil.copy(codes_db, tmp_path / "codes.db")
    db = sqlite3.connect(tmp_path / "codes.db")
    db.execute("DROP TABLE codes")
    db.commit()
    db.close()
    damaged = Cli(tmp_path)
    for words in (["check"], ["codes", "show", "I10"], ["lint"]):
        done = damaged(*words, stdin=json.dumps(CLEAN))
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("sandbox: codes.db cannot be read")
        assert done.stderr.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is Linux's")
def test_a_full_disk_is_one_line(cli: Cli) -> None:
    words = [sys.executable, "-m", "sandbox", "--data", str(cli.data), "cases", "list"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, cwd=ROOT, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_a_claim_that_a_rule_failed_on_is_a_problem_and_says_so() -> None:
    result = {"id": "a", "findings": [], "not_judged": ["CMB02"]}
    assert _is_bad(result)
    assert _as_text(result).startswith("a: not judged: CMB02 failed")


# -- grade -------------------------------------------------------------------------------------------------------------


def test_a_key_entered_as_it_stands_has_the_full_score(cli: Cli) -> None:
    key = Library(ROOT / "cases").cases()["hip-pain-after-a-fall"].case.claim()
    claim = {"diagnoses": as_json(key.diagnoses), "procedures": as_json(key.procedures)}
    done = cli("grade", "hip-pain-after-a-fall", stdin=json.dumps(claim))
    report = json.loads(done.stdout)
    assert (done.returncode, report["score"]) == (0, 1)
    assert {pair["error"] for pair in report["pairs"]} <= {"exact", "optional"}
    assert report["payment"]["entered"] == report["payment"]["key"]


def test_less_than_the_key_ends_with_1_and_says_what_is_missing(cli: Cli) -> None:
    done = cli("grade", "hip-pain-after-a-fall", stdin='{"diagnoses": [{"code": "I12.9", "poa": "Y"}]}')
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert 0 < report["score"] < 1
    assert report["figures"][0]["value"] == report["score"]
    assert "missing" in {pair["error"] for pair in report["pairs"]}


# -- codes -------------------------------------------------------------------------------------------------------------


def test_search_prints_the_code_first(cli: Cli) -> None:
    done = cli("codes", "search", "type", "2", "diabetes", "without", "complications", "--limit", "3")
    lines = done.stdout.splitlines()
    assert (done.returncode, len(lines)) == (0, 3)
    assert lines[0].split()[0] == "E11.9"
    assert cli("codes", "search", "0SRB0J", "--system", "pcs").stdout.startswith("0SRB0J")
    nothing = cli("codes", "search", "zzzzzz")
    assert (nothing.returncode, nothing.stdout, nothing.stderr) == (1, "", "")


def test_batch_search_answers_every_line(cli: Cli) -> None:
    done = cli("codes", "search", "--batch", "--limit", "5", stdin="nstemi\n\nzzzzzz\nMénière\n")
    found = rows(done.stdout)
    assert done.returncode == 0
    assert [row["query"] for row in found] == ["nstemi", "", "zzzzzz", "Ménière"]
    assert found[0]["codes"][0] == "I21.4"
    assert found[1]["codes"] == found[2]["codes"] == []
    assert all(len(row["codes"]) <= 5 for row in found)


def test_show_tells_dates_notes_and_seventh_characters(cli: Cli) -> None:
    done = cli("codes", "show", "m80051a")
    assert done.returncode == 0
    assert done.stdout.startswith("M80.051A  Age-related osteoporosis with current pathological fracture, right femur")
    assert "valid 2015-10-01 to " in done.stdout
    assert "excludes1 (at M80): pathological fracture NOS (M84.4)  -> M84.4" in done.stdout
    assert "7th character D: subsequent encounter for fracture with routine healing" in done.stdout
    under = cli("codes", "show", "T36.0X1A").stdout
    assert "(at CH19): " in under and "(at T36-T50): " in under, "chapters and blocks have no dot"
    assert "(at H35.0): " in cli("codes", "show", "H35.03").stdout


@pytest.mark.parametrize("code", ["QQQ", "\udcff", "Q\nQ", ""], ids=["no code", "no UTF-8", "two lines", "nothing"])
def test_a_code_that_does_not_exist_cannot_be_shown(cli: Cli, code: str) -> None:
    done = cli("codes", "show", code)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_report_counts_the_notes_that_are_understood(cli: Cli) -> None:
    done = cli("codes", "report")
    assert done.returncode == 0
    [excludes1] = [line for line in done.stdout.splitlines() if line.startswith("excludes1 ")]
    understood, _, total = excludes1.split()[1:4]
    assert int(understood) / int(total) >= 0.97


# -- lint and cases ----------------------------------------------------------------------------------------------------


def test_lint_names_file_line_and_column_of_every_error(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(TEXT, encoding="utf-8")
    assert cli("lint", tmp_path).returncode == 0
    bad = tmp_path / "bad.yaml"
    bad.write_text(spoiled("quote: Strep pharyngitis", "quote: strep throat").replace("hints:", "hint:"), "utf-8")
    done = cli("lint", tmp_path)
    assert done.returncode == 1
    line = next(n for n, text in enumerate(bad.read_text(encoding="utf-8").splitlines(), 1) if "hint:" in text)
    assert f"{bad.as_posix()}:{line}:1: hint: unknown key; did you mean hints?" in done.stdout
    assert "good.yaml" not in done.stdout


def test_lint_finds_a_quote_that_the_chart_does_not_have(cli: Cli, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(spoiled("quote: Strep pharyngitis", "quote: strep throat"), encoding="utf-8")
    done = cli("lint", bad)
    assert done.returncode == 1
    assert "quote: not word for word in visit" in done.stdout


def test_lint_tells_programs_what_found_each_problem(cli: Cli, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    text = spoiled("Rapid strep positive.", "Rapid strep positive. Seen by Dr. Miller. Asthma.")
    bad.write_text(spoiled("code: J02.0", "code: J02", text), encoding="utf-8")
    done = cli("lint", "--format", "json", bad)
    assert done.returncode == 1
    rows = json.loads(done.stdout)
    assert [(row["line"], row["column"], row["level"], row["rule"]) for row in rows] == [
        (17, 41, "warning", "privacy"),
        (17, 49, "note", "mentions"),
        (23, 13, "error", "VAL02"),
    ]
    assert all(row["path"] == bad.as_posix() and row["message"] for row in rows)
    bad.write_text("title: [", encoding="utf-8")
    assert [row["rule"] for row in json.loads(cli("lint", "--format", "json", bad).stdout)] == ["form"]


def test_lint_shows_a_level_and_what_is_graver(cli: Cli, tmp_path: Path) -> None:
    case = tmp_path / "x.yaml"
    text = spoiled("Rapid strep positive.", "Rapid strep positive. Seen by Dr. Miller. Asthma.")
    case.write_text(text, encoding="utf-8")
    assert [len(cli("lint", "--level", level, case).stdout.splitlines()) for level in ("error", "warning", "note")] == [
        0, 1, 2,
    ]  # fmt: skip
    case.write_text(spoiled("code: J02.0", "code: J02", text), encoding="utf-8")
    done = cli("lint", "--level", "error", case)
    assert (done.returncode, len(done.stdout.splitlines())) == (1, 1)


def test_cases_are_listed_one_a_line(cli: Cli) -> None:
    done = cli("cases", "list")
    found = [line.split("\t") for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert ["hip-pain-after-a-fall", "inpatient", "orthopedics", "3", "ready", "Hip pain after a fall at home"] in found


def test_a_case_file_that_cannot_be_read_is_named_beside_the_others(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("title: [", encoding="utf-8")
    done = cli("cases", "list", "--cases", tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith("good\toffice\t")
    assert done.stderr.startswith(f"{tmp_path / 'bad.yaml'}:1:9: ")


def test_the_paths_of_problems_lead_to_the_files_from_where_the_command_was_started(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere" / "cases"
    for name in ("a", "b"):
        (folder / name).mkdir(parents=True)
        (folder / name / "twice.yaml").write_text(TEXT, encoding="utf-8")
    (folder / "bad.yaml").write_text("title: [", encoding="utf-8")
    for given in (folder, os.path.relpath(folder, ROOT)):
        twice, bad = cli("cases", "list", "--cases", given).stderr.splitlines()
        assert [(ROOT / line.partition(":")[0]).is_file() for line in (twice, bad)] == [True, True]
        assert f"belongs to {given}/a/twice.yaml already" in twice


def test_every_encounter_is_listed_and_graded_by_its_id(cli: Cli) -> None:
    plain, whole = cli("cases", "list").stdout.splitlines(), cli("cases", "list", "--variants").stdout.splitlines()
    assert not any("~" in line for line in plain)
    assert set(plain) < set(whole)
    id = "hip-pain-after-a-fall~mirrored-k2"
    assert any(line.startswith(f"{id}\t") for line in whole)
    key = Library(ROOT / "cases").encounters()[id].case.claim()
    claim = {"diagnoses": as_json(key.diagnoses), "procedures": as_json(key.procedures)}
    done = cli("grade", id, stdin=json.dumps(claim))
    report = json.loads(done.stdout)
    assert (done.returncode, report["score"], report["case"]) == (0, 1, id)


def test_the_history_of_a_case_is_printed_and_any_version_word_for_word(codes_db: Path, tmp_path: Path) -> None:
    cli, text = Cli(tmp_path), "\ufeff" + TEXT.replace("\n", "\r\n")
    assert "nothing yet" in cli("cases", "history", "throat").stderr
    store = Store(tmp_path / "sandbox.db")
    people.add_learner(store, "p", "Ada")
    versions.add(store, "throat", TEXT, "", "as it was found")
    versions.add(store, "throat", text, "p", "saved")
    store.close()
    done = cli("cases", "history", "throat")
    assert done.returncode == 0
    found = [line.split("\t") for line in done.stdout.splitlines()]
    assert [[number, *rest] for number, _, *rest in found] == [
        ["2", "Ada", "saved", str(len(text.encode()))],
        ["1", "", "as it was found", str(len(TEXT.encode()))],
    ]
    raw = subprocess.run(
        [sys.executable, "-m", "sandbox", "--data", str(tmp_path), "cases", "history", "throat", "--show", "2"],
        capture_output=True,
        cwd=ROOT,
        check=True,
    )
    assert raw.stdout == text.encode()
    assert cli("cases", "history", "nope").returncode == 1
    done = cli("cases", "history", "throat", "--show", "3")
    assert (done.returncode, done.stderr) == (2, "sandbox: throat has no version 3\n")
