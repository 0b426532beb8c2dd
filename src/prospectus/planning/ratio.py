"""The least or greatest value of a quotient of two sums over all plans: whole numbers, exact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from prospectus.legality.store import Lit, Store, Term
from prospectus.planning.solver import Answer, Solver, as_sum, worth

Weights = Sequence[tuple[Lit, Fraction]]
Quotient = tuple[Store, Weights, Weights]
"""A model, and the part and the whole of a quotient in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extreme:
    """An extreme value; where it is not proven, some plan has it and another might go beyond."""

    value: Fraction
    is_proven: bool


def extreme(
    models: Iterable[Callable[[], Quotient]], solver: Solver, *, most: bool
) -> Extreme | None:
    """Return the extreme of part / whole over the plans in which the whole is not 0.

    Dinkelbach's method: for the best quotient p/q so far, a plan has a better one exactly where
    q * part - p * whole lies above 0 (below, for the least). Each round asks for such a plan and
    takes its quotient, until there is none. Every quotient is that of a plan, so that nothing is
    rounded.

    Parameters
    ----------
    models
        Models of ever more plans, each made when its turn comes. The last one proves the answer.
    solver
        With the clock.
    most
        Whether the greatest value is asked for, else the least.

    Returns
    -------
    Extreme or None
        None where every plan has a whole of 0, or none was found in time.

    Source
    ------
    Dinkelbach (1967), "On nonlinear fractional programming", Management Science 13(7), 492-498.
    """
    best: Fraction | None = None
    is_proven = False
    for place, make in enumerate(models):
        store, part, whole = make()
        unit = lcm(1, *(weight.denominator for _, weight in (*part, *whole)))
        top: list[Term] = [(lit, int(weight * unit)) for lit, weight in part]
        bottom: list[Term] = [(lit, int(weight * unit)) for lit, weight in whole]
        store.linear(bottom, 1, None)
        while True:
            if best is not None:
                gain = _gain(top, bottom, best, most=most)
                store.linear(gain, 1, None)
                if place == 0:
                    # the largest gain leaps furthest; later models are only asked for any
                    store.model.maximize(as_sum(gain))
            answer, solution, _ = solver.run(store)
            if solution is None:
                is_proven = answer is Answer.INFEASIBLE
                break
            best = Fraction(worth(top, solution), worth(bottom, solution))
    return None if best is None else Extreme(value=best, is_proven=is_proven)


def _gain(top: Sequence[Term], bottom: Sequence[Term], best: Fraction, *, most: bool) -> list[Term]:
    """Return a sum of whole numbers that is above 0 exactly where the quotient is better."""
    sign = 1 if most else -1
    terms = [(lit, sign * best.denominator * weight) for lit, weight in top]
    return terms + [(lit, -sign * best.numerator * weight) for lit, weight in bottom]
