"""The constraint store: clauses and whole-number sums over literals that may be constants."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from ortools.sat.python import cp_model

Lit = cp_model.IntVar | cp_model.NotBooleanVariable | bool
"""A literal: a 0/1 variable, its negation, or a constant that never reaches the solver."""

Term = tuple[Lit | cp_model.IntVar, int]


_TRUTH = cp_model.Domain(0, 1)


class Variable(cp_model.IntVar):
    """A variable that knows its place in the model: to ask the solver's own takes long."""

    __slots__ = ("place",)
    place: int


class _Model(cp_model.CpModel):
    """A model without the names of old versions, which take longer to make than the model."""

    def _add_pre_pep8_methods(self) -> None:
        pass


def reference(lit: Lit) -> int:
    """Return the index of a literal that is no constant, below 0 for a negation."""
    if type(lit) is Variable:
        return lit.place
    assert not isinstance(lit, bool)
    return lit.index


def negate(lit: Lit) -> Lit:
    """Return the negation of a literal."""
    if isinstance(lit, bool):
        return not lit
    return cast(Lit, ~lit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A named wish or rule whose constraints stand or fall together in an explanation."""

    id: str
    text: str
    is_wish: bool


class Store:
    """A CP-SAT model with constants folded away.

    With `explain`, every constraint given under a group holds only while the group's literal is
    true; without it, groups cost nothing. With `only`, groups of other ids ask nothing.
    """

    def __init__(self, *, explain: bool = False, only: Collection[str] | None = None) -> None:
        self.model: cp_model.CpModel = _Model()
        self.explain = explain
        self.only = only
        self.groups: dict[str, Group] = {}
        self.guards: dict[str, dict[int | None, cp_model.IntVar]] = {}
        self.bools: list[cp_model.IntVar] = []
        self.ints: list[cp_model.IntVar] = []
        self.is_contradictory = False
        self._known: dict[tuple[int, ...], Variable] = {}
        self._proto = self.model.model_proto
        self._constraints = self._proto.constraints

    def new_bool(self) -> Variable:
        """Return a new 0/1 variable."""
        variable = Variable(self._proto)
        variable.with_domain(_TRUTH)
        variable.place = variable.index
        self.bools.append(variable)
        return variable

    def new_int(self, low: int, high: int) -> cp_model.IntVar:
        """Return a new whole-number variable of low..high."""
        variable = self._new(cp_model.Domain(low, high))
        self.ints.append(variable)
        return variable

    def new_sum(self, values: Sequence[int]) -> cp_model.IntVar:
        """Return a variable that takes one of these values."""
        variable = self._new(cp_model.Domain.from_values(list(values)))
        self.ints.append(variable)
        return variable

    def _new(self, domain: cp_model.Domain) -> Variable:
        variable = Variable(self._proto)
        variable.with_domain(domain)
        variable.place = variable.index
        return variable

    def fix(self, lit: Lit, value: bool | None) -> bool:
        """Fix a literal, or let it be free again with None; return whether a constant keeps it."""
        if isinstance(lit, bool):
            return value is None or lit is value
        index = lit.index
        if value is not None and index < 0:
            value = not value
        low, high = (0, 1) if value is None else (int(value), int(value))
        domain = self._proto.variables[index if index >= 0 else -index - 1].domain
        domain.clear()
        domain.extend([low, high])
        return True

    def guard(self, id_: str, text: str, *, is_wish: bool = False, part: int | None = None) -> Lit:
        """Return the literal under which the constraints of a named wish or rule stand.

        `part` tells apart what a group asks of one period or year, each under its own literal.
        """
        if self.only is not None and id_ not in self.only:
            return False
        if not self.explain:
            return True
        if id_ not in self.guards:
            self.groups[id_] = Group(id=id_, text=text, is_wish=is_wish)
            self.guards[id_] = {}
        parts = self.guards[id_]
        if part not in parts:
            parts[part] = self.model.new_bool_var(id_)
        return parts[part]

    def variables(self) -> list[cp_model.IntVar]:
        """Return every variable of the plan itself, in the order made."""
        return [*self.bools, *self.ints]

    def clause(self, lits: Iterable[Lit], *, given: Sequence[Lit] = ()) -> None:
        """Require one of `lits` wherever all of `given` hold."""
        kept: list[int] = []
        for lit in lits:
            if lit is True:
                return
            if lit is not False:
                kept.append(reference(lit))
        for lit in given:
            if lit is False:
                return
            if lit is not True:
                kept.append(-reference(lit) - 1)
        if kept:
            self._constraints.add().bool_or.literals.extend(kept)
        else:
            self._contradict()

    def imply(self, one: Lit, other: Lit) -> None:
        """Require `other` wherever `one` holds."""
        if type(one) is Variable and type(other) is Variable:
            literals = (other.place, -one.place - 1)
            self._constraints.add().bool_or.literals.extend(literals)
        else:
            self.clause((other,), given=(one,))

    def linear(
        self,
        terms: Iterable[Term],
        low: int | None,
        high: int | None,
        *,
        given: Sequence[Lit] = (),
    ) -> None:
        """Require low <= the sum of coefficient * literal <= high wherever all of `given` hold."""
        factors: dict[int, int] = {}
        fixed = 0
        for lit, factor in terms:
            if type(lit) is Variable:
                if factor:
                    index = lit.place
                    if index in factors:
                        factor += factors[index]
                    factors[index] = factor
            elif isinstance(lit, bool):
                fixed += factor if lit else 0
            elif factor:
                index = lit.index
                if index < 0:
                    # what is not true counts: factor * (1 - variable)
                    fixed += factor
                    index, factor = -index - 1, -factor
                factors[index] = factors.get(index, 0) + factor
        enforcers = [lit for lit in given if lit is not True]
        if any(lit is False for lit in enforcers):
            return
        low = None if low is None else low - fixed
        high = None if high is None else high - fixed
        if not factors:
            if (low is not None and low > 0) or (high is not None and high < 0):
                self.clause((), given=enforcers)
            return
        constraint = self._constraints.add()
        total = constraint.linear
        total.vars.extend(list(factors))
        total.coeffs.extend(list(factors.values()))
        total.domain.extend(
            (
                cp_model.INT_MIN if low is None else low,
                cp_model.INT_MAX if high is None else high,
            )
        )
        if enforcers:
            constraint.enforcement_literal.extend([reference(lit) for lit in enforcers])

    def at_most_one(self, lits: Iterable[Lit], *, given: Sequence[Lit] = ()) -> None:
        """Require at most one of `lits` wherever all of `given` hold."""
        kept = [lit for lit in lits if lit is not False]
        if len(kept) < 2:
            return
        if any(lit is not True for lit in given) or any(lit is True for lit in kept):
            self.linear(((lit, 1) for lit in kept), None, 1, given=given)
        else:
            self._constraints.add().at_most_one.literals.extend([reference(lit) for lit in kept])

    def any_of(self, lits: Sequence[Lit]) -> Lit:
        """Return a literal that is true exactly when one of `lits` is."""
        kept: list[Lit] = []
        for lit in lits:
            if lit is True:
                return True
            if lit is not False:
                kept.append(lit)
        if len(kept) < 2:
            return kept[0] if kept else False
        return self._any_of_these([reference(lit) for lit in kept])

    def _any_of_these(self, references: list[int]) -> Lit:
        # what runs in a term and what runs in its only session are one question
        key = tuple(references)
        known = self._known.get(key)
        if known is not None:
            return known
        result = self._known[key] = self.new_bool()
        index = result.place
        self._constraints.add().bool_or.literals.extend([-index - 1, *references])
        # without it none of them: one constraint instead of one for each
        none = self._constraints.add()
        none.enforcement_literal.append(-index - 1)
        none.bool_and.literals.extend([-reference - 1 for reference in references])
        return result

    def all_of(self, lits: Sequence[Lit]) -> Lit:
        """Return a literal that is true exactly when all of `lits` are."""
        kept: list[Lit] = []
        for lit in lits:
            if lit is False:
                return False
            if lit is not True:
                kept.append(lit)
        if len(kept) < 2:
            return kept[0] if kept else True
        return negate(self._any_of_these([-reference(lit) - 1 for lit in kept]))

    def reaches(self, terms: Sequence[Term], low: int) -> Lit:
        """Return a literal that may be true only where the sum reaches `low`."""
        result = self.new_bool()
        self.linear(terms, low, None, given=(result,))
        return result

    def _contradict(self) -> None:
        """Make the model infeasible: a rule was found broken while building."""
        self.is_contradictory = True
        self.model.add_bool_or([])


def reached_by(weights: Iterable[int]) -> int:
    """Return a number whose bit v says that some of these weights come to v."""
    reached = 1
    for weight in weights:
        if weight > 0:
            reached |= reached << weight
    return reached


def values_in(bits: int) -> list[int]:
    """Return the places of the bits that are set in a number, ascending."""
    return [value for value, bit in enumerate(reversed(f"{bits:b}")) if bit == "1"]


def sums_of(weights: Iterable[int], most: int) -> list[int]:
    """Return every sum of some of these weights that is at most `most`, ascending."""
    return values_in(reached_by(weights) & ((1 << (most + 1)) - 1))
