"""What a comparison of two sets of rules is answered with: frozen data, no printing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from prospectus.domain.facts import Money
from prospectus.domain.program import Program


class ChangeKind(Enum):
    """What became of a rule."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One rule or other fact that differs: as it was, as it is, the courses that came and went.

    `before` and `after` are places, file and line; nothing where the rule was not there.
    """

    kind: ChangeKind
    section: str
    is_rule: bool
    id: str
    was: str
    now: str
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFate:
    """The best plan of a person under one set of rules; no finish where there is none."""

    rules: str
    status: str
    track: str | None = None
    finish: dt.date | None = None
    cost: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentFate:
    """What a change of rules does to one person's plan.

    `before` is the best plan under the old rules, `fresh` the best under the new ones. `lost` are
    courses of the old plan that no longer count, by period. `repair` is the best plan under the new
    rules that keeps the rest of the old one, and `more` what it takes besides. `breaks_in` is the
    first period in which the old plan goes wrong, None where it stays good.
    """

    student: str
    before: YearFate
    fresh: YearFate
    repair: YearFate | None = None
    lost: tuple[tuple[str, str], ...] = ()
    more: tuple[tuple[str, str], ...] = ()
    breaks_in: str | None = None
    note: str = ""

    @property
    def is_broken(self) -> bool:
        """Return whether the old plan does not complete the degree under the new rules."""
        return self.breaks_in is not None

    @property
    def elect(self) -> str | None:
        """Return the rules under which the person is done first, then cheapest; None if neither."""
        known = [one for one in (self.before, self.fresh) if one.finish is not None]
        if not known:
            return None
        return min(known, key=_rank).rules

    @property
    def cheapest(self) -> YearFate | None:
        """Return the cheaper of repair and a plan made anew; the earlier one where prices tie."""
        known = [one for one in (self.repair, self.fresh) if one and one.finish is not None]
        return min(known, key=lambda one: _rank(one)[::-1], default=None)


def label(program: Program) -> str:
    """Return how rules are named in calls and answers: `PROGRAM@YEAR`."""
    return f"{program.id}@{program.catalog_year}"


def _rank(fate: YearFate) -> tuple[dt.date, int]:
    cost = fate.cost.minor if fate.cost is not None else 2**62
    return (fate.finish or dt.date.max, cost)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffAnswer:
    """The answer of `compare_years`.

    `n_rules` is how many rules either set has and `n_changed` how many of them differ: those of the
    degree, beside it and of enrolment, not the other facts among `changes`. `yearly` is the share
    that changed for each year between the two, None where no years lie between, or where they are
    two programmes.
    """

    old: str
    new: str
    old_name: str
    new_name: str
    changes: tuple[Change, ...]
    n_rules: int
    n_changed: int
    n_years: int | None
    yearly: Fraction | None
    students: tuple[StudentFate, ...] = ()
