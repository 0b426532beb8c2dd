"""One record under one programme's rules, made ready for the search."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, islice, product
from weakref import WeakKeyDictionary

from prospectus.audit.conflicts import Conflicts, conflicts_of
from prospectus.audit.entries import Entries
from prospectus.audit.entries import Entry as Entry
from prospectus.audit.requirements import Total
from prospectus.audit.rules import Rules
from prospectus.audit.use import Approvals
from prospectus.audit.uses import Reading
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import StudentError
from prospectus.domain.record import Attempt, ExceptionKind, Record
from prospectus.domain.requirement import All, Any, Item, Node, NodeId

MOST_SCOPES = 4_000
"""The most combinations of choices that one audit compares."""
MOST_DECLARED = 50
"""For how many declared choices the combinations are remembered."""

Choices = tuple[tuple[NodeId, tuple[NodeId, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is to be audited: entries in code order, and what the person's record changes."""

    rules: Rules
    record: Record
    given: Approvals
    reading: Reading
    uses: tuple[Entry, ...]
    courses: tuple[Entry, ...]
    conflicts: Conflicts
    excepted: frozenset[str]

    def is_excepted(self, node: str) -> bool:
        """Return whether a node or rule is waived or set met."""
        return node in self.excepted


_latest: deque[tuple[Problem, dt.date, dt.date | None]] = deque(maxlen=8)


def problem_of(rules: Rules, record: Record, today: dt.date, conferral: dt.date | None) -> Problem:
    """Return the record as a problem of the rules; the last few are kept, for explanations."""
    for problem, day, conferred in tuple(_latest):
        is_same = problem.rules is rules and problem.record is record
        if is_same and (day, conferred) == (today, conferral):
            return problem
    found = _problem_of(rules, record, today, conferral)
    _latest.appendleft((found, today, conferral))
    return found


def _problem_of(rules: Rules, record: Record, today: dt.date, conferral: dt.date | None) -> Problem:
    given = dict(record.approvals)
    reading = rules.reader.read(record, today, conferral)
    entries = _entries(rules, record, given)
    uses = []
    for dated in reading.uses:
        entry = entries.use(dated)
        if conferral is not None and dated.end > conferral:
            keep = ~rules.counting
            entry = _only_in(entry, keep)
        uses.append(entry)
    uses.sort(key=lambda entry: (entry.code, entry.id))
    gone = _gone(rules, record, reading)
    able = dict.fromkeys(code for code in rules.catalogue if code not in gone)
    conflicts = conflicts_of(rules, record, reading, able.keys())
    lonely = frozenset[CourseCode]().union(conflicts.again, *conflicts.apart)
    return Problem(
        rules=rules,
        record=record,
        given=given,
        reading=reading,
        uses=tuple(uses),
        courses=entries.courses(gone | conflicts.barred, lonely),
        conflicts=conflicts,
        excepted=frozenset(
            e.node
            for e in record.exceptions
            if e.kind in (ExceptionKind.WAIVE, ExceptionKind.FORCE)
        ),
    )


def _entries(rules: Rules, record: Record, given: Approvals) -> Entries:
    """Return the entries as they are under what a record holds beside its attempts."""
    is_open: tuple[bool, ...] = ()
    if rules.overlaps:
        scene = rules.reader.whole_scene(record, given)
        is_open = tuple(
            rule.condition is None or scene.holds(rule.condition) is True for rule in rules.overlaps
        )
    return rules.entries(given, is_open, tuple(e for e in record.exceptions if e.course))


def with_one_more(problem: Problem, attempt: Attempt, record: Record) -> Problem:
    """Return the problem with one more planned attempt, which is on `record`.

    It must be at a course that touches no other (`touching`) and end on the day judged.
    """
    dated, entry = problem.rules.reader.dated(attempt), one_more(problem, attempt)
    courses = []
    for one in problem.courses:
        if attempt.course in one.codes:
            codes = tuple(code for code in one.codes if code != attempt.course)
            if codes:
                courses.append(replace(one, codes=codes))
        else:
            courses.append(one)
    return replace(
        problem,
        record=record,
        reading=replace(problem.reading, uses=(*problem.reading.uses, dated)),
        uses=tuple(sorted((*problem.uses, entry), key=lambda e: (e.code, e.id))),
        courses=tuple(courses),
    )


def one_more(problem: Problem, attempt: Attempt) -> Entry:
    """Return one more attempt as an entry beside those of a problem."""
    rules = problem.rules
    departures = tuple(e for e in problem.record.exceptions if e.course)
    entries = rules.entries(problem.given, (True,) * len(rules.overlaps), departures)
    return entries.use(rules.reader.dated(attempt))


def is_one_more(problem: Problem, before: Problem, attempt: Attempt) -> bool:
    """Return whether a problem is one before with one more attempt, and nothing else changed.

    A course may touch others and yet leave them as they are.
    """
    plain = with_one_more(before, attempt, problem.record)
    return (
        problem.uses == plain.uses
        and problem.courses == plain.courses
        and problem.conflicts == plain.conflicts
        and problem.reading.conferral == plain.reading.conferral
    )


