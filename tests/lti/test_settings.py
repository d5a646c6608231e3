"""lti.toml and the commands that set it up: each fault is told with its place."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from ltikit import configure

from sandbox.lti import keys, settings
from sandbox.lti.settings import FILE, KEY, SAMPLE, Wrong, read

ROOT = Path(__file__).resolve().parent.parent.parent


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sandbox", "--data", str(folder), "lti", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def problems(folder: Path, text: str) -> list[str]:
    configure(folder)
    (folder / FILE).write_text(text, encoding="utf-8")
    try:
        read(folder)
    except Wrong as error:
        return error.problems
    return []


def test_init_makes_a_key_of_its_owner_and_a_sample_that_is_right(tmp_path: Path) -> None:
    done = run(tmp_path / "new", "init")
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "new"
    assert stat.S_IMODE((folder / KEY).stat().st_mode) == 0o600
    private, public = keys.read(folder / KEY)
    assert "PRIVATE KEY" in private and "PUBLIC KEY" in public and "PRIVATE" not in public
    assert run(folder, "check").returncode == 0
    before = (folder / KEY).read_bytes(), (folder / FILE).read_bytes()
    assert "there already" in run(folder, "init").stdout
    assert before == ((folder / KEY).read_bytes(), (folder / FILE).read_bytes())
    with pytest.raises(FileExistsError):
        keys.make(folder / KEY)


def test_check_prints_what_the_platform_has_to_be_told(tmp_path: Path) -> None:
    run(tmp_path, "init")
    said = run(tmp_path, "check").stdout
    for path in ("/lti/login", "/lti/launch", "/lti/select", "/lti/keys"):
        assert f"https://sandbox.school.example{path}\n" in said
    assert "Moodle of the school" in said


def test_check_names_each_fault_and_ends_with_1(tmp_path: Path) -> None:
    assert run(tmp_path, "check").returncode == 2
    configure(tmp_path)
    (tmp_path / FILE).write_text(SAMPLE.replace("deployments", "deployment"), encoding="utf-8")
    (tmp_path / KEY).chmod(0o644)
    done = run(tmp_path, "check")
    assert done.returncode == 1
    assert "platform 1, deployment: there is no such setting" in done.stdout
    assert "platform 1, deployments: a list of texts is needed" in done.stdout
    assert "chmod 600" in done.stdout
    configure(tmp_path)
    (tmp_path / KEY).write_text("no key", encoding="utf-8")
    done = run(tmp_path, "check")
    assert done.returncode == 1 and "no private key" in done.stdout


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('address = "https://sandbox', 'address = "http://sandbox', "address: 'http://sandbox.school.example' has to"),
        ('school.example"\n\n# One', 'school.example/x"\n\n# One', "address: only scheme and host"),
        ('issuer = "https://moodle', 'issuer = "moodle', "platform 1, issuer: 'moodle.school.example' is no address"),
        ('/mod/lti/token.php"', "/a b; c\"", "platform 1, token_url: "),
        ("instructors = false", 'instructors = "yes"', "platform 1, instructors: true or false is needed"),
        ('deployments = ["1"]', "deployments = [1]", "platform 1, deployments: a list of texts"),
        ('client_id = "what', '#', "platform 1, client_id: a text is needed"),
        ("# pages = [\"https", "pages = [\"ftp", "platform 1, pages: "),
        ("[[platform]]\nname", "[platform]\nname", "platform: at least one"),
        ("# One", "colour = 1\n# One", "colour: there is no such setting"),
        ("instructors = false", "instructors = maybe", "Invalid value (at line"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(tmp_path: Path, before: str, after: str, problem: str) -> None:
    assert before in SAMPLE
    found = problems(tmp_path, SAMPLE.replace(before, after, 1))
    assert len(found) >= 1 and any(one.startswith(f"{FILE}: ") and problem in one for one in found), found


def test_a_platform_stands_there_once(tmp_path: Path) -> None:
    platform = SAMPLE[SAMPLE.index("[[platform]]\n") :]
    assert "platform 2, client_id" in problems(tmp_path, SAMPLE + platform)[0]
    assert problems(tmp_path, SAMPLE + platform.replace("what the system", "another")) == []


def test_two_clients_of_one_issuer_are_told_apart(tmp_path: Path) -> None:
    platform = SAMPLE[SAMPLE.index("[[platform]]\n") :].replace("what the system has given this tool", "second")
    configure(tmp_path)
    (tmp_path / FILE).write_text(SAMPLE + platform, encoding="utf-8")
    found = read(tmp_path)
    assert found and found.platform("https://moodle.school.example") is None
    second = found.platform("https://moodle.school.example", "second")
    assert second and second.client_id == "second"
    assert found.platform("https://moodle.school.example", "third") is None


def test_without_https_only_on_the_computer_itself(tmp_path: Path) -> None:
    text = SAMPLE.replace("https://", "http://")
    assert len(problems(tmp_path, text)) == 5
    for host in ("localhost:8000", "127.0.0.1:8000", "[::1]:8000"):
        local = text.replace("sandbox.school.example", host).replace("moodle.school.example", host)
        assert problems(tmp_path, local) == []
    assert settings.origin("https://a.example:8443/x?y") == "https://a.example:8443"
