"""Matches of selectors with plannable courses, kept with the resolved programme."""

from __future__ import annotations

from collections.abc import Callable

from prospectus.domain.expression import Selector
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, Record
from prospectus.domain.requirement import Fill
from prospectus.legality.uses import Use

MOST_APPROVALS = 64
"""So many different lists of approvals are remembered."""


class Row(dict[object, bool | None]):
    """What one selector, or one leaf as a whole, matches: by the identity of the attempts.

    With `by_run`, by that and the periods of the run. All of them are held, so that ids stay true.
    """

    def __init__(self, selector: Selector | Fill, *, by_run: bool) -> None:
        super().__init__()
        self.selector = selector
        self.by_run = by_run
        self.held: list[Attempt] = []

    def get_or(
        self, use: Use, leaves: tuple[int, ...], work_out: Callable[..., bool | None]
    ) -> bool | None:
        """Return a match with a plannable course, worked out once."""
        key = (id(use.attempt), leaves) if self.by_run else id(use.attempt)
        if key in self:
            return self[key]
        self.held.append(use.attempt)
        found = self[key] = work_out(self.selector, use, leaves)
        return found


class Matches:
    """The rows of some selectors."""

    def __init__(self) -> None:
        self._rows: dict[int, Row] = {}

    def row(self, selector: Selector | Fill, *, by_run: bool) -> Row:
        """Return the row of a selector."""
        found = self._rows.get(id(selector))
        if found is None:
            found = self._rows[id(selector)] = Row(selector, by_run=by_run)
        return found


class Shared:
    """What selectors of one resolved programme are, whoever asks."""

    def __init__(self) -> None:
        self.matches = Matches()
        self._under: dict[object, Matches] = {}
        self._traits: dict[tuple[str, int], bool] = {}
        self._held: dict[int, Selector] = {}

    def under(self, grant: bool, record: Record) -> Matches:
        """Return the matches that hang on approvals, for whoever has the same ones."""
        key = (grant, record.approvals)
        found = self._under.get(key)
        if found is None:
            if len(self._under) >= MOST_APPROVALS:
                self._under.clear()
            found = self._under[key] = Matches()
        return found

    def trait(self, name: str, selector: Selector, work_out: Callable[[Selector], bool]) -> bool:
        """Return a trait of a selector, worked out once."""
        key = (name, id(selector))
        if key not in self._traits:
            self._held[key[1]] = selector
            self._traits[key] = work_out(selector)
        return self._traits[key]


def shared_of(resolved: Resolved) -> Shared:
    """Return what is known of the selectors of a resolved programme."""
    found = resolved.memo.get(Shared)
    if not isinstance(found, Shared):
        found = resolved.memo[Shared] = Shared()
    return found
