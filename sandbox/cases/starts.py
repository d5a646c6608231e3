"""A new case begins as a small whole one of its setting, with remarks for its author: ``templates/<setting>.yaml``."""

import json
import re
from pathlib import Path
from typing import Final

from sandbox.encounter import SETTINGS

FOLDER: Final = Path(__file__).resolve().parent / "templates"

_LIKE: Final = {
    "outpatient": "office",
    "clinic": "office",
    "urgent_care": "office",
    "home_health": "office",
    "nursing_facility": "office",
}
"""Settings that begin as another one does."""

OWN: Final = tuple(setting for setting in SETTINGS if setting not in _LIKE)
"""Settings with a file of their own."""

_PLAIN: Final = re.compile(r"[A-Za-z][\w ,.()/&'-]*")
"""Words that YAML needs no quotation marks for."""


def start(setting: str, title: str, specialty: str) -> str:
    """The text of a new case. Raises KeyError for a setting that there is not."""
    if setting not in SETTINGS:
        raise KeyError(setting)
    text = (FOLDER / f"{_LIKE.get(setting, setting)}.yaml").read_text(encoding="utf-8")
    for key, value in (("title", title), ("setting", setting), ("specialty", specialty)):
        text = _put(text, key, value)
    return text


def _put(text: str, key: str, value: str) -> str:
    """One line of the case with another value; a remark behind it stays where it is."""
    words = value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    return re.sub(rf"(?m)^({key}: )[^#\n]*?( *#.*)?$", lambda line: f"{line[1]}{words}{line[2] or ''}", text, count=1)
