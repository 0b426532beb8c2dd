"""A checked plan as lines to show: periods, requirements, levels, assumptions."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from prospectus.app.answers import (
    LevelLine,
    NodeLine,
    PlannedCourse,
    PlannedPeriod,
    PlanVariant,
    YearMoney,
)
from prospectus.app.audit_idle import idle_under
from prospectus.app.audit_words import asks_nothing
from prospectus.app.figures import (
    assumptions_used,
    hours_certainty,
    is_projected,
    leaves_of,
    runs_of,
)
from prospectus.app.rows import assumption_lines
from prospectus.app.solving import Solved
from prospectus.app.topics import topics_covered
from prospectus.app.tree_walk import walk
from prospectus.app.words import condition_words
from prospectus.compare.row import Row
from prospectus.domain.course import CourseCode
from prospectus.domain.facts import Money
from prospectus.domain.meaning.hours import hours_of
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.offering import OfferingKind, Run
from prospectus.domain.plan import Breach, Due
from prospectus.domain.printer import long_day, print_number
from prospectus.domain.record import Attempt
from prospectus.domain.requirement import All, Measure, Node
from prospectus.planning.result import LevelResult

_UNITS = {
    "goals": "missed",
    "peak": "h a week at most",
    "topics": "wanted topics left out",
    "hours": "h of work in all",
    "preference": "points given up",
    "spare": "of the usual h a week not free in the fullest period",
    "spread": "h a week between the fullest and the emptiest period",
    "distance": "terms between courses and their prerequisites",
    "change": "changes to the earlier plan",
    "toxic": "for pairs that are bad together",
    "credits": "planned credits",
}
_OF_ONE = {
    "topics": "wanted topic left out",
    "preference": "point given up",
    "distance": "term between courses and their prerequisites",
    "change": "change to the earlier plan",
    "credits": "planned credit",
}


def plan_variant(solved: Solved, row: Row, today: dt.date) -> PlanVariant:
    """Return everything that is shown of one checked answer."""
    appraisal, verdict, result = solved.appraisal, solved.verdict, solved.result
    by_year: dict[int, Money] = {}
    for due in appraisal.dues if appraisal is not None else ():
        year = due.on.year
        by_year[year] = by_year[year] + due.amount if year in by_year else due.amount
    codes = {attempt.id: str(attempt.course) for attempt in solved.record.attempts}
    grades = verdict.assumed_grades if verdict is not None else ()
    floors = {*grades, *(appraisal.aid_grades if appraisal is not None else ())}
    covered = topics_covered(solved, today)
    return PlanVariant(
        variant=row.variant,
        status=result.status,
        row=row,
        periods=_periods(solved, today),
        finish=appraisal.finish if appraisal is not None else None,
        finish_is_projected=appraisal is not None and is_projected(solved, appraisal.finish),
        cost=appraisal.cost if appraisal is not None else None,
        cost_by_year=tuple(sorted(by_year.items())),
        levels=level_lines(solved),
        requirements=_requirements(solved),
        assumptions=assumption_lines(
            assumptions_used(solved),
            solved.resolved.assumptions,
            growth=solved.student.wishes.rates_grow,
        ),
        assumed_grades=tuple((codes.get(name, name), floor) for name, floor in sorted(floors)),
        money_by_year=_money_by_year(solved, by_year),
        approvals=result.approvals,
        notes=tuple(_notes(solved)),
        unknown=row.unknown,
        conflict=result.conflict,
        conflict_is_minimal=result.conflict_is_minimal,
        certificate=result.certificate,
        topics_covered=covered,
        topics_missing=tuple(
            topic for topic in solved.student.wishes.wanted_topics if topic not in covered
        ),
        goals_missed=()
        if appraisal is None
        else tuple(breach.text for breach in appraisal.goals_missed),
        record=solved.record,
    )


def _money_by_year(solved: Solved, dues: dict[int, Money]) -> tuple[YearMoney, ...]:
    """Return what falls due and what is paid back, by calendar year; none without an employer."""
    if solved.student.wishes.aid is None or solved.appraisal is None:
        return ()
    nothing = Money(minor=0, currency=solved.resolved.school.currency)
    back = dict(solved.appraisal.paid_back)
    lines = []
    for year in sorted({*dues, *back}):
        due, paid = dues.get(year, nothing), back.get(year, nothing)
        left = Money(minor=due.minor - paid.minor, currency=nothing.currency)
        lines.append(YearMoney(year=year, due=due, paid_back=paid, out_of_pocket=left))
    return tuple(lines)


def _notes(solved: Solved) -> Iterator[str]:
    """Yield the notes on a plan's order, and on exceptions that do nothing under its choices."""
    if solved.verdict is not None:
        yield from (_note(note, solved) for note in solved.verdict.notes)
    if solved.result.plan is not None:
        choices = solved.result.plan.witness.choices
        yield from (one.what for one in idle_under(solved.resolved, solved.record, choices))


def _note(note: Breach, solved: Solved) -> str:
    """Return a note, with the condition where it does not name it."""
    kind, _, code = note.rule.partition(" ")
    course = solved.resolved.courses.get(CourseCode(code))
    condition = None
    if course is not None and kind == "advice":
        condition = course.advisory
    elif course is not None and kind == "requisite" and note.text.endswith("not yet certain"):
        condition = course.requisite
    if condition is None:
        return note.text
    labels = {str(node.header.id): node.header.name for node, _ in walk(solved.resolved.tree)}
    return f"{note.text}: {condition_words(condition, labels)}"


