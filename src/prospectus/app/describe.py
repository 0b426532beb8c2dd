"""A programme's rules in plain words: a walk of its tree, and of the rules beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from prospectus.app.catalog_answers import RuleLine, RuleSection, fact_line
from prospectus.app.titles import titled
from prospectus.app.tree_walk import walk
from prospectus.app.words import (
    condition_words,
    count,
    listed,
    point_words,
    range_words,
    repeat_words,
    selector_words,
)
from prospectus.domain.expression import AnyCourse, CodeIs, Expression, Selector, Union
from prospectus.domain.facts import Completeness
from prospectus.domain.printer import print_number
from prospectus.domain.program import HeldBy, Program, School
from prospectus.domain.requirement import (
    All,
    Amount,
    Any,
    Bound,
    Fill,
    Gpa,
    Header,
    Item,
    Measure,
    Milestone,
    Over,
    Range,
    Reading,
    Share,
    Total,
    When,
)
from prospectus.domain.rule import Exclude, Gate, Load, OnMiss, Overlap, Position, Rule

_TAKEN = {
    "letter": "for a letter grade",
    "pass_fail": "pass/fail",
    "audit": "as an audit",
    "pass_revise": "pass/revise",
}
_YEAR_OF = {
    HeldBy.ADMISSION: "the year of admission",
    HeldBy.FIRST_CREDIT: "the year of the first course for credit, not of admission",
    HeldBy.ELECTION: "a year that one elects",
}


def describe(program: Program, school: School | None = None) -> tuple[RuleSection, ...]:
    """Return the rules of a programme in sections of plain sentences, in file order.

    With the school, each course has its title where it is first named.
    """
    sections = _Describer(program).sections()
    return sections if school is None else tuple(titled(sections, school))


def _n_codes(selector: Selector) -> int | None:
    """Return how many courses a list of codes names; None for any other selector."""
    items = selector.items if isinstance(selector, Union) else (selector,)
    return len(items) if all(isinstance(item, CodeIs) for item in items) else None


def _load_size(bound: Range, unit: str) -> str:
    if bound.high is None:
        return f"at least {count(bound.low, unit)}"
    return range_words(bound, unit) if bound.low else f"at most {count(bound.high, unit)}"


def _floor(grade: str | None) -> str:
    return f", each with {grade} or better" if grade else ""


class _Describer:
    """Says the rules of one programme."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._counts = {pool.name: pool.counts for pool in program.pools}
        self._labels = {str(n.header.id): n.header.name for n, _ in walk(program.tree)}

    def sections(self) -> tuple[RuleSection, ...]:
        found = [
            RuleSection(title="What the degree asks", lines=tuple(self._degree())),
            RuleSection(
                title="Rules beside it",
                lines=tuple(line for rule in self._program.rules for line in self._rule(rule)),
            ),
            *(
                RuleSection(title=f"On the way: {one.name}", lines=tuple(self._item(one.tree)))
                for one in self._program.credentials
            ),
            RuleSection(title="Enrolment", lines=tuple(self._enrolment())),
            RuleSection(title="Lists", lines=tuple(self._sets())),
            RuleSection(title="Read in more than one way", lines=tuple(self._disputes())),
        ]
        return tuple(section for section in found if section.lines)

    def _degree(self) -> Iterator[RuleLine]:
        yield from self._item(self._program.tree)
        if self._program.min_grade is not None:
            text = f"where no other grade is named, each course with {self._program.min_grade} or "
            yield self._own("min_grade", f"{text}better")

    def _item(self, item: Item, depth: int = 0) -> Iterator[RuleLine]:
        match item:
            case When():
                yield self._plain(depth, f"If {self._condition(item.condition)}:")
                yield from self._item(item.then, depth + 1)
                if item.otherwise is not None:
                    yield self._plain(depth, "Otherwise:")
                    yield from self._item(item.otherwise, depth + 1)
            case Reading():
                for option, inner in item.options:
                    yield self._plain(depth, f"Read as {item.dispute} {option}:")
                    yield from self._item(inner, depth + 1)
            case All():
                if not item.children:
                    yield from self._told(item, depth, "nothing is asked")
                    return
                size = "" if item.total is None else self._total(item.total)
                total = f" ({size} in all)" if size else ""
                yield from self._told(item, depth, f"all of the following{total}")
                for child in item.children:
                    yield from self._item(child, depth + 1)
            case Any():
                ids = [
                    str(child.header.id)
                    for child in item.children
                    if not isinstance(child, When | Reading)
                ]
                known = f", declared as `choices: {{{item.header.id}: ...}}` by {listed(ids)}"
                chosen = known if item.declare else ""
                yield from self._told(item, depth, f"{item.n} of the following{chosen}")
                for child in item.children:
                    yield from self._item(child, depth + 1)
            case Fill():
                yield from self._told(item, depth, self._fill(item))
                for measure in item.with_:
                    yield from self._line(measure.header, depth + 1, self._measure(measure))
            case Measure() | Gpa():
                yield from self._rule(item, depth)
            case Milestone():
                yield from self._line(item.header, depth, self._milestone(item))

    def _told(self, node: All | Any | Fill, depth: int, text: str) -> Iterator[RuleLine]:
        """Yield the line of a node with what a course must be to serve it."""
        taken = [_TAKEN[basis] for basis in node.basis]
        text += _floor(node.min_grade)
        text += f", taken {listed(taken)}" if taken else ""
        text += f", earned by {listed(list(node.source))}" if node.source else ""
        if node.pool is not None and not self._counts.get(node.pool, True):
            text += " (does not count in the total)"
        yield from self._line(node.header, depth, text)

    def _milestone(self, item: Milestone) -> str:
        text = item.kind
        for n, unit in ((item.months, "month"), (item.hours, "hour")):
            text += f", {count(n, unit)}" if n is not None else ""
        text += "" if item.needs is None else f", after {self._condition(item.needs)}"
        text += "" if item.by is None else f", by {point_words(item.by, self._labels)}"
        return text + (f", at most {count(item.attempts, 'attempt')}" if item.attempts else "")

    def _fill(self, leaf: Fill) -> str:
        what = f" from {self._selector(leaf.from_)}"
        n_asked = leaf.courses.low if isinstance(leaf.courses, Range) else None
        if leaf.rest:
            size = "what is left of the total"
            if leaf.rest_within is not None:
                size += f", {range_words(leaf.rest_within, 'credit')}"
        elif n_asked == 0 and leaf.credits is None and leaf.header.unknown:
            size = "an unknown number of courses"
        elif n_asked == _n_codes(leaf.from_) and leaf.credits is None:
            listed_codes = leaf.from_.items if isinstance(leaf.from_, Union) else (leaf.from_,)
            size, what = listed([self._selector(code) for code in listed_codes], "and"), ""
        else:
            sizes = [
                self._amount(amount, unit)
                for amount, unit in ((leaf.courses, "course"), (leaf.credits, "credit"))
                if amount is not None
            ]
            size = " and ".join(sizes)
        areas = ""
        if leaf.areas is not None:
            shape = listed([print_number(n) for n in leaf.areas.shape], "and")
            names = listed([name for name, _ in leaf.areas.areas])
            areas = f", spread {shape} over the areas {names}"
        return f"{size}{what}{areas}"

    def _amount(self, amount: Amount, unit: str) -> str:
        match amount:
            case Range():
                return range_words(amount, unit)
            case When():
                other = "none" if amount.otherwise is None else self._amount(amount.otherwise, unit)
                then = self._amount(amount.then, unit)
                return f"{then} if {self._condition(amount.condition)}, else {other}"
            case Reading():
                options = [self._amount(option, unit) for _, option in amount.options]
                return f"{listed(options)} (sources differ)"

    def _total(self, total: Total) -> str:
        parts = [
            self._amount(amount, unit)
            for amount, unit in ((total.credits, "credit"), (total.courses, "course"))
            if amount is not None
        ]
        return " and ".join(parts) + (", less what is waived" if total.less_waived else "")

    def _measure(self, measure: Measure) -> str:
        if measure.bound is Bound.AT_LEAST and Range(low=Fraction(0)) in (
            measure.credits,
            measure.courses,
        ):
            return "nothing is asked"
        way = "at most" if measure.bound is Bound.AT_MOST else "at least"
        if isinstance(measure.credits, Share):
            size = f"{print_number(measure.credits.share * 100)} percent of the credits"
        elif measure.credits is not None:
            size = self._amount(measure.credits, "credit")
        else:
            assert measure.courses is not None
            size = self._amount(measure.courses, "course")
        where = self._within(measure.within)
        over = ", of everything attempted" if measure.over is Over.ATTEMPTED else ""
        each = f", for each {measure.per}" if measure.per else ""
        if measure.distinct is not None:
            size = self._distinct(measure, measure.distinct)
        return f"{way} {size} of {self._selector(measure.of)}{where}{over}{each}"

    def _distinct(self, measure: Measure, attribute: str) -> str:
        """Return how many different values are asked, as in `3 different seasons`."""
        asked = measure.courses
        number = print_number(asked.low) if isinstance(asked, Range) else "several"
        return f"{number} different {attribute}{'' if number == '1' else 's'}"

    def _within(self, nodes: tuple[str, ...] | tuple[object, ...]) -> str:
        names = [self._labels.get(str(node), str(node)) for node in nodes]
        return f" within {listed(names, 'and')}" if names else ""

    def _rule(self, rule: Rule | When[Rule] | Reading[Rule], depth: int = 0) -> Iterator[RuleLine]:
        match rule:
            case When():
                yield self._plain(depth, f"If {self._condition(rule.condition)}:")
                yield from self._rule(rule.then, depth + 1)
                if rule.otherwise is not None:
                    yield self._plain(depth, "Otherwise:")
                    yield from self._rule(rule.otherwise, depth + 1)
            case Reading():
                for option, inner in rule.options:
                    yield self._plain(depth, f"Read as {rule.dispute} {option}:")
                    yield from self._rule(inner, depth + 1)
            case Measure():
                yield from self._line(rule.header, depth, self._measure(rule))
            case Gpa():
                where = self._within(rule.within)
                mean = print_number(rule.at_least)
                text = f"a mean grade of at least {mean} over {self._selector(rule.of)}{where}"
                yield from self._line(rule.header, depth, text)
            case Gate():
                yield from self._line(rule.header, depth, self._gate(rule))
            case Position():
                yield from self._line(rule.header, depth, self._position(rule))
            case Exclude():
                text = f"no credit for {rule.course} after {self._condition(rule.condition)}"
                yield from self._line(rule.header, depth, text)
            case Overlap():
                yield from self._line(rule.header, depth, self._overlap(rule))

    def _gate(self, gate: Gate) -> str:
        locked = "nothing else" if gate.locks is None else f"none of {self._selector(gate.locks)}"
        text = f"{self._condition(gate.needs)} first; until then {locked}"
        if gate.free is not None:
            text += f" but {self._selector(gate.free)}"
        if gate.by_terms is not None:
            text += f"; by the end of {count(gate.by_terms, gate.terms_count.value + ' term')}"
        elif gate.by is not None:
            text += f"; by {point_words(gate.by, self._labels)}"
        if gate.unless is not None:
            text += f"; not for those with {self._condition(gate.unless)}"
        return text + (" (then studies are blocked)" if gate.on_miss is OnMiss.BLOCK else "")

    def _position(self, rule: Position) -> str:
        text = self._selector(rule.of)
        if rule.start_from is not None:
            text += f" not before {point_words(rule.start_from, self._labels)}"
        if rule.by is not None:
            text += f" by {point_words(rule.by, self._labels)}"
        if rule.adjacent_to is not None:
            text += f" in the next period after {rule.adjacent_to}"
        if rule.alone:
            text += " with nothing beside it"
        return text + ("" if rule.required else " (recommended only)")

    def _overlap(self, rule: Overlap) -> str:
        names = [self._labels.get(name, name) for name in rule.between]
        most = [
            count(limit, unit)
            for limit, unit in ((rule.at_most_credits, "credit"), (rule.at_most_courses, "course"))
            if limit is not None
        ]
        size = f"at most {' and '.join(most)} of " if most else ""
        text = f"{size}{self._selector(rule.of)} may count in both {listed(names, 'and')}"
        if rule.condition is not None:
            text += f" if {self._condition(rule.condition)}"
        return text

    def _enrolment(self) -> Iterator[RuleLine]:
        enrolment = self._program.enrolment
        if (held_by := self._program.held_by) is not None:
            text = f"the rules that hold are those of {_YEAR_OF[held_by]}"
            yield fact_line(text, self._program.provenance)
        for load in enrolment.loads:
            yield from self._line(load.header, 0, self._load(load))
        for months, text in (
            (enrolment.gap_months, "after {} without enrolment one must be readmitted"),
            (enrolment.min_months, "at least {} from start to end"),
            (enrolment.max_months, "at most {} from start to end"),
        ):
            if months is not None:
                yield fact_line(text.format(count(months, "month")), enrolment.provenance)
        if enrolment.locked_sequence:
            steps = [listed(list(step), "and") for step in enrolment.locked_sequence]
            text = f"in fixed steps, each ended before the next begins: {'; then '.join(steps)}"
            yield fact_line(text, enrolment.provenance)
        yield from self._record_rules()

    def _record_rules(self) -> Iterator[RuleLine]:
        rules = self._program.record_rules
        if rules.repeats is not None:
            yield fact_line(repeat_words(rules.repeats), rules.provenance)
        if rules.expires_months is not None:
            of = self._of(rules.expires_of)
            text = f"credit{of} expires after {count(rules.expires_months, 'month')}"
            yield fact_line(text, rules.provenance)
        if rules.attempts_at_most is not None:
            of = self._of(rules.attempts_of)
            then = "then the course is blocked" if rules.attempts_then_block else "then one is out"
            most = count(rules.attempts_at_most, "attempt")
            yield fact_line(f"at most {most} at each course{of}, {then}", rules.provenance)

    def _load(self, load: Load) -> str:
        sizes = [
            _load_size(bound, unit)
            for bound, unit in ((load.credits, "credit"), (load.courses, "course"))
            if bound is not None
        ]
        per = count(load.span, "period") if load.span is not None else load.per
        seasons = f" ({listed(list(load.seasons), 'and')})" if load.seasons else ""
        text = f"{' and '.join(sizes)} of {self._selector(load.of)} in each {per}{seasons}"
        return text + ("" if load.unless is None else f", unless {self._condition(load.unless)}")

    def _sets(self) -> Iterator[RuleLine]:
        for name, selector in self._program.sets:
            yield self._own(f"set {name}", f"{name}: {self._selector(selector)}")

    def _disputes(self) -> Iterator[RuleLine]:
        for dispute in self._program.disputes:
            readings = "; ".join(f"{name} ({where})" for name, where in dispute.readings)
            yield fact_line(f"{dispute.id}: {dispute.why}: {readings}", dispute.provenance)

    def _of(self, selector: Selector | None) -> str:
        """Return ` of ...`, nothing where every course is meant."""
        if selector is None or isinstance(selector, AnyCourse):
            return ""
        return f" of {self._selector(selector)}"

    def _selector(self, selector: Selector) -> str:
        return selector_words(selector, self._labels)

    def _condition(self, expression: Expression) -> str:
        return condition_words(expression, self._labels)

    def _line(self, header: Header, depth: int, text: str) -> Iterator[RuleLine]:
        name = f"{header.label}: " if header.label else ""
        partial = header.completeness in (Completeness.PARTIAL, Completeness.STUB)
        unsure = f" [only {header.completeness.value}]" if partial and header.completeness else ""
        unknown = f" [unknown: {', '.join(header.unknown)}]" if header.unknown else ""
        words = f"{name}{text}{unsure}{unknown}"
        yield fact_line(words, header.provenance, depth=depth, id=str(header.id))
        if header.provenance.note:
            yield self._plain(depth + 1, f"note: {header.provenance.note}")

    def _own(self, name: str, text: str) -> RuleLine:
        """Return a field of the programme itself, with the place where it stands."""
        at = dict(self._program.places).get(name, self._program.provenance.at)
        return fact_line(text, replace(self._program.provenance, at=at))

    def _plain(self, depth: int, text: str) -> RuleLine:
        return RuleLine(depth=depth, id="", text=text, mark="", sources=())
