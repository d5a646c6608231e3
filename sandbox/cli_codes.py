"""``python -m sandbox codes …``: search, show, report, build; import and status stand in a module of their own."""

import json
import sys

import click

from sandbox import cli_import, cli_index
from sandbox.cli_desk import Desk, on_option
from sandbox.codes import build, notes, pcs, search
from sandbox.codes.codeset import CodeSet
from sandbox.codes.importing.days import OPEN
from sandbox.codes.model import Code, Note
from sandbox.encounter import CM, CPT, HCPCS, PCS

SYSTEMS = {"cm": CM, "pcs": PCS, "hcpcs": HCPCS, "cpt": CPT}


@click.group()
def codes() -> None:
    """The code sets."""


codes.add_command(cli_import.import_files)
codes.add_command(cli_import.status)
codes.add_command(cli_index.index)


@codes.command("build")
@click.pass_obj
def build_codes(desk: Desk) -> int:
    """Build codes.db, if it is missing or out of date."""
    edition = desk.codes().edition
    click.echo(f"{desk.data / 'codes.db'}: {edition}; {build.fingerprint()}")
    return 0


@codes.command("search")
@click.argument("words", nargs=-1)
@click.option("--system", type=click.Choice(list(SYSTEMS)), default="cm", show_default=True)
@click.option("--limit", type=click.IntRange(1, 200), default=12, show_default=True)
@click.option("--batch", is_flag=True, help="Queries from standard input, one a line; JSON lines out.")
@on_option
@click.pass_obj
def search_codes(desk: Desk, words: tuple[str, ...], system: str, limit: int, batch: bool, on: int) -> int:
    """Ranked results, one a line, the code first."""
    if bool(words) == batch:
        raise click.UsageError("give WORDS, or --batch and queries on standard input")
    found = desk.codes().at(on)
    # What was imported keeps its own days, some of them ended: all of it is listed.
    day = on if system in ("cm", "pcs") else None
    if day is None and not found.official.tables(SYSTEMS[system]):
        raise click.UsageError(f"no table of {SYSTEMS[system]} is loaded; `python -m sandbox codes import` loads one")
    if not batch:
        hits = search.search(found, " ".join(words), SYSTEMS[system], limit, day)
        for hit in hits:
            click.echo(f"{hit.code.shown:<10}{hit.code.title or '(title not in the loaded files)'}{_note(hit.note)}")
        return int(not hits)
    for line in sys.stdin:
        query = line.rstrip("\r\n")
        hits = search.search(found, query, SYSTEMS[system], limit, day)
        click.echo(json.dumps({"query": query, "codes": [hit.code.shown for hit in hits]}, ensure_ascii=False))
    return 0


def _note(note: str) -> str:
    return f"  ({note})" if note else ""


@codes.command()
@click.argument("code")
@on_option
@click.pass_obj
def show(desk: Desk, code: str, on: int) -> int:
    """All that is known about a code: title, dates, place, notes with the codes they name, 7th characters, children."""
    found = desk.codes().at(on)
    code = " ".join(code.encode(errors="replace").decode().split())  # no half character, and one line
    entries = [entry for system in (CM, PCS, HCPCS) if (entry := found.get(code, system))]
    modifiers = found.official.modifier(code)
    if not (entries or modifiers):
        click.echo(f"sandbox: {code} is in neither ICD-10-CM nor ICD-10-PCS, nor in an imported table", err=True)
        return 1
    for entry in entries:
        _show(found, entry)
    for each in modifiers:
        _show_one(each)
    return 0


def _show(codes: CodeSet, entry: Code) -> None:
    _show_one(entry)
    for each in pcs.explain(codes.official, entry.key) if entry.system == PCS else ():
        meaning = f"{each.char} {each.label}{': ' if each.definition else ''}{each.definition}"
        click.echo(f"  character {each.place} ({each.title}): {meaning}")
    for key in entry.path[1:]:
        above = codes.get(key)
        click.echo(f"  in {above.shown if above else key}  {above.title if above else ''}")
    for note in codes.notes(entry.key) if entry.system == CM else ():
        named = f"  -> {', '.join(target.shown for target in note.targets)}" if note.targets else ""
        click.echo(f"  {note.kind} (at {_at(codes, note)}): {note.text}{named}")
    for char, meaning in codes.seventh(entry.key).items() if entry.system == CM else ():
        click.echo(f"  7th character {char}: {meaning}")
    for child in codes.children(entry.key, system=entry.system):
        click.echo(f"  > {child.shown}  {child.title}")


def _at(codes: CodeSet, note: Note) -> str:
    """Where a note stands, as people write it: a chapter or block by its key."""
    above = codes.get(note.at)
    return above.shown if above else note.at


def _show_one(entry: Code) -> None:
    click.echo(f"{entry.shown}  {entry.title or '(title not in the loaded files)'}  [{entry.system}, {entry.kind}]")
    for span in entry.spans:
        flags = f"  MCE: {', '.join(sorted(span.flags))}" if span.flags else ""
        last = _day(span.last) if span.last < OPEN else "(no end yet)"
        click.echo(f"  valid {_day(span.first)} to {last}{flags}")


def _day(number: int) -> str:
    return f"{number // 10000}-{number // 100 % 100:02}-{number % 100:02}"


@codes.command()
@on_option
@click.pass_obj
def report(desk: Desk, on: int) -> int:
    """What the note parser understands, kind by kind, and the notes that it does not."""
    found = desk.codes().at(on)
    totals: dict[str, list[int]] = {}
    lost = []
    for note in found.all_notes():
        if note.kind not in notes.POINTING or not (note.targets or notes.names_code(note.text)):
            continue
        counts = totals.setdefault(note.kind, [0, 0])
        counts[0] += 1
        counts[1] += bool(note.targets)
        if not note.targets:
            lost.append(note)
    click.echo(f"{found.edition}; {found.count(on, CM)} codes, {found.count(on, PCS)} in ICD-10-PCS")
    for kind, (total, read) in totals.items():
        click.echo(f"{kind:<20}{read} of {total} notes that show a code are understood ({100 * read / total:.1f} %)")
    for note in lost:
        click.echo(f"not understood: {note.kind} at {_at(found, note)}: {note.text}")
    return 0
