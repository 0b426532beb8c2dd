"""Rules without `when` and `reading`: for one reading, and for each value of an unknown fact."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import TypeVar, cast

from prospectus.domain.course import Course, CourseCode
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
from prospectus.domain.facts import Assumption, Certainty
from prospectus.domain.fees import Fee
from prospectus.domain.meaning.advisory import binding, obtainable
from prospectus.domain.meaning.conditions import static
from prospectus.domain.printer import print_expression
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
    Share,
    Total,
    When,
)
from prospectus.domain.rule import Rule
from prospectus.domain.student import Person

MAX_BRANCHED_FACTS = 3
OTHER = "(other)"
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
    atoms = {a for a in _facts_tested(program) if static(a, person) is None}
    options: dict[str, list[tuple[str, str, Expression | None]]] = {}
    for atom in sorted(atoms, key=print_expression):
        if isinstance(atom, PersonIs):
            rows = options.setdefault(atom.fact, [(atom.fact, OTHER, None)])
            rows.insert(-1, (atom.fact, atom.value, None))
        else:
            name = print_expression(atom)
            options[name] = [(name, "yes", atom), (name, "no", atom)]
    if len(options) > MAX_BRANCHED_FACTS:
        raise DomainError(
            "DOM-060",
            what=f"{program.id} depends on {', '.join(options)}, of which nothing is known",
            fix="state these facts in the student file",
        )
    return tuple(
        _resolve_one(program, school, person, reading, branch, assumptions)
        for branch in itertools.product(*options.values())
    )


def _facts_tested(program: Program) -> Iterator[Expression]:
    stack: list[object] = [program.tree, *program.rules]
    while stack:
        item = stack.pop()
        if isinstance(item, When):
            yield from _atoms(item.condition)
            stack += [item.then, item.otherwise]
        elif isinstance(item, Reading):
            stack += [option for _, option in item.options]
        elif isinstance(item, All | Any):
            stack += [*item.children]
            if isinstance(item, All) and item.total is not None:
                stack += [item.total.credits, item.total.courses]
        elif isinstance(item, Fill | Measure):
            stack += [item.credits, item.courses]
            if isinstance(item, Fill):
                stack += [*item.with_]


def _atoms(expression: Expression) -> Iterator[Expression]:
    match expression:
        case And() | Or() | NOf():
            for part in expression.items:
                yield from _atoms(part)
        case Not():
            yield from _atoms(expression.item)
        case _:
            yield expression


def _resolve_one(
    program: Program,
    school: School,
    person: Person,
    reading: tuple[tuple[str, str], ...],
    branch: tuple[tuple[str, str, Expression | None], ...],
    assumptions: Mapping[str, Assumption],
) -> Resolved:
    facts = tuple((name, value) for name, value, atom in branch if atom is None)
    known = replace(person, facts=person.facts + facts)
    answers = {atom: value == "yes" for _, value, atom in branch if atom is not None}
    picker = _Picker(known, dict(reading), answers)
    base = Fill(header=Header(id=NodeId("")), from_=AnyCourse(), rest=True, pool=DEGREE_POOL)
    base = replace(base, min_grade=program.min_grade)
    tree = picker.node(program.tree, base)
    assert isinstance(tree, All), "the root of a programme is an `all`"
    return Resolved(
        program=program,
        school=school,
        tree=tree,
        rules=tuple(picker.rules(program.rules)),
        courses=MappingProxyType(_courses(program, school)),
        calendar=dict(school.calendars)[program.calendar],
        offerings=school.offerings_for(program.id),
        fees=_fees(program, school, known),
        scale=school.grades,
        sets=MappingProxyType(dict(program.sets)),
        pool_counts=MappingProxyType(
            {DEGREE_POOL: True} | {pool.name: pool.counts for pool in program.pools}
        ),
        person=known,
        readings=reading,
        branches=tuple((name, value) for name, value, _ in branch),
        assumptions=assumptions,
    )


def _courses(program: Program, school: School) -> dict[CourseCode, Course]:
    """Return the courses open to the programme, their requisites as far as they can bind."""
    mine = [c for c in school.courses if not c.restricted_to or program.id in c.restricted_to]
    codes = obtainable(frozenset(course.code for course in mine), school)
    return {
        course.code: course
        if course.requisite is None
        else replace(course, requisite=binding(course.requisite, codes))
        for course in mine
    }


def _fees(program: Program, school: School, person: Person) -> tuple[Fee, ...]:
    """Return the fees that the programme charges this person.

    Of rows that differ by residence those that name the person's; where none does, or it is not
    known, those of the residence that pays most, as assumed.
    """
    mine = [fee for fee in school.fees if not fee.programs or program.id in fee.programs]
    found: list[Fee] = []
    for fee in mine:
        rivals = [other for other in mine if other.id == fee.id and other.residence]
        residence = person.fact("residence")
        if not rivals or not fee.residence:
            found.append(fee)
        elif any(residence in other.residence for other in rivals):
            if residence in fee.residence:
                found.append(replace(fee, residence=frozenset()))
        elif fee.residence == max(rivals, key=_dearness).residence:
            taken = replace(fee.provenance, certainty=Certainty.ASSUMED)
            found.append(replace(fee, residence=frozenset(), provenance=taken))
    return tuple(found)


def _dearness(fee: Fee) -> tuple[bool, int]:
    """Return a key that puts the dearest last; unknown is never free."""
    amounts = [tier.amount.minor for tier in fee.tiers]
    amounts += [] if fee.amount is None else [fee.amount.minor]
    return fee.is_unknown, max(amounts, default=0)


class _Picker:
    """Picks the branch of each `when` and the option of each `reading`."""

    def __init__(
        self, person: Person, reading: dict[str, str], answers: dict[Expression, bool]
    ) -> None:
        self.person = person
        self.reading = reading
        self.answers = answers

    def holds(self, condition: Expression) -> bool:
        """Return whether a condition holds in this branch."""
        return static(condition, self.person, self.answers) is True

    def pick(self, value: T | When[T] | Reading[T] | None) -> T | None:
        """Return the plain value; an unknown condition counts as not holding."""
        while isinstance(value, When | Reading):
            if isinstance(value, When):
                value = value.then if self.holds(value.condition) else value.otherwise
            else:
                value = dict(value.options)[self.reading[value.dispute]]
        return value

    def total(self, total: Total | None) -> Total | None:
        """Return the total with plain sizes."""
        if total is None:
            return None
        return replace(total, credits=self.pick(total.credits), courses=self.pick(total.courses))

    def within(self, measure: Measure, total: Fraction | None) -> Measure:
        """Return a measure inside a leaf with plain sizes: a share is of the total as stated."""
        if isinstance(measure.credits, Share):
            credits = Range(low=measure.credits.share * (total or Fraction(0)))
            measure = replace(measure, credits=credits)
        return self.measure(measure)

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

    def node(self, item: Item, above: Fill, total: Fraction | None = None) -> Node | None:
        """Return the node with inherited floor, basis, source and pool; None where none stands.

        `total` are the credits of the total around it.
        """
        if isinstance(item, When) and item.may:
            return self._option(item, above, total)
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
                own = self.total(plain.total) if isinstance(plain, All) else None
                if own is not None:
                    total = own.credits.low if isinstance(own.credits, Range) else None
                found = [self.node(below, inherited, total) for below in plain.children]
                children = tuple(child for child in found if child is not None)
                if isinstance(plain, All):
                    return replace(plain, children=children, total=own)
                if not children:
                    return None
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
                    with_=tuple(self.within(m, total) for m in plain.with_),
                )
            case Measure():
                return self.measure(plain)
            case Gpa() | Milestone() | None:
                return plain
            case _:
                raise AssertionError(type(plain))

    def _option(self, item: When[Item], above: Fill, total: Fraction | None) -> Node | None:
        """Return the person's option: an `any` of both where the condition holds."""
        then = self.node(item.then, above, total)
        other = None if item.otherwise is None else self.node(item.otherwise, above, total)
        if not self.holds(item.condition):
            return other
        if then is None:
            return other
        if other is None:
            # what the person may do, the person may leave
            other = All(header=Header(id=NodeId(f"without-{then.header.id}")), children=())
        header = Header(id=NodeId(f"{then.header.id}-or-{other.header.id}"))
        return Any(header=header, children=(then, other))


def as_degree(resolved: Resolved, credential: str) -> Resolved:
    """Return the rules of a certificate or exit award, to be judged in pools of its own.

    Raises
    ------
    KeyError
        When the programme has no credential of that id.
    """
    found = {item.id: item for item in resolved.program.credentials}[credential]
    picker = _Picker(resolved.person, dict(resolved.readings), {})
    base = Fill(header=Header(id=NodeId("")), from_=AnyCourse(), rest=True, pool=DEGREE_POOL)
    tree = picker.node(found.tree, replace(base, min_grade=resolved.program.min_grade))
    assert isinstance(tree, All)
    return replace(resolved, tree=tree, rules=())
