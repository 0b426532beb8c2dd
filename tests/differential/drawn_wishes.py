"""Drawn wishes on single courses, terms and days, and wishes that may be missed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from tests.differential.drawing import TOPICS, Draw

from prospectus.domain.program import Resolved
from prospectus.domain.student import DEFAULT_LEVELS, Level, Student
from prospectus.domain.wish import (
    Apart,
    Avoid,
    Before,
    Buffer,
    CourseWish,
    FewHeavy,
    Placed,
    StartIn,
    TermCredits,
    Together,
    TopicBy,
)

GOALS = ("hours", "courses", "budget", "pauses", "wanted", "unwanted")


def with_wishes(draw: Draw, student: Student, resolved: Resolved) -> Student:
    """Return the student with some wishes more, some of which may be missed."""
    rng, codes = draw.rng, list(resolved.courses)
    about: list[CourseWish] = []
    if draw.chance(0.12, "apart"):
        about.append(Apart(courses=tuple(rng.sample(codes, 2))))
    if draw.chance(0.12, "together"):
        about.append(Together(courses=tuple(rng.sample(codes, 2))))
    if draw.chance(0.12, "before"):
        first, then = rng.sample(codes, 2)
        about.append(Before(first=first, then=then))
    if draw.chance(0.12, "few heavy"):
        named = frozenset(rng.sample(codes, 2))
        about.append(FewHeavy(courses=named, hours_from=rng.choice([None, 9, 12])))
    if draw.chance(0.12, "credits per term"):
        low, high = rng.choice([(None, 3), (4, None), (2, 6)])
        about.append(
            TermCredits(
                first=rng.choice([dt.date.min, dt.date(2027, 1, 1)]),
                low=None if low is None else Fraction(low),
                high=None if high is None else Fraction(high),
                last_may_be_less=rng.random() < 0.5,
            )
        )
    if draw.chance(0.12, "avoid"):
        carried = sorted({word for c in resolved.courses.values() for word in c.attributes})
        about.append(Avoid(attributes=frozenset(carried[:1] or ["group_work"])))
    if draw.chance(0.12, "topic by"):
        day = rng.choice([dt.date(2027, 1, 31), dt.date(2027, 7, 1)])
        about.append(TopicBy(topic=rng.choice(TOPICS), by=day))
    if draw.chance(0.1, "start in"):
        first_day = rng.choice([dt.date(2026, 8, 1), dt.date(2027, 1, 1)])
        about.append(StartIn(first=first_day, last=first_day + dt.timedelta(days=90)))
    if draw.chance(0.1, "buffer"):
        about.append(Buffer(terms=1))
    if draw.chance(0.12, "placed"):
        first_day = rng.choice([dt.date(2026, 8, 1), dt.date(2027, 1, 1), dt.date(2027, 5, 1)])
        last_day = first_day + dt.timedelta(days=100)
        inside = rng.random() < 0.5
        about.append(
            Placed(course=rng.choice(codes), first=first_day, last=last_day, inside=inside)
        )
    kinds = {wish.id.split(" ")[0] for wish in about} | set(GOALS)
    levels, goals = student.wishes.levels, frozenset[str]()
    if draw.chance(0.35, "goals"):
        goals = frozenset(kind for kind in sorted(kinds) if rng.random() < 0.6)
    if goals:
        place = rng.choice([0, 0, 1, len(DEFAULT_LEVELS)])
        levels = (*levels[:place], Level.GOALS, *levels[place:])
    more = [
        level
        for level in (Level.HOURS, Level.PREFERENCE, Level.SPARE, Level.SPREAD)
        if draw.chance(0.12, f"level {level.value}")
    ]
    more += [
        level
        for level in (Level.DISTANCE, Level.TOXIC, Level.TRADE, Level.CHANGE)
        if draw.chance(0.12, f"level {level.value}")
    ]
    rng.shuffle(more)
    place = rng.choice([0, 1, len(levels)])
    levels = (*levels[:place], *more, *levels[place:])
    liked, disliked, *others = rng.sample(codes, 4)
    leaves = resolved.calendar.leaves
    traded = ((Level.FINISH, 100), (Level.COST, 1), (Level.PEAK, rng.choice([500, 5000])))
    student = replace(
        student,
        wishes=replace(
            student.wishes,
            preferences=((liked, 3), (disliked, -2)),
            toxic=((others[0], others[1], 5), (liked, others[0], 2)),
            trade=traded,
            previous=tuple(
                (code, leaves[run.leaves[0]].id)
                for code in rng.sample(codes, 2)
                for run in [
                    run
                    for run in resolved.runs_of(code)
                    if leaves[run.leaves[0]].start >= dt.date(2026, 8, 1)
                ][: rng.choice([1, 2])][-1:]
            ),
        ),
    )
    wishes = replace(student.wishes, about=tuple(about), goals=goals, levels=levels)
    return replace(student, wishes=wishes)
