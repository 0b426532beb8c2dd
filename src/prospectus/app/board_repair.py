"""Mending a board by the planner: what is pinned stays, the rest changes as little as it can."""

from __future__ import annotations

from dataclasses import replace

from prospectus.app.board_answers import Card, Cards, Repaired
from prospectus.app.board_case import BoardCase, need_cards
from prospectus.app.replanning import Earlier, against
from prospectus.app.solving import Effort, Solved, solve
from prospectus.domain.course import CourseCode
from prospectus.domain.record import Attempt
from prospectus.domain.student import Level, Student
from prospectus.domain.wish import Placed
from prospectus.planning.result import PlanStatus

QUICK = Effort(seconds=10.0)
"""How hard repair looks: what is found by then is given, and said not to be proven."""

LEVELS = 2
"""Least change first, then the person's own first objective; more would not be felt."""


def planned(case: BoardCase, effort: Effort = QUICK) -> Cards:
    """Return the best plan as cards; none where no plan exists or none was found in time."""
    solved = solve(
        case.resolved, case.student, case.today, effort, n_levels=LEVELS, explain_conflict=False
    )
    plan = solved.result.plan
    return () if plan is None else _cards(plan.attempts, ())


def repaired(case: BoardCase, cards: Cards, effort: Effort = QUICK) -> Repaired:
    """Return the plan nearest to the cards that keeps every rule, every wish and every pin.

    Raises
    ------
    UsageError
        BRD-... for cards of courses or periods that there are none of.
    """
    need_cards(case, cards)
    earlier = _earlier(cards)
    solved = solve(
        case.resolved,
        _pinned(case, cards, earlier),
        case.today,
        effort,
        n_levels=LEVELS,
    )
    plan = solved.result.plan
    if plan is None:
        return Repaired(
            cards=None,
            changes=(),
            is_proven=solved.result.status is PlanStatus.INFEASIBLE,
            reasons=_reasons(solved),
        )
    return Repaired(
        cards=_cards(plan.attempts, cards),
        changes=against(earlier, plan.attempts).changes,
        is_proven=all(level.is_proven for level in solved.result.levels[:LEVELS]),
    )


def _earlier(cards: Cards) -> Earlier:
    return Earlier(
        file="",
        track="",
        courses=tuple(sorted((CourseCode(card.course), card.period) for card in cards)),
        taken=(),
        past=(),
    )


def _pinned(case: BoardCase, cards: Cards, earlier: Earlier) -> Student:
    """Return the student who wishes least change, and every pinned card where it is."""
    leaves = {str(leaf.id): leaf for leaf in case.resolved.calendar.leaves}
    pins = tuple(
        Placed(
            course=CourseCode(card.course),
            first=leaves[card.period].start,
            last=leaves[card.period].start,
            where=card.period,
        )
        for card in cards
        if card.pinned
    )
    wishes = case.student.wishes
    levels = (Level.CHANGE, *(level for level in wishes.levels if level is not Level.CHANGE))
    return replace(
        case.student,
        wishes=replace(
            wishes, previous=earlier.courses, levels=levels, about=(*wishes.about, *pins)
        ),
    )


def _cards(planned: tuple[Attempt, ...], before: Cards) -> Cards:
    """Return the plan as cards: those that stay in the order in which they were, then the new."""
    courses = [card.course for card in before]
    by_place = {(card.course, card.period): card for card in before}
    made = [
        replace(
            by_place.get(
                (str(one.course), one.periods[0]),
                Card(course=str(one.course), period=one.periods[0]),
            ),
            credits=one.credits,
        )
        for one in planned
    ]
    made.sort(
        key=lambda card: (
            courses.index(card.course) if card.course in courses else len(courses),
            card.course,
        )
    )
    return tuple(made)


def _reasons(solved: Solved) -> tuple[str, ...]:
    if solved.result.status is PlanStatus.UNKNOWN:
        return ("no plan was found in time, and none was shown not to exist",)
    return tuple(member.text for member in solved.result.conflict)
