"""``python -m sandbox codes import`` and ``codes status``: official files in, and what is loaded."""

import json
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import click

from sandbox.cli_desk import Desk
from sandbox.codes import build
from sandbox.codes.imported import NAME, Official
from sandbox.codes.imported_model import File
from sandbox.codes.importing import days, ncci
from sandbox.codes.importing.kinds import KINDS
from sandbox.codes.importing.run import Report, import_file
from sandbox.codes.importing.safe import Refused
from sandbox.codes.model import day
from sandbox.codes.sources import EDITION
from sandbox.encounter import SYSTEMS

_DAY: Final = click.DateTime(["%Y-%m-%d"])


def _number(context: click.Context, option: click.Parameter, value: Any) -> int:
    """The day of an option as the code sets compare it; 0 where it was not given."""
    return day(value.date()) if value else 0


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "first", type=_DAY, callback=_number, help="First day on which the file holds.")
@click.option("--to", "last", type=_DAY, callback=_number, help="Last day; otherwise the end of its year or quarter.")
@click.option("--system", type=click.Choice(SYSTEMS), default=None, help="Of which system a table of one's own is.")
@click.option("--table", type=click.Choice(ncci.TABLES), default=None, help="For whom an NCCI table is.")
@click.pass_obj
def import_files(
    desk: Desk, files: tuple[Path, ...], first: int, last: int, system: str | None, table: str | None
) -> int:
    """Load official files of CMS and CDC, or a table of one's own, into the data folder."""
    asked = days.Asked(first, last, system or "", table or "")
    refused, changed = 0, False
    for path in files:
        try:
            with _bar(path) as told:
                report = import_file(path, desk.data, asked, told)
        except Refused as why:
            click.echo(f"sandbox: {path}: {_one_line(str(why))}", err=True)
            refused += 1
        else:
            _tell(path, report)
            changed |= not all(each.again for each in report.loaded)
    if changed:
        click.echo("A server that is running sees this after a restart.")
    return int(refused > 0)


class _bar:
    """A progress bar on standard error, for people only: a script reads what goes wrong there, line by line."""

    def __init__(self, path: Path) -> None:
        self._bar: Any = click.progressbar(
            length=path.stat().st_size,
            label=f"  {path.name[:40]}",
            file=sys.stderr,
            hidden=not sys.stderr.isatty(),
            update_min_steps=100_000,
        )

    def __enter__(self) -> Callable[[int], None]:
        update: Callable[[int], None] = self._bar.__enter__().update
        return update

    def __exit__(self, *error: Any) -> None:
        self._bar.__exit__(*error)


def _tell(path: Path, report: Report) -> None:
    for each in report.loaded:
        edition = each.edition
        name = "" if each.name == path.name else f"{each.name}: "
        what = ", ".join(filter(None, (KINDS[edition.kind].title, edition.part, edition.system, edition.edition)))
        state = "were loaded before; nothing has changed" if each.again else "loaded"
        click.echo(f"{path.name}: {name}{what}; {_span(edition.first_day, edition.last_day)}; {each.rows} rows {state}")
        for line in edition.said:
            click.echo(f"{path.name}: {name}{line}")
        for old in each.replaced:
            click.echo(f"{path.name}: {name}in place of {old}")
    for member, why in report.passed:
        click.echo(f"{path.name}: {member}: passed over; {_one_line(why)}")


def _span(first: int, last: int) -> str:
    return f"{days.shown(first)} to {days.shown(last)}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def status(desk: Desk, as_json: bool) -> int:
    """What is bundled, what has been imported for which days, and what is missing for what."""
    with closing(Official(desk.data / NAME)) as official:
        loaded = {kind: [file for file in official.files if file.kind == kind] for kind in KINDS}
    if as_json:
        click.echo(json.dumps(_as_json(loaded), ensure_ascii=False, indent=2))
        return 0
    click.echo(
        f"Bundled: {EDITION} with notes; dates of validity, ICD-10-PCS, MS-DRG; from {', '.join(build.packages())}"
    )
    for kind, about in KINDS.items():
        for file in loaded[kind]:
            what = ", ".join(filter(None, (about.title, file.part, file.system, file.edition)))
            click.echo(f"{what}: {_span(file.first_day, file.last_day)}; {file.rows} rows from {file.name}")
        if not loaded[kind]:
            click.echo(f"{about.title}: not loaded; needed for {about.needed}")
    return 0


def _as_json(loaded: dict[str, list[File]]) -> dict[str, Any]:
    names = ("kind", "part", "system", "edition", "name", "rows", "imported")
    return {
        "bundled": {"edition": EDITION, "packages": build.packages()},
        "files": [
            {
                **{name: getattr(file, name) for name in names},
                "first_day": days.shown(file.first_day),
                "last_day": days.shown(file.last_day),
            }
            for files in loaded.values()
            for file in files
        ],
        "missing": [
            {"kind": kind, "title": KINDS[kind].title, "needed_for": KINDS[kind].needed}
            for kind, files in loaded.items()
            if not files
        ],
    }
