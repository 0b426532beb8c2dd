"""What a measure counts of some uses: in all, by value, for each value; and its bounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from prospectus.domain.requirement import Bound, Measure
from prospectus.legality.compiled import Compiled, bound_of
from prospectus.legality.store import Lit, Term
from prospectus.legality.uses import Use
from prospectus.legality.variables import Variables

RUN_BOUND = ("season", "period", "delivery")
"""Attributes whose value a planned course only has from the run it is taken in."""

Covered = dict[str, list[tuple[int, Lit]]]
"""Per value, the places of what has it, each with the literal that it has."""


def by_value(variables: Variables, attribute: str, counted: Sequence[tuple[Use, Lit]]) -> Covered:
    """Return what each value covers of some uses, each given with the literal that it counts."""
    compiled = variables.compiled
    groups: Covered = defaultdict(list)
    for place, (use, lit) in enumerate(counted):
        if attribute in RUN_BOUND and use.is_candidate:
            for start in variables.starts[use.index]:
                values = compiled.selecting.values(attribute, use, start.run.leaves)
                both = variables.store.all_of([lit, start.lit])
                for value in values or frozenset():
                    groups[value].append((place, both))
            continue
        occupied = compiled.occupied(use) if use.index >= 0 else ()
        for value in compiled.selecting.values(attribute, use, occupied) or frozenset():
            groups[value].append((place, lit))
    return groups


Limits = tuple[int | None, int | None]
"""The least and the most of a measure, in courses, in values or in steps of credits."""

Counted = Sequence[tuple[Use, Lit]]
"""What a measure may count, each use with the literal that it counts."""


def limits_of(compiled: Compiled, measure: Measure, total: Fraction) -> Limits:
    """Return what a measure bounds by; a share is of the credits of the total around it."""
    size = bound_of(measure.courses if measure.credits is None else measure.credits, total)
    whole = measure.courses is not None or measure.distinct is not None
    if measure.bound is Bound.AT_MOST:
        most = size.low if size.high is None else size.high
        return None, floor(most) if whole else compiled.steps_down(most)
    return ceil(size.low) if whole else compiled.steps(size.low), None


def require_measure(
    variables: Variables, measure: Measure, counted: Counted, limits: Limits, given: Sequence[Lit]
) -> None:
    """Bound what is counted: in all, by the number of its values, or for each of its values."""
    if measure.distinct is not None:
        groups = by_value(variables, measure.distinct, counted)
        seen = [variables.store.any_of([lit for _, lit in group]) for group in groups.values()]
        variables.store.linear([(lit, 1) for lit in seen], *limits, given=given)
    elif measure.per is not None:
        _require_per(variables, measure, counted, limits, given)
    else:
        variables.store.linear(_terms(variables, measure, counted), *limits, given=given)


def _terms(variables: Variables, measure: Measure, counted: Counted) -> list[Term]:
    if measure.courses is not None:
        return [(lit, 1) for _, lit in counted]
    return [(lit, variables.compiled.steps(use.credits)) for use, lit in counted]


def _require_per(
    variables: Variables, measure: Measure, counted: Counted, limits: Limits, given: Sequence[Lit]
) -> None:
    low, high = limits
    groups = by_value(variables, measure.per or "", counted)
    for group in groups.values():
        terms = _terms(variables, measure, [(counted[place][0], lit) for place, lit in group])
        if high is not None:
            variables.store.linear(terms, None, high, given=given)
            continue
        # a least per value binds each value that is there
        some = variables.store.any_of([lit for _, lit in group])
        variables.store.linear(terms, low, None, given=(*given, some))
    if low is not None and low > 0:
        lits = [lit for group in groups.values() for _, lit in group]
        variables.store.clause(lits, given=given)
