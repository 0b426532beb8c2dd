"""One programme's rules as tables of numbers, for records audited by the thousand.

Everything here is read off the exact engine: what a use is to every rule, which courses of the
catalogue it takes away, which of two attempts at a course counts. Nothing is said twice, so that
the tables cannot say it differently. `reasons_against` names what they cannot hold.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from prospectus.audit.problem import Entry, problem_of, scopes
from prospectus.audit.rules import Leaf, Rules, rules_of
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, CreditSource, Record
from prospectus.domain.requirement import Any, NodeId

NO_USE = -1
SPECIAL = -2
N_WORDS = 6
"""How many words of 64 bits a signature has."""

_MOST_OF_A_KIND = 15
_NEVER_SCARCE = 24
"""A class of the catalogue with so many courses to spare is never short; see `MOST_GONE`."""
MOST_GONE = 20

Ints = npt.NDArray[np.int32]
Words = npt.NDArray[np.uint64]


def reasons_against(rules: Rules, declared: Mapping[str, str]) -> tuple[str, ...]:
    """Return why a programme's records must all be audited one by one; nothing where they need not.

    These are rules by which attempts at different courses, or days, change what another one is.
    """
    record_rules = rules.resolved.program.record_rules
    repeats = record_rules.repeats
    found = []
    if record_rules.expires_months is not None:
        found.append("credit expires")
    if record_rules.attempts_at_most is not None:
        found.append("the number of attempts is limited")
    if repeats is not None and (
        repeats.allowed is not None or repeats.at_most_in_all is not None or repeats.cap is not None
    ):
        found.append("a condition or a number limits repeats")
    if any(rule.condition is not None for rule in rules.overlaps):
        found.append("an overlap depends on the whole record")
    if rules.reader.excludes is None:
        found.append("an exclusion depends on the whole record")
    if len(open_choices(rules, declared)) > 1:
        found.append("several choices are not declared")
    return tuple(found)


def open_choices(rules: Rules, declared: Mapping[str, str]) -> list[Any]:
    """Return the choices to be declared that are not."""
    return [node for node in rules.anys if node.declare and node.header.id not in declared]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinship:
    """What makes uses or courses one class under one child: alike to every rule active there."""

    units: int
    is_new: bool
    is_met: bool
    is_waiver: bool
    allowed: int
    sure: int
    measured: tuple[bool | None, ...]
    areas: tuple[frozenset[str], ...]
    values: tuple[frozenset[str] | None, ...]
    allows: tuple[bool, ...]
    elsewhere: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Where a signature counts a class, and how far: more than `most` makes no difference."""

    kinship: Kinship
    most: int
    word: int
    shift: int
    total: int = 0


