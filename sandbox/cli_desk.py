"""What the commands share: the data folder, and the code sets, built when they are not there."""

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NoReturn, TypeVar

import click

from sandbox.codes import build, editions
from sandbox.codes.codeset import CodeSet, Damaged
from sandbox.codes.model import day
from sandbox.codes.shelf import FOLDER

ROOT: Final = Path(__file__).resolve().parent.parent
T = TypeVar("T")

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / "instance",
    envvar="SANDBOX_DATA",
    show_default="instance/",
    help="Folder of codes.db, sandbox.db and the session key (SANDBOX_DATA).",
)

cases_option = click.option(
    "--cases",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=ROOT / "cases",
    envvar="SANDBOX_CASES",
    show_default="cases/",
    help="Folder of the cases (SANDBOX_CASES).",
)

on_option = click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    default="2026-04-01",
    metavar="DATE",
    show_default=True,
    callback=lambda context, option, value: day(value),
    help="The day that picks the edition.",
)


def one_line_errors(command: click.Command) -> NoReturn:
    """Run a command and end the process; what goes wrong is one line on standard error, and exit code 2."""
    try:
        sys.exit(command.main(standalone_mode=False) or 0)
    except click.Abort:
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as error:
        _fail(f"a command is missing; see {error.ctx.command_path if error.ctx else ''} --help")
    except click.ClickException as error:
        _fail(error.format_message())
    except BrokenPipeError:
        sys.exit(0)
    except Damaged as error:
        _fail(f"codes.db cannot be read ({error}); delete it in the data folder, and the next run builds it again")
    except OSError as error:
        # A full disk: what could not be written must not be tried, and complained about, once more on the way out.
        if sys.stdout:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    click.echo(f"sandbox: {' '.join(message.splitlines())}", err=True)
    sys.exit(2)


class Desk:
    """The data folder of a run of the command line."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def codes(self) -> CodeSet:
        """The code sets of the data folder, built first where they are missing."""
        ensure_codes(self.data)
        return CodeSet(self.data / "codes.db")


def ensure_codes(data: Path) -> None:
    """Build ``codes.db`` and the editions beside it where they are missing or out of date; a bar on standard error."""
    path = data / "codes.db"
    try:
        if not build.current(path):
            click.echo(f"Building the code sets in {path} (once, a few seconds) …", err=True)
            build.build(path, _bar)
        if editions.stale(data):
            click.echo(f"Building the editions in {data / FOLDER} anew …", err=True)
            editions.renew(data, _bar)
    except OSError as error:
        raise click.ClickException(f"cannot build {path}: {error}") from error


def _bar(label: str, rows: Sequence[T]) -> Iterable[T]:
    with click.progressbar(rows, label=f"  {label:<14}", file=sys.stderr, update_min_steps=2000) as bar:
        yield from bar
