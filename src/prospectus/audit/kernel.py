"""The compiled kernel: from numbers of attempts to the numbers of answers.

Plain loops over tables of numbers, which numba compiles; with NUMBA_DISABLE_JIT=1 they run as plain
Python, their own slow twin. A signature says all that decides an answer (`compiled_rules`);
answers are looked up by the whole signature, never by a hash alone. Loading this module loads numba:
only a batch does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

MISSING, EXACT, PAIR = -1, -2, -3
"""Of a record: a signature not yet known, one to be audited alone, a pair not yet known."""

NO_COST = 1 << 40
MOST_ATTEMPTS = 64
UNKNOWN_HELD = -1

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Word = npt.NDArray[np.uint64]
_P = ParamSpec("_P")
_R = TypeVar("_R")


def _compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    return cast(Callable[_P, _R], njit(cache=True, nogil=True)(function))


@dataclass(slots=True)
class Answers:
    """Answers by signature: an open table, doubled before it is half full.

    `keys` hold the signature and the child; `value` is the place of the answer, -1 where free,
    -2 where it is being looked for. Per answer: its `cost` in units (NO_COST: none), the units
    `held` below the child (UNKNOWN_HELD: it takes the whole record to say), whether it is `sure`,
    and the `result` to print; result -1: records with it are audited one by one.
    """

    keys: Word
    value: Int32
    cost: Int64
    held: Int32
    sure: Int32
    result: Int32
    n: int = 0

    @classmethod
    def empty(cls, n_words: int, size: int = 1 << 14) -> Answers:
        """Return a table without answers."""
        return cls(
            keys=np.zeros((size, n_words + 1), np.uint64),
            value=np.full(size, -1, np.int32),
            cost=np.zeros(size, np.int64),
            held=np.zeros(size, np.int32),
            sure=np.zeros(size, np.int32),
            result=np.zeros(size, np.int32),
        )

    def add(self, key: Word, cost: int, held: int, sure: bool, result: int) -> None:
        """Keep the answer of a signature."""
        if 2 * (self.n + 1) > len(self.value):
            self._double()
        number = self.n
        self.n += 1
        if number >= len(self.cost):
            for name in ("cost", "held", "sure", "result"):
                old = getattr(self, name)
                setattr(self, name, np.concatenate([old, np.zeros_like(old)]))
        self.cost[number], self.held[number] = cost, held
        self.sure[number], self.result[number] = sure, result
        place = int(find(self.keys, self.value, key))
        self.keys[place], self.value[place] = key, number

    def _double(self) -> None:
        keys, value = self.keys, self.value
        self.keys = np.zeros((2 * len(value), keys.shape[1]), np.uint64)
        self.value = np.full(2 * len(value), -1, np.int32)
        for place in np.flatnonzero(value >= 0):
            new = int(find(self.keys, self.value, keys[place]))
            self.keys[new], self.value[new] = keys[place], value[place]


@_compiled
def find(keys: Word, value: Int32, key: Word) -> int:
    """Return the place of a key in an open table, or the free place where it belongs."""
    n_words = len(key)
    mixed = np.uint64(0x9E3779B97F4A7C15)
    for word in range(n_words):
        mixed ^= key[word]
        mixed *= np.uint64(0xFF51AFD7ED558CCD)
        mixed ^= mixed >> np.uint64(32)
    mask = np.uint64(len(value) - 1)
    place = mixed & mask
    while value[np.int64(place)] != -1:
        is_same = True
        for word in range(n_words):
            if keys[np.int64(place), word] != key[word]:
                is_same = False
                break
        if is_same:
            break
        place = (place + np.uint64(1)) & mask
    return np.int64(place)  # type: ignore[return-value]


@_compiled
def bits(word: np.uint64) -> int:
    """Return how many bits of a word are set."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + (
        (word >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))  # type: ignore[return-value]


@_compiled
def reduce_record(
    numbers: Int32,
    family: Int32,
    name: Int32,
    body: Int32,
    start: Int32,
    end: Int32,
    kind: Int32,
    gone: Word,
    pair_keys: Word,
    pair_value: Int32,
    pair_chosen: Int32,
    pair_gone: Word,
    kinds: Int32,
    left_out: Word,
    wanted: Int32,
) -> int:
    """Return how many uses a record has, or PAIR or EXACT; fill `kinds` and `left_out`.

    `kinds` are the kinds of its uses, `left_out` the courses that can no longer be taken,
    `wanted` the two attempts of a pair that is not known.
    """
    n, found = len(numbers), 0
    if n > MOST_ATTEMPTS:
        return EXACT
    for word in range(len(left_out)):
        left_out[word] = np.uint64(0)
    for place in range(n):
        one = numbers[place]
        mine = kind[one]
        if mine == -2:
            return EXACT
        partner, n_partners = -1, 0
        for other in range(n):
            if other != place and family[numbers[other]] == family[one]:
                partner, n_partners = other, n_partners + 1
        if n_partners == 0:
            for word in range(len(left_out)):
                left_out[word] |= gone[one, word]
            if mine >= 0:
                kinds[found] = mine
                found += 1
            continue
        if n_partners > 1:
            return EXACT
        if partner < place:
            continue
        first, second = one, numbers[partner]
        if name[first] == name[second] or end[first] == end[second]:
            return EXACT
        if end[second] < end[first]:
            first, second = second, first
        key = np.zeros(1, np.uint64)
        is_over = 1 if end[first] <= start[second] else 0
        key[0] = np.uint64((np.int64(body[first]) << 32) | (np.int64(body[second]) << 1) | is_over)
        here = find(pair_keys, pair_value, key)
        known = pair_value[here]
        if known < 0:
            wanted[0], wanted[1] = first, second
            return PAIR
        chosen = pair_chosen[known]
        if chosen < 0:
            return EXACT
        for word in range(len(left_out)):
            left_out[word] |= pair_gone[known, word]
        if chosen & 1:
            if kind[first] < 0:
                return EXACT
            kinds[found] = kind[first]
            found += 1
        if chosen & 2:
            if kind[second] < 0:
                return EXACT
            kinds[found] = kind[second]
            found += 1
    return found


