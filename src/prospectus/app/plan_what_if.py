"""What a person supposes of a plan in words of `KEY=VALUE`, and the plan under it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.app.binding import bind
from prospectus.app.degree_plan import Opened, asked_tracks
from prospectus.app.options import Track
from prospectus.app.options import tracks as tracks_of
from prospectus.app.plan_case import Chosen, choose
from prospectus.app.plan_near import near
from prospectus.app.plan_suppose import Supposed, compared, named_goals, not_asked_for
from prospectus.app.plan_why import course_of
from prospectus.app.relevant import relevant_courses
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import Fault, UsageError
from prospectus.domain.facts import Money
from prospectus.domain.period import Calendar
from prospectus.domain.student import DayRange, Level, Student, Wishes
from prospectus.domain.wish import Placed

_NONE = ("none", "no limit", "any")
_MONEY = re.compile(r"^(?:([A-Za-z]{3})\s*)?([\d,_ ]+(?:\.\d{1,2})?)$")
_EXAMPLES = {
    "hours": "12",
    "courses": "2",
    "deadline": "{day}",
    "money": "{currency} 9000",
    "money-per-year": "{currency} 5250",
    "out-of-pocket": "{currency} 4000",
    "out-of-pocket-per-year": "{currency} 2000",
    "rates-grow": "3%",
    "with": "{course}",
    "without": "{course}",
    "place": "{course}@{term}",
    "not-in": "{course}@{term}",
    "pause": "{term}",
    "start": "{term}",
    "objectives": "cost,finish",
    "track": "{track}",
}
"""Every key, with a value that it could have in some programme."""

KEYS = tuple(_EXAMPLES)

_KINDS = {
    "hours": "hours",
    "courses": "courses",
    "deadline": "deadline",
    "money": "budget",
    "money-per-year": "budget",
    "out-of-pocket": "out_of_pocket",
    "out-of-pocket-per-year": "out_of_pocket",
    "pause": "pauses",
}
"""The kind of wish that a key puts in the place of the person's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What is supposed, as it was written, and what it changes."""

    asked: tuple[str, ...]
    result: Supposed


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposition:
    """A case as it is supposed: the texts, the person and the tracks under them.

    `ids` name the wishes that are supposed, as a conflict does.
    """

    texts: tuple[str, ...]
    student: Student
    tracks: tuple[Track, ...]
    ids: tuple[str, ...]


def what_if(before: Chosen, supposed: Supposition) -> WhatIf:
    """Return what the plan would be like under everything supposed, at once."""
    student = supposed.student
    student = replace(student, wishes=near(student.wishes, before.solved))
    after = choose(
        before.opened,
        student,
        supposed.tracks,
        before.today,
        before.effort,
        before=before.solved,
    )
    told = ", ".join(supposed.texts)
    result = compared(
        before.solved,
        after.solved,
        "what if",
        told,
        file=before.opened.file,
        supposed=supposed.ids,
    )
    return WhatIf(asked=supposed.texts, result=result)


def supposition(
    opened: Opened, tracks: tuple[Track, ...], texts: Sequence[str], today: dt.date
) -> Supposition:
    """Return the case as it is supposed; what moves the start is bound anew.

    Raises
    ------
    UsageError
        USE-019 with every key or value that is not understood, USE-003 for an unknown track.
    """
    faults: list[Fault] = []
    asked: list[tuple[str, str]] = []
    reader = _Reader(opened, today)
    for text in texts:
        key, sign, value = (part.strip() for part in text.partition("="))
        if key not in _EXAMPLES or not sign or not value:
            faults.append(_unknown(text, reader.examples()))
        else:
            asked.append((key, value))
    student = opened.student
    for key, value in (one for one in asked if one[0] == "start"):
        try:
            student = _from(opened, reader.start(value))
            reader.since = student.plan_from
        except _NotThis as error:
            faults.append(_wrong(key, value, error, reader.examples()))
    ids: list[str] = []
    for key, value in asked:
        if key == "track":
            try:
                found = asked_tracks(opened.program, student, value)
                tracks = tuple(track for track in found if track.is_complete)
            except UsageError as error:
                faults += error.faults
        elif key != "start":
            try:
                change = reader.change(key, value)
                wishes = change(student.wishes)
                ids += _ids_of(key, value, student.wishes, wishes)
                # what is supposed is a must
                kind = _KINDS.get(key)
                goals = frozenset(g for g in wishes.goals if g.split(" ")[0] != kind)
                student = replace(student, wishes=replace(wishes, goals=goals))
            except _NotThis as error:
                faults.append(_wrong(key, value, error, reader.examples()))
    if faults:
        raise UsageError(faults=faults)
    return Supposition(texts=tuple(texts), student=student, tracks=tracks, ids=tuple(ids))


