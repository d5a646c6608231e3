"""How often something may be done: sign in, join by a code, search, write, report. Kept in memory, gone with a restart.

A class of 300 may sit behind one address, so what an address may do is counted in hundreds and thousands; what one
browser or one account may do is counted in what a person can do.
"""

import ipaddress
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from flask import Flask, current_app, request, session
from limits import RateLimitItem, parse
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from sandbox.web.window import Moments

ACCOUNT, LEARNER, ADDRESS = "account", "learner", "address"


@dataclass(frozen=True)
class Limit:
    """So many times in so long (``5 per 15 minutes``), for each account, each browser (``learner``) or each address."""

    by: str
    times: RateLimitItem


def _limits(**by: str) -> tuple[Limit, ...]:
    return tuple(Limit(one, parse(times)) for one, times in by.items())


LIMITS: Final = {
    # Only failures count: whoever knows the password comes in, however many share the address.
    "signin": _limits(account="5 per 15 minutes", address="600 per 15 minutes"),
    # Only codes that do not exist: six letters make 64 million, and few are in use. Where the board shows a wrong
    # one, each of 300 learners tries it a few times, and must not close the door for the right one.
    "join_class": _limits(learner="15 per 10 minutes", address="1500 per 10 minutes"),
    "join_lab": _limits(learner="15 per 10 minutes", address="1500 per 10 minutes"),
    # A link that is used up may have been sent to all of them.
    "link": _limits(learner="15 per 10 minutes", address="3000 per 10 minutes"),
    # Ten a second for a minute: nobody types so. 300 who type at once make some hundred a second.
    "search": _limits(learner="600 per minute", address="30000 per minute"),
    "post": _limits(learner="30 per 10 minutes", address="3000 per 10 minutes"),
    # For each learner the inbox counts (``problems.MOST``), and keeps counting over a restart.
    "report": _limits(address="600 per hour"),
    # A login and a launch for each visit from a school's system; a class comes from one address.
    "lti": _limits(address="6000 per 10 minutes"),
    # Learners that are new in the database.
    "guest": _limits(address="2000 per hour"),
}
"""What is done → how often. ``learner`` is the browser's cookie; browsers without one share what one may do."""

ROUTES: Final = {
    "reference.suggest": "search",
    "reference.search_rules": "search",
    "teach.search": "search",
    "learn.home": "search",
    "reference.rules": "search",
    "book.home": "search",
    "bookguide.page": "search",
    "bookindex.index": "search",
    "bookindex.build": "search",
    "bookwords.words": "search",
    "problems.case": "report",
    "problems.attempt": "report",
}
"""Endpoint → what each request counts as: a POST, or a GET that asks with ``q``. Elsewhere the page itself counts."""


WORDS: Final = {
    "signin": (
        "That was tried too often",
        "To keep others from guessing, signing in pauses after several wrong passwords. Try again {when}. Your "
        "instructor can give you a new password or PIN at once.",
    ),
    "join_class": ("Too many codes that do not exist", "Look at the code once more, and try again {when}."),
    "join_lab": ("Too many codes that do not exist", "Look at the code once more, and try again {when}."),
    "link": ("Too many links that do not work", "Try again {when}, with a fresh link: each works once."),
    "search": (
        "That was a great deal of searching",
        "You can search again {when}. Your codes are not affected.",
    ),
    "post": ("You have written a great deal", "What you wrote before is kept. Send this {when}."),
    "report": ("Many reports have come in", "They are all kept. Send this one again {when}."),
    "lti": ("Very many come from your school's system just now", "Open the link in your course again {when}."),
    "guest": ("Many have begun here within an hour", "Whoever has begun goes on as before. Try again {when}."),
}
"""What is done → (what is wrong, what to do)."""


class TooMany(TooManyRequests):
    """Something was done too often (429). ``what``: its name in the table; ``seconds``: until it may be done again."""

    def __init__(self, name: str, seconds: int) -> None:
        super().__init__(retry_after=seconds)
        self.what, self.seconds = name, seconds


class Limiter(MovingWindowRateLimiter):
    """Moving windows over moments kept in memory, and how long they are to be waited for."""

    def __init__(self, moments: Moments) -> None:
        super().__init__(moments)
        self._moments = moments

    def wait(self, item: RateLimitItem, *identifiers: str) -> int:
        """Whole seconds until the first of those that count counts no more; at least one."""
        return max(1, math.ceil(self.get_window_stats(item, *identifiers).reset_time - self._moments.now()))


def init_app(app: Flask, moments: Moments | None = None) -> None:
    """Count what the table ``ROUTES`` names. ``moments`` may have a clock of its own (tests)."""
    app.extensions["limits"] = Limiter(moments or Moments())

    @app.before_request
    def count() -> None:
        name = ROUTES.get(request.endpoint or "")
        if name and (request.method == "POST" or request.args.get("q")):
            hit(name)


def hit(name: str, account: str = "") -> None:
    """Count one more; raise TooMany where that is one too many."""
    for limit, key in _keys(name, account):
        if not _limiter().hit(limit.times, name, key):
            raise TooMany(name, _limiter().wait(limit.times, name, key))


def check(name: str, account: str = "") -> None:
    """Raise TooMany where no more is allowed; count nothing. Before a password or code is read."""
    for limit, key in _keys(name, account):
        if not _limiter().test(limit.times, name, key):
            raise TooMany(name, _limiter().wait(limit.times, name, key))


def failed(name: str, account: str = "") -> None:
    """Count a failure, after :func:`check`; the next check says when it was one too many."""
    for limit, key in _keys(name, account):
        _limiter().hit(limit.times, name, key)


def forgive(name: str, account: str) -> None:
    """Forget the failures of an account that has signed in, or whose password was set anew; not those of an address."""
    for limit, key in _keys(name, account):
        if limit.by == ACCOUNT:
            _limiter().clear(limit.times, name, key)


def when(seconds: int) -> str:
    """How long to wait, as people say it: ``in 40 seconds``, ``in 3 minutes``; never less than it is."""
    count, unit = (seconds, "second") if seconds < 100 else (math.ceil(seconds / 60), "minute")
    return f"in {count} {unit}{'' if count == 1 else 's'}"


def _keys(name: str, account: str) -> Iterator[tuple[Limit, str]]:
    if not account and any(limit.by == ACCOUNT for limit in LIMITS[name]):
        raise ValueError(f"{name} is counted by account")
    keys = {ACCOUNT: account.strip().casefold(), LEARNER: _browser(), ADDRESS: network(request.remote_addr or "")}
    return ((limit, f"{limit.by} {keys[limit.by]}") for limit in LIMITS[name])


def _browser() -> str:
    # A browser that has been given a form has the key of its forms, if nothing else yet.
    return str(session.get("learner") or session.get("csrf_token") or f"of {network(request.remote_addr or '')}")


@lru_cache(maxsize=4096)
def network(address: str) -> str:
    """Whose address it is: with IPv6 a household or a machine has 2 to the 64 of them, and they count as one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address) or found.ipv4_mapped:
        return str(getattr(found, "ipv4_mapped", None) or found)
    return str(ipaddress.ip_network((found, 64), strict=False))


def _limiter() -> Limiter:
    found: Limiter = current_app.extensions["limits"]
    return found
