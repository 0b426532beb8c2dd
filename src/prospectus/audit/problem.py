"""One record under one programme's rules, made ready for the search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, islice, product

from prospectus.audit.conditions import Dated
from prospectus.audit.conflicts import Conflicts, conflicts_of
from prospectus.audit.requirements import Leaf, Row, Total
from prospectus.audit.rules import Rules
from prospectus.audit.selecting import Approvals, Tri, Use
from prospectus.audit.uses import Reading
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import StudentError
from prospectus.domain.plan import Standing
from prospectus.domain.record import Attempt, AuditException, ExceptionKind, Record
from prospectus.domain.requirement import All, Any, Item, Node, NodeId

MOST_SCOPES = 4_000
"""The most combinations of choices that one audit compares."""

Choices = tuple[tuple[NodeId, tuple[NodeId, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A use on record, or (`is_new`) courses of the catalogue that are alike to every rule.

    Courses of variable credits make one entry for each number of credits; these bear the same
    `twins` (None where there is one), and each course is bought as one of them only. `credits` is
    the number where it is not their least. `allowed` are the leaves that may hold it, `sure` those
    that certainly may. `allows` tells per overlap whether it may be shared, `elsewhere` the leaves
    in which it counts as shared with another award.
    """

    id: str
    codes: tuple[CourseCode, ...]
    row: Row
    names: frozenset[str]
    is_new: bool
    allowed: int
    sure: int
    allows: tuple[bool, ...]
    elsewhere: tuple[int, ...]
    twins: CourseCode | None = None
    credits: Fraction | None = None

    @property
    def code(self) -> CourseCode:
        """Return the first code."""
        return self.codes[0]

    @property
    def is_met(self) -> bool:
        """Return whether it is passed."""
        return not self.is_new and self.row.standing is Standing.MET


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


_latest: tuple[Rules, Record, dt.date, dt.date | None, Problem] | None = None


def problem_of(rules: Rules, record: Record, today: dt.date, conferral: dt.date | None) -> Problem:
    """Return the record as a problem of the rules; the latest is kept, for its explanations."""
    global _latest
    known = _latest
    if known is not None and known[0] is rules and known[1] is record:
        *_, day, conferred, problem = known
        if (day, conferred) == (today, conferral):
            return problem
    found = _problem_of(rules, record, today, conferral)
    _latest = (rules, record, today, conferral, found)
    return found


def _problem_of(rules: Rules, record: Record, today: dt.date, conferral: dt.date | None) -> Problem:
    given = dict(record.approvals)
    reading = rules.reader.read(record, today, conferral)
    departures = [e for e in record.exceptions if e.course is not None]
    scene = rules.reader.whole_scene(record, given)
    open_overlaps = [
        rule.condition is None or scene.holds(rule.condition) is True for rule in rules.overlaps
    ]
    uses = []
    for dated in reading.uses:
        row = rules.row(dated.use, given)
        entry = _entry(rules, dated, row, given, departures, open_overlaps)
        if conferral is not None and dated.end > conferral:
            keep = ~rules.counting
            entry = _only_in(entry, keep)
        uses.append(entry)
    uses.sort(key=lambda entry: (entry.code, entry.id))
    able = list(_able(rules, record, reading, given))
    conflicts = conflicts_of(rules, record, reading, [code for code, _, _ in able])
    return Problem(
        rules=rules,
        record=record,
        given=given,
        reading=reading,
        uses=tuple(uses),
        courses=tuple(_catalogue(rules, able, conflicts, given, departures, open_overlaps)),
        conflicts=conflicts,
        excepted=frozenset(
            e.node
            for e in record.exceptions
            if e.kind in (ExceptionKind.WAIVE, ExceptionKind.FORCE)
        ),
    )


def with_one_more(problem: Problem, attempt: Attempt, record: Record) -> Problem:
    """Return the problem with one more planned attempt, which is on `record`.

    It must be at a course that touches no other (`touching`) and end on the day judged.
    """
    rules, given = problem.rules, problem.given
    dated = rules.reader.dated(attempt)
    departures = [e for e in record.exceptions if e.course is not None]
    is_open = [True] * len(rules.overlaps)
    entry = _entry(rules, dated, rules.row(dated.use, given), given, departures, is_open)
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


