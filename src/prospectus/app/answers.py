"""What the use cases hand to the interfaces: frozen data, no printing, nothing of the solver."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from prospectus.app.impossible_answers import Impossible
from prospectus.app.plan_readings import ReadIn
from prospectus.app.words import course_name
from prospectus.compare.dominance import Domination
from prospectus.compare.row import Admissible, FirstCourse, Row
from prospectus.domain.course import CourseCode
from prospectus.domain.facts import Certainty, Money, Source
from prospectus.domain.plan import Due
from prospectus.domain.record import Record
from prospectus.planning.result import Certificate, Conflict, PlanStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Whether the person would be admitted, with the conditions that fail or are not known."""

    admissible: Admissible
    reasons: tuple[str, ...]
    apply_by: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCourse:
    """A course of a plan: what it meets, how it is known to run, what it asks.

    `until` is the last period it occupies where it spans several; `hours_per_week` None is
    unknown.
    """

    code: CourseCode
    title: str
    credits: Fraction
    meets: tuple[str, ...]
    offering: str
    hours_per_week: int | None
    hours_certainty: Certainty
    until: str | None = None

    @property
    def name(self) -> str:
        """Return the code; the title of a course whose code no source gives."""
        return course_name(self.code, self.title)

    @property
    def heading(self) -> str:
        """Return code and title."""
        return self.name if self.name == self.title else f"{self.code} {self.title}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPeriod:
    """A leaf period of a plan. `starts` are the courses that begin in it; `hours` the weekly sum.

    `dues` fall due from its start until the next one's; an `is_projected` period prints as a
    month.
    """

    id: str
    start: dt.date
    end: dt.date
    is_projected: bool
    starts: tuple[PlannedCourse, ...]
    hours_per_week: int
    dues: tuple[Due, ...]

    @property
    def cost(self) -> Money | None:
        """Return what falls due, None where nothing does."""
        amounts = [due.amount for due in self.dues]
        return sum(amounts[1:], start=amounts[0]) if amounts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelLine:
    """One level of the objective: value and proven bound, in its own unit, as text."""

    level: str
    value: str
    bound: str | None
    is_proven: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumptionLine:
    """An assumption that an answer rests on; `range` as text, empty where it has none."""

    id: str
    text: str
    value: str
    range: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLine:
    """How one requirement stands under the plan."""

    id: str
    label: str
    depth: int
    standing: str
    counted: str
    courses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierPlan:
    """How a plan differs from an earlier one: courses that stay, and changes in words.

    `taken` are courses of it on record by now, `past` those whose time passed without them.
    """

    file: str
    kept: tuple[str, ...]
    changes: tuple[str, ...]
    taken: tuple[str, ...]
    past: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearMoney:
    """What falls due in a calendar year, what an employer pays back in it, and what is left.

    `out_of_pocket` is below 0 where more comes back than falls due.
    """

    year: int
    due: Money
    paid_back: Money
    out_of_pocket: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class WorthLine:
    """A level of the objective: as text if an approval is refused, and if it is granted."""

    level: str
    refused: str
    granted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IfGranted:
    """What an approval that a person waits for is worth.

    `courses` are those that the person takes only then; the rules may need it for others.
    `periods` are those of the plan if it is granted, with the courses that begin in them.
    `agree_until` is the last period up to which both plans begin the same; None where they differ
    from the first. `differences` say what the plan if granted holds otherwise.
    """

    who: str
    courses: tuple[str, ...]
    refused: PlanStatus
    granted: PlanStatus
    periods: tuple[tuple[str, tuple[str, ...]], ...]
    agree_until: str | None
    is_same: bool
    differences: tuple[str, ...]
    levels: tuple[WorthLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanVariant:
    """A plan, or why there is none, under one reading and one value of unknown facts.

    `approvals` are those that nobody has given yet and without which the plan does not hold;
    `record` is what was taken before together with what is planned. `money_by_year` is told where
    an employer pays some of it back.
    """

    variant: tuple[tuple[str, str], ...]
    status: PlanStatus
    row: Row
    periods: tuple[PlannedPeriod, ...]
    finish: dt.date | None
    finish_is_projected: bool
    cost: Money | None
    cost_by_year: tuple[tuple[int, Money], ...]
    levels: tuple[LevelLine, ...]
    requirements: tuple[NodeLine, ...]
    assumptions: tuple[AssumptionLine, ...]
    assumed_grades: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    unknown: tuple[str, ...]
    conflict: tuple[Conflict, ...]
    conflict_is_minimal: bool
    certificate: Certificate
    approvals: tuple[str, ...] = ()
    topics_covered: tuple[str, ...] = ()
    topics_missing: tuple[str, ...] = ()
    goals_missed: tuple[str, ...] = ()
    earlier: EarlierPlan | None = None
    money_by_year: tuple[YearMoney, ...] = ()
    approvals_waited_for: tuple[IfGranted, ...] = ()
    record: Record = Record()
    impossible: Impossible | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackPlan:
    """The plans of one programme and track, a variant for each reading and unknown fact."""

    track: str | None
    track_name: str
    variants: tuple[PlanVariant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAnswer:
    """The answer of `plan_degree`: one entry per child of an undeclared main choice."""

    student: str
    today: dt.date
    program: str
    program_name: str
    catalog_year: str
    admission: Admission
    tracks: tuple[TrackPlan, ...]
    not_planned: tuple[str, ...]
    questions: tuple[str, ...]
    hours_are_assumed: bool
    seed: int
    topic_notes: tuple[str, ...] = ()
    idle_wishes: tuple[str, ...] = ()
    readings: tuple[ReadIn, ...] = ()

    @property
    def best(self) -> PlanVariant | None:
        """Return the plan that ends first, then costs least, None where there is none."""
        found = [v for track in self.tracks for v in track.variants if v.finish is not None]
        return min(found, key=_rank) if found else None


def _rank(variant: PlanVariant) -> tuple[dt.date, int]:
    return (variant.finish or dt.date.max, variant.cost.minor if variant.cost else 2**62)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSteps:
    """What to do next about one programme."""

    program: str
    program_name: str
    short_name: str
    apply_by: str
    ask: tuple[str, ...]
    first_courses: tuple[FirstCourse, ...]

    @property
    def first_period(self) -> str:
        """Return the period of the first courses, nothing where there are none."""
        return self.first_courses[0].period if self.first_courses else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What is doubtful about a plan's first day; `later` is the next on which one may begin."""

    said: str
    later: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAnswer:
    """A row with its sentences; `is_dominated` when another option beats it."""

    row: Row
    sentences: tuple[str, ...]
    is_dominated: bool
    beginning: Beginning | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareAnswer:
    """The answer of `compare_programs`."""

    student: str
    today: dt.date
    plan_from: dt.date
    wishes: tuple[str, ...]
    rows: tuple[RowAnswer, ...]
    dominations: tuple[Domination, ...]
    reading_notes: tuple[str, ...]
    columns_assumed: tuple[str, ...]
    not_compared: tuple[str, ...]
    assumptions: tuple[AssumptionLine, ...]
    next_steps: tuple[NextSteps, ...]
    sources: tuple[tuple[str, tuple[Source, ...]], ...]
    seed: int
    topic_notes: tuple[str, ...] = ()
