"""What is alike to every rule that binds under some choices, however it differs elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from weakref import WeakKeyDictionary

from prospectus.audit.problem import Entry, scopes
from prospectus.audit.requirements import Row
from prospectus.audit.rules import Rules

MOST_KNOWN = 5_000
"""Of how many rows it is remembered what they are alike to."""
MOST_DECLARED = 50
"""For how many declared choices."""

_numbers = count()
_alike: WeakKeyDictionary[Rules, dict[frozenset[tuple[str, str]], Alike]] = WeakKeyDictionary()


def alike_of(rules: Rules, choices: Mapping[str, str]) -> Alike:
    """Return what tells alike uses under some choices, worked out once for all records."""
    known = _alike.setdefault(rules, {})
    key = frozenset(choices.items())
    if key not in known:
        if len(known) >= MOST_DECLARED:
            known.clear()
        known[key] = Alike(rules, choices)
    return known[key]


class Alike:
    """The leaves and measures that some scope of the choices has.

    Attributes
    ----------
    leaves
        The leaves, as bits.
    """

    def __init__(self, rules: Rules, choices: Mapping[str, str]) -> None:
        self.leaves = 0
        self._known: dict[int, tuple[Row, int]] = {}
        self._numbers: dict[object, int] = {}
        active: set[str] = set()
        for scope in scopes(rules, choices):
            self.leaves |= scope.leaves
            active |= scope.active
        self._here = [leaf for leaf in rules.leaves if leaf.bit & self.leaves]
        self._measures = [minimum.index for leaf in self._here for minimum in leaf.minima]
        self._measures += [
            b.index for b in rules.bounds if not b.in_tree or b.measure.header.id in active
        ]

    def has_no_place(self, row: Row) -> bool:
        """Return whether nothing here may hold a use, however much of it."""
        return not row.splits and not any(
            row.fits[leaf.index] is not False or row.pieces[leaf.index] for leaf in self._here
        )

    def row(self, row: Row) -> int:
        """Return a number: the same for uses that are alike here."""
        known = self._known.get(id(row))
        if known is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
                self._numbers.clear()
            key = self._row(row)
            # what is kept holds the row, so that its identity is no other's
            known = self._known[id(row)] = row, self._numbers.setdefault(key, next(_numbers))
        return known[1]

    def _row(self, row: Row) -> object:
        here, measures = self._here, self._measures
        return (
            row.units,
            row.is_waiver,
            row.standing,
            row.splits,
            tuple([row.fits[leaf.index] for leaf in here]),
            tuple([row.measured[index] for index in measures]),
            tuple([row.values[index] for index in measures]),
            tuple([row.areas[leaf.index] for leaf in here if leaf.shape]),
            tuple([row.pieces[leaf.index] for leaf in here]),
            row.overlaps,
        )

    def entry(self, entry: Entry) -> object:
        """Return a key: the same for entries that are alike here."""
        return (
            self.row(entry.row),
            entry.allowed & self.leaves,
            entry.sure & self.leaves,
            entry.allows,
            tuple([mask & self.leaves for mask in entry.elsewhere]),
        )
