"""Rules without `when` and `reading`: for one reading, and for each value of an unknown fact."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar, cast

from prospectus.domain.errors import DomainError
from prospectus.domain.expression import (
    And,
    AnyCourse,
    Expression,
    NOf,
    Not,
    Or,
    PersonIs,
)
from prospectus.domain.facts import Assumption
from prospectus.domain.meaning.conditions import static
from prospectus.domain.program import Program, Resolved, School
from prospectus.domain.requirement import (
    DEGREE_POOL,
    All,
    Any,
    Fill,
    Gpa,
    Header,
    Item,
    Measure,
    Milestone,
    Node,
    NodeId,
    Range,
    Reading,
    Rule,
    Share,
    Total,
    When,
)
from prospectus.domain.student import Person

MAX_BRANCHED_FACTS = 3
T = TypeVar("T")


def readings(program: Program) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Return every combination of readings of the programme's disputes."""
    options = [[(d.id, name) for name, _ in d.readings] for d in program.disputes]
    return tuple(itertools.product(*options))


def resolve(
    program: Program,
    school: School,
    person: Person,
    reading: tuple[tuple[str, str], ...],
    assumptions: Mapping[str, Assumption] = MappingProxyType({}),
) -> tuple[Resolved, ...]:
    """Return the rules for this person and reading, once per combination of unknown facts.

    Raises
    ------
    DomainError
        DOM-060 when more than three unknown facts would have to be branched on; it names them.
    """
    asked = sorted({(p.fact, p.value) for p in _facts_tested(program) if not person.fact(p.fact)})
    names = sorted({fact for fact, _ in asked})
    if len(names) > MAX_BRANCHED_FACTS:
        raise DomainError(
            "DOM-060",
            what=f"{program.id} depends on {', '.join(names)}, of which nothing is known",
            fix="state these facts in the student file",
        )
    per_fact = [[(n, v) for f, v in asked if f == n] + [(n, "(other)")] for n in names]
    return tuple(
        _resolve_one(program, school, person, reading, branch, assumptions)
        for branch in itertools.product(*per_fact)
    )


def _facts_tested(program: Program) -> Iterator[PersonIs]:
    stack: list[object] = [program.tree, *program.rules]
    while stack:
        item = stack.pop()
        if isinstance(item, When):
            yield from _person_facts(item.condition)
            stack += [item.then, item.otherwise]
        elif isinstance(item, Reading):
            stack += [option for _, option in item.options]
        elif isinstance(item, All | Any):
            stack += [*item.children]
            if isinstance(item, All) and item.total is not None:
                stack += [item.total.credits, item.total.courses]
        elif isinstance(item, Fill | Measure):
            stack += [item.credits, item.courses]


def _person_facts(expression: Expression) -> Iterator[PersonIs]:
    match expression:
        case PersonIs():
            yield expression
        case And() | Or() | NOf():
            for part in expression.items:
                yield from _person_facts(part)
        case Not():
            yield from _person_facts(expression.item)
        case _:
            return


def _resolve_one(
    program: Program,
    school: School,
    person: Person,
    reading: tuple[tuple[str, str], ...],
    branch: tuple[tuple[str, str], ...],
    assumptions: Mapping[str, Assumption],
) -> Resolved:
    known = replace(person, facts=person.facts + branch)
    picker = _Picker(known, dict(reading))
    base = Fill(header=Header(id=NodeId("")), from_=AnyCourse(), rest=True, pool=DEGREE_POOL)
    base = replace(base, min_grade=program.min_grade)
    tree = picker.node(program.tree, base)
    assert isinstance(tree, All), "the root of a programme is an `all`"
    return Resolved(
        program=program,
        school=school,
        tree=tree,
        rules=tuple(picker.rules(program.rules)),
        courses=MappingProxyType(
            {
                course.code: course
                for course in school.courses
                if not course.restricted_to or program.id in course.restricted_to
            }
        ),
        calendar=dict(school.calendars)[program.calendar],
        offerings=school.offerings,
        fees=tuple(f for f in school.fees if not f.programs or program.id in f.programs),
        scale=school.grades,
        sets=MappingProxyType(dict(program.sets)),
        pool_counts=MappingProxyType(
            {DEGREE_POOL: True} | {pool.name: pool.counts for pool in program.pools}
        ),
        person=known,
        readings=reading,
        branches=branch,
        assumptions=assumptions,
    )


class _Picker:
    """Picks the branch of each `when` and the option of each `reading`."""

    def __init__(self, person: Person, reading: dict[str, str]) -> None:
        self.person = person
        self.reading = reading

    def pick(self, value: T | When[T] | Reading[T] | None) -> T | None:
        """Return the plain value; an unknown condition counts as not holding."""
        while isinstance(value, When | Reading):
            if isinstance(value, When):
                value = value.then if static(value.condition, self.person) else value.otherwise
            else:
                value = dict(value.options)[self.reading[value.dispute]]
        return value

    def total(self, total: Total | None) -> Total | None:
        """Return the total with plain sizes."""
        if total is None:
            return None
        return replace(total, credits=self.pick(total.credits), courses=self.pick(total.courses))

    def measure(self, measure: Measure) -> Measure:
        """Return the measure with plain sizes."""
        credits: Range | Share | None = (
            measure.credits if isinstance(measure.credits, Share) else self.pick(measure.credits)
        )
        return replace(measure, credits=credits, courses=self.pick(measure.courses))

    def rules(self, rules: tuple[Rule | When[Rule] | Reading[Rule], ...]) -> Iterator[Rule]:
        """Yield the rules that stand."""
        for item in rules:
            rule = cast(Rule | None, self.pick(item))
            if isinstance(rule, Measure):
                yield self.measure(rule)
            elif rule is not None:
                yield rule

    def node(self, item: Item, above: Fill) -> Node | None:
        """Return the node with inherited floor, basis, source and pool; None where none stands."""
        if isinstance(item, When) and item.may:
            return self._option(item, above)
        plain = cast(Node | None, self.pick(item))
        match plain:
            case All() | Any():
                inherited = replace(
                    above,
                    min_grade=plain.min_grade or above.min_grade,
                    basis=plain.basis or above.basis,
                    source=plain.source or above.source,
                    pool=plain.pool or above.pool,
                )
                children = tuple(
                    child
                    for child in (self.node(below, inherited) for below in plain.children)
                    if child is not None
                )
                if isinstance(plain, All):
                    return replace(plain, children=children, total=self.total(plain.total))
                return replace(plain, children=children, n=min(plain.n, len(children)))
            case Fill():
                return replace(
                    plain,
                    min_grade=plain.min_grade or above.min_grade,
                    basis=plain.basis or above.basis,
                    source=plain.source or above.source,
                    pool=plain.pool or above.pool,
                    courses=self.pick(plain.courses),
                    credits=self.pick(plain.credits),
                    with_=tuple(self.measure(m) for m in plain.with_),
                )
            case Measure():
                return self.measure(plain)
            case Gpa() | Milestone() | None:
                return plain
            case _:
                raise AssertionError(type(plain))

    def _option(self, item: When[Item], above: Fill) -> Node | None:
        """Return the person's option: an `any` of both where the condition holds."""
        then = self.node(item.then, above)
        other = None if item.otherwise is None else self.node(item.otherwise, above)
        if not static(item.condition, self.person):
            return other
        if then is None or other is None:
            return then
        header = Header(id=NodeId(f"{then.header.id}-or-{other.header.id}"))
        return Any(header=header, children=(then, other))
