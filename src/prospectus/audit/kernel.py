"""The compiled kernel: from numbers of attempts to the numbers of answers.

A signature says all that decides an answer (`compiled_rules`). It is looked up whole, never by a
hash alone; one that is not known yet is searched at once (`kernel_search`) where its shape allows,
and handed back to the exact engine where it does not.
"""

from __future__ import annotations

import numpy as np

from prospectus.audit.kernel_layout import (
    COST_BITS,
    EXACT,
    KIND,
    MISSING,
    MOST_ATTEMPTS,
    PAIR,
    RESULTS,
    WANT_BITS,
    AnswerTable,
    AttemptTable,
    ClassTable,
    SearchTable,
)
from prospectus.audit.kernel_record import bound, gather, in_code_order
from prospectus.audit.kernel_search import FULL, HOPELESS, held_in_order, solve
from prospectus.audit.kernel_table import (
    BARRED,
    COST,
    HELD,
    LEAST,
    NO_COST,
    ORDER_WORDS,
    RESULT,
    SURE,
    Int32,
    Int64,
    Word,
    compiled,
    copy,
    find,
)


@compiled
def search(
    child: int,
    key: Word,
    place: int,
    classes: ClassTable,
    table: SearchTable,
    known: AnswerTable,
    best: Word,
    answer: Int64,
) -> int:
    """Search a signature and keep its answer; return its number, FULL or what `solve` says."""
    if known.n[0] >= len(known.facts):
        return FULL
    if not table.is_able[child]:
        return -1
    found = solve(
        key,
        table.shape[child],
        classes.class_at[child],
        table.class_is[child],
        table.class_first[child],
        table.class_moves[child],
        classes.n_classes[child],
        classes.course_at[child],
        classes.n_courses[child],
        table.course_is[child],
        table.course_first[child],
        table.course_moves[child],
        table.shifts[child],
        table.leaves[child],
        table.weak[child],
        table.masks[child],
        table.full[child],
        table.levels[child],
        table.held_at[child],
        table.wants[child],
        table.want_leaf[child],
        table.want_asks[child],
        table.course_key[child],
        table.done_keys,
        table.done_value,
        table.done,
        table.n_done,
        best,
        answer,
    )
    is_hopeless = found == HOPELESS and len(table.is_able) > 1
    if found < 0 and not is_hopeless:
        return found
    number = int(known.n[0])
    known.n[0] = number + 1
    known.facts[number, COST] = NO_COST if is_hopeless else answer[0] * table.units[child]
    known.facts[number, HELD] = answer[2]
    known.facts[number, LEAST] = answer[4]
    # what is not certain is looked at only where no child has anything certain
    known.facts[number, SURE] = not is_hopeless
    known.facts[number, BARRED] = answer[3]
    known.facts[number, RESULT] = RESULTS + (
        (((child << COST_BITS) + answer[0]) << WANT_BITS) + answer[1]
    )
    copy(known.best[number], best, len(best))
    copy(known.keys[place], key, len(key))
    known.value[place] = number
    return number


@compiled
def true_held(
    child: int,
    number: int,
    uses: Int32,
    n_uses: int,
    rows: Int32,
    classes: ClassTable,
    table: SearchTable,
    known: AnswerTable,
    order: Int32,
    ahead: Word,
    order_key: Word,
) -> int:
    """Return how many uses the leaves below the choice hold in the canonical answer.

    Where every best state holds as many, the order of the uses cannot matter. Where it does it is
    worked out once for each order of classes.
    """
    if known.facts[number, HELD] == known.facts[number, LEAST]:
        return int(known.facts[number, HELD])
    found = 0
    for use in range(n_uses):
        for part in range(classes.kind_class.shape[2]):
            its = classes.kind_class[child, rows[uses[use], KIND], part]
            if its >= 0 and table.class_moves[child, its]:
                order[found] = its
                found += 1
    place = -1
    if found <= 8 * (ORDER_WORDS - 1):
        order_key[0] = np.uint64(number)
        for word in range(1, ORDER_WORDS):
            order_key[word] = np.uint64(0)
        for use in range(found):
            order_key[1 + (use >> 3)] |= np.uint64(order[use] + 1) << np.uint64(8 * (use & 7))
        place = find(known.order_keys, known.order_held, order_key)
        if known.order_held[place] >= 0:
            return int(known.order_held[place])
    held = held_in_order(
        order,
        found,
        table.shape[child, 0],
        known.facts[number, BARRED],
        table.class_first[child],
        table.class_moves[child],
        table.class_is[child, :, 2],
        table.shifts[child],
        table.leaves[child],
        table.weak[child],
        table.masks[child],
        table.below[child],
        known.best[number],
        ahead,
    )
    if place >= 0 and 2 * known.n_orders[0] < len(known.order_held):
        copy(known.order_keys[place], order_key, ORDER_WORDS)
        known.order_held[place] = held
        known.n_orders[0] += 1
    return held