class Child:
    """The rules under one declared child: its classes of uses and of catalogue courses."""

    def __init__(
        self,
        rules: Rules,
        choices: Mapping[str, str],
        base: Sequence[Entry],
        even: int | None,
    ) -> None:
        self.rules = rules
        self.even = even
        self.choices = dict(choices)
        self.scopes = list(scopes(rules, self.choices))
        self.leaves = 0
        active: set[str] = set()
        for scope in self.scopes:
            self.leaves |= scope.leaves
            active |= scope.active
        self._here = [leaf for leaf in rules.leaves if leaf.bit & self.leaves]
        self._measures = sorted(
            {minimum.index for leaf in self._here for minimum in leaf.minima}
            | {b.index for b in rules.bounds if not b.in_tree or b.measure.header.id in active}
        )
        self.rest_most = self._rest_most()
        self._used = 0
        self.uses: dict[Kinship, Field | None] = {}
        self.courses: list[Field] = []
        self.class_of: dict[int, int] = {}
        self.is_full = False
        self._read_catalogue(base)

    def _rest_most(self) -> int:
        """Return the most that free electives ask: totals less what the other leaves must hold.

        Where courses differ in credits a leaf of courses may hold few credits, so that only the
        total bounds it.
        """
        most = max((total.credits or 0 for total in self.rules.totals), default=0)
        totals = [t for t in self.rules.totals if t.credits is not None]
        if self.even is None or len(self.scopes) > 1 or len(totals) != 1 or self.rules.overlaps:
            return most
        pools = {leaf.fill.pool for leaf in self._here if leaf.counts}
        if len(pools) != 1:
            return most
        held = sum(
            (leaf.courses or 0) * self.even
            for leaf in self._here
            if leaf.bit & totals[0].scope and not leaf.fill.rest
        )
        return max(0, most - held)

    def kinship(self, entry: Entry) -> Kinship | None:
        """Return what an entry is here; None where no leaf may hold it."""
        allowed = entry.allowed & self.leaves
        if not allowed:
            return None
        row = entry.row
        return Kinship(
            units=row.units,
            is_new=entry.is_new,
            is_met=entry.is_met,
            is_waiver=row.is_waiver,
            allowed=allowed,
            sure=entry.sure & self.leaves,
            measured=tuple(row.measured[i] for i in self._measures),
            areas=tuple(row.areas[leaf.index] for leaf in self._here if leaf.shape),
            values=tuple(row.values[i] for i in self._measures),
            allows=entry.allows,
            elsewhere=tuple(mask & self.leaves for mask in entry.elsewhere),
        )

    def field(self, kinship: Kinship) -> Field | None:
        """Return where uses of a class are counted; None where there is no room left."""
        if kinship not in self.uses:
            self.uses[kinship] = self._allot(kinship, self.most(kinship))
        return self.uses[kinship]

    def most(self, kinship: Kinship) -> int:
        """Return the most of a class that leaves filled with nothing to spare can hold."""
        found = sum(
            self._most_in(leaf, kinship) for leaf in self._here if kinship.allowed & leaf.bit
        )
        return min(found, _MOST_OF_A_KIND)

    def _most_in(self, leaf: Leaf, kinship: Kinship) -> int:
        """Return the most of a class that one leaf holds: each is needed for some size."""
        units = kinship.units
        if leaf.fill.rest:
            asked = max(self.rest_most, leaf.rest_least)
            return -(-asked // units) if units else 0
        found = leaf.courses or 0
        if leaf.credits:
            found += -(-leaf.credits // units) if units else 0
        for minimum in leaf.minima:
            if not minimum.is_most:
                found += (
                    minimum.bound if minimum.in_courses or not units else -(-minimum.bound // units)
                )
        return found + sum(leaf.shape)

    def _allot(self, kinship: Kinship, most: int, total: int = 0) -> Field | None:
        width = most.bit_length()
        word, shift = divmod(self._used, 64)
        if shift + width > 64:
            word, shift = word + 1, 0
        if word >= N_WORDS:
            self.is_full = True
            return None
        self._used = word * 64 + shift + width
        return Field(kinship=kinship, most=most, word=word, shift=shift, total=total)

    def _read_catalogue(self, base: Sequence[Entry]) -> None:
        totals: dict[Kinship, list[int]] = {}
        for place, entry in enumerate(base):
            kinship = self.kinship(entry)
            if kinship is not None:
                totals.setdefault(kinship, []).append(place)
        for kinship, places in totals.items():
            most = min(self.most(kinship), len(places))
            spare = len(places) - most >= _NEVER_SCARCE
            made = self._allot(kinship, 0 if spare else most, len(places))
            if made is None:
                return
            for place in places:
                self.class_of[place] = len(self.courses)
            self.courses.append(made)


class Compiled:
    """The tables of one programme for one person, grown as new attempts are met."""

    def __init__(self, resolved: Resolved, declared: Mapping[str, str], today: dt.date) -> None:
        self.resolved = resolved
        self.declared = dict(declared)
        self.today = today
        self.rules = rules_of(resolved)
        self.against = reasons_against(self.rules, declared)
        empty = problem_of(self.rules, Record(), today, None)
        self._catalogue: list[Entry] = [
            replace(entry, codes=(code,)) for entry in empty.courses for code in entry.codes
        ]
        self._place = {entry.code: place for place, entry in enumerate(self._catalogue)}
        if any(any(entry.row.pieces) for entry in self._catalogue):
            self.against = (*self.against, "a course is met by several pieces")
        units = {entry.row.units for entry in self._catalogue}
        self.even = units.pop() if len(units) == 1 else None
        self.n_gone = max(1, -(-len(self._catalogue) // 64))
        undeclared = open_choices(self.rules, declared)
        options: list[dict[str, str]] = [{}]
        self.choice: NodeId | None = None
        if len(undeclared) == 1 and not self.against:
            self.choice = undeclared[0].header.id
            ids = [str(child.header.id) for child in undeclared[0].children]  # type: ignore[union-attr]
            options = [{str(self.choice): child} for child in ids]
            if undeclared[0].n != 1:
                self.against = (*self.against, "several children of a choice are taken at once")
        self.children = [
            Child(self.rules, {**declared, **option}, self._catalogue, self.even)
            for option in options
        ]
        self.attempts: list[Attempt] = []
        self._known: dict[Attempt, int] = {}
        self._names: dict[str, int] = {}
        self._bodies: dict[object, int] = {}
        self._body_of: list[Attempt] = []
        self._gone_of: list[tuple[int, ...]] = []
        self._kinds: dict[object, int] = {}
        self.kind_entries: list[Entry] = []
        self._family: dict[str, int] = {}
        self._families: list[list[int]] = []
        self._tables()

    def _tables(self) -> None:
        size = 256
        self.family: Ints = np.zeros(size, np.int32)
        self.name: Ints = np.zeros(size, np.int32)
        self.body: Ints = np.zeros(size, np.int32)
        self.start: Ints = np.zeros(size, np.int32)
        self.end: Ints = np.zeros(size, np.int32)
        self.kind: Ints = np.zeros(size, np.int32)
        self.gone: Words = np.zeros((size, self.n_gone), np.uint64)
        n = len(self.children)
        self.kind_class: Ints = np.full((n, 64), NO_USE, np.int32)
        self.class_word: Ints = np.zeros((n, 64), np.int32)
        self.class_shift: Ints = np.zeros((n, 64), np.int32)
        self.class_most: Ints = np.zeros((n, 64), np.int32)
        widest = max((len(child.courses) for child in self.children), default=0)
        self.n_courses: Ints = np.zeros(n, np.int32)
        self.course_mask: Words = np.zeros((n, max(1, widest), self.n_gone), np.uint64)
        self.course_at: Ints = np.zeros((n, max(1, widest), 4), np.int32)
        for index, child in enumerate(self.children):
            scarce = [place for place, one in enumerate(child.courses) if one.most]
            self.n_courses[index] = len(scarce)
            for slot, place in enumerate(scarce):
                one = child.courses[place]
                self.course_at[index, slot] = (one.total, one.most, one.word, one.shift)
                for course, its in child.class_of.items():
                    if its == place:
                        bit = np.uint64(1 << (course & 63))
                        self.course_mask[index, slot, course >> 6] |= bit

    # ---------------------------------------------------------------- attempts

    def number(self, attempt: Attempt) -> int:
        """Return the number under which an attempt is known, a new one where it is new."""
        known = self._known.get(attempt)
        if known is not None:
            return known
        number = self._known[attempt] = len(self.attempts)
        self.attempts.append(attempt)
        if number >= len(self.kind):
            self._grow()
        dated = self.rules.reader.dated(attempt)
        use = dated.use
        self.name[number] = self._names.setdefault(attempt.id, len(self._names))
        self.start[number], self.end[number] = dated.start.toordinal(), dated.end.toordinal()
        bare = replace(attempt, id="", periods=(), ended=None)
        key = (bare, use.course, use.names, use.numbers, use.topics)
        body = self._bodies.get(key)
        if body is None:
            body = self._bodies[key] = len(self._body_of)
            self._body_of.append(attempt)
            self._gone_of.append(self._gone([attempt]))
        self.body[number] = body
        self.gone[number] = _as_words(self._gone_of[body], self.n_gone)
        self._join(number, use.names)
        self.kind[number] = self._kind(attempt)
        return number

    def _grow(self) -> None:
        for name in ("family", "name", "body", "start", "end", "kind", "gone"):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros_like(old)]))

    def _gone(self, attempts: Sequence[Attempt]) -> tuple[int, ...]:
        """Return the places of the catalogue's courses that cannot be taken after attempts."""
        problem = problem_of(self.rules, Record(attempts=tuple(attempts)), self.today, None)
        left = {code for entry in problem.courses for code in entry.codes}
        return tuple(place for code, place in self._place.items() if code not in left)

    def _join(self, number: int, names: frozenset[str]) -> None:
        """Put an attempt into the family of all that share a name with it."""
        found = sorted({self._family[name] for name in names if name in self._family})
        family = found[0] if found else len(self._families)
        if not found:
            self._families.append([])
        for other in found[1:]:
            self._families[family] += self._families[other]
            for member in self._families[other]:
                self.family[member] = family
            for name, its in self._family.items():
                if its == other:
                    self._family[name] = family
            self._families[other] = []
        for name in names:
            self._family[name] = family
        self._families[family].append(number)
        self.family[number] = family

    def _kind(self, attempt: Attempt) -> int:
        """Return which kind of use an attempt is when it stands alone; NO_USE, SPECIAL."""
        use = self.rules.reader.dated(attempt).use
        if not self._is_plain(attempt, use.names):
            return SPECIAL
        row = self.rules.row(use, {})
        key = (row, attempt.counted_in)
        if key in self._kinds and not self._is_lost(attempt):
            return self._kinds[key]
        problem = problem_of(self.rules, Record(attempts=(attempt,)), self.today, None)
        if not problem.uses:
            return NO_USE
        entry = problem.uses[0]
        if entry.row.splits or any(entry.row.pieces):
            return SPECIAL
        kind = self._kinds[key] = len(self.kind_entries)
        self.kind_entries.append(entry)
        self._set_classes(kind, entry)
        return kind

    def _is_plain(self, attempt: Attempt, names: frozenset[str]) -> bool:
        """Return whether an attempt is the same to every rule, whatever else is on record."""
        excludes = self.rules.reader.excludes
        if excludes is None or not names.isdisjoint(excludes):
            return False
        if self.rules.unit % attempt.credits.denominator:
            return False
        if self.even is not None and attempt.credits * self.rules.unit != self.even:
            return False
        is_waiver = attempt.source is CreditSource.WAIVER
        return not (is_waiver and any(total.less_waived for total in self.rules.totals))

    def _is_lost(self, attempt: Attempt) -> bool:
        reading = self.rules.reader.read(Record(attempts=(attempt,)), self.today, None)
        return bool(reading.lost)

    def _set_classes(self, kind: int, entry: Entry) -> None:
        if kind >= self.kind_class.shape[1]:
            more = np.full_like(self.kind_class, NO_USE)
            self.kind_class = np.concatenate([self.kind_class, more], axis=1)
        for index, child in enumerate(self.children):
            kinship = child.kinship(entry)
            if kinship is None:
                continue
            field = child.field(kinship)
            if field is None:
                self.kind_class[index, kind] = SPECIAL
                continue
            place = list(child.uses).index(kinship)
            if place >= self.class_word.shape[1]:
                for name in ("class_word", "class_shift", "class_most"):
                    old = getattr(self, name)
                    setattr(self, name, np.concatenate([old, np.zeros_like(old)], axis=1))
            self.kind_class[index, kind] = place
            self.class_word[index, place] = field.word
            self.class_shift[index, place] = field.shift
            self.class_most[index, place] = field.most

    # ------------------------------------------------------------------- pairs

    def pair(self, first: int, second: int) -> tuple[int, Words]:
        """Return which of two attempts of one family count, as two bits, and what they take away.

        The first ends before the second. -1 where something else on record may matter.
        """
        one, other = self.attempts[first], self.attempts[second]
        for attempt in (one, other):
            if not self._is_plain(attempt, self.rules.reader.dated(attempt).use.names):
                return -1, _as_words((), self.n_gone)
        reading = self.rules.reader.read(Record(attempts=(one, other)), self.today, None)
        kept = {dated.use.attempt.id for dated in reading.uses}
        chosen = (one.id in kept) + 2 * (other.id in kept)
        return chosen, _as_words(self._gone([one, other]), self.n_gone)

    def record(self, numbers: Sequence[int]) -> Record:
        """Return the record of some attempts; their order says nothing."""
        attempts = sorted((self.attempts[n] for n in numbers), key=lambda a: (a.periods, a.id))
        return Record(attempts=tuple(attempts))


def _as_words(places: Sequence[int], n_words: int) -> Words:
    found = np.zeros(n_words, np.uint64)
    for place in places:
        found[place >> 6] |= np.uint64(1 << (place & 63))
    return found
