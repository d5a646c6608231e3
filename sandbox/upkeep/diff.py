"""The proposed edits of a case file as a unified diff, which ``patch`` and ``git apply`` understand."""

import difflib
import io
from typing import Final

from sandbox.upkeep import Upkeep

_NO_END: Final = "\\ No newline at end of file\n"


def edited(case: Upkeep) -> str:
    """The file with every proposed edit made at its place; all else stays as it is, comments and order too."""
    lines = case.text.splitlines(keepends=True)
    edits = {(change.line, change.column, *change.edit) for change in case.changes if change.edit}
    for line, column, old, new in sorted(edits, reverse=True):  # from behind, so that columns stay right
        text = lines[line - 1]
        at = text.find(old, column - 1)
        if at >= 0:
            lines[line - 1] = text[:at] + new + text[at + len(old) :]
    return "".join(lines)


def diff(case: Upkeep) -> str:
    """The edits as a unified diff with the path of the file; empty where none is proposed."""
    paths = case.path, case.path
    # To git a line ends with "\n" and with nothing else.
    before, after = (list(io.StringIO(text, newline="\n")) for text in (case.text, edited(case)))
    return "".join(
        line if line.endswith("\n") else f"{line}\n{_NO_END}" for line in difflib.unified_diff(before, after, *paths)
    )
