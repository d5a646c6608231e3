"""A new case: a small whole one of its setting, to be replaced piece by piece in the editor."""

from typing import Final

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from sandbox.cases import files
from sandbox.cases.files import Exists, Refused
from sandbox.cases.starts import start
from sandbox.encounter import SETTINGS
from sandbox.web.house import house
from sandbox.web.keeping import keep
from sandbox.web.security import instructor_only
from sandbox.web.shelf import specialties

pages = Blueprint("newcase", __name__)
instructor_only(pages)

_FIELDS: Final = ("setting", "title", "specialty", "id")
_SHORTEST: Final = 3
_LONGEST: Final = 90


@pages.get("/teach/cases/new")
def form() -> ResponseReturnValue:
    """What a new case needs to begin."""
    return _form({"setting": request.args.get("setting", "")}, {})


@pages.post("/teach/cases/new")
def make() -> ResponseReturnValue:
    """Make the file and go to its editor; whatever is wrong is told beside its field."""
    given = {name: " ".join(request.form.get(name, "").split()) for name in _FIELDS}
    given["id"] = given["id"] or files.slug(given["title"])
    wrong = _wrong(given)
    if not wrong:
        specialty = _specialties().get(given["specialty"].casefold(), given["specialty"])
        text = start(given["setting"], given["title"], specialty)
        note = f"new, from the beginning for {SETTINGS[given['setting']].lower()}"
        try:
            keep(given["id"], text, base=None, note=note, specialty=specialty)
        except Exists as error:
            wrong = {"id": f"The case {error.path} has this id already. Choose another one."}
        except Refused as error:
            wrong = {"id": f"{str(error).capitalize()}."}
        else:
            return redirect(f"/teach/cases/{given['id']}/edit", 303)
    return _form(given, wrong), 400


def _wrong(given: dict[str, str]) -> dict[str, str]:
    """Field → what is wrong with it."""
    wrong = {}
    if given["setting"] not in SETTINGS:
        wrong["setting"] = "Choose where the patient was seen."
    if not _SHORTEST <= len(given["title"]) <= _LONGEST:
        wrong["title"] = f"A title has {_SHORTEST} to {_LONGEST} characters."
    for name in ("title", "specialty"):
        if not given[name].isprintable():
            wrong[name] = "There is an invisible character in it. Type it anew."
    if not files.good_slug(files.slug(given["specialty"])):
        wrong["specialty"] = "A specialty is a word or a few; its letters name the folder."
    if not files.good_slug(given["id"]):
        wrong["id"] = "An id has small letters, digits, - and _, at most 80."
    return wrong


def _form(given: dict[str, str], wrong: dict[str, str]) -> str:
    return render_template(
        "teach/new.html", given=given, wrong=wrong, settings=SETTINGS, specialties=_specialties().values()
    )


def _specialties() -> dict[str, str]:
    return specialties(file.case for file in house().cases.cases().values())
