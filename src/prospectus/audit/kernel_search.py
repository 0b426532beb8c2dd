"""The compiled search of one signature: sets of states shifted as bits (compiled_rules_states).

`reach` is what uses can fill; `complete` is from where courses of the catalogue fill the rest, and
with how many of them serving the view too. Where both meet is the cheapest completion; the nodes
met now are the first set, in file order, that leaves such a state.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from prospectus.audit.kernel_table import compiled, copy, find, whole

UNSOLVED, FULL, HOPELESS = -1, -2, -3
"""Not of a shape that can be decided here; no room to keep a set of completions; nothing that is
certain to fit completes it."""

ALL_PASSED = 1 << 40

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Word = npt.NDArray[np.uint64]


@compiled
def shift_up(into: Word, source: Word, mask: Word, shift: int, n_words: int) -> None:
    """Add the states of a source, as far as a mask has them, moved up."""
    words, rest = shift >> 6, shift & 63
    up, down = np.uint64(rest), np.uint64(64 - rest)
    for word in range(n_words - words):
        moved = source[word] & mask[word]
        if moved:
            into[word + words] |= moved << up
            if rest and word + words + 1 < n_words:
                into[word + words + 1] |= moved >> down


@compiled
def shift_down(into: Word, source: Word, mask: Word, shift: int, n_words: int) -> None:
    """Add the states, as far as a mask has them, from which moving up leads into a source."""
    words, rest = shift >> 6, shift & 63
    up, down = np.uint64(rest), np.uint64(64 - rest)
    for word in range(n_words - words):
        moved = source[word + words] >> up
        if rest and word + words + 1 < n_words:
            moved |= source[word + words + 1] << down
        into[word] |= moved & mask[word]


@compiled
def may_move(is_met: int, weak: int, leaf: int, barred: int) -> bool:
    """Return whether a use may go into a leaf.

    A leaf whose bit is set in `barred` holds only what is passed and surely fits; with the bit
    `ALL_PASSED` nothing else than what is passed is held at all.
    """
    if not is_met and barred & ALL_PASSED:
        return False
    return not ((barred >> int(leaf)) & 1 and (weak or not is_met))


@compiled
def reach(
    counts: Int32,
    n_classes: int,
    first: Int32,
    n_moves: Int32,
    is_met: Int32,
    shifts: Int32,
    leaves: Int32,
    weak: Int32,
    masks: Word,
    barred: int,
    n_words: int,
    found: Word,
    spare: Word,
) -> None:
    """Find the states that uses can fill, where some leaves are barred (`may_move`)."""
    for word in range(n_words):
        found[word] = np.uint64(0)
    found[0] = np.uint64(1)
    for its in range(n_classes):
        for _ in range(counts[its]):
            for word in range(n_words):
                spare[word] = found[word]
            for move in range(first[its], first[its] + n_moves[its]):
                if not may_move(is_met[its], weak[move], leaves[move], barred):
                    continue
                shift_up(found, spare, masks[move], shifts[move], n_words)


@compiled
def complete(
    supply: Int32,
    n_courses: int,
    first: Int32,
    n_moves: Int32,
    is_view: Int32,
    shifts: Int32,
    masks: Word,
    full: Word,
    n_words: int,
    found: Word,
    spare: Word,
) -> None:
    """Find from where courses fill the rest, with at least 0, 1, ... of them for the view."""
    n_levels = found.shape[0]
    for level in range(n_levels):
        for word in range(n_words):
            found[level, word] = np.uint64(0)
    copy(found[0], full, n_words)
    for its in range(n_courses):
        for _ in range(supply[its]):
            for level in range(n_levels):
                copy(spare[level], found[level], n_words)
            for level in range(n_levels):
                into = min(level + is_view[its], n_levels - 1)
                for move in range(first[its], first[its] + n_moves[its]):
                    shift_down(found[into], spare[level], masks[move], shifts[move], n_words)
    for level in range(n_levels - 2, -1, -1):
        for word in range(n_words):
            found[level, word] |= found[level + 1, word]


@compiled
def solve(
    key: Word,
    shape: Int32,
    class_at: Int32,
    class_is: Int32,
    class_first: Int32,
    class_moves: Int32,
    n_classes: int,
    course_at: Int32,
    n_courses: int,
    course_is: Int32,
    course_first: Int32,
    course_moves: Int32,
    shifts: Int32,
    leaves: Int32,
    weak: Int32,
    masks: Word,
    full: Word,
    levels: Word,
    held_at: Word,
    wants: Word,
    want_leaf: Int32,
    want_asks: Int32,
    course_key: Word,
    done_keys: Word,
    done_value: Int32,
    done: Word,
    n_done: Int32,
    best: Word,
    answer: Int64,
) -> int:
    """Find the answer of a signature: cost in courses, nodes met, held, barred, least held.

    `shape`: words of a set, courses of a degree, courses of the view, wants, most held.
    `held` and `least` are the most and the fewest that best states hold below the choice.
    Returns 0, UNSOLVED, FULL or HOPELESS; `best` gets the states of the best answers.
    """
    n_words, n_items, n_view, n_wants, most_held = shape[0], shape[1], shape[2], shape[3], shape[4]
    byte = np.uint64(0xFF)
    counts = np.zeros(n_classes, np.int32)
    in_view, passed_view, n_unmet, n_weak, n_asked = 0, 0, 0, 0, 0
    for its in range(n_classes):
        if not class_at[its, 2]:
            continue
        n = whole((key[class_at[its, 0]] >> np.uint64(class_at[its, 1])) & byte)
        if n == 0:
            continue
        if not class_is[its, 0]:
            return UNSOLVED
        if class_is[its, 1]:
            in_view += n
            if class_is[its, 2]:
                passed_view += n
            continue
        counts[its] = n
        if not class_is[its, 2]:
            n_unmet += n
        elif class_is[its, 3]:
            n_asked += n
        for move in range(class_first[its], class_first[its] + class_moves[its]):
            n_weak += weak[move]
    supply = np.zeros(n_courses, np.int32)
    n_for_view = 0
    own = np.zeros(len(key), np.uint64)
    for word in range(len(key)):
        own[word] = key[word] & course_key[word]
    for its in range(n_courses):
        supply[its] = course_at[its, 4]
        if course_at[its, 1]:
            gone = (key[course_at[its, 2]] >> np.uint64(course_at[its, 3])) & byte
            supply[its] -= whole(gone) - course_at[its, 0]
        if course_is[its]:
            n_for_view += supply[its]
    lack = max(0, n_view - in_view)
    if n_for_view < lack:
        return UNSOLVED
    place = find(done_keys, done_value, own)
    number = done_value[place]
    spare = np.zeros((done.shape[1], n_words), np.uint64)
    if number < 0:
        number = n_done[0]
        if number >= len(done) or 2 * number >= len(done_value):
            return FULL
        complete(
            supply,
            n_courses,
            course_first,
            course_moves,
            course_is,
            shifts,
            masks,
            full,
            n_words,
            done[number],
            spare,
        )
        copy(done_keys[place], own, len(own))
        done_value[place] = number
        n_done[0] = number + 1
    fits = done[number]
    found = np.zeros(n_words, np.uint64)
    room = np.zeros(n_words, np.uint64)
    barred = 0
    reach(
        counts,
        n_classes,
        class_first,
        class_moves,
        class_is[:, 2],
        shifts,
        leaves,
        weak,
        masks,
        barred,
        n_words,
        found,
        room,
    )
    cost, is_found = 0, False
    while not is_found and cost <= n_items + n_view:
        for word in range(n_words):
            best[word] = np.uint64(0)
        for level in range(lack + 1):
            # so many courses serve the view too; what it still lacks is bought for it alone
            bought = cost - (lack - level)
            if bought < 0 or bought > n_items:
                continue
            for word in range(n_words):
                one = found[word] & fits[level, word] & levels[n_items - bought, word]
                if one:
                    best[word] |= one
                    is_found = True
        if not is_found:
            cost += 1
    if not is_found:
        return HOPELESS
    pattern = 0
    for want in range(n_wants):
        if want_leaf[want] == -2:
            if passed_view >= n_view:
                pattern |= 1 << want
            continue
        now = barred
        if want_leaf[want] >= 0 and n_unmet + n_weak:
            now |= 1 << int(want_leaf[want])
        elif want_leaf[want] < 0 and n_unmet:
            if want_asks[want] > 0:
                if n_asked >= want_asks[want]:
                    return UNSOLVED
                continue
            now |= ALL_PASSED
        if n_unmet + n_weak:
            reach(
                counts,
                n_classes,
                class_first,
                class_moves,
                class_is[:, 2],
                shifts,
                leaves,
                weak,
                masks,
                now,
                n_words,
                found,
                room,
            )
        is_some = False
        for word in range(n_words):
            room[word] = best[word] & wants[want, word] & found[word]
            if room[word]:
                is_some = True
        if is_some:
            pattern |= 1 << want
            barred = now
            for word in range(n_words):
                best[word] = room[word]
    if n_unmet + n_weak:
        reach(
            counts,
            n_classes,
            class_first,
            class_moves,
            class_is[:, 2],
            shifts,
            leaves,
            weak,
            masks,
            barred,
            n_words,
            found,
            room,
        )
        for word in range(n_words):
            best[word] &= found[word]
    held, least = -1, most_held
    for level in range(most_held + 1):
        for word in range(n_words):
            if best[word] & held_at[level, word]:
                held = level
                least = min(least, level)
                break
    answer[0], answer[1], answer[2], answer[3], answer[4] = cost, pattern, held, barred, least
    return 0


@compiled
def held_in_order(
    classes: Int32,
    n_uses: int,
    n_words: int,
    barred: int,
    first: Int32,
    n_moves: Int32,
    is_met: Int32,
    shifts: Int32,
    leaves: Int32,
    weak: Int32,
    masks: Word,
    below: Word,
    best: Word,
    ahead: Word,
) -> int:
    """Return how many uses leaves below the choice hold when each, in code order, goes first.

    `classes` are those of the uses in code order; `ahead` is room for what may still follow.
    """
    for word in range(n_words):
        ahead[n_uses, word] = best[word]
    for use in range(n_uses - 1, -1, -1):
        its = classes[use]
        for word in range(n_words):
            ahead[use, word] = ahead[use + 1, word]
        for move in range(first[its], first[its] + n_moves[its]):
            if may_move(is_met[its], weak[move], leaves[move], barred):
                shift_down(ahead[use], ahead[use + 1], masks[move], shifts[move], n_words)
    state, held = 0, 0
    for use in range(n_uses):
        its = classes[use]
        for move in range(first[its], first[its] + n_moves[its]):
            if not may_move(is_met[its], weak[move], leaves[move], barred):
                continue
            if not (masks[move, state >> 6] >> np.uint64(state & 63)) & np.uint64(1):
                continue
            to = state + shifts[move]
            if (ahead[use + 1, to >> 6] >> np.uint64(to & 63)) & np.uint64(1):
                state = to
                if (below[0] >> np.uint64(leaves[move])) & np.uint64(1):
                    held += 1
                break
    return held