def _periods(solved: Solved, today: dt.date) -> tuple[PlannedPeriod, ...]:
    """Return the leaf periods in which something planned starts or goes on."""
    if solved.appraisal is None:
        return ()
    planned = [attempt for attempt in solved.record.attempts if attempt.is_planned]
    starts: dict[int, list[Attempt]] = defaultdict(list)
    busy: set[int] = set()
    for attempt in planned:
        leaves = leaves_of(solved, attempt)
        starts[leaves[0]].append(attempt)
        busy |= set(leaves)
    indexes = sorted(busy)
    hours = dict(solved.appraisal.hours)
    leaves_all = solved.resolved.calendar.leaves
    dues: dict[int, list[Due]] = defaultdict(list)
    for due in solved.appraisal.dues:
        before = [index for index in indexes if leaves_all[index].start <= due.on]
        dues[before[-1] if before else indexes[0]].append(due)
    setting = Setting(solved.resolved, solved.record, today)
    meets, runs = _meets(solved), runs_of(solved)
    return tuple(
        PlannedPeriod(
            id=str(leaves_all[index].id),
            start=leaves_all[index].start,
            end=leaves_all[index].end,
            is_projected=not leaves_all[index].published,
            starts=tuple(
                _course(solved, setting, attempt, meets.get(attempt.id, ()), runs.get(attempt.id))
                for attempt in sorted(starts[index], key=lambda attempt: attempt.course)
            ),
            hours_per_week=hours.get(index, 0),
            dues=tuple(dues[index]),
        )
        for index in indexes
    )


def _course(
    solved: Solved, setting: Setting, attempt: Attempt, meets: tuple[str, ...], run: Run | None
) -> PlannedCourse:
    course = solved.resolved.courses[attempt.course]
    leaves = leaves_of(solved, attempt)
    hours, _ = hours_of(setting, attempt)
    return PlannedCourse(
        code=attempt.course,
        title=course.title,
        credits=attempt.credits,
        meets=meets,
        offering=_offering(run),
        hours_per_week=hours,
        hours_certainty=hours_certainty(solved, attempt)[1],
        until=str(solved.resolved.calendar.leaves[leaves[-1]].id) if len(leaves) > 1 else None,
    )


def _offering(run: Run | None) -> str:
    """Return how it is known that the course runs then, in words."""
    if run is None:
        return "unknown"
    if run.kind is OfferingKind.LIKELY and run.share is not None:
        return f"likely ({round(run.share * 100)}% of such terms)"
    return run.kind.value


def _meets(solved: Solved) -> dict[str, tuple[str, ...]]:
    """Return the labels of the leaves that each attempt is held by."""
    labels = {str(node.header.id): node.header.name for node, _ in walk(solved.resolved.tree)}
    found: dict[str, list[str]] = defaultdict(list)
    plan = solved.result.plan
    for placement in plan.witness.placements if plan is not None else ():
        found[placement.attempt].append(labels.get(str(placement.leaf), str(placement.leaf)))
    return {attempt: tuple(dict.fromkeys(names)) for attempt, names in found.items()}


def _requirements(solved: Solved) -> tuple[NodeLine, ...]:
    """Return how each active requirement stands, in file order."""
    if solved.verdict is None:
        return ()
    verdicts = {str(node.node): node for node in solved.verdict.nodes}
    codes = {attempt.id: str(attempt.course) for attempt in solved.record.attempts}
    lines = []
    for node, depth in walk(solved.resolved.tree):
        verdict = verdicts.pop(str(node.header.id), None)
        if verdict is None or _asks_nothing(node):
            continue
        lines.append(
            NodeLine(
                id=str(node.header.id),
                label=node.header.name,
                depth=depth,
                standing=verdict.standing.name.lower().replace("_", " "),
                counted=verdict.counted,
                courses=tuple(codes.get(name, name) for name in verdict.held),
            )
        )
    return tuple(lines)


def _asks_nothing(node: Node) -> bool:
    """Return whether a node is the empty side of a disputed rule: it has no name to be shown by."""
    if isinstance(node, Measure):
        return asks_nothing(node)
    return isinstance(node, All) and not node.children and not node.header.label


def level_lines(solved: Solved) -> tuple[LevelLine, ...]:
    """Return each level of an answer, most important first."""
    return tuple(_level(solved, level) for level in solved.result.levels)


def _level(solved: Solved, level: LevelResult) -> LevelLine:
    return LevelLine(
        level=level.level,
        value=_level_text(solved, level.level, level.value),
        bound=None if level.bound is None else _level_text(solved, level.level, level.bound),
        is_proven=level.is_proven,
    )


def _level_text(solved: Solved, level: str, value: Fraction | None) -> str:
    if value is None:
        return "unknown"
    if level == "live":
        return f"{print_number(value / 60)} h of live sessions"
    if level == "finish":
        return long_day(dt.date.fromordinal(int(value)))
    if level in ("cost", "out_of_pocket", "trade"):
        return str(Money(minor=int(value), currency=solved.resolved.school.currency))
    unit = _UNITS.get(level, "")
    if value == 1:
        unit = _OF_ONE.get(level, unit)
    return f"{print_number(value)} {unit}".strip()
