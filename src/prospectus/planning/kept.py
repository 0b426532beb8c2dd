"""What a search leaves behind for the next question: its rules as compiled, and its last model."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from prospectus.domain.offering import Run
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Student
from prospectus.domain.wish import Placed
from prospectus.legality.compiled import Compiled
from prospectus.legality.model import LegalModel
from prospectus.legality.store import Lit
from prospectus.planning.found import Found, Rung
from prospectus.planning.offers import Offers
from prospectus.planning.relaxed import Relaxed
from prospectus.planning.wishes_about import is_had

MOST_LOANS = 64
"""So often a model is lent: each time a little stays in it that asks nothing any more."""


class Domain(Protocol):
    """The least and the most value in a model, to be written anew."""

    def clear(self) -> None:
        """Forget them."""

    def extend(self, values: Sequence[int], /) -> None:
        """Add values."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kept:
    """What does not change where courses are pinned besides.

    `offered` is None where it is that of fewer goals. `found` is the best plan with its model, in
    which `rungs` hold the levels of a person with these `goals`; None where the model is another
    answer's. `relaxed` is the degree without a calendar, if that was asked. None of it is stored or
    sent.
    """

    offered: Offers | None
    compiled: Compiled
    goals: frozenset[str]
    found: Found | None
    rungs: tuple[Rung, ...]
    relaxed: Relaxed | None
    lock: threading.Lock = field(default_factory=threading.Lock)
    loans: Iterator[int] = field(default_factory=count)

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        """Leave nothing where the answer goes to another process."""
        return type(None), ()

    def suits(self, resolved: Resolved, record: Record, today: dt.date) -> bool:
        """Return whether it was compiled for the same rules, record and day."""
        mine = self.compiled
        return mine.resolved == resolved and mine.record == record and mine.today == today

    @contextmanager
    def pinned(self, pins: Sequence[Placed]) -> Iterator[Pinned | None]:
        """Lend the model with courses pinned; None where there is none, or another has it."""
        found = self.found
        if found is None or not self.lock.acquire(blocking=False):
            yield None
            return
        try:
            if next(self.loans) >= MOST_LOANS or found.model.store.is_contradictory:
                yield None
                return
            lent = Pinned(found, self.goals, self.rungs, self.relaxed)
            try:
                lent.pin(pins)
                yield lent
            finally:
                lent.give_back()
        finally:
            self.lock.release()


class Pinned:
    """The last model of a search, with some courses pinned until it is given back."""

    def __init__(
        self,
        found: Found,
        goals: frozenset[str],
        rungs: Sequence[Rung],
        relaxed: Relaxed | None,
    ) -> None:
        self.model: LegalModel = found.model
        self.wishes = found.wishes
        self.last_day = found.last_day
        self.goals = goals
        self.relaxed = relaxed
        self.has_place = True
        """Whether each course has a place in this model where it is to be."""
        self.added: list[Rung] = []
        self._plan = found.values.plan
        self._pinned: set[int] = set()
        self._runs: list[Run] = []
        self._rungs = rungs
        self._store = found.model.store
        self._proto = self._store.model.model_proto
        self._domains: dict[int, list[int]] = {}
        self._bounds = {
            place: list(self._proto.constraints[place].linear.domain)
            for rung in rungs
            for place in rung.places
        }
        self._store.model.clear_objective()  # type: ignore[no-untyped-call]

    def suits(self, student: Student) -> bool:
        """Return whether it is a model of what a student must have."""
        return self.goals == student.wishes.goals

    def hold(self, levels: Collection[str]) -> None:
        """Hold these levels at what was found of them, and no other."""
        for rung in self._rungs:
            if rung.level not in levels:
                rung.lift()
                continue
            for place in rung.places:
                self._bound(place, self._bounds[place])

    def pin(self, pins: Sequence[Placed]) -> None:
        """Keep courses to their places, as `wishes_about` says it of a model."""
        variables = self.model.variables
        for pin in pins:
            left = []
            for use in variables.named(pin.course):
                self._pinned.add(use.index)
                for start in variables.starts[use.index]:
                    if (pin.first <= start.first <= pin.last) is pin.inside:
                        left.append(start.lit)
                        self._runs.append(start.run)
                    else:
                        self._fix(start.lit, value=False)
            if not pin.inside or is_had(self.model.compiled, pin.course):
                continue
            if len(left) > 1:
                guard = self._store.new_bool()
                self._store.clause(left, given=(guard,))
                self._domains[guard.index] = [0, 0]  # it asks nothing afterwards
                left = [guard]
            if left:
                self._fix(left[0], value=True)
            self.has_place = self.has_place and bool(left)

    def give_back(self) -> None:
        """Leave the model as it was found, but for what only says more with other words."""
        for index, domain in self._domains.items():
            self._set(self._proto.variables[index].domain, domain)
        for place, domain in self._bounds.items():
            self._bound(place, domain)
        for rung in self.added:
            rung.lift()
        self._store.model.clear_objective()  # type: ignore[no-untyped-call]
        self._store.model.clear_hints()  # type: ignore[no-untyped-call]

    @contextmanager
    def nearly_as_before(self) -> Iterator[None]:
        """Let only what begins where a pinned course leaves or enters be anything else."""
        stays = self._staying()
        before, has_place = set(self._domains), self.has_place
        for start in self.model.variables.planned:
            if (start.use.index, start.run.leaves) in stays:
                self._fix(start.lit, value=True)
        try:
            yield
        finally:
            for index in self._domains.keys() - before:
                self._set(self._proto.variables[index].domain, self._domains.pop(index))
            self.has_place = has_place

    def _staying(self) -> set[tuple[int, tuple[int, ...]]]:
        """Return what is in no term of a pinned course; in no period, where that is too little."""
        others = [(use.index, run) for use, run in self._plan if use.index not in self._pinned]
        moving = [run for use, run in self._plan if use.index in self._pinned] + self._runs
        term_of = self.model.variables.term_of
        terms, leaves = set(map(term_of, moving)), {leaf for run in moving for leaf in run.leaves}
        stays = {(index, run.leaves) for index, run in others if term_of(run) not in terms}
        if 2 * len(stays) < len(others):
            stays = {(index, run.leaves) for index, run in others if leaves.isdisjoint(run.leaves)}
        return stays

    def end_by(self, day: dt.date) -> None:
        """Let no plan end after a day."""
        self._fix(self.model.variables.ends_after(day), value=False)

    def _fix(self, lit: Lit, *, value: bool) -> None:
        """Fix a literal; where it is the other way already, there is no plan."""
        if isinstance(lit, bool):
            self.has_place = self.has_place and lit is value
            return
        index = lit.index if lit.index >= 0 else -lit.index - 1
        now = [*self._proto.variables[index].domain]
        wanted = int(value is (lit.index >= 0))
        if now in ([0, 1], [wanted, wanted]):
            self._domains.setdefault(index, now)
            self._store.fix(lit, value)
        else:
            self.has_place = False

    def _bound(self, place: int, domain: Sequence[int]) -> None:
        self._set(self._proto.constraints[place].linear.domain, domain)

    @staticmethod
    def _set(domain: Domain, values: Sequence[int]) -> None:
        domain.clear()
        domain.extend(values)
