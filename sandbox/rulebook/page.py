"""A rule's docstring as a page: prose by heading, examples as claims, and what it names."""

import re
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from sandbox.checker import Family, Rule
from sandbox.rules import FAMILIES, RULES

_SHORT: Final = {word.lower(): word for word in ("COPD", "POA")}
EXAMPLES: Final = ("Flagged", "Accepted")
_HEADING: Final = re.compile(r"^## (.+)$", re.MULTILINE)
_SECTION: Final = re.compile(r"\b(?:I{1,3}|IV)\.[A-Z](?:\.[0-9a-z]+)*|\bAppendix I\b")
_RULE: Final = re.compile(r"\b[A-Z]{3}[0-9]{2}\b")
_ROW: Final = re.compile(r"^(speaks|silent):|^\s*- name:", re.MULTILINE)
_SCENARIOS: Final = Path(__file__).resolve().parents[2] / "tests" / "rules"


@dataclass(frozen=True, eq=False)
class Page:
    """One rule's page.

    ``prose``: (heading, Markdown) for each heading but those of the examples, which are claims in short notation.
    ``sections``: the guideline sections that the authority names. ``named``: the other rules that the prose names.
    """

    rule: Rule
    family: Family
    prose: tuple[tuple[str, str], ...]
    flagged: tuple[str, ...]
    accepted: tuple[str, ...]
    sections: tuple[str, ...]
    named: tuple[str, ...]

    @property
    def title(self) -> str:
        """The rule's name as people read it: ``Hypertension kidney disease``."""
        words = [_SHORT.get(word, word) for word in self.rule.name.split("_")]
        return " ".join((words[0][:1].upper() + words[0][1:], *words[1:]))

    @property
    def text(self) -> str:
        """All words of the prose, with the summary."""
        return "\n".join((self.rule.summary, *(text for _, text in self.prose)))

    @property
    def neighbours(self) -> tuple[Rule | None, Rule | None]:
        """The rules before and after this one in its family, by id."""
        ids = sorted(rule.id for rule in self.family.rules)
        at = ids.index(self.rule.id)
        before, after = ids[at - 1 : at] if at else [], ids[at + 1 : at + 2]
        return RULES.get("".join(before)), RULES.get("".join(after))


@lru_cache(maxsize=1)
def book() -> dict[str, Page]:
    """Rule id → its page, family by family and by id."""
    return {
        rule.id: _page(rule, family) for family in FAMILIES for rule in sorted(family.rules, key=lambda rule: rule.id)
    }


def _page(rule: Rule, family: Family) -> Page:
    _, _, body = textwrap.dedent("    " + rule.page).partition("\n")
    parts = _HEADING.split(textwrap.dedent(body))
    texts = dict(zip(parts[1::2], (text.strip() for text in parts[2::2]), strict=True))
    flagged, accepted = (
        tuple(line[2:].strip() for line in texts.get(name, "").splitlines() if line.startswith("- "))
        for name in EXAMPLES
    )
    prose = tuple((heading, text) for heading, text in texts.items() if heading not in EXAMPLES)
    named = _RULE.findall(" ".join(text for _, text in prose))
    return Page(
        rule,
        family,
        prose,
        flagged,
        accepted,
        tuple(dict.fromkeys(_SECTION.findall(f"{rule.citation.text} {rule.citation.section}"))),
        tuple(dict.fromkeys(id for id in named if id in RULES and id != rule.id)),
    )


@lru_cache(maxsize=256)
def scenarios(id: str, folder: Path = _SCENARIOS) -> tuple[int, int]:
    """On how many claims of the tests the rule has to speak, and on how many to keep silent; 0, 0 without tests."""
    path = folder / f"{id}.yaml"
    counts = {"speaks": 0, "silent": 0}
    kind = ""
    for row in _ROW.finditer(path.read_text(encoding="utf-8") if path.is_file() else ""):
        kind = row[1] or kind
        if not row[1] and kind:
            counts[kind] += 1
    return counts["speaks"], counts["silent"]
