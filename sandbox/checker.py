"""The engine of the rules: a claim and the code sets in, findings out. It knows no rule by name.

A rule is a function that yields :class:`Hit`; the engine stamps the rule's id, severity and citation on each, so that
a rule cannot misattribute itself. Families run in order; within a family, rules run in the order of their definition,
but for those that give way to others (``order``).
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import FIRST, Code, day, in_force
from sandbox.encounter import CM, PCS, Claim, Encounter, Line
from sandbox.findings import Citation, Evidence, Finding, Severity

VERSION = "6"
"""Kept with every attempt. Raise it when a rule changes what it says of the same claim."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line whose code exists on the encounter's date. ``place`` counts from 0 among diagnoses, or procedures.

    ``flags`` are the MCE's attributes on that date; ``key`` is the code without dot (rules read it some hundred times
    a claim).
    """

    line: Line
    code: Code
    place: int
    flags: frozenset[str]
    key: str

    @property
    def shown(self) -> str:
        """The code as people write it."""
        return self.code.shown


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule found: a message for the learner and the lines it is about, the most guilty one first.

    ``severity`` only where a rule knows more than one; otherwise its first holds. ``again``: lines that say what
    another line has said already, and are not judged further.
    """

    message: str
    lines: tuple[Line | Entry, ...] = ()
    severity: Severity | None = None
    evidence: tuple[Evidence, ...] = ()
    again: tuple[Entry, ...] = ()


@dataclass
class View:
    """A claim as rules see it: ``diagnoses`` and ``procedures`` are the lines that passed the validity gate."""

    claim: Claim
    codes: CodeSet
    gated: set[str] = field(default_factory=set)
    said: set[tuple[str, str]] = field(default_factory=set)
    groups: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    @property
    def encounter(self) -> Encounter:
        """The encounter that the claim is for."""
        return self.claim.encounter

    @cached_property
    def on(self) -> int:
        """The day that picks the code set, YYYYMMDD."""
        return day(self.claim.encounter.on)

    @cached_property
    def diagnoses(self) -> tuple[Entry, ...]:
        """The diagnoses that are codes, in order. Only to be read after the validity gate."""
        return tuple(self._entries(self.claim.diagnoses))

    @cached_property
    def procedures(self) -> tuple[Entry, ...]:
        """The procedures that are codes of a loaded system, in order."""
        return tuple(self._entries(self.claim.procedures))

    @cached_property
    def doubtful(self) -> tuple[Line, ...]:
        """The lines that are not, on the day, a code of the system that their place asks for: the gate says why.

        Lines of a system that is not loaded are among them, for nothing vouches for them.
        """
        inpatient, codes, on = self.encounter.inpatient, self.codes, self.on
        dx = (n for n in self.claim.diagnoses if n.system != CM or not codes.valid(n.key, on))
        px = (
            n
            for n in self.claim.procedures
            if n.system == CM or (n.system == PCS and not inpatient) or not codes.valid(n.key, on, n.system)
        )
        return (*dx, *px)

    @property
    def first(self) -> Entry | None:
        """The principal or first-listed diagnosis; None where that line did not pass the gate."""
        return self.diagnoses[0] if self.diagnoses and self.diagnoses[0].place == 0 else None

    @cached_property
    def keys(self) -> frozenset[str]:
        """The valid diagnosis codes of the claim, without dots."""
        return frozenset(entry.key for entry in self.diagnoses)

    def spoke(self, entry: Entry | Line, *rules: str) -> bool:
        """Whether one of the rules (ids) has already named this line: one fault, one finding."""
        line = entry.line if isinstance(entry, Entry) else entry
        return any((rule, line.id) in self.said for rule in rules)

    def spoke_of_both(self, one: Entry, other: Entry, *rules: str) -> bool:
        """Whether a single finding of one of the rules (ids) has named both lines."""
        pair = {one.line.id, other.line.id}
        return any(rule in rules and pair <= lines for rule, lines in self.groups)

    def set_aside(self, entries: Iterable[Entry]) -> None:
        """Judge these lines no further: what is wrong with a code is said once, where it stands first."""
        aside = {entry.line.id for entry in entries}
        self.diagnoses = tuple(entry for entry in self.diagnoses if entry.line.id not in aside)

    def _entries(self, lines: Iterable[Line]) -> Iterator[Entry]:
        for place, line in enumerate(lines):
            code = None if line.id in self.gated else self.codes.get(line.key, line.system)
            span = in_force(code.spans, self.on) if code else None
            if code and span:
                yield Entry(line, code, place, span.flags, code.key)


