"""All legal plans of one programme over given runs, and which courses a plan needs."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from prospectus.domain.course import CourseCode
from prospectus.domain.offering import OfferingKind, Run
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.requirement import Fill
from prospectus.domain.rule import Gate
from prospectus.domain.student import Student
from prospectus.legality.compiled import Compiled
from prospectus.legality.model import LegalModel
from prospectus.legality.nodes_done import eligible_uses
from prospectus.legality.store import Lit
from prospectus.legality.timing import months_after
from prospectus.planning.horizon import Horizon
from prospectus.planning.offers import MAX_YEARS, codes_named

Runs = Mapping[CourseCode, tuple[Run, ...]]

NEAR_MONTHS = 36
"""How far ahead plans are looked for first: a plan that ends sooner is a plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose plans of which rules are meant; `grant` takes approvals as granted."""

    resolved: Resolved
    student: Student
    record: Record
    today: dt.date
    grant: bool = False


class Completions:
    """The legal plans over some runs, as models that reach ever further ahead."""

    def __init__(self, asked: Asked, runs: Runs) -> None:
        self.asked = asked
        begun = asked.record.matriculation or asked.student.matriculation
        self.compiled = Compiled(
            asked.resolved,
            asked.record,
            asked.today,
            runs,
            choices=dict(asked.student.choices),
            matriculation=begun,
            grant=asked.grant,
        )
        self._horizon = Horizon(self.compiled, asked.student, runs)
        last = self._horizon.days[-1]
        months = asked.resolved.program.enrolment.max_months
        if months is not None:
            last = min(last, months_after(begun, months))
        near = months_after(max(begun, asked.student.plan_from), NEAR_MONTHS)
        self.last_days = (near, last) if near < last else (last,)
        self.named = _named_by(asked.resolved, self.compiled)

    def until(self, last_day: dt.date) -> LegalModel:
        """Return a new model of the plans that end by a day."""
        runs = self._horizon.runs_until(last_day)
        return LegalModel(self.compiled, runs, rooms=self._horizon.rooms.in_steps(dt.date.max))

    @cached_property
    def holdable(self) -> frozenset[CourseCode]:
        """Return the courses that some requirement may hold."""
        leaves = [node for node in self.compiled.nodes.values() if isinstance(node, Fill)]
        return frozenset(use.code for leaf in leaves for use in eligible_uses(leaf, self.compiled))

    @cached_property
    def usable(self) -> frozenset[CourseCode]:
        """Return the courses that may be held, or that prerequisites of such a course name."""
        named = {code for code, above in self.named.items() if above & self.holdable}
        return self.holdable | named


def holding(model: LegalModel, *, counting: bool = False) -> dict[int, list[Lit]]:
    """Return, per use, the literals that a leaf holds it (one of a counting pool, if asked)."""
    found: dict[int, list[Lit]] = defaultdict(list)
    for leaf in model.tree.leaves.values():
        if not counting or model.tree.counts(leaf.fill):
            for index, lit in leaf.by_use.items():
                found[index].append(lit)
    return found


class Needs:
    """The literals, in one model, that a plan takes a course and that it needs it.

    A plan needs a course that a requirement holds, and one that the prerequisites of such a
    course name. What is merely taken on top is not needed.
    """

    def __init__(self, completions: Completions, model: LegalModel) -> None:
        self._model = model
        self._uses = completions.compiled.uses
        self._named = completions.named
        self._held = holding(model)
        self._found: dict[int, list[Lit]] = {}

    def taken(self, codes: frozenset[CourseCode]) -> list[Lit]:
        """Return literals of which one holds exactly where one of these courses is taken."""
        return [self._model.variables.taken[u.index] for u in self._uses if u.code in codes]

    def needed(self, codes: frozenset[CourseCode]) -> list[Lit]:
        """Return literals of which one may hold only where one of these courses is needed."""
        return [lit for use in self._uses if use.code in codes for lit in self._of(use.index)]

    def _of(self, index: int) -> list[Lit]:
        if index not in self._found:
            lits = self._found[index] = list(self._held.get(index, ()))
            above = self._named.get(self._uses[index].code, frozenset())
            over = [
                lit
                for use in self._uses
                if use.code in above
                for lit in self._held.get(use.index, ())
            ]
            if over:
                store = self._model.store
                both = store.new_bool()
                store.imply(both, self._model.variables.taken[index])
                store.clause(over, given=(both,))
                lits.append(both)
        return self._found[index]


def with_unsure(asked: Asked, runs: Runs, start: dt.date) -> dict[CourseCode, tuple[Run, ...]]:
    """Return all runs that are told of, and any period for useful courses of which none is.

    Nobody knows that these never run: each may take any term, or any one session.
    """
    calendar = asked.resolved.calendar
    last = start.replace(year=start.year + MAX_YEARS, day=1)
    spans: list[tuple[int, ...]] = []
    for leaves in calendar.leaves_by_term:
        if leaves and start <= calendar.leaves[leaves[0]].start < last:
            spans.append(leaves)
            spans += [(leaf,) for leaf in leaves if len(leaves) > 1]
    found = {code: mine for code, mine in runs.items() if mine}
    for code in runs.keys() - found.keys():
        found[code] = tuple(
            Run(course=code, leaves=span, kind=OfferingKind.LIKELY) for span in spans
        )
    usable = Completions(asked, found).usable
    return {code: mine for code, mine in found.items() if code in usable or runs[code]}


def _named_by(resolved: Resolved, compiled: Compiled) -> dict[CourseCode, frozenset[CourseCode]]:
    """Return, per course, those whose prerequisites name it, directly or by way of others.

    What a gate names is named by every course, for a gate may lock any.
    """
    codes: dict[str, set[CourseCode]] = defaultdict(set)
    for use in compiled.uses:
        for name in use.names:
            codes[name].add(use.code)
    direct: dict[CourseCode, set[CourseCode]] = defaultdict(set)
    for code, course in resolved.courses.items():
        if course.requisite is not None:
            for name in codes_named(course.requisite):
                for known in codes[name]:
                    direct[known].add(code)
    for rule in resolved.rules:
        if isinstance(rule, Gate):
            for name in codes_named(rule.needs):
                for known in codes[name]:
                    direct[known] |= resolved.courses.keys()
    return {code: _closure(code, direct) for code in direct}


def _closure(
    code: CourseCode, direct: Mapping[CourseCode, Iterable[CourseCode]]
) -> frozenset[CourseCode]:
    found: set[CourseCode] = set()
    stack = [code]
    while stack:
        for above in direct.get(stack.pop(), ()):
            if above not in found:
                found.add(above)
                stack.append(above)
    return frozenset(found - {code})
