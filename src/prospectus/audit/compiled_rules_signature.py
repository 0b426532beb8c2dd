"""Signatures: where each class of uses and courses is counted, and what an attempt adds to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from prospectus.audit.compiled_rules_child import Child
from prospectus.audit.kernel_layout import ClassTable
from prospectus.audit.problem import Entry

NO_USE = -1
N_PARTS = 3
"""How many classes one use counts in at most: views, and the rest."""
MOST_CLASSES = 96

Ints = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]
_N = TypeVar("_N", np.int32, np.uint8)


class Signatures:
    """The bytes of the signatures under all children, grown as new classes are met.

    Attributes
    ----------
    n_words
        How many words a signature has now.
    n_gone
        How many courses each number of `what` takes away.
    """

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        n = len(children)
        self.n_gone: Ints = np.zeros(64, np.int32)
        self._kind_class: Ints = np.full((n, 64, N_PARTS), NO_USE, np.int32)
        self._class_at: Ints = np.zeros((n, MOST_CLASSES, 3), np.int32)
        self._n_classes: Ints = np.zeros(n, np.int32)
        widest = max((len(child.courses) for child in self.children), default=0)
        self._n_courses: Ints = np.zeros(n, np.int32)
        self._course_at: Ints = np.zeros((n, max(1, widest), 5), np.int32)
        for index, child in enumerate(self.children):
            self._n_courses[index] = len(child.courses)
            for place, one in enumerate(child.courses):
                word, shift = _at(one.byte)
                supply = child.supply[place]
                self._course_at[index, place] = (one.spare, one.most, word, shift, supply)
        self._whats: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
        self.n_words = 0
        self._widen()

    def table(self) -> ClassTable:
        """Return what the kernel looks into."""
        return ClassTable(
            self._kind_class,
            self._class_at,
            self._n_classes,
            self._n_courses,
            self._course_at,
            self._low.view(np.uint64).reshape(-1),
            self._high.view(np.uint64).reshape(-1),
        )

    @property
    def add(self) -> npt.NDArray[np.uint64]:
        """Return what each number of `what` adds, a row of words for each."""
        return self._add.view(np.uint64)

    @property
    def course_bytes(self) -> Bytes:
        """Return the bytes of a signature by child that the catalogue decides, its number too."""
        found = np.zeros((len(self.children), 8 * self.n_words), np.uint8)
        for index, child in enumerate(self.children):
            found[index, [0, *(one.byte for one in child.courses if one.most)]] = 0xFF
        return found

    def _widen(self) -> None:
        """Lay signatures out anew where a class found no room in their words.

        Whoever still looks at the old tables has numbers from before, which stand there in full.
        """
        n_words = -(-max(child.n_bytes for child in self.children) // 8)
        if n_words <= self.n_words:
            return
        self.n_words = n_words
        n = len(self.children)
        self._low: Bytes = np.zeros((n, 8 * n_words), np.uint8)
        self._high: Bytes = np.zeros((n, 8 * n_words), np.uint8)
        for index, child in enumerate(self.children):
            self._low[index, 0] = self._high[index, 0] = index
            for course in child.courses:
                if course.most:
                    self._low[index, course.byte] = course.spare
                    self._high[index, course.byte] = course.total
            for one in child.uses.values():
                if one is not None and one.most:
                    self._high[index, one.byte] = one.most
        self._add: Bytes = np.zeros((len(self.n_gone), n * 8 * n_words), np.uint8)
        for (kinds, gone), what in self._whats.items():
            self._add[what] = self._added(kinds, gone)

    def _added(self, kinds: tuple[int, ...], gone: tuple[int, ...]) -> Bytes:
        """Return what uses of some kinds, and courses that are gone, add to a signature."""
        found = np.zeros((len(self.children), 8 * self.n_words), np.uint8)
        for index, child in enumerate(self.children):
            for kind in kinds:
                for place in self._kind_class[index, kind]:
                    word, shift, most = self._class_at[index, place]
                    if place >= 0 and most:
                        found[index, 8 * word + shift // 8] += 1
            for course in gone:
                place = child.class_of.get(course)
                if place is not None and child.courses[place].most:
                    found[index, child.courses[place].byte] += 1
        return found.reshape(-1)

    def what(self, kinds: tuple[int, ...], gone: tuple[int, ...]) -> int:
        """Return under which number stands what some uses add to a signature."""
        known = self._whats.get((kinds, gone))
        if known is None:
            known = len(self._whats)
            if known >= len(self.n_gone):
                self.n_gone = doubled(self.n_gone)
                self._add = doubled(self._add)
            self.n_gone[known] = len(gone)
            self._add[known] = self._added(kinds, gone)
            self._whats[kinds, gone] = known
        return known

    def set_classes(self, kind: int, entry: Entry) -> bool:
        """Lay out the classes of a kind; return whether there was room for all."""
        if kind >= self._kind_class.shape[1]:
            more = np.full_like(self._kind_class, NO_USE)
            self._kind_class = np.concatenate([self._kind_class, more], axis=1)
        for index, child in enumerate(self.children):
            for slot, kinship in enumerate(child.kinships(entry)):
                field = child.field(kinship)
                place = list(child.uses).index(kinship)
                if field is None or slot >= N_PARTS or place >= MOST_CLASSES:
                    return False
                self._kind_class[index, kind, slot] = place
                self._class_at[index, place] = (*_at(field.byte), field.most)
                self._n_classes[index] = min(MOST_CLASSES, len(child.uses))
                if field.byte < 8 * self.n_words and field.most:
                    self._high[index, field.byte] = field.most
        self._widen()
        return True


def _at(byte: int) -> tuple[int, int]:
    """Return the word and the shift of a byte."""
    return byte // 8, 8 * (byte % 8)


def doubled(table: npt.NDArray[_N]) -> npt.NDArray[_N]:
    """Return a table with room for as many rows again; others may look at the old one."""
    return np.concatenate([table, np.zeros_like(table)])
