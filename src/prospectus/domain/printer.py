"""Expressions, selectors and points as the catalog grammar reads them back; numbers and days."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from types import UnionType
from typing import assert_never

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
from prospectus.domain.rule import Point, PointKind, Span

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_GRADE = re.compile(r"[A-Za-z]+[+-]?|\d+(\.\d+)?")
# Values of these attributes are free text and always stand in quotes.
_QUOTED = frozenset(
    {
        Attribute.TOPIC,
        Attribute.TITLE,
        Attribute.CAMPUS,
        Attribute.INSTRUCTOR,
        Attribute.SCHOOL,
        Attribute.PERIOD,
        Attribute.COUNTED_IN,
    }
)


def print_number(value: Fraction) -> str:
    """Return an exact number: `3`, `2.5`, or `8/3` where no short decimal is exact."""
    if value.denominator == 1:
        return str(value.numerator)
    for places in (1, 2, 3):
        scaled = value * 10**places
        if scaled.denominator == 1:
            whole, part = divmod(abs(scaled.numerator), 10**places)
            return f"{'-' if value < 0 else ''}{whole}.{part:0{places}d}"
    return f"{value.numerator}/{value.denominator}"


def print_code(code: str, topic: str | None = None, min_grade: str | None = None) -> str:
    """Return a course as rules name it: `CS 8803 "robots" [B]`."""
    text = code
    if topic is not None:
        text += f" {_quoted(topic)}"
    if min_grade is not None:
        text += f" [{_grade(min_grade)}]"
    return text


def print_span(span: Span) -> str:
    """Return a span of time: `3 terms`, `1 month`."""
    return f"{span.n} {span.unit.value}{'' if span.n == 1 else 's'}"


def print_point(point: Point) -> str:
    """Return a point in the course of study: `conferral - 12 months`."""
    match point.kind:
        case PointKind.MATRICULATION:
            return "matriculation" + (f" + {print_span(point.span)}" if point.span else "")
        case PointKind.CONFERRAL:
            return "conferral" + (f" - {print_span(point.span)}" if point.span else "")
        case PointKind.NODE_START | PointKind.NODE_END:
            return f"{point.kind.value}({point.node})"
        case PointKind.FINISHED:
            size = (
                _count(point.courses, "course")
                if point.courses is not None
                else _count(point.credits or Fraction(0), "credit")
            )
            return f"{size} finished" + (f" of {_factor(point.of)}" if point.of else "")
        case _:
            assert_never(point.kind)


def print_selector(selector: Selector) -> str:
    """Return the canonical text of a selector."""
    match selector:
        case AnyCourse():
            return "any"
        case CodeIs(code=code, topic=topic, min_grade=grade):
            return print_code(code, topic, grade)
        case SubjectIn(subjects=subjects):
            return "subject " + ", ".join(subjects)
        case NumberIn(low=low, high=high):
            if high is None:
                return f"number {low}+"
            return f"number {low}" if high == low else f"number {low}-{high}"
        case NumberLike(pattern=pattern):
            return f"number {pattern}"
        case LevelIs(level=level, compare=compare):
            return f"level {'' if compare is Compare.EQUAL else compare.value + ' '}{level}"
        case Has(attribute=attribute, value=value):
            return f"{attribute.value} {_quoted(value) if attribute in _QUOTED else _word(value)}"
        case GradeIs(compare=compare, grade=grade_name):
            return f"grade {compare.value} {_grade(grade_name)}"
        case CreditsAre(compare=compare, credits=credits):
            return f"credits {compare.value} {print_number(credits)}"
        case InSet(name=name):
            return f"set {_word(name)}"
        case InNode(node=node):
            return f"node({node})"
        case Approved(approval=approval, of=of):
            return f"approval({_quoted(approval)}) of {_term(of)}"
        case Union(items=items):
            return " or ".join(
                f"({print_selector(item)})" if isinstance(item, Union) else print_selector(item)
                for item in items
            )
        case Both(items=items):
            return " and ".join(
                f"({print_selector(item)})"
                if isinstance(item, Union | Both | Except | Approved)
                else print_selector(item)
                for item in items
            )
        case Except(of=of, without=without):
            left = (
                f"({print_selector(of)})"
                if isinstance(of, Union | Approved)
                else print_selector(of)
            )
            return f"{left} except {_term(without)}"
        case _:
            assert_never(selector)


def _term(selector: Selector) -> str:
    """Return a selector as it stands behind `except` or `approval(...) of`."""
    text = print_selector(selector)
    return f"({text})" if isinstance(selector, Union | Except | Approved) else text


def _factor(selector: Selector) -> str:
    """Return a selector as it stands inside an expression: one term, or in parentheses."""
    text = print_selector(selector)
    lone = not isinstance(selector, Union | Both | Except | Approved) and not (
        isinstance(selector, SubjectIn) and len(selector.subjects) > 1
    )
    return text if lone else f"({text})"


def print_expression(expression: Expression) -> str:
    """Return the canonical text of an expression."""
    match expression:
        case Done():
            return _print_done(expression)
        case CreditsOf(credits=credits, of=of):
            return _count(credits, "credit") + (f" of {_factor(of)}" if of else "")
        case CoursesOf(courses=courses, of=selector, at=at):
            place = f" at {_quoted(at)}" if at is not None else ""
            return f"{_count(courses, 'course')} of {_factor(selector)}{place}"
        case GpaIs(at_least=mean, of=of):
            return f"gpa >= {print_number(mean)}" + (f" of {_factor(of)}" if of else "")
        case NodeDone(node=node):
            return f"done({node})"
        case Member(program=program):
            return f"member({_word(program)})"
        case HasDegree(level=level, field=field):
            inside = _word(level) + (f", {_quoted(field)}" if field is not None else "")
            return f"degree({inside})"
        case TestIs(name=name, at_least=score):
            return f"test({_quoted(name)}) >= {print_number(score)}"
        case Background(topic=topic):
            return f"background({_quoted(topic)})"
        case Approval(who=who):
            return f"approval({_quoted(who)})"
        case PersonIs(fact=fact, value=value):
            return f"person({_word(fact)}) is {_quoted(value)}"
        case And(items=items):
            return " and ".join(_operand(item, And | Or) for item in items)
        case Or(items=items):
            return " or ".join(_operand(item, Or) for item in items)
        case NOf(n=n, items=items):
            return f"{n} of ({', '.join(print_expression(item) for item in items)})"
        case Not(item=item):
            return f"not {_operand(item, And | Or | Not)}"
        case Soft(kind=kind, item=item):
            return f"{kind.value}({print_expression(item)})"
        case _:
            assert_never(expression)


def _operand(expression: Expression, looser: UnionType | type) -> str:
    text = print_expression(expression)
    return f"({text})" if isinstance(expression, looser) else text


def _print_done(done: Done) -> str:
    before = "" if done.timing is Timing.BEFORE else f"{done.timing.value} "
    part = "" if done.part is None else f"/{done.part}"
    since = "" if done.since is None else f" since {done.since.isoformat()}"
    floor = "" if done.min_grade is None else f" [{_grade(done.min_grade)}]"
    return f"{before}{print_code(done.code, done.topic)}{part}{floor}{since}"


def _count(n: Fraction | int, unit: str) -> str:
    return f"{print_number(Fraction(n))} {unit}{'' if n == 1 else 's'}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _word(text: str) -> str:
    return text if _NAME.fullmatch(text) else _quoted(text)


def _grade(text: str) -> str:
    return text if _GRADE.fullmatch(text) else _quoted(text)


def month(day: dt.date) -> str:
    """Return e.g. `May 2029`, in English whatever the locale."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def long_day(day: dt.date) -> str:
    """Return e.g. `17 Dec 2026`, in English whatever the locale."""
    return f"{day.day} {month(day)}"
