"""Records audited by the thousand: the same answers as one by one, each asked for once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from prospectus.audit.batch_answer import BatchAnswer, answer_of
from prospectus.audit.compiled_rules import Compiled
from prospectus.audit.compiled_rules_parts import Parts
from prospectus.audit.compiled_rules_search import Layout
from prospectus.audit.conferring import audit_to_come
from prospectus.audit.kernel import run_block
from prospectus.audit.kernel_layout import (
    EXACT,
    KIND,
    MISSING,
    MOST_ATTEMPTS,
    PAIR,
    RANK,
    RESULTS,
    AnswerTable,
    AttemptTable,
    ClassTable,
)
from prospectus.audit.kernel_record import bound, gather
from prospectus.audit.kernel_table import NO_COST, UNKNOWN_HELD, Answers, doubled, find
from prospectus.audit.solve import audit
from prospectus.domain.plan import Standing
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]

BATCH_STEPS = 50_000
"""The longest search for one record of a batch."""

_MOST_LACKING = 1 << 14
_MOST_PAIRS = 1 << 14
_MOST_ALIKE = 1 << 16


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
    steps
        The longest search for one record, in steps and not in seconds, so that no answer depends
        on how busy the machine is.
    compiled
        The tables of another auditor of the same, which threads may share.
    """

    def __init__(
        self,
        resolved: Resolved,
        today: dt.date,
        choices: Mapping[str, str] | None = None,
        steps: int = BATCH_STEPS,
        compiled: Compiled | None = None,
    ) -> None:
        self.compiled = compiled or Compiled(resolved, choices or {}, today)
        self.results: list[BatchAnswer] = []
        self.n_solved = 0
        """How many signatures the exact engine was asked for so far."""
        self._steps = steps
        self._result_of: dict[BatchAnswer, int] = {}
        self._result_of_code: dict[int, int] = {}
        self._unproven: dict[bytes, int] = {}
        self._result_of_order: dict[tuple[bytes, bytes], int] = {}
        self._layout = Layout(self.compiled)
        choice = self.compiled.choice
        below = 0 if choice is None else self.compiled.rules.below[choice]
        self._parts = [Parts(child, below) for child in self.compiled.children]
        self._answers = Answers.empty(self.compiled.signatures.n_words, self._layout.n_words)
        size = 1 << 12
        self._pair_keys = np.zeros((size, 1), np.uint64)
        self._pair_value = np.full(size, -1, np.int32)
        self._pair_chosen = np.zeros(size // 2, np.int32)
        self._pair_what = np.zeros(size // 2, np.int32)
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
            self.learn(offsets, numbers, todo, answers)
            todo = np.flatnonzero((answers == MISSING) | (answers == PAIR)).astype(np.int32)
        by_kernel = answers != EXACT
        self._decode(answers)
        for record in np.flatnonzero(~by_kernel):
            answers[record], by_kernel[record] = self._alike(
                numbers[offsets[record] : offsets[record + 1]]
            )
        self._unproven.clear()
        self._stand(offsets, numbers, answers, by_kernel)
        return answers, by_kernel

    def _stand(
        self,
        offsets: Int64,
        numbers: Int32,
        answers: Int32,
        by_kernel: npt.NDArray[np.bool_],
    ) -> None:
        """Say of degrees that are met by what is under way how they stand."""
        open_ = [place for place, one in enumerate(self.results) if one.standing is None]
        for record in np.flatnonzero(np.isin(answers, open_)):
            mine = numbers[offsets[record] : offsets[record + 1]]
            standing = self._under_way(mine)
            if standing is None:
                answers[record], by_kernel[record] = self._alone(mine, is_short=False), False
            else:
                answers[record] = self._kept(
                    replace(self.results[answers[record]], standing=standing)
                )

    def _under_way(self, numbers: Int32) -> Standing | None:
        """Return how what is not passed on a record stands; None where it may be several ways."""
        found = set()
        for kind in self.compiled.kinds_of(numbers):
            if kind is None:
                return None
            found.add(kind.row.standing)
            if not kind.is_certain:
                found.add(Standing.PENDING)
        found.discard(Standing.MET)
        return found.pop() if len(found) == 1 else None

    def _alike(self, numbers: Int32) -> tuple[int, bool]:
        """Return the answer of a record by itself, and whether it is that of all alike to it.

        Where children tie, what their leaves hold depends on the order of the uses; records with
        one signature and one order of kinds have one answer.
        """
        key = self._order_key(numbers)
        known = None if key is None else self._result_of_order.get(key)
        if known is None:
            known = self._alone(numbers)
            if key is not None and len(self._result_of_order) < _MOST_ALIKE:
                self._result_of_order[key] = known
        return known, key is not None and self.results[known].is_proven

    def _order_key(self, numbers: Int32) -> tuple[bytes, bytes] | None:
        """Return a record's signature with its kinds in code order; None where it has none."""
        if self.compiled.against:
            return None
        attempts, classes = self._tables()
        rows = attempts.rows
        sums = np.zeros(len(classes.low), np.uint64)
        uses = np.zeros(MOST_ATTEMPTS, np.int32)
        seen = np.full(len(rows), -1, np.int64)
        wanted = np.zeros(2, np.int32)
        most = self.compiled.most_gone
        n_uses = gather(numbers, 0, len(numbers), 0, attempts, seen, uses, sums, most, wanted)
        if n_uses < 0:
            return None
        bound(sums, classes.low, classes.high)
        mine = uses[:n_uses]
        return sums.tobytes(), rows[mine[np.argsort(rows[mine, RANK])], KIND].tobytes()

    def _tables(self) -> tuple[AttemptTable, ClassTable]:
        """Return what the loops look into, with the pairs known here."""
        with self.compiled.lock:
            attempts, classes = self.compiled.tables()
        pairs = attempts._replace(
            pair_keys=self._pair_keys,
            pair_value=self._pair_value,
            pair_chosen=self._pair_chosen,
            pair_what=self._pair_what,
        )
        return pairs, classes

    def _decode(self, answers: Int32) -> None:
        """Put the places of results where the search left codes."""
        codes, back = np.unique(answers, return_inverse=True)
        for code in codes[codes >= RESULTS]:
            if int(code) not in self._result_of_code:
                self._result_of_code[int(code)] = self._kept(self._layout.answer(int(code)))
        places = [self._result_of_code.get(int(code), int(code)) for code in codes]
        answers[:] = np.array(places, np.int32)[back]

    def _alone(self, numbers: Int32, *, is_short: bool = True) -> int:
        compiled, known = self.compiled, self._unproven.get(numbers.tobytes())
        if known is not None and is_short:
            return known
        record = compiled.record([int(number) for number in numbers])
        with compiled.lock:
            found = audit_to_come(
                compiled.resolved,
                record,
                compiled.today,
                choices=compiled.declared,
                steps=self._steps,
                is_short=is_short,
            )
        return self._kept(answer_of(found, is_short=is_short))

    def _kept(self, answer: BatchAnswer) -> int:
        known = self._result_of.get(answer)
        if known is None:
            known = self._result_of[answer] = len(self.results)
            self.results.append(answer)
        return known

    # ------------------------------------------------------------------ passes

    def learn(self, offsets: Int64, numbers: Int32, todo: Int32, answers: Int32) -> None:
        """Answer, of the records `todo`, what can be answered, and learn what was lacking."""
        c, layout = self.compiled, self._layout
        with c.lock:
            c.order()
            layout.update()
            attempts, classes = self._tables()
            n_words = c.signatures.n_words
        if self._answers.keys.shape[1] != n_words:
            self._answers = Answers.empty(n_words, layout.n_words)
        known = self._answers
        lacking = np.zeros((_MOST_LACKING, n_words), np.uint64)
        lacking_record = np.zeros(_MOST_LACKING, np.int32)
        pairs = np.zeros((_MOST_PAIRS, 2), np.int32)
        n_lacking, n_pairs, n_looked_at = run_block(
            offsets,
            numbers,
            todo,
            attempts,
            classes,
            layout.table,
            AnswerTable(
                known.keys,
                known.value,
                known.facts,
                known.best,
                known.n,
                known.order_keys,
                known.order_held,
                known.n_orders,
            ),
            answers,
            lacking,
            lacking_record,
            pairs,
            c.most_gone,
        )
        if n_looked_at < len(todo) and layout.is_done_full:
            layout.double_done()
        elif n_looked_at < len(todo):
            known.double()
        for first, second in np.unique(pairs[:n_pairs], axis=0):
            self._learn_pair(int(first), int(second))
        for key, record in zip(lacking[:n_lacking], lacking_record[:n_lacking], strict=True):
            if known.value[find(known.keys, known.value, key)] < 0:
                self._learn(key, numbers[offsets[record] : offsets[record + 1]])

    def _learn_pair(self, first: int, second: int) -> None:
        c = self.compiled
        key = np.array([c.pair_key(first, second)], np.uint64)
        place = int(find(self._pair_keys, self._pair_value, key))
        if self._pair_value[place] >= 0:
            return
        chosen, what = c.pair(first, second)
        if self._n_pairs >= len(self._pair_chosen):
            self._double_pairs()
            place = int(find(self._pair_keys, self._pair_value, key))
        number = self._n_pairs
        self._n_pairs += 1
        self._pair_keys[place], self._pair_value[place] = key, number
        self._pair_chosen[number], self._pair_what[number] = chosen, what

    def _double_pairs(self) -> None:
        self._pair_keys, self._pair_value = doubled(self._pair_keys, self._pair_value)
        more = np.zeros_like(self._pair_chosen)
        self._pair_chosen = np.concatenate([self._pair_chosen, more])
        self._pair_what = np.concatenate([self._pair_what, more])

    def _learn(self, key: npt.NDArray[np.uint64], numbers: Int32) -> None:
        """Ask the exact engine for the answer that belongs to a signature.

        Where all parts of it are known already, they are put together.
        """
        c = self.compiled
        number = int(key[0]) & 0xFF
        child, parts = c.children[number], self._parts[number]
        composed = None if parts.is_one else parts.answer(key)
        if composed is not None:
            left_units, held_units, answer = composed
            # the compiled search counts courses where all are of one size
            known_held = UNKNOWN_HELD if held_units is None else held_units // (c.even or 1)
            self._answers.add(key, left_units, known_held, True, self._kept(answer))
            return
        record = c.record([int(number) for number in numbers])
        with c.lock:
            found = audit(
                c.resolved,
                record,
                c.today,
                choices=child.choices,
                steps=self._steps,
                is_short=True,
            )
        self.n_solved += 1
        if not parts.is_one:
            parts.learn(key, found)
        left = found.credits_left
        is_alone = len(c.children) == 1
        held = 0 if is_alone else UNKNOWN_HELD
        cost = NO_COST if left is None else int(left * c.rules.unit)
        is_sure = is_alone or (left is not None and found.is_completion_sure)
        # where nothing completes the degree, free electives may hold more than a signature counts
        is_kept = found.is_proven and (left is not None or not is_alone)
        if is_alone and not is_kept:
            self._unproven[numbers.tobytes()] = self._kept(answer_of(found, is_short=True))
        result = self._kept(answer_of(found, is_short=True)) if is_kept else -1
        self._answers.add(key, cost, held, is_sure, result)
