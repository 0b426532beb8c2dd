"""Why a course is where it is in a plan, or why it is not in it, with the proven price."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from prospectus.app.nearest import nearest_course
from prospectus.app.plan_case import Chosen
from prospectus.app.plan_suppose import Supposed, named_goals, not_asked_for, suppose
from prospectus.app.tree_walk import walk
from prospectus.app.words import course_name
from prospectus.domain.course import CourseCode, parse_code
from prospectus.domain.errors import DomainError, Fault, UsageError
from prospectus.domain.program import School
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.student import Wishes
from prospectus.domain.wish import Placed


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyAnswer:
    """How a course stands, what it serves, and what the plan costs without it or with it."""

    course: CourseCode
    title: str
    stands: str
    serves: tuple[str, ...] = ()
    supposed: tuple[Supposed, ...] = ()


def courses_asked(school: School, texts: Sequence[str]) -> tuple[CourseCode, ...]:
    """Return the courses that are asked about.

    Raises
    ------
    UsageError
        USE-016 for every one that the school does not have.
    """
    found: list[CourseCode] = []
    faults: list[Fault] = []
    for text in texts:
        try:
            found.append(course_of(school, text))
        except UsageError as error:
            faults += error.faults
    if faults:
        raise UsageError(faults=faults)
    return tuple(dict.fromkeys(found))


def why(chosen: Chosen, code: CourseCode) -> WhyAnswer:
    """Return why a course is in the plan where it is, or why it is not in it."""
    course = next(one for one in chosen.opened.school.courses if one.code == code)
    attempts = [one for one in chosen.solved.record.attempts if one.course == code]
    planned = next((one for one in attempts if one.is_planned), None)
    recorded = [one for one in attempts if not one.is_planned]
    if planned is None:
        taken = next((one for one in recorded if _stands(one)), None)
        if taken is not None:
            return WhyAnswer(course=code, title=course.title, stands=_on_record(taken))
        return WhyAnswer(
            course=code,
            title=course.title,
            stands=_absent(chosen, code),
            supposed=tuple(_with(chosen, code)),
        )
    period = str(planned.periods[0])
    return WhyAnswer(
        course=code,
        title=course.title,
        stands=f"planned in {period}",
        serves=tuple(_serves(chosen, planned)),
        supposed=(_elsewhere(chosen, code, period), *_without(chosen, code)),
    )


def course_of(school: School, text: str) -> CourseCode:
    """Return the course that a text names.

    Raises
    ------
    UsageError
        USE-016 where the school has none of that code.
    """
    courses = {course.code for course in school.courses}
    try:
        code = parse_code(text)
    except DomainError as error:
        raise UsageError("USE-016", what=error.faults[0].what, fix=error.faults[0].fix) from None
    renamed = {rename.old: CourseCode(rename.new) for rename in school.renames}
    code = code if code in courses else renamed.get(code, code)
    if code not in courses:
        raise UsageError(
            "USE-016",
            what=f"{school.name} has no course {code}",
            fix=nearest_course(code, sorted(courses), "see `prospectus show`"),
        )
    return code


def _stands(attempt: Attempt) -> bool:
    return attempt.is_open or attempt.status is AttemptStatus.PASSED


def _on_record(attempt: Attempt) -> str:
    when = f" in {attempt.periods[-1]}" if attempt.periods else ""
    return f"on record, {attempt.status.value.replace('_', ' ')}{when}: there is nothing to plan"


def _absent(chosen: Chosen, code: CourseCode) -> str:
    solved = chosen.solved
    if code in solved.student.wishes.unwanted:
        return "not planned: you asked for a plan without it"
    leaves = solved.resolved.calendar.leaves
    since = solved.student.plan_from
    if not any(leaves[run.leaves[0]].start >= since for run in solved.resolved.runs_of(code)):
        return "not planned: no term is known in which it will run"
    return "not planned"


def _serves(chosen: Chosen, attempt: Attempt) -> Iterator[str]:
    plan, resolved = chosen.solved.result.plan, chosen.solved.resolved
    labels = {str(node.header.id): node.header.name for node, _ in walk(resolved.tree)}
    for placement in plan.witness.placements if plan is not None else ():
        if placement.attempt == attempt.id:
            yield f"counts for {labels.get(str(placement.leaf), placement.leaf)}"
    wishes = chosen.solved.student.wishes
    if attempt.course in wishes.wanted:
        yield "you asked for it"
    yield from (
        f"your wish: {wish.text}"
        for wish in wishes.about
        if isinstance(wish, Placed) and wish.course == attempt.course
    )


def _elsewhere(chosen: Chosen, code: CourseCode, period: str) -> Supposed:
    """Return the best plan with the course in another period."""
    calendar = chosen.solved.resolved.calendar
    leaf = calendar.leaves[calendar.leaves_of(period)[0]]
    wish = Placed(course=code, first=leaf.start, last=leaf.end, inside=False, where=period)
    wishes = _wanting(chosen.solved.student.wishes, code)
    # a place that may be missed would let this one be missed too: they bear one id
    others = tuple(one for one in wishes.about if one.id not in wishes.goals or one.id != wish.id)
    goals = wishes.goals - {wish.id}
    wishes = replace(wishes, about=(*others, wish), goals=goals)
    text = f"{_name(chosen, code)} in another period than {period}"
    return suppose(chosen, wishes, "elsewhere", text, asked=_asked(chosen, code, wish.text))


def _without(chosen: Chosen, code: CourseCode) -> Iterator[Supposed]:
    """Yield the best plan without the course; where the person wants it, without the wish first."""
    asked_for = chosen.solved.student.wishes
    wishes = not_asked_for(asked_for, code)
    if wishes != asked_for:
        yield suppose(
            chosen, wishes, "without the wish", f"without your wish for {_name(chosen, code)}"
        )
    wishes = named_goals(wishes)
    unwanted = replace(wishes, unwanted=(*wishes.unwanted, code))
    asked = (f"without {code}",)
    yield suppose(chosen, unwanted, "without", f"without {_name(chosen, code)}", asked=asked)


def _with(chosen: Chosen, code: CourseCode) -> Iterator[Supposed]:
    """Yield the best plan with the course."""
    wishes = _wanting(chosen.solved.student.wishes, code)
    yield suppose(chosen, wishes, "with", f"with {_name(chosen, code)}", asked=_asked(chosen, code))


def _name(chosen: Chosen, code: CourseCode) -> str:
    course = next(one for one in chosen.opened.school.courses if one.code == code)
    return course_name(code, course.title)


def _wanting(wishes: Wishes, code: CourseCode) -> Wishes:
    wishes = named_goals(wishes)
    if code in wishes.wanted:
        return replace(wishes, goals=wishes.goals - {f"wanted {code}"})
    unwanted = tuple(one for one in wishes.unwanted if one != code)
    return replace(wishes, wanted=(*wishes.wanted, code), unwanted=unwanted)


def _asked(chosen: Chosen, code: CourseCode, *texts: str) -> tuple[str, ...]:
    """Return the texts of wishes that are supposed and not the person's own."""
    is_own = code in chosen.solved.student.wishes.wanted
    return (*texts, *(() if is_own else (f"{code} in the plan",)))
