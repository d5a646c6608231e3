"""Fixtures that every test module may ask for."""

from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import pytest
from deskkit import Teacher
from flask import Flask
from webkit import Learner

from sandbox.cases import lock, reader
from sandbox.codes import build
from sandbox.codes.codeset import CodeSet
from sandbox.web import create_app
from sandbox.web.house import House
from tests import official
from tests.official import procedures

ROOT = Path(__file__).resolve().parent.parent


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
def _each_case_is_read_once() -> Iterator[None]:
    """Hundreds of apps are made over the same files: what the bytes of one say is read once, by the real reader."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "read", lru_cache(maxsize=256)(reader.read))
        yield


@pytest.fixture(scope="session")
def codes(codes_db: Path) -> CodeSet:
    return CodeSet(codes_db)


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
