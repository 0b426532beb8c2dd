"""The person: what they have, can, want and may spend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from prospectus.domain.aid import EmployerAid
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import DomainError
from prospectus.domain.facts import Money
from prospectus.domain.place import RESIDENCE, place
from prospectus.domain.record import Record
from prospectus.domain.wish import CourseWish

DEFAULT_HOURS_PER_WEEK = 15
"""Hours a week where the person gives none; always shown as assumed (`hours-per-week`)."""


class Level(Enum):
    """Levels of the planner's objective, each the lower the better, in any order.

    `goals`: how often a wish that may be missed is missed. `finish`: the last day. `cost`: minor
    units of money. `out_of_pocket`: the cost less what an employer pays back. `peak`: most weekly
    hours. `topics`: wanted topics left out. `hours`: hours of work in all. `live`: minutes of
    mandatory live sessions in all. `preference`: points of preference given up. `spare`: weekly
    hours not left free in the fullest period, below the usual limit. `spread`: weekly hours between
    the fullest and the emptiest period of study. `distance`: terms between courses and their
    requisites. `toxic`: weights of pairs that are bad together. `change`: courses of an earlier
    plan that are moved or left out, and new ones.
    `trade`: what the person says that others of these are worth, in minor units of money.
    """

    GOALS = "goals"
    FINISH = "finish"
    COST = "cost"
    OUT_OF_POCKET = "out_of_pocket"
    PEAK = "peak"
    TOPICS = "topics"
    HOURS = "hours"
    LIVE = "live"
    PREFERENCE = "preference"
    SPARE = "spare"
    SPREAD = "spread"
    DISTANCE = "distance"
    TOXIC = "toxic"
    CHANGE = "change"
    TRADE = "trade"


DEFAULT_LEVELS = (Level.FINISH, Level.COST, Level.PEAK, Level.TOPICS)

GOAL_KINDS = (
    "hours",
    "courses",
    "deadline",
    "budget",
    "out_of_pocket",
    "pauses",
    "live",
    "wanted",
    "unwanted",
    "apart",
    "together",
    "before",
    "heavy",
    "credits",
    "avoid",
    "topic",
    "start",
    "buffer",
    "place",
)
"""The kinds of wishes that a person may make a goal instead of a must: the first word of an id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRange:
    """Days from `first` to `last`, both included."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise DomainError(
                "DOM-050",
                what=f"the range {self.first}..{self.last} ends before it starts",
                fix="write the earlier day first",
            )

    def overlaps(self, start: dt.date, end: dt.date) -> bool:
        """Return whether some day of start..end lies in the range."""
        return self.first <= end and start <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitByRange:
    """A limit that holds in every leaf period overlapping the range; None there: no limit."""

    days: DayRange
    limit: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeTime:
    """Weekly time free for live sessions in the person's own zone (weekday 0 is Monday)."""

    weekday: int
    start: dt.time
    end: dt.time


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Static facts of the person: what eligibility and `when` test. None or absent is unknown."""

    facts: tuple[tuple[str, str], ...] = ()
    degrees: tuple[tuple[str, str], ...] | None = None
    gpa: Fraction | None = None
    tests: tuple[tuple[str, Fraction], ...] | None = None
    background: frozenset[str] | None = None
    memberships: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        told = ((name, place(said) if name == RESIDENCE else said) for name, said in self.facts)
        object.__setattr__(self, "facts", tuple(told))

    def fact(self, name: str) -> str | None:
        """Return the value of a fact, None when unknown."""
        return dict(self.facts).get(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the person asks of a plan. Hard unless said; None does not constrain.

    `hours_per_week` bounds the sum of hours in each leaf period, `hours_by_range` overrides it.
    `budget_by_year` pairs a calendar year (None: every year) with the most due in it;
    `pocket_total` and `pocket_by_year` bound what is due less what `aid` pays back (by year: what
    is due in it less what is paid back in it). `rates_grow` is the share by which rates grow in
    each year beyond the last published one; None holds them flat. `wanted_topics` is soft: a level
    of the objective. `min_offering_share` is the least observed share on which a plan may rest.
    `about` are wishes on single courses, terms and days. `goals` names wishes that may be missed,
    by kind (`hours`) or id (`wanted CS 7643`). `preferences` are points for taking a course, below
    0 for leaving it; `toxic` pairs of courses with the weight of having both in one period; `trade`
    what one unit of a level is worth in minor units of money (`finish` in days). `previous` are the
    courses of an earlier plan with the periods they begin in.
    """

    hours_per_week: int | None = DEFAULT_HOURS_PER_WEEK
    hours_are_assumed: bool = True
    hours_by_range: tuple[LimitByRange, ...] = ()
    pauses: tuple[DayRange, ...] = ()
    courses_per_period: int | None = None
    courses_by_range: tuple[LimitByRange, ...] = ()
    budget_total: Money | None = None
    budget_by_year: tuple[tuple[int | None, Money], ...] = ()
    aid: EmployerAid | None = None
    pocket_total: Money | None = None
    pocket_by_year: tuple[tuple[int | None, Money], ...] = ()
    rates_grow: Fraction | None = None
    deadline: dt.date | None = None
    zone: str | None = None
    free: tuple[FreeTime, ...] | None = None
    wanted: tuple[CourseCode, ...] = ()
    unwanted: tuple[CourseCode, ...] = ()
    wanted_topics: tuple[str, ...] = ()
    unwanted_topics: tuple[str, ...] = ()
    min_offering_share: Fraction = Fraction(1, 2)
    levels: tuple[Level, ...] = DEFAULT_LEVELS
    about: tuple[CourseWish, ...] = ()
    goals: frozenset[str] = frozenset()
    preferences: tuple[tuple[CourseCode, int], ...] = ()
    toxic: tuple[tuple[CourseCode, CourseCode, int], ...] = ()
    trade: tuple[tuple[Level, int], ...] = ()
    previous: tuple[tuple[CourseCode, str], ...] = ()

    def __post_init__(self) -> None:
        if any(worth < 0 or level is Level.TRADE for level, worth in self.trade):
            raise DomainError(
                "DOM-057",
                what="a trade gives a level a negative worth, or trades itself",
                fix="give each other level what a unit of it is worth, 0 or more",
            )
        unknown = sorted(goal for goal in self.goals if goal.split(" ")[0] not in GOAL_KINDS)
        if unknown:
            raise DomainError(
                "DOM-056",
                what=f"'{unknown[0]}' is no wish that could be a goal",
                fix=f"write one of {', '.join(GOAL_KINDS)}",
            )
        if self.goals and Level.GOALS not in self.levels:
            object.__setattr__(self, "levels", (Level.GOALS, *self.levels))
        for name in ("hours_per_week", "courses_per_period"):
            value = getattr(self, name)
            if value is not None and value < 0:
                raise DomainError("DOM-051", what=f"{name} is negative", fix="give 0 or more")
        both = set(self.wanted) & set(self.unwanted)
        if both:
            raise DomainError(
                "DOM-052",
                what=f"{min(both)} is both wanted and unwanted",
                fix="keep it in one of the two lists",
            )

    def is_goal(self, wish: str) -> bool:
        """Return whether a wish, by its id, may be missed."""
        return wish in self.goals or wish.split(" ")[0] in self.goals

    @property
    def hard(self) -> Wishes:
        """Return the wishes that may not be missed."""
        return self if not self.goals else self._part(lambda wish: not self.is_goal(wish))

    @property
    def soft(self) -> Wishes:
        """Return the wishes that may be missed."""
        return self._part(self.is_goal)

    def _part(self, is_kept: Callable[[str], bool]) -> Wishes:
        """Return the wishes whose id is kept; the others ask nothing."""
        hours, courses, budget = is_kept("hours"), is_kept("courses"), is_kept("budget")
        pocket = is_kept("out_of_pocket")
        return replace(
            self,
            goals=frozenset(),
            hours_per_week=self.hours_per_week if hours else None,
            hours_by_range=self.hours_by_range if hours else (),
            pauses=self.pauses if is_kept("pauses") else (),
            courses_per_period=self.courses_per_period if courses else None,
            courses_by_range=self.courses_by_range if courses else (),
            budget_total=self.budget_total if budget else None,
            budget_by_year=self.budget_by_year if budget else (),
            pocket_total=self.pocket_total if pocket else None,
            pocket_by_year=self.pocket_by_year if pocket else (),
            deadline=self.deadline if is_kept("deadline") else None,
            free=self.free if is_kept("live") else None,
            wanted=tuple(c for c in self.wanted if is_kept(f"wanted {c}")),
            unwanted=tuple(c for c in self.unwanted if is_kept(f"unwanted {c}")),
            unwanted_topics=tuple(t for t in self.unwanted_topics if is_kept(f"unwanted {t}")),
            about=tuple(wish for wish in self.about if is_kept(wish.id)),
        )

    @property
    def limits_pocket(self) -> bool:
        """Return whether something is asked of what is paid out of pocket."""
        return self.pocket_total is not None or bool(self.pocket_by_year)

    @property
    def limits_money(self) -> bool:
        """Return whether a wish can only be held to what a plan costs."""
        budget = self.budget_total is not None or bool(self.budget_by_year)
        return budget or self.limits_pocket

    @property
    def priced(self) -> frozenset[Level]:
        """Return the levels that ask what a plan costs."""
        money = {Level.COST, Level.OUT_OF_POCKET}
        is_traded = any(level in money for level, _ in self.trade)
        return frozenset(money | ({Level.TRADE} if is_traded else set()))

    def hours_limit(self, start: dt.date, end: dt.date) -> int | None:
        """Return the weekly hour limit of a leaf period: the least of the ranges it overlaps."""
        return _limit(self.hours_per_week, self.hours_by_range, start, end)

    def courses_limit(self, start: dt.date, end: dt.date) -> int | None:
        """Return the course limit of a leaf period, None when there is none."""
        return _limit(self.courses_per_period, self.courses_by_range, start, end)

    def is_paused(self, start: dt.date, end: dt.date) -> bool:
        """Return whether a pause overlaps the period."""
        return any(pause.overlaps(start, end) for pause in self.pauses)


def _limit(
    default: int | None, ranges: tuple[LimitByRange, ...], start: dt.date, end: dt.date
) -> int | None:
    if not ranges:
        return default
    here = [item.limit for item in ranges if item.days.overlaps(start, end)]
    known = [limit for limit in here if limit is not None]
    if known:
        return min(known)
    return None if here else default


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """One student document.

    `matriculation` is the day from which the person can begin (applicants) or began; a programme
    begins with its first leaf period that starts on or after it. `plan_from` is the first day on
    which a planned course may start. `choices` maps ids of declared `any` nodes to the child
    chosen. `program` says whose record it is; other programmes do not see its attempts.
    """

    name: str = ""
    matriculation: dt.date
    plan_from: dt.date
    program: str | None = None
    catalog_years: tuple[tuple[str, str], ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    record: Record = Record()
    person: Person = Person()
    wishes: Wishes = Wishes()

    def __post_init__(self) -> None:
        if self.wishes.deadline is not None and self.wishes.deadline < self.plan_from:
            raise DomainError(
                "DOM-053",
                what=f"the deadline {self.wishes.deadline} lies before {self.plan_from}, "
                "the first day that is planned",
                fix="give a later deadline or an earlier `plan_from`",
            )
