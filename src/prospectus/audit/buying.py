"""What a completion buys, held against the exclusions; and courses kept apart from then on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from prospectus.audit.conflicts import smallest_lost
from prospectus.audit.problem import Entry, Problem
from prospectus.domain.course import CourseCode


def keeping_apart(problem: Problem, codes: frozenset[CourseCode]) -> Problem:
    """Return the problem where these courses may not all be bought."""
    known = problem.conflicts
    if len(codes) == 1:
        conflicts = replace(known, barred=known.barred | codes)
    else:
        conflicts = replace(known, apart=(*known.apart, codes))
    courses: list[Entry] = []
    for entry in problem.courses:
        alone = [code for code in entry.codes if code in codes]
        rest = tuple(code for code in entry.codes if code not in codes)
        if rest:
            twins = None if entry.twins is None else rest[0]
            courses.append(replace(entry, codes=rest, twins=twins))
        if len(codes) > 1:
            courses += [
                replace(entry, codes=(code,), twins=None if entry.twins is None else code)
                for code in alone
            ]
    return replace(problem, courses=tuple(courses), conflicts=conflicts)


def lost_by_buying(
    problem: Problem, bought: Mapping[CourseCode, Fraction | None]
) -> frozenset[CourseCode]:
    """Return fewest of some courses by which exclusions take credit; none where none is lost.

    `bought` are the credits of each, None for its least.
    """
    rules, reading = problem.rules, problem.reading
    if not bought or not rules.reader.exclusions(problem.record):
        return frozenset()
    courses = rules.resolved.courses
    dated = {code: rules.reader.bought(courses[code], size) for code, size in bought.items()}

    def is_lost(codes: frozenset[CourseCode]) -> bool:
        mine = [dated[code] for code in sorted(codes)]
        return bool(rules.reader.lost_by_buying(problem.record, reading, mine))

    every = frozenset(dated)
    return smallest_lost(every, is_lost) if is_lost(every) else frozenset()
