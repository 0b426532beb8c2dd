"""What a person has taken: attempts, milestones, approvals and exceptions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from prospectus.domain.course import CourseCode, Delivery
from prospectus.domain.errors import DomainError
from prospectus.domain.requirement import NodeId


class AttemptStatus(Enum):
    """Where an attempt stands."""

    PASSED = "passed"
    IN_PROGRESS = "in_progress"
    REGISTERED = "registered"
    PLANNED = "planned"
    WITHDRAWN = "withdrawn"
    INCOMPLETE = "incomplete"
    FAILED = "failed"


class Basis(Enum):
    """How an attempt is graded."""

    LETTER = "letter"
    PASS_FAIL = "pass_fail"
    AUDIT = "audit"
    PASS_REVISE = "pass_revise"


class CreditSource(Enum):
    """Where the credit of an attempt comes from."""

    HOME = "home"
    TRANSFER = "transfer"
    EXAM = "exam"
    CREDENTIAL = "credential"
    NON_DEGREE = "non_degree"
    WAIVER = "waiver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt at a course.

    `id` is unique in its record. `periods` are ids of the leaf periods it occupied, ascending;
    transfer, exams and background have none and lie before every period. `credits` are as taken.
    `title` is what a course from elsewhere, which has no code here, is called where it was taken.
    """

    id: str
    course: CourseCode
    credits: Fraction
    status: AttemptStatus
    topic: str | None = None
    periods: tuple[str, ...] = ()
    grade: str | None = None
    expected_grade: str | None = None
    basis: Basis = Basis.LETTER
    source: CreditSource = CreditSource.HOME
    counted_in: frozenset[str] = frozenset()
    instructor: str | None = None
    delivery: Delivery = Delivery.UNKNOWN
    campus: str | None = None
    school: str | None = None
    ended: dt.date | None = None
    title: str = ""

    def __post_init__(self) -> None:
        if self.source is CreditSource.WAIVER and (self.credits != 0 or self.grade is not None):
            raise DomainError(
                "DOM-040",
                what=f"the waiver of {self.course} carries credits or a grade",
                fix="give a waiver 0 credits and no grade",
            )
        if self.credits < 0:
            raise DomainError(
                "DOM-041", what=f"{self.course}: negative credits", fix="give 0 or more"
            )

    @property
    def is_planned(self) -> bool:
        """Return whether order rules bind its start."""
        return self.status is AttemptStatus.PLANNED

    @property
    def is_open(self) -> bool:
        """Return whether its grade is still to come."""
        return self.status in (
            AttemptStatus.PLANNED,
            AttemptStatus.REGISTERED,
            AttemptStatus.IN_PROGRESS,
        )


class ApprovalState(Enum):
    """Where an approval stands."""

    OPEN = "open"
    REQUESTED = "requested"
    GRANTED = "granted"
    REFUSED = "refused"


class ExceptionKind(Enum):
    """Approved departures from the rules."""

    WAIVE = "waive"
    SUBSTITUTE = "substitute"
    INSERT = "insert"
    FORCE = "force"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditException:
    """An approved departure: what, for which node, by whom, when and why.

    `waive` meets the node; `substitute` lets `course` stand for `replaces` in it; `insert` admits
    `course` to the leaf; `force` sets the node met.
    """

    kind: ExceptionKind
    node: NodeId
    who: str
    when: dt.date
    why: str
    course: CourseCode | None = None
    replaces: CourseCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneResult:
    """How a milestone stands on the record."""

    milestone: NodeId
    status: AttemptStatus
    on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything on record for one programme.

    `matriculation` is the first day of study; None: the start of the earliest attempt.
    """

    matriculation: dt.date | None = None
    attempts: tuple[Attempt, ...] = ()
    milestones: tuple[MilestoneResult, ...] = ()
    approvals: tuple[tuple[str, ApprovalState], ...] = ()
    exceptions: tuple[AuditException, ...] = ()

    def __post_init__(self) -> None:
        ids = [attempt.id for attempt in self.attempts]
        if len(set(ids)) != len(ids):
            twice = next(name for name in ids if ids.count(name) > 1)
            raise DomainError(
                "DOM-042", what=f"attempt {twice} stands twice", fix="remove one of the two lines"
            )

    def approval(self, who: str) -> ApprovalState:
        """Return the state of a named approval; open when the record does not name it."""
        return dict(self.approvals).get(who, ApprovalState.OPEN)
