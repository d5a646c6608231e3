"""What a learner reads beside each line: one sentence that says which kind of error it is and gives no answer away.

Nothing here may print the key's code, its title, its side or its POA indicator; a test holds every sentence to that.
"""

from collections.abc import Mapping
from typing import Final

from sandbox.encounter import PCS
from sandbox.nearness import EXTRA
from sandbox.pairing import Match
from sandbox.report import RIGHT

_CODE: Final = {
    "exact": "This line is correct.",
    "accepted": "This line is correct; the key accepts this code as well as its own.",
    "optional": "This line is correct, though not required.",
    "too_general": "Correct as far as it goes, but the chart says more than this code does.",
    "too_specific": "Correct in kind, but this code says more than the chart does.",
    "wrong_side": "All of it agrees but the side. See which side the documents settle on, and whose word settles it.",
    "wrong_seventh": "All of it agrees up to the 7th character. Look up what that one means, and where it stands.",
    "wrong_episode": "The 7th character tells another phase of care. Is this active treatment, routine care while "
    "healing, or a late effect?",
    "wrong_etiology": "The condition agrees, but this code gives it another cause or type than the chart does.",
    "related": "The correct area, but not the correct code. Read the titles around it against the words of the chart.",
    "unsupported": "The chart does not support this line. Which of its words would you show to an auditor?",
    "not_to_be_coded": "The chart mentions this, and yet it is not coded here. Ask what it would take to code it.",
}
_PROCEDURE: Final = {
    "related": "The correct kind of procedure, but not the correct code. Read the code's title against the chart.",
    "not_to_be_coded": "The chart mentions this, and yet it is not coded as a procedure here.",
}
_CUT: Final = "This is the beginning of a suitable code; more characters are needed, and the chart decides them."
_PARTLY: Final = {
    "too_general": "Partly correct: the chart says more than this code does.",
    "too_specific": "Partly correct: this code says more than the chart does.",
    "wrong_side": "Partly correct: all of it agrees but the side.",
    "wrong_seventh": "Partly correct: check the 7th character.",
    "wrong_episode": "Partly correct: check the 7th character. Which phase of care is this?",
    "wrong_etiology": "Partly correct: the code gives another cause or type than the chart does.",
    "": "Partly correct: close to what the chart says. Read the titles around this code.",
}
_EXTRA_ALONE: Final = {
    "wrong_poa": "The code is correct, its POA indicator is not. When, by the chart, did this begin?",
    "wrong_modifier": "The code is correct, its modifiers are not.",
    "wrong_units": "The code is correct, the number of units is not.",
}
_EXTRA_BESIDE: Final = {
    "misplaced": "It does not belong in first place, either.",
    "wrong_poa": "Check the POA indicator as well.",
    "wrong_modifier": "Check the modifiers as well.",
    "wrong_units": "Check the units as well.",
}
_NO_POA: Final = {
    False: "The code is correct, its POA indicator is missing. When, by the chart, did this begin?",
    True: "The code is correct. Look up whether it takes a POA indicator at all.",
}
_FIRST: Final = {
    "inpatient": "The code is correct, but not in first place. Which condition, after study, occasioned the admission?",
    "outpatient": "The code is correct, but not in first place. What was chiefly responsible for this visit?",
    "procedure": "The code is correct, but not in first place. Which procedure was the definitive treatment?",
}
_AGAIN: Final = "This code stands further up already; a diagnosis is reported once."
_PERFORMED_AGAIN: Final = "The chart does not support this procedure once more than it is entered already."
_MISSING: Final = {
    "diagnosis": "Something to be coded has no code yet.",
    "procedure": "A procedure to be coded has no code yet.",
}
_MISSING_FIRST: Final = {
    "diagnosis": "What belongs in first place has no code yet.",
    "procedure": "The principal procedure has no code yet.",
}
_NOT_REQUIRED: Final = "One more code would be correct here; it is not required."

