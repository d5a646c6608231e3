"""The server under load: the sandbox, and beside it the *floor*, the least that any such page must do.

The floor is a bare Flask route that reads a signed session, counts the learner's attempts, compares two sets, inserts
one row with ``synchronous=FULL`` and renders a ten-line fragment. Both run in one waitress, on the same port.
"""

import logging
import sqlite3
import sys
import threading
from pathlib import Path

from flask import Flask, render_template, request, session
from jinja2 import DictLoader
from werkzeug.middleware.dispatcher import DispatcherMiddleware

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sandbox.channel import opened
from sandbox.server import settle
from sandbox.web import create_app

FRAGMENT = """<section id="feedback">
  <p>Attempt {{ number }}</p>
  <p>{{ right | length }} right</p>
  <ul>
  {% for code in right %}<li>{{ code }}</li>{% endfor %}
  </ul>
  <ul>
  {% for code in wrong %}<li>{{ code }}</li>{% endfor %}
  </ul>
</section>"""
KEY = {"M80.052A", "D62", "I12.9", "N18.32", "E03.9", "Z79.83", "W01.0XXA", "Y92.012", "Y93.E8", "Y99.8"}


def floor(data: Path) -> Flask:
    """The floor as an app of its own."""
    app = Flask("floor")
    app.secret_key = b"floor"
    app.jinja_loader = DictLoader({"fragment.html": FRAGMENT})
    local, lock = threading.local(), threading.Lock()

    def database() -> sqlite3.Connection:
        if not hasattr(local, "db"):
            local.db = sqlite3.connect(data / "floor.db", isolation_level=None, timeout=5)
            local.db.execute("PRAGMA synchronous=FULL")
        return local.db

    first = database()
    first.execute(
        "CREATE TABLE IF NOT EXISTS attempts (id INTEGER PRIMARY KEY, learner TEXT, codes TEXT, right INTEGER)"
    )
    first.execute("CREATE INDEX IF NOT EXISTS by_learner ON attempts (learner)")
    first.execute("PRAGMA journal_mode=WAL")

    @app.get("/")
    def sign_in() -> str:
        session["learner"] = request.args["name"]
        return ""

    @app.post("/")
    def answer() -> str:
        learner, codes = session["learner"], set(request.form.getlist("dx_code"))
        db = database()
        (number,) = db.execute("SELECT count(*) FROM attempts WHERE learner = ?", (learner,)).fetchone()
        right, wrong = codes & KEY, codes - KEY
        with lock:
            db.execute("BEGIN IMMEDIATE")
            db.execute(
                "INSERT INTO attempts (learner, codes, right) VALUES (?, ?, ?)", (learner, " ".join(codes), len(right))
            )
            db.execute("COMMIT")
        return render_template("fragment.html", number=number + 1, right=right, wrong=wrong)

    return app


def main() -> None:
    data, port = Path(sys.argv[1]), int(sys.argv[2])
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    app = create_app(data)
    settle(app.extensions["sandbox"])
    whole = DispatcherMiddleware(app.wsgi_app, {"/floor": floor(data).wsgi_app})
    server = opened(whole, "127.0.0.1", port, 1 << 20)
    print("open", flush=True)
    server.run()


if __name__ == "__main__":
    main()
