"""Courses that a person takes only where an approval is granted: what holds today, and what if."""

from __future__ import annotations

from dataclasses import replace

from prospectus.domain.record import ApprovalState
from prospectus.domain.student import Student
from prospectus.domain.wish import IfApproved

WAITING = (ApprovalState.OPEN, ApprovalState.REQUESTED)


def settled(student: Student) -> Student:
    """Return the student with these wishes as the approvals on record stand.

    A course that is wanted is wanted where its approval is granted, and not asked for elsewhere.
    """
    wishes, record = student.wishes, student.record
    about, wanted = list(wishes.about), dict.fromkeys(wishes.wanted)
    for place, wish in enumerate(wishes.about):
        if not isinstance(wish, IfApproved):
            continue
        is_wanted = wish.is_wanted or wish.course in wanted
        is_granted = record.approval(wish.who) is ApprovalState.GRANTED
        about[place] = replace(wish, is_wanted=is_wanted, is_granted=is_granted)
        wanted.pop(wish.course, None)
        if is_wanted and is_granted:
            wanted[wish.course] = None
    return replace(student, wishes=replace(wishes, about=tuple(about), wanted=tuple(wanted)))


def waited_for(student: Student) -> tuple[str, ...]:
    """Return the approvals on which such a wish waits, and any other that is asked for."""
    named = [wish.who for wish in student.wishes.about if isinstance(wish, IfApproved)]
    waiting = [who for who in named if student.record.approval(who) in WAITING]
    asked = (who for who, at in student.record.approvals if at is ApprovalState.REQUESTED)
    return tuple(dict.fromkeys((*waiting, *asked)))


def supposing(student: Student, who: str, state: ApprovalState) -> Student:
    """Return the student as if an approval stood otherwise."""
    approvals = {**dict(student.record.approvals), who: state}
    record = replace(student.record, approvals=tuple(sorted(approvals.items())))
    return settled(replace(student, record=record))
