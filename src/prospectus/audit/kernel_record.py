"""From the attempts of a record to its signature under every child at once.

Each attempt adds the same words whatever else is on record, so that a signature is a sum. Attempts
of one family are the exception: of two the repeat rule says which counts.
"""

from __future__ import annotations

import numpy as np

from prospectus.audit.kernel_layout import (
    BODY,
    END,
    EXACT,
    FAMILY,
    KIND,
    MOST_ATTEMPTS,
    NAME,
    PAIR,
    RANK,
    START,
    WHAT,
    AttemptTable,
)
from prospectus.audit.kernel_table import Int32, Int64, Word, compiled, find

_HIGH = 0x8080808080808080


@compiled
def gather(
    numbers: Int32,
    first: int,
    end: int,
    stamp: int,
    table: AttemptTable,
    seen: Int64,
    uses: Int32,
    sums: Word,
    most_gone: int,
    wanted: Int32,
) -> int:
    """Return how many uses a record has, or PAIR or EXACT; fill `uses` and `sums`.

    The record's attempts are `numbers[first:end]`; `seen` has the stamp of the last record in which
    an attempt of a family stood, `wanted` gets the two attempts of a pair that is not known.
    """
    if end - first > MOST_ATTEMPTS:
        return EXACT
    rows, add = table.rows, table.add
    n_words = len(sums)
    for word in range(n_words):
        sums[word] = np.uint64(0)
    found, n_gone = 0, 0
    for place in range(first, end):
        one = numbers[place]
        kind, family, what = rows[one, KIND], rows[one, FAMILY], rows[one, WHAT]
        if kind == -2:
            return EXACT
        if seen[family] == stamp:
            return _gather_pairs(numbers[first:end], table, uses, sums, most_gone, wanted)
        seen[family] = stamp
        for word in range(n_words):
            sums[word] += add[what, word]
        n_gone += table.n_gone[what]
        if kind >= 0:
            uses[found] = one
            found += 1
    return EXACT if n_gone > most_gone else found


@compiled
def _gather_pairs(
    numbers: Int32, table: AttemptTable, uses: Int32, sums: Word, most_gone: int, wanted: Int32
) -> int:
    """Do as `gather` where several attempts are of one family."""
    rows, n_words = table.rows, len(sums)
    for word in range(n_words):
        sums[word] = np.uint64(0)
    key = np.zeros(1, np.uint64)
    found, n_gone = 0, 0
    for place in range(len(numbers)):
        one = numbers[place]
        if rows[one, KIND] == -2:
            return EXACT
        partner, n_partners = -1, 0
        for other in range(len(numbers)):
            if other != place and rows[numbers[other], FAMILY] == rows[one, FAMILY]:
                partner, n_partners = other, n_partners + 1
        if n_partners > 1:
            return EXACT
        what, chosen, first, second = rows[one, WHAT], 1, one, one
        if n_partners == 1:
            if partner < place:
                continue
            second = numbers[partner]
            if rows[first, NAME] == rows[second, NAME] or rows[first, END] == rows[second, END]:
                return EXACT
            if rows[second, END] < rows[first, END]:
                first, second = second, first
            is_over = 1 if rows[first, END] <= rows[second, START] else 0
            key[0] = np.uint64(
                (np.int64(rows[first, BODY]) << 32) | (np.int64(rows[second, BODY]) << 1) | is_over
            )
            known = table.pair_value[find(table.pair_keys, table.pair_value, key)]
            if known < 0:
                wanted[0], wanted[1] = first, second
                return PAIR
            what, chosen = table.pair_what[known], table.pair_chosen[known]
            if chosen < 0:
                return EXACT
        for word in range(n_words):
            sums[word] += table.add[what, word]
        n_gone += table.n_gone[what]
        if chosen & 1 and rows[first, KIND] >= 0:
            uses[found] = first
            found += 1
        if chosen & 2:
            uses[found] = second
            found += 1
    return EXACT if n_gone > most_gone else found


@compiled
def bound(sums: Word, low: Word, high: Word) -> None:
    """Put every byte between its bounds: beyond them a class makes no difference.

    Bytes are compared eight at a time; all are below 128, so that no borrow leaves its byte.
    """
    top, seven = np.uint64(_HIGH), np.uint64(7)
    for word in range(len(sums)):
        one = sums[word]
        at_least = ((one | top) - low[word]) & top
        keep = at_least | (at_least - (at_least >> seven))
        one = (one & keep) | (low[word] & ~keep)
        at_most = ((high[word] | top) - one) & top
        keep = at_most | (at_most - (at_most >> seven))
        sums[word] = (one & keep) | (high[word] & ~keep)


@compiled
def in_code_order(uses: Int32, n_uses: int, rows: Int32) -> None:
    """Sort uses by code and id, the order in which the canonical answer places them."""
    for place in range(1, n_uses):
        one, to = uses[place], place
        while to and rows[uses[to - 1], RANK] > rows[one, RANK]:
            uses[to] = uses[to - 1]
            to -= 1
        uses[to] = one
