"""Every expression and selector of a school or a programme, with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from prospectus.catalogs.parts import expressions_in, nodes_in, selectors_in, selectors_of
from prospectus.domain.errors import Place
from prospectus.domain.expression import Expression, Selector
from prospectus.domain.program import Program, School
from prospectus.domain.requirement import (
    All,
    Amount,
    Fill,
    Gpa,
    Item,
    Measure,
    Milestone,
    Reading,
    Share,
    When,
)
from prospectus.domain.rule import Exclude, Gate, Load, Overlap, Point, Position, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An expression or a selector; `field` is where it stands below the block at `at`.

    `is_static` marks a condition that may only test facts of the person.
    """

    at: Place
    field: str
    expression: Expression | None = None
    selector: Selector | None = None
    is_static: bool = False

    def expressions(self) -> Iterator[Expression]:
        """Yield every expression inside."""
        if self.expression is not None:
            yield from expressions_in(self.expression)

    def selectors(self) -> Iterator[Selector]:
        """Yield every selector inside."""
        if self.selector is not None:
            yield from selectors_in(self.selector)
        if self.expression is not None:
            yield from selectors_of(self.expression)


def school_mentions(school: School) -> Iterator[Mention]:
    """Yield what a school's files mention beside its programmes."""
    for course in school.courses:
        at = course.provenance.at
        yield Mention(at=at, field="requires", expression=course.requisite)
        yield Mention(at=at, field="advises", expression=course.advisory)
    for fee in school.fees:
        yield Mention(at=fee.provenance.at, field="of", selector=fee.of)


def program_mentions(program: Program) -> Iterator[Mention]:
    """Yield what a programme's file mentions, in file order."""
    at = program.provenance.at
    for name, selector in program.sets:
        yield Mention(at=at, field=f"sets.{name}", selector=selector)
    eligibility = program.admission.eligibility
    yield Mention(at=program.admission.provenance.at, field="eligibility", expression=eligibility)
    for pathway in program.admission.pathways:
        yield Mention(at=pathway.provenance.at, field="needs", expression=pathway.needs)
    for tree in (program.tree, *(credential.tree for credential in program.credentials)):
        yield from _conditions(tree, at)
        for node in nodes_in(tree):
            yield from _node(node)
    for item in program.rules:
        yield from _rules(item, at)
    for load in program.enrolment.loads:
        yield from _load(load)
    record = program.record_rules
    if record.repeats is not None:
        allowed = record.repeats.allowed
        yield Mention(at=at, field="record_rules.repeats.allowed", expression=allowed)
    yield Mention(at=at, field="record_rules.expires.of", selector=record.expires_of)
    yield Mention(at=at, field="record_rules.attempts.of", selector=record.attempts_of)


def plain_rules(program: Program) -> Iterator[Rule]:
    """Yield every rule beside the tree, under each `when` and each reading."""
    for item in program.rules:
        if isinstance(item, When):
            yield item.then
            if item.otherwise is not None:
                yield item.otherwise
        elif isinstance(item, Reading):
            for _, option in item.options:
                yield option
        else:
            yield item


def _conditions(tree: Item, at: Place) -> Iterator[Mention]:
    """Yield the conditions of the `when`s of a tree, at the node that they decide on."""
    stack: list[Item] = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, When):
            yield _static(item, at)
            stack += [one for one in (item.otherwise, item.then) if one is not None]
        elif isinstance(item, Reading):
            stack += [option for _, option in item.options]
        elif not isinstance(item, Fill | Measure | Gpa | Milestone):
            stack += item.children


def _static(item: When[Item] | When[Rule], at: Place) -> Mention:
    then = item.then
    place = at if isinstance(then, When | Reading) else _place_of_when(then.header.provenance.at)
    return Mention(at=place, field="if", expression=item.condition, is_static=True)


def _place_of_when(then: Place) -> Place:
    """Return the place of the `when` whose `then` stands at a place."""
    return Place(file=then.file, line=then.line, field=then.field.removesuffix(".then"))


def _amount(amount: Amount | Share | None, at: Place, field: str) -> Iterator[Mention]:
    if isinstance(amount, When):
        yield Mention(at=at, field=f"{field}.when.if", expression=amount.condition, is_static=True)


def _node(node: Item) -> Iterator[Mention]:
    if isinstance(node, When | Reading):
        return
    at = node.header.provenance.at
    match node:
        case All():
            if node.total is not None:
                yield from _amount(node.total.credits, at, "total.credits")
                yield from _amount(node.total.courses, at, "total.courses")
        case Fill():
            bare = not at.field or node.header.id.endswith(getattr(node.from_, "code", "\0"))
            yield Mention(at=at, field="" if bare else "fill.from", selector=node.from_)
            yield from _amount(node.credits, at, "fill.credits")
            yield from _amount(node.courses, at, "fill.courses")
            for measure in node.with_:
                yield from _measure(measure)
            for name, area in node.areas.areas if node.areas else ():
                yield Mention(at=at, field=f"fill.areas.of.{name}", selector=area)
        case Measure():
            yield from _measure(node)
        case Gpa():
            yield Mention(at=at, field="gpa.of", selector=node.of)
        case Milestone():
            yield Mention(at=at, field="milestone.needs", expression=node.needs)
        case _:
            return


def _measure(measure: Measure) -> Iterator[Mention]:
    at, bound = measure.header.provenance.at, measure.bound.value
    yield Mention(at=at, field=f"{bound}.of", selector=measure.of)
    yield from _amount(measure.credits, at, f"{bound}.credits")
    yield from _amount(measure.courses, at, f"{bound}.courses")


def _rules(item: Rule | When[Rule] | Reading[Rule], at: Place) -> Iterator[Mention]:
    if isinstance(item, When):
        yield _static(item, at)
        yield from _rules(item.then, at)
        if item.otherwise is not None:
            yield from _rules(item.otherwise, at)
    elif isinstance(item, Reading):
        for _, option in item.options:
            yield from _rules(option, at)
    else:
        yield from _rule(item)


def _rule(rule: Rule) -> Iterator[Mention]:
    at = rule.header.provenance.at
    match rule:
        case Gate():
            yield Mention(at=at, field="gate.needs", expression=rule.needs)
            yield Mention(at=at, field="gate.locks", selector=rule.locks)
            yield Mention(at=at, field="gate.free", selector=rule.free)
            yield Mention(at=at, field="gate.unless", expression=rule.unless)
            yield from _point(rule.by, at, "gate.by")
        case Position():
            yield Mention(at=at, field="position.of", selector=rule.of)
            yield from _point(rule.start_from, at, "position.from")
            yield from _point(rule.by, at, "position.by")
        case Exclude():
            yield Mention(at=at, field="exclude.if", expression=rule.condition)
        case Overlap():
            yield Mention(at=at, field="overlap.of", selector=rule.of)
            yield Mention(at=at, field="overlap.if", expression=rule.condition, is_static=True)
        case Measure():
            yield from _measure(rule)
        case Gpa():
            yield Mention(at=at, field="gpa.of", selector=rule.of)


def _point(point: Point | None, at: Place, field: str) -> Iterator[Mention]:
    if point is not None:
        yield Mention(at=at, field=field, selector=point.of)


def _load(load: Load) -> Iterator[Mention]:
    at = load.header.provenance.at
    yield Mention(at=at, field="of", selector=load.of)
    yield Mention(at=at, field="unless", expression=load.unless)
