"""The command line in the process that tests: to start Python and import the program takes longer than most do."""

import io
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner

from sandbox import cli

ROOT = Path(__file__).resolve().parent.parent


class Typed(io.BytesIO):
    """What comes on standard input."""

    name = "<stdin>"


def run(*words: str | Path, stdin: str | bytes = b"", **env: str) -> subprocess.CompletedProcess[str]:
    """``python -m sandbox`` in the project's folder, by its own ``main()``: what it printed, and how it ended.

    Whatever goes wrong otherwise than the command line tells it is raised. What hangs on a process of its own, such as
    a full disk, a signal or the encoding of the machine, is tried with one.
    """
    said = [str(word) for word in words]
    typed = Typed(stdin.encode() if isinstance(stdin, str) else stdin)
    with pytest.MonkeyPatch.context() as patch, chdir(ROOT), CliRunner().isolation(typed, env) as (out, err, _):
        patch.setattr(sys, "argv", ["sandbox", *said])
        try:
            cli.main()
        except SystemExit as end:
            code = end.code
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        stdout, stderr = out.getvalue().decode(), err.getvalue().decode()
    assert isinstance(code, int)
    return subprocess.CompletedProcess(said, code, stdout, stderr)
