"""Where each broken rule of a board is shown: at its card, at its period, or above them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from prospectus.domain.period import Calendar
from prospectus.domain.plan import Breach


class Broken:
    """What is broken, or only warned of: by attempt, by leaf period, and in general."""

    def __init__(self, breaches: Iterable[Breach], calendar: Calendar) -> None:
        self._by_attempt: dict[str, list[str]] = defaultdict(list)
        self._by_period: dict[str, list[str]] = defaultdict(list)
        self._general: list[str] = []
        column = {str(leaf.id): str(leaf.id) for leaf in calendar.leaves}
        for term, inside in zip(calendar.terms, calendar.leaves_by_term, strict=True):
            if inside:
                column.setdefault(str(term.id), str(calendar.leaves[inside[0]].id))
        for breach in breaches:
            cards = [name for name in breach.attempts if name.startswith("card:")]
            if breach.period in column:
                text = breach.text.removeprefix(f"{breach.period}: ")
                self._by_period[column[breach.period]].append(text)
            elif cards:
                for name in cards:
                    self._by_attempt[name].append(breach.text)
            else:
                self._general.append(breach.text)

    def of_attempt(self, attempt: str) -> tuple[str, ...]:
        """Return what the card of an attempt is to blame for."""
        return tuple(dict.fromkeys(self._by_attempt[attempt]))

    def in_period(self, period: str) -> tuple[str, ...]:
        """Return what the cards of a leaf period are to blame for together."""
        return tuple(dict.fromkeys(self._by_period[period]))

    @property
    def in_general(self) -> tuple[str, ...]:
        """Return what no card and no period is alone to blame for."""
        return tuple(dict.fromkeys(self._general))