Check = Callable[[View], Iterable[Hit]]


@dataclass(frozen=True)
class Rule:
    """One rule, whole: what it is called, how grave it is, who says so, its prose and its check.

    ``page`` is the check's docstring: a first line, then Markdown under the headings *What it flags*, *Why it
    matters*, *Where to look*, *Flagged* and *Accepted*; the last two hold claims in the short notation of
    :func:`sandbox.claims.from_text`, one a line, and run as tests. ``gate``: a line it names is not judged further.
    ``order``: a rule with a higher one runs later in its family, because it is silent where the others have spoken.
    ``off``: it only runs where somebody asks for it by name. ``needs``: the imported table without which it is silent.
    """

    id: str
    name: str
    severities: tuple[Severity, ...]
    citation: Citation
    check: Check
    page: str
    gate: bool = False
    since: int = FIRST
    until: int = 99991231
    order: int = 0
    off: bool = False
    needs: str = ""

    @property
    def summary(self) -> str:
        """The first line of the page."""
        return self.page.partition("\n")[0].strip()


@dataclass
class Family:
    """The rules of one module, in running order."""

    id: str
    title: str
    rules: list[Rule] = field(default_factory=list)

    def rule(
        self,
        id: str,
        name: str,
        *severities: Severity,
        authority: str,
        section: str = "",
        gate: bool = False,
        since: int = FIRST,
        until: int = 99991231,
        order: int = 0,
        off: bool = False,
        needs: str = "",
    ) -> Callable[[Check], Check]:
        """Register a check. ``section``: the bare guideline section, if the authority is one."""

        def register(check: Check) -> Check:
            page = check.__doc__ or ""
            citation = Citation(authority, section)
            self.rules.append(Rule(id, name, severities, citation, check, page, gate, since, until, order, off, needs))
            self.rules.sort(key=lambda rule: rule.order)
            return check

        return register


def log_crash(rule: Rule, claim: Claim) -> None:
    """A rule that crashes is our fault: it goes to the log and never to the learner."""
    log.exception("rule %s crashed on claim %r", rule.id, claim.id)


def check(
    claim: Claim,
    codes: CodeSet,
    rules: Sequence[Rule],
    *,
    waived: frozenset[str] = frozenset(),
    on_crash: Callable[[Rule, Claim], None] = log_crash,
) -> tuple[Finding, ...]:
    """What the rules say about a claim, in running order.

    The edition for the encounter's date is asked. ``waived`` names rules (ids) that a case has answered with a quote
    from its chart. ``on_crash`` is called inside the ``except`` block of a rule that failed.
    """
    view = View(claim, codes.at(day(claim.encounter.on)))
    found: list[Finding] = []
    for rule in rules:
        if rule.id in waived or not rule.since <= view.on <= rule.until:
            continue
        try:
            hits = list(rule.check(view))
        except Exception:
            on_crash(rule, claim)
            continue
        for hit in hits:
            finding = _stamp(rule, hit)
            found.append(finding)
            view.said.update((rule.id, line) for line in finding.lines)
            view.groups.append((rule.id, frozenset(finding.lines)))
            if rule.gate:
                view.gated.update(finding.lines)
            if hit.again:
                view.set_aside(hit.again)
    return tuple(found)


def _stamp(rule: Rule, hit: Hit) -> Finding:
    severity = hit.severity or rule.severities[0]
    if severity not in rule.severities:
        raise ValueError(f"{rule.id} may not speak as {severity}")
    lines = [entry.line if isinstance(entry, Entry) else entry for entry in hit.lines]
    return Finding(
        rule=rule.id,
        name=rule.name,
        severity=severity,
        message=hit.message,
        codes=tuple(line.shown for line in lines),
        lines=tuple(line.id for line in lines),
        citation=rule.citation,
        evidence=hit.evidence,
    )
