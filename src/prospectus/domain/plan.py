"""What engines hand back and `domain.meaning` checks: witnesses, plans, verdicts, appraisals."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

from prospectus.domain.course import CourseCode
from prospectus.domain.facts import Money
from prospectus.domain.record import Attempt
from prospectus.domain.requirement import NodeId


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Placement:
    """A use (attempt id) in a leaf, with its area and, where it is split, the part held."""

    attempt: str
    leaf: NodeId
    area: str = ""
    part: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Completion:
    """A catalogue course that would complete a leaf which is not yet met.

    `credits` says with how many, where its credits vary; None is its only or its least credits.
    """

    course: CourseCode
    leaf: NodeId
    area: str = ""
    credits: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """How a tree used as a condition (`done(node)`) holds uses, in a pool of its own."""

    node: NodeId
    placements: tuple[Placement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """What makes a claim checkable.

    `choices` gives the children of each active `any`; `conferral` the day judged (None: the end
    of the last attempt).
    """

    placements: tuple[Placement, ...] = ()
    choices: tuple[tuple[NodeId, tuple[NodeId, ...]], ...] = ()
    completion: tuple[Completion, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    conferral: dt.date | None = None


class Standing(IntEnum):
    """How a node stands; a node is as weak as the weakest thing it needs."""

    UNMET = 0
    PENDING = 1
    PLANNED = 2
    IN_PROGRESS = 3
    MET = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeVerdict:
    """The verdict on one node: its standing, what it holds, what it counted and asks."""

    node: NodeId
    standing: Standing
    held: tuple[str, ...] = ()
    counted: str = ""
    unknown: tuple[str, ...] = ()
    excepted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A rule that something breaks: the rule's id, the attempts concerned, in words.

    `period` names the time in which it is broken by what stands there together: a leaf period, a
    term, a year or a span; "" where it is none.
    """

    rule: str
    text: str
    attempts: tuple[str, ...] = ()
    period: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What `judge` says.

    `faults` make the witness invalid (it claims what the rules do not allow); `breaches` are
    order rules broken by planned attempts; `notes` the same on past ones, and warnings.
    `assumed_grades` lists (attempt, floor) where a plan rests on more than the usual grade.
    """

    faults: tuple[Breach, ...] = ()
    breaches: tuple[Breach, ...] = ()
    notes: tuple[Breach, ...] = ()
    nodes: tuple[NodeVerdict, ...] = ()
    assumed_grades: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Return whether the witness is one that the rules allow."""
        return not self.faults

    @property
    def is_legal(self) -> bool:
        """Return whether the witness is valid and no planned start breaks an order rule."""
        return not self.faults and not self.breaches

    def standing(self, node: str) -> Standing:
        """Return the standing of an active node.

        Raises
        ------
        KeyError
            When the node is not active under the witness.
        """
        for verdict in self.nodes:
            if verdict.node == node:
                return verdict.standing
        raise KeyError(node)

    @property
    def degree(self) -> Standing:
        """Return the standing of the whole degree: the weakest of all that it needs."""
        return self.nodes[0].standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An amount due on a day, and what for."""

    on: dt.date
    amount: Money
    label: str
    assumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """Dates, money, hours and wishes of a plan.

    `cost` is what is still to be paid for planned attempts; None when some fee is unknown.
    `hours` pairs leaf indexes with weekly hours; an unknown is not summed but named in `unknown`.
    `topics_missing` counts wanted topics that no applied or planned course covers.
    `assumptions` are ids of assumptions that a figure rests on; `goals_missed` are wishes that may
    be missed, and are. `paid_back` is what an employer pays back by calendar year; that rests on
    grades above the usual where `aid_grades` lists (attempt, floor). `levels` gives the value of
    each level (`domain.student.Level`).
    """

    finish: dt.date
    credits: Fraction
    dues: tuple[Due, ...]
    cost: Money | None
    hours: tuple[tuple[int, int], ...]
    peak_hours: int
    topics_missing: int
    wishes_broken: tuple[Breach, ...]
    assumptions: tuple[str, ...]
    unknown: tuple[str, ...]
    goals_missed: tuple[Breach, ...] = ()
    paid_back: tuple[tuple[int, Money], ...] = ()
    aid_grades: tuple[tuple[str, str], ...] = ()
    levels: tuple[tuple[str, int | None], ...] = ()

    def value(self, level: str) -> int | None:
        """Return the value of a level of the objective; None where it is not known."""
        return dict(self.levels)[level]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Planned attempts and the witness that they, with the record, complete the degree."""

    attempts: tuple[Attempt, ...]
    witness: Witness
