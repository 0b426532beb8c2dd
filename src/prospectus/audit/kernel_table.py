"""What the kernel's loops share: their compiler, an open table, the answers by signature.

The loops are plain Python that numba compiles; with NUMBA_DISABLE_JIT=1 they run as they are, their
own slow twin. Loading this module loads numba, which only a batch does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

NO_COST = 1 << 40
UNKNOWN_HELD = -1

COST, HELD, LEAST, SURE, RESULT, BARRED = range(6)
"""The columns of an answer's facts."""
_N_FACTS = 8

ORDER_WORDS = 3
"""An answer's number, and the classes of up to sixteen uses."""
_MOST_ORDERS = 1 << 16

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Word = npt.NDArray[np.uint64]
_P = ParamSpec("_P")
_R = TypeVar("_R")


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a loop when it is first called; what was compiled is kept between runs."""
    return cast(Callable[_P, _R], njit(cache=True, nogil=True)(function))


@compiled
def whole(word: np.uint64) -> int:
    """Return a word as a signed number: with both kinds in one sum numba would make it a float."""
    return np.int64(word)  # type: ignore[return-value]


@compiled
def copy(into: Word, source: Word, n_words: int) -> None:
    """Copy words. Assigned slices would do, at seconds of compiling for each."""
    for word in range(n_words):
        into[word] = source[word]


@compiled
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
    while value[whole(place)] != -1:
        is_same = True
        for word in range(n_words):
            if keys[whole(place), word] != key[word]:
                is_same = False
                break
        if is_same:
            break
        place = (place + np.uint64(1)) & mask
    return whole(place)


@dataclass(slots=True)
class Answers:
    """Answers by signature: an open table, doubled before it is half full.

    `keys` hold the signature, in which the child stands; `value` is the place of the answer, -1
    where free. Per answer `facts` has on one line its COST in units (NO_COST: none), the most units
    that leaves below the choice hold (HELD; UNKNOWN_HELD: the exact engine has to say) and the
    fewest (LEAST), whether it is SURE, the RESULT to print (-1: records with it are audited one by
    one), the leaves that are BARRED to what is not passed; `best` has the states of its best
    answers. `n` has their number alone in it, so that loops can count. `order_keys` and
    `order_held` are an open table of what an answer holds under an order of the uses, `n_orders`
    how many it has.
    """

    keys: Word
    value: Int32
    facts: Int64
    best: Word
    n: Int32
    order_keys: Word
    order_held: Int32
    n_orders: Int32

    @classmethod
    def empty(cls, n_words: int, n_best: int, size: int = 1 << 16) -> Answers:
        """Return a table without answers."""
        return cls(
            keys=np.zeros((size, n_words), np.uint64),
            value=np.full(size, -1, np.int32),
            facts=np.zeros((size // 2, _N_FACTS), np.int64),
            best=np.zeros((size // 2, n_best), np.uint64),
            n=np.zeros(1, np.int32),
            order_keys=np.zeros((_MOST_ORDERS, ORDER_WORDS), np.uint64),
            order_held=np.full(_MOST_ORDERS, -1, np.int32),
            n_orders=np.zeros(1, np.int32),
        )

    @property
    def is_full(self) -> bool:
        """Return whether no more answers fit."""
        return int(self.n[0]) >= len(self.facts)

    def add(self, key: Word, cost: int, held: int, sure: bool, result: int) -> None:
        """Keep the answer of a signature."""
        if self.is_full:
            self.double()
        number = int(self.n[0])
        self.n[0] += 1
        self.facts[number, :BARRED] = (cost, held, held, sure, result)
        place = find(self.keys, self.value, key)
        self.keys[place], self.value[place] = key, number

    def double(self) -> None:
        """Make room for as many answers again."""
        self.facts = np.concatenate([self.facts, np.zeros_like(self.facts)])
        self.best = np.concatenate([self.best, np.zeros_like(self.best)])
        self.keys, self.value = doubled(self.keys, self.value)


def doubled(keys: Word, value: Int32) -> tuple[Word, Int32]:
    """Return an open table twice as large."""
    new_keys = np.zeros((2 * len(value), keys.shape[1]), np.uint64)
    new_value = np.full(2 * len(value), -1, np.int32)
    _fill(new_keys, new_value, keys, value)
    return new_keys, new_value


@compiled
def _fill(new_keys: Word, new_value: Int32, keys: Word, value: Int32) -> None:
    for place in range(len(value)):
        if value[place] >= 0:
            to = find(new_keys, new_value, keys[place])
            copy(new_keys[to], keys[place], keys.shape[1])
            new_value[to] = value[place]
