"""Fixtures that every test module may ask for."""

from pathlib import Path

import pytest

from sandbox.codes import build
from sandbox.codes.codeset import CodeSet
from tests import official

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def codes_db(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The real code sets, built once and kept between runs (``build.ensure`` renews them when they change)."""
    cache = getattr(request.config, "cache", None)
    folder = Path(cache.mkdir("codes")) if cache else tmp_path_factory.mktemp("codes")
    path = folder / "codes.db"
    build.ensure(path)
    return path


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


@pytest.fixture
def data(codes_db: Path, tmp_path: Path) -> Path:
    """A data folder as ``run.py`` leaves it, with the real code sets in it."""
    folder = tmp_path / "instance"
    folder.mkdir()
    (folder / "codes.db").symlink_to(codes_db)
    return folder