def _entry(
    rules: Rules,
    dated: Dated,
    row: Row,
    given: Approvals,
    departures: Sequence[AuditException],
    open_overlaps: Sequence[bool],
    *,
    is_new: bool = False,
) -> Entry:
    use = dated.use
    fits: Sequence[Tri] = row.fits
    if departures:
        fits = [
            True
            if fit is not True
            and any(_admits(rules, e, leaf, use.names, given) for e in departures)
            else fit
            for leaf, fit in zip(rules.leaves, fits, strict=True)
        ]
    allowed = sum(1 << place for place, fit in enumerate(fits) if fit is not False)
    allows = tuple(
        is_open and selected is True
        for is_open, selected in zip(open_overlaps, row.overlaps, strict=True)
    )
    elsewhere = [0] * len(rules.overlaps)
    if use.attempt.counted_in:
        for index, rule in enumerate(rules.overlaps):
            if not use.attempt.counted_in & set(rule.between):
                continue
            here = [name for name in rule.between if name not in use.attempt.counted_in]
            mask = (1 << len(rules.leaves)) - 1
            if here and rules.resolved.program.id not in here:
                mask = 0
                for name in here:
                    mask |= rules.members(name)
            elsewhere[index] = mask
            if not allows[index]:
                allowed &= ~mask
    return Entry(
        id=use.attempt.id,
        codes=(use.attempt.course,),
        row=row,
        names=use.names,
        is_new=is_new,
        allowed=allowed,
        sure=allowed & sum(1 << place for place, fit in enumerate(fits) if fit is True),
        allows=allows,
        elsewhere=tuple(elsewhere),
    )


def _admits(
    rules: Rules, given: AuditException, leaf: Leaf, names: frozenset[str], approvals: Approvals
) -> bool:
    """Return whether an approved insertion or substitution lets a leaf hold a course."""
    if given.course not in names:
        return False
    if given.kind is ExceptionKind.INSERT:
        return given.node == leaf.id
    if given.kind is not ExceptionKind.SUBSTITUTE or given.replaces is None:
        return False
    if not rules.below.get(given.node, 0) & leaf.bit:
        return False
    course = rules.resolved.courses.get(given.replaces)
    if course is None:
        return False
    return rules.row(rules.reader.planned(course), approvals).fits[leaf.index] is True


def _able(
    rules: Rules, record: Record, reading: Reading, given: Approvals
) -> Iterator[tuple[CourseCode, Use, Row]]:
    """Yield the courses that may still be taken and would earn credit, each by itself."""
    taken = frozenset(rules.reader.identity(dated) for dated in reading.uses)
    tried = frozenset[str]().union(
        *(rules.reader.dated(attempt).use.names for attempt in record.attempts)
    )
    for code, use, row in rules.catalogue_rows(given):
        is_special = use.names & tried or rules.is_excludable(use)
        if not is_special or _can_be_taken(rules, use, record, reading, taken, tried):
            yield code, use, row


def _catalogue(
    rules: Rules,
    able: Sequence[tuple[CourseCode, Use, Row]],
    conflicts: Conflicts,
    given: Approvals,
    departures: Sequence[AuditException],
    open_overlaps: Sequence[bool],
) -> Iterator[Entry]:
    """Yield the courses that may be bought, alike ones together."""
    special = {e.course for e in departures}
    lonely = frozenset[CourseCode]().union(conflicts.again, *conflicts.apart)
    groups: dict[object, list[tuple[CourseCode, Use, Row, tuple[tuple[Use, Row], ...]]]] = {}
    for code, use, row in able:
        if code in conflicts.barred:
            continue
        apart = code in lonely or any(row.pieces) or not special.isdisjoint(use.names)
        larger = rules.larger_rows(code, given)
        key = (id(row), *(id(more) for _, more in larger))
        groups.setdefault((key, code if apart else None), []).append((code, use, row, larger))
    for alike in groups.values():
        first, use, row, larger = alike[0]
        codes = tuple(code for code, _, _, _ in alike)
        for one, its in ((use, row), *larger):
            dated = Dated(use=one, start=dt.date.min, end=dt.date.min)
            entry = _entry(rules, dated, its, given, departures, open_overlaps, is_new=True)
            yield replace(
                entry,
                codes=codes,
                twins=first if larger else None,
                credits=None if one is use else one.attempt.credits,
            )


def _can_be_taken(
    rules: Rules,
    use: Use,
    record: Record,
    reading: Reading,
    taken: frozenset[str],
    tried: frozenset[str],
) -> bool:
    course = rules.resolved.courses[use.attempt.course]
    # what another course on record merely stands for may still be taken itself
    if course.repeatable is None and rules.names.identity((course.code, None, None)) in taken:
        return False
    if rules.is_excludable(use) or use.names & tried:
        return rules.reader.can_be_taken(course, record, reading.conferral)
    return True


# -------------------------------------------------------------------- choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The active part of the tree under some choices."""

    choices: Choices
    active: frozenset[NodeId]
    leaves: int


def scopes(rules: Rules, declared: Mapping[str, str]) -> Iterator[Scope]:
    """Yield the active tree of every combination of choices, in file order."""
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
