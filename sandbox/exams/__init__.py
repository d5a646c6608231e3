"""Practice exams: a paper drawn from a blueprint, and what came of it."""

from sandbox.exams.drawing import Question, draw, lacking
from sandbox.exams.marking import DomainResult, Result, mark

__all__ = ["DomainResult", "Question", "Result", "draw", "lacking", "mark"]
