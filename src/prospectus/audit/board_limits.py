"""The limits of one scope: totals, measures, and what may be bought no more than once."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from prospectus.audit.kinds import Counted
from prospectus.audit.problem import Entry, Problem, Scope, asked_of
from prospectus.audit.requirements import Bounding, plain
from prospectus.audit.table import Limit
from prospectus.audit.use import Tri
from prospectus.domain.requirement import Bound, NodeId, Share


class Limits:
    """The limits over the entries of one board.

    `found` are the limits, `asks` the place of the one that counts the total of a node.
    """

    def __init__(
        self, problem: Problem, scope: Scope, entries: Sequence[Entry], *, is_partial: bool
    ) -> None:
        self.problem = problem
        self.scope = scope
        self.entries = entries
        self.n_uses = len(problem.uses)
        self.is_partial = is_partial
        self.found: list[Counted] = []
        self.asks: dict[NodeId, int] = {}
        self._add_totals()
        for bounding in problem.rules.bounds:
            self._add_measure(bounding)
        self._add_twins()
        self._add_conflicts()

    def is_waived_below(self, node: str) -> bool:
        """Return whether a node or one above it is waived or set met."""
        excepted = self.problem.excepted
        if self.is_partial or not excepted:
            return self.is_partial
        return any(name in excepted for name in self.problem.rules.path(node))

    def _add_totals(self) -> None:
        for total in self.problem.rules.totals:
            if total.node not in self.scope.active:
                continue
            scope = total.scope & self.scope.leaves
            units = tuple([entry.row.units for entry in self.entries])
            courses: tuple[int, ...] = ()
            if total.courses is not None or total.most_courses is not None:
                courses = tuple([int(not entry.row.is_waiver) for entry in self.entries])
            required = not self.is_waived_below(total.node)
            asked = asked_of(self.problem, total)
            if asked is not None:
                self.asks[total.node] = len(self.found)
                self.found.append(
                    Counted(
                        Limit(scope=scope, bound=asked, is_most=False, is_required=required), units
                    )
                )
            if total.courses is not None and required:
                limit = Limit(scope=scope, bound=total.courses, is_most=False, by_part=False)
                self.found.append(Counted(limit, courses))
            mosts = ((total.most_credits, True, units), (total.most_courses, False, courses))
            for most, by_part, amounts in mosts:
                if most is not None:
                    limit = Limit(
                        scope=scope, bound=most, is_most=True, by_part=by_part, is_required=False
                    )
                    self.found.append(Counted(limit, amounts, name=total.node))

    def _add_measure(self, bounding: Bounding) -> None:
        measure = bounding.measure
        name = measure.header.id
        if bounding.in_tree and name not in self.scope.active:
            return
        is_most = measure.bound is Bound.AT_MOST
        above = bounding.above if bounding.in_tree else self.problem.rules.root
        if self.problem.is_excepted(name) or (not is_most and self.is_waived_below(above)):
            return
        scope = bounding.scope & self.scope.leaves
        by_credits = measure.credits is not None
        limit = Limit(
            scope=scope,
            bound=self.bound_of(bounding),
            is_most=is_most,
            by_part=by_credits,
            distinct=measure.distinct is not None,
            is_required=not is_most,
        )
        amounts = self.amounts(bounding, sure=False)
        place = bounding.index
        if measure.distinct is not None:
            self.found.append(Counted(limit, amounts, self._values(place, amounts)))
        elif measure.per is not None:
            found = [entry.row.values[place] or frozenset() for entry in self.entries]
            for value in sorted(frozenset[str]().union(*found)):
                mine = tuple(
                    amount if value in values else 0
                    for amount, values in zip(amounts, found, strict=True)
                )
                self.found.append(Counted(limit, mine, name=name))
        else:
            self.found.append(Counted(limit, amounts, name=name))

    def _add_twins(self) -> None:
        """Let each course of variable credits be bought for one number of them alone."""
        twins = {e.twins: e for e in self.entries[self.n_uses :] if e.twins is not None}
        for name, entry in sorted(twins.items()):
            limit = Limit(
                scope=self.scope.leaves,
                bound=len(entry.codes),
                is_most=True,
                by_part=False,
                is_required=False,
            )
            mine = tuple([int(entry.twins == name) for entry in self.entries])
            self.found.append(Counted(limit, mine))

    def _add_conflicts(self) -> None:
        """Let not all be bought of the courses kept apart, nor too many that were tried before."""
        conflicts = self.problem.conflicts
        if not conflicts.apart and not conflicts.again:
            return
        here = {code for entry in self.entries[self.n_uses :] for code in entry.codes}
        groups = [(apart, len(apart) - 1) for apart in conflicts.apart if apart <= here]
        groups.append((conflicts.again & here, conflicts.most_again))
        for apart, most in groups:
            if len(apart) > most:
                limit = Limit(
                    scope=self.scope.leaves,
                    bound=most,
                    is_most=True,
                    by_part=False,
                    is_required=False,
                )
                mine = tuple([int(e.is_new and e.code in apart) for e in self.entries])
                self.found.append(Counted(limit, mine))

    def amounts(self, bounding: Bounding, *, sure: bool) -> tuple[int, ...]:
        """Return what each entry counts; `sure`: only where it is known to be selected."""
        place = bounding.index
        in_credits = bounding.measure.credits is not None
        out: Tri = None if sure else False
        rows = [entry.row for entry in self.entries]
        if in_credits:
            found = [0 if row.measured[place] in (False, out) else row.units for row in rows]
        else:
            found = [0 if row.measured[place] in (False, out) else 1 for row in rows]
        return tuple(found)

    def _values(self, place: int, amounts: Sequence[int]) -> tuple[frozenset[str] | None, ...]:
        """Return the distinct values of each entry; what is not known may be a new one."""
        found: list[frozenset[str] | None] = []
        for index, (entry, amount) in enumerate(zip(self.entries, amounts, strict=True)):
            values = entry.row.values[place]
            if entry.is_new and not values:
                values = frozenset({f"?{index}"})
            found.append(values if amount else None)
        return tuple(found)

    def bound_of(self, bounding: Bounding) -> int:
        """Return the bound of a measure in units or courses."""
        measure, rules = bounding.measure, self.problem.rules
        is_most = measure.bound is Bound.AT_MOST
        if isinstance(measure.credits, Share):
            node = rules.total_above(bounding.above)
            asked = 0
            if node is not None:
                total = next(total for total in rules.totals if total.node == node)
                asked = asked_of(self.problem, total) or 0
            return _whole(measure.credits.share, asked, is_most=is_most)
        amount = measure.credits if measure.credits is not None else measure.courses
        assert amount is not None
        size = plain(amount)
        number = size.high if is_most and size.high is not None else size.low
        if measure.distinct is not None or measure.credits is None:
            return _whole(number, 1, is_most=is_most)
        return _whole(number, rules.unit, is_most=is_most)


def _whole(number: Fraction, times: int, *, is_most: bool) -> int:
    """Return so many times a number, a most rounded down and a least rounded up."""
    above, below = number.numerator * times, number.denominator
    return above // below if is_most else -(-above // below)
