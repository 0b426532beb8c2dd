"""What courses do not decide of a degree, for many records: means, milestones, limits on tries.

They can only lower how a degree stands, so they are looked at where its courses are met, or will
be by what is under way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from prospectus.app.audit_batch_means import OPEN, Means
from prospectus.app.audit_check import is_apart
from prospectus.audit.batch import BatchAuditor
from prospectus.audit.batch_answer import BatchAnswer
from prospectus.audit.conferring import audit_to_come
from prospectus.domain.meaning.judging import standings
from prospectus.domain.meaning.matching import nodes
from prospectus.domain.plan import Standing, Witness
from prospectus.domain.requirement import All, Any, Gpa, Milestone, Node, NodeId, Over

Int8 = npt.NDArray[np.int8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]


class Beside:
    """The nodes of one programme that are no courses, judged for the records of one auditor.

    `open_sets` are the sets of nodes that were found open, by place.
    """

    def __init__(self, auditor: BatchAuditor, today: dt.date, steps: int) -> None:
        self._auditor = auditor
        self._today = today
        self._steps = steps
        resolved = auditor.compiled.resolved
        found = [node for node in nodes(resolved.tree) if is_apart(node)]
        beside = [rule for rule in resolved.rules if is_apart(rule)]
        self._milestones = {node.header.id for node in found if isinstance(node, Milestone)}
        self._means = {
            rule.header.id: Means(auditor.compiled, rule, today)
            for rule in (*found, *beside)
            if isinstance(rule, Gpa) and rule.over is Over.ATTEMPTED
        }
        self._apart = [one.header.id for one in (*found, *beside)]
        self._is_of_attempts = not any(
            isinstance(rule, Gpa) and rule.over is not Over.ATTEMPTED for rule in (*found, *beside)
        )
        self._active: dict[object, frozenset[NodeId]] = {}
        self._beside = frozenset(rule.header.id for rule in beside)
        self.open_sets: list[tuple[NodeId, ...]] = [()]
        self._open_place: dict[tuple[NodeId, ...], int] = {(): 0}

    def judge(self, offsets: Int64, numbers: Int32, places: Int32) -> tuple[Int8, Int32]:
        """Return how each record's degree stands, and the place of what is open beside courses.

        `places` are those of the answers among the auditor's results.
        """
        results = self._auditor.results
        by_courses = np.array([int(one.standing or 0) for one in results], np.int8)
        found = by_courses[places] if len(results) else np.zeros(len(places), np.int8)
        open_ = np.zeros(len(places), np.int32)
        if not self._apart:
            return found, open_
        asked = np.flatnonzero(found > int(Standing.UNMET))
        told = self._told(offsets, numbers, asked, places[asked])
        found[asked] = np.minimum(found[asked], told.min(axis=1, initial=int(Standing.MET)))
        sets, which = np.unique(told <= int(Standing.PENDING), axis=0, return_inverse=True)
        known = [self._place_of(row) for row in sets]
        open_[asked] = np.array(known, np.int32)[which.reshape(-1)]
        return found, open_

    def _told(self, offsets: Int64, numbers: Int32, asked: Int64, places: Int32) -> Int8:
        """Return how each node stands for each of the records asked; MET where it does not bind."""
        sizes = np.diff(offsets)[asked]
        mine = np.cumsum([0, *sizes], dtype=np.int64)
        at = np.arange(mine[-1]) + np.repeat(offsets[asked] - mine[:-1], sizes)
        told = np.full((len(asked), len(self._apart)), OPEN, np.int8)
        for column, name in enumerate(self._apart):
            if name in self._means:
                told[:, column] = self._means[name].standings(mine, numbers[at])
            elif name in self._milestones:
                told[:, column] = int(Standing.PENDING)  # a table names none
        results = self._auditor.results
        for place in np.unique(places):
            active = self._active_under(results[place])
            idle = [name not in active for name in self._apart]
            if any(idle):
                told[np.ix_(places == place, np.array(idle))] = int(Standing.MET)
        for row in np.flatnonzero((told == OPEN).any(axis=1)):
            some = numbers[at[mine[row] : mine[row + 1]]]
            told[row] = self._by_definition(some, results[places[row]])
        return told

    def _place_of(self, waiting: npt.NDArray[np.bool_]) -> int:
        waits = tuple(name for name, is_it in zip(self._apart, waiting, strict=True) if is_it)
        known = self._open_place.get(waits)
        if known is None:
            known = self._open_place[waits] = len(self.open_sets)
            self.open_sets.append(waits)
        return known

    def _active_under(self, answer: BatchAnswer) -> frozenset[NodeId]:
        """Return which of the nodes bind under the choices of an answer."""
        known = self._active.get(answer.taken)
        if known is None:
            taken, here = dict(answer.taken), set(self._beside)
            waiting: list[Node] = [self._auditor.compiled.resolved.tree]
            while waiting:
                node = waiting.pop()
                here.add(node.header.id)
                if isinstance(node, All | Any):
                    chosen: Sequence[Node] = node.children  # type: ignore[assignment]  # resolved
                    if isinstance(node, Any):
                        picked = taken.get(node.header.id, ())
                        chosen = [one for one in chosen if one.header.id in picked]
                    waiting += chosen
            known = self._active[answer.taken] = frozenset(self._apart) & here
        return known

    def _by_definition(self, numbers: Int32, answer: BatchAnswer) -> list[int]:
        """Return how the nodes of one record stand under the witness of its audit."""
        compiled = self._auditor.compiled
        record = compiled.record([int(number) for number in numbers])
        witness = Witness(choices=answer.taken)
        if any(one.is_open for one in record.attempts) or not self._is_of_attempts:
            with compiled.lock:
                witness = audit_to_come(
                    compiled.resolved,
                    record,
                    self._today,
                    choices=compiled.declared,
                    steps=self._steps,
                ).witness
        found = {
            one.node: int(one.standing)
            for one in standings(compiled.resolved, record, witness, self._today)
        }
        return [found.get(name, int(Standing.MET)) for name in self._apart]
