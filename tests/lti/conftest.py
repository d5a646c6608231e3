"""A platform, an app that knows it, and a class that is bound to its course."""

from collections.abc import Iterator
from pathlib import Path

import ltikit
import pytest
import resultkit
from flask import Flask
from ltiplatform import Platform
from resultkit import Room

from sandbox.web.house import House


@pytest.fixture
def platform() -> Iterator[Platform]:
    found = Platform()
    yield found
    found.close()


@pytest.fixture
def app(data: Path, platform: Platform) -> Iterator[Flask]:
    """In place of the app without a door."""
    app = ltikit.app_for(data, platform)
    yield app
    app.extensions["sandbox"].close()


@pytest.fixture
def room(house: House, platform: Platform) -> Room:
    """A class with a lab, bound to the course of the platform."""
    found = resultkit.room(house, "t" * 32)
    ltikit.bind(house, platform, found.class_id)
    return found
