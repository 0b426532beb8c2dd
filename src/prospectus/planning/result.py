"""What planning hands back: status, proven values, the plan or the conflict, a certificate."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

from prospectus.domain.plan import Plan

if TYPE_CHECKING:
    from prospectus.planning.kept import Kept


class PlanStatus(Enum):
    """Answers, not errors: a missing plan is `INFEASIBLE` or, at a limit, `UNKNOWN`."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelResult:
    """Value and proven bound of one level of the objective (lower is better).

    Units by `level`: `finish` the proleptic ordinal of the last day; `cost` minor units of
    money; `peak` hours a week; `topics` wanted topics left out; `credits` planned credits;
    `order` the sum of the ranks of the planned courses in code order, then of their start leaves.
    `bound` None means that none was proven; `value` None that the level could not be asked,
    since some fee is unknown.
    """

    level: str
    value: Fraction | None
    bound: Fraction | None

    @property
    def is_proven(self) -> bool:
        """Return whether the bound equals the value."""
        return self.value is not None and self.bound == self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One wish or rule of a set that cannot all hold: its id, in words, whose it is."""

    id: str
    text: str
    is_wish: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What was solved, by which version and how; `was_stopped` by a person before its time."""

    solver: str
    seed: int
    workers: int
    seconds: float
    build_seconds: float
    n_solves: int
    horizon_leaves: int
    was_stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanResult:
    """The planner's answer for one resolved programme and one student.

    `plan` is None unless OPTIMAL or FEASIBLE; `levels` one entry per level, most important
    first; `conflict` a set of wishes and rules that cannot all hold, empty unless INFEASIBLE
    (`conflict_is_minimal` says whether each member was shown to be needed). `approvals` are
    those that the plan rests on though nobody has granted them: no plan exists without. `kept` is
    what the answer was found from, for the next question.
    """

    status: PlanStatus
    plan: Plan | None
    levels: tuple[LevelResult, ...]
    conflict: tuple[Conflict, ...]
    conflict_is_minimal: bool
    certificate: Certificate
    approvals: tuple[str, ...] = ()
    kept: Kept | None = field(default=None, compare=False, repr=False)
