"""The tables that the kernel's loops look into, as numba takes them: arrays by name."""

from __future__ import annotations

from typing import NamedTuple

from prospectus.audit.kernel_table import Int32, Int64, Word

MISSING, EXACT, PAIR = -1, -2, -3
"""Of a record: a signature not yet known, one to be audited alone, a pair not yet known."""

MOST_ATTEMPTS = 64
RESULTS = 1 << 28
"""Results from here on are codes: child, courses left and nodes met (`Layout.answer`)."""
WANT_BITS = 10
COST_BITS = 7

FAMILY, NAME, BODY, START, END, KIND, RANK, WHAT = range(8)
"""The columns of an attempt."""
N_COLUMNS = 8


class AttemptTable(NamedTuple):
    """What is known of attempts, by number, and of pairs of one family (compiled_rules).

    `rows` have a line of 32 bytes for each attempt; `add` has what each WHAT adds to a signature,
    `n_gone` how many courses it takes away. Pairs are found by `pair_keys`; each says which of the
    two count, as two bits, and its WHAT.
    """

    rows: Int32
    add: Word
    n_gone: Int32
    pair_keys: Word
    pair_value: Int32
    pair_chosen: Int32
    pair_what: Int32


class ClassTable(NamedTuple):
    """The classes of uses and courses, by child, and the bounds between which they are counted.

    A signature counts each class in a byte; `low` and `high` have these bounds for all children,
    one after the other. `class_at` and `course_at` say where a byte stands: word and shift;
    `course_at` also how many courses may be taken away unnoticed, and how many can serve.
    """

    kind_class: Int32
    class_at: Int32
    n_classes: Int32
    n_courses: Int32
    course_at: Int32
    low: Word
    high: Word


class SearchTable(NamedTuple):
    """What `kernel_search.solve` asks, by child, and the completions found so far."""

    is_able: Int32
    shape: Int32
    class_is: Int32
    class_first: Int32
    class_moves: Int32
    course_is: Int32
    course_first: Int32
    course_moves: Int32
    shifts: Int32
    leaves: Int32
    weak: Int32
    masks: Word
    full: Word
    levels: Word
    held_at: Word
    wants: Word
    want_leaf: Int32
    want_asks: Int32
    course_key: Word
    below: Word
    units: Int32
    done_keys: Word
    done_value: Int32
    done: Word
    n_done: Int32


class AnswerTable(NamedTuple):
    """The fields of `Answers`."""

    keys: Word
    value: Int32
    facts: Int64
    best: Word
    n: Int32
    order_keys: Word
    order_held: Int32
    n_orders: Int32
