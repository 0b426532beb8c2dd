"""Whether the courses of a school can be taken at all: requisites in circles, never offered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from prospectus.catalogs.cycles import groups, shortest_way
from prospectus.catalogs.findings import Findings
from prospectus.catalogs.name_checks import known_codes, note_unknown_code
from prospectus.catalogs.parts import expressions_in
from prospectus.domain.course import Course, CourseCode
from prospectus.domain.errors import Place, Severity
from prospectus.domain.expression import And, Done, Expression, NOf, Or, Soft, Timing
from prospectus.domain.offering import OfferingKind
from prospectus.domain.program import School

_RARE = Fraction(1, 2)
_MANY = 100
_N_SHOWN = 12
Needs = dict[str, set[Timing]]
"""For each course that is needed whatever one chooses: before, beside, or both."""


def check_order(
    school: School, findings: Findings, unscheduled: Mapping[str, Place] | None = None
) -> None:
    """Note requisites that contradict each other and courses that nobody can reach.

    Parameters
    ----------
    school
        The school.
    findings
        Where faults are noted.
    unscheduled
        Courses of which a file says that nobody knows when they run: they are not noted again.
    """
    courses = {str(course.code): course for course in school.courses}
    known = known_codes(school)
    for code, at in (unscheduled or {}).items():
        if code not in known:
            note_unknown_code(code, known, at, "", findings)
    needs = {
        code: _needed(course.requisite) if course.requisite is not None else {}
        for code, course in courses.items()
    }
    in_circle = _check_circles(courses, needs, findings)
    _check_offered(school, courses, in_circle, frozenset(unscheduled or ()), findings)
    _check_parts(school, courses, findings)


def _needed(expression: Expression) -> Needs:
    """Return the courses that every way of meeting an expression needs."""
    match expression:
        case Done():
            return {expression.code: {expression.timing}}
        case And():
            return _merged([_needed(item) for item in expression.items])
        case Or():
            return _shared([_needed(item) for item in expression.items])
        case NOf():
            inner = [_needed(item) for item in expression.items]
            return _merged(inner) if expression.n == len(inner) else _shared(inner)
        case _:
            return {}


def _merged(parts: list[Needs]) -> Needs:
    found: Needs = {}
    for part in parts:
        for code, timings in part.items():
            found[code] = found.get(code, set()) | timings
    return found


def _shared(parts: list[Needs]) -> Needs:
    common = set(parts[0]).intersection(*parts[1:])
    return {
        code: parts[0][code].intersection(*(part[code] for part in parts[1:]))
        or {Timing.CONCURRENT}
        for code in common
    }


def _check_circles(
    courses: Mapping[str, Course], needs: Mapping[str, Needs], findings: Findings
) -> set[str]:
    """Note each circle in which some course must end before another that it waits for."""
    noted: set[str] = set()
    group_of = {code: group for group in groups(needs) for code in group}
    inner_of = {
        group: {code: group.intersection(needs[code]) for code in group}
        for group in group_of.values()
    }
    for code in sorted(needs):
        group = group_of[code]
        inner = inner_of[group]
        for other, timings in sorted(needs[code].items()):
            if Timing.BEFORE not in timings or code in noted or other not in courses:
                continue
            if other == code:
                way = [code]
            else:
                found = shortest_way(other, code, inner) if other in group else None
                if found is None:
                    if timings & {Timing.WITH}:
                        _note_contradiction(courses[code], [code, other], findings)
                        noted.add(code)
                    continue
                way = [code, *found[:-1]]
            # In a tangle of very many courses the first circle stands for all.
            noted |= set(way) if len(group) <= _MANY else group
            strict = all(
                Timing.BEFORE in needs[one][two]
                for one, two in zip(way, [*way[1:], way[0]], strict=True)
            )
            if strict:
                shown = " needs ".join(_shortened([*way, way[0]]))
                findings.note(
                    "CAT-075",
                    courses[code].provenance.at,
                    "requires",
                    f"prerequisites run in a circle: {shown}",
                    "correct one of them, or make it `advises:`",
                )
            else:
                _note_contradiction(courses[code], way, findings)
    return noted


def _shortened(way: list[str]) -> list[str]:
    """Return a way that can be read: of a very long one its ends."""
    return way if len(way) <= _N_SHOWN else [*way[: _N_SHOWN - 2], "...", way[-1]]


def _note_contradiction(course: Course, way: list[str], findings: Findings) -> None:
    findings.note(
        "CAT-076",
        course.provenance.at,
        "requires",
        f"{' and '.join(_shortened(way))} must run together and one before the other",
        "keep either `with`/`concurrent` or the prerequisite",
    )


def _check_offered(
    school: School,
    courses: Mapping[str, Course],
    in_circle: set[str],
    unscheduled: frozenset[str],
    findings: Findings,
) -> None:
    """Note courses that are never offered, and those that wait for such a course."""
    offered = {
        str(offering.course)
        for offering in school.offerings
        if offering.kind is not OfferingKind.LIKELY or (offering.share or 0) >= _RARE
    }
    offered |= {code for code in courses if findings.is_refused(code)} | unscheduled
    for code in sorted(set(courses) - offered):
        findings.note(
            "CAT-077",
            courses[code].provenance.at,
            "",
            f"nothing says that {code} will run: no period, pattern, or history of half the time",
            "add it to schedule.yaml, with `unknown` where nobody says when it runs; until then it "
            "is planned only where a person wants it",
            Severity.WARNING,
        )
    reachable = offered & set(courses)
    waiting: dict[str, set[str]] = {}
    for code in reachable:
        for name in _named(courses[code].requisite):
            waiting.setdefault(name, set()).add(code)
    asked = set(reachable)
    while asked:
        stuck = {
            code for code in asked if not _can_meet(courses[code].requisite, reachable, courses)
        }
        reachable -= stuck
        asked = {code for name in stuck for code in waiting.get(name, ())} & reachable
        for code in sorted(stuck - in_circle):
            waits = sorted(
                {name for name in _named(courses[code].requisite) if name in courses} - reachable
            )
            findings.note(
                "CAT-078",
                courses[code].provenance.at,
                "requires",
                f"{code} cannot be reached: it waits for {', '.join(_shortened(waits))}, "
                "never offered",
                "correct the prerequisite, add its schedule, or make it `advises:` saying why",
                Severity.WARNING,
            )


def _named(expression: Expression | None) -> Iterator[str]:
    for part in expressions_in(expression) if expression is not None else ():
        if isinstance(part, Done):
            yield part.code


def _can_meet(
    expression: Expression | None, reachable: set[str], courses: Mapping[str, Course]
) -> bool:
    """Return whether courses that can be reached may meet a condition; other facts may hold."""
    match expression:
        case Done():
            return expression.code in reachable or expression.code not in courses
        case And():
            return all(_can_meet(item, reachable, courses) for item in expression.items)
        case Or():
            return any(_can_meet(item, reachable, courses) for item in expression.items)
        case NOf():
            able = [_can_meet(item, reachable, courses) for item in expression.items]
            return sum(able) >= expression.n
        case Soft() | _:
            return True


def _check_parts(school: School, courses: Mapping[str, Course], findings: Findings) -> None:
    """Note requisites on a part of a course that has fewer parts."""
    n_parts: dict[CourseCode, int] = {}
    for offering in school.offerings:
        n_sessions = max(1, len(offering.sessions))
        n_parts[offering.course] = max(n_sessions, n_parts.get(offering.course, 1))
    for course in courses.values():
        for part in expressions_in(course.requisite) if course.requisite is not None else ():
            if not isinstance(part, Done) or part.part is None:
                continue
            n = n_parts.get(CourseCode(part.code))
            if n is not None and part.part > n:
                findings.note(
                    "CAT-079",
                    course.provenance.at,
                    "requires",
                    f"{part.code} has {n} part{'' if n == 1 else 's'}, not {part.part}",
                    "name a part that it has, or its sessions in schedule.yaml",
                )
