"""Passwords and PINs, kept as argon2id (RFC 9106)."""

import secrets
import threading
from itertools import pairwise
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LONGEST: Final = 200
SHORTEST: Final = {"learner": 6, "staff": 10}
"""Characters that a secret needs: a learner's may be a PIN, for guessing is throttled."""

_HASHER: Final = PasswordHasher(time_cost=5, memory_cost=7 * 1024, parallelism=1)
"""7 MiB and five passes: one of the settings that the OWASP cheat sheet on password storage holds equal. A class that
signs in at once must fit into a laptop's memory."""
_ONE: Final = threading.Lock()
"""Held while a secret is hashed. Each takes 7 MiB and a core; the other core is for those who work already."""


def kept(secret: str) -> str:
    """What is kept of a secret."""
    with _ONE:
        return _HASHER.hash(secret)


def fits(secret: str, kept: str) -> bool:
    """Whether the secret is the one that was kept. Takes as long where nothing was kept."""
    try:
        with _ONE:
            return _HASHER.verify(kept or _NOBODYS, secret[:LONGEST]) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def outdated(kept: str) -> bool:
    """Whether it was kept with other settings than today's."""
    return _HASHER.check_needs_rehash(kept)


def objection(secret: str, again: str, role: str, known: tuple[str, ...] = ()) -> str:
    """What speaks against a new secret, as a sentence, or empty. ``role``: of :data:`SHORTEST`; ``known``: what others
    know of the person (name, number, e-mail)."""
    shortest = SHORTEST[role]
    if len(secret) < shortest:
        return f"It needs at least {shortest} characters."
    if len(secret) > LONGEST:
        return f"It may have at most {LONGEST} characters."
    if secret != again:
        return "The two entries differ."
    if len(set(secret)) < _DIFFERENT or _in_a_row(secret):
        return "It is too easy to guess: use more different characters, and no row such as 123456."
    if secret.casefold() in {word.casefold() for word in known if word}:
        return "It is your name, number or e-mail address, which others know. Choose something else."
    return ""


_DIFFERENT: Final = 3


def _in_a_row(secret: str) -> bool:
    steps = {ord(b) - ord(a) for a, b in pairwise(secret)}
    return len(steps) == 1 and steps <= {-1, 0, 1}


_NOBODYS: Final = _HASHER.hash(secrets.token_urlsafe(16))
"""Checked in place of a secret that is not there, so that the time does not tell who is."""
