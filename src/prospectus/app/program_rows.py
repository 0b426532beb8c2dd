"""What a programme's page shows line by line: facts as trees, courses, when they run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from prospectus.app.catalog_answers import RuleLine, RuleSection
from prospectus.app.fact_age import is_old
from prospectus.app.offering_words import live_words
from prospectus.app.program_lists import Listed
from prospectus.app.tree_walk import walk
from prospectus.app.words import condition_words, listed
from prospectus.domain.course import Course
from prospectus.domain.expression import Soft
from prospectus.domain.facts import Provenance
from prospectus.domain.offering import Offering, OfferingKind, YearParity, runs
from prospectus.domain.period import Calendar
from prospectus.domain.printer import long_day, print_number
from prospectus.domain.program import Program, School
from prospectus.domain.requirement import Reading, When

_AHEAD = dt.timedelta(days=731)
_SURE = (OfferingKind.CERTAIN, OfferingKind.EXPECTED, OfferingKind.LIKELY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A fact and those below it; `label` is its name, `text` what it says.

    `courses` are the codes and titles that it means where it does not name them.
    """

    line: RuleLine
    label: str
    text: str
    below: tuple[Branch, ...]
    courses: Listed = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeSection:
    """Facts under one heading, as a tree."""

    title: str
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRow:
    """A course in the table of a programme; `hours` with its mark, "" unknown."""

    code: str
    title: str
    credits: str
    hours: str
    runs: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One statement of when a course runs.

    `seen` are the single periods that are on record, the newest first, each with its days; `note`
    is what the catalog says a reader should know.
    """

    when: str
    sessions: str
    known: str
    seen: tuple[str, ...]
    note: str
    taught: str
    live: tuple[str, ...]
    seats: str
    provenance: Provenance
    is_old: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingRow:
    """A term of the next two years: how sure it is that a course runs, "" where nothing says so.

    `begins` are the sessions in which it may begin, where the term has several.
    """

    term: str
    known: str
    begins: tuple[str, ...]


def node_labels(program: Program) -> dict[str, str]:
    """Return the names of the nodes of a programme and of its rules, by id."""
    trees = (program.tree, *(one.tree for one in program.credentials))
    headers = [node.header for tree in trees for node, _ in walk(tree)]
    headers += [rule.header for rule in program.rules if not isinstance(rule, When | Reading)]
    return {str(header.id): header.label for header in headers}


def trees(
    sections: Iterable[RuleSection],
    labels: Mapping[str, str],
    courses: Mapping[str, Listed] | None = None,
) -> tuple[TreeSection, ...]:
    """Return sections with their lines as trees.

    `labels` are the names of nodes and rules, `courses` what those mean that name none themselves.
    """
    return tuple(
        TreeSection(title=section.title, branches=_branches(section.lines, labels, courses or {}))
        for section in sections
    )


def _branches(
    lines: tuple[RuleLine, ...], labels: Mapping[str, str], courses: Mapping[str, Listed]
) -> tuple[Branch, ...]:
    """Return lines as a tree: what stands deeper belongs to the line above it."""
    if not lines:
        return ()
    least = lines[0].depth
    heads = [i for i, line in enumerate(lines) if i == 0 or line.depth <= least]
    return tuple(
        _branch(lines[start], lines[start + 1 : end], labels, courses)
        for start, end in zip(heads, [*heads[1:], len(lines)], strict=True)
    )


def _branch(
    line: RuleLine,
    below: tuple[RuleLine, ...],
    labels: Mapping[str, str],
    courses: Mapping[str, Listed],
) -> Branch:
    label = labels.get(line.id, "")
    is_named = bool(label) and line.text.startswith(f"{label}: ")
    return Branch(
        line=line,
        label=label if is_named else "",
        text=line.text.removeprefix(f"{label}: ") if is_named else line.text,
        below=_branches(below, labels, courses),
        courses=courses.get(line.id, ()),
    )


def course_row(course: Course, program: Program, school: School) -> CourseRow:
    """Return a course as a line of a table."""
    hours, names = course.hours, _names(program)
    if course.requisite is not None:
        before = condition_words(course.requisite, names)
    else:
        before = "none" if course.requisite_stated else "unknown"
    advice = course.advisory
    if advice is not None:
        # what is soft says itself that it is only advice
        advised = "" if isinstance(advice, Soft) else "advised: "
        before += f"; {advised}{condition_words(advice, names)}"
    mine = [one for one in school.offerings_for(program.id) if one.course == course.code]
    return CourseRow(
        code=str(course.code),
        title=course.title,
        credits=_credits(course),
        hours="" if hours is None else f"{hours.hours_per_week}{hours.provenance.certainty.mark}",
        runs="; ".join(dict.fromkeys(filter(None, map(_short, mine)))) or "unknown",
        before=before,
    )


def _credits(course: Course) -> str:
    low, high = print_number(course.credits_low), print_number(course.credits_high)
    return low if low == high else f"{low} to {high}"


def _names(program: Program) -> dict[str, str]:
    return {str(node.header.id): node.header.name for node, _ in walk(program.tree)}


def _short(offering: Offering) -> str:
    """Return when a course runs in a few words: `Fall 2026`, `Fall`, `Fall 4 of 5`.

    Nothing is said of a season in which it was never seen.
    """
    if offering.kind is OfferingKind.CERTAIN:
        return listed(list(offering.periods), "and")
    parity = offering.parity
    years = "" if parity is YearParity.EVERY else f" of {parity.value} years"
    if offering.kind is OfferingKind.EXPECTED:
        return f"{offering.season}{years}"
    n_seen, share = offering.n_observed, offering.share
    if share == 0:
        return ""
    if n_seen is None or share is None:
        return f"{offering.season}~"
    return f"{offering.season} {round(share * n_seen)} of {n_seen}"


def run_row(offering: Offering, calendar: Calendar | None, today: dt.date) -> RunRow:
    """Return one statement of when a course runs as a line of a table."""
    share, n_seen = offering.share, offering.n_observed
    match offering.kind:
        case OfferingKind.CERTAIN:
            known = "published"
        case OfferingKind.EXPECTED:
            parity = offering.parity
            each = "year" if parity is YearParity.EVERY else f"{parity.value} year"
            known = f"expected every {each}"
        case OfferingKind.LIKELY if n_seen is not None and share is not None:
            known = f"seen in {round(share * n_seen)} of {n_seen}"
        case _:
            known = f"seen in {round(100 * (share or 0))} percent"
    if offering.any_session:
        sessions = "any one"
    else:
        sessions = listed([str(number) for number in offering.sessions], "and")
    delivery = offering.delivery
    return RunRow(
        when=listed(list(offering.periods), "and") if offering.periods else offering.season or "",
        sessions=sessions,
        known=known,
        seen=tuple(_seen(offering.periods, calendar, today)),
        note=offering.provenance.note,
        taught="" if delivery is None else delivery.value.replace("_", " "),
        live=tuple(live_words(one) for one in offering.live),
        seats="" if offering.capacity is None else str(offering.capacity),
        provenance=offering.provenance,
        is_old=is_old(offering.provenance.as_of, today),
    )


def _seen(periods: Iterable[str], calendar: Calendar | None, today: dt.date) -> Iterator[str]:
    """Yield the periods that are published, the newest first; one without days by its name."""
    known = {} if calendar is None else {str(one.id): one for one in calendar.terms}
    known |= {} if calendar is None else {str(one.id): one for one in calendar.leaves}
    dated = [known[name] for name in periods if name in known]
    for one in sorted(dated, key=lambda one: one.start, reverse=True):
        when = "over" if one.end < today else "now" if one.start <= today else "to come"
        yield f"{one.id}: {long_day(one.start)} to {long_day(one.end)}, {when}"
    yield from (name for name in periods if name not in known)


def coming_rows(
    offerings: Iterable[Offering], program: Program, school: School, today: dt.date
) -> Iterator[ComingRow]:
    """Yield the terms of the next two years, each with how its runs are known."""
    calendar = dict(school.calendars).get(program.calendar)
    if calendar is None:
        return
    found = runs(tuple(offerings), calendar, Fraction(0))
    for term, inside in zip(calendar.terms, calendar.leaves_by_term, strict=True):
        if term.end < today or term.start > today + _AHEAD:
            continue
        mine = [run for run in found if run.leaves[0] in inside]
        surest = min((_SURE.index(run.kind) for run in mine), default=None)
        begins = dict.fromkeys(str(calendar.leaves[run.leaves[0]].id) for run in mine)
        yield ComingRow(
            term=str(term.id),
            known="" if surest is None else _SURE[surest].value,
            begins=tuple(begins) if len(inside) > 1 else (),
        )
