"""Does a query lead? It does where it puts an answer into the provider's mouth, or a reason to give one.

After the practice brief of :mod:`sandbox.queries.reasons`. Whether a yes/no question is fair hangs on what the chart
has already, so the caller says which words are in it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from sandbox.queries import phrases
from sandbox.queries.signs import SIGNS, Sign

WHY: Final[dict[str, str]] = {
    "payment": "A query asks what is true of the patient. What the answer does to payment, severity scores or quality "
    "figures has no place in it.",
    "directive": "This tells the provider what to write. Give the findings, and ask what they mean.",
    "agree": "This asks for a nod to an answer that is chosen already. Put it as an open question.",
    "yes_no": "A yes or no is enough as an answer here, and the question names what nobody has documented. Ask what "
    "the findings mean, or offer several choices with “other” and “unable to determine”.",
    "statement": "This draws a conclusion that nobody in the chart has drawn. Give the findings, and leave it to the "
    "provider.",
    "one_option": "One answer alone is offered. Add what else the findings may mean, “other” and “unable to "
    "determine”.",
    "no_way_out": "Whoever finds none of these right has no answer to give. Add “other” and “unable to determine”.",
}
"""What may lead, by name (final), and what is to be said of it."""

Known = Callable[[str], bool]
"""Whether the chart has a word, in this form or one that is near; of several words, whether it has them together."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Where a query leads: a name of :data:`WHY`, and the words of it from ``start`` to ``end``."""

    name: str
    start: int
    end: int
    words: str


def leads(text: str, reason: str, known: Known) -> tuple[Lead, ...]:
    """Everything in a query that leads, in the order of its words, one of a kind."""
    found: dict[str, Lead] = {}
    for name, start, end in sorted(_found(text, reason, known), key=lambda one: one[1]):
        found.setdefault(name, Lead(name, start, end, " ".join(text[start:end].split())))
    return tuple(found.values())


def _found(text: str, reason: str, known: Known) -> Iterator[tuple[str, int, int]]:
    listed = phrases.options(text)
    prose = phrases.without(text, listed)
    for sign in SIGNS:
        for match in sign.pattern.finditer(prose):
            if _speaks(sign, match, known):
                yield sign.name, match.start(), match.end()
    for sentence in phrases.sentences(prose):
        yield from _question(sentence, reason, known)
    if listed:
        clinical = [option for option in listed if not phrases.WAY_OUT.search(option.text)]
        if len(clinical) == len(listed):
            yield ("one_option" if len(clinical) == 1 else "no_way_out"), listed[0].start, listed[-1].end


def _speaks(sign: Sign, match: re.Match[str], known: Known) -> bool:
    if not sign.new:
        return True
    what = match["what"]
    return not phrases.OPEN.match(what) and phrases.names_new(what, known)


def _question(sentence: phrases.Span, reason: str, known: Known) -> Iterator[tuple[str, int, int]]:
    """A question that can be answered by yes or no, or by one of two words, about what the chart does not have."""
    asked = phrases.yes_no(sentence.text)
    if asked is None or reason == "poa" or phrases.POA.search(sentence.text):
        return
    if not phrases.names_new(asked, known) and not phrases.pieced(asked, known):
        return
    if phrases.EITHER.search(asked):
        if not phrases.WAY_OUT.search(asked):
            yield "no_way_out", sentence.start, sentence.end
    else:
        yield "yes_no", sentence.start, sentence.end
