"""The states of every child laid out for the compiled search, and how its codes are read back."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from prospectus.audit.batch_answer import BatchAnswer
from prospectus.audit.compiled_rules import Compiled
from prospectus.audit.compiled_rules_child import Child, Kinship
from prospectus.audit.compiled_rules_nodes import nodes_met
from prospectus.audit.compiled_rules_signature import MOST_CLASSES
from prospectus.audit.compiled_rules_states import States, as_words, states_of
from prospectus.audit.kernel_layout import COST_BITS, RESULTS, WANT_BITS, SearchTable
from prospectus.audit.kernel_table import Word, doubled
from prospectus.domain.plan import Standing
from prospectus.domain.requirement import Bound, NodeId

_MOST_MOVES = 256
_DONE = 2048
VIEW, TOTAL = -2, -1


class Want:
    """A node that the canonical answer meets if it costs nothing: a leaf, a least, the total."""

    def __init__(self, node: str, leaf: int, asks: int, states: States, mask: Word) -> None:
        self.node = node
        self.leaf = leaf
        self.asks = asks
        self.states = states
        self.mask = mask


class Layout:
    """The search tables of a programme, filled as classes are met."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.states = [
            None if compiled.against else states_of(child) for child in compiled.children
        ]
        able = [one for one in self.states if one is not None]
        n = len(compiled.children)
        self.n_words = max((-(-one.n_states // 64) for one in able), default=1)
        n_items = max((one.n_items for one in able), default=0)
        n_view = max((one.n_view for one in able), default=0)
        widest = max(1, *(len(child.courses) for child in compiled.children))
        wants = [[] if one is None else list(self._wants(i)) for i, one in enumerate(self.states)]
        self.wants = wants
        n_wants = max(1, max(map(len, wants), default=1))
        words = self.n_words
        self._seen = [0] * n
        self._n_moves = [0] * n
        self.table = SearchTable(
            is_able=np.zeros(n, np.int32),
            shape=np.zeros((n, 5), np.int32),
            class_is=np.zeros((n, MOST_CLASSES, 4), np.int32),
            class_first=np.zeros((n, MOST_CLASSES), np.int32),
            class_moves=np.zeros((n, MOST_CLASSES), np.int32),
            course_is=np.zeros((n, widest), np.int32),
            course_first=np.zeros((n, widest), np.int32),
            course_moves=np.zeros((n, widest), np.int32),
            shifts=np.zeros((n, _MOST_MOVES), np.int32),
            leaves=np.zeros((n, _MOST_MOVES), np.int32),
            weak=np.zeros((n, _MOST_MOVES), np.int32),
            masks=np.zeros((n, _MOST_MOVES, words), np.uint64),
            full=np.zeros((n, words), np.uint64),
            levels=np.zeros((n, n_items + 1, words), np.uint64),
            held_at=np.zeros((n, n_items + 1, words), np.uint64),
            wants=np.zeros((n, n_wants, words), np.uint64),
            want_leaf=np.zeros((n, n_wants), np.int32),
            want_asks=np.zeros((n, n_wants), np.int32),
            course_key=compiled.signatures.course_bytes.view(np.uint64),
            below=np.zeros((n, 1), np.uint64),
            units=np.ones(n, np.int32),
            done_keys=np.zeros((2 * _DONE, compiled.signatures.n_words), np.uint64),
            done_value=np.full(2 * _DONE, -1, np.int32),
            done=np.zeros((_DONE, n_view + 1, words), np.uint64),
            n_done=np.zeros(1, np.int32),
        )
        for index, (child, states) in enumerate(zip(compiled.children, self.states, strict=True)):
            if states is not None and len(wants[index]) <= WANT_BITS:
                self._lay(index, child, states)

    def _lay(self, index: int, child: Child, states: States) -> None:
        table, words = self.table, self.n_words
        below = 0
        if self.compiled.choice is not None:
            below = self.compiled.rules.below[self.compiled.choice]
        n_held = states.n_held(below)
        most_held = int(n_held.max())
        n_used = -(-states.n_states // 64)
        table.shape[index] = (
            n_used,
            states.n_items,
            states.n_view,
            len(self.wants[index]),
            most_held,
        )
        table.full[index] = as_words(states.full(), words)
        n_filled = states.n_held(-1)
        for level in range(states.n_items + 1):
            table.levels[index, level] = as_words(n_filled == level, words)
            table.held_at[index, level] = as_words(n_held == level, words)
        for place, want in enumerate(self.wants[index]):
            table.wants[index, place] = want.mask
            table.want_leaf[index, place] = want.leaf
            table.want_asks[index, place] = want.asks
        table.below[index, 0] = below
        table.units[index] = states.even
        able = True
        for place, field in enumerate(child.courses):
            kinship = field.kinship
            able = able and (states.is_fit(kinship) or not kinship.sure)
            is_for_view = states.view is not None and bool(kinship.sure & states.view.bit)
            table.course_is[index, place] = is_for_view
            first, count = self._add_moves(index, states, kinship)
            table.course_first[index, place], table.course_moves[index, place] = first, count
        table.is_able[index] = able and self._n_moves[index] < _MOST_MOVES

    def _add_moves(self, index: int, states: States, kinship: Kinship) -> tuple[int, int]:
        moves = states.moves(kinship)
        first = self._n_moves[index]
        if first + len(moves) > _MOST_MOVES:
            return 0, -1
        for place, move in enumerate(moves, first):
            self.table.shifts[index, place] = move.shift
            self.table.leaves[index, place] = move.leaf
            self.table.weak[index, place] = not kinship.sure >> move.leaf & 1
            self.table.masks[index, place] = as_words(move.mask, self.n_words)
        self._n_moves[index] += len(moves)
        return first, len(moves)

    def _wants(self, index: int) -> list[Want]:
        """Return what is to be met, in file order, the total last."""
        states, rules = self.states[index], self.compiled.rules
        assert states is not None
        words = self.n_words
        leaves = {leaf.id: place for place, leaf in enumerate(states.leaves)}
        leasts = {
            b.measure.header.id: b for b in states.bounds if b.measure.bound is not Bound.AT_MOST
        }
        beside = [b.measure.header.id for b in rules.bounds if not b.in_tree]
        found = []
        for name in [*(node.header.id for node in rules.nodes), *beside]:
            if name in leaves:
                place = leaves[name]
                mask = as_words(states.filled(place), words)
                found.append(Want(name, states.leaves[place].index, 0, states, mask))
            elif states.view is not None and name == states.view.id:
                found.append(Want(name, VIEW, 0, states, as_words(states.full(), words)))
            elif name in leasts:
                mask = as_words(states.reached(leasts[name]), words)
                found.append(Want(name, TOTAL, states.asked(leasts[name]), states, mask))
        total = as_words(states.n_held(-1) >= states.n_asked, words)
        found.append(Want(f"{states.total} total", TOTAL, 0, states, total))
        return found

    # ----------------------------------------------------------------- classes

    def update(self) -> None:
        """Lay out the classes that are new."""
        for index, (child, states) in enumerate(
            zip(self.compiled.children, self.states, strict=True)
        ):
            if states is None:
                continue
            classes = list(child.uses)[:MOST_CLASSES]
            for place in range(self._seen[index], len(classes)):
                self._lay_class(index, place, classes[place], states)
            self._seen[index] = len(classes)
        n_words = self.compiled.signatures.n_words
        if self.table.course_key.shape[1] < n_words:
            # completions are kept by signatures, which have become longer
            self.table = self.table._replace(
                course_key=self.compiled.signatures.course_bytes.view(np.uint64),
                done_keys=np.zeros(
                    (len(self.table.done_value), self.compiled.signatures.n_words), np.uint64
                ),
                done_value=np.full_like(self.table.done_value, -1),
                n_done=np.zeros(1, np.int32),
            )

    def _lay_class(self, index: int, place: int, kinship: Kinship, states: States) -> None:
        table = self.table
        is_view = states.view is not None and kinship.allowed == states.view.bit
        fit = kinship.allowed == kinship.sure if is_view else states.is_fit(kinship)
        fit = fit and not (kinship.is_waiver or kinship.splits) and kinship.units == states.even
        is_asked = False
        if fit and not is_view:
            first, count = self._add_moves(index, states, kinship)
            table.class_first[index, place] = first
            table.class_moves[index, place] = max(0, count)
            fit = count >= 0
            leasts = [most for most in states.mosts if most.is_rest]
            is_asked = any(states.selects(kinship, most.index) for most in leasts)
        table.class_is[index, place] = (fit, is_view, kinship.is_met, is_asked)

    def double_done(self) -> None:
        """Make room for more completions."""
        table = self.table
        keys, value = doubled(table.done_keys, table.done_value)
        done = np.concatenate([table.done, np.zeros_like(table.done)])
        self.table = table._replace(done_keys=keys, done_value=value, done=done)

    @property
    def is_done_full(self) -> bool:
        """Return whether no more completions fit."""
        return int(self.table.n_done[0]) >= len(self.table.done)

    # ----------------------------------------------------------------- answers

    def answer(self, code: int) -> BatchAnswer:
        """Return the answer that a code of the search stands for."""
        code -= RESULTS
        pattern = code & ((1 << WANT_BITS) - 1)
        cost = (code >> WANT_BITS) & ((1 << COST_BITS) - 1)
        index = code >> (WANT_BITS + COST_BITS)
        states = self.states[index]
        assert states is not None
        wants = {want.node for place, want in enumerate(self.wants[index]) if pattern >> place & 1}
        met = self._met(index, frozenset(wants))
        standing = Standing.UNMET if cost else None
        if self.compiled.rules.root in met:
            standing = Standing.MET
        return BatchAnswer(
            credits_left=Fraction(cost * states.even, self.compiled.rules.unit),
            taken=self.compiled.children[index].scopes[0].choices,
            met=met,
            is_complete=cost == 0,
            standing=standing,
        )

    def _met(self, index: int, wants: frozenset[str]) -> tuple[NodeId, ...]:
        """Return the nodes met, those above leaves too, in the order of the exact audit."""
        states = self.states[index]
        assert states is not None
        short = () if f"{states.total} total" in wants else (states.total,)
        active = self.compiled.children[index].scopes[0].active
        return nodes_met(self.compiled.rules, active, wants, frozenset(short))
