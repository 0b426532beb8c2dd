"""Whether a programme's numbers can add up: totals, what leaves can hold, disputes, views."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, islice, product

from prospectus.catalogs.check_reach import most_held
from prospectus.catalogs.findings import Findings
from prospectus.catalogs.matching import Candidate, select
from prospectus.catalogs.mentions import plain_rules
from prospectus.catalogs.parts import nodes_in, selectors_in
from prospectus.domain.course import Course, CourseCode
from prospectus.domain.errors import Severity
from prospectus.domain.expression import Both, CodeIs, InNode, InSet, Selector
from prospectus.domain.facts import Completeness
from prospectus.domain.printer import print_number
from prospectus.domain.program import Program, School
from prospectus.domain.requirement import (
    DEGREE_POOL,
    All,
    Any,
    Bound,
    Fill,
    Item,
    Measure,
    Range,
    Reading,
    When,
)
from prospectus.domain.rule import Overlap

MAX_DISPUTES = 3
_N_READINGS = 100
_N_SHARING = 20
_ReadingOf = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A leaf, its pool, the choices it stands under, and the courses that it may hold."""

    fill: Fill
    pool: str
    branch: tuple[tuple[str, int], ...]
    supply: frozenset[CourseCode]


def check_sums(program: Program, school: School, findings: Findings) -> None:
    """Note numbers of a programme that cannot hold together."""
    _Sums(program, school, findings).check()


