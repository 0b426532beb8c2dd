"""Selectors, conditions and points in plain words, for people who never saw the grammar."""

from __future__ import annotations

import re
from fractions import Fraction

from prospectus.domain.course import CourseCode
from prospectus.domain.expression import (
    And,
    AnyCourse,
    Approval,
    Approved,
    Attribute,
    Background,
    Both,
    CodeIs,
    Compare,
    CoursesOf,
    CreditsAre,
    CreditsOf,
    Done,
    Except,
    Expression,
    GpaIs,
    GradeIs,
    Has,
    HasDegree,
    InNode,
    InSet,
    LevelIs,
    Member,
    NodeDone,
    NOf,
    Not,
    NumberIn,
    NumberLike,
    Or,
    PersonIs,
    Selector,
    Soft,
    SubjectIn,
    TestIs,
    Timing,
    Union,
)
from prospectus.domain.place import RESIDENCE, place_name
from prospectus.domain.printer import print_code, print_number, print_span
from prospectus.domain.program import Resolved
from prospectus.domain.requirement import Range
from prospectus.domain.rule import Point, PointKind, Repeats

MARKS = "~ reported by students or history   * rests on an assumption   ? unknown"
"""What the signs behind a fact say."""

MARKS_LINE = ", ".join(part.strip() for part in MARKS.split("   "))
"""The same as part of a sentence."""

_COMPARED = {
    Compare.AT_LEAST: "at least ",
    Compare.AT_MOST: "at most ",
    Compare.EQUAL: "",
    Compare.LESS: "below ",
    Compare.MORE: "above ",
}

_OWN_ID = re.compile(r"~[a-z0-9][a-z0-9-]*")


