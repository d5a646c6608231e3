"""Whether a text could give the answer of a case away to somebody whose own attempt is not in yet.

It looks for codes, whichever they are, and knows no key: a post that stayed open because its guess is wrong would tell
as much as one that is right.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from sandbox.codes.codeset import CodeSet
from sandbox.encounter import bare
from sandbox.talk.writing import plain, system_of

_WHOLE: Final = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{3,7}(?:\.[0-9A-Z]{1,4})?(?![0-9A-Z])")
_CATEGORY: Final = re.compile(r"[A-Z][0-9][0-9A-Z]")
_APART: Final = re.compile(
    r"(?<![0-9A-Za-z])([A-Z])[^0-9A-Za-z\n]{1,3}([0-9])[._/-]?([0-9A-Z])"
    r"(?!\W{0,2}(?i:years?|yrs?|yo\b|y/o|months?|mos?\b|weeks?|days?|hours?|minutes?|times|mg|ml|%))"
)
"""``I 10``, ``M-80``: a capital at some distance, but not *A 78-year-old woman*."""


@lru_cache(maxsize=4096)
def names_a_code(text: str, codes: CodeSet) -> bool:
    """Whether a text names any code or category, in either case of letters, however its characters are marked."""
    looks = (_flat(text), _flat(unquote(plain(text))))
    return any(
        any(_is_code(bare(found[0]), codes) for found in _WHOLE.finditer(look.upper()))
        or any(codes.get("".join(found.groups())) for found in _APART.finditer(look))
        for look in looks
    )


def _is_code(key: str, codes: CodeSet) -> bool:
    return bool(system_of(key, codes)) or bool(_CATEGORY.match(key) and codes.get(key[:3]))


def _flat(text: str) -> str:
    """Without accents and unseen characters, and letters that only look another way (fullwidth, circled) as letters."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if unicodedata.category(c) not in ("Cf", "Mn", "Me", "Cc") or c == "\n")
