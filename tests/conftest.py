"""Fixtures that every test module may ask for."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import pytest
from deskkit import Teacher
from flask import Flask
from resultkit import CASES
from webkit import Learner

from sandbox import cli_desk
from sandbox.cases import lock
from sandbox.codes import build, imported, shelf
from sandbox.codes.codeset import CodeSet
from sandbox.web import app as app_module
from sandbox.web import create_app
from sandbox.web.house import House
from tests import official, sharing
from tests.official import procedures

ROOT = Path(__file__).resolve().parent.parent
LONGEST = (
    "browser/test_editor.py", "browser/test_classroom.py", "test_stored_text.py", "browser/test_desk.py",
    "test_editions.py", "browser/test_accessible.py", "browser/test_talk.py", "test_grading.py",
    "browser/test_exams.py", "browser/test_walk.py", "test_durability.py", "test_build.py", "test_headers.py",
    "browser/test_board.py", "test_access.py", "browser/test_queries.py",
)  # fmt: skip
"""Modules of few tests that take long, the longest first (``--durations``)."""


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: half of the time is spent waiting for a browser, a server, or a disk."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: a module that is begun last is waited for by every core but its own."""
    place = {ROOT / "tests" / name: n for n, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(LONGEST)))


@pytest.fixture(scope="session")
def codes_db(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The real code sets, built once and kept between runs (``build.ensure`` renews them when they change)."""
    cache = getattr(request.config, "cache", None)
    folder = Path(cache.mkdir("codes")) if cache else tmp_path_factory.mktemp("codes")
    path = folder / "codes.db"
    # Of several processes that test at once, one builds, and the others wait for it.
    while True:
        with suppress(TimeoutError), lock.alone(folder):
            build.ensure(path)
            return path


@pytest.fixture(scope="session", autouse=True)
def _shared_by_all_apps() -> Iterator[None]:
    """Hundreds of apps are made over the same files: what these say is read and compiled once."""
    with pytest.MonkeyPatch.context() as patch:
        sharing.share(patch)
        yield


@pytest.fixture(scope="module", autouse=True)
def _apps_are_let_go() -> Iterator[None]:
    """The apps of a module end with it, and the memory they had with them."""
    yield
    sharing.forget()


_bundled = lru_cache(maxsize=1)(CodeSet)


@pytest.fixture(scope="session")
def codes(codes_db: Path) -> CodeSet:
    return _bundled(codes_db)


@pytest.fixture(scope="session", autouse=True)
def _the_bundled_codes_are_read_once(codes_db: Path) -> Iterator[None]:
    """Apps and commands over these code sets alone share one reader: what a server reads once, a process that tests
    would read hundreds of times. A folder with a file of its own beside them is read for itself."""

    def reader_of(path: Path) -> CodeSet:
        alone = not path.with_name(imported.NAME).exists() and not path.with_name(shelf.FOLDER).exists()
        return _bundled(codes_db) if alone and path.resolve() == codes_db.resolve() else CodeSet(path)

    with pytest.MonkeyPatch.context() as patch:
        for module in (app_module, cli_desk):
            patch.setattr(module, "CodeSet", reader_of)
        yield


@pytest.fixture(scope="session")
def codes_with_files(codes_db: Path, tmp_path_factory: pytest.TempPathFactory) -> CodeSet:
    """The real code sets, and beside them the small official files of ``tests/official``."""
    folder = tmp_path_factory.mktemp("official")
    (folder / "codes.db").symlink_to(codes_db)
    official.load_all(folder)
    return CodeSet(folder / "codes.db")


@pytest.fixture(scope="session")
def codes_with_procedures(codes_db: Path, tmp_path_factory: pytest.TempPathFactory) -> CodeSet:
    """The real code sets, and beside them the small files of ``tests/official/procedures.py``."""
    folder = tmp_path_factory.mktemp("procedures")
    (folder / "codes.db").symlink_to(codes_db)
    official.load_all(folder, procedures.ALL)
    return CodeSet(folder / "codes.db")


@pytest.fixture
def data(codes_db: Path, tmp_path: Path) -> Path:
    """A data folder as ``run.py`` leaves it, with the real code sets in it."""
    folder = tmp_path / "instance"
    folder.mkdir()
    (folder / "codes.db").symlink_to(codes_db)
    return folder


@pytest.fixture
def case_folder() -> Path:
    """The cases that the app serves: the shipped ones, unless a module has others."""
    return ROOT / "cases"


@pytest.fixture(scope="session")
def few_cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cases of the labs alone: a server over them starts in half the time."""
    folder = tmp_path_factory.mktemp("few")
    for found in (path for name in CASES for path in (ROOT / "cases").rglob(f"{name}.yaml")):
        (folder / found.parent.name).mkdir(exist_ok=True)
        shutil.copy(found, folder / found.parent.name)
    return folder


@pytest.fixture
def _few_cases_are_served(few_cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For modules that start servers as processes, and mind the cases little."""
    monkeypatch.setenv("SANDBOX_CASES", str(few_cases))


@pytest.fixture
def app(data: Path, case_folder: Path) -> Iterator[Flask]:
    """The app over a data folder of its own."""
    app = create_app(data, case_folder)
    yield app
    app.extensions["sandbox"].close()


@pytest.fixture
def house(app: Flask) -> House:
    """The parts of that app."""
    found: House = app.extensions["sandbox"]
    return found


@pytest.fixture
def learner(app: Flask) -> Learner:
    """A browser in front of it."""
    return Learner(app)


@pytest.fixture
def teacher(app: Flask) -> Teacher:
    """A browser in front of it that has used the instructor's link."""
    return Teacher(app)
