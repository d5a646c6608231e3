"""An X12 837 → encounters (ASC X12N 005010X222 professional, 005010X223 institutional).

Names, identifiers, addresses and contacts are not read at all.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from sandbox.drafting.material import Coded, Material, NoDraft
from sandbox.drafting.places import PLACES, of_bill, service
from sandbox.encounter import CM, PCS

_ISA: Final = 106
"""The length of the first segment, which tells the separators by its places."""

_DENTAL: Final = "005010X224"
_INSTITUTIONAL: Final = "005010X223"
_ICD9: Final = frozenset({"BK", "BF", "BJ", "BN", "BR", "BQ"})
_FIRST: Final = "ABK"
_MORE: Final = ("ABF", "ABN")
_OPERATIONS: Final = ("BBR", "BBQ")
_POA: Final = 8
_PLACE: Final = re.compile(r"[0-9A-Z]{1,2}")
_STATEMENT, _ADMITTED, _SERVICE = "434", "435", "472"

Segment = list[str]


@dataclass
class _Claim:
    """A claim while its segments are read."""

    institutional: bool
    born: dt.date | None
    sex: str
    place: str
    first: list[Coded] = field(default_factory=list)
    more: list[Coded] = field(default_factory=list)
    operations: list[Coded] = field(default_factory=list)
    services: list[Coded] = field(default_factory=list)
    revenue: list[str] = field(default_factory=list)
    days: list[dt.date] = field(default_factory=list)
    admitted: dt.date | None = None
    status: str = ""
    old: bool = False


def encounters(text: str, passed: Counter[str]) -> list[Material]:
    """The claims of an interchange, in order; why others were passed over is counted in ``passed``.

    Raises :class:`NoDraft` where it has none that a case can be made of.
    """
    found: list[Material] = []
    for claim in _claims(text):
        try:
            found.append(_material(claim))
        except NoDraft as error:
            passed[str(error)] += 1
    if not found:
        raise NoDraft(next(reversed(passed), "this X12 file has no claim (CLM segment); an 837 is expected"))
    return found


def _segments(text: str) -> tuple[list[Segment], str]:
    text = text.strip()
    if len(text) < _ISA or not text.startswith("ISA"):
        raise NoDraft("an X12 file begins with an ISA segment of 106 characters; this one does not")
    element, component, end = text[3], text[104], text[105]
    if element.isalnum() or component.isalnum() or end.isalnum():
        raise NoDraft("the ISA segment is not 106 characters long, so the separators cannot be told")
    return [part.strip("\r\n").split(element) for part in text.split(end) if part.strip()], component


def _claims(text: str) -> Iterator[_Claim]:
    segments, component = _segments(text)
    version, born, sex = "", None, ""
    claim: _Claim | None = None
    for segment in segments:
        name = segment[0]
        if name in ("ST", "GS"):
            version = next((part for part in segment if part.startswith("005010X")), version)
            if version.startswith(_DENTAL):
                raise NoDraft("a dental claim: its codes are licensed (ADA), and no case is made of them")
        elif name == "HL" and claim:
            yield claim
            claim = None
        elif name == "DMG":
            born, sex = _date(_at(segment, 2)), _at(segment, 3)
        elif name == "CLM":
            if claim:
                yield claim
            place = _at(segment, 5).split(component)[0]
            claim = _Claim(version.startswith(_INSTITUTIONAL), born, sex, place)
        elif claim:
            _read(claim, segment, component)
    if claim:
        yield claim


def _read(claim: _Claim, segment: Segment, component: str) -> None:
    name = segment[0]
    if name == "HI":
        for part in segment[1:]:
            _coded(claim, part.split(component))
    elif name == "CL1":
        claim.status = _at(segment, 3)
    elif name == "DTP":
        days = [day for text in _at(segment, 3).split("-") if (day := _date(text))]
        if _at(segment, 1) == _ADMITTED:
            claim.admitted = next(iter(days), None)
        elif _at(segment, 1) in (_STATEMENT, _SERVICE):
            claim.days += days
    elif name in ("SV1", "SV2"):
        where, units = (1, 4) if name == "SV1" else (2, 5)
        claim.revenue += [_at(segment, 1)] if name == "SV2" else []
        kind, _, rest = _at(segment, where).partition(component)
        code, *modifiers = rest.split(component)[:5]
        found = service(code, tuple(filter(None, modifiers)), _whole(_at(segment, units))) if kind == "HC" else None
        claim.services += [found] if found else []


def _coded(claim: _Claim, parts: list[str]) -> None:
    kind, code = parts[0], parts[1] if len(parts) > 1 else ""
    poa = parts[_POA] if len(parts) > _POA and parts[_POA] in tuple("YNUW") else ""
    claim.old = claim.old or kind in _ICD9
    if kind == _FIRST:
        claim.first.append(Coded(code, CM, poa))
    elif kind in _MORE:
        claim.more.append(Coded(code, CM, poa))
    elif kind in _OPERATIONS:
        claim.operations.append(Coded(code, PCS))


def _material(claim: _Claim) -> Material:
    if claim.old and not claim.first:
        raise NoDraft("the claim is coded in ICD-9; a case is coded in ICD-10")
    setting = of_bill(claim.place, claim.revenue) if claim.institutional else PLACES.get(claim.place, "outpatient")
    place = claim.place if _PLACE.fullmatch(claim.place) else "not given"
    known = claim.place in PLACES or claim.institutional
    said = () if known else (f"place of service {place}: check the setting",)
    days = sorted((*claim.days, *filter(None, [claim.admitted])))
    return Material(
        "an X12 837 claim",
        setting,
        claim.born,
        sex={"M": "male", "F": "female"}.get(claim.sex, ""),
        start=claim.admitted or next(iter(days), None),
        end=days[-1] if days else None,
        discharge_status=claim.status,
        diagnoses=(*claim.first, *claim.more),
        procedures=tuple(claim.operations if setting == "inpatient" else claim.services),
        said=said,
    )


def _at(segment: Segment, n: int) -> str:
    return segment[n].strip() if len(segment) > n else ""


def _date(text: str) -> dt.date | None:
    if not re.fullmatch(r"\d{8}(\d{4})?", text):
        return None
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def _whole(text: str) -> int:
    return round(float(text)) if re.fullmatch(r"\d{1,6}(\.\d+)?", text) else 1
