"""What the grammar's rules become: trees of `domain.expression`, made while the parser reduces."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from typing import NoReturn

from lark import Token, Transformer, v_args

from prospectus.domain import expression as ex
from prospectus.domain.course import SUBJECT, parse_code
from prospectus.domain.errors import DomainError, ExpressionError
from prospectus.domain.requirement import NodeId
from prospectus.domain.rule import Point, PointKind, Span, SpanUnit

_MOST_DIGITS = 20
_NODE_IS_CODE = re.compile(rf"(?=[A-Z&_]+ ){SUBJECT} \d{{1,5}}.*")


def expression_builder() -> Transformer[Token, object]:
    """Return what turns each rule of the grammar into a tree of the domain."""
    return _Builder()


@v_args(inline=True)
class _Builder(Transformer[Token, object]):
    """One method per rule of `grammar.lark`."""

    def expression(self, *items: ex.Expression) -> ex.Expression:
        return items[0] if len(items) == 1 else ex.Or(items=items)

    def conjunction(self, *items: ex.Expression) -> ex.Expression:
        return items[0] if len(items) == 1 else ex.And(items=items)

    def negation(self, item: ex.Expression) -> ex.Expression:
        return ex.Not(item=item)

    def done(
        self,
        timing: Token | None,
        course: tuple[str, str | None],
        part: int | None,
        floor: str | None,
        since: dt.date | None,
    ) -> ex.Expression:
        return ex.Done(
            code=course[0],
            topic=course[1],
            min_grade=floor,
            since=since,
            part=part,
            timing=ex.Timing(str(timing)) if timing else ex.Timing.BEFORE,
        )

    def part(self, number: Token) -> int:
        value = _whole(number)
        if value < 1:
            _refuse_token("EXP-007", number, "parts are counted from 1", "write /1 or more")
        return value

    def since(self, token: Token) -> dt.date:
        try:
            return dt.date.fromisoformat(str(token))
        except ValueError:
            _refuse_token("EXP-007", token, f"there is no day {token}", "write an existing day")

    def of(self, selector: ex.Selector) -> ex.Selector:
        return selector

    def at(self, school: Token) -> str:
        return _text(school)

    def field(self, name: Token) -> str:
        return _text(name)

    def credits_of(self, number: Token, of: ex.Selector | None) -> ex.Expression:
        return ex.CreditsOf(credits=_fraction(number), of=of)

    def courses_of(self, number: Token, of: ex.Selector | None, at: str | None) -> ex.Expression:
        return ex.CoursesOf(
            courses=_whole(number),
            of=of if of is not None else ex.AnyCourse(),
            at=at,
        )

    def n_of(self, number: Token, *items: ex.Expression) -> ex.Expression:
        n = _whole(number)
        if not 1 <= n <= len(items):
            _refuse_token(
                "EXP-008",
                number,
                f"{n} of {len(items)} cannot be met or says nothing",
                f"ask at least 1 and at most {len(items)}, or list more",
            )
        return ex.NOf(n=n, items=items)

    def gpa(self, compare: Token, number: Token, of: ex.Selector | None) -> ex.Expression:
        _at_least(compare)
        return ex.GpaIs(at_least=_fraction(number), of=of)

    def node_done(self, node: Token) -> ex.Expression:
        return ex.NodeDone(node=_node(node))

    def member(self, program: Token) -> ex.Expression:
        return ex.Member(program=_text(program))

    def degree(self, level: Token, field: str | None) -> ex.Expression:
        return ex.HasDegree(level=_text(level), field=field)

    def test(self, name: Token, compare: Token, number: Token) -> ex.Expression:
        _at_least(compare)
        return ex.TestIs(name=_text(name), at_least=_fraction(number))

    def background(self, topic: Token) -> ex.Expression:
        return ex.Background(topic=_text(topic))

    def approval(self, who: Token) -> ex.Expression:
        return ex.Approval(who=_text(who))

    def person(self, fact: Token, *values: Token) -> ex.Expression:
        items = tuple(ex.PersonIs(fact=_text(fact), value=_text(value)) for value in values)
        return items[0] if len(items) == 1 else ex.Or(items=items)

    def soft(self, kind: Token, item: ex.Expression) -> ex.Expression:
        return ex.Soft(kind=ex.Softness(str(kind)), item=item)

    def selector(self, *items: ex.Selector) -> ex.Selector:
        return items[0] if len(items) == 1 else ex.Union(items=items)

    def exception(self, of: ex.Selector, *without: ex.Selector) -> ex.Selector:
        for item in without:
            of = ex.Except(of=of, without=item)
        return of

    def approved(self, approval: Token, of: ex.Selector) -> ex.Selector:
        return ex.Approved(approval=_text(approval), of=of)

    def intersection(self, *items: ex.Selector) -> ex.Selector:
        return items[0] if len(items) == 1 else ex.Both(items=items)

    def subjects(self, *names: Token) -> ex.Selector:
        return ex.SubjectIn(subjects=tuple(str(name).upper() for name in names))

    def any(self, _word: Token) -> ex.Selector:
        return ex.AnyCourse()

    def code(self, course: tuple[str, str | None], floor: str | None) -> ex.Selector:
        return ex.CodeIs(code=course[0], topic=course[1], min_grade=floor)

    def number_from(self, low: Token) -> ex.Selector:
        return ex.NumberIn(low=_whole(low))

    def number_range(self, low: Token, high: Token | None) -> ex.Selector:
        high = high or low
        if _whole(high) < _whole(low):
            _refuse_token(
                "EXP-007", low, f"the range {low}-{high} is empty", "write the smaller number first"
            )
        return ex.NumberIn(low=_whole(low), high=_whole(high))

    def number_like(self, pattern: Token) -> ex.Selector:
        return ex.NumberLike(pattern=str(pattern).lower())

    def level(self, compare: Token | None, number: Token) -> ex.Selector:
        return ex.LevelIs(
            level=_whole(number),
            compare=ex.Compare(str(compare)) if compare else ex.Compare.EQUAL,
        )

    def has(self, attribute: Token, value: Token) -> ex.Selector:
        return ex.Has(attribute=ex.Attribute(str(attribute)), value=_text(value))

    def grade(self, compare: Token, name: Token) -> ex.Selector:
        return ex.GradeIs(compare=ex.Compare(str(compare)), grade=_text(name))

    def credits_are(self, compare: Token, number: Token) -> ex.Selector:
        return ex.CreditsAre(compare=ex.Compare(str(compare)), credits=_fraction(number))

    def in_set(self, name: Token) -> ex.Selector:
        return ex.InSet(name=_text(name))

    def in_node(self, node: Token) -> ex.Selector:
        return ex.InNode(node=_node(node))

    def point(self, point: Point) -> Point:
        return point

    def matriculation(self, span: Span | None) -> Point:
        return Point(kind=PointKind.MATRICULATION, span=span)

    def conferral(self, span: Span | None) -> Point:
        return Point(kind=PointKind.CONFERRAL, span=span)

    def credits_finished(self, number: Token, of: ex.Selector | None) -> Point:
        return Point(kind=PointKind.FINISHED, credits=_fraction(number), of=of)

    def courses_finished(self, number: Token, of: ex.Selector | None) -> Point:
        return Point(kind=PointKind.FINISHED, courses=_whole(number), of=of)

    def node_start(self, node: Token) -> Point:
        return Point(kind=PointKind.NODE_START, node=NodeId(_node(node)))

    def node_end(self, node: Token) -> Point:
        return Point(kind=PointKind.NODE_END, node=NodeId(_node(node)))

    def span(self, number: Token, unit: Token) -> Span:
        return Span(n=_whole(number), unit=SpanUnit(str(unit).removesuffix("s")))

    def course(self, code: Token, topic: Token | None) -> tuple[str, str | None]:
        try:
            known = parse_code(str(code))
        except DomainError:
            _refuse_token("EXP-007", code, f"'{code}' is no course code", "write e.g. CS 7641")
        return known, _text(topic) if topic is not None else None

    def floor(self, grade: Token) -> str:
        return _text(grade)


def _text(token: Token) -> str:
    """Return the words of a name or of a quoted text."""
    if token.type != "STRING":
        return str(token)
    return re.sub(r"\\(.)", r"\1", str(token)[1:-1], flags=re.DOTALL)


def _node(token: Token) -> str:
    """Return a node's id; a course's own leaf is named by its canonical code."""
    text = str(token).strip()
    if not text:
        _refuse_token("EXP-007", token, "no node is named", "write the id of a node")
    if _NODE_IS_CODE.fullmatch(text):
        try:
            return parse_code(text)
        except DomainError:
            return text
    return text


def _fraction(token: Token) -> Fraction:
    if len(token) > _MOST_DIGITS:
        _refuse_token(
            "EXP-007", token, f"a number has more than {_MOST_DIGITS} digits", "write a smaller one"
        )
    try:
        return Fraction(str(token))
    except ZeroDivisionError:
        _refuse_token("EXP-007", token, f"{token} is no number", "divide by 1 or more")


def _whole(token: Token) -> int:
    value = _fraction(token)
    if value.denominator != 1:
        _refuse_token("EXP-007", token, f"{token} is no whole number", "write a whole number")
    return int(value)


def _at_least(compare: Token) -> None:
    if compare != ">=":
        _refuse_token("EXP-007", compare, f"'{compare}' cannot be judged here", "write `>=`")


def _refuse_token(code: str, token: Token, what: str, fix: str) -> NoReturn:
    column = (token.start_pos or 0) + 1
    raise ExpressionError(code, what=f"{what} (column {column})", fix=fix)
