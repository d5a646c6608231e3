"""``python -m sandbox backup``, ``restore``, ``export`` and ``forget``: the data of learners, whole or one by one."""

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sandbox.cli_desk import Desk

if TYPE_CHECKING:
    from sandbox.store.database import Store
    from sandbox.store.persons import Person

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.pass_obj
def backup(desk: Desk, file: Path, force: bool) -> int:
    """Copy all learners' data into FILE, checked; a server may be running. Keep it where only you can read it."""
    from sandbox.store import copies

    if file.exists() and not force:
        raise click.ClickException(f"{file} is there already; choose another name, or --force to write over it")
    try:
        size = copies.backup(desk.data, file)
    except copies.NoBackup as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{file}: {size} bytes, checked")
    return 0


@click.command()
@click.argument("file", type=_FILE)
@click.pass_obj
def restore(desk: Desk, file: Path) -> int:
    """Put the backup FILE in the place of the present data, which is put aside. No server may be running."""
    from sandbox.store import copies, presence

    try:
        with presence.nobody(desk.data):
            before = copies.restore(file, desk.data)
    except (copies.NoBackup, presence.InUse) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{desk.data}: restored from {file}" + (f"; what was there is now {before.name}" if before else ""))
    return 0


@click.command()
@click.argument("learner")
@click.pass_obj
def export(desk: Desk, learner: str) -> int:
    """Print all that is kept of one LEARNER (an id, a name or an e-mail address that only one has) as JSON.

    Those on a class's list who have not come yet are meant too, by name, id or e-mail as the list has it.

    Before an old id that begins with a dash write two dashes: export -- -x7…
    """
    from sandbox.store import persons

    store = _store(desk)
    try:
        click.echo(json.dumps(persons.export(store, _one(store, learner)), indent=2, ensure_ascii=False))
    finally:
        store.close()
    return 0


@click.command()
@click.argument("learner")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def forget(desk: Desk, learner: str, yes: bool) -> int:
    """Delete all that is kept of one LEARNER (an id, or a whole name or e-mail address, if only one has it).

    Those on a class's list who have not come yet are meant too, by name, id or e-mail as the list has it. Backups keep
    it all.
    """
    from sandbox.store import copies, persons
    from sandbox.store.database import NotSaved

    store = _store(desk)
    try:
        id = _one(store, learner, whole=True)
        if not yes:
            click.confirm(f"Delete everything of {id} for good?", abort=True, err=True)
        alike = persons.alike(store, id)
        gone = persons.forget(store, id)
    except NotSaved as error:
        raise click.ClickException(f"nothing was deleted: {error}") from error
    except persons.Traces as error:
        advice = "stop the server, then make a backup and restore it"
        raise click.ClickException(f"deleted, but the file could not be written anew ({error}): {advice}") from error
    finally:
        store.close()
    click.echo(", ".join(f"{rows} of {table}" for table, rows in gone.items()) + " deleted")
    if alike:
        click.echo(f"kept, on a list under the same name, id or e-mail address: {'; '.join(map(_told, alike))}")
    if kept := copies.own(desk.data):
        names = ", ".join(str(path.relative_to(desk.data)) for path in kept)
        click.echo(f"copies from before that may still hold it, in {desk.data}: {names}")
    return 0


def _store(desk: Desk) -> "Store":
    from sandbox.store.database import NotSaved, Store

    path = desk.data / "sandbox.db"
    if not path.is_file():
        raise click.ClickException(f"there is no {path}")
    try:
        return Store(path)
    except NotSaved as error:
        raise click.ClickException(str(error)) from error


def _one(store: "Store", words: str, whole: bool = False) -> str:
    """The id of the only person that is meant: by id, by the whole name (or id or e-mail of a list), or by a part of it
    unless it is to be ``whole``. Raises ClickException where there is none, or more than one."""
    from sandbox.store import persons

    found = persons.find(store, words)
    by_id = [one for one in found if one.id == words]
    by_name = [one for one in found if one.is_called(words)]
    meant = by_id or by_name or ([] if whole else found)
    if len(meant) == 1:
        return meant[0].id
    if not found:
        raise click.ClickException(f"no learner, and nobody on a list, has the id, name or e-mail address {words!r}")
    several = "; ".join(map(_told, (meant or found)[:10]))
    if not meant:
        raise click.ClickException(
            f"nobody has exactly this id or name; give the id if one of these is meant: {several}"
        )
    raise click.ClickException(f"{len(meant)} are called so; give the id: {several}")


def _told(one: "Person") -> str:
    where = f", on the list of {one.on_list}, not come yet" if one.on_list else ""
    return f"{shlex.quote(one.id)} ({one.name}, {one.since[:10]}{where})"


COMMANDS = (backup, restore, export, forget)
