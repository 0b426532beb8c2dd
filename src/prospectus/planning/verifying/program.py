"""An integer program as rows of whole numbers, and its solution by HiGHS."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

TOLERANCE = 1e-6
"""By which share of itself, and of 1 at least, the solver's bound may be too high."""

MOST_SLACK = 0.25
"""The most steps of a level that are doubted so: with a gap of half a step a proof stays one."""

_INFINITE = float("inf")


@dataclass(slots=True)
class Sum:
    """A linear sum: a constant and a factor for each column."""

    constant: Fraction = Fraction(0)
    factors: dict[int, Fraction] = field(default_factory=dict)

    def add(self, column: int | None, factor: Fraction | int = 1) -> Sum:
        """Add a multiple of a column, or of 1 where the column is None; return the sum itself."""
        if column is None:
            self.constant += factor
        elif factor:
            self.factors[column] = self.factors.get(column, Fraction(0)) + factor
        return self

    def plus(self, other: Sum, factor: Fraction | int = 1) -> Sum:
        """Add a multiple of another sum; return the sum itself."""
        self.constant += other.constant * factor
        for column, own in other.factors.items():
            self.add(column, own * factor)
        return self

    @staticmethod
    def of(columns: Iterable[int]) -> Sum:
        """Return the sum of some columns."""
        total = Sum()
        for column in columns:
            total.add(column)
        return total


class Outcome(Enum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """How a solve ended and what it proves: `bound` a least value, None where there is none."""

    outcome: Outcome
    bound: Fraction | None = None
    seconds: float = 0.0


class Program:
    """Columns within whole bounds, and rows that their sums keep."""

    def __init__(self) -> None:
        self.are_whole: list[bool] = []
        self.lows: list[int] = []
        self.highs: list[int] = []
        self.rows: list[tuple[tuple[int, ...], tuple[int, ...], float, float]] = []
        self.is_hopeless = False

    def column(self, low: int = 0, high: int = 1, *, is_whole: bool = True) -> int:
        """Return a new number, whole unless it is said not to be."""
        self.are_whole.append(is_whole)
        self.lows.append(low)
        self.highs.append(high)
        return len(self.lows) - 1

    def most(self, total: Sum) -> Fraction:
        """Return the most that a sum can be by the bounds of its columns."""
        return total.constant + sum(
            factor * (self.highs[column] if factor > 0 else self.lows[column])
            for column, factor in total.factors.items()
        )

    def keep(
        self, total: Sum, low: Fraction | int | None = None, high: Fraction | int | None = None
    ) -> None:
        """Keep a sum within bounds; the row is stored in whole numbers without common factor."""
        factors = {column: factor for column, factor in total.factors.items() if factor}
        low = None if low is None else low - total.constant
        high = None if high is None else high - total.constant
        if not factors:
            if (low is not None and low > 0) or (high is not None and high < 0):
                self.is_hopeless = True
            return
        unit = math.lcm(*(factor.denominator for factor in factors.values()))
        whole = {column: int(factor * unit) for column, factor in factors.items()}
        common = math.gcd(*whole.values())
        scale = Fraction(unit, common)
        least = -_INFINITE if low is None else float(low * scale)
        most = _INFINITE if high is None else float(high * scale)
        if all(self.are_whole[column] for column in whole):
            # the sum is whole, so bounds between two whole numbers are rounded inward
            least = least if low is None else float(math.ceil(low * scale))
            most = most if high is None else float(math.floor(high * scale))
        columns = tuple(sorted(whole))
        self.rows.append((columns, tuple(whole[c] // common for c in columns), least, most))

    def under(self, column: int, total: Sum) -> None:
        """Keep a column at most as great as a sum."""
        self.keep(Sum().plus(total).add(column, -1), low=0)

    def minimise(self, total: Sum, seconds: float) -> Solution:
        """Return what HiGHS proves of the least value of a sum.

        The value is a whole multiple of the sum's own unit, so a bound is lowered by what its
        solver may have erred and then rounded up to the next multiple.
        """
        if self.is_hopeless:
            return Solution(outcome=Outcome.INFEASIBLE)
        factors = {column: factor for column, factor in total.factors.items() if factor}
        unit = math.lcm(*(factor.denominator for factor in factors.values()), 1)
        whole = {column: int(factor * unit) for column, factor in factors.items()}
        common = math.gcd(*whole.values()) or 1
        scaled = {column: factor // common for column, factor in whole.items()}
        outcome, bound, spent = self._solve(scaled, seconds)
        if bound is None:
            return Solution(outcome=outcome, seconds=spent)
        slack = min(MOST_SLACK, TOLERANCE * max(1.0, abs(bound)))
        steps = math.ceil(bound - slack)
        value = total.constant + Fraction(steps * common, unit)
        return Solution(outcome=outcome, bound=value, seconds=spent)

    def _solve(
        self, objective: dict[int, int], seconds: float
    ) -> tuple[Outcome, float | None, float]:
        # The solver takes a second to load, which no other command must pay.
        from ortools.math_opt import model_pb2
        from ortools.math_opt.python import mathopt

        if not self.lows:
            return Outcome.OPTIMAL, 0.0, 0.0
        proto = model_pb2.ModelProto()
        columns, rows = proto.variables, proto.linear_constraints
        columns.ids.extend(range(len(self.lows)))
        columns.lower_bounds.extend(map(float, self.lows))
        columns.upper_bounds.extend(map(float, self.highs))
        columns.integers.extend(self.are_whole)
        rows.ids.extend(range(len(self.rows)))
        rows.lower_bounds.extend(low for _, _, low, _ in self.rows)
        rows.upper_bounds.extend(high for _, _, _, high in self.rows)
        matrix = proto.linear_constraint_matrix
        for number, (places, factors, _, _) in enumerate(self.rows):
            matrix.row_ids.extend([number] * len(places))
            matrix.column_ids.extend(places)
            matrix.coefficients.extend(map(float, factors))
        for column in sorted(objective):
            proto.objective.linear_coefficients.ids.append(column)
            proto.objective.linear_coefficients.values.append(float(objective[column]))
        result = mathopt.solve(
            mathopt.Model.from_model_proto(proto),
            mathopt.SolverType.HIGHS,
            params=mathopt.SolveParameters(
                time_limit=dt.timedelta(seconds=seconds),
                # values are whole: within half a unit there is no other
                absolute_gap_tolerance=0.5,
                relative_gap_tolerance=0.0,
                random_seed=1,
            ),
        )
        spent = result.solve_stats.solve_time.total_seconds()
        reason = mathopt.TerminationReason
        if result.termination.reason in (reason.INFEASIBLE, reason.INFEASIBLE_OR_UNBOUNDED):
            return Outcome.INFEASIBLE, None, spent
        bound = result.termination.objective_bounds.dual_bound
        known = bound if math.isfinite(bound) else None
        done = result.termination.reason is reason.OPTIMAL
        return (Outcome.OPTIMAL if done else Outcome.LIMIT), known, spent
