"""The state of one drawing, and the fixed facts all drawings share."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from fractions import Fraction

from prospectus.domain.course import (
    Grade,
    GradeScale,
)
from prospectus.domain.requirement import (
    Header,
    NodeId,
)

TODAY = dt.date(2026, 7, 1)
LETTERS = GradeScale(
    grades=(
        Grade(name="A", points=Fraction(4)),
        Grade(name="B", points=Fraction(3)),
        Grade(name="C", points=Fraction(2)),
        Grade(name="F", points=Fraction(0), earns=False),
    ),
    usual="B",
)
MARKS = GradeScale(  # lower is better
    grades=(
        Grade(name="1", points=Fraction(1)),
        Grade(name="2", points=Fraction(2)),
        Grade(name="3", points=Fraction(3)),
        Grade(name="5", points=Fraction(5), earns=False),
    ),
    usual="2",
)
TOPICS = ("nlp", "vision", "ethics")


@dataclass
class Draw:
    """The state of one drawing."""

    rng: random.Random
    kinds: set[str] = field(default_factory=set)
    count: int = 0

    def chance(self, share: float, kind: str = "") -> bool:
        """Return True with this chance, noting the kind when it happens."""
        hit = self.rng.random() < share
        if hit and kind:
            self.kinds.add(kind)
        return hit

    def header(self, name: str) -> Header:
        """Return a header with a fresh id."""
        self.count += 1
        return Header(id=NodeId(f"{name}-{self.count}"))
