"""One programme's rules as tables of numbers, for records audited by the thousand.

Everything here is read off the exact engine: what a use is to every rule, which courses of the
catalogue it takes away, which of two attempts at a course counts. Nothing is said twice, so that
the tables cannot say it differently. What they cannot hold: `compiled_rules_limits`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from operator import attrgetter
from threading import RLock

import numpy as np

from prospectus.audit.compiled_rules_child import Child
from prospectus.audit.compiled_rules_exclusions import Excluding
from prospectus.audit.compiled_rules_limits import asks_days, open_choices, reasons_against
from prospectus.audit.compiled_rules_signature import NO_USE, Ints, Signatures, doubled
from prospectus.audit.kernel_layout import (
    BODY,
    END,
    FAMILY,
    KIND,
    N_COLUMNS,
    RANK,
    START,
    AttemptTable,
    ClassTable,
)
from prospectus.audit.problem import Entry, problem_of
from prospectus.audit.rules import rules_of
from prospectus.audit.uses import Reading
from prospectus.domain.course import Course
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, CreditSource, Record
from prospectus.domain.requirement import NodeId

SPECIAL = -2
_GONE = 20
_MANY_GONE = 44
_LONG = 16
"""Records that take more courses away than so many are audited one by one: a class of the catalogue
with more to spare is never short. Of long degrees, and where a course stands in the catalogue in
several sizes, it is more."""

_BARE = attrgetter(
    *(one.name for one in fields(Attempt) if one.name not in ("id", "periods", "ended", "credits")),
    "credits.numerator",
    "credits.denominator",
)
"""What of an attempt is the same whenever it was taken; fractions are slow to hash."""


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
        self._excluding = Excluding(empty, self._catalogue, today)
        units_here = {entry.row.units for entry in self._catalogue}
        self.even = min(units_here) if len(units_here) == 1 else None
        smallest = min((unit for unit in units_here if unit), default=1)
        longest = max((total.credits or 0 for total in self.rules.totals), default=0)
        has_sizes = len(self._catalogue) > len({entry.code for entry in self._catalogue})
        is_long = has_sizes or longest > _LONG * smallest
        self.most_gone = _MANY_GONE if is_long else _GONE
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
            Child(
                self.rules,
                {**declared, **option},
                self._catalogue,
                self.even,
                empty.conflicts.apart,
                never_scarce=self.most_gone + 4,
            )
            for option in options
        ]
        if any(child.is_full for child in self.children):
            self.against = (*self.against, "there are too many kinds of courses")
        if empty.conflicts.is_open:
            self.against = (*self.against, "an exclusion depends on what else is taken")
        self.attempts: list[Attempt] = []
        self._bares: dict[object, int] = {}
        self._known: dict[object, int] = {}
        self._names: dict[str, int] = {}
        self._bodies: dict[object, int] = {}
        self._days: dict[object, tuple[int, int, int]] = {}
        self._courses: dict[object, int] = {}
        self._course_names: list[frozenset[str]] = []
        self._held: list[Course | None] = []
        self._kin_of: list[tuple[str | int, ...]] = []
        self._kind_of: list[int] = []
        self._asks_days = asks_days(self.rules)
        self._gone_of: list[tuple[int, ...]] = []
        self._what_of: list[int] = []
        self._kinds: dict[object, int] = {}
        self.kind_entries: list[Entry] = []
        self._family: dict[str | int, int] = {}
        self._families: list[list[int]] = []
        self._pairs: dict[int, tuple[int, int]] = {}
        self._ranked: list[tuple[str, str, int]] = []
        self.lock = RLock()
        """Held by whoever adds to the tables; what they hold already never changes."""
        self.signatures = Signatures(self.children)
        self._rows: Ints = np.zeros((256, N_COLUMNS), np.int32)

    @property
    def rows(self) -> Ints:
        """Return a line of numbers for each attempt (`kernel_layout`)."""
        return self._rows

    def tables(self) -> tuple[AttemptTable, ClassTable]:
        """Return what the kernel looks into: of attempts without what belongs to pairs."""
        none = np.zeros(1, np.int32)
        return (
            AttemptTable(
                self._rows,
                self.signatures.add,
                self.signatures.n_gone,
                np.zeros((1, 1), np.uint64),
                none,
                none,
                none,
            ),
            self.signatures.table(),
        )

    # ---------------------------------------------------------------- attempts

    def number(self, attempt: Attempt) -> int:
        """Return the number under which an attempt is known, a new one where it is new."""
        with self.lock:
            bare = self._bares.setdefault(_BARE(attempt), len(self._bares))
            key = (bare, attempt.id, attempt.periods, attempt.ended)
            known = self._known.get(key)
            if known is None:
                known = self._known[key] = self._add_attempt(attempt, bare)
            return known

    def _add_attempt(self, attempt: Attempt, bare: int) -> int:
        number = len(self.attempts)
        self.attempts.append(attempt)
        if number >= len(self._rows):
            self._rows = doubled(self._rows)
        start, end, course = self._dated(attempt)
        when = (attempt.periods, attempt.ended) if self._asks_days else None
        key = (bare, course, when)
        body = self._bodies.get(key)
        if body is None:
            body = self._bodies[key] = len(self._gone_of)
            record = Record(attempts=(attempt,))
            names = self._course_names[course]
            gone = self._gone(record, self._reading(record), names)
            kind = SPECIAL if gone is None else self._kind(attempt, names)
            gone = gone or ()
            self._gone_of.append(gone)
            self._kind_of.append(kind)
            self._what_of.append(self.signatures.what((kind,) if kind >= 0 else (), gone))
            # two that take one course of the catalogue away are of one family, so that what is
            # gone can be summed
            self._kin_of.append((*names, *self._excluding.kin(names), *gone))
        # in the order of the columns; the rank is given later (`order`)
        self._rows[number] = (
            self._join(number, self._kin_of[body]),
            self._names.setdefault(attempt.id, len(self._names)),
            body,
            start,
            end,
            self._kind_of[body],
            0,
            self._what_of[body],
        )
        return number

    def _dated(self, attempt: Attempt) -> tuple[int, int, int]:
        """Return the days of an attempt, and the number of its course under its names then."""
        key = (
            attempt.course,
            attempt.topic,
            attempt.periods,
            attempt.ended,
            attempt.is_planned,
        )
        known = self._days.get(key)
        if known is None:
            dated = self.rules.reader.dated(attempt)
            use = dated.use
            # a course of the catalogue is one object as long as the rules live
            named = (id(use.course), use.names, use.numbers, use.topics)
            number = self._courses.setdefault(named, len(self._courses))
            if number == len(self._course_names):
                self._course_names.append(use.names)
                self._held.append(use.course)  # kept, so that no other gets its id
            known = self._days[key] = (dated.start.toordinal(), dated.end.toordinal(), number)
        return known

    def order(self) -> None:
        """Rank the attempts by code and id, the order in which the canonical answer places them."""
        n_ranked = len(self._ranked)
        if n_ranked < len(self.attempts):
            new = enumerate(self.attempts[n_ranked:], n_ranked)
            self._ranked += [(one.course, one.id, number) for number, one in new]
            self._ranked.sort()  # as good as sorted but for what is new
            rows = self._rows.copy()  # another thread may still look at the old ones
            places = [number for _, _, number in self._ranked]
            rows[places, RANK] = np.arange(len(places), dtype=np.int32)
            self._rows = rows

    def _gone(
        self, record: Record, reading: Reading, tried: frozenset[str]
    ) -> tuple[int, ...] | None:
        """Return the places of the catalogue's courses that cannot be taken after a record.

        Only those that share a name with what was tried can be gone, and those that an exclusion
        names together with it. None where that says too little.
        """
        reader = self.rules.reader
        if self._excluding.kin(tried):
            return self._excluding.gone(record)
        near = sorted({place for name in tried for place in self._named.get(name, ())})
        if not near:
            return ()
        # what another course on record merely stands for may still be taken itself
        taken = frozenset(reader.identity(dated) for dated in reading.uses)
        found = []
        for place in near:
            entry = self._catalogue[place]
            course = self.resolved.courses[entry.code]
            name = self.rules.names.identity((entry.code, None, None))
            is_taken = course.repeatable is None and name in taken
            if is_taken or not reader.can_be_taken(course, record, reading.conferral):
                found.append(place)
        return tuple(found)

    def _join(self, number: int, names: Sequence[str | int]) -> int:
        """Put an attempt into the family of all that share a name, or a course gone, with it."""
        found = sorted({self._family[name] for name in names if name in self._family})
        family = found[0] if found else len(self._families)
        if not found:
            self._families.append([])
        if len(found) > 1:
            self._rows = self._rows.copy()  # another thread may still look at the old ones
        for other in found[1:]:
            self._families[family] += self._families[other]
            self._rows[self._families[other], FAMILY] = family
            for name, its in self._family.items():
                if its == other:
                    self._family[name] = family
            self._families[other] = []
        for name in names:
            self._family[name] = family
        self._families[family].append(number)
        return family

    def _kind(self, attempt: Attempt, names: frozenset[str]) -> int:
        """Return which kind of use an attempt is when it stands alone; NO_USE, SPECIAL."""
        if not self._is_plain(attempt, names):
            return SPECIAL
        row = self.rules.row(self.rules.reader.dated(attempt).use, {})
        # pieces of one course are alike but for which of them they are
        key = (row, attempt.counted_in, names if any(row.pieces) else None)
        if key in self._kinds and not self._is_lost(attempt):
            return self._kinds[key]
        problem = problem_of(self.rules, Record(attempts=(attempt,)), self.today, None)
        if not problem.uses:
            return NO_USE
        entry = problem.uses[0]
        kind = len(self.kind_entries)
        self.kind_entries.append(entry)
        self._kinds[key] = kind if self.signatures.set_classes(kind, entry) else SPECIAL
        return self._kinds[key]

    def _is_plain(self, attempt: Attempt, names: frozenset[str]) -> bool:
        """Return whether an attempt is the same to every rule, whatever else is on record."""
        if self.rules.reader.excludes is None:
            return False
        if self.rules.unit % attempt.credits.denominator:
            return False
        if self.even is not None and attempt.credits * self.rules.unit != self.even:
            return False
        is_waiver = attempt.source is CreditSource.WAIVER
        return not (is_waiver and any(total.less_waived for total in self.rules.totals))

    def _is_lost(self, attempt: Attempt) -> bool:
        return bool(self._reading(Record(attempts=(attempt,))).lost)

    # ------------------------------------------------------------------- pairs

    def pair(self, first: int, second: int) -> tuple[int, int]:
        """Return which of two attempts of one family count, as two bits, and what they add.

        The first ends before the second. -1 where something else on record may matter.
        """
        key = self.pair_key(first, second)
        with self.lock:
            known = self._pairs.get(key)
            if known is None:
                known = self._pairs[key] = self._pair(first, second)
            return known

    def _pair(self, first: int, second: int) -> tuple[int, int]:
        one, other = self.attempts[first], self.attempts[second]
        if CreditSource.WAIVER in (one.source, other.source):
            return -1, 0
        names = [self.rules.reader.dated(attempt).use.names for attempt in (one, other)]
        if not all(map(self._is_plain, (one, other), names)):
            return -1, 0
        record = Record(attempts=(one, other))
        reading = self._reading(record)
        kept = {dated.use.attempt.id for dated in reading.uses}
        chosen = (one.id in kept) + 2 * (other.id in kept)
        kinds = tuple(
            int(self._rows[number, KIND])
            for bit, number in ((1, first), (2, second))
            if chosen & bit
        )
        if min(kinds, default=0) < 0:
            return -1, 0
        gone = self._gone(record, reading, names[0] | names[1])
        return (-1, 0) if gone is None else (chosen, self.signatures.what(kinds, gone))

    def _reading(self, record: Record) -> Reading:
        return self.rules.reader.read(record, self.today, None)

    def pair_key(self, first: int, second: int) -> int:
        """Return what the kernel knows a pair by."""
        one, other = self._rows[first], self._rows[second]
        is_over = int(one[END] <= other[START])
        return (int(one[BODY]) << 32) | (int(other[BODY]) << 1) | is_over

    def kinds_of(self, numbers: Iterable[int]) -> Iterator[Entry | None]:
        """Yield the uses that attempts are, each alone; None where it is not the same to all."""
        for number in numbers:
            kind = int(self._rows[number, KIND])
            if kind != NO_USE:
                yield None if kind == SPECIAL else self.kind_entries[kind]

    def record(self, numbers: Sequence[int]) -> Record:
        """Return the record of some attempts, of several with one id the first."""
        found: dict[str, Attempt] = {}
        for number in numbers:
            found.setdefault(self.attempts[number].id, self.attempts[number])
        return Record(attempts=tuple(found[name] for name in sorted(found)))
