"""A school's dated facts and a programme's rules of one catalogue year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from prospectus.domain.course import Course, CourseCode, GradeScale
from prospectus.domain.expression import Expression, Selector
from prospectus.domain.facts import Assumption, Completeness, Provenance, Source
from prospectus.domain.fees import Fee
from prospectus.domain.offering import Offering, Run, runs
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
    """A school's facts, shared by its programmes."""

    id: str
    name: str
    currency: str
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
class Admission:
    """How one gets in: dated deadlines by season of start, or rolling; None is unknown."""

    eligibility: Expression | None = None
    rolling: bool | None = None
    deadlines: tuple[tuple[str, int, int], ...] = ()
    notes: tuple[str, ...] = ()
    provenance: Provenance = Provenance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A programme's rules of one catalogue year. `main_choice` is the `any` that `--track` sets."""

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
    main_choice: NodeId | None = None
    completeness: Completeness = Completeness.STUB
    sources: tuple[Source, ...] = ()
    urls: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
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

    def runs_of(self, code: CourseCode) -> tuple[Run, ...]:
        """Return every run of a course, however unsure, in time order; computed once."""
        if code not in self._runs:
            mine = tuple(offering for offering in self.offerings if offering.course == code)
            self._runs[code] = runs(mine, self.calendar, Fraction(0))
        return self._runs[code]
