"""Records audited by the thousand: the same answers as one by one, each asked for once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from prospectus.audit.compiled_rules import N_WORDS, Child, Compiled
from prospectus.audit.kernel import (
    EXACT,
    MISSING,
    NO_COST,
    PAIR,
    UNKNOWN_HELD,
    Answers,
    find,
    run_block,
)
from prospectus.audit.result import AuditResult
from prospectus.audit.solve import audit
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt
from prospectus.domain.requirement import NodeId

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]

_MOST_LACKING = 1 << 14
_MOST_PAIRS = 1 << 14


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What a batch says of a record: as `AuditResult`, without its witness.

    `taken` are the choices of the answer; `is_proven` False where a limit was reached.
    """

    credits_left: Fraction | None
    taken: tuple[tuple[NodeId, tuple[NodeId, ...]], ...]
    met: tuple[NodeId, ...]
    is_complete: bool
    is_proven: bool = True


def answer_of(result: AuditResult) -> BatchAnswer:
    """Return what a batch keeps of an audit."""
    return BatchAnswer(
        credits_left=result.credits_left,
        taken=result.witness.choices,
        met=result.met,
        is_complete=result.is_complete,
        is_proven=result.is_proven,
    )


class BatchAuditor:
    """Audits records under the rules of one person; what it learns it keeps for the next block.

    Parameters
    ----------
    resolved
        The rules without `when` and `reading`.
    today
        The day on which is judged.
    choices
        Declared choices: id of an `any` -> id of the child chosen.
    seconds
        The longest search for one record.
    """

    def __init__(
        self,
        resolved: Resolved,
        today: dt.date,
        choices: Mapping[str, str] | None = None,
        seconds: float | None = 10.0,
    ) -> None:
        self.compiled = Compiled(resolved, choices or {}, today)
        self.results: list[BatchAnswer] = []
        self.n_solved = 0
        """How many signatures the exact engine was asked for so far."""
        self._seconds = seconds
        self._result_of: dict[BatchAnswer, int] = {}
        self._answers = Answers.empty(N_WORDS)
        size = 1 << 12
        self._pair_keys = np.zeros((size, 1), np.uint64)
        self._pair_value = np.full(size, -1, np.int32)
        self._pair_chosen = np.zeros(size, np.int32)
        self._pair_gone = np.zeros((size, self.compiled.n_gone), np.uint64)
        self._n_pairs = 0

    def number(self, attempt: Attempt) -> int:
        """Return the number of an attempt, by which records name it."""
        return self.compiled.number(attempt)

    def run(self, offsets: Int64, numbers: Int32) -> tuple[Int32, npt.NDArray[np.bool_]]:
        """Return the place in `results` of each record's answer, and whether the kernel gave it.

        Parameters
        ----------
        offsets
            Where each record begins in `numbers`, and where the last one ends.
        numbers
            The numbers of the attempts, those of one record together.
        """
        n = len(offsets) - 1
        answers = np.full(n, MISSING, np.int32)
        todo = np.arange(n, dtype=np.int32)
        if self.compiled.against:
            answers[:] = EXACT
            todo = todo[:0]
        while len(todo):
            self._pass(offsets, numbers, todo, answers)
            todo = np.flatnonzero((answers == MISSING) | (answers == PAIR)).astype(np.int32)
        by_kernel = answers != EXACT
        for record in np.flatnonzero(~by_kernel):
            answers[record] = self._alone(numbers[offsets[record] : offsets[record + 1]])
        return answers, by_kernel

    def _alone(self, numbers: Sequence[int] | Int32) -> int:
        compiled = self.compiled
        record = compiled.record([int(number) for number in numbers])
        found = audit(
            compiled.resolved,
            record,
            compiled.today,
            choices=compiled.declared,
            seconds=self._seconds,
        )
        return self._kept(answer_of(found))

    def _kept(self, answer: BatchAnswer) -> int:
        known = self._result_of.get(answer)
        if known is None:
            known = self._result_of[answer] = len(self.results)
            self.results.append(answer)
        return known

    # ------------------------------------------------------------------ passes

    def _pass(self, offsets: Int64, numbers: Int32, todo: Int32, answers: Int32) -> None:
        """Answer what can be answered, and learn what was lacking."""
        c, known = self.compiled, self._answers
        lacking = np.zeros((_MOST_LACKING, N_WORDS + 1), np.uint64)
        lacking_record = np.zeros(_MOST_LACKING, np.int32)
        pairs = np.zeros((_MOST_PAIRS, 2), np.int32)
        n_lacking, n_pairs = run_block(
            offsets,
            numbers,
            todo,
            c.family,
            c.name,
            c.body,
            c.start,
            c.end,
            c.kind,
            c.gone,
            self._pair_keys,
            self._pair_value,
            self._pair_chosen,
            self._pair_gone,
            c.kind_class,
            c.class_word,
            c.class_shift,
            c.class_most,
            c.n_courses,
            c.course_mask,
            c.course_at,
            known.keys,
            known.value,
            known.cost,
            known.held,
            known.sure,
            known.result,
            answers,
            lacking,
            lacking_record,
            pairs,
        )
        for first, second in pairs[:n_pairs]:
            self._learn_pair(int(first), int(second))
        for key, record in zip(lacking[:n_lacking], lacking_record[:n_lacking], strict=True):
            if known.value[find(known.keys, known.value, key)] < 0:
                self._learn(key, numbers[offsets[record] : offsets[record + 1]])

    def _learn_pair(self, first: int, second: int) -> None:
        c = self.compiled
        is_over = int(c.end[first] <= c.start[second])
        key = np.array(
            [(int(c.body[first]) << 32) | (int(c.body[second]) << 1) | is_over], np.uint64
        )
        place = int(find(self._pair_keys, self._pair_value, key))
        if self._pair_value[place] >= 0:
            return
        chosen, gone = c.pair(first, second)
        if self._n_pairs >= len(self._pair_chosen) // 2:
            self._double_pairs()
            place = int(find(self._pair_keys, self._pair_value, key))
        number = self._n_pairs
        self._n_pairs += 1
        self._pair_keys[place], self._pair_value[place] = key, number
        self._pair_chosen[number], self._pair_gone[number] = chosen, gone

    def _double_pairs(self) -> None:
        keys, value = self._pair_keys, self._pair_value
        self._pair_keys = np.zeros((2 * len(value), 1), np.uint64)
        self._pair_value = np.full(2 * len(value), -1, np.int32)
        for old in np.flatnonzero(value >= 0):
            place = int(find(self._pair_keys, self._pair_value, keys[old]))
            self._pair_keys[place], self._pair_value[place] = keys[old], value[old]
        more = np.zeros_like(self._pair_chosen)
        self._pair_chosen = np.concatenate([self._pair_chosen, more])
        self._pair_gone = np.concatenate([self._pair_gone, np.zeros_like(self._pair_gone)])

    def _learn(self, key: npt.NDArray[np.uint64], numbers: Int32) -> None:
        """Ask the exact engine for the answer that belongs to a signature."""
        c = self.compiled
        child = c.children[int(key[-1])]
        record = c.record([int(number) for number in numbers])
        found = audit(
            c.resolved, record, c.today, choices=child.choices, seconds=self._seconds
        )
        self.n_solved += 1
        left = found.credits_left
        cost = NO_COST if left is None else int(left * c.rules.unit)
        is_sure = found.is_completion_sure or len(c.children) == 1
        held = _held(c, child, found) if _is_order_free(c, child, key) else UNKNOWN_HELD
        result = self._kept(answer_of(found)) if found.is_proven else -1
        self._answers.add(key, cost, held, is_sure, result)


def _held(compiled: Compiled, child: Child, found: AuditResult) -> int:
    """Return the units on record that the leaves under the choice hold."""
    if compiled.choice is None:
        return 0
    rules = compiled.rules
    below = rules.below[compiled.choice]
    here = {p.attempt for p in found.witness.placements if below >> rules.place[p.leaf] & 1}
    return len(here) * (compiled.even or 0)


def _is_order_free(
    compiled: Compiled, child: Child, key: npt.NDArray[np.uint64]
) -> bool:
    return False
