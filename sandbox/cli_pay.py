"""What ``check`` says about payment, for programs and people: the MS-DRG, what each line does, the risk score."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import click

from sandbox.codes.codeset import CodeSet
from sandbox.encounter import Claim

SEGMENTS: Final = ("community-nondual", "community-partial", "community-full", "institutional")
"""Those of :data:`sandbox.payment.hcc_words.SEGMENTS`; that module lies beside the grouper, which comes in later."""

segment = click.option(
    "--hcc-segment", type=click.Choice(SEGMENTS), default=SEGMENTS[0], show_default=True, help="Who is asked about."
)


def asker(codes: CodeSet, *, drg: bool, lines: bool, hcc: bool, hcc_segment: str) -> Callable[[Claim], dict[str, Any]]:
    """A function claim → ``payment`` (where ``drg`` is asked for) and ``hcc``.

    ``lines``: with ``effects``, what becomes of the claim without each line.
    """
    if lines and not drg:
        raise click.UsageError("--lines tells what each line does for the MS-DRG, which --no-payment leaves out")
    if not drg and not hcc:
        return lambda claim: {}
    from sandbox.payment import Payer
    from sandbox.payment.effects import effects
    from sandbox.payment.hcc import risk

    payer = Payer(codes)

    def ask(claim: Claim) -> dict[str, Any]:
        out: dict[str, Any] = {}
        if drg:
            paid = out["payment"] = payer.explain(claim)
            if paid and lines:
                paid["effects"] = effects(payer, claim, paid)
        if hcc:
            out["hcc"] = risk(claim, codes, hcc_segment)
        return out

    return ask


def as_text(result: Mapping[str, Any]) -> Iterator[str]:
    """The lines for people."""
    paid, risk = result.get("payment"), result.get("hcc")
    if paid and paid.get("drg"):
        weight = f", weight {paid['weight']}" if paid["weight"] is not None else ", weight not loaded for this year"
        yield f"MS-DRG {paid['drg']} {paid['title']}{': ' + paid['problem'] if paid['problem'] else weight}"
        if "effects" in paid:
            yield from paid["path"]["steps"] if paid["path"] else ()
            yield from (f"{id}: {effect['says']}" for id, effect in paid["effects"].items())
    if risk:
        yield from _risk(risk)


def _risk(risk: Mapping[str, Any]) -> Iterator[str]:
    if risk["problem"]:
        yield f"{risk['model']}: {risk['problem']}"
        return
    for id, hccs in risk["lines"].items():
        yield from (f"{id}: HCC {row['hcc']} {row['label']}, {_worth(row)}" for row in hccs)
    yield f"{risk['model']} risk score {risk['score']:.3f} ({risk['segment_label']}): {risk['formula']}"


def _worth(row: Mapping[str, Any]) -> str:
    if row["counts"]:
        return f"{row['coefficient']:.3f}"
    return f"dropped by HCC {', '.join(row['dropped_by'])}" if row["dropped_by"] else "does not count"