def _ids_of(key: str, value: str, before: Wishes, after: Wishes) -> Iterator[str]:
    """Yield the ids, as a conflict has them, of the wishes that a key put there."""
    match key:
        case "money-per-year":
            yield "budget by year"
        case "out-of-pocket-per-year":
            yield "out_of_pocket by year"
        case "pause":
            yield f"pause {after.pauses[-1].first}"
        case "with":
            yield from (f"wanted {code}" for code in after.wanted if code not in before.wanted)
        case "without":
            new = (code for code in after.unwanted if code not in before.unwanted)
            yield from (f"unwanted {code}" for code in new)
        case "place" | "not-in":
            yield after.about[-1].id
        case _:
            yield _KINDS.get(key, key)


def _from(opened: Opened, day: dt.date) -> Student:
    """Return the person as beginning to plan on another day."""
    file = opened.file
    student = file.student
    applies = student.matriculation >= student.plan_from
    start = day if applies else student.matriculation
    moved = replace(file, student=replace(student, plan_from=day, matriculation=start))
    return bind(moved, opened.program, opened.school)


def _unknown(text: str, examples: Mapping[str, str]) -> Fault:
    return Fault(
        code="USE-019",
        what=f"'{text}' supposes nothing that is understood",
        fix="write one of " + ", ".join(f"{key}={value}" for key, value in examples.items()),
    )


def _wrong(key: str, value: str, error: _NotThis, examples: Mapping[str, str]) -> Fault:
    return Fault(
        code="USE-019",
        what=f"{key}={value}: {error}",
        fix=f"write e.g. {key}={examples[key]}",
    )


class _NotThis(ValueError):
    """A value that its key cannot have, in words."""


