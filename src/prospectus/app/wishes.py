"""The person's wishes in words, as the comparison took them."""

from __future__ import annotations

from collections.abc import Iterator

from prospectus.app.words import count
from prospectus.catalogs.student_parts import LimitByName, StudentFile
from prospectus.domain.printer import long_day, print_number
from prospectus.domain.student import Wishes


def wish_words(file: StudentFile) -> tuple[str, ...]:
    """Return each wish that constrains or orders the plans, in words."""
    return tuple(_words(file, file.student.wishes))


def _words(file: StudentFile, wishes: Wishes) -> Iterator[str]:
    if wishes.hours_are_assumed:
        yield f"{wishes.hours_per_week} h a week * (not given, so assumed)"
    elif wishes.hours_per_week is not None:
        yield f"{wishes.hours_per_week} h a week"
    for item in wishes.hours_by_range:
        yield f"{_limit(item.limit, 'h a week')} from {item.days.first} to {item.days.last}"
    yield from _by_season(file.hours_by_season, "h a week")
    if wishes.courses_per_period is not None:
        yield f"at most {count(wishes.courses_per_period, 'course')} at once"
    for item in wishes.courses_by_range:
        yield f"{_limit(item.limit, 'courses')} from {item.days.first} to {item.days.last}"
    yield from _by_season(file.courses_by_season, "courses")
    for pause in wishes.pauses:
        yield f"nothing from {pause.first} to {pause.last}"
    if wishes.budget_total is not None:
        yield f"at most {wishes.budget_total} in all"
    for year, amount in wishes.budget_by_year:
        yield f"at most {amount} due in {'each calendar year' if year is None else year}"
    yield from _own_money(wishes)
    if wishes.deadline is not None:
        yield f"done by {long_day(wishes.deadline)}"
    if wishes.zone is not None:
        yield f"time zone {wishes.zone}"
    for word, names in (
        ("with", (*wishes.wanted, *wishes.wanted_topics)),
        ("without", (*wishes.unwanted, *wishes.unwanted_topics)),
    ):
        if names:
            yield f"{word} {', '.join(names)}"
    yield "best by " + ", then ".join(level.value for level in wishes.levels)


def _own_money(wishes: Wishes) -> Iterator[str]:
    """Yield what an employer pays back, limits out of pocket, and how rates are taken to grow."""
    aid = wishes.aid
    if aid is not None:
        floor = "" if aid.min_grade is None else f" for {aid.min_grade} or better"
        carried = ", what is left carried over" if aid.carry_over else ""
        days = "day" if aid.paid_after_days == 1 else "days"
        yield (
            f"up to {aid.per_year} paid back in each calendar year{floor}, "
            f"{aid.paid_after_days} {days} after the term{carried}"
        )
    if wishes.pocket_total is not None:
        yield f"at most {wishes.pocket_total} in all out of pocket"
    for year, amount in wishes.pocket_by_year:
        when = "each calendar year" if year is None else year
        yield f"at most {amount} out of pocket in {when}"
    if wishes.rates_grow is not None:
        yield f"rates grow {print_number(wishes.rates_grow * 100)} percent a year"


def _by_season(limits: tuple[LimitByName, ...], unit: str) -> Iterator[str]:
    for limit in limits:
        yield f"{_limit(limit.limit, unit)} in {limit.name}"


def _limit(limit: int | None, unit: str) -> str:
    return "no limit" if limit is None else f"{limit} {unit}"
