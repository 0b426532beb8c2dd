"""The facts that a second formulation is built from, asked of the definition of the rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from prospectus.domain.course import Course, CourseCode, Delivery, RepeatBy
from prospectus.domain.errors import UnsupportedError
from prospectus.domain.expression import (
    Approval,
    Approved,
    Attribute,
    Expression,
    Has,
    Selector,
)
from prospectus.domain.facts import Completeness
from prospectus.domain.meaning.conditions import Moment, evaluate
from prospectus.domain.meaning.enrolment import load_periods
from prospectus.domain.meaning.holding import admits
from prospectus.domain.meaning.hours import hours_of
from prospectus.domain.meaning.judging import last_day
from prospectus.domain.meaning.matching import leaves_below, matches, nodes, parts, values
from prospectus.domain.meaning.order import selectors_of
from prospectus.domain.meaning.positions import earliest_day, latest_day
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.meaning.uses import uses
from prospectus.domain.meaning.wishes_kept import live_fits
from prospectus.domain.offering import OfferingKind, Run
from prospectus.domain.program import Resolved
from prospectus.domain.record import ApprovalState, Attempt, AttemptStatus, CreditSource
from prospectus.domain.requirement import All, Any, Fill, Node
from prospectus.domain.rule import Exclude, Load, RecordRules
from prospectus.domain.student import Student
from prospectus.planning.verifying.facts import Facts, Piece

YEARS_AHEAD = 12
"""How many years a plan looks ahead; part of what a certificate claims."""

_WAITING = (ApprovalState.OPEN, ApprovalState.REQUESTED)
_BY_RUN = (Attribute.PERIOD, Attribute.SEASON, Attribute.DELIVERY)


def facts_of(
    resolved: Resolved, student: Student, today: dt.date, approvals: tuple[str, ...] = ()
) -> Facts:
    """Return the facts of one programme for a person; some approvals are taken as granted."""
    return _Asking(resolved, student, today, approvals).facts()


def approvals_named(resolved: Resolved, student: Student) -> tuple[str, ...]:
    """Return the approvals that rules name and nobody has granted or refused."""
    found: set[str] = set()
    stack: list[object] = [resolved.tree, resolved.rules, *resolved.sets.values()]
    stack += [course.requisite for course in resolved.courses.values()]
    while stack:
        item = stack.pop()
        if isinstance(item, Approval):
            found.add(item.who)
        elif isinstance(item, Approved):
            found.add(item.approval)
        if isinstance(item, tuple):
            stack.extend(item)
        else:
            names = getattr(item, "__dataclass_fields__", ())
            stack.extend(getattr(item, name) for name in names)
    return tuple(sorted(who for who in found if student.record.approval(who) in _WAITING))


class _Asking:
    """Asks the definition, and remembers what was asked before."""

    def __init__(
        self, resolved: Resolved, student: Student, today: dt.date, approvals: tuple[str, ...]
    ) -> None:
        record = student.record
        granted = tuple((who, ApprovalState.GRANTED) for who in approvals)
        kept = tuple(pair for pair in record.approvals if pair[0] not in approvals)
        record = replace(record, approvals=(*kept, *granted))
        self.resolved = resolved
        self.student = replace(student, record=record)
        self.today = today
        self.setting = Setting(resolved, record, today)
        self._waivers = {use.id: use for use in uses(self.setting) if use.is_waiver}
        self._admitted: dict[tuple[object, ...], bool | None] = {}
        self._matched: dict[tuple[object, ...], bool | None] = {}
        self._by_run: dict[Selector, bool] = {}

    def facts(self) -> Facts:
        """Return the facts."""
        setting = self.setting
        return Facts(
            resolved=self.resolved,
            student=self.student,
            today=self.today,
            tree=_chosen(self.resolved.tree, dict(self.student.choices)),
            planned=tuple(self._planned()),
            recorded=tuple(self._recorded()),
            matriculation=setting.record.matriculation,
            ends_alone=last_day(setting),
            admits=self._admits,
            matches=self._matches,
            values=lambda name, piece: (
                values(name, setting.use(piece.attempt), setting) or frozenset()
            ),
            holds_alone=self._holds_alone,
            is_excepted=setting.is_excepted,
            waived=self._waived,
            sees_waivers=lambda of: any(
                isinstance(part, Has)
                and part.attribute is Attribute.SOURCE
                and part.value == CreditSource.WAIVER.value
                for part in parts(of, setting)
            ),
            selectors_of=lambda item: selectors_of(item, setting),
            periods_of=self._periods,
            first_day=lambda point, conferral: earliest_day(point, setting, conferral),
            last_day=lambda point, conferral: latest_day(point, setting, conferral),
        )

    def _planned(self) -> Iterator[Piece]:
        """Yield every course in every run that a plan may look at."""
        first = max(self.student.plan_from, self.student.matriculation)
        too_late = first.replace(year=first.year + YEARS_AHEAD, day=1)
        leaves = self.resolved.calendar.leaves
        index = 0
        for code in sorted(self.resolved.courses):
            course = self.resolved.courses[code]
            for run in self.resolved.runs_of(code):
                if not first <= leaves[run.leaves[0]].start < too_late:
                    continue
                for credits in course.credit_steps:
                    yield self._piece(index, self._attempt(code, course, run, credits), run)
                    index += 1

    def _attempt(self, code: CourseCode, course: Course, run: Run, credits: Fraction) -> Attempt:
        periods = tuple(str(self.resolved.calendar.leaves[i].id) for i in run.leaves)
        return Attempt(
            id=f"plan:{code}",
            course=code,
            credits=credits,
            status=AttemptStatus.PLANNED,
            periods=periods,
            delivery=course.delivery if run.delivery is None else run.delivery,
        )

    def _recorded(self) -> Iterator[Piece]:
        program = self.resolved.program
        rules = tuple(rule for rule in self.resolved.rules if not isinstance(rule, Exclude))
        kept = replace(self.resolved, rules=rules)
        free = replace(kept, program=replace(program, record_rules=RecordRules()))
        record = self.student.record
        earning = {use.id for use in uses(Setting(kept, record, self.today))}
        able = {
            attempt.id
            for attempt in record.attempts
            if uses(Setting(free, replace(record, attempts=(attempt,)), self.today))
        }
        for index, attempt in enumerate(record.attempts):
            piece = self._piece(-1 - index, attempt, None)
            yield replace(piece, earns=attempt.id in earning, might_earn=attempt.id in able)

    def _piece(self, index: int, attempt: Attempt, run: Run | None) -> Piece:
        setting = self.setting
        use = setting.use(attempt)
        course = setting.course_of(attempt)
        leaves = setting.leaves(attempt)
        identity = setting.identity(attempt)
        topics = setting.topics(attempt)
        if use.course is not None:
            topics |= use.course.topics | use.course.areas
        repeatable = setting.repeatable(attempt)
        key = ""
        if repeatable is RepeatBy.TOPIC:
            key = attempt.topic or ""
        elif repeatable is RepeatBy.PERIOD:
            key = " ".join(attempt.periods)
        waiver = self._waivers.get(attempt.id)
        if waiver is not None and waiver.beside is not None:
            key += "|waiver"
        counts = course is None or course.counts_credit
        is_likely = run is not None and run.kind is OfferingKind.LIKELY
        program = self.resolved.program.delivery
        delivery = course.delivery if course is not None else Delivery.UNKNOWN
        if run is not None and run.delivery is not None:
            delivery = run.delivery
        elif delivery is Delivery.UNKNOWN and program is not None:
            delivery = program.mode
        return Piece(
            index=index,
            attempt=attempt,
            names=use.names,
            topics=frozenset(text.casefold() for text in topics),
            identity=identity,
            use=f"{identity}|{key}",
            is_planned=run is not None,
            earns=counts,
            might_earn=counts,
            is_waiver=use.is_waiver,
            is_splittable=course is not None
            and (course.split or course.credits_low != course.credits_high),
            is_repeatable=repeatable is RepeatBy.PERIOD,
            leaves=leaves,
            start=setting.start(attempt),
            end=setting.end(attempt),
            grades=setting.grades_known(attempt),
            hours=hours_of(setting, attempt)[0],
            live_minutes=0 if run is None else self._live(run),
            fits_live=run is None or live_fits(setting, self.student.wishes, run),
            share=(run.share or Fraction(0)) if run is not None and is_likely else Fraction(1),
            delivery=delivery,
            attributes=course.attributes if course is not None else frozenset(),
            requisite=course.requisite if course is not None else None,
        )

    def _live(self, run: Run) -> int:
        """Return the minutes of mandatory live sessions of a run, day by day."""
        total = 0
        for session in run.live:
            if session.mandatory:
                for leaf in (self.resolved.calendar.leaves[i] for i in run.leaves):
                    n_days = (leaf.end - leaf.start).days + 1
                    days = (leaf.start + dt.timedelta(days=n) for n in range(n_days))
                    total += session.minutes * sum(d.weekday() == session.weekday for d in days)
        return total

    def _key(self, of: Selector, piece: Piece) -> tuple[object, ...]:
        if not piece.is_planned:
            return (piece.attempt.id,)
        if of not in self._by_run:
            self._by_run[of] = any(
                isinstance(part, Has) and part.attribute in _BY_RUN for part in _inside(of, self)
            )
        run = piece.leaves if self._by_run[of] else ()
        return (piece.code, piece.credits, piece.names, run)

    def _admits(self, leaf: Fill, piece: Piece) -> bool | None:
        key = (leaf.header.id, *self._key(leaf.from_, piece))
        if key not in self._admitted:
            use = self._waivers.get(piece.attempt.id) or self.setting.use(piece.attempt)
            self._admitted[key] = admits(leaf, use, self.setting)
        return self._admitted[key]

    def _matches(self, of: Selector, piece: Piece) -> bool | None:
        key = (of, *self._key(of, piece))
        if key not in self._matched:
            self._matched[key] = matches(of, self.setting.use(piece.attempt), self.setting)
        return self._matched[key]

    def _holds_alone(
        self, item: Expression, day: dt.date, piece: Piece | None, after_grades: bool
    ) -> bool | None:
        attempt = None if piece is None else piece.attempt
        moment = Moment(before=day, attempt=attempt, after_grades=after_grades)
        return evaluate(item, moment, self.setting, ())

    def _waived(self, node: str) -> Fraction:
        """Return the credits of waived courses that counting leaves below a node would take."""
        below = [
            leaf
            for leaf in leaves_below(self.resolved.tree, node)
            if self.resolved.pool_counts.get(leaf.pool or "", True)
        ]
        total = Fraction(0)
        for attempt in self.student.record.attempts:
            use = self._waivers.get(attempt.id) or self.setting.use(attempt)
            if use.is_waiver and use.course is not None:
                taken = any(admits(leaf, use, self.setting) is True for leaf in below)
                total += use.course.credits_low if taken else 0
        return total

    def _periods(self, load: Load) -> Iterator[frozenset[int]]:
        for _, inside in load_periods(load, self.setting):
            yield inside


def _inside(of: Selector, asking: _Asking) -> Iterator[object]:
    """Yield a selector and all inside it, through sets and nodes that it names."""
    stack: list[object] = [of]
    seen: set[int] = set()
    while stack:
        item = stack.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        yield item
        if isinstance(item, tuple):
            stack.extend(item)
            continue
        name = getattr(item, "name", None)
        if name in asking.resolved.sets:
            stack.append(asking.resolved.sets[str(name)])
        node = getattr(item, "node", None)
        if node is not None:
            stack.extend(leaf.from_ for leaf in leaves_below(asking.resolved.tree, str(node)))
        for field in getattr(item, "__dataclass_fields__", ()):
            stack.append(getattr(item, field))


def _chosen(tree: All, choices: dict[str, str]) -> All:
    """Return the tree with declared choices made and incomplete options left out."""

    def keep(node: Node) -> Node:
        if not isinstance(node, All | Any):
            return node
        children = [child for child in node.children if isinstance(child, Node)]
        if isinstance(node, Any):
            children = [child for child in children if _is_complete(child)]
            if len(children) < node.n:
                raise UnsupportedError(
                    "PLN-002",
                    what=f"{node.header.id}: fewer than {node.n} of its options are encoded "
                    "completely",
                    fix="complete the options in the programme's file, or choose another one",
                )
            chosen = [c for c in children if c.header.id == choices.get(str(node.header.id))]
            children = chosen if chosen and node.n == 1 else children
        return replace(node, children=tuple(keep(child) for child in children))

    result = keep(tree)
    assert isinstance(result, All)
    return result


def _is_complete(node: Node) -> bool:
    partial = (Completeness.PARTIAL, Completeness.STUB)
    return all(below.header.completeness not in partial for below in nodes(node))
