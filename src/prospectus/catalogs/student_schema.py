"""The student file's fields: the pydantic model at the edge, and its way into the domain."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from prospectus.catalogs.money_blocks import MoneyBlock, by_year, in_currency
from prospectus.catalogs.student_parts import FinishedCourse, LimitByName
from prospectus.catalogs.student_spelling import (
    Code,
    Codes,
    CourseLimits,
    Day,
    DayRanges,
    FreeTimes,
    HourLimits,
    Number,
    Share,
    Text,
    Texts,
    Zone,
)
from prospectus.catalogs.wish_blocks import AboutBlock, Goals, ToxicBlock, Trade, Whole
from prospectus.domain.record import (
    ApprovalState,
    AttemptStatus,
    AuditException,
    Basis,
    CreditSource,
    ExceptionKind,
    MilestoneResult,
)
from prospectus.domain.requirement import NodeId
from prospectus.domain.student import DEFAULT_LEVELS, Level, LimitByRange, Person, Wishes


def _word(value: object) -> object:
    """Let `in progress` and `in-progress` stand for `in_progress`."""
    return (
        value.strip().lower().replace(" ", "_").replace("-", "_")
        if isinstance(value, str)
        else value
    )


Status = Annotated[
    AttemptStatus,
    BeforeValidator(_word, json_schema_input_type=AttemptStatus | Literal["in progress"]),
]
Source = Annotated[CreditSource, BeforeValidator(_word)]
GradeBasis = Annotated[Basis, BeforeValidator(_word)]


class _Block(BaseModel):
    """A block of the file: every key known, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FinishedBlock(_Block):
    """One course that was taken, is running, or was brought along."""

    course: Code
    grade: Text | None = None
    period: Texts = ()
    status: Status | None = None
    source: Source = CreditSource.HOME
    credits: Number | None = None
    basis: GradeBasis = Basis.LETTER
    topic: Text | None = None
    expected_grade: Text | None = None
    counted_in: Texts = ()
    school: Text | None = None
    ended: Day | None = None

    def to_domain(self) -> FinishedCourse:
        """Return the line as read; without a status a course is passed."""
        return FinishedCourse(
            course=self.course,
            status=self.status or AttemptStatus.PASSED,
            source=self.source,
            basis=self.basis,
            credits=self.credits,
            topic=self.topic,
            periods=self.period,
            grade=self.grade,
            expected_grade=self.expected_grade,
            counted_in=frozenset(self.counted_in),
            school=self.school,
            ended=self.ended,
        )


class MilestoneBlock(_Block):
    """How a milestone stands."""

    milestone: str
    status: Status
    on: Day | None = None

    def to_domain(self) -> MilestoneResult:
        """Return the milestone's result."""
        return MilestoneResult(milestone=NodeId(self.milestone), status=self.status, on=self.on)


class ExceptionBlock(_Block):
    """An approved departure from the rules."""

    kind: ExceptionKind
    node: str
    who: str
    when: Day
    why: str
    course: Code | None = None
    replaces: Code | None = None

    def to_domain(self) -> AuditException:
        """Return the exception."""
        return AuditException(
            kind=self.kind,
            node=NodeId(self.node),
            who=self.who,
            when=self.when,
            why=self.why,
            course=self.course,
            replaces=self.replaces,
        )


class DegreeBlock(_Block):
    """A degree that the person holds."""

    level: str
    field: str = ""


class WishBlock(_Block):
    """Courses and topics that are wanted, or not."""

    courses: Codes = ()
    topics: Texts = ()


