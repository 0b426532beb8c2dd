"""What is alike to every rule that binds under some choices, however it differs elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from prospectus.audit.problem import Entry, scopes
from prospectus.audit.requirements import Row
from prospectus.audit.rules import Rules


class Alike:
    """The leaves and measures that some scope of the choices has.

    Attributes
    ----------
    leaves
        The leaves, as bits.
    """

    def __init__(self, rules: Rules, choices: Mapping[str, str]) -> None:
        self.leaves = 0
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

    def row(self, row: Row) -> object:
        """Return a key: the same for uses that are alike here."""
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
