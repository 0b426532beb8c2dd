"""A compiled programme: what does not depend on how far ahead one plans."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import lcm

from prospectus.domain.course import Course, CourseCode, RepeatBy
from prospectus.domain.expression import Selector
from prospectus.domain.offering import Run
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, CreditSource, Record
from prospectus.domain.requirement import All, Fill, Measure, Node, NodeId, Range, Share
from prospectus.domain.rule import WhichAttempt
from prospectus.legality.choosing import chosen
from prospectus.legality.eligibility import Eligibility
from prospectus.legality.exclusions import lost_on_record
from prospectus.legality.names import names_of
from prospectus.legality.on_record import Known, OnRecord
from prospectus.legality.repeats import (
    allowed_tries,
    barred,
    barring,
    course_key,
    earning,
    is_try,
    repeats_on_record,
    tries_of,
)
from prospectus.legality.selecting import Selecting, Tri, walk
from prospectus.legality.spans import spans_of
from prospectus.legality.timing import months_after
from prospectus.legality.uses import (
    EARNING,
    Use,
    can_earn,
    candidate,
    credit_steps,
    day_of,
    end_of,
    is_replaced,
    leaves_of,
    recorded,
    repeat_key,
    start_of,
)

MAX_COPIES = 3
"""How often one plan may add a course that is repeatable by period."""


class Compiled:
    """Uses, runs and the tree under the declared choices, for one person.

    `runs` gives the runs each course may be planned in. `grant` takes approvals as granted.
    `retakes` gives, per use on record, the planned tries that would replace it.
    """

    def __init__(
        self,
        resolved: Resolved,
        record: Record,
        today: dt.date,
        runs: Mapping[CourseCode, tuple[Run, ...]],
        *,
        choices: Mapping[str, str],
        matriculation: dt.date,
        grant: bool = False,
    ) -> None:
        self.resolved = resolved
        self.record = record
        self.today = today
        self.matriculation = matriculation
        self.names = names_of(resolved)
        self.spans = spans_of(resolved)
        self.selecting = Selecting(resolved, record, self.names, grant=grant)
        self.eligibility = Eligibility(self.selecting)
        self.choices = choices
        self.tree = chosen(resolved.tree, choices)
        self.nodes: dict[NodeId, Node] = {node.header.id: node for node in walk(self.tree)}
        self.barred = barred(resolved, record, self.names, self._bars_until)
        self._bars = self._last_bars()
        self.uses = tuple(self._uses(runs))
        self.retakes = dict(self._replaced())
        self.unit = self._unit()
        self._matched: dict[int, tuple[Selector, list[Tri]]] = {}
        self._fitting: dict[tuple[int, bool], tuple[Fill, list[Use]]] = {}
        self._steps: dict[Fraction, int] = {}
        self.use_steps = [self.steps(use.credits) for use in self.uses]
        """The steps of credit of each use."""
        self._occupied: dict[int, tuple[int, ...]] = {}
        self.hours: dict[tuple[int, int], int] = {}

    def _uses(self, runs: Mapping[CourseCode, tuple[Run, ...]]) -> Iterator[Use]:
        kept = earning(
            self.resolved,
            self.record,
            self.names,
            self._is_limited,
            self.barred,
            self._is_allowed,
        )
        alive = [a for a in self.record.attempts if a.status in EARNING]
        held = [
            recorded(index, attempt, self.resolved, self.names, earns=attempt.id in kept)
            for index, attempt in enumerate(alive)
        ]
        lost = lost_on_record(held, self.resolved, self.selecting)
        held = [replace(use, earns=use.earns and use.id not in lost) for use in held]
        held = list(self._with_waivers(held))
        yield from held
        index = len(held)
        for code in sorted(runs):
            course = self.resolved.courses[code]
            mine = runs[code]
            if self._bars:
                mine = tuple(run for run in mine if not self.is_barred(course, run))
            if not mine:
                continue
            day = self.resolved.calendar.leaves[mine[0].leaves[0]].start
            for copy in range(self._copies(course, held)):
                for credits in credit_steps(course):
                    yield candidate(index, course, credits, mine, self.names, copy, day)
                    index += 1

    def _with_waivers(self, held: list[Use]) -> Iterator[Use]:
        """Yield the uses, each waiver with the attempt at its course that counts beside it."""
        keys = [course_key(use.attempt, self.resolved, self.names) for use in held]
        pairs = list(zip(held, keys, strict=True))
        taken = {key: use for use, key in pairs if use.earns and not use.is_waiver}
        for use, key in pairs:
            yield replace(use, beside=taken.get(key)) if use.is_waiver else use

    def _is_limited(self, attempt: Attempt) -> bool:
        """Return whether the limit of attempts speaks of an attempt on record."""
        of = self.resolved.program.record_rules.attempts_of
        if of is None:
            return True
        use = recorded(-1, attempt, self.resolved, self.names)
        return self.selecting.matches(of, use, leaves_of(attempt, self.resolved)) is True

    def _is_allowed(self, attempt: Attempt, before: list[Attempt]) -> bool:
        """Return whether the condition on repeats lets a try count beside those before it."""
        rule = self.resolved.program.record_rules.repeats
        assert rule is not None
        assert rule.allowed is not None

        def used(given: Attempt) -> Use:
            return recorded(-1, given, self.resolved, self.names)

        known = Known(
            uses=[used(other) for other in before],
            seen=[used(other) for other in self.record.attempts if other.status in EARNING],
            before=start_of(attempt, self.resolved),
            asking=used(attempt),
        )
        return OnRecord(self.selecting).holds(rule.allowed, known) is not False

    def tries_before(self, mine: Use) -> list[Use]:
        """Return the tries on record that a planned use repeats and that count before it."""
        found = [
            attempt
            for attempt in self.record.attempts
            if can_earn(attempt, self.resolved, self.names) and attempt.id not in self.barred
        ]
        found = [a for a in found if is_replaced(recorded(-1, a, self.resolved, self.names), mine)]
        found.sort(key=lambda attempt: (end_of(attempt, self.resolved), attempt.id))
        kept = allowed_tries(found, self._is_allowed)
        return [recorded(-1, attempt, self.resolved, self.names) for attempt in kept]

    def _bars_until(self, attempt: Attempt) -> dt.date:
        """Return the last day on which a course passed too well may not be begun again."""
        use = recorded(-1, attempt, self.resolved, self.names)
        leaves = leaves_of(attempt, self.resolved)
        return self.counts_until(use, end_of(attempt, self.resolved), leaves)

    def counts_until(self, use: Use, last: dt.date, leaves: tuple[int, ...]) -> dt.date:
        """Return the last day on which credit counts that ended on a day, in these leaf periods."""
        rules = self.resolved.program.record_rules
        is_undated = not leaves and use.attempt.ended is None
        if rules.expires_months is None or is_undated:
            return dt.date.max
        of = rules.expires_of
        if of is not None and self.selecting.matches(of, use, leaves) is not True:
            return dt.date.max
        return months_after(last, rules.expires_months)

    def _last_bars(self) -> dict[tuple[str, str], dt.date]:
        last: dict[tuple[str, str], dt.date] = {}
        for attempt, key in barring(self.resolved, self.record, self.names):
            last[key] = max(self._bars_until(attempt), last.get(key, dt.date.min))
        return last

    @property
    def bars(self) -> bool:
        """Return whether some course was passed too well to be taken again for a while."""
        return bool(self._bars)

    def is_barred(self, course: Course, run: Run) -> bool:
        """Return whether a run comes after its course was passed too well to be taken again."""
        if not self._bars:
            return False
        day = self.resolved.calendar.leaves[run.leaves[0]].start
        mine = candidate(-1, course, course.credits_low, (run,), self.names, day=day)
        if course.repeatable is RepeatBy.PERIOD:
            return False
        until = self._bars.get((mine.identity, repeat_key(course, mine.attempt)))
        return until is not None and day <= until

    def repeats_left(self) -> int | None:
        """Return how many more repeats of courses a plan may hold; None where nobody limits it."""
        rule = self.resolved.program.record_rules.repeats
        if rule is None or rule.at_most_in_all is None:
            return None
        past = repeats_on_record(self.resolved, self.record, self.names)
        return max(0, rule.at_most_in_all - len(past))

    def is_repeat(self, use: Use) -> bool:
        """Return whether a planned use would be a further try at a course of the record."""
        if not use.is_candidate or not use.earns:
            return False
        once = use.course is None or use.course.repeatable is None
        return once and bool(tries_of(use.identity, self.resolved, self.record, self.names))

    def _tries_left(self, mine: Use) -> int:
        """Return how many more tries at a course can earn what it earns; a seminar any number."""
        rules = self.resolved.program.record_rules
        left = MAX_COPIES
        if not mine.earns:
            return left
        if rules.repeats is not None and rules.repeats.cap is not None:
            tries = tries_of(mine.identity, self.resolved, self.record, self.names)
            left = min(left, rules.repeats.cap + 1 - len(tries))
        of, most = rules.attempts_of, rules.attempts_at_most
        if most is not None and (of is None or self.selecting.matches(of, mine) is not False):
            limited = [
                attempt
                for attempt in self.record.attempts
                if self.names.identity(attempt, day_of(attempt, self.resolved)) == mine.identity
                and is_try(attempt)
                and self._is_limited(attempt)
            ]
            left = min(left, most - len(limited))
        return left

    def _copies(self, course: Course, held: list[Use]) -> int:
        """Return how often a plan may add a course: 0 where taking it (again) earns nothing.

        A held course is worth a second try only where the newest one counts.
        """
        mine = candidate(-1, course, course.credits_low, (), self.names)
        left = max(0, self._tries_left(mine))
        if course.repeatable is RepeatBy.PERIOD:
            return left
        rule = self.resolved.program.record_rules.repeats
        may_replace = rule is not None and rule.use is WhichAttempt.NEWEST
        for use in held:
            if not is_replaced(use, mine):
                continue
            if use.attempt.is_open or use.is_waiver or not may_replace:
                return 0
        return min(left, 1)

    def _replaced(self) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Yield the uses on record that a second try would replace, with those tries."""
        planned: dict[str, list[Use]] = defaultdict(list)
        for use in self.uses:
            if use.is_candidate:
                planned[use.identity].append(use)
        for use in self.uses:
            again = tuple(new.index for new in planned[use.identity] if is_replaced(use, new))
            if again and not use.is_candidate:
                yield use.index, again

    def matched(self, selector: Selector) -> Sequence[Tri]:
        """Return whether a selector that hangs on no run selects each use, in their order."""
        found = self._matched.get(id(selector))
        if found is None:
            matches = self.selecting.matches
            answers = [matches(selector, use, self.occupied(use)) for use in self.uses]
            found = self._matched[id(selector)] = (selector, answers)
        return found[1]

    def fitting(self, leaf: Fill, *, with_exceptions: bool) -> Sequence[Use]:
        """Return the uses that a leaf may hold; where that hangs on the run, perhaps in none."""
        key = (id(leaf), with_exceptions)
        found = self._fitting.get(key)
        if found is None:
            eligibility = self.eligibility
            admits = eligibility.admits if with_exceptions else eligibility.is_eligible
            by_run = self.selecting.depends_on_run(leaf.from_)
            uses = [
                use
                for use in self.uses
                if use.earns
                and ((by_run and use.is_candidate) or admits(leaf, use, self.occupied(use)))
            ]
            found = self._fitting[key] = (leaf, uses)
        return found[1]

    def occupied(self, use: Use) -> tuple[int, ...]:
        """Return the leaf periods that a use on record occupies."""
        if use.is_candidate:
            return ()
        if use.index not in self._occupied:
            self._occupied[use.index] = leaves_of(use.attempt, self.resolved)
        return self._occupied[use.index]

    def attempted(self, of: Selector) -> Iterator[Use]:
        """Yield every attempt on record since matriculation here, whether it earns or not.

        A selector that names sources or schools says wider: then every attempt on record.
        """
        wider = self.selecting.says_wider(of)
        for attempt in self.record.attempts:
            dated = bool(leaves_of(attempt, self.resolved)) or attempt.ended is not None
            late = not dated or start_of(attempt, self.resolved) >= self.matriculation
            if wider or (attempt.source is CreditSource.HOME and late):
                yield recorded(-1, attempt, self.resolved, self.names)

    def _unit(self) -> int:
        """Return how many steps make one credit, so that every size is a whole number."""
        denominators = [use.credits.denominator for use in self.uses]
        for node in walk(self.resolved.tree):
            for size in sizes(node):
                denominators += [size.low.denominator, (size.high or size.low).denominator]
        for rule in self.resolved.rules:
            if isinstance(rule, Measure) and isinstance(rule.credits, Range):
                denominators += [rule.credits.low.denominator]
                denominators += [(rule.credits.high or rule.credits.low).denominator]
        return lcm(*set(denominators), 1)

    def steps(self, credits: Fraction) -> int:
        """Return credits in whole steps, rounded up where a bound falls between two."""
        found = self._steps.get(credits)
        if found is None:
            found = self._steps[credits] = -int(-credits * self.unit // 1)
        return found

    def steps_down(self, credits: Fraction) -> int:
        """Return credits in whole steps, rounded down: for a most that falls between two."""
        return int(credits * self.unit // 1)


def sizes(node: Node) -> Iterator[Range]:
    """Yield the resolved credit sizes that stand at a node."""
    found: list[object] = []
    if isinstance(node, Fill | Measure):
        found.append(node.credits)
    if isinstance(node, Fill):
        found.extend(measure.credits for measure in node.with_)
    if isinstance(node, All) and node.total is not None:
        found.append(node.total.credits)
    yield from (size for size in found if isinstance(size, Range))


def plain(size: object) -> Range:
    """Return a resolved size."""
    assert isinstance(size, Range), "sizes are resolved before they are compiled"
    return size


def bound_of(size: object, total: Fraction) -> Range:
    """Return a size in credits or courses; a share is of the enclosing total's credits."""
    if isinstance(size, Share):
        return Range(low=size.share * total)
    return plain(size)
