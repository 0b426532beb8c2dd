"""The audit's oracle on larger cases: the fewest credits left, by a model for CP-SAT.

It says the rules once more, from the definition's own matching, and shares nothing with the audit's
search. What it cannot say (parts, pieces, exceptions) is not drawn for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from ortools.sat.python import cp_model
from tests.degrees import TODAY
from tests.differential.audit_oracle import can_be_taken

from prospectus.domain.expression import And, Done, Expression, NOf, Or
from prospectus.domain.meaning import uses
from prospectus.domain.meaning.holding import admits
from prospectus.domain.meaning.judging import last_day
from prospectus.domain.meaning.matching import leaves_below, matches, nodes, values
from prospectus.domain.meaning.setting import Setting, Use
from prospectus.domain.meaning.sizes import Held, amount, bound_of, plain
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.requirement import All, Any, Bound, Fill, Measure, Node, NodeId, Over
from prospectus.domain.rule import Exclude, Overlap

Linear = cp_model.LinearExprT
Bool = cp_model.BoolVarT


def credits_left(
    resolved: Resolved, record: Record, choices: Mapping[str, str] | None = None
) -> Fraction | None:
    """Return the fewest credits that complete a degree, None where no courses complete it."""
    for unsure in (False, True):
        found = _Model(resolved, record, choices or {}, unsure=unsure).least()
        if found is not None:
            return found
    return None


@dataclass(frozen=True, slots=True)
class _Needed:
    """What a leaf asks: a sum over what it holds, and over what is held `beside` it, at least."""

    amounts: Mapping[int, int]
    bound: int
    beside: Linear = 0


class _Model:
    def __init__(
        self, resolved: Resolved, record: Record, choices: Mapping[str, str], *, unsure: bool
    ) -> None:
        self.resolved = resolved
        self.setting = Setting(resolved, record, TODAY)
        self.uses = uses(self.setting, last_day(self.setting))
        self.model = cp_model.CpModel()
        self.items: list[Use] = [*self.uses, *self._catalogue(record)]
        self.n_uses = len(self.uses)
        self.tree = tuple(nodes(resolved.tree))
        self.parent = {
            child.header.id: node.header.id  # type: ignore[union-attr]  # resolved
            for node in self.tree
            if isinstance(node, All | Any)
            for child in node.children
        }
        self.by_id: dict[NodeId, Node] = {node.header.id: node for node in self.tree}
        self.leaves = [node for node in self.tree if isinstance(node, Fill)]
        self.unit = lcm(*(n.denominator for n in self._numbers()))
        self.active: dict[NodeId, Bool] = {}
        self._activate(choices)
        fits = {True, None} if unsure else {True}
        self.held: dict[tuple[int, NodeId], Bool] = {
            (i, leaf.header.id): self.model.new_bool_var(f"{item.id} in {leaf.header.id}")
            for i, item in enumerate(self.items)
            for leaf in self.leaves
            if (fit := admits(leaf, item, self.setting)) is not False
            and (i < self.n_uses or fit in fits)
        }
        for (_, name), var in self.held.items():
            self.model.add_implication(var, self.active[name])
        self._share()
        self._keep_apart()
        for leaf in self.leaves:
            self._fill(leaf)
        for node in self.tree:
            if isinstance(node, All) and node.total is not None:
                self._total(node)
        for measure, above in self._measures():
            self._measure(measure, above)

    def least(self) -> Fraction | None:
        bought = []
        for i in range(self.n_uses, len(self.items)):
            bought.append(self.units(self.items[i].credits) * self._any(i, self.leaves))
        self.model.minimize(sum(bought))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        status = solver.solve(self.model)
        if status == cp_model.INFEASIBLE:
            return None
        assert status == cp_model.OPTIMAL
        return Fraction(round(solver.objective_value), self.unit)

    # ---------------------------------------------------------------- what is

    def _catalogue(self, record: Record) -> Iterator[Use]:
        for code in sorted(self.resolved.courses):
            use = self.setting.hypothetical(code)
            again = use.course is not None and use.course.repeatable is not None
            known = {self.setting.identity(other.attempt) for other in self.uses}
            if not again and self.setting.identity(use.attempt) in known:
                continue
            if can_be_taken(self.resolved, record, code):
                yield use

    def _numbers(self) -> Iterator[Fraction]:
        yield from (item.credits for item in self.items)
        for node in (*self.tree, *self.resolved.rules):
            sizes = [getattr(node, name, None) for name in ("credits", "rest_within")]
            if isinstance(node, All) and node.total is not None:
                sizes.append(node.total.credits)
            for size in sizes:
                low, high = getattr(size, "low", None), getattr(size, "high", None)
                yield from (number for number in (low, high) if number is not None)
        for rule in self.resolved.rules:
            if isinstance(rule, Overlap) and rule.at_most_credits is not None:
                yield rule.at_most_credits

    def units(self, credits: Fraction) -> int:
        return int(credits * self.unit)

    def _activate(self, choices: Mapping[str, str]) -> None:
        for node in self.tree:
            name = node.header.id
            if name not in self.parent:
                self.active[name] = self.model.new_constant(1)
            if isinstance(node, All):
                for child in node.children:
                    self.active[child.header.id] = self.active[name]  # type: ignore[union-attr]
            elif isinstance(node, Any):
                picked = []
                for child in node.children:
                    child_name = child.header.id  # type: ignore[union-attr]
                    var = self.active[child_name] = self.model.new_bool_var(child_name)
                    picked.append(var)
                    if choices.get(name) == child_name:
                        self.model.add_implication(self.active[name], var)
                self.model.add(sum(picked) == node.n * self.active[name])

    def _counts(self, leaf: Fill) -> bool:
        return self.resolved.pool_counts.get(leaf.pool or "", True)

    def _any(self, item: int, leaves: Sequence[Fill]) -> Linear:
        """Return 1 where one of some leaves holds an item."""
        mine = [self.held[key] for leaf in leaves if (key := (item, leaf.header.id)) in self.held]
        if len(mine) < 2:
            return mine[0] if mine else 0
        found = self.model.new_bool_var("")
        self.model.add_max_equality(found, mine)
        return found

    # ------------------------------------------------------------------ apart

    def _keep_apart(self) -> None:
        """Buy no course twice, and nothing that an exclusion takes the credit of."""
        new = range(self.n_uses, len(self.items))
        bought = {i: self._any(i, self.leaves) for i in new}
        groups: dict[str, list[Linear]] = {}
        for i, one in bought.items():
            groups.setdefault(self.setting.identity(self.items[i].attempt), []).append(one)
        for ones in groups.values():
            if len(ones) > 1:
                self.model.add(sum(ones) <= 1)
        for rule in self.resolved.rules:
            if not isinstance(rule, Exclude):
                continue
            for i, item in enumerate(self.items):
                if rule.course not in item.names:
                    continue
                is_so = self._holds(rule.condition, bought, i)
                if i in bought:
                    self.model.add(bought[i] + is_so <= 1)
                else:
                    # what is on record has lost its credit already where the record makes it so
                    self.model.add(is_so == self._holds(rule.condition, {}, i))

    def _holds(self, item: Expression, bought: Mapping[int, Linear], own: int) -> Linear:
        """Return 1 where a condition of codes holds for one item, beside what is bought."""
        if isinstance(item, Done):
            tried = self.setting.record.attempts
            mine = [] if own >= self.n_uses else [self.items[own].id]
            if any(item.code in self.setting.names(a) for a in tried if a.id not in mine):
                return 1
            ones = [
                one for i, one in bought.items() if i != own and item.code in self.items[i].names
            ]
            return self._at_least(1, ones)
        assert isinstance(item, And | Or | NOf), "only conditions of codes are drawn"
        n = {And: len(item.items), Or: 1}.get(type(item)) or getattr(item, "n", 1)
        return self._at_least(n, [self._holds(part, bought, own) for part in item.items])

    def _at_least(self, n: int, ones: Sequence[Linear]) -> Linear:
        if len(ones) < n:
            return 0
        found = self.model.new_bool_var("")
        self.model.add(sum(ones) >= n).only_enforce_if(found)
        self.model.add(sum(ones) < n).only_enforce_if(~found)
        return found

    # ---------------------------------------------------------------- sharing

    def _share(self) -> None:
        rules = [rule for rule in self.resolved.rules if isinstance(rule, Overlap)]
        groups = [[self._members(name) for name in rule.between] for rule in rules]
        shared: list[dict[int, Bool]] = [{} for _ in rules]
        for i, item in enumerate(self.items):
            allows = [matches(rule.of, item, self.setting) is True for rule in rules]
            mine = [leaf for leaf in self.leaves if (i, leaf.header.id) in self.held]
            for place, one in enumerate(mine):
                for other in mine[place + 1 :]:
                    naming = [k for k, g in enumerate(groups) if _names(g, one, other)]
                    pair = (self.held[i, one.header.id], self.held[i, other.header.id])
                    if not self._may_share(
                        one, other, bool(naming), any(allows[k] for k in naming)
                    ):
                        self.model.add_at_most_one(pair)
                        continue
                    for k in naming:
                        if allows[k]:
                            var = shared[k].setdefault(i, self.model.new_bool_var(""))
                            self.model.add(var >= sum(pair) - 1)
        for rule, counted in zip(rules, shared, strict=True):
            assert rule.condition is None, "conditions on the person are not drawn"
            if rule.at_most_courses is not None:
                self.model.add(sum(counted.values()) <= rule.at_most_courses)
            if rule.at_most_credits is not None:
                credits = (self.units(self.items[i].credits) * var for i, var in counted.items())
                self.model.add(sum(credits) <= self.units(rule.at_most_credits))

    def _members(self, name: str) -> frozenset[NodeId]:
        below = {leaf.header.id for leaf in leaves_below(self.resolved.tree, name)}
        return frozenset(below | {leaf.header.id for leaf in self.leaves if leaf.pool == name})

    def _may_share(self, one: Fill, other: Fill, is_named: bool, is_allowed: bool) -> bool:
        if one.pool == other.pool:
            return is_allowed and not (one.rest or other.rest)
        both_count = self._counts(one) and self._counts(other)
        if (one.rest and self._counts(other)) or (other.rest and self._counts(one)):
            return not both_count
        return is_allowed or not is_named

    # ----------------------------------------------------------------- leaves

    def _fill(self, leaf: Fill) -> None:
        name = leaf.header.id
        mine = {i: var for (i, where), var in self.held.items() if where == name}
        credits = {i: self.units(self.items[i].credits) for i in mine}
        needed: list[_Needed] = []
        if leaf.rest:
            needed += self._rest(leaf, credits)
        if leaf.courses is not None:
            size = plain(leaf.courses)
            needed.append(_Needed(dict.fromkeys(mine, 1), int(size.low)))
            if size.high is not None:
                self.model.add(sum(mine.values()) <= int(size.high))
        within = leaf.rest_within if leaf.rest else leaf.credits
        if within is not None:
            size = plain(within)
            needed.append(_Needed(credits, self.units(size.low)))
            if size.high is not None:
                held = sum(credits[i] * var for i, var in mine.items())
                self.model.add(held <= self.units(size.high))
        for measure in leaf.with_:
            amounts, bound = self._amounts(measure, mine), bound_of(measure, Fraction(0))
            scaled = self.units(bound) if measure.courses is None else int(bound)
            if measure.bound is Bound.AT_LEAST:
                needed.append(_Needed(amounts, scaled))
            else:
                self.model.add(sum(amounts[i] * var for i, var in mine.items()) <= scaled)
        self._is_smallest(name, mine, needed, self._shaped(leaf, mine))

    def _rest(self, leaf: Fill, credits: Mapping[int, int]) -> Iterator[_Needed]:
        node = self._total_above(leaf.header.id)
        if node is None or node.total is None or node.total.credits is None:
            return
        assert not node.total.less_waived or all(not use.is_waiver for use in self.uses)
        below = tuple(leaves_below(self.resolved.tree, node.header.id))
        others = [o for o in below if o is not leaf and self._counts(o)]
        beside = sum(
            self.units(item.credits) * self._any(i, others) for i, item in enumerate(self.items)
        )
        yield _Needed(credits, self.units(plain(node.total.credits).low), beside)

    def _is_smallest(
        self,
        name: NodeId,
        mine: Mapping[int, Bool],
        needed: Sequence[_Needed],
        in_shape: Mapping[int, Bool],
    ) -> None:
        """Say that a leaf is met and that without any one of what it holds it would not be."""
        is_active = self.active[name]
        whole = []
        for one in needed:
            have = sum(one.amounts[i] * var for i, var in mine.items()) + one.beside
            self.model.add(have >= one.bound).only_enforce_if(is_active)
            whole.append(have)
        for i, var in mine.items():
            tight: list[Bool] = [in_shape[i]] if i in in_shape else []
            for one, have in zip(needed, whole, strict=True):
                if one.amounts[i]:
                    short = self.model.new_bool_var("")
                    self.model.add(have - one.amounts[i] < one.bound).only_enforce_if(short)
                    tight.append(short)
            self.model.add_bool_or([*tight, ~var])

    def _shaped(self, leaf: Fill, mine: Mapping[int, Bool]) -> dict[int, Bool]:
        """Say that some distinct areas reach the counts; return what serves one of them."""
        if leaf.areas is None:
            return {}
        assert not leaf.areas.in_credits, "areas in credits are not drawn"
        serves: dict[int, list[Bool]] = {i: [] for i in mine}
        takes: list[list[Bool]] = []
        is_active = self.active[leaf.header.id]
        for area, of in leaf.areas.areas:
            here = []
            for i, var in mine.items():
                if matches(of, self.items[i], self.setting) is True:
                    one = self.model.new_bool_var(f"{self.items[i].id} as {area}")
                    self.model.add_implication(one, var)
                    here.append(one)
                    serves[i].append(one)
            places = [self.model.new_bool_var("") for _ in leaf.areas.shape]
            self.model.add_at_most_one(places)
            pairs = zip(leaf.areas.shape, places, strict=True)
            self.model.add(sum(here) == sum(int(count) * place for count, place in pairs))
            takes.append(places)
        for column in zip(*takes, strict=True):
            self.model.add(sum(column) == is_active)
        found = {}
        for i, ones in serves.items():
            self.model.add_at_most_one(ones)
            if ones:
                found[i] = self.model.new_bool_var("")
                self.model.add_max_equality(found[i], ones)
        return found

    # --------------------------------------------------------------- measures

    def _total_above(self, name: NodeId | None) -> All | None:
        while name is not None:
            node = self.by_id[name]
            if isinstance(node, All) and node.total is not None:
                return node
            name = self.parent.get(name)
        return None

    def _total(self, node: All) -> None:
        assert node.total is not None
        below = tuple(leaves_below(self.resolved.tree, node.header.id))
        counting = [leaf for leaf in below if self._counts(leaf)]
        applied = [self._any(i, counting) for i in range(len(self.items))]
        units = [self.units(item.credits) for item in self.items]
        courses = [int(not item.is_waiver) for item in self.items]
        credits_asked, courses_asked = node.total.credits, node.total.courses
        for size, amounts, scale in (
            (credits_asked, units, self.unit),
            (courses_asked, courses, 1),
        ):
            if size is None:
                continue
            have = sum(n * one for n, one in zip(amounts, applied, strict=True))
            is_active = self.active[node.header.id]
            wanted = plain(size)
            self.model.add(have >= int(wanted.low * scale)).only_enforce_if(is_active)
            if wanted.high is not None:
                self.model.add(have <= int(wanted.high * scale)).only_enforce_if(is_active)

    def _measures(self) -> Iterator[tuple[Measure, NodeId]]:
        root = self.resolved.tree.header.id
        for node in self.tree:
            if isinstance(node, Measure):
                yield node, self.parent.get(node.header.id, node.header.id)
        for rule in self.resolved.rules:
            if isinstance(rule, Measure):
                yield rule, root

    def _measure(self, measure: Measure, above: NodeId) -> None:
        if measure.over is not Over.APPLIED:
            return
        leaves = [leaf for leaf in self.leaves if self._counts(leaf)]
        if measure.within:
            ids = {
                one.header.id for n in measure.within for one in leaves_below(self.resolved.tree, n)
            }
            leaves = [leaf for leaf in self.leaves if leaf.header.id in ids]
        applied = {i: self._any(i, leaves) for i in range(len(self.items))}
        node = self._total_above(above)
        credits = None if node is None or node.total is None else node.total.credits
        bound = bound_of(measure, Fraction(0) if credits is None else plain(credits).low)
        if measure.courses is None and measure.distinct is None:
            bound *= self.unit
        is_active = self.active.get(measure.header.id, self.active[self.resolved.tree.header.id])
        for have in self._sums(measure, applied):
            if measure.bound is Bound.AT_MOST:
                self.model.add(have <= int(bound // 1)).only_enforce_if(is_active)
            else:
                self.model.add(have >= -int(-bound // 1)).only_enforce_if(is_active)

    def _sums(self, measure: Measure, applied: Mapping[int, Linear]) -> Iterator[Linear]:
        name = measure.distinct or measure.per
        if name is None:
            amounts = self._amounts(measure, applied)
            yield sum(amounts[i] * one for i, one in applied.items())
            return
        by_value: dict[str, list[Linear]] = {}
        for i, one in applied.items():
            if measure.distinct is not None and matches(measure.of, self.items[i], self.setting):
                for value in values(name, self.items[i], self.setting) or ():
                    by_value.setdefault(value, []).append(one)
        assert measure.per is None, "`per` is not drawn"
        seen = []
        for ones in by_value.values():
            var = self.model.new_bool_var("")
            self.model.add(var <= sum(ones))
            seen.append(var)
        yield sum(seen)

    def _amounts(self, measure: Measure, items: Mapping[int, object]) -> dict[int, int]:
        scale = 1 if measure.courses is not None else self.unit
        return {
            i: int(amount(measure, [Held(use=self.items[i])], self.setting) * scale) for i in items
        }


def _names(groups: Sequence[frozenset[NodeId]], one: Fill, other: Fill) -> bool:
    return any(
        one.header.id in first and other.header.id in second
        for place, first in enumerate(groups)
        for where, second in enumerate(groups)
        if place != where
    )
