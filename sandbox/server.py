"""``python run.py``: build what is missing, then serve through waitress, a production server in pure Python."""

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
from sandbox.cli_desk import ROOT, data_option
from sandbox.codes import build
from sandbox.judge import judged
from sandbox.store import people
from sandbox.web import create_app
from sandbox.web.house import House

THREADS: Final = 8
"""More threads only take turns at the same interpreter; eight keep one slow disk from holding up the rest."""


_GARBAGE: Final = 10_000
"""Objects made before the collector looks: a request leaves hardly any cycles behind."""


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
def run(host: str, port: int, data: Path) -> None:
    """Serve the coding sandbox."""
    _build_codes(data)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Waiting clients are normal in a classroom; a line for each would drown what matters.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    app = create_app(data)
    parts: House = app.extensions["sandbox"]
    settle(parts)
    try:
        server = waitress.create_server(app, host=host, port=port, threads=THREADS, connection_limit=1000)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"cannot listen on {host}:{port}: {error}; try --port {port + 1}") from error
    address = f"http://{_name(host)}:{server.effective_port}"
    link = f"{address}/instructor/{people.new_link(parts.store)}"
    click.echo(f"The coding sandbox is open at {address}\nInstructor's link (works once): {link}\nCtrl+C stops it.")
    sys.stdout.flush()
    try:
        server.run()
    finally:
        parts.close()


def _build_codes(data: Path) -> None:
    """Build the code sets where they are missing, in a process of its own: its 300 MB go back when it ends."""
    if not build.current(data / "codes.db"):
        command = [sys.executable, "-m", "sandbox", "--data", str(data.resolve()), "codes", "build"]
        if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL).returncode:  # noqa: S603 - our own program
            raise click.ClickException("the code sets could not be built; see above")


def settle(parts: House) -> None:
    """Judge one case's key, so that the first learner does not wait for what is read once; then put all that is
    loaded out of the garbage collector's sight: walking over it again and again is what makes single answers slow."""
    for file in list(parts.cases.cases().values())[:1]:
        judged(file, key_claim(file.case), parts.codes, parts.payer)
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GARBAGE, 50, 50)


def _name(host: str) -> str:
    """What to type in a browser: a server on all addresses is reached by the machine's name."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host
