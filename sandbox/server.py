"""``python run.py``: build what is missing, then serve through waitress, a production server in pure Python."""

import ctypes
import errno
import gc
import ipaddress
import logging
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

import click

from sandbox.answers import key_claim
from sandbox.channel import opened
from sandbox.cli_desk import ROOT, cases_option, data_option
from sandbox.codes import build, editions
from sandbox.codes.codeset import Damaged
from sandbox.judge import NotJudged, judge
from sandbox.store import people, presence
from sandbox.store.database import NotSaved
from sandbox.web import create_app
from sandbox.web.app import LARGEST_FORM, compile_ahead
from sandbox.web.house import House

log = logging.getLogger(__name__)

_GARBAGE: Final = 10_000
"""Objects made before the collector looks: a request leaves hardly any cycles behind."""


_LARGEST_BODY: Final = 16 * LARGEST_FORM
"""Bytes that waitress reads. It refuses more by itself (:class:`sandbox.channel.Refusal`), and less the app does."""


_HEAP: Final = ((-8, 1), (-3, 1024 * 1024), (-1, 1024 * 1024))
"""Settings of glibc's ``malloc.h`` with their values: ``M_ARENA_MAX``, ``M_MMAP_THRESHOLD``, ``M_TRIM_THRESHOLD``."""

_TURN: Final = 0.001
"""Seconds that a thread computes while others wait; Python's own 5 ms are longer than most answers take."""


def _address(context: click.Context, option: click.Parameter, value: str) -> str:
    try:
        return str(ipaddress.ip_address(value)) if value else ""
    except ValueError:
        raise click.BadParameter(f"{value} is no address of a computer, such as 127.0.0.1") from None


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
@click.option(
    "--behind-proxy",
    "proxy",
    default="",
    envvar="SANDBOX_BEHIND_PROXY",
    metavar="ADDRESS",
    callback=_address,
    help="Address of a proxy that speaks HTTPS for this server, such as 127.0.0.1: it is believed where requests come "
    "from, and cookies go over HTTPS only (SANDBOX_BEHIND_PROXY).",
)
@data_option
@cases_option
def run(host: str, port: int, proxy: str, data: Path, folder: Path) -> None:
    """Serve the coding sandbox."""
    _build_codes(data)
    try:
        with presence.serving(data):
            _serve(host, port, proxy, data, folder)
    except (OSError, presence.InUse) as error:
        raise click.ClickException(f"cannot use the data folder {data}: {error}") from error


def _serve(host: str, port: int, proxy: str, data: Path, folder: Path) -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Waiting clients are normal in a classroom; a line for each would drown what matters.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    _one_heap()
    gc.disable()  # until all is loaded: nothing of it is garbage
    try:
        app = create_app(data, folder, SESSION_COOKIE_SECURE=bool(proxy))
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
        server = opened(app, host, port, _LARGEST_BODY, proxy)
    except (OSError, ValueError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        advice = "try another --port, or 0 for a free one" if taken else "is the --host an address of this computer?"
        raise click.ClickException(f"cannot listen on {host}:{port}: {error}; {advice}") from error
    bound = getattr(server, "effective_port", None) or server.effective_listen[0][1]
    address = f"http://{_name(host)}:{bound}"
    link = f"{'https://YOUR-NAME' if proxy else address}/instructor/{token}"
    through = f", for the proxy at {proxy}" if proxy else ""
    click.echo(
        f"The coding sandbox is open at {address}{through}\nInstructor's link (works once): {link}\nCtrl+C stops it."
    )
    sys.stdout.flush()
    compile_ahead(app)
    sender = app.extensions.get("lti-sender")
    try:
        if sender:
            sender.start()
        server.run()
    finally:
        if sender:
            sender.stop()
        parts.close()


def _build_codes(data: Path) -> None:
    """Build the code sets where they are missing, in a process of its own: its 300 MB go back when it ends."""
    if not build.current(data / "codes.db") or editions.stale(data):
        command = [sys.executable, "-m", "sandbox", "--data", str(data.resolve()), "codes", "build"]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
        if done.returncode:
            sys.exit(done.returncode)  # it has said why


def _one_heap() -> None:
    """Have all threads share one heap. The C library gives each its own, and what one has let go of there no other
    uses: with four workers that is a sixth of the memory, and they take turns at the interpreter anyway.

    What is larger than 1 MB goes back to the system at once. Left to itself, the C library keeps what the first hashed
    password has needed, and twice as much."""
    with suppress(AttributeError, OSError, TypeError):  # glibc only; elsewhere there is no such call, or no need
        for name, value in _HEAP:
            ctypes.CDLL(None).mallopt(name, value)


def settle(parts: House) -> None:
    """Judge one case's key, so that the first learner does not wait for what is read once; then put all that is
    loaded out of the garbage collector's sight: walking over it again and again is what makes single answers slow."""
    for file in list(parts.cases.cases().values())[:1]:
        try:
            judge(file, key_claim(file.case), parts.codes, parts.payer)
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
