"""What a foreign format cannot hold: every export and import says what it left out or changed."""

from __future__ import annotations

from dataclasses import dataclass, field

N_EXAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One kind of thing that was left out or changed: how many of them, the first as examples."""

    what: str
    n: int
    examples: tuple[str, ...] = ()


@dataclass(slots=True)
class Losses:
    """Collects losses while a file is made; each kind keeps the place where it was first met."""

    _found: dict[str, list[str]] = field(default_factory=dict)

    def add(self, what: str, *examples: str) -> None:
        """Note one loss for each example."""
        if examples:
            self._found.setdefault(what, []).extend(examples)

    def told(self) -> tuple[Loss, ...]:
        """Return all losses, in the order in which their kinds were met."""
        return tuple(
            Loss(what=what, n=len(found), examples=tuple(dict.fromkeys(found))[:N_EXAMPLES])
            for what, found in self._found.items()
        )
