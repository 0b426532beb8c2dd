"""Mending a board by the planner: what is pinned stays, the rest changes as little as it can."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from prospectus.app.board_answers import Card, Cards, Repaired
from prospectus.app.board_case import BoardCase, need_cards
from prospectus.app.plan_suppose import named_goals
from prospectus.app.replanning import Earlier, against
from prospectus.app.solving import Effort, recheck, solve
from prospectus.domain.course import CourseCode
from prospectus.domain.record import Attempt
from prospectus.domain.student import Level, Student
from prospectus.domain.wish import Placed
from prospectus.planning.result import Conflict, PlanResult, PlanStatus

QUICK = Effort(seconds=10.0)
"""How hard repair looks: what is found by then is given, and said not to be proven."""

A_YEAR = dt.timedelta(days=366)

LEVELS = 2
"""Least change first, then the person's own first objective; more would not be felt."""


def planned(case: BoardCase, effort: Effort = QUICK) -> Cards:
    """Return the best plan as cards; none where no plan exists or none was found in time."""
    n_levels = len(dict.fromkeys(case.student.wishes.levels))
    solved = solve(
        case.resolved, case.student, case.today, effort, n_levels=n_levels, explain_conflict=False
    )
    plan = solved.result.plan
    return () if plan is None else cards_of(case, plan.attempts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What was found for a student; the conflict where there is no plan."""

    repaired: Repaired
    student: Student
    conflict: tuple[Conflict, ...] = ()


def begun(case: BoardCase, effort: Effort = QUICK) -> Mended:
    """Return the best plan for a board on which nothing is yet, or why there is none."""
    n_levels = len(dict.fromkeys(case.student.wishes.levels))
    result = solve(case.resolved, case.student, case.today, effort, n_levels=n_levels).result
    plan = result.plan
    found = Repaired(
        cards=None if plan is None else cards_of(case, plan.attempts),
        changes=(),
        is_proven=result.status in (PlanStatus.INFEASIBLE, PlanStatus.OPTIMAL),
        reasons=() if plan is not None else _reasons(result),
    )
    return Mended(repaired=found, student=case.student, conflict=result.conflict)


def repaired(case: BoardCase, cards: Cards, effort: Effort = QUICK) -> Repaired:
    """Return the plan nearest to the cards that keeps every rule, every wish and every pin.

    Raises
    ------
    UsageError
        BRD-... for cards of courses or periods that there are none of.
    """
    return mended(case, asked_by(case, cards), cards, effort).repaired


def asked_by(case: BoardCase, cards: Cards) -> Student:
    """Return the student who wishes every pinned card where it is, and the rest near the board.

    Raises
    ------
    UsageError
        BRD-... for cards of courses or periods that there are none of.
    """
    need_cards(case, cards)
    return near_board(with_pins(case, cards), cards)


def mended(case: BoardCase, student: Student, cards: Cards, effort: Effort = QUICK) -> Mended:
    """Return the plan nearest to the cards that keeps every rule and all that a student wishes."""
    # The solver takes a second to load, which a page must not pay.
    from prospectus.planning.mending import Mending

    mending = Mending(
        case.resolved,
        student,
        student.record,
        case.today,
        seconds=effort.seconds,
        seed=effort.seed,
        workers=effort.workers,
        memory=effort.memory,
        n_levels=LEVELS,
    )
    found = mending.nearest(_a_year_after(case, cards))
    plan = found.result.plan
    if plan is None:
        none = Repaired(
            cards=None,
            changes=(),
            is_proven=found.result.status is PlanStatus.INFEASIBLE,
            reasons=_reasons(found.result),
        )
        return Mended(repaired=none, student=student, conflict=found.result.conflict)
    recheck(case.resolved, student, found.result, plan, case.today)
    earlier = Earlier(file="", track="", courses=places_of(cards), taken=(), past=())
    changes = against(earlier, plan.attempts).changes
    nearest = Repaired(
        cards=cards_of(case, plan.attempts, cards),
        changes=changes,
        is_proven=found.n_proven > 0,
        # nothing less than one change would mend what has to be mended
        until=found.until if len(changes) > 1 else None,
    )
    return Mended(repaired=nearest, student=student)


def pins_of(case: BoardCase, cards: Cards) -> dict[str, Card]:
    """Return the pinned cards by the id of the wish that each of them is."""
    return {_pin(case, card).id: card for card in cards if card.pinned}


def _pin(case: BoardCase, card: Card) -> Placed:
    leaves = case.resolved.calendar.leaves
    start = next(leaf.start for leaf in leaves if str(leaf.id) == card.period)
    return Placed(course=CourseCode(card.course), first=start, last=start, where=card.period)


def with_pins(case: BoardCase, cards: Cards) -> Student:
    """Return the student who wishes every pinned card where it is."""
    pins = tuple(_pin(case, card) for card in cards if card.pinned)
    wishes = named_goals(case.student.wishes)
    # a pin is a must: a place of the person's own that may be missed gives way to it
    names = {pin.id for pin in pins}
    others = tuple(one for one in wishes.about if one.id not in names & wishes.goals)
    wishes = replace(wishes, about=(*others, *pins), goals=wishes.goals - names)
    return replace(case.student, wishes=wishes)


def near_board(student: Student, cards: Cards) -> Student:
    """Return the student who, of equally good plans, wants the one nearest to the board."""
    wishes = student.wishes
    others = (level for level in wishes.levels if level is not Level.CHANGE)
    changed = replace(wishes, previous=places_of(cards), levels=(*others, Level.CHANGE))
    return replace(student, wishes=changed)


def places_of(cards: Cards) -> tuple[tuple[CourseCode, str], ...]:
    """Return the courses of cards with the periods in which they begin."""
    return tuple(sorted((CourseCode(card.course), card.period) for card in cards))


def cards_of(case: BoardCase, planned: tuple[Attempt, ...], before: Cards = ()) -> Cards:
    """Return the plan as cards: those that stay in the order in which they were, then the new."""
    courses = [card.course for card in before]
    by_place = {(card.course, card.period): card for card in before}
    made = []
    for one in planned:
        place = str(one.course), one.periods[0]
        runs = case.starts.get((one.course, one.periods[0]), ())
        made.append(
            replace(
                by_place.get(place, Card(course=place[0], period=place[1])),
                credits=one.credits,
                n_periods=len(one.periods) if len(runs) > 1 else None,
            )
        )
    made.sort(
        key=lambda card: (
            courses.index(card.course) if card.course in courses else len(courses),
            card.course,
        )
    )
    return tuple(made)


def _a_year_after(case: BoardCase, cards: Cards) -> dt.date:
    """Return the day near which a mended plan should end: a year after what is on the board."""
    ends = {str(leaf.id): leaf.end for leaf in case.resolved.calendar.leaves}
    last = max((ends[card.period] for card in cards), default=case.student.plan_from)
    return max(last, case.student.plan_from) + A_YEAR


def _reasons(result: PlanResult) -> tuple[str, ...]:
    if result.status is PlanStatus.UNKNOWN:
        return ("no plan was found in time, and none was shown not to exist",)
    return tuple(member.text for member in result.conflict)