@_compiled
def sign(
    child: int,
    kinds: Int32,
    n_uses: int,
    left_out: Word,
    kind_class: Int32,
    class_word: Int32,
    class_shift: Int32,
    class_most: Int32,
    n_courses: Int32,
    course_mask: Word,
    course_at: Int32,
    key: Word,
) -> bool:
    """Fill the signature of a record under a child; return whether it has one."""
    for word in range(len(key)):
        key[word] = np.uint64(0)
    key[len(key) - 1] = np.uint64(child)
    for use in range(n_uses):
        its = kind_class[child, kinds[use]]
        if its < 0:
            if its == -2:
                return False
            continue
        most = np.uint64(class_most[child, its])
        word, shift = class_word[child, its], np.uint64(class_shift[child, its])
        mask = most
        mask |= mask >> np.uint64(1)
        mask |= mask >> np.uint64(2)
        mask |= mask >> np.uint64(4)
        if ((key[word] >> shift) & mask) < most:
            key[word] += np.uint64(1) << shift
    for place in range(n_courses[child]):
        taken = 0
        for word in range(len(left_out)):
            taken += bits(course_mask[child, place, word] & left_out[word])
        if taken:
            total, most = course_at[child, place, 0], course_at[child, place, 1]
            short = most - min(most, total - taken)
            if short:
                shift = np.uint64(course_at[child, place, 3])
                key[course_at[child, place, 2]] += np.uint64(short) << shift
    return True


@_compiled
def run_block(
    offsets: Int64,
    numbers: Int32,
    todo: Int32,
    family: Int32,
    name: Int32,
    body: Int32,
    start: Int32,
    end: Int32,
    kind: Int32,
    gone: Word,
    pair_keys: Word,
    pair_value: Int32,
    pair_chosen: Int32,
    pair_gone: Word,
    kind_class: Int32,
    class_word: Int32,
    class_shift: Int32,
    class_most: Int32,
    n_courses: Int32,
    course_mask: Word,
    course_at: Int32,
    keys: Word,
    value: Int32,
    cost: Int64,
    held: Int32,
    sure: Int32,
    result: Int32,
    answers: Int32,
    lacking: Word,
    lacking_record: Int32,
    pairs: Int32,
) -> tuple[int, int]:
    """Answer the records `todo`; return how many signatures and pairs were not known.

    `answers` gets the result of each record, or MISSING, EXACT, PAIR.
    """
    n_children = len(n_courses)
    kinds = np.zeros(MOST_ATTEMPTS, np.int32)
    left_out = np.zeros(gone.shape[1], np.uint64)
    wanted = np.zeros(2, np.int32)
    key = np.zeros(keys.shape[1], np.uint64)
    n_lacking, n_pairs = 0, 0
    for index in range(len(todo)):
        record = todo[index]
        n_uses = reduce_record(
            numbers[offsets[record] : offsets[record + 1]],
            family,
            name,
            body,
            start,
            end,
            kind,
            gone,
            pair_keys,
            pair_value,
            pair_chosen,
            pair_gone,
            kinds,
            left_out,
            wanted,
        )
        if n_uses < 0:
            answers[record] = n_uses
            if n_uses == PAIR and n_pairs < len(pairs):
                pairs[n_pairs, 0], pairs[n_pairs, 1] = wanted[0], wanted[1]
                n_pairs += 1
            continue
        best, best_cost, best_held, n_tied = -1, NO_COST + 1, -1, 0
        is_open, is_exact = False, False
        for child in range(n_children):
            if not sign(
                child,
                kinds,
                n_uses,
                left_out,
                kind_class,
                class_word,
                class_shift,
                class_most,
                n_courses,
                course_mask,
                course_at,
                key,
            ):
                is_exact = True
                break
            number = value[find(keys, value, key)]
            if number < 0:
                is_open = True
                if n_lacking < len(lacking):
                    lacking[n_lacking, :] = key
                    lacking_record[n_lacking] = record
                    n_lacking += 1
                continue
            if result[number] < 0:
                is_exact = True
                break
            if not sure[number]:
                continue
            if cost[number] < best_cost:
                best, best_cost, n_tied = number, cost[number], 1
                best_held = held[number]
            elif cost[number] == best_cost and best >= 0:
                n_tied += 1
                if held[number] < 0 or best_held < 0:
                    best_held = -1
                elif held[number] > best_held:
                    best, best_held = number, held[number]
        if is_exact:
            answers[record] = EXACT
        elif is_open:
            answers[record] = MISSING
        elif (
            best < 0 or (best_cost == NO_COST and n_children > 1) or (n_tied > 1 and best_held < 0)
        ):
            answers[record] = EXACT
        else:
            answers[record] = result[best]
    return n_lacking, n_pairs
