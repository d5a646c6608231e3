"""``python -m sandbox cases``: the library, and the history that the desk has kept of a file."""

import sys
from pathlib import Path
from typing import Final

import click

from sandbox.cli_desk import ROOT, Desk

FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def cases() -> None:
    """The case library."""


@cases.command("list")
@click.option("--cases", "folder", type=FOLDER, default=ROOT / "cases", help="Folder of the cases.")
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


def _print(text: str) -> int:
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    return 0