@compiled
def most_held(
    mine: Int32,
    first: int,
    cost: int,
    uses: Int32,
    n_uses: int,
    rows: Int32,
    classes: ClassTable,
    table: SearchTable,
    known: AnswerTable,
    waiting: Int32,
    order: Int32,
    ahead: Word,
    order_key: Word,
) -> int:
    """Return the child that holds most of those that cost as much, the first of equals; or EXACT.

    Those that could hold most are looked at first: as a rule they do, and no other needs to be.
    """
    n_children = len(mine)
    for child in range(first, n_children):
        number = mine[child]
        waiting[child] = number >= 0 and known.facts[number, COST] == cost
        if waiting[child] and known.facts[number, HELD] < 0:
            return EXACT
    is_ordered = False
    most, most_child = -1, -1
    while True:
        following = -1
        for child in range(first, n_children):
            if waiting[child] and (
                following < 0 or known.facts[mine[child], HELD] > known.facts[mine[following], HELD]
            ):
                following = child
        if following < 0:
            return most_child
        number = mine[following]
        highest = known.facts[number, HELD]
        if highest < most or (highest == most and following > most_child):
            return most_child
        waiting[following] = 0
        if not is_ordered and highest != known.facts[number, LEAST]:
            in_code_order(uses, n_uses, rows)
            is_ordered = True
        held = true_held(
            following,
            number,
            uses,
            n_uses,
            rows,
            classes,
            table,
            known,
            order,
            ahead,
            order_key,
        )
        if held > most or (held == most and following < most_child):
            most, most_child = held, following


@compiled
def run_block(
    offsets: Int64,
    numbers: Int32,
    todo: Int32,
    attempts: AttemptTable,
    classes: ClassTable,
    table: SearchTable,
    known: AnswerTable,
    answers: Int32,
    lacking: Word,
    lacking_record: Int32,
    pairs: Int32,
    most_gone: int,
) -> tuple[int, int, int]:
    """Answer the records `todo`; return how many signatures and pairs lack, and of how many it was.

    `answers` gets the result of each record, or MISSING, EXACT, PAIR. Where a table is full, the
    records from there on are not looked at.
    """
    n_children = len(classes.n_courses)
    n_words = len(classes.low) // n_children
    uses = np.zeros(MOST_ATTEMPTS, np.int32)
    order = np.zeros(MOST_ATTEMPTS * classes.kind_class.shape[2], np.int32)
    seen = np.full(len(attempts.rows), -1, np.int64)
    sums = np.zeros(len(classes.low), np.uint64)
    wanted = np.zeros(2, np.int32)
    best_states = np.zeros(known.best.shape[1], np.uint64)
    ahead = np.zeros((len(order) + 1, known.best.shape[1]), np.uint64)
    order_key = np.zeros(ORDER_WORDS, np.uint64)
    answer = np.zeros(5, np.int64)
    mine = np.zeros(n_children, np.int32)
    waiting = np.zeros(n_children, np.int32)
    n_lacking, n_pairs = 0, 0
    for index in range(len(todo)):
        record = todo[index]
        n_uses = gather(
            numbers,
            offsets[record],
            offsets[record + 1],
            index,
            attempts,
            seen,
            uses,
            sums,
            most_gone,
            wanted,
        )
        if n_uses < 0:
            answers[record] = n_uses
            if n_uses == PAIR and n_pairs < len(pairs):
                pairs[n_pairs, 0], pairs[n_pairs, 1] = wanted[0], wanted[1]
                n_pairs += 1
            continue
        bound(sums, classes.low, classes.high)
        best_cost, n_tied, first = NO_COST + 1, 0, -1
        is_open, is_exact = False, False
        for child in range(n_children):
            mine[child] = -1
            key = sums[child * n_words : (child + 1) * n_words]
            place = find(known.keys, known.value, key)
            number = int(known.value[place])
            if number < 0:
                number = search(child, key, place, classes, table, known, best_states, answer)
                if number == FULL:
                    return n_lacking, n_pairs, index
            if number < 0:
                is_open = True
                if n_lacking < len(lacking):
                    copy(lacking[n_lacking], key, n_words)
                    lacking_record[n_lacking] = record
                    n_lacking += 1
                continue
            if known.facts[number, RESULT] < 0:
                is_exact = True
                break
            if not known.facts[number, SURE]:
                continue
            mine[child] = number
            if known.facts[number, COST] < best_cost:
                best_cost, n_tied, first = known.facts[number, COST], 1, child
            elif known.facts[number, COST] == best_cost:
                n_tied += 1
        if is_exact:
            answers[record] = EXACT
        elif is_open:
            answers[record] = MISSING
        elif first < 0 or (best_cost == NO_COST and n_children > 1):
            answers[record] = EXACT  # under no child is anything certain to complete it
        else:
            if n_tied > 1:
                first = most_held(
                    mine,
                    first,
                    best_cost,
                    uses,
                    n_uses,
                    attempts.rows,
                    classes,
                    table,
                    known,
                    waiting,
                    order,
                    ahead,
                    order_key,
                )
            answers[record] = EXACT if first < 0 else known.facts[mine[first], RESULT]
    return n_lacking, n_pairs, len(todo)
