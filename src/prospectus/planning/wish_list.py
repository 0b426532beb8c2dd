"""Each wish of a person on its own, with the wishes as they are without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from prospectus.domain.student import Wishes


@dataclass(frozen=True, slots=True, kw_only=True)
class OneWish:
    """A wish by its id and in words, and what is asked without it."""

    id: str
    text: str
    without: Wishes


def each_wish(wishes: Wishes) -> tuple[OneWish, ...]:
    """Return every wish that rules plans out or counts as missed, in the order of the file."""
    return tuple(_limits(wishes)) + tuple(_named(wishes))


def _limits(wishes: Wishes) -> Iterator[OneWish]:
    if wishes.hours_per_week is not None or wishes.hours_by_range:
        hours = wishes.hours_per_week
        assumed = ", assumed" if wishes.hours_are_assumed else ""
        text = f"{hours} h a week{assumed}" if hours is not None else "hours in some periods"
        if hours is not None and wishes.hours_by_range:
            text += ", other hours in some periods"
        without = replace(wishes, hours_per_week=None, hours_by_range=(), hours_are_assumed=False)
        yield OneWish(id="hours", text=text, without=without)
    if wishes.courses_per_period is not None or wishes.courses_by_range:
        most = wishes.courses_per_period
        unit = "course" if most == 1 else "courses"
        text = f"at most {most} {unit} at once" if most is not None else "courses in some periods"
        without = replace(wishes, courses_per_period=None, courses_by_range=())
        yield OneWish(id="courses", text=text, without=without)
    if wishes.deadline is not None:
        text = f"done by {wishes.deadline}"
        yield OneWish(id="deadline", text=text, without=replace(wishes, deadline=None))
    if wishes.budget_total is not None:
        text = f"at most {wishes.budget_total} in all"
        yield OneWish(id="budget", text=text, without=replace(wishes, budget_total=None))
    for pair in wishes.budget_by_year:
        year, amount = pair
        when = "each calendar year" if year is None else str(year)
        others = tuple(one for one in wishes.budget_by_year if one != pair)
        yield OneWish(
            id="budget by year" if year is None else f"budget {year}",
            text=f"at most {amount} due in {when}",
            without=replace(wishes, budget_by_year=others),
        )
    if wishes.pocket_total is not None:
        yield OneWish(
            id="out_of_pocket",
            text=f"at most {wishes.pocket_total} in all out of pocket",
            without=replace(wishes, pocket_total=None),
        )
    for pair in wishes.pocket_by_year:
        year, amount = pair
        when = "each calendar year" if year is None else str(year)
        rest_of = tuple(one for one in wishes.pocket_by_year if one != pair)
        yield OneWish(
            id="out_of_pocket by year" if year is None else f"out_of_pocket {year}",
            text=f"at most {amount} out of pocket in {when}",
            without=replace(wishes, pocket_by_year=rest_of),
        )
    for pause in wishes.pauses:
        rest = tuple(one for one in wishes.pauses if one != pause)
        yield OneWish(
            id=f"pause {pause.first}",
            text=f"pause from {pause.first} to {pause.last}",
            without=replace(wishes, pauses=rest),
        )
    if wishes.free is not None:
        text = "live sessions only in the hours given as free"
        yield OneWish(id="free", text=text, without=replace(wishes, free=None))


def _named(wishes: Wishes) -> Iterator[OneWish]:
    for code in wishes.wanted:
        kept = tuple(one for one in wishes.wanted if one != code)
        yield OneWish(
            id=f"wanted {code}", text=f"with {code}", without=replace(wishes, wanted=kept)
        )
    for code in wishes.unwanted:
        kept = tuple(one for one in wishes.unwanted if one != code)
        yield OneWish(
            id=f"unwanted {code}", text=f"without {code}", without=replace(wishes, unwanted=kept)
        )
    for topic in wishes.unwanted_topics:
        topics = tuple(one for one in wishes.unwanted_topics if one != topic)
        yield OneWish(
            id=f"unwanted {topic}",
            text=f"nothing on {topic}",
            without=replace(wishes, unwanted_topics=topics),
        )
    for wish in wishes.about:
        about = tuple(one for one in wishes.about if one != wish)
        yield OneWish(id=wish.id, text=wish.text, without=replace(wishes, about=about))
