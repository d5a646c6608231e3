"""Six letters that are read from a projector, said aloud and typed."""

import secrets
from typing import Final

LENGTH: Final = 6
ALPHABET: Final = "BCDFGHJKLMNPQRSTVWXZ"
"""Consonants: no letter that is taken for a digit, and no words. 20⁶ = 64 million codes."""


def fresh() -> str:
    """A new code that nobody can guess, such as ``KXRTPB``."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read(typed: str) -> str:
    """The code that was meant by what was typed, in capitals and without spaces or dashes; empty where it is none."""
    letters = "".join(typed.split()).replace("-", "").upper()
    return letters if len(letters) == LENGTH and set(letters) <= set(ALPHABET) else ""
