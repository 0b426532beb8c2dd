"""What the audit hands to the interfaces: frozen data, no printing, nothing of the engine."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from prospectus.app.catalog_answers import RuleLine
from prospectus.domain.errors import Fault
from prospectus.domain.facts import Source

NOT_KNOWN = "not known"
"""How stands what would be met, where too little is known of what it asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedCourse:
    """An attempt as the audit shows it; `period` empty where it has none.

    `school` is where credit from elsewhere was earned, as far as the record says.
    """

    attempt: str
    code: str
    title: str
    credits: Fraction
    grade: str | None
    status: str
    period: str
    source: str
    school: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextRun:
    """Courses that run next in one period; `kind` is how the surest of them is known."""

    period: str
    start: dt.date
    kind: str
    courses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingLine:
    """What a requirement still lacks, in words and as data.

    `courses` or `credits` out of `one_of`; `chosen` is the cheapest way; `minima` are the smaller
    conditions inside it that are not reached; `next_runs` are in time order. `again` are courses
    on record that would do with a better grade: no further course is counted for them. `same`
    names requirements for which the cheapest way takes the same courses: they are not taken twice.
    """

    id: str
    label: str
    path: tuple[str, ...]
    courses: int
    credits: Fraction
    one_of: tuple[str, ...]
    chosen: tuple[str, ...]
    minima: tuple[str, ...]
    next_runs: tuple[NextRun, ...]
    again: tuple[str, ...]
    text: str
    same: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementLine:
    """How one requirement stands.

    `rule` says what is asked with its sources, file and line; `unknown` are rules below it that no
    source gives, which never lower it; `excepted` tells that an exception meets it, or lets it
    hold a course that it would not take. Where nothing that it asks is known (`is_known`), its
    standing says nothing.
    """

    id: str
    label: str
    kind: str
    depth: int
    path: tuple[str, ...]
    standing: str
    counted: str
    courses: tuple[AuditedCourse, ...]
    missing: MissingLine | None
    unknown: tuple[str, ...]
    excepted: bool
    rule: RuleLine
    is_known: bool = True

    @property
    def word(self) -> str:
        """Return the standing as it is shown."""
        return self.standing if self.is_known or self.standing == "not met" else NOT_KNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusedLine:
    """An attempt that counts for nothing, and why; `path` leads to the rule that says so."""

    course: AuditedCourse
    reason: str
    node: str | None
    path: tuple[str, ...]
    holders: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditSums:
    """Credits that count, by how sure they are; `asked` None where no total in credits stands.

    `left` is the least still to be taken, None where no course of the catalogue completes it.
    """

    asked: Fraction | None
    earned: Fraction
    in_progress: Fraction
    planned: Fraction
    left: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CapLine:
    """A most: how much of it is used, and the courses left out because it is reached."""

    id: str
    label: str
    have: Fraction
    most: Fraction
    unit: str
    is_reached: bool
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockLine:
    """A rule with a date: `state` is kept, running, late (met after its day), missed or undated."""

    id: str
    label: str
    kind: str
    on: dt.date | None
    days_left: int | None
    state: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingLine:
    """A mean or a milestone: how it stands, in words."""

    id: str
    label: str
    standing: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionLine:
    """An approved departure on the record: what, where, by whom, when and why."""

    kind: str
    node: str
    label: str
    course: str | None
    replaces: str | None
    who: str
    when: dt.date
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One course, and what is left once it is taken; perhaps less where it is not proven."""

    course: str
    title: str
    credits_left: Fraction
    completes: tuple[str, ...]
    next_run: NextRun | None
    is_proven: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeLine:
    """What another grade would have changed; perhaps less is left where it is not proven."""

    attempt: str
    course: str
    grade: str
    better: str
    credits_left: Fraction | None
    before: Fraction | None
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    is_proven: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RetakeLine:
    """A course on record that is to be taken again, with that grade or better, for one node."""

    attempt: str
    course: str
    grade: str
    credits: Fraction
    node: str
    label: str
    path: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysLine:
    """How many cheapest sets of courses complete the degree; a least where not exact."""

    count: int
    is_exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenChoice:
    """A choice that is to be declared and is not: what was taken, and what is as good."""

    id: str
    label: str
    taken: tuple[str, ...]
    tied: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSummary:
    """An audit in short, to be set beside another; `standings` by requirement, in file order.

    A most is no requirement unless it is broken, nor is a least of nothing. `missed` are the rules
    with a date that were not kept in time, `again` the courses to be taken again beside
    `credits_left`, in words.
    """

    standing: str
    credits_left: Fraction | None
    n_met: int
    n_requirements: int
    standings: tuple[tuple[str, str], ...]
    missed: tuple[str, ...] = ()
    again: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Two audits side by side: what differs, sentence by sentence; nothing where nothing does."""

    title: str
    before: AuditSummary
    after: AuditSummary
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRank:
    """One child of a declared choice, by what is left under it.

    `no_longer` are the courses that count in the audit shown and would not count under it.
    """

    choice: str
    child: str
    label: str
    rank: int
    is_declared: bool
    summary: AuditSummary
    missing: tuple[MissingLine, ...]
    no_longer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyLine:
    """What the audit says of a course that was asked about, and the path to the rule behind it."""

    course: str
    text: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditVariant:
    """The audit under one reading of disputed rules and one value of what the person left open.

    `is_proven` tells whether `credits.left` is proven least, `bound` what is proven otherwise.
    `is_sure` is False where the way to completion leans on an approval nobody gave yet or on a
    fact nobody knows. `retakes` are courses on record that are to be taken again, beside the
    credits left.
    """

    variant: tuple[tuple[str, str], ...]
    summary: AuditSummary
    is_proven: bool
    bound: Fraction
    is_sure: bool
    credits: CreditSums
    requirements: tuple[RequirementLine, ...]
    missing: tuple[MissingLine, ...]
    unused: tuple[UnusedLine, ...]
    means: tuple[StandingLine, ...]
    milestones: tuple[StandingLine, ...]
    caps: tuple[CapLine, ...]
    clocks: tuple[ClockLine, ...]
    notes: tuple[str, ...]
    unknown: tuple[str, ...]
    assumed_grades: tuple[tuple[str, str], ...]
    open_choices: tuple[OpenChoice, ...]
    steps: tuple[StepLine, ...]
    grades: tuple[GradeLine, ...]
    ways: WaysLine | None
    choices: tuple[ChoiceRank, ...]
    without_exceptions: Contrast | None
    what_if: Contrast | None
    retakes: tuple[RetakeLine, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Return whether nothing is left to take and nothing is open, as far as is known."""
        return self.summary.standing in ("met", "in progress", "planned")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditAnswer:
    """The answer of `audit_record`: one audit for each reading and each fact left open.

    `spread` says what is left under all of them where that differs, and how to settle it.
    `supposed` says in words what is only supposed; `transfer` what became of the courses where
    the record is another programme's; `differs` what the audits disagree on; `notes` are
    warnings about the record's file. `why` answers what was asked about single courses,
    `readings` are the texts that can be read in several ways.
    """

    student: str
    record: str
    today: dt.date
    program: str
    program_name: str
    school: str
    catalog_year: str
    completeness: str
    credit_unit: str
    n_attempts: int
    supposed: tuple[str, ...]
    transfer: tuple[str, ...]
    exceptions: tuple[ExceptionLine, ...]
    variants: tuple[AuditVariant, ...]
    differs: tuple[str, ...]
    notes: tuple[Fault, ...]
    sources: tuple[Source, ...]
    spread: str = ""
    why: tuple[WhyLine, ...] = ()
    readings: tuple[str, ...] = ()
