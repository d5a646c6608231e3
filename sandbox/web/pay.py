"""The line of a report that says what the claim pays for."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from sandbox.report import Report
from sandbox.web.fragments import fill


def pay(report: Report, shown: bool) -> Markup:
    """The payment line, empty where the claim groups to nothing. ``shown``: the learner has asked for the key."""
    payment = report.payment
    return _pay(_paid(report, payment, shown)) if payment and payment["entered"] else Markup()


@dataclass(frozen=True, slots=True)
class Pay:
    """What the payment line shows; the key's DRG and weight only where the key was asked for.

    ``heavy``: (CC or MCC, its code, whether the principal diagnosis cancels it). ``same``: whether the key has the same
    MS-DRG, None where it has none.
    """

    drg: str
    title: str
    weight: float | None
    heavy: tuple[tuple[str, str, bool], ...]
    problem: str
    same: bool | None
    key_drg: str
    key_weight: float | None


def _paid(report: Report, payment: dict[str, Any], shown: bool) -> Pay:
    entered, key = payment["entered"], payment["key"]
    codes = {pair.entered.id: pair.entered.code for pair in report.pairs if pair.entered}
    return Pay(
        drg=entered["drg"],
        title=entered["title"],
        weight=entered["weight"],
        heavy=tuple([(cc, codes.get(id, id), id in entered["excluded"]) for id, cc in entered["lines"].items() if cc]),
        problem=entered["problem"],
        same=entered["drg"] == key["drg"] if key else None,
        key_drg=key["drg"] if key and shown else "",
        key_weight=key["weight"] if key and shown else None,
    )


@lru_cache(maxsize=512)
def _pay(pay: Pay) -> Markup:
    return fill("learn/_pay.html", pay=pay)
