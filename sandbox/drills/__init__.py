"""Drills: short questions made from the code sets themselves, by a kind and a seed."""

from sandbox.drills.kinds import KINDS, Kind, make
from sandbox.drills.model import Drill, Option, Told

__all__ = ["KINDS", "Drill", "Kind", "Option", "Told", "make"]
