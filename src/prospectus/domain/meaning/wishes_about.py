"""The definition of wishes on single courses, terms and days (`domain.wish`)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from prospectus.domain.course import CourseCode, Delivery
from prospectus.domain.meaning.hours import hours_of
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.meaning.uses import uses
from prospectus.domain.plan import Breach
from prospectus.domain.program import Visits
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.student import Student, Wishes
from prospectus.domain.wish import (
    Apart,
    Avoid,
    Before,
    Buffer,
    CourseWish,
    FewHeavy,
    IfApproved,
    Placed,
    StartIn,
    TermCredits,
    Together,
    TopicBy,
    last_day_with_buffer,
)


def broken_about(
    setting: Setting,
    student: Student,
    planned: Sequence[Attempt],
    open_ones: Sequence[Attempt],
    conferral: dt.date,
) -> Iterator[Breach]:
    """Yield what a plan breaks; `open_ones` are the attempts that run or are planned."""
    for wish in student.wishes.about:
        for text, attempts in _texts(setting, student, wish, planned, open_ones, conferral):
            yield Breach(rule=wish.id, text=text, attempts=attempts)


def _texts(
    setting: Setting,
    student: Student,
    wish: CourseWish,
    planned: Sequence[Attempt],
    open_ones: Sequence[Attempt],
    conferral: dt.date,
) -> Iterator[tuple[str, tuple[str, ...]]]:
    match wish:
        case Apart():
            yield from _at_once(setting, wish, planned, open_ones, 1)
        case FewHeavy():
            yield from _at_once(setting, wish, planned, open_ones, wish.at_most)
        case Together():
            yield from _together(setting, wish, planned)
        case Before():
            yield from _before(setting, wish, planned, open_ones)
        case TermCredits():
            yield from _term_credits(setting, wish, planned, open_ones)
        case Avoid():
            yield from _avoided(setting, wish, planned)
        case TopicBy():
            if not _is_covered(setting, wish, conferral):
                yield f"nothing on {wish.topic} is over by {wish.by}", ()
        case StartIn():
            yield from _start(setting, wish, planned)
        case Placed():
            yield from _placed(setting, wish, planned)
        case IfApproved():
            mine = [a for a in planned if wish.course in setting.names(a)]
            if mine and not wish.is_granted:
                yield f"{wish.course} is planned: {wish.text}", tuple(a.id for a in mine)
        case Buffer():
            deadline = student.wishes.deadline
            terms = [(term.start, term.end) for term in setting.resolved.calendar.terms]
            if deadline is not None:
                last = last_day_with_buffer(terms, deadline, wish.terms)
                if conferral > last:
                    yield f"it ends on {conferral}, after {last}", ()


def _named(setting: Setting, attempt: Attempt, courses: Sequence[CourseCode]) -> CourseCode | None:
    names = setting.names(attempt)
    return next((code for code in courses if code in names), None)


def _at_once(
    setting: Setting,
    wish: Apart | FewHeavy,
    planned: Sequence[Attempt],
    open_ones: Sequence[Attempt],
    most: int,
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the wish once where too many of its courses share a period that the plan touches."""

    def concerns(attempt: Attempt) -> bool:
        if _named(setting, attempt, tuple(sorted(wish.courses))) is not None:
            return True
        if isinstance(wish, Apart) or wish.hours_from is None:
            return False
        hours = hours_of(setting, attempt)[0]
        # what nobody knows may be heavy
        return hours is None or hours >= wish.hours_from

    mine = [attempt for attempt in open_ones if concerns(attempt)]
    counts = Counter(leaf for attempt in mine for leaf in setting.leaves(attempt))
    touched = {leaf for a in planned if a in mine for leaf in setting.leaves(a)}
    wrong = sorted(leaf for leaf in touched if counts[leaf] > most)
    if wrong:
        here = [a for a in mine if wrong[0] in setting.leaves(a)]
        name = setting.resolved.calendar.leaves[wrong[0]].id
        courses = ", ".join(a.course for a in here)
        yield f"{courses} run together in {name}", tuple(a.id for a in here)