class _Reader:
    """Reads values in the words of one programme: its courses, its calendar, its currency."""

    def __init__(self, opened: Opened, today: dt.date) -> None:
        self.opened = opened
        self.today = today
        self.since = opened.student.plan_from
        self.calendar: Calendar = dict(opened.school.calendars)[opened.program.calendar]

    def examples(self) -> dict[str, str]:
        """Return every key with a value that it could have in this programme."""
        program, school = self.opened.program, self.opened.school
        courses = relevant_courses(program, school, self.opened.library.assumptions_of(program))
        term = next((one for one in self.calendar.terms if one.start >= self.since), None)
        known = {
            "course": next((str(one.code) for one in courses), "CODE"),
            "term": "Fall 2027" if term is None else term.id,
            "day": "2028-12-31" if term is None else f"{term.end.year + 2}-12-31",
            "currency": school.currency,
            "track": next((one.id for one in tracks_of(program) if one.id is not None), "ID"),
        }
        return {key: text.format_map(known) for key, text in _EXAMPLES.items()}

    def change(self, key: str, value: str) -> Callable[[Wishes], Wishes]:
        """Return what a key does to the wishes."""
        match key:
            case "hours":
                hours = self._limit(value)
                return lambda old: replace(
                    old, hours_per_week=hours, hours_by_range=(), hours_are_assumed=False
                )
            case "courses":
                most = self._limit(value)
                return lambda old: replace(old, courses_per_period=most, courses_by_range=())
            case "deadline":
                day = None if value.lower() in _NONE else self._day(value)
                return lambda old: replace(old, deadline=day)
            case "money":
                total = None if value.lower() in _NONE else self._money(value)
                return lambda old: replace(old, budget_total=total)
            case "money-per-year":
                yearly = () if value.lower() in _NONE else ((None, self._money(value)),)
                return lambda old: replace(old, budget_by_year=yearly)
            case "out-of-pocket":
                own = None if value.lower() in _NONE else self._money(value)
                return lambda old: replace(old, pocket_total=own)
            case "out-of-pocket-per-year":
                own_yearly = () if value.lower() in _NONE else ((None, self._money(value)),)
                return lambda old: replace(old, pocket_by_year=own_yearly)
            case "rates-grow":
                growth = self._growth(value)
                return lambda old: replace(old, rates_grow=growth)
            case "with":
                code = self._course(value)
                return lambda old: _with(old, code)
            case "without":
                code = self._course(value)
                return lambda old: _without(old, code)
            case "place" | "not-in":
                placed = self._placed(value, is_inside=key == "place")
                return lambda old: _placed(old, placed)
            case "pause":
                days = self._still_to_come(value)
                return lambda old: replace(old, pauses=(*old.pauses, days))
            case _:
                levels = self._levels(value)
                return lambda old: replace(old, levels=tuple(dict.fromkeys((*levels, *old.levels))))

    def start(self, value: str) -> dt.date:
        """Return the first day from which one plans."""
        day = self._days(value).first
        if day < self.today:
            raise _NotThis(f"{day} is past")
        deadline = self.opened.file.student.wishes.deadline
        if deadline is not None and deadline < day:
            raise _NotThis(f"the deadline {deadline} lies before {day}")
        return day

    def _limit(self, value: str) -> int | None:
        if value.lower() in _NONE:
            return None
        if not value.isdecimal():
            raise _NotThis("not a whole number of 0 or more, or `none`")
        return int(value)

    def _day(self, value: str) -> dt.date:
        days = self._days(value)
        if days.last < self.since:
            raise _NotThis(f"lies before {self.since}, the first day planned")
        return days.last

    def _days(self, value: str) -> DayRange:
        """Return the days of `first..last`, of one day, or of a period by its name."""
        name = " ".join(value.split()).lower()
        for period in (*self.calendar.terms, *self.calendar.leaves):
            if period.id.lower() == name:
                return DayRange(first=period.start, last=period.end)
        first, _, last = value.partition("..")
        try:
            start = dt.date.fromisoformat(first.strip())
            end = dt.date.fromisoformat(last.strip()) if last else start
        except ValueError:
            raise _NotThis("neither days nor a period that the calendar has") from None
        if end < start:
            raise _NotThis("ends before it starts")
        return DayRange(first=start, last=end)

    def _still_to_come(self, value: str) -> DayRange:
        days = self._days(value)
        if days.last < self.today:
            raise _NotThis(f"{value} is over")
        if days.last < self.since:
            raise _NotThis(f"{value} ends before {self.since}, from which you plan")
        return days

    def _money(self, value: str) -> Money:
        currency = self.opened.school.currency
        match = _MONEY.match(value.strip())
        if match is None:
            raise _NotThis("not an amount of money")
        if match[1] and match[1].upper() != currency:
            raise _NotThis(f"the school bills {currency}")
        amount = Fraction(re.sub(r"[,_ ]", "", match[2]) or "0")
        return Money(minor=int(amount * 100), currency=currency)

    def _growth(self, value: str) -> Fraction:
        percent = value.removesuffix("%").strip()
        if not value.endswith("%") or not re.fullmatch(r"\d{1,2}(\.\d{1,2})?", percent):
            raise _NotThis("not a share of 0% to 99%")
        return Fraction(percent) / 100

    def _course(self, value: str) -> CourseCode:
        try:
            return course_of(self.opened.school, value)
        except UsageError as error:
            fault = error.faults[0]
            raise _NotThis(f"{fault.what}; {fault.fix}") from None

    def _placed(self, value: str, *, is_inside: bool) -> Placed:
        text, _, where = (part.strip() for part in value.partition("@"))
        if not where:
            raise _NotThis("not a course and a period with @ between")
        days = self._still_to_come(where)
        return Placed(
            course=self._course(text),
            first=days.first,
            last=days.last,
            inside=is_inside,
            where=where,
        )

    def _levels(self, value: str) -> tuple[Level, ...]:
        known = {level.value: level for level in Level}
        words = [word.strip().lower() for word in value.split(",")]
        unknown = [word for word in words if word not in known]
        if unknown:
            raise _NotThis(f"'{unknown[0]}' is none of {', '.join(known)}")
        return tuple(known[word] for word in words)


def _with(old: Wishes, code: CourseCode) -> Wishes:
    unwanted = tuple(one for one in old.unwanted if one != code)
    wanted = tuple(dict.fromkeys((*old.wanted, code)))
    must = named_goals(old)
    goals = must.goals - {f"wanted {code}"}
    return replace(must, wanted=wanted, unwanted=unwanted, goals=goals)


def _without(old: Wishes, code: CourseCode) -> Wishes:
    kept = not_asked_for(named_goals(old), code)
    unwanted = tuple(dict.fromkeys((*old.unwanted, code)))
    return replace(kept, unwanted=unwanted, goals=kept.goals - {f"unwanted {code}"})


def _placed(old: Wishes, placed: Placed) -> Wishes:
    """Return the wishes with a course put elsewhere than the person did, or kept out as well."""
    kept = tuple(
        one
        for one in old.about
        if not (
            isinstance(one, Placed) and one.course == placed.course and one.inside and placed.inside
        )
    )
    return replace(named_goals(old), about=(*kept, placed))
