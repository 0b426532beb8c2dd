"""Options: the pieces that are one use of one course with so many credits, whatever the run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from prospectus.planning.verifying.facts import Facts, Piece
from prospectus.planning.verifying.program import Sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One use that a plan may hold: the runs of a course, or an attempt on record."""

    use: str
    credits: Fraction
    pieces: tuple[Piece, ...]

    @property
    def is_waiver(self) -> bool:
        """Return whether it is an exemption, which adds no credit."""
        return self.pieces[0].is_waiver

    @property
    def is_splittable(self) -> bool:
        """Return whether leaves may hold parts of it."""
        return self.pieces[0].is_splittable

    def taken_in(self, pieces: Iterable[Piece], taken: dict[int, int]) -> Sum:
        """Return the sum that is 1 where it is taken in one of some pieces."""
        if not self.pieces[0].is_planned:
            return Sum(constant=Fraction(1))
        return Sum.of(taken[piece.index] for piece in pieces)


def options_of(facts: Facts, taken: dict[int, int]) -> list[Option]:
    """Return the uses that could be held: those on record first, then those that may be taken."""
    found = [
        Option(use=piece.use, credits=piece.credits, pieces=(piece,))
        for piece in facts.recorded
        if piece.earns
    ]
    groups: dict[tuple[str, str, Fraction], list[Piece]] = defaultdict(list)
    for piece in facts.planned:
        if piece.index in taken and piece.earns:
            groups[piece.use, piece.code, piece.credits].append(piece)
    found += [
        Option(use=use, credits=credits, pieces=tuple(pieces))
        for (use, _, credits), pieces in groups.items()
    ]
    return found
