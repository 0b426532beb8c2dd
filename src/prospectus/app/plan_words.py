"""How one plan differs from another, in words: level by level, and course by course."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from prospectus.app.solving import Solved
from prospectus.app.words import count, course_name
from prospectus.domain.facts import Money
from prospectus.domain.period import Calendar
from prospectus.domain.printer import long_day, month, print_number
from prospectus.domain.student import Level
from prospectus.planning.result import LevelResult, PlanResult

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NO_PLAN = "no plan"
_MONEY = {
    Level.COST.value: "costs {} {}",
    Level.OUT_OF_POCKET.value: "costs {} {} out of pocket",
    Level.TRADE.value: "comes to {} {} by your trade",
}
_COUNTED = {
    Level.GOALS.value: ("misses", "goal", "goals"),
    Level.TOPICS.value: ("leaves out", "wanted topic", "wanted topics"),
    Level.HOURS.value: ("takes", "hour of work", "hours of work"),
    Level.LIVE.value: ("takes", "minute of live sessions", "minutes of live sessions"),
    Level.PREFERENCE.value: ("gives up", "point of preference", "points of preference"),
    Level.SPARE.value: ("leaves free", "hour a week", "hours a week"),
    Level.TOXIC.value: ("bears", "point of pairs bad together", "points of pairs bad together"),
    Level.DISTANCE.value: ("puts", "term between requisites", "terms between requisites"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelChange:
    """A level before and after: values as text, the difference in words, empty where none."""

    level: str
    before: str
    after: str
    text: str
    is_better: bool | None


def number_word(n: int) -> str:
    """Return a small number as a word."""
    return _NUMBERS[n] if n < len(_NUMBERS) else str(n)


def level_changes(before: Solved, after: Solved) -> tuple[tuple[LevelChange, ...], bool]:
    """Return each level the person named, before and after, and whether all are proven.

    The levels stop at the first that is not proven: what follows it is not settled.
    """
    found: list[LevelChange] = []
    later = _named(after.result)
    if before.result.plan is None:
        known = [(name, new) for name, new in later.items() if new.value is not None]
        return tuple(_new(after, name, new) for name, new in known), all(
            new.is_proven for _, new in known
        )
    for name, old in _named(before.result).items():
        new = later.get(name)
        if new is None or old.value is None or new.value is None:
            continue
        if not (old.is_proven and new.is_proven):
            return tuple(found), False
        found.append(_change(before, name, old.value, new.value))
    return tuple(found), True


def _named(result: PlanResult) -> dict[str, LevelResult]:
    names = {level.value for level in Level}
    return {item.level: item for item in result.levels if item.level in names}


def _new(solved: Solved, level: str, result: LevelResult) -> LevelChange:
    assert result.value is not None, "only levels that could be asked are told"
    value = _value(solved, level, result.value)
    return LevelChange(level=level, before=NO_PLAN, after=value, text="", is_better=None)


def _change(solved: Solved, level: str, before: Fraction, after: Fraction) -> LevelChange:
    old, new = (_value(solved, level, value) for value in (before, after))
    return LevelChange(
        level=level,
        before=old,
        after=new,
        text="" if before == after else _difference(solved, level, before, after),
        is_better=None if before == after else after < before,
    )


def _value(solved: Solved, level: str, value: Fraction) -> str:
    if level == Level.FINISH.value:
        return long_day(dt.date.fromordinal(int(value)))
    if level in _MONEY:
        return str(Money(minor=int(value), currency=solved.resolved.school.currency))
    if level in (Level.PEAK.value, Level.SPARE.value, Level.SPREAD.value):
        return f"{print_number(value)} h a week"
    return f"{print_number(value)} min" if level == Level.LIVE.value else print_number(value)


def _difference(solved: Solved, level: str, before: Fraction, after: Fraction) -> str:
    by, is_more = abs(after - before), after > before
    more = "more" if is_more else "less"
    if level == Level.FINISH.value:
        return _other_end(solved.resolved.calendar, int(before), int(after))
    if level in _MONEY:
        money = Money(minor=int(by), currency=solved.resolved.school.currency)
        return _MONEY[level].format(money, more)
    if level == Level.PEAK.value:
        return f"takes {print_number(by)} h a week {more} in its fullest period"
    if level == Level.SPREAD.value:
        return f"has {print_number(by)} h a week {more} between its fullest and emptiest period"
    counted = _COUNTED.get(level)
    if counted is None:
        return f"{level} {print_number(before)} -> {print_number(after)}"
    verb, one, many = counted
    if level == Level.SPARE.value:
        more = "less" if is_more else "more"
    fewer = "fewer" if more == "less" else more
    return f"{verb} {number_word(int(by))} {one if by == 1 else many} {fewer}"


def _other_end(calendar: Calendar, before: int, after: int) -> str:
    n = terms_between(calendar, *sorted((before, after)))
    later = "later" if after > before else "earlier"
    end = month(dt.date.fromordinal(after))
    if n == 0:
        return f"ends {count(abs(after - before), 'day')} {later}, in {end}"
    return f"ends {number_word(n)} {'term' if n == 1 else 'terms'} {later}, in {end}"


def terms_between(calendar: Calendar, before: int, after: int) -> int:
    """Return how many terms of the calendar end after one day, and by another."""
    return sum(1 for term in calendar.terms if before < term.end.toordinal() <= after)


def plan_differences(before: Solved, after: Solved) -> tuple[str, ...]:
    """Return what else the plan holds, what no more, and what is moved; in code order."""
    old, new = _placed(before), _placed(after)
    told: list[str] = []
    for code in sorted(set(old) | set(new)):
        if code not in old:
            told.append(f"in: {code}, {new[code]}")
        elif code not in new:
            told.append(f"out: {code}, {old[code]}")
        elif old[code] != new[code]:
            told.append(f"moved: {code}, {old[code]} -> {new[code]}")
    return tuple(sorted(told, key=lambda line: ("out", "in", "moved").index(line.split(":")[0])))


def _placed(solved: Solved) -> dict[str, str]:
    """Return in which periods each course of the plan runs."""
    found: dict[str, list[str]] = {}
    for attempt in solved.record.attempts:
        if attempt.is_planned:
            first, *more = attempt.periods
            when = first if not more else f"{first} to {more[-1]}"
            title = solved.resolved.courses[attempt.course].title
            found.setdefault(course_name(attempt.course, title), []).append(when)
    return {code: " and ".join(sorted(periods)) for code, periods in found.items()}
