"""``python -m sandbox codes index``: the imported Alphabetic Index and its tables, by words."""

from contextlib import closing
from typing import Final

import click

from sandbox.cli_desk import Desk, on_option
from sandbox.codes.alphabetic import Entry, Indexes
from sandbox.codes.imported import NAME, Official
from sandbox.codes.index_file import KINDS

_TABLES: Final = ("neoplasm", "drugs", "external", "index")


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--table", type=click.Choice(_TABLES), default="index", show_default=True, help="Which of the indexes.")
@click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True)
@on_option
@click.pass_obj
def index(desk: Desk, words: tuple[str, ...], table: str, limit: int, on: int) -> int:
    """The terms of an imported index whose way holds all the words, one a line: way, codes, and where a see leads."""
    with closing(Official(desk.data / NAME)) as official:
        indexes = Indexes(official)
        if indexes.file(table, on) is None:
            raise click.ClickException(f"the {KINDS[table]} is not loaded; see: python -m sandbox codes import --help")
        found = indexes.search(table, " ".join(words), on, limit)
        for entry in found:
            click.echo(_line(indexes, entry, on))
    return int(not found)


def _line(indexes: Indexes, entry: Entry, on: int) -> str:
    """``Fall > due to > slipping  W01.0``; the cells of a table follow with the headings of their columns."""
    parts = [" > ".join((*entry.way, entry.title))]
    if entry.code or entry.manif:
        parts.append(" ".join(filter(None, (entry.code, entry.manif and f"[{entry.manif}]"))))
    if entry.category:
        parts.append(f"see category {entry.category}")
    parts += [f"{word} {text}" for word, text in (("see", entry.see), ("see also", entry.see_also)) if text]
    parts += [f"-> {_reached(reached.entry, reached.rest)}" for reached in indexes.resolve(entry, on)]
    if entry.cells:
        parts.append("; ".join(f"{heading}: {code}" for heading, code in entry.cells))
    return "  ".join(parts)


def _reached(entry: Entry, rest: str) -> str:
    name = " > ".join((*entry.way, entry.title))
    codes = f" {entry.code}" if entry.code else ""
    return f"{name}{codes}" + (f" ({rest})" if rest else "")
