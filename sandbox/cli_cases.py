"""``python -m sandbox cases``: the case library."""

import json
from pathlib import Path
from typing import Final

import click

from sandbox.cli_desk import ROOT, Desk
from sandbox.coverage import Coverage, Row, coverage

_FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)
_cases_option = click.option("--cases", "folder", type=_FOLDER, default=ROOT / "cases", help="Folder of the cases.")


@click.group()
def cases() -> None:
    """The case library."""


@cases.command("list")
@_cases_option
@click.option("--variants", is_flag=True, help="Every encounter of a file, not only its chart as written.")
def list_cases(folder: Path, variants: bool) -> int:
    """One case a line: id, setting, specialty, difficulty, status, title."""
    from sandbox.cases.library import Library

    library = Library(folder)
    for id, file in sorted((library.encounters() if variants else library.cases()).items()):
        c = file.case
        click.echo("\t".join((id, c.setting, c.specialty, str(c.difficulty), c.status, c.title)))
    for problem in library.problems():
        click.echo(str(problem), err=True)
    return int(bool(library.problems()))


@cases.command("coverage")
@_cases_option
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


def _as_text(matrix: Coverage) -> str:
    def line(row: Row) -> str:
        return f"  {len(row.cases):>3}  {row.name} {row.title}".rstrip() + ("  (lacks cases)" if row.short else "")

    parts = [
        f"{len(matrix.cases)} cases, {matrix.encounters} encounters; {len(matrix.varied)} with variants,"
        f" {len(matrix.with_procedures)} with ICD-10-PCS, {len(matrix.long)} long"
    ]
    for table in ("settings", "difficulties", "specialties", "chapters"):
        parts += [f"{table}:", *(line(row) for row in getattr(matrix, table))]
    return "\n".join([*parts, "sections:", *(line(row) for row in matrix.sections if row.wanted or row.cases)])