def touching(problem: Problem) -> frozenset[CourseCode]:
    """Return the courses of the catalogue that, once taken, may change what others are."""
    rules = problem.rules
    repeats = rules.resolved.program.record_rules.repeats
    if (repeats is not None and repeats.allowed is not None) or any(
        rule.condition is not None for rule in rules.overlaps
    ):
        return frozenset(rules.catalogue)
    tried = frozenset[str]().union(
        *(rules.reader.dated(attempt).use.names for attempt in problem.record.attempts)
    )
    return rules.entangled | {code for name in tried for code in rules.codes_of(name)}


def _only_in(entry: Entry, mask: int) -> Entry:
    return replace(entry, allowed=entry.allowed & mask, sure=entry.sure & mask)


def _gone(rules: Rules, record: Record, reading: Reading) -> frozenset[CourseCode]:
    """Return the courses that may not be taken any more, or would earn no credit."""
    taken = frozenset(rules.reader.identity(dated) for dated in reading.uses)
    tried = frozenset[str]().union(
        *(rules.reader.dated(attempt).use.names for attempt in record.attempts)
    )
    special = rules.excludable.union(*(rules.codes_of(name) for name in tried))
    return frozenset(
        code for code in special if not _can_be_taken(rules, code, record, reading, taken)
    )


def _can_be_taken(
    rules: Rules, code: CourseCode, record: Record, reading: Reading, taken: frozenset[str]
) -> bool:
    """Return whether a course that was tried, or that an exclusion names, would earn credit."""
    course = rules.resolved.courses[code]
    # what another course on record merely stands for may still be taken itself
    if course.repeatable is None and rules.names.identity((code, None, None)) in taken:
        return False
    return rules.reader.can_be_taken(course, record, reading.conferral)


# -------------------------------------------------------------------- choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The active part of the tree under some choices."""

    choices: Choices
    active: frozenset[NodeId]
    leaves: int


_scopes: WeakKeyDictionary[Rules, dict[object, list[Scope]]] = WeakKeyDictionary()
"""The combinations of choices of rules, under what was declared last."""


def scopes(rules: Rules, declared: Mapping[str, str]) -> Sequence[Scope]:
    """Return the active tree of every combination of choices, in file order.

    Of more than are compared, one more than that.
    """
    known = _scopes.setdefault(rules, {})
    key = frozenset(declared.items())
    if key not in known:
        if len(known) >= MOST_DECLARED:
            known.clear()
        known[key] = list(islice(_scopes_of(rules, declared), MOST_SCOPES + 1))
    return known[key]


def _scopes_of(rules: Rules, declared: Mapping[str, str]) -> Iterator[Scope]:
    for name, child in declared.items():
        node = rules.by_id.get(name)
        children = [c.header.id for c in node.children] if isinstance(node, Any) else []  # type: ignore[union-attr]
        if child not in children:
            known = ", ".join(children) or "none, for it is no choice of this programme"
            raise StudentError(
                "AUD-003",
                what=f"the choice {name}: {child} names no child of {name}",
                fix=f"its children are {known}",
            )
    for active, choices in _under(rules.resolved.tree, declared):
        ids = frozenset(active)
        leaves = sum(leaf.bit for leaf in rules.leaves if leaf.id in ids)
        yield Scope(choices=choices, active=ids, leaves=leaves)


def _under(node: Node, declared: Mapping[str, str]) -> Iterator[tuple[tuple[NodeId, ...], Choices]]:
    name = node.header.id
    if isinstance(node, All):
        parts = [_some(child, declared) for child in node.children]
        for combined in product(*parts):
            yield _joined(name, (), combined)
    elif isinstance(node, Any):
        wanted = declared.get(name)
        for picked in combinations(node.children, node.n):
            ids = tuple(child.header.id for child in picked)  # type: ignore[union-attr]
            if wanted is not None and wanted not in ids:
                continue
            parts = [_some(child, declared) for child in picked]
            for combined in product(*parts):
                yield _joined(name, ((name, ids),), combined)
    else:
        yield (name,), ()


def _some(child: Item, declared: Mapping[str, str]) -> list[tuple[tuple[NodeId, ...], Choices]]:
    """Return what stands below a child, of very many combinations more than an audit compares."""
    return list(islice(_under(child, declared), MOST_SCOPES + 1))  # type: ignore[arg-type]


def _joined(
    name: NodeId, here: Choices, parts: tuple[tuple[tuple[NodeId, ...], Choices], ...]
) -> tuple[tuple[NodeId, ...], Choices]:
    active = (name, *(node for nodes, _ in parts for node in nodes))
    return active, (*here, *(choice for _, choices in parts for choice in choices))


# --------------------------------------------------------------------- totals


def asked_of(problem: Problem, total: Total) -> int | None:
    """Return the units that a total asks of this person, less what is waived."""
    if total.credits is None:
        return None
    if not total.less_waived:
        return total.credits
    rules = problem.rules
    waived = Fraction(0)
    below = rules.below[total.node] & rules.counting
    for dated in problem.reading.uses:
        if dated.use.is_waiver and dated.use.course is not None:
            entry = next(e for e in problem.uses if e.id == dated.use.attempt.id)
            if entry.sure & below:
                waived += dated.use.course.credits_low
    return max(0, total.credits - rules.units(waived))
