"""The store of constraints: literals folded, sums counted, variables that know their place."""

from __future__ import annotations

from itertools import product

from ortools.sat.python import cp_model

from prospectus.legality.store import Lit, Store, negate, reached_by, reference, sums_of, values_in


def _solutions(store: Store, lits: list[Lit]) -> set[tuple[bool, ...]]:
    """Return which values of some literals the store allows."""
    found: set[tuple[bool, ...]] = set()
    for values in product((False, True), repeat=len(lits)):
        for lit, value in zip(lits, values, strict=True):
            store.fix(lit, value)
        if cp_model.CpSolver().solve(store.model) == cp_model.OPTIMAL:
            found.add(values)
    return found


def test_a_variable_knows_its_place_in_the_model() -> None:
    store = Store()
    made = [store.new_bool(), store.new_int(0, 3), store.new_sum([0, 2, 5])]
    assert [variable.index for variable in made] == [0, 1, 2]
    assert [reference(variable) for variable in made] == [0, 1, 2]
    assert reference(negate(made[0])) == -1


def test_any_and_all_of_are_exact_and_made_once() -> None:
    store = Store()
    one, other = store.new_bool(), store.new_bool()
    either, both = store.any_of([one, other]), store.all_of([one, other])
    assert store.any_of([one, False, other]) is either
    assert store.all_of([one]) is one
    assert store.all_of([one, False]) is False
    assert store.all_of([True, True]) is True
    assert _solutions(store, [one, other, either, both]) == {
        (a, b, a or b, a and b) for a, b in product((False, True), repeat=2)
    }


def test_what_implies_holds_for_negations_and_constants_too() -> None:
    store = Store()
    one, other = store.new_bool(), store.new_bool()
    store.imply(one, other)
    store.imply(negate(other), negate(one))
    store.imply(False, one)
    store.imply(one, True)
    assert _solutions(store, [one, other]) == {(False, False), (False, True), (True, True)}
    store.imply(True, one)
    store.imply(other, False)
    assert _solutions(store, [one, other]) == set()


def test_a_literal_that_stands_in_a_sum_twice_counts_twice() -> None:
    store = Store()
    one, other = store.new_bool(), store.new_bool()
    store.linear([(one, 1), (negate(other), 2), (one, 1), (True, 1)], 3, 4)
    assert _solutions(store, [one, other]) == {(True, True), (False, False)}


def test_what_weights_can_come_to_is_listed_once_and_ascending() -> None:
    assert values_in(reached_by([3, 4, 3])) == [0, 3, 4, 6, 7, 10]
    assert values_in(reached_by([])) == [0]
    assert sums_of([3, 4, 3, 0], 7) == [0, 3, 4, 6, 7]
    assert sums_of([5], 4) == [0]
