"""What each value of an attribute covers, where a value may hang on the run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from prospectus.legality.store import Lit
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
