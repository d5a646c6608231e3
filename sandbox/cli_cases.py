"""``python -m sandbox cases``: the library, drafts for it, and the history that the desk has kept of a file."""

import json
import re
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO, Final

import click

from sandbox.cases.fields import AGE
from sandbox.cli_desk import ROOT, Desk, cases_option
from sandbox.coverage import Coverage, Row, coverage
from sandbox.drafting import DAY, MOST_BYTES, NoDraft, drafts
from sandbox.encounter import SETTINGS

_DAY: Final = click.DateTime(["%Y-%m-%d"])


@click.group()
def cases() -> None:
    """The case library."""


@cases.command("list")
@cases_option
@click.option("--variants", is_flag=True, help="Every encounter of a file, not only its chart as written.")
def list_cases(folder: Path, variants: bool) -> int:
    """One case a line: id, setting, specialty, difficulty, status, title."""
    from sandbox.cases.library import Library

    library = Library(folder)
    for id, file in sorted((library.encounters() if variants else library.cases()).items()):
        c = file.case
        click.echo("\t".join((id, c.setting, c.specialty, str(c.difficulty), c.status, c.title)))
    # The library begins its paths with the name of its folder, wherever that lies.
    there = {entry.path: _there(folder, entry.path) for entry in library.entries()}
    for problem in library.problems():
        message = " ".join(there.get(word, word) for word in problem.message.split(" "))
        click.echo(str(replace(problem, path=_there(folder, problem.path), message=message)), err=True)
    return int(bool(library.problems()))


def _there(folder: Path, shown: str) -> str:
    """A path of the library as one that can be opened from where the command was started."""
    path = folder / Path(shown).relative_to(folder.name)
    return (path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path).as_posix()


@cases.command("coverage")
@cases_option
@click.option("--drafts", is_flag=True, help="Count drafts too, not only what is ready.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def show_coverage(desk: Desk, folder: Path, drafts: bool, form: str) -> int:
    """What the library exercises: settings, specialties, chapters, guideline sections, and what lacks cases."""
    from sandbox.cases.library import Library

    counted = ("ready", "draft") if drafts else ("ready",)
    files = [file for file in Library(folder).cases().values() if file.case.status in counted]
    matrix = coverage(files, desk.codes())
    click.echo(json.dumps(matrix.as_json(), indent=2) if form == "json" else _as_text(matrix))
    return 0


@cases.command("draft")
@click.argument("file", type=click.File("rb"))
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), default=ROOT / "cases" / "drafts")
@click.option("--on", type=_DAY, default=str(DAY), metavar="DATE", show_default=True, help="The draft's last day.")
@click.option("--was", type=_DAY, metavar="DATE", help="The day that a note calls today.")
@click.option("--setting", type=click.Choice(list(SETTINGS)), help="Where the patient was seen.")
@click.option("--specialty", help="The specialty.")
@click.option("--age", metavar="AGE", help="The patient's age, such as '58 years' or '9 days'.")
@click.option("--sex", type=click.Choice(["female", "male", "unknown"]), help="The patient's sex.")
def draft(file: IO[bytes], into: Path, on: datetime, was: datetime | None, **given: str | None) -> int:
    """Make drafts of cases from a note (text), FHIR R4 (JSON, NDJSON) or an X12 837, without identifiers."""
    if given["age"] and not re.fullmatch(AGE, given["age"]):
        message = f"{given['age']!r} is no age such as '58 years', '5 months' or '9 days'"
        raise click.BadParameter(message, param_hint="--age")
    try:
        made = drafts(
            file.read(MOST_BYTES + 1),
            on=on.date(),
            was=was.date() if was else None,
            **{name: text for name, text in given.items() if text},
        )
    except NoDraft as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    into.mkdir(parents=True, exist_ok=True)
    for one in made.made:
        path = into / f"{one.id}.yaml"
        try:
            with path.open("x", encoding="utf-8", newline="\n") as out:
                out.write(one.text)
        except FileExistsError:
            click.echo(f"{path}: there already; left alone")
            continue
        removed = ", ".join(f"{count} {kind}" for kind, count in one.removed.items())
        click.echo(f"{path}: {'replaced ' + removed if removed else 'nothing to replace'}")
        for line in one.said:
            click.echo(f"  {line}")
    for why, count in made.passed.items():
        click.echo(f"passed over: {count}: {why}")
    if made.identical:
        click.echo(f"identical with another one: {made.identical}")
    click.echo(
        "Read every line before anybody else does: no program finds all that may tell who somebody is.", err=True
    )
    return 0


@cases.command()
@click.argument("case_id")
@click.option("--show", type=click.IntRange(1), metavar="NUMBER", help="Print the text of a version, byte for byte.")
@click.pass_obj
def history(desk: Desk, case_id: str, show: int | None) -> int:
    """The versions that the desk has kept, the newest first: number, when (UTC), who, what, bytes."""
    from sandbox.store import versions
    from sandbox.store.database import NotSaved, Store

    path = desk.data / "sandbox.db"
    if not path.is_file():
        raise click.ClickException(f"no sandbox.db in {desk.data}: the desk has kept nothing yet")
    try:
        store = Store(path)
    except NotSaved as error:
        raise click.ClickException(str(error)) from error
    try:
        if show is not None:
            return _print(versions.text(store, case_id, show))
        rows = versions.all(store, case_id)
    except KeyError as error:
        raise click.ClickException(f"{case_id} has no version {show}") from error
    finally:
        store.close()
    for row in rows:
        click.echo("\t".join((str(row["number"]), row["made"], row["name"], row["note"], str(row["size"]))))
    return int(not rows)


def _as_text(matrix: Coverage) -> str:
    def line(row: Row) -> str:
        lacks = f"  (lacks cases: wants {row.wanted})" if row.short else ""
        return f"  {len(row.cases):>3}  {row.name} {row.title}".rstrip() + lacks

    parts = [
        f"{len(matrix.cases)} cases, {matrix.encounters} encounters; {len(matrix.varied)} with variants,"
        f" {len(matrix.with_procedures)} with ICD-10-PCS, {len(matrix.long)} long"
        " (eight or more documents and ten or more diagnoses)"
    ]
    for table in ("settings", "difficulties", "specialties", "chapters"):
        parts += [f"{table}:", *(line(row) for row in getattr(matrix, table))]
    return "\n".join([*parts, "sections:", *(line(row) for row in matrix.sections if row.wanted or row.cases)])


def _print(text: str) -> int:
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    return 0
