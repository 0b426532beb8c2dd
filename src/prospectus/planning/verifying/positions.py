"""Positions: when courses may stand in the course of study, as far as days and credits say it."""

from __future__ import annotations

import datetime as dt

from prospectus.domain.record import AttemptStatus
from prospectus.domain.rule import Point, PointKind, Position
from prospectus.planning.verifying.facts import Facts, Piece
from prospectus.planning.verifying.order import Order
from prospectus.planning.verifying.program import Sum

_STARTED = (
    AttemptStatus.PASSED,
    AttemptStatus.IN_PROGRESS,
    AttemptStatus.REGISTERED,
)


class Positions:
    """The rows of the positions that are required."""

    def __init__(self, order: Order) -> None:
        self.facts: Facts = order.facts
        self.program = order.program
        self.taken = order.taken
        self.planned = order.planned
        self.left_out = order.left_out
        for rule in self.facts.resolved.rules:
            if isinstance(rule, Position) and rule.required:
                self._position(rule)

    def _position(self, rule: Position) -> None:
        name = str(rule.header.id)
        if self.facts.is_excepted(name):
            return
        if rule.adjacent_to is not None:
            self.left_out.add(name)
        for piece in self.planned:
            if self.facts.matches(rule.of, piece) is not True:
                continue
            if rule.start_from is not None:
                self._from(rule.start_from, piece, name)
            if rule.by is not None:
                self._by(rule.by, piece, name)
            if rule.alone:
                self._alone(piece)

    def _never(self, piece: Piece) -> None:
        self.program.keep(Sum().add(self.taken[piece.index]), high=0)

    def _from(self, point: Point, piece: Piece, name: str) -> None:
        """Keep a piece from starting earlier than a point."""
        if point.kind is PointKind.CONFERRAL:
            # whatever ends so late that conferral is too far off may not be taken beside it
            if self.facts.first_day(point, self._least_end(piece)) > piece.start:
                self._never(piece)
            late = [p for p in self.planned if self.facts.first_day(point, p.end) > piece.start]
            self._not_with(piece, late)
        elif point.kind is PointKind.MATRICULATION and self.facts.matriculation is not None:
            if self.facts.first_day(point, piece.end) > piece.start:
                self._never(piece)
        else:
            self.left_out.add(name)

    def _by(self, point: Point, piece: Piece, name: str) -> None:
        """Keep a piece from ending later than a point."""
        if point.kind is PointKind.CONFERRAL:
            if self._is_kept(point, piece, self.facts.ends_alone):
                return
            late = [p for p in self.planned if self._is_kept(point, piece, p.end)]
            self.program.under(self.taken[piece.index], Sum.of(self.taken[p.index] for p in late))
        elif point.kind is PointKind.MATRICULATION and self.facts.matriculation is not None:
            if not self._is_kept(point, piece, piece.end):
                self._never(piece)
        else:
            self.left_out.add(name)

    def _is_kept(self, point: Point, piece: Piece, conferral: dt.date) -> bool:
        limit = self.facts.last_day(point, conferral)
        return limit is None or piece.end <= limit

    def _least_end(self, piece: Piece) -> dt.date:
        """Return the day before which study cannot end where a piece is taken."""
        alone = self.facts.ends_alone if self.facts.recorded else piece.end
        return max(piece.end, alone)

    def _alone(self, piece: Piece) -> None:
        """Keep everything else out of the periods of a piece."""
        mine = set(piece.leaves)
        if any(mine & set(p.leaves) and p.attempt.status in _STARTED for p in self.facts.recorded):
            self._never(piece)
        here = [p for p in self.planned if mine & set(p.leaves) and p.code != piece.code]
        self._not_with(piece, here)

    def _not_with(self, piece: Piece, others: list[Piece]) -> None:
        columns = {self.taken[p.index] for p in others if p.index != piece.index}
        if columns:
            total = Sum.of(columns).add(self.taken[piece.index], len(columns))
            self.program.keep(total, high=len(columns))