class StudentModel(_Block):
    """A student file, `format: 1`."""

    format: Literal[1]
    kind: Literal["student"] = "student"
    name: Text = ""
    matriculation: Day | None = None
    plan_from: Day | None = None
    program: Text | None = None
    catalog_year: Text | None = None
    choices: dict[str, Text] = {}
    finished: list[FinishedBlock] = []
    milestones: list[MilestoneBlock] = []
    approvals: dict[str, ApprovalState] = {}
    exceptions: list[ExceptionBlock] = []
    hours_per_week: HourLimits | None = None
    courses_per_period: CourseLimits = ()
    pauses: DayRanges = ()
    money: MoneyBlock = MoneyBlock()
    deadline: Day | None = None
    time_zone: Zone | None = None
    free_for_live_sessions: FreeTimes | None = None
    residence: Text | None = None
    citizenship: Text | None = None
    visa: Text | None = None
    facts: dict[str, Text] = {}
    degrees: list[DegreeBlock] | None = None
    gpa: Number | None = None
    tests: dict[str, Number] | None = None
    background: Texts | None = None
    member_of: Texts = ()
    wanted: WishBlock = WishBlock()
    unwanted: WishBlock = WishBlock()
    wishes: AboutBlock = AboutBlock()
    goals: Goals = ()
    objectives: list[Level] = []
    preferences: dict[Code, Whole] = {}
    toxic_pairs: list[ToxicBlock] = []
    trade: Trade = ()
    least_offering_share: Share | None = None

    def person(self) -> Person:
        """Return the static facts of the person."""
        named = {
            "residence": self.residence,
            "citizenship": self.citizenship,
            "visa": self.visa,
            **self.facts,
        }
        return Person(
            facts=tuple(sorted((key, value) for key, value in named.items() if value is not None)),
            degrees=None
            if self.degrees is None
            else tuple((degree.level, degree.field) for degree in self.degrees),
            gpa=self.gpa,
            tests=None if self.tests is None else tuple(sorted(self.tests.items())),
            background=None if self.background is None else frozenset(self.background),
            memberships=frozenset(self.member_of),
        )

    def all_wishes(self, currency: str) -> Wishes:
        """Return the wishes, without the limits that only a programme's seasons can place."""
        given = self.hours_per_week
        hours = _usual(given or ())
        given_levels = tuple(dict.fromkeys(self.objectives))
        rest = tuple(level for level in DEFAULT_LEVELS if level not in given_levels)
        defaults = Wishes()
        is_assumed = not any(limit.is_usual for limit in given or ())
        share = self.least_offering_share
        money, pocket = self.money, self.money.out_of_pocket
        return Wishes(
            hours_per_week=defaults.hours_per_week if is_assumed else hours,
            hours_are_assumed=is_assumed,
            hours_by_range=_by_range(given or ()),
            pauses=self.pauses,
            courses_per_period=_usual(self.courses_per_period),
            courses_by_range=_by_range(self.courses_per_period),
            budget_total=None if money.total is None else in_currency(money.total, currency),
            budget_by_year=by_year(money.per_year, currency),
            aid=money.aid(currency),
            pocket_total=None if pocket.total is None else in_currency(pocket.total, currency),
            pocket_by_year=by_year(pocket.per_year, currency),
            rates_grow=money.rates_grow,
            deadline=self.deadline,
            zone=self.time_zone,
            free=self.free_for_live_sessions,
            wanted=self.wanted.courses,
            unwanted=self.unwanted.courses,
            wanted_topics=self.wanted.topics,
            unwanted_topics=self.unwanted.topics,
            min_offering_share=defaults.min_offering_share if share is None else share,
            levels=given_levels + rest,
            about=tuple(self.wishes.wishes()),
            goals=frozenset(self.goals),
            preferences=tuple(sorted(self.preferences.items())),
            toxic=tuple(block.pair for block in self.toxic_pairs),
            trade=self.trade,
        )


def _usual(limits: tuple[LimitByName, ...]) -> int | None:
    return next((limit.limit for limit in limits if limit.is_usual), None)


def _by_range(limits: tuple[LimitByName, ...]) -> tuple[LimitByRange, ...]:
    return tuple(
        LimitByRange(days=limit.days, limit=limit.limit)
        for limit in limits
        if limit.days is not None
    )
