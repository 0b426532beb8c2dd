"""The compiled kernel: from numbers of attempts to the numbers of answers.

A signature says all that decides an answer (`compiled_rules`). It is looked up whole, never by a
hash alone; one that is not known yet is searched at once (`kernel_search`) where its shape allows,
and handed back to the exact engine where it does not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from prospectus.audit.kernel_search import FULL, HOPELESS, held_in_order, solve
from prospectus.audit.kernel_table import NO_COST, Int32, Int64, Word, bits, compiled, copy, find

MISSING, EXACT, PAIR = -1, -2, -3
"""Of a record: a signature not yet known, one to be audited alone, a pair not yet known."""

MOST_ATTEMPTS = 64
RESULTS = 1 << 28
"""Results from here on are codes: child, courses left and nodes met (`result_code`)."""
WANT_BITS = 10
COST_BITS = 7


class AttemptTable(NamedTuple):
    """What is known of attempts, by number, and of pairs of one family (compiled_rules)."""

    family: Int32
    name: Int32
    body: Int32
    start: Int32
    end: Int32
    kind: Int32
    rank: Int32
    gone: Word
    pair_keys: Word
    pair_value: Int32
    pair_chosen: Int32
    pair_gone: Word


class ClassTable(NamedTuple):
    """The classes of uses and courses, by child."""

    kind_class: Int32
    class_at: Int32
    n_classes: Int32
    n_courses: Int32
    course_mask: Word
    course_at: Int32


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
    cost: Int64
    held: Int32
    sure: Int32
    result: Int32
    barred: Int64
    best: Word
    n: Int32


@compiled
def reduce_record(
    numbers: Int32, table: AttemptTable, uses: Int32, left_out: Word, wanted: Int32
) -> int:
    """Return how many uses a record has, or PAIR or EXACT; fill `uses` and `left_out`.

    `uses` are its attempts that count, `left_out` the courses that can no longer be taken,
    `wanted` the two attempts of a pair that is not known.
    """
    n, found = len(numbers), 0
    if n > MOST_ATTEMPTS:
        return EXACT
    for word in range(len(left_out)):
        left_out[word] = np.uint64(0)
    for place in range(n):
        one = numbers[place]
        if table.kind[one] == -2:
            return EXACT
        partner, n_partners = -1, 0
        for other in range(n):
            if other != place and table.family[numbers[other]] == table.family[one]:
                partner, n_partners = other, n_partners + 1
        if n_partners == 0:
            for word in range(len(left_out)):
                left_out[word] |= table.gone[one, word]
            if table.kind[one] >= 0:
                uses[found] = one
                found += 1
            continue
        if n_partners > 1:
            return EXACT
        if partner < place:
            continue
        first, second = one, numbers[partner]
        if table.name[first] == table.name[second] or table.end[first] == table.end[second]:
            return EXACT
        if table.end[second] < table.end[first]:
            first, second = second, first
        key = np.zeros(1, np.uint64)
        is_over = 1 if table.end[first] <= table.start[second] else 0
        key[0] = np.uint64(
            (np.int64(table.body[first]) << 32) | (np.int64(table.body[second]) << 1) | is_over
        )
        known = table.pair_value[find(table.pair_keys, table.pair_value, key)]
        if known < 0:
            wanted[0], wanted[1] = first, second
            return PAIR
        chosen = table.pair_chosen[known]
        if chosen < 0:
            return EXACT
        for word in range(len(left_out)):
            left_out[word] |= table.pair_gone[known, word]
        if chosen & 1:
            if table.kind[first] < 0:
                return EXACT
            uses[found] = first
            found += 1
        if chosen & 2:
            if table.kind[second] < 0:
                return EXACT
            uses[found] = second
            found += 1
    # the order of code and id, in which the canonical answer places them
    for place in range(1, found):
        one, to = uses[place], place
        while to and table.rank[uses[to - 1]] > table.rank[one]:
            uses[to] = uses[to - 1]
            to -= 1
        uses[to] = one
    return found


@compiled
def sign(
    child: int,
    uses: Int32,
    n_uses: int,
    kind: Int32,
    left_out: Word,
    table: ClassTable,
    key: Word,
) -> bool:
    """Fill the signature of a record under a child; return whether it has one."""
    for word in range(len(key)):
        key[word] = np.uint64(0)
    key[len(key) - 1] = np.uint64(child)
    for use in range(n_uses):
        for part in range(table.kind_class.shape[2]):
            its = table.kind_class[child, kind[uses[use]], part]
            if its < 0:
                if its == -2:
                    return False
                continue
            most = np.uint64(table.class_at[child, its, 2])
            shift = np.uint64(table.class_at[child, its, 1])
            word = table.class_at[child, its, 0]
            mask = most
            mask |= mask >> np.uint64(1)
            mask |= mask >> np.uint64(2)
            mask |= mask >> np.uint64(4)
            if ((key[word] >> shift) & mask) < most:
                key[word] += np.uint64(1) << shift
    for place in range(table.n_courses[child]):
        total, most = table.course_at[child, place, 0], table.course_at[child, place, 1]
        if not most:
            continue
        taken = 0
        for word in range(len(left_out)):
            taken += bits(table.course_mask[child, place, word] & left_out[word])
        if taken > total - most:
            short = np.uint64(most - total + taken)
            shift = np.uint64(table.course_at[child, place, 3])
            key[table.course_at[child, place, 2]] += short << shift
    return True


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
    """Search a signature and keep its answer; return its number, or -1."""
    if not table.is_able[child] or known.n[0] >= len(known.cost):
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
    known.cost[number] = NO_COST if is_hopeless else answer[0] * table.units[child]
    known.held[number] = answer[2]
    # what is not certain is looked at only where no child has anything certain
    known.sure[number] = not is_hopeless
    known.barred[number] = answer[3]
    known.result[number] = RESULTS + ((((child << COST_BITS) + answer[0]) << WANT_BITS) + answer[1])
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
    kind: Int32,
    classes: ClassTable,
    table: SearchTable,
    known: AnswerTable,
    ahead: Word,
) -> int:
    """Return how many uses the leaves below the choice hold in the canonical answer."""
    if known.held[number] == 0:
        return 0
    order = np.zeros(n_uses, np.int32)
    found = 0
    for use in range(n_uses):
        for part in range(classes.kind_class.shape[2]):
            its = classes.kind_class[child, kind[uses[use]], part]
            if its >= 0 and table.class_moves[child, its]:
                order[found] = its
                found += 1
    return held_in_order(
        order,
        found,
        table.shape[child, 0],
        known.barred[number],
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
    """Answer the records `todo`; return how many signatures and pairs were not known, and FULL.

    `answers` gets the result of each record, or MISSING, EXACT, PAIR.
    """
    n_children = len(classes.n_courses)
    uses = np.zeros(MOST_ATTEMPTS, np.int32)
    left_out = np.zeros(attempts.gone.shape[1], np.uint64)
    wanted = np.zeros(2, np.int32)
    key = np.zeros(known.keys.shape[1], np.uint64)
    best_states = np.zeros(known.best.shape[1], np.uint64)
    ahead = np.zeros((MOST_ATTEMPTS + 1, known.best.shape[1]), np.uint64)
    answer = np.zeros(4, np.int64)
    mine = np.zeros(n_children, np.int32)
    waiting = np.zeros(n_children, np.int32)
    n_lacking, n_pairs, is_full = 0, 0, 0
    for index in range(len(todo)):
        record = todo[index]
        n_uses = reduce_record(
            numbers[offsets[record] : offsets[record + 1]], attempts, uses, left_out, wanted
        )
        if n_uses < 0:
            answers[record] = n_uses
            if n_uses == PAIR and n_pairs < len(pairs):
                pairs[n_pairs, 0], pairs[n_pairs, 1] = wanted[0], wanted[1]
                n_pairs += 1
            continue
        n_gone = 0
        for word in range(len(left_out)):
            n_gone += bits(left_out[word])
        if n_gone > most_gone:
            answers[record] = EXACT
            continue
        best_cost, n_tied, first = NO_COST + 1, 0, -1
        is_open, is_exact = False, False
        for child in range(n_children):
            mine[child] = -1
            if not sign(child, uses, n_uses, attempts.kind, left_out, classes, key):
                is_exact = True
                break
            place = find(known.keys, known.value, key)
            number = int(known.value[place])
            if number < 0:
                number = search(child, key, place, classes, table, known, best_states, answer)
                if number == FULL or (number < 0 and known.n[0] >= len(known.cost)):
                    is_full = 1
                    is_open = True
                    continue
            if number < 0:
                is_open = True
                if n_lacking < len(lacking):
                    copy(lacking[n_lacking], key, len(key))
                    lacking_record[n_lacking] = record
                    n_lacking += 1
                continue
            if known.result[number] < 0:
                is_exact = True
                break
            if not known.sure[number]:
                continue
            mine[child] = number
            if known.cost[number] < best_cost:
                best_cost, n_tied, first = known.cost[number], 1, child
            elif known.cost[number] == best_cost:
                n_tied += 1
        if is_exact:
            answers[record] = EXACT
            continue
        if is_open:
            answers[record] = MISSING
            continue
        if first < 0 or (best_cost == NO_COST and n_children > 1):
            answers[record] = EXACT  # under no child is anything certain to complete it
            continue
        chosen = mine[first]
        if n_tied > 1:
            # Most held counts first, then the order of the file. Those that could hold most are
            # looked at first: as a rule they do, and no other needs to be looked at.
            for child in range(first, n_children):
                number = int(mine[child])
                if number >= 0 and known.cost[number] == best_cost:
                    waiting[child] = 1
                    if known.held[number] < 0:
                        is_exact = True
                else:
                    waiting[child] = 0
            most_held, most_child = -1, -1
            while not is_exact:
                next_child = -1
                for child in range(first, n_children):
                    if waiting[child] and (
                        next_child < 0 or known.held[mine[child]] > known.held[mine[next_child]]
                    ):
                        next_child = child
                if next_child < 0:
                    break
                number = int(mine[next_child])
                bound = known.held[number]
                if bound < most_held or (bound == most_held and next_child > most_child):
                    break
                waiting[next_child] = 0
                held = true_held(
                    next_child, number, uses, n_uses, attempts.kind, classes, table, known, ahead
                )
                if held > most_held or (held == most_held and next_child < most_child):
                    most_held, most_child = held, next_child
            if not is_exact:
                chosen = mine[most_child]
        answers[record] = EXACT if is_exact else known.result[chosen]
    return n_lacking, n_pairs, is_full
