"""Audit mode: a claim that is coded already, with faults in it; the learner marks each, names it and mends it."""

from sandbox.audit.changes import Swap
from sandbox.audit.judging import NAMES, Answer, Outcome, Result, Verdict, judge
from sandbox.audit.planting import planted

__all__ = ["NAMES", "Answer", "Outcome", "Result", "Swap", "Verdict", "judge", "planted"]
