"""Wishes that ask nothing of a person as they stand, said rather than passed over."""

from __future__ import annotations

from prospectus.domain.record import AttemptStatus
from prospectus.domain.student import Student
from prospectus.domain.wish import Buffer, CourseWish, StartIn


def idle_wishes(student: Student) -> tuple[str, ...]:
    """Return a line for each wish that rules out no plan whatever is planned."""
    return tuple(_TOLD[type(wish)] for wish in student.wishes.about if asks_nothing(wish, student))


def asks_nothing(wish: CourseWish, student: Student) -> bool:
    """Return whether a wish rules out no plan, whatever is planned."""
    match wish:
        case Buffer():
            return student.wishes.deadline is None
        case StartIn():
            attempts = student.record.attempts
            taken = (one for one in attempts if one.status is not AttemptStatus.WITHDRAWN)
            return any(one.periods for one in taken)
        case _:
            return False


_TOLD: dict[type[CourseWish], str] = {
    Buffer: "`buffer_terms` asks nothing: your file has no `deadline` to keep clear of.",
    StartIn: "`begin` asks nothing: your studies have begun.",
}