# Positions 4 to 7 by section (first character); positions 1 to 3 have one name each in all that matters here.
_POSITIONS: Final = {
    "3": ("body system or region", "approach", "substance", "qualifier"),
    "4": ("body system", "approach", "function or device", "qualifier"),
    "5": ("body system", "duration", "function", "qualifier"),
    "6": ("body system", "duration", "qualifier", "qualifier"),
    "7": ("body region", "approach", "method", "qualifier"),
    "8": ("body region", "approach", "method", "qualifier"),
    "9": ("body region", "approach", "method", "qualifier"),
    "B": ("body part", "contrast", "qualifier", "qualifier"),
    "C": ("body part", "radionuclide", "qualifier", "qualifier"),
    "D": ("treatment site", "modality qualifier", "isotope", "qualifier"),
    "F": ("body system or region", "type qualifier", "equipment", "qualifier"),
    "G": ("qualifier", "qualifier", "qualifier", "qualifier"),
    "H": ("qualifier", "qualifier", "qualifier", "qualifier"),
    "X": ("body part", "approach", "device, substance or technology", "qualifier"),
}
_USUAL: Final = ("body part", "approach", "device", "qualifier")
_ORDINALS: Final = ("1st", "2nd", "3rd", "4th", "5th", "6th", "7th")


def sentence(match: Match, setting: str, documents: Mapping[str, str]) -> str:
    """The sentence of one match. ``documents`` maps the chart's document ids to their titles."""
    if match.entered is None:
        return _NOT_REQUIRED if match.names[0] == "optional" else _missing(match, documents)
    name, procedure = match.names[0], _is_procedure(match)
    if match.duplicate:
        first = _PERFORMED_AGAIN if procedure else _AGAIN
    elif name in EXTRA:
        first = _alone(match, name, "procedure" if procedure else setting)
    elif name == "partial":
        first = _positions(match) or _PARTLY[next((n for n in match.names[1:] if n in _PARTLY), "")]
    else:
        first = _plain(match, name, procedure)
    beside = [_EXTRA_BESIDE[other] for other in match.names[1:] if other in EXTRA]
    return " ".join([first, *beside])


def _is_procedure(match: Match) -> bool:
    line = match.answer.line if match.answer else match.entered
    return line is not None and line.id.startswith("px")


def _alone(match: Match, name: str, place: str) -> str:
    if name == "misplaced":
        return _FIRST.get(place, _FIRST["outpatient"])
    assert match.entered is not None and match.answer is not None
    if name == "wrong_poa" and not (match.entered.poa and match.answer.line.poa):
        return _NO_POA[bool(match.entered.poa)]
    return _EXTRA_ALONE[name]


def _plain(match: Match, name: str, procedure: bool) -> str:
    assert match.entered is not None
    if match.answer and name == "too_general" and match.answer.line.key.startswith(match.entered.key):
        return _CUT
    if name == "related" and (differs := _positions(match)):
        return differs
    return (procedure and _PROCEDURE.get(name)) or _CODE[name]


def _positions(match: Match) -> str:
    """Which characters of an ICD-10-PCS code differ from the key's, by name and never by value."""
    assert match.entered is not None
    answer = match.answer.line if match.answer else None
    if answer is None or answer.system != PCS or len(match.entered.key) != len(answer.key) or match.names[0] in RIGHT:
        return ""
    names = ("section", "body system", "operation", *_POSITIONS.get(answer.key[0], _USUAL))
    differ = [
        f"the {names[n]} ({_ORDINALS[n]} character)"
        for n, (ours, theirs) in enumerate(zip(match.entered.key, answer.key, strict=True))
        if ours != theirs
    ]
    start = "Partly correct: look" if match.names[0] == "partial" else "Close to the correct procedure; look"
    return f"{start} again at {_listed(differ)}." if 0 < len(differ) <= 4 else ""


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _missing(match: Match, documents: Mapping[str, str]) -> str:
    assert match.answer is not None
    line = match.answer.line
    kind = "procedure" if line.id.startswith("px") else "diagnosis"
    where = next((documents[e.document] for e in line.evidence if e.document in documents), "")
    text = (_MISSING_FIRST if line.id[2:] == "1" else _MISSING)[kind]
    return f"{text} Read again: {where}." if where else text
