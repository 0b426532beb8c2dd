"""The unit in which sizes and credits are counted, so that all are whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from prospectus.audit.requirements import plain
from prospectus.domain.program import Resolved
from prospectus.domain.requirement import All, Amount, Fill, Measure, Node, Share
from prospectus.domain.rule import Overlap


def unit_of(resolved: Resolved, nodes: Sequence[Node]) -> int:
    """Return the number that makes every size and every credit of the rules whole."""
    found = [course.credits_low for course in resolved.courses.values()]
    found += [course.credits_high for course in resolved.courses.values()]
    measures = [rule for rule in resolved.rules if isinstance(rule, Measure)]
    for node in nodes:
        match node:
            case Fill():
                found += _numbers(node.credits) + _numbers(node.rest_within)
                measures += node.with_
                if node.areas is not None:
                    found += node.areas.shape
            case All() if node.total is not None:
                found += _numbers(node.total.credits)
            case Measure():
                measures.append(node)
            case _:
                pass
    for measure in measures:
        if not isinstance(measure.credits, Share):
            found += _numbers(measure.credits)
    for rule in resolved.rules:
        if isinstance(rule, Overlap) and rule.at_most_credits is not None:
            found.append(rule.at_most_credits)
    return lcm(*(number.denominator for number in found)) if found else 1


def _numbers(amount: Amount | None) -> list[Fraction]:
    if amount is None:
        return []
    size = plain(amount)
    return [size.low] if size.high is None else [size.low, size.high]
