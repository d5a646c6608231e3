"""The proposed edits of a case file as a unified diff, which ``patch`` and ``git apply`` understand."""

import difflib

from sandbox.upkeep import Upkeep


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
    before, after = case.text.splitlines(keepends=True), edited(case).splitlines(keepends=True)
    return "".join(difflib.unified_diff(before, after, case.path, case.path))
