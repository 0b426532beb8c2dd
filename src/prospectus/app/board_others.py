"""Other plans for a board: the trades between its end, its cost and its fullest week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from prospectus.app.board_answers import Cards
from prospectus.app.board_case import BoardCase
from prospectus.app.board_repair import cards_of, near_board, with_pins
from prospectus.app.solving import Effort, recheck
from prospectus.app.words import count
from prospectus.domain.facts import Money
from prospectus.domain.student import Level
from prospectus.planning.result import PlanStatus

MOST = 6
"""So many plans are shown."""

PATIENCE = Effort(seconds=60.0)

_TRADED = (Level.FINISH, Level.COST, Level.PEAK)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPlan:
    """A plan that nothing beats on all of finish, cost and fullest week; `moves` from the board."""

    cards: Cards
    finish: dt.date
    cost: Money | None
    peak_hours: int
    moves: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPlans:
    """Some plans of a front, and what is proven of them."""

    plans: tuple[OtherPlan, ...]
    said: str


@dataclass(frozen=True, slots=True)
class _Point:
    values: tuple[int, ...]
    plan: OtherPlan


def other_plans(
    case: BoardCase,
    cards: Cards,
    effort: Effort = PATIENCE,
    found: Callable[[OtherPlan], None] | None = None,
) -> OtherPlans:
    """Return some plans of the front; what is pinned stays in each of them.

    `found` is called with each plan of the front as soon as it is there.
    """
    # The solver takes a second to load, which a page must not pay.
    from prospectus.planning.front import Front

    student = near_board(with_pins(case, cards), cards)
    front = Front(
        case.resolved,
        student,
        student.record,
        case.today,
        _TRADED,
        seconds=effort.seconds,
        seed=effort.seed,
        workers=effort.workers,
        memory=effort.memory,
    )
    points: list[_Point] = []
    with closing(front.points()) as stream:
        for point in stream:
            plan = point.result.plan
            assert plan is not None, "a point of a front has a plan"
            solved = recheck(case.resolved, student, point.result, plan, case.today)
            appraisal = solved.appraisal
            assert appraisal is not None, "what was re-checked is appraised"
            made = cards_of(case, plan.attempts, cards)
            offered = OtherPlan(
                cards=made,
                finish=appraisal.finish,
                cost=appraisal.cost,
                peak_hours=appraisal.peak_hours,
                moves=_moves(cards, made),
            )
            points.append(_Point(point.values, offered))
            if found is not None:
                found(offered)
    assert front.end is not None, "a stream that was read has ended"
    chosen = _spread(points, MOST)
    plans = tuple(one.plan for one in chosen)
    return OtherPlans(plans=plans, said=_said(front.end.status, len(points), len(plans)))


def _spread(points: Sequence[_Point], most: int) -> list[_Point]:
    """Return so many points, the best of each level among them, then those farthest apart."""
    if len(points) <= most:
        return list(points)
    n_levels = len(points[0].values)
    low = [min(one.values[i] for one in points) for i in range(n_levels)]
    high = [max(one.values[i] for one in points) for i in range(n_levels)]
    width = [max(1, b - a) for a, b in zip(low, high, strict=True)]

    def apart(one: _Point, other: _Point) -> float:
        pairs = zip(one.values, other.values, width, strict=True)
        return sum(abs(a - b) / w for a, b, w in pairs)

    chosen: list[_Point] = []
    for i in range(n_levels):
        best = min(points, key=lambda one: (one.values[i], one.values))
        if best not in chosen:
            chosen.append(best)
    while len(chosen) < most:
        rest = [one for one in points if one not in chosen]
        chosen.append(max(rest, key=lambda one: min(apart(one, other) for other in chosen)))
    return sorted(chosen, key=lambda one: one.values)


def _moves(before: Cards, after: Cards) -> tuple[str, ...]:
    """Return how a plan differs from the board, in words."""
    old = {card.course: card.period for card in before}
    new = {card.course: card.period for card in after}
    told = [f"{code} out" for code in sorted(old.keys() - new.keys())]
    told += [f"{code} in {new[code]}" for code in sorted(new.keys() - old.keys())]
    both = sorted(old.keys() & new.keys())
    return (*told, *(f"{code} to {new[code]}" for code in both if old[code] != new[code]))


def _said(status: PlanStatus, n_found: int, n_shown: int) -> str:
    match status:
        case PlanStatus.OPTIMAL if n_found == n_shown:
            return "These are all: no other plan beats one of them without losing something."
        case PlanStatus.OPTIMAL:
            return f"{n_shown} of {n_found}: none of them is beaten without losing something."
        case PlanStatus.FEASIBLE:
            return (
                f"{count(n_shown, 'plan')} of {n_found} found in the time given; each is proven "
                "not to be beaten without losing something, and more may exist."
            )
        case PlanStatus.INFEASIBLE:
            return "No plan keeps every rule, every wish and every pin: repair says why."
        case _:
            return "No plan was proven in the time given."
