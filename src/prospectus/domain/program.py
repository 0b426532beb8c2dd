"""A school's dated facts and a programme's rules of one catalogue year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from prospectus.domain.conversion import Conversion
from prospectus.domain.course import Course, CourseCode, Delivery, GradeScale
from prospectus.domain.errors import Place
from prospectus.domain.expression import Expression, Selector
from prospectus.domain.facts import Assumption, Completeness, Provenance, Source
from prospectus.domain.fees import Fee
from prospectus.domain.offering import Offering, Patterns, Run, runs
from prospectus.domain.period import Calendar
from prospectus.domain.requirement import All, Item, NodeId, Reading, When
from prospectus.domain.rule import Enrolment, RecordRules, Rule
from prospectus.domain.student import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """An old code that became a new one; every number matches from then on."""

    old: str
    new: str
    topic: str | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    """A course that other courses together stand for."""

    course: CourseCode
    met_by: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """An outside credential that gives ungraded uses of courses."""

    credential: str
    gives: tuple[CourseCode, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """A school's facts, shared by its programmes; `country` has two letters, None is unknown."""

    id: str
    name: str
    currency: str
    country: str | None = None
    grades: GradeScale
    courses: tuple[Course, ...]
    calendars: tuple[tuple[str, Calendar], ...]
    offerings: tuple[Offering, ...] = ()
    fees: tuple[Fee, ...] = ()
    renames: tuple[Rename, ...] = ()
    cross_listed: tuple[tuple[CourseCode, ...], ...] = ()
    equivalents: tuple[Equivalent, ...] = ()
    awards: tuple[Award, ...] = ()
    external: frozenset[str] = frozenset()
    sources: tuple[Source, ...] = ()

    def offerings_for(self, program: str) -> tuple[Offering, ...]:
        """Return the offerings that are for students of a programme."""
        return tuple(one for one in self.offerings if not one.programs or program in one.programs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A pool of leaves: within it a use goes to at most one leaf."""

    name: str
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A text that can be read in several ways; its places move together."""

    id: str
    readings: tuple[tuple[str, str], ...]
    why: str
    provenance: Provenance = Provenance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A certificate or exit award: a tree with pools of its own that never count in the degree."""

    id: str
    name: str
    tree: All
    instead_of_degree: bool = False
    provenance: Provenance = Provenance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """By when to apply for a start: a season of every year, or one period by its id.

    Without a year it is the last such day before the start. `round` names it where a start has
    several.
    """

    start: str
    month: int
    day: int
    year: int | None = None
    round: str = ""
    provenance: Provenance = Provenance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pathway:
    """A way in by what one takes first, within so many months where that is said."""

    id: str
    label: str
    needs: Expression
    within_months: int | None = None
    provenance: Provenance = Provenance()

    @property
    def note(self) -> str:
        """Return what a reader should know of it."""
        return self.provenance.note


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """How one gets in: deadlines by start, or rolling; None is unknown.

    `starts` are the seasons in which one may begin. With `pathways_only` nobody gets in but by a
    pathway; else a pathway is open to those whom `eligibility` leaves out.
    """

    eligibility: Expression | None = None
    rolling: bool | None = None
    starts: tuple[str, ...] | None = None
    deadlines: tuple[Deadline, ...] = ()
    pathways: tuple[Pathway, ...] = ()
    pathways_only: bool = False
    notes: tuple[str, ...] = ()
    provenance: Provenance = Provenance()

    def deadlines_of(self, season: str, *periods: str) -> tuple[Deadline, ...]:
        """Return the deadlines of a start; those of its very period stand before the season's."""
        own = tuple(one for one in self.deadlines if one.start in periods)
        return own or tuple(one for one in self.deadlines if one.start == season)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accreditation:
    """Who accredits the institution, and who the programme; empty is nobody, None unknown."""

    bodies: tuple[str, ...] | None = None
    program: tuple[str, ...] | None = None
    provenance: Provenance = Provenance()


class Visits(Enum):
    """Whether one comes to the campus."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramDelivery:
    """How a programme as a whole is taught; `zone` is the IANA zone of its live sessions."""

    mode: Delivery = Delivery.UNKNOWN
    visits: Visits = Visits.UNKNOWN
    zone: str | None = None
    notes: tuple[str, ...] = ()
    provenance: Provenance = Provenance()


class ExperienceKind(Enum):
    """What one does beside or on top of ordinary courses."""

    CAPSTONE = "capstone"
    PROJECT = "project"
    THESIS = "thesis"
    PRACTICUM = "practicum"
    INTERNSHIP = "internship"
    PORTFOLIO = "portfolio"
    RESIDENCY = "residency"
    RESEARCH = "research"


class Obligation(Enum):
    """Whether something must be done; `choice` where one chooses among alternatives."""

    YES = "yes"
    NO = "no"
    CHOICE = "choice"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiential:
    """What a programme asks or offers beside ordinary courses; no kinds is none, None unknown."""

    kinds: tuple[ExperienceKind, ...] | None = None
    required: Obligation = Obligation.UNKNOWN
    notes: tuple[str, ...] = ()
    provenance: Provenance = Provenance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """What is said of credit from elsewhere; a cap is a rule beside it."""

    notes: tuple[str, ...] = ()
    conversions: tuple[Conversion, ...] = ()
    provenance: Provenance = Provenance()


class HeldBy(Enum):
    """Which day says whose year's rules hold for a student."""

    ADMISSION = "admission"
    FIRST_CREDIT = "first_credit"
    ELECTION = "election"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A fact of a programme that has no field of its own."""

    text: str
    provenance: Provenance = Provenance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A programme's rules of one catalogue year. `main_choice` is the `any` that `--track` sets.

    `held_by` says whose year's rules hold for a student; None is unknown. `places` says where
    fields stand that are no blocks: `min_grade`, and `set NAME` of each set.
    """

    id: str
    school: str
    name: str
    degree: str
    catalog_year: str
    credit_unit: str
    tree: Item
    calendar: str = "main"
    rules: tuple[Rule | When[Rule] | Reading[Rule], ...] = ()
    enrolment: Enrolment = Enrolment()
    record_rules: RecordRules = RecordRules()
    min_grade: str | None = None
    sets: tuple[tuple[str, Selector], ...] = ()
    pools: tuple[Pool, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    credentials: tuple[Credential, ...] = ()
    admission: Admission = Admission()
    accreditation: Accreditation | None = None
    delivery: ProgramDelivery | None = None
    experiential: Experiential | None = None
    transfer: Transfer | None = None
    notes: tuple[Note, ...] = ()
    held_by: HeldBy | None = None
    main_choice: NodeId | None = None
    completeness: Completeness = Completeness.STUB
    sources: tuple[Source, ...] = ()
    urls: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    places: tuple[tuple[str, Place], ...] = ()
    provenance: Provenance = Provenance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The rules without `when` and `reading`, for one person and one reading.

    Leaves carry their inherited floor, basis, source and pool. `readings` and `branches` say
    which option of each dispute and which value of each unknown fact this one stands for.
    """

    program: Program
    school: School
    tree: All
    rules: tuple[Rule, ...]
    courses: Mapping[CourseCode, Course]
    calendar: Calendar
    offerings: tuple[Offering, ...]
    fees: tuple[Fee, ...]
    scale: GradeScale
    sets: Mapping[str, Selector]
    pool_counts: Mapping[str, bool]
    person: Person
    readings: tuple[tuple[str, str], ...] = ()
    branches: tuple[tuple[str, str], ...] = ()
    assumptions: Mapping[str, Assumption]
    _runs: dict[CourseCode, tuple[Run, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _patterns: Patterns = field(init=False, repr=False, compare=False, default_factory=dict)
    _runs_in: dict[CourseCode, Mapping[tuple[int, ...], tuple[Run, ...]]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _deliveries: dict[CourseCode, Mapping[tuple[int, ...], Delivery]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    memo: dict[object, object] = field(init=False, repr=False, compare=False, default_factory=dict)
    """What engines work out from these rules alone, kept for the next question on them."""

    runs_memo: dict[object, object] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    """The same of what follows from when courses run alone."""

    def share_runs(self, other: Resolved) -> None:
        """Take over, and add to, what was worked out of the runs of the same school and programme.

        When courses run hangs on nobody's facts.
        """
        assert self.school is other.school
        assert self.program is other.program
        for name in ("_runs", "_patterns", "_runs_in", "_deliveries", "runs_memo"):
            object.__setattr__(self, name, getattr(other, name))

    def runs_of(self, code: CourseCode) -> tuple[Run, ...]:
        """Return every run of a course, however unsure, in time order; computed once."""
        if code not in self._runs:
            mine = tuple(offering for offering in self.offerings if offering.course == code)
            self._runs[code] = runs(mine, self.calendar, Fraction(0), self._patterns)
        return self._runs[code]

    def runs_in(self, code: CourseCode, leaves: tuple[int, ...]) -> tuple[Run, ...]:
        """Return the runs of a course that occupy just these leaf periods."""
        if code not in self._runs_in:
            found: dict[tuple[int, ...], tuple[Run, ...]] = {}
            for run in self.runs_of(code):
                found[run.leaves] = (*found.get(run.leaves, ()), run)
            self._runs_in[code] = found
        return self._runs_in[code].get(leaves, ())

    def own_deliveries(self, code: CourseCode) -> Mapping[tuple[int, ...], Delivery]:
        """Return, by leaf periods, how those runs are delivered of which that is said apart."""
        if code not in self._deliveries:
            self._deliveries[code] = {
                run.leaves: run.delivery for run in self.runs_of(code) if run.delivery is not None
            }
        return self._deliveries[code]
