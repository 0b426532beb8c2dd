"""One programme's rules as tables of numbers, for records audited by the thousand.

Everything here is read off the exact engine: what a use is to every rule, which courses of the
catalogue it takes away, which of two attempts at a course counts. Nothing is said twice, so that
the tables cannot say it differently. `reasons_against` names what they cannot hold.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from threading import RLock

import numpy as np
import numpy.typing as npt

from prospectus.audit.compiled_rules_child import N_WORDS, Child
from prospectus.audit.problem import Entry, problem_of
from prospectus.audit.rules import Rules, rules_of
from prospectus.domain.course import Course
from prospectus.domain.expression import Attribute, Has
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, CreditSource, Record
from prospectus.domain.requirement import Any, Fill, Header, Measure, NodeId

NO_USE = -1
SPECIAL = -2
MOST_GONE = 20
"""Records that take more courses away are audited one by one: see `NEVER_SCARCE`."""

N_PARTS = 3
"""How many classes one use counts in at most: views, and the rest."""
MOST_CLASSES = 64

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


_OF_DAYS = (Attribute.PERIOD, Attribute.SEASON, Attribute.DELIVERY)


def asks_days(rules: Rules) -> bool:
    """Return whether some rule asks when a course was taken: what it is may then differ by term."""
    waiting: list[object] = [node for node in rules.nodes if isinstance(node, Fill | Measure)]
    waiting += [*rules.resolved.rules, *rules.resolved.sets.values()]
    days = {attribute.value for attribute in _OF_DAYS}
    if any(m.distinct in days or m.per in days for m in rules.measures):
        return True
    while waiting:
        item = waiting.pop()
        if isinstance(item, Has) and item.attribute in _OF_DAYS:
            return True
        if isinstance(item, tuple | list):
            waiting += item
        elif is_dataclass(item) and not isinstance(item, Header):
            waiting += [getattr(item, part.name) for part in fields(item)]
    return False


def open_choices(rules: Rules, declared: Mapping[str, str]) -> list[Any]:
    """Return the choices to be declared that are not."""
    return [node for node in rules.anys if node.declare and node.header.id not in declared]


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
        self._catalogue = [
            replace(entry, names=self.rules.catalogue[entry.code].names)
            for entry in self._catalogue
        ]
        self._named: dict[str, list[int]] = {}
        for place, entry in enumerate(self._catalogue):
            for name in entry.names:
                self._named.setdefault(name, []).append(place)
        if any(any(entry.row.pieces) for entry in self._catalogue):
            self.against = (*self.against, "a course is met by several pieces")
        units = {entry.row.units for entry in self._catalogue}
        self.even = units.pop() if len(units) == 1 else None
        self.n_gone = max(1, -(-len(self._catalogue) // 64))
        self.n_words = N_WORDS
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
        self._courses: list[Course | None] = []
        self._kind_of: list[int] = []
        self._asks_days = asks_days(self.rules)
        self._gone_of: list[tuple[int, ...]] = []
        self._kinds: dict[object, int] = {}
        self.kind_entries: list[Entry] = []
        self._family: dict[str, int] = {}
        self._families: list[list[int]] = []
        self._n_ranked = 0
        self.lock = RLock()
        """Held by whoever adds to the tables; what they hold already never changes."""
        self._tables()

    def _tables(self) -> None:
        size = 256
        self.family: Ints = np.zeros(size, np.int32)
        self.name: Ints = np.zeros(size, np.int32)
        self.body: Ints = np.zeros(size, np.int32)
        self.start: Ints = np.zeros(size, np.int32)
        self.end: Ints = np.zeros(size, np.int32)
        self.kind: Ints = np.zeros(size, np.int32)
        self.rank: Ints = np.zeros(size, np.int32)
        self.gone: Words = np.zeros((size, self.n_gone), np.uint64)
        n = len(self.children)
        n = len(self.children)
        self.kind_class: Ints = np.full((n, 64, N_PARTS), NO_USE, np.int32)
        self.class_at: Ints = np.zeros((n, MOST_CLASSES, 3), np.int32)
        self.n_classes: Ints = np.zeros(n, np.int32)
        widest = max((len(child.courses) for child in self.children), default=0)
        self.n_courses: Ints = np.zeros(n, np.int32)
        self.course_mask: Words = np.zeros((n, max(1, widest), self.n_gone), np.uint64)
        self.course_at: Ints = np.zeros((n, max(1, widest), 5), np.int32)
        for index, child in enumerate(self.children):
            self.n_courses[index] = len(child.courses)
            for place, one in enumerate(child.courses):
                supply = child.supply[place]
                self.course_at[index, place] = (one.total, one.most, one.word, one.shift, supply)
            for course, place in child.class_of.items():
                bit = np.uint64(1 << (course & 63))
                self.course_mask[index, place, course >> 6] |= bit

    # ---------------------------------------------------------------- attempts

    def number(self, attempt: Attempt) -> int:
        """Return the number under which an attempt is known, a new one where it is new."""
        known = self._known.get(attempt)
        if known is not None:
            return known
        with self.lock:
            known = self._known.get(attempt)
            return self._add(attempt) if known is None else known

    def _add(self, attempt: Attempt) -> int:
        number = len(self.attempts)
        self.attempts.append(attempt)
        if number >= len(self.kind):
            self._grow()
        dated = self.rules.reader.dated(attempt)
        use = dated.use
        self.name[number] = self._names.setdefault(attempt.id, len(self._names))
        self.start[number], self.end[number] = dated.start.toordinal(), dated.end.toordinal()
        bare = replace(attempt, id="", periods=(), ended=None)
        key = (bare, id(use.course), use.names, use.numbers, use.topics)
        body = self._bodies.get(key)
        is_new = body is None
        if body is None:
            body = self._bodies[key] = len(self._gone_of)
            self._courses.append(use.course)  # kept, so that no other gets its id
            self._gone_of.append(self._gone([attempt]))
            self._kind_of.append(NO_USE)
        self.body[number] = body
        self.gone[number] = _as_words(self._gone_of[body], self.n_gone)
        self._join(number, use.names)
        if is_new or self._asks_days:
            self._kind_of[body] = self._kind(attempt)
        self.kind[number] = self._kind_of[body]
        self._known[attempt] = number
        return number

    def order(self) -> None:
        """Rank the attempts by code and id, the order in which the canonical answer places them."""
        if self._n_ranked < len(self.attempts):
            places = sorted(
                range(len(self.attempts)),
                key=lambda n: (self.attempts[n].course, self.attempts[n].id),
            )
            rank = np.zeros_like(self.rank)
            rank[places] = np.arange(len(places), dtype=np.int32)
            self.rank = rank  # another thread may still look at the old one
            self._n_ranked = len(self.attempts)

    def _grow(self) -> None:
        for name in ("family", "name", "body", "start", "end", "kind", "rank", "gone"):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros_like(old)]))

    def _gone(self, attempts: Sequence[Attempt]) -> tuple[int, ...]:
        """Return the places of the catalogue's courses that cannot be taken after attempts.

        Only those that share a name with an attempt can be gone: what exclusions name is `SPECIAL`.
        """
        reader = self.rules.reader
        record = Record(attempts=tuple(attempts))
        tried = {name for one in attempts for name in reader.dated(one).use.names}
        near = sorted({place for name in tried for place in self._named.get(name, ())})
        if not near:
            return ()
        reading = reader.read(record, self.today, None)
        taken = frozenset[str]().union(*(dated.use.names for dated in reading.uses))
        found = []
        for place in near:
            entry = self._catalogue[place]
            course = self.resolved.courses[entry.code]
            is_taken = course.repeatable is None and not entry.names.isdisjoint(taken)
            if is_taken or not reader.can_be_taken(course, record, reading.conferral):
                found.append(place)
        return tuple(found)

    def _join(self, number: int, names: frozenset[str]) -> None:
        """Put an attempt into the family of all that share a name with it."""
        found = sorted({self._family[name] for name in names if name in self._family})
        family = found[0] if found else len(self._families)
        if not found:
            self._families.append([])
        if len(found) > 1:
            self.family = self.family.copy()  # another thread may still look at the old one
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
            for slot, kinship in enumerate(child.kinships(entry)):
                field = child.field(kinship)
                place = list(child.uses).index(kinship)
                if field is None or slot >= N_PARTS or place >= MOST_CLASSES:
                    self.kind_class[index, kind, 0] = SPECIAL
                    break
                self.kind_class[index, kind, slot] = place
                self.class_at[index, place] = (field.word, field.shift, field.most)
                self.n_classes[index] = len(child.uses)

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
        """Return the record of some attempts, of several with one id the first."""
        found: dict[str, Attempt] = {}
        for number in numbers:
            found.setdefault(self.attempts[number].id, self.attempts[number])
        return Record(attempts=tuple(found[name] for name in sorted(found)))


def _as_words(places: Sequence[int], n_words: int) -> Words:
    found = np.zeros(n_words, np.uint64)
    for place in places:
        found[place >> 6] |= np.uint64(1 << (place & 63))
    return found