class _Sums:
    """The numbers of one programme."""

    def __init__(self, program: Program, school: School, findings: Findings) -> None:
        self._program = program
        self._findings = findings
        self._courses: dict[str, Course] = {str(c.code): c for c in school.courses}
        self._codes = {*self._courses, *school.external}
        self._candidates = [
            Candidate(code=CourseCode(code), course=self._courses.get(code))
            for code in sorted(self._codes)
        ]
        self._sets = dict(program.sets)
        self._below: dict[str, tuple[Selector, ...]] = {
            str(node.header.id): tuple(
                leaf.from_ for leaf in nodes_in(node) if isinstance(leaf, Fill)
            )
            for node in nodes_in(program.tree)
        }
        self._counting = {DEGREE_POOL} | {pool.name for pool in program.pools if pool.counts}
        self._counting -= {pool.name for pool in program.pools if not pool.counts}
        self._leaves = {leaf.fill.header.id: leaf for leaf in self._walk(program.tree, None, ())}

    def check(self) -> None:
        """Note everything that cannot add up."""
        self._check_disputes()
        for leaf in self._leaves.values():
            self._check_supply(leaf)
        self._check_forced()
        for reading in self._readings():
            self._check_totals(self._program.tree, reading)

    def _select(self, selector: Selector) -> frozenset[CourseCode]:
        return select(selector, self._candidates, self._sets, self._below)

    def _walk(
        self, item: Item, pool: str | None, branch: tuple[tuple[str, int], ...]
    ) -> Iterator[_Leaf]:
        """Yield the leaves of a tree with what they inherit."""
        match item:
            case When():
                for index, one in enumerate((item.then, item.otherwise)):
                    if one is not None:
                        yield from self._walk(one, pool, (*branch, (f"when {id(item)}", index)))
            case Reading():
                for index, (_, option) in enumerate(item.options):
                    here = (*branch, (f"reading {item.dispute}", index))
                    yield from self._walk(option, pool, here)
            case All():
                for child in item.children:
                    yield from self._walk(child, item.pool or pool, branch)
            case Any():
                exclusive = item.n == 1
                for index, child in enumerate(item.children):
                    here = (*branch, (str(item.header.id), index)) if exclusive else branch
                    yield from self._walk(child, item.pool or pool, here)
            case Fill():
                supply = self._select(item.from_)
                yield _Leaf(item, item.pool or pool or DEGREE_POOL, branch, supply)
            case _:
                return

    def _check_supply(self, leaf: _Leaf) -> None:
        """Note a leaf that asks more than the courses which it takes can give."""
        fill = leaf.fill
        if self._names_nothing(fill.from_):
            return
        sizes = [plain for plain in _plain(fill.courses)]
        if any(self._is_repeatable(code) for code in leaf.supply):
            return
        for size in sizes:
            if size.low > len(leaf.supply):
                self._note_supply(fill, size.low, "course", Fraction(len(leaf.supply)))
        credits = sum((self._credits(code)[1] for code in leaf.supply), Fraction(0))
        if all(code in self._courses for code in leaf.supply):
            for size in _plain(fill.credits):
                if size.low > credits:
                    self._note_supply(fill, size.low, "credit", credits)
        for measure in fill.with_:
            self._check_minimum(leaf, measure)

    def _names_nothing(self, selector: Selector) -> bool:
        """Return whether a selector names what does not exist, which is a fault of its own."""
        stack, seen = [selector], set[str]()
        while stack:
            for part in selectors_in(stack.pop()):
                if isinstance(part, CodeIs) and part.code not in self._codes:
                    return True
                if isinstance(part, InNode) and part.node not in self._below:
                    return True
                if isinstance(part, InSet) and part.name not in seen:
                    if part.name not in self._sets:
                        return True
                    seen.add(part.name)
                    stack.append(self._sets[part.name])
        return False

    def _check_minimum(self, leaf: _Leaf, measure: Measure) -> None:
        if measure.bound is not Bound.AT_LEAST or measure.distinct or measure.per:
            return
        have = len(self._select(Both(items=(leaf.fill.from_, measure.of))))
        for size in _plain(measure.courses):
            if size.low > have:
                self._findings.note(
                    "CAT-081",
                    measure.header.provenance.at,
                    "at_least",
                    f"at least {print_number(size.low)} courses are asked of {have} that fit",
                    "correct the number, or what the measure or the leaf takes",
                )

    def _note_supply(self, fill: Fill, asked: Fraction, unit: str, have: Fraction) -> None:
        self._findings.note(
            "CAT-081",
            fill.header.provenance.at,
            f"fill.{unit}s",
            f"'{fill.header.id}' asks {print_number(asked)} {unit}s; "
            f"the courses it takes give {print_number(have)}",
            "correct the number, or add courses to `from:`",
        )

    def _is_repeatable(self, code: CourseCode) -> bool:
        course = self._courses.get(code)
        return course is not None and course.repeatable is not None

    def _credits(self, code: CourseCode) -> tuple[Fraction, Fraction]:
        """Return least and most credits of a course; a course of another place has none known."""
        course = self._courses.get(code)
        return (Fraction(0), Fraction(0)) if course is None else (
            course.credits_low,
            course.credits_high,
        )  # fmt: skip

    def _readings(self) -> Iterator[_ReadingOf]:
        names = [dispute.id for dispute in self._program.disputes[:MAX_DISPUTES]]
        options = [
            [name for name, _ in dispute.readings]
            for dispute in self._program.disputes[:MAX_DISPUTES]
        ]
        for choice in islice(product(*options), _N_READINGS):
            yield dict(zip(names, choice, strict=True))

    def _check_totals(self, item: Item, reading: _ReadingOf) -> None:
        for node in nodes_in(item):
            if not isinstance(node, All) or node.total is None or node.total.credits is None:
                continue
            most = max((size.low for size in _plain(node.total.credits, reading)), default=None)
            if most is None:
                continue
            asked = sum((self._asked(child, reading, None) for child in node.children), Fraction(0))
            if asked > most:
                self._note_total(node, asked, most)
            self._check_reach(node, most)
            for child in nodes_in(node):
                self._check_measure(child, most, reading)

    def _check_reach(self, node: All, total: Fraction) -> None:
        """Note a total that nothing below it can reach; what is not complete may lack leaves."""
        states = {part.header.completeness for part in nodes_in(node)} - {None}
        if {self._program.completeness, *states} != {Completeness.COMPLETE}:
            return
        held = most_held(replace(node, total=None), self._courses_of, self._counting)
        if held is not None and held < total:
            self._findings.note(
                "CAT-086",
                node.header.provenance.at,
                "total",
                f"the leaves below hold at most {print_number(held)} credits, the total asks "
                f"{print_number(total)}",
                "add a leaf `{credits: rest, from: ...}` for free electives, or correct the total",
            )

    def _courses_of(self, fill: Fill) -> list[Course] | None:
        supply = self._leaves[fill.header.id].supply
        known = [self._courses[code] for code in supply if code in self._courses]
        return known if len(known) == len(supply) else None

    def _note_total(self, node: All, asked: Fraction, total: Fraction) -> None:
        shares = any(isinstance(rule, Overlap) for rule in plain_rules(self._program))
        self._findings.note(
            "CAT-080",
            node.header.provenance.at,
            "total",
            f"the leaves below ask {print_number(asked)} credits, the total "
            f"{print_number(total)}" + ("; shared courses count once" if shares else ""),
            "correct a leaf or the total; a list that restates courses belongs in a pool "
            "with `counts: no`",
            Severity.WARNING if shares else Severity.ERROR,
        )

    def _check_measure(self, node: Item, total: Fraction, reading: _ReadingOf) -> None:
        if not isinstance(node, Measure) or node.bound is not Bound.AT_LEAST or node.distinct:
            return
        if isinstance(node.credits, Range | When | Reading):
            for size in _plain(node.credits, reading):
                if size.low > total:
                    self._findings.note(
                        "CAT-082",
                        node.header.provenance.at,
                        "at_least.credits",
                        f"at least {print_number(size.low)} credits are asked of "
                        f"{print_number(total)} in all",
                        "correct the number or the total",
                    )

    def _asked(self, item: Item, reading: _ReadingOf, pool: str | None) -> Fraction:
        """Return the least credits that a part of the tree asks of counting pools."""
        match item:
            case When():
                other = item.otherwise
                least = Fraction(0) if other is None else self._asked(other, reading, pool)
                return min(self._asked(item.then, reading, pool), least)
            case Reading():
                options = dict(item.options)
                chosen = options.get(reading.get(item.dispute, ""))
                return Fraction(0) if chosen is None else self._asked(chosen, reading, pool)
            case All():
                inner = (self._asked(c, reading, item.pool or pool) for c in item.children)
                return sum(inner, Fraction(0))
            case Any():
                costs = sorted(self._asked(c, reading, item.pool or pool) for c in item.children)
                return sum(costs[: item.n], Fraction(0))
            case Fill():
                return self._asked_by(item, reading, pool)
            case _:
                return Fraction(0)

    def _asked_by(self, fill: Fill, reading: _ReadingOf, pool: str | None) -> Fraction:
        if (fill.pool or pool or DEGREE_POOL) not in self._counting or fill.rest:
            return Fraction(0)
        credits = min((size.low for size in _plain(fill.credits, reading)), default=Fraction(0))
        n = min((size.low for size in _plain(fill.courses, reading)), default=Fraction(0))
        supply = self._leaves[fill.header.id].supply
        lightest = sorted(self._credits(code)[0] for code in supply)
        return max(credits, sum(lightest[: int(n)], Fraction(0)))

    def _check_disputes(self) -> None:
        disputes = self._program.disputes
        at = self._program.provenance.at
        if len(disputes) > MAX_DISPUTES:
            self._findings.note(
                "CAT-083",
                at,
                "disputes",
                f"{len(disputes)} disputes stand; all combinations of at most "
                f"{MAX_DISPUTES} are solved",
                "settle some with the school, or note them under `questions:`",
            )
        used = set(_disputes_used(self._program))
        for dispute in disputes:
            if dispute.id not in used:
                self._findings.note(
                    "CAT-084",
                    dispute.provenance.at,
                    "",
                    f"nothing depends on the dispute '{dispute.id}'",
                    "write `reading:` where its readings differ, or remove it",
                    Severity.WARNING,
                )

    def _check_forced(self) -> None:
        """Note two leaves of one pool that both need the same course."""
        if any(isinstance(rule, Overlap) for rule in plain_rules(self._program)):
            return
        forced = [(leaf, self._forced_by(leaf)) for leaf in self._leaves.values()]
        sharing: dict[tuple[str, CourseCode], list[int]] = {}
        for place, (leaf, needs) in enumerate(forced):
            for code in needs:
                sharing.setdefault((leaf.pool, code), []).append(place)
        # Of very many leaves that need one course, the first few tell it.
        pairs = {pair for group in sharing.values() for pair in combinations(group[:_N_SHARING], 2)}
        for first, second in sorted(pairs):
            (one, needs), (other, also) = forced[first], forced[second]
            both = needs & also
            if _exclude(one.branch, other.branch):
                continue
            self._findings.note(
                "CAT-085",
                other.fill.header.provenance.at,
                "",
                f"'{one.fill.header.id}' and '{other.fill.header.id}' both need "
                f"{', '.join(sorted(both))}, and a course fills one leaf of a pool",
                "give the list that restates it a pool of its own (`counts: no`), or an overlap",
                Severity.WARNING,
            )

    def _forced_by(self, leaf: _Leaf) -> frozenset[CourseCode]:
        sizes = list(_plain(leaf.fill.courses))
        repeatable = any(self._is_repeatable(code) for code in leaf.supply)
        if sizes and not repeatable and min(s.low for s in sizes) >= len(leaf.supply):
            return leaf.supply
        return frozenset()


def _plain(size: object, reading: _ReadingOf | None = None) -> Iterator[Range]:
    """Yield the values that a size may have; under one reading where that is given."""
    match size:
        case Range():
            yield size
        case When():
            yield size.then
            if size.otherwise is not None:
                yield size.otherwise
        case Reading():
            for name, value in size.options:
                if reading is None or reading.get(size.dispute) == name:
                    yield value
        case _:
            return


def _exclude(one: tuple[tuple[str, int], ...], other: tuple[tuple[str, int], ...]) -> bool:
    """Return whether two leaves stand under different children of one choice."""
    chosen = dict(one)
    return any(name in chosen and chosen[name] != index for name, index in other)


def _disputes_used(program: Program) -> Iterator[str]:
    stack: list[object] = [program.tree, *program.rules]
    while stack:
        item = stack.pop()
        match item:
            case Reading():
                yield item.dispute
                stack += [option for _, option in item.options]
            case When():
                stack += [item.then, item.otherwise]
            case All():
                stack += item.children
                if item.total is not None:
                    stack += [item.total.credits, item.total.courses]
            case Any():
                stack += item.children
            case Fill() | Measure():
                stack += [item.credits, item.courses]
            case _:
                continue
