"""What each wish and each course of a plan costs: what is gained without it, proven."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from prospectus.app.binding import credits_in_seasons
from prospectus.app.idle_wishes import asks_nothing
from prospectus.app.plan_case import Chosen
from prospectus.app.plan_suppose import Supposed, free, named_goals, not_asked_for, suppose
from prospectus.app.plan_windows import until
from prospectus.app.solving import Effort
from prospectus.app.words import course_name, with_titles
from prospectus.planning.around import Case, Near
from prospectus.planning.result import PlanStatus
from prospectus.planning.windows import in_every_plan
from prospectus.planning.wish_list import OneWish, each_wish


@dataclass(frozen=True, slots=True, kw_only=True)
class PricesAnswer:
    """What leaving out each wish, and each planned course, would change.

    A course that no plan done by `until` can do without is `impossible` to leave out.
    """

    wishes: tuple[Supposed, ...]
    courses: tuple[Supposed, ...]
    until: dt.date


def prices(chosen: Chosen, case: Case) -> PricesAnswer:
    """Return the price of each wish and of each planned course, as far as time allows."""
    last_day = until(chosen)
    clock = case.solver.clock
    n_levels = len(chosen.solved.student.wishes.levels)
    stopped: list[str] = []

    def effort(n_left: int = 1) -> Effort:
        # one search for each, out of a common store of seconds; never none at all
        return replace(chosen.effort, seconds=max(0.05, clock.left / n_left))

    def of_wishes() -> Iterator[Supposed]:
        wishes = tuple(_wishes(chosen))
        for n, wish in enumerate(wishes):
            if stopped:
                return
            found = suppose(
                chosen,
                wish.without,
                wish.id,
                with_titles(wish.text, case.resolved),
                effort=effort(len(wishes) - n),
                n_levels=n_levels,
                explain_conflict=False,
            )
            if found.was_stopped:
                stopped.append(wish.id)
            yield found

    def of_courses() -> Iterator[Supposed]:
        best = in_every_plan(Near(case, case.levels, last_day), case.courses)
        held = best.settled | best.waiting
        wishes = named_goals(chosen.solved.student.wishes)
        own = {code for code in held if not_asked_for(wishes, code) != wishes}
        needed = in_every_plan(Near(case, {}, last_day), held - own).settled
        for code in sorted(case.courses):
            id = f"course {code}"
            name = course_name(code, case.resolved.courses[code].title)
            text = f"{name}, which you asked for" if code in own else name
            if code not in held:
                yield free(id, text)
                continue
            if code in needed:
                infeasible = PlanStatus.INFEASIBLE
                yield Supposed(id=id, text=text, status=infeasible, is_settled=True)
                continue
            without = not_asked_for(wishes, code)
            without = replace(without, unwanted=(*without.unwanted, code))
            found = suppose(
                chosen,
                without,
                id,
                text,
                effort=effort(),
                n_levels=n_levels,
                explain_conflict=False,
            )
            yield found
            if found.was_stopped:
                stopped.append(id)
                return

    # courses first: they share one model, and what is left of the time goes to the wishes
    courses = tuple(of_courses())
    return PricesAnswer(wishes=tuple(of_wishes()), courses=courses, until=last_day)


def _wishes(chosen: Chosen) -> Iterator[OneWish]:
    """Yield each wish that may rule a plan out.

    Credits of a season, which bind term by term, are one wish as they are written.
    """
    opened, student = chosen.opened, chosen.solved.student
    wishes = student.wishes
    calendar = chosen.solved.resolved.calendar
    by_season = {
        limit.name: tuple(credits_in_seasons((limit,), calendar, opened.file.student.plan_from))
        for limit in opened.file.credits_by_season
    }
    of_seasons = {wish for terms in by_season.values() for wish in terms}
    for wish in each_wish(wishes):
        gone = set(wishes.about) - set(wish.without.about)
        if not gone & of_seasons and not any(asks_nothing(one, student) for one in gone):
            yield wish
    for name, terms in by_season.items():
        if terms:
            yield OneWish(
                id=f"credits per {name}",
                text=f"{terms[0].sizes} in each {name} with study",
                without=replace(
                    wishes, about=tuple(wish for wish in wishes.about if wish not in terms)
                ),
            )
