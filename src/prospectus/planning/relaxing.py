"""The cheapest changes of a person's wishes with which a plan exists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import permutations

from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Student, Wishes
from prospectus.planning.changes import Change, without
from prospectus.planning.conflict import explain
from prospectus.planning.memory import seldom_collecting
from prospectus.planning.offers import offers
from prospectus.planning.result import Conflict
from prospectus.planning.slack import Asked, least_changes
from prospectus.planning.solve import compiled_for
from prospectus.planning.solver import Clock, Solver

MOST_WISHES = 4
"""The most wishes that one relaxation changes."""

_MOST_SETS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """Changes of wishes that together make a plan possible, and the wishes with them."""

    changes: tuple[Change, ...]
    wishes: Wishes

    @property
    def share(self) -> Fraction:
        """Return how much is given up: the shares of the changed wishes together."""
        return sum((change.share for change in self.changes), Fraction(0))

    @property
    def is_least(self) -> bool:
        """Return whether each change was shown to be the least of its kind."""
        return all(change.is_least for change in self.changes)

    @property
    def text(self) -> str:
        """Return the changes in words."""
        return ", and ".join(change.text for change in self.changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """The relaxations, cheapest first.

    `n_wishes` is how many wishes have to change at least, 0 where no change of wishes is enough:
    the rules alone, or what the calendar offers, are in the way; None where that is open.
    """

    found: tuple[Relaxation, ...]
    n_wishes: int | None


@seldom_collecting()
def relax(
    resolved: Resolved,
    student: Student,
    record: Record,
    today: dt.date,
    conflict: Sequence[Conflict],
    *,
    seconds: float = 60,
    seed: int = 0,
) -> Relaxed:
    """Return the cheapest relaxations of a problem without a plan.

    Any relaxation has to change a wish of every conflict. So only the wishes of the conflict found
    can help alone; where none does, each is dropped in turn, and a wish of the conflict that is
    left then changes too: pairs, and so on until the first number of wishes that is enough.

    Parameters
    ----------
    resolved, student, record, today
        As in `planning.solve.plan`, which found no plan.
    conflict
        What that answer names.
    seconds, seed
        Limit in seconds for everything; what is not settled by then is left out or not marked as
        least.

    Raises
    ------
    UnsupportedError
        PLN-..., where the programme has a rule that can be judged but not yet planned.
    """
    solver = Solver(Clock(seconds=seconds), seed=seed, workers=1)
    asked = Asked(resolved=resolved, student=student, record=record, today=today, solver=solver)
    sets = _next_sets({(): conflict})
    texts = {item.id: item.text for item in conflict}
    is_complete = bool(conflict)
    for size in range(1, MOST_WISHES + 1):
        found = _distinct(
            one for ids in sets for order in _orders(ids) for one in _together(asked, order, texts)
        )
        if found:
            found.sort(key=lambda one: (one.share, one.text))
            return Relaxed(found=tuple(found), n_wishes=size if is_complete else None)
        if size == MOST_WISHES or not sets:
            break
        left: dict[tuple[str, ...], Sequence[Conflict]] = {}
        for ids in sets:
            items = _conflict_without(asked, ids)
            is_complete = is_complete and bool(items)
            left[ids] = items
            texts.update({item.id: item.text for item in items})
        sets = _next_sets(left)
        is_complete = is_complete and len(sets) <= _MOST_SETS
        sets = sets[:_MOST_SETS]
    is_over = is_complete and not sets
    return Relaxed(found=(), n_wishes=0 if is_over else None)


def _orders(ids: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the orders in which wishes are changed: a pair in both, more in one."""
    return list(permutations(ids)) if len(ids) <= 2 else [ids]


def _distinct(found: Iterable[Relaxation]) -> list[Relaxation]:
    """Return relaxations, those that change each wish by as much as another left out."""
    by_changes = {frozenset((c.wish, c.text) for c in one.changes): one for one in found}
    return list(by_changes.values())


def _next_sets(
    left: dict[tuple[str, ...], Sequence[Conflict]],
) -> list[tuple[str, ...]]:
    """Return the sets with one wish more, of the conflict that each leaves."""
    found = {
        tuple(sorted((*ids, item.id)))
        for ids, items in left.items()
        for item in items
        if item.is_wish
    }
    return sorted(found)


def _conflict_without(asked: Asked, ids: tuple[str, ...]) -> Sequence[Conflict]:
    """Return a conflict of what is left without some wishes; nothing where none was found."""
    student = replace(asked.student, wishes=_all_without(asked.student.wishes, ids))
    offered = offers(asked.resolved, student, asked.first_day)
    compiled = compiled_for(
        asked.resolved,
        student,
        asked.record,
        asked.today,
        offered,
        grant=True,
        everything=True,
    )
    return explain(compiled, student, offered, asked.solver, asked.solver.clock)[0]


def _together(asked: Asked, ids: tuple[str, ...], texts: dict[str, str]) -> list[Relaxation]:
    """Return the relaxations that change just these wishes.

    Each in turn is changed by the least with the later ones dropped: of several, the first gives
    least.
    """
    states: list[tuple[tuple[Change, ...], Wishes]] = [((), asked.student.wishes)]
    for place, id_ in enumerate(ids):
        after: list[tuple[tuple[Change, ...], Wishes]] = []
        for changes, wishes in states:
            others = ids[place + 1 :]
            bare = _all_without(wishes, others)
            for change_it in least_changes(asked, bare, id_, texts[id_]):
                changed = change_it(wishes)
                if changed is not None:
                    after.append(((*changes, changed.change), changed.wishes))
        states = after
    return [Relaxation(changes=changes, wishes=wishes) for changes, wishes in states]


def _all_without(wishes: Wishes, ids: Sequence[str]) -> Wishes:
    for id_ in ids:
        wishes = without(wishes, id_)
    return wishes
