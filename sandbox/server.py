"""``python run.py``: build what is missing, then serve through waitress, a production server in pure Python."""

import errno
import gc
import logging
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

import click
import waitress

from sandbox.answers import key_claim
from sandbox.cli_desk import ROOT, cases_option, data_option
from sandbox.codes import build, editions
from sandbox.codes.codeset import Damaged
from sandbox.judge import NotJudged, judged
from sandbox.store import people
from sandbox.store.database import NotSaved
from sandbox.web import create_app
from sandbox.web.app import LARGEST_FORM
from sandbox.web.house import House

log = logging.getLogger(__name__)

THREADS: Final = 8
"""More threads only take turns at the same interpreter; eight keep one slow disk from holding up the rest."""


_GARBAGE: Final = 10_000
"""Objects made before the collector looks: a request leaves hardly any cycles behind."""


_LARGEST_BODY: Final = 16 * LARGEST_FORM
"""Bytes that waitress reads. It refuses more in a line of plain text; what is less the app refuses with a page."""


_TURN: Final = 0.001
"""Seconds that a thread computes while others wait; Python's own 5 ms are longer than most answers take."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--host", default="127.0.0.1", envvar="SANDBOX_HOST", show_default=True, help="Address (SANDBOX_HOST).")
@click.option(
    "--port",
    default=8000,
    envvar="SANDBOX_PORT",
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port; 0 takes a free one (SANDBOX_PORT).",
)
@data_option
@cases_option
def run(host: str, port: int, data: Path, folder: Path) -> None:
    """Serve the coding sandbox."""
    _build_codes(data)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Waiting clients are normal in a classroom; a line for each would drown what matters.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    gc.disable()  # until all is loaded: nothing of it is garbage
    try:
        app = create_app(data, folder)
        parts: House = app.extensions["sandbox"]
        token = people.new_link(parts.store)
    except (OSError, ValueError, NotSaved) as error:
        raise click.ClickException(f"cannot use the data folder {data}: {error}") from error
    try:
        settle(parts)
    except Damaged as error:
        advice = f"delete {data / 'codes.db'}, and the next start builds it again"
        raise click.ClickException(f"the code sets cannot be read ({error}); {advice}") from error
    try:
        server = waitress.create_server(
            app, host=host, port=port, threads=THREADS, connection_limit=1000, max_request_body_size=_LARGEST_BODY
        )
    except (OSError, ValueError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        advice = "try another --port, or 0 for a free one" if taken else "is the --host an address of this computer?"
        raise click.ClickException(f"cannot listen on {host}:{port}: {error}; {advice}") from error
    # A name such as localhost may stand for two addresses, and then there are two sockets.
    bound = getattr(server, "effective_port", None) or server.effective_listen[0][1]
    address = f"http://{_name(host)}:{bound}"
    link = f"{address}/instructor/{token}"
    click.echo(f"The coding sandbox is open at {address}\nInstructor's link (works once): {link}\nCtrl+C stops it.")
    sys.stdout.flush()
    try:
        server.run()
    finally:
        parts.close()


def _build_codes(data: Path) -> None:
    """Build the code sets where they are missing, in a process of its own: its 300 MB go back when it ends."""
    if not build.current(data / "codes.db") or editions.stale(data):
        command = [sys.executable, "-m", "sandbox", "--data", str(data.resolve()), "codes", "build"]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
        if done.returncode:
            sys.exit(done.returncode)  # it has said why


def settle(parts: House) -> None:
    """Judge one case's key, so that the first learner does not wait for what is read once; then put all that is
    loaded out of the garbage collector's sight: walking over it again and again is what makes single answers slow."""
    for file in list(parts.cases.cases().values())[:1]:
        try:
            judged(file, key_claim(file.case), parts.codes, parts.payer)
        except NotJudged as error:
            if isinstance(cause := _first_cause(error), Damaged):
                raise cause from error
            # One case that cannot be judged keeps no class waiting: its learners and the inbox will be told.
            log.exception("the key of %s could not be judged", file.id)
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(_GARBAGE, 50, 50)
    # Whoever comes back from the disk holds the one lock of all writers: let it go on soon.
    sys.setswitchinterval(_TURN)


def _first_cause(error: BaseException) -> BaseException:
    while before := error.__cause__ or error.__context__:
        error = before
    return error


def _name(host: str) -> str:
    """What to type in a browser: a server on all addresses is reached by the machine's name."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host