def listed(words: list[str], last: str = "or") -> str:
    """Return `a, b or c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def course_name(code: str, title: str) -> str:
    """Return the code of a course, or its title where no source gives a code."""
    return title if code.startswith("~") and title else code


def with_titles(text: str, resolved: Resolved) -> str:
    """Return a text with the title of a course in the place of an own id (`~...`)."""

    def named(found: re.Match[str]) -> str:
        course = resolved.courses.get(CourseCode(found[0]))
        return found[0] if course is None else course_name(found[0], course.title)

    return _OWN_ID.sub(named, text)


def count(n: Fraction | int, unit: str) -> str:
    """Return `1 course`, `2 courses`."""
    return f"{print_number(Fraction(n))} {unit}{'' if n == 1 else 's'}"


def range_words(value: Range, unit: str) -> str:
    """Return `3 credits` or `3 to 4 credits`."""
    if value.high is None or value.high == value.low:
        return count(value.low, unit)
    return f"{print_number(value.low)} to {count(value.high, unit)}"


def selector_words(selector: Selector, labels: dict[str, str]) -> str:
    """Return what a selector picks, in words; `labels` names requirement nodes by id."""

    def say(item: Selector) -> str:
        return selector_words(item, labels)

    match selector:
        case AnyCourse():
            return "any course"
        case CodeIs(code=code, topic=topic, min_grade=grade):
            return print_code(code, topic) + (f" with {grade} or better" if grade else "")
        case SubjectIn(subjects=subjects):
            return f"{listed(list(subjects))} courses"
        case NumberIn(low=low, high=high):
            return f"courses numbered {low}" + (
                " and up" if high is None else "" if high == low else f" to {high}"
            )
        case NumberLike(pattern=pattern):
            return f"courses numbered {pattern}"
        case LevelIs(level=level, compare=compare):
            return f"courses of {_COMPARED[compare]}level {level}"
        case Has(attribute=attribute, value=value):
            return _has(attribute, value)
        case GradeIs(compare=compare, grade=grade):
            return f"courses with a grade of {_COMPARED[compare]}{grade}"
        case CreditsAre(compare=compare, credits=credits):
            return f"courses of {_COMPARED[compare]}{count(credits, 'credit')}"
        case InSet(name=name):
            return f"the list '{name}'"
        case InNode(node=node):
            return f"the courses of '{labels.get(node, node)}'"
        case Approved(approval=approval, of=of):
            return f"{say(of)}, if approved ({approval})"
        case Union(items=items):
            return listed([say(item) for item in items])
        case Both(items=items):
            first, *more = (say(item) for item in items)
            # "CS courses numbered 6000 and up", not "CS courses that are also courses numbered".
            return first + "".join(
                f" {text.removeprefix('courses ')}"
                if text.startswith("courses ") and first.endswith("courses")
                else f" that are also {text}"
                for text in more
            )
        case Except(of=of, without=without):
            return f"{say(of)} except {say(without)}"


def condition_words(expression: Expression, labels: dict[str, str]) -> str:
    """Return a condition in words."""

    def say(item: Expression) -> str:
        text = condition_words(item, labels)
        return f"({text})" if isinstance(item, And | Or | NOf) else text

    match expression:
        case Done():
            return _done(expression)
        case CreditsOf(credits=credits, of=of):
            where = "" if of is None else f" of {selector_words(of, labels)}"
            return f"{count(credits, 'credit')}{where} finished"
        case CoursesOf(courses=courses, of=selector, at=at):
            place = "" if at is None else f" at {at}"
            return f"{count(courses, 'course')} of {selector_words(selector, labels)}{place}"
        case GpaIs(at_least=mean, of=of):
            where = "" if of is None else f" in {selector_words(of, labels)}"
            return f"a mean grade of {print_number(mean)} or better{where}"
        case NodeDone(node=node):
            return f"'{labels.get(node, node)}' met"
        case Member(program=program):
            return f"being in the programme {program}"
        case HasDegree(level=level, field=field):
            return f"a {level} degree" + (f" in {field}" if field else "")
        case TestIs(name=name, at_least=score):
            return f"{name} of {print_number(score)} or better"
        case Background(topic=topic):
            return f"background in {topic}"
        case Approval(who=who):
            return f"approval ({who})"
        case PersonIs(fact=fact, value=value):
            return f"{fact} {place_name(value) if fact == RESIDENCE else value}"
        case And(items=items):
            return " and ".join(say(item) for item in items)
        case Or(items=(PersonIs(fact=fact), *others) as items) if others and all(
            isinstance(item, PersonIs) and item.fact == fact for item in items
        ):
            said = [item.value for item in items if isinstance(item, PersonIs)]
            places = [place_name(one) if fact == RESIDENCE else one for one in said]
            return f"{fact} {listed(places)}"
        case Or(items=items):
            return " or ".join(say(item) for item in items)
        case NOf(n=n, items=items):
            return f"{n} of {listed([say(item) for item in items], 'and')}"
        case Not(item=item):
            return f"not {say(item)}"
        case Soft(kind=kind, item=item):
            return f"{kind.value}: {condition_words(item, labels)}"


def point_words(point: Point, labels: dict[str, str]) -> str:
    """Return a point in the course of study in words."""
    span = print_span(point.span) if point.span is not None else ""
    match point.kind:
        case PointKind.MATRICULATION:
            return f"{span} after matriculation" if span else "matriculation"
        case PointKind.CONFERRAL:
            return f"{span} before the degree is conferred" if span else "conferral"
        case PointKind.FINISHED:
            size = (
                count(point.courses, "course")
                if point.courses is not None
                else count(point.credits or Fraction(0), "credit")
            )
            where = "" if point.of is None else f" of {selector_words(point.of, labels)}"
            return f"{size}{where} are finished"
        case PointKind.NODE_START | PointKind.NODE_END:
            return f"the {point.kind.value} of '{labels.get(str(point.node), str(point.node))}'"


_ORIGINS = {
    "home": "courses taken here",
    "transfer": "transferred courses",
    "exam": "credit by exam",
    "credential": "credit for a credential",
    "non_degree": "courses taken before admission",
    "waiver": "waived courses",
}


def _has(attribute: Attribute, value: str) -> str:
    match attribute:
        case Attribute.SOURCE:
            return _ORIGINS.get(value, f"courses by {value}")
        case Attribute.ATTRIBUTE | Attribute.DELIVERY | Attribute.SUBJECT:
            return f"{value} courses"
        case _:
            return f"courses of {attribute.value.replace('_', ' ')} {value}"


def _done(done: Done) -> str:
    text = print_code(done.code, done.topic)
    if done.part is not None:
        text = f"part {done.part} of {text}"
    if done.min_grade is not None:
        text += f" with {done.min_grade} or better"
    if done.since is not None:
        text += f" since {done.since.isoformat()}"
    if done.timing is Timing.CONCURRENT:
        text += " before or at the same time"
    elif done.timing is Timing.WITH:
        text += " at the same time"
    return text


def repeat_words(repeats: Repeats) -> str:
    """Return how repeated courses count, in words."""
    if repeats.use is None:
        text = "which attempt of a repeated course counts is unknown"
    else:
        text = f"of a repeated course the {repeats.use.value} attempt counts"
    if repeats.only_below is not None:
        text += f"; one passed with {repeats.only_below} or better cannot be taken again for credit"
    if repeats.cap is not None:
        text += f"; at most {count(repeats.cap, 'repeat')} of a course"
    if repeats.at_most_in_all is not None:
        text += f"; at most {count(repeats.at_most_in_all, 'repeat')} in all"
    if repeats.mean_uses_all is not None:
        text += f"; the mean {'takes all' if repeats.mean_uses_all else 'only that'}"
    if repeats.mean_keeps is not None:
        text += f", and what was graded {repeats.mean_keeps} or better"
    return text
