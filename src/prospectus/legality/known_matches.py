"""Matches of selectors with plannable courses, kept with the resolved programme."""

from __future__ import annotations

from collections.abc import Callable

from prospectus.domain.expression import Selector
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.requirement import Fill
from prospectus.legality.uses import Use


class Matches:
    """Matches of selectors with plannable courses, by identity; both are held, so ids stay true."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int, tuple[int, ...] | None], bool | None] = {}
        self._held: dict[int, object] = {}

    def get(
        self,
        selector: Selector | Fill,
        use: Use,
        leaves: tuple[int, ...] | None,
        work_out: Callable[[], bool | None],
    ) -> bool | None:
        """Return a match, with a selector or with a leaf as a whole, worked out once."""
        key = (id(selector), id(use.attempt), leaves)
        if key in self._known:
            return self._known[key]
        self._held[key[0]], self._held[key[1]] = selector, use.attempt
        found = self._known[key] = work_out()
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
        if key not in self._under:
            self._under[key] = Matches()
        return self._under[key]

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
