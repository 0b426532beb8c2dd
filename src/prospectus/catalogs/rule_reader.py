"""From the spelled rules beside the tree to `domain.requirement`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from prospectus.catalogs.rule_blocks import (
    ExcludeRule,
    GateRule,
    OverlapRule,
    PlainRule,
    PositionRule,
    ReadingRule,
    SpelledRule,
    WhenRule,
)
from prospectus.catalogs.site import Site
from prospectus.catalogs.tree_blocks import AtLeastNode, AtMostNode, GpaNode
from prospectus.catalogs.tree_reader import TreeReader
from prospectus.domain.expression import AnyCourse
from prospectus.domain.requirement import Bound, Header, Measure, NodeId, Range, Reading, When
from prospectus.domain.rule import Exclude, Gate, OnMiss, Overlap, Point, Position, Rule, TermsCount

_TERMS = re.compile(r"(\d{1,3}) terms?")


@dataclass(frozen=True, slots=True)
class RuleReader:
    """Reads one programme's rules beside the tree."""

    tree: TreeReader

    def item(self, value: SpelledRule, site: Site) -> Rule | When[Rule] | Reading[Rule] | None:
        """Return one rule, or the rules it may be; None where it cannot be read."""
        if isinstance(value, WhenRule):
            here = site.within(value).at("when")
            condition = here.at("if").expression(value.when.if_)
            then = self._plain(value.when.then, here.at("then"))
            other = None
            if value.when.else_ is not None:
                other = self._plain(value.when.else_, here.at("else"))
            if value.when.may:
                here.at("may").fault(
                    "CAT-027", "`may` is for nodes of the tree", "remove it, or move the rule"
                )
            if condition is None or then is None:
                return None
            return When(condition=condition, then=then, otherwise=other)
        if isinstance(value, ReadingRule):
            here = site.within(value).at("reading")
            options = (
                (name, self._plain(option, here.at(name)))
                for name, option in (value.reading.model_extra or {}).items()
            )
            return Reading(
                dispute=value.reading.id,
                options=tuple((name, option) for name, option in options if option is not None),
            )
        return self._plain(value, site)

    def _plain(self, value: SpelledRule, site: Site) -> Rule | None:
        """Return a rule that no longer depends on anything."""
        if isinstance(value, str):
            # Nothing stands here: a minimum of 0 always holds.
            return Measure(
                header=Header(id=NodeId(f"{site.place.field}/nothing"), provenance=site.provenance),
                bound=Bound.AT_LEAST,
                of=AnyCourse(),
                credits=Range(low=Fraction(0)),
            )
        if isinstance(value, WhenRule | ReadingRule):
            site.fault(
                "CAT-027",
                "a rule depends on two things at once",
                "write one `when` or `reading` for each combination",
            )
            return None
        return self._rule(value, site.within(value))

    def _rule(self, value: PlainRule, here: Site) -> Rule | None:
        match value:
            case GateRule():
                return self._gate(value, here)
            case PositionRule():
                return self._position(value, here)
            case ExcludeRule():
                condition = here.at("exclude", "if").expression(value.exclude.if_)
                if condition is None:
                    return None
                return Exclude(
                    header=self.tree.header(value, here),
                    course=value.exclude.course,
                    condition=condition,
                )
            case OverlapRule():
                return self._overlap(value, here)
            case AtMostNode():
                return self.tree.measure(value, value.at_most, Bound.AT_MOST, here)
            case AtLeastNode():
                return self.tree.measure(value, value.at_least, Bound.AT_LEAST, here)
            case GpaNode():
                return self.tree.gpa(value, value.gpa, here)
            case _:
                assert_never(value)

    def _gate(self, value: GateRule, here: Site) -> Gate | None:
        gate, site = value.gate, here.at("gate")
        needs = site.at("needs").expression(gate.needs)
        # Everything is read before any of it is given up, so that every fault is told.
        locks = None if gate.locks == "everything_else" else site.at("locks").selector(gate.locks)
        free = None if gate.free is None else site.at("free").selector(gate.free)
        unless = None if gate.unless is None else site.at("unless").expression(gate.unless)
        terms = _TERMS.fullmatch(gate.by.strip()) if gate.by is not None else None
        by: Point | None = None
        if gate.by is not None and terms is None:
            by = site.at("by").point(gate.by)
        if needs is None:
            return None
        return Gate(
            header=self.tree.header(value, here),
            needs=needs,
            locks=locks,
            free=free,
            unless=unless,
            by=by,
            by_terms=int(terms[1]) if terms else None,
            terms_count=TermsCount(gate.count),
            on_miss=OnMiss(gate.on_miss),
            after_grades=gate.after == "grades",
        )

    def _position(self, value: PositionRule, here: Site) -> Position:
        position, site = value.position, here.at("position")
        return Position(
            header=self.tree.header(value, here),
            of=site.at("of").selector(position.of),
            start_from=None if position.from_ is None else site.at("from").point(position.from_),
            by=None if position.by is None else site.at("by").point(position.by),
            adjacent_to=position.adjacent_to,
            alone=position.alone,
            required=position.strength == "required",
        )

    def _overlap(self, value: OverlapRule, here: Site) -> Overlap:
        overlap, site = value.overlap, here.at("overlap")
        limit = overlap.at_most
        return Overlap(
            header=self.tree.header(value, here),
            between=tuple(overlap.between),
            of=site.at("of").selector(overlap.of),
            at_most_credits=limit.credits if limit else None,
            at_most_courses=limit.courses if limit else None,
            condition=None if overlap.if_ is None else site.at("if").expression(overlap.if_),
        )