def _together(
    setting: Setting, wish: Together, planned: Sequence[Attempt]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    starts: dict[CourseCode, set[int]] = {}
    for attempt in planned:
        code = _named(setting, attempt, wish.courses)
        if code is not None:
            starts.setdefault(code, set()).add(setting.leaves(attempt)[0])
    if not starts:
        return
    asked = [c for c in wish.courses if c in starts or not _is_had(setting, c)]
    if len({frozenset(starts.get(code, set())) for code in asked}) > 1:
        yield f"{', '.join(asked)} do not start together", ()


def _is_had(setting: Setting, code: CourseCode) -> bool:
    """Return whether a course is passed, or running, on record."""
    return any(
        code in setting.names(attempt)
        for attempt in setting.record.attempts
        if not attempt.is_planned and (attempt.is_open or attempt.status is AttemptStatus.PASSED)
    )


def _placed(
    setting: Setting, wish: Placed, planned: Sequence[Attempt]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    mine = [attempt for attempt in planned if wish.course in setting.names(attempt)]
    for attempt in mine:
        start = setting.start(attempt)
        if (wish.first <= start <= wish.last) is not wish.inside:
            yield f"{wish.course} begins on {start}: {wish.text}", (attempt.id,)
            return
    if wish.inside and not mine and not _is_had(setting, wish.course):
        yield f"{wish.course} is not in the plan: {wish.text}", ()


def _before(
    setting: Setting, wish: Before, planned: Sequence[Attempt], open_ones: Sequence[Attempt]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    first = [a for a in open_ones if wish.first in setting.names(a)]
    then = [a for a in open_ones if wish.then in setting.names(a)]
    for one in first:
        for other in then:
            is_mine = one in planned or other in planned
            if is_mine and setting.start(other) <= setting.end(one):
                yield f"{wish.then} begins before {wish.first} is over", (one.id, other.id)
                return


def _term_credits(
    setting: Setting, wish: TermCredits, planned: Sequence[Attempt], open_ones: Sequence[Attempt]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    calendar = setting.resolved.calendar

    def term_of(attempt: Attempt) -> int | None:
        leaves = setting.leaves(attempt)
        return calendar.term_of[leaves[0]] if leaves else None

    touched = {term_of(attempt) for attempt in planned}
    for index in sorted(place for place in touched if place is not None):
        term = calendar.terms[index]
        if not wish.covers(term.start, term.end):
            continue
        credits = sum((a.credits for a in open_ones if term_of(a) == index), Fraction(0))
        is_last = not any(setting.end(a) > term.end for a in open_ones)
        low = None if wish.last_may_be_less and is_last else wish.low
        if (low is not None and credits < low) or (wish.high is not None and credits > wish.high):
            yield f"{term.id} holds {credits} credits, not {wish.text}", ()


def _avoided(
    setting: Setting, wish: Avoid, planned: Sequence[Attempt]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    about = setting.resolved.program.delivery
    if wish.visits and planned and about is not None and about.visits is Visits.REQUIRED:
        yield "the programme asks one to come to the campus", ()
    for attempt in planned:
        course = setting.course_of(attempt)
        held = wish.attributes & course.attributes if course is not None else frozenset()
        if held:
            yield f"{attempt.course} has {', '.join(sorted(held))}", (attempt.id,)
        elif wish.refuses(_delivery(setting, attempt)):
            how = _delivery(setting, attempt).value.replace("_", " ")
            yield f"{attempt.course} is {how}", (attempt.id,)


def _delivery(setting: Setting, attempt: Attempt) -> Delivery:
    """Return how an attempt is taught: as its run says, else its course, else the programme."""
    course, resolved = setting.course_of(attempt), setting.resolved
    runs = resolved.runs_of(attempt.course)
    leaves = setting.leaves(attempt)
    own = next((r.delivery for r in runs if r.leaves == leaves and r.delivery is not None), None)
    if own is not None:
        return own
    if course is not None and course.delivery is not Delivery.UNKNOWN:
        return course.delivery
    return Delivery.UNKNOWN if resolved.program.delivery is None else resolved.program.delivery.mode


def unknown_to_avoid(setting: Setting, wishes: Wishes, planned: Sequence[Attempt]) -> Iterator[str]:
    """Yield what nobody knows of planned courses, and the person wishes to avoid."""
    known = {word for course in setting.resolved.courses.values() for word in course.attributes}
    for wish in wishes.about:
        if not isinstance(wish, Avoid):
            continue
        for word in sorted(wish.attributes):
            silent = [a.course for a in planned if word not in known or _is_silent(setting, a)]
            if silent:
                name = word.replace("_", " ")
                yield f"whether there is {name} in {', '.join(sorted(silent))}"
        if wish.deliveries or wish.visits:
            silent = [a.course for a in planned if _delivery(setting, a) is Delivery.UNKNOWN]
            if silent:
                yield f"how {', '.join(sorted(silent))} are taught"


def _is_silent(setting: Setting, attempt: Attempt) -> bool:
    """Return whether nobody says which attributes a course has."""
    course = setting.course_of(attempt)
    return course is None or "attributes" in course.unknown


def _is_covered(setting: Setting, wish: TopicBy, conferral: dt.date) -> bool:
    topic = wish.topic.casefold()
    for use in uses(setting, conferral):
        words = {text.casefold() for text in setting.topics(use.attempt)}
        if use.course is not None:
            words |= {text.casefold() for text in use.course.topics | use.course.areas}
        if topic in words and setting.end(use.attempt) <= wish.by:
            return True
    return False


def _start(
    setting: Setting, wish: StartIn, planned: Sequence[Attempt]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    has_begun = any(
        a.periods and not a.is_planned and a.status is not AttemptStatus.WITHDRAWN
        for a in setting.record.attempts
    )
    if has_begun or not planned:
        return
    first = min(setting.start(attempt) for attempt in planned)
    if not wish.first <= first <= wish.last:
        yield f"the first course begins on {first}", ()
