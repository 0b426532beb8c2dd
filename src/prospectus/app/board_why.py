"""Why a card stands where it stands: the proven price of having it elsewhere, or not at all.

The best plan with the card here is held against the best plan with it elsewhere and the best one
without it; in each of them what is pinned stays and the rest is free to move. Of equally good plans
the first is the one nearest to the board, and the others those nearest to the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from prospectus.app.board_answers import Cards
from prospectus.app.board_case import BoardCase, keyed
from prospectus.app.board_check import card_named
from prospectus.app.board_repair import near_board, with_pins
from prospectus.app.plan_suppose import not_asked_for
from prospectus.app.plan_words import level_changes, plan_differences
from prospectus.app.solving import Effort, Solved, solve
from prospectus.domain.course import CourseCode
from prospectus.domain.student import Student, Wishes
from prospectus.domain.wish import Placed
from prospectus.planning.result import PlanStatus

PATIENCE = Effort(seconds=6.0)
"""How hard each of the plans is looked for; what is not proven by then is said to be open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What another place of a card would bring.

    `price` tells the levels that differ, empty where none does; `moves` what else would change;
    `reasons` what cannot all hold where no plan exists. `is_settled`: all of it is proven.
    """

    text: str
    is_possible: bool
    is_settled: bool
    price: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyHere:
    """Why a card stands where it stands; `here` is the best plan with it there."""

    course: str
    period: str
    here: Consequence
    others: tuple[Consequence, ...]


def why_here(case: BoardCase, cards: Cards, key: str, effort: Effort = PATIENCE) -> WhyHere:
    """Return the proven price of a card's place.

    Raises
    ------
    UsageError
        BRD-005 where the board has no such card.
    """
    card = card_named(cards, key)
    code = CourseCode(card.course)
    leaves = {str(leaf.id): leaf for leaf in case.resolved.calendar.leaves}
    leaf = leaves[card.period]
    here = Placed(course=code, first=leaf.start, last=leaf.start, where=card.period)
    rest = tuple(one for name, one in keyed(cards).items() if name != key)
    wishes = near_board(with_pins(case, rest), cards).wishes
    # the person's own wish for its place is asked about too
    about = tuple(one for one in wishes.about if one.id != here.id)
    goals = wishes.goals - {here.id}
    kept = replace(wishes, about=(*about, here), goals=goals)
    wishes = replace(wishes, about=about, goals=goals)
    base = _solved(case, kept, effort)
    text = f"{code} in {card.period}"
    others = []
    for wanted, told in _elsewhere(wishes, here):
        after = _solved(case, _near(wanted, base), effort)
        others.append(_consequence(told, base, after))
    return WhyHere(
        course=card.course,
        period=card.period,
        here=_consequence(text, base, base),
        others=tuple(others),
    )


def _near(wishes: Wishes, other: Solved) -> Wishes:
    """Return the wishes that stay near a plan instead of the board: then what moves has to."""
    plan = other.result.plan
    if plan is None:
        return wishes
    return replace(wishes, previous=tuple((one.course, one.periods[0]) for one in plan.attempts))


def _elsewhere(wishes: Wishes, here: Placed) -> Iterator[tuple[Wishes, str]]:
    """Yield the wishes with the course in another period, and without it."""
    code = here.course
    not_here = replace(here, inside=False)
    unwanted = tuple(one for one in wishes.unwanted if one != code)
    moved = replace(
        wishes,
        wanted=tuple(dict.fromkeys((*wishes.wanted, code))),
        unwanted=unwanted,
        about=(*wishes.about, not_here),
        goals=wishes.goals - {f"wanted {code}", not_here.id},
    )
    yield moved, f"{code} in another period"
    without = not_asked_for(wishes, code)
    yield replace(without, unwanted=(*unwanted, code)), f"the plan without {code}"


def _solved(case: BoardCase, wishes: Wishes, effort: Effort) -> Solved:
    student: Student = replace(case.student, wishes=wishes)
    n_levels = len(dict.fromkeys(wishes.levels))
    return solve(case.resolved, student, case.today, effort, n_levels=n_levels)


def _consequence(text: str, before: Solved, after: Solved) -> Consequence:
    result = after.result
    if result.plan is None:
        return Consequence(
            text=text,
            is_possible=False,
            is_settled=result.status is PlanStatus.INFEASIBLE,
            reasons=tuple(member.text for member in result.conflict),
        )
    levels, is_settled = level_changes(before, after)
    return Consequence(
        text=text,
        is_possible=True,
        is_settled=is_settled,
        price=tuple(one.text for one in levels if one.text and one.level != "change"),
        moves=() if before is after else plan_differences(before, after),
    )
