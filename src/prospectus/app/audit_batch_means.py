"""Means of many records at once: what each attempt adds to them, by the definition of the rules.

A mean over what was attempted is a sum: of credits, and of credits times how far the grade lies
above what is asked. Attempts at one course are looked at together, since of repeats not all may
enter it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
import numpy.typing as npt

from prospectus.audit.compiled_rules import Compiled
from prospectus.audit.kernel_layout import BODY, END, FAMILY, START
from prospectus.domain.meaning.holding import Holding
from prospectus.domain.meaning.means import averaged
from prospectus.domain.meaning.setting import Setting, Use
from prospectus.domain.meaning.uses import last_day, uses
from prospectus.domain.plan import Standing, Witness
from prospectus.domain.record import Attempt, CreditSource, Record
from prospectus.domain.requirement import Gpa

Int64 = npt.NDArray[np.int64]
Int8 = npt.NDArray[np.int8]

OPEN = -1
"""Of a record: how its mean stands depends on more than sums."""


@dataclass(frozen=True, slots=True)
class Share:
    """What attempts add to a mean: grades, and those with what is under way as it is planned.

    Each is the credits, and these times how far the grade is above what is asked (below it, on a
    scale where lower is better). `lowest` is the weakest standing of what is under way, MET where
    nothing is.
    """

    credits: Fraction
    above: Fraction
    planned_credits: Fraction
    planned_above: Fraction
    lowest: Standing


class Means:
    """One mean over what was attempted, for the records of one auditor."""

    def __init__(self, compiled: Compiled, rule: Gpa, today: dt.date) -> None:
        self._compiled = compiled
        self._rule = rule
        self._today = today
        self._place: dict[object, int] = {}
        self._shares: list[Share] = []
        self._sums = np.zeros((0, 4), np.int64)
        self._scale = 1
        self._depends = np.zeros(0, bool)
        self._body_place = np.zeros(0, np.int64)

    def standings(self, offsets: Int64, numbers: npt.NDArray[np.int32]) -> Int8:
        """Return how the mean of each record stands where nothing is left to take, or `OPEN`."""
        n = len(offsets) - 1
        owner = np.repeat(np.arange(n), np.diff(offsets))
        is_open = np.zeros(n, bool)
        is_open[owner[self._depending()[numbers]]] = True
        families = self._compiled.rows[numbers, FAMILY]
        order = np.lexsort((families, owner))
        is_again = (np.diff(owner[order]) == 0) & (np.diff(families[order]) == 0)
        again = np.unique(owner[order][1:][is_again])
        is_single = ~np.isin(owner, again)
        owners, places = [owner[is_single]], [self._of_bodies(numbers[is_single])]
        for record in again:
            mine = self._of_groups(numbers[offsets[record] : offsets[record + 1]])
            owners.append(np.full(len(mine), record))
            places.append(np.array(mine, np.int64))
        owner, place = np.concatenate(owners), np.concatenate(places)
        sums, lowest = self._tables()
        total = np.zeros((n, 4), np.int64)
        np.add.at(total, owner, sums[place])
        least = np.full(n, int(Standing.MET), np.int8)
        np.minimum.at(least, owner, lowest[place])
        credits, above, planned, planned_above = total.T
        reaches = np.where(above >= 0, int(Standing.MET), int(Standing.UNMET))
        settled = np.where(credits > 0, reaches, int(Standing.PENDING))
        # a floor that is relied on may still raise what is planned
        under_way = np.where((planned > 0) & (planned_above >= 0), least, OPEN)
        found = np.where(least == int(Standing.MET), settled, under_way)
        return np.where(is_open, OPEN, found).astype(np.int8)

    def _depending(self) -> npt.NDArray[np.bool_]:
        """Return of which attempts the first day of study decides whether they were made here."""
        new = [
            one.source is CreditSource.HOME and one.ended is not None and not one.periods
            for one in self._compiled.attempts[len(self._depends) :]
        ]
        self._depends = np.concatenate([self._depends, np.array(new, bool)])
        return self._depends

    def _of_bodies(self, numbers: npt.NDArray[np.int32]) -> Int64:
        """Return the places of the shares of attempts, each at a course of its own."""
        bodies = self._compiled.rows[numbers, BODY]
        most = int(bodies.max(initial=-1)) + 1
        if most > len(self._body_place):
            new = np.full(most - len(self._body_place), -1, np.int64)
            self._body_place = np.concatenate([self._body_place, new])
        lacking, first = np.unique(bodies, return_index=True)
        for body, at in zip(lacking.tolist(), first.tolist(), strict=True):
            if self._body_place[body] < 0:
                self._body_place[body] = self._known(body, (int(numbers[at]),))
        places: Int64 = self._body_place[bodies]
        return places

    def _of_groups(self, numbers: npt.NDArray[np.int32]) -> list[int]:
        """Return the places of the shares of a record with several attempts at one course."""
        rows = self._compiled.rows
        groups: defaultdict[int, list[int]] = defaultdict(list)
        for number in numbers.tolist():
            groups[int(rows[number, FAMILY])].append(number)
        return [
            self._known(int(rows[group[0], BODY]), group)
            if len(group) == 1
            else self._together(group)
            for group in groups.values()
        ]

    def _together(self, group: list[int]) -> int:
        rows = self._compiled.rows
        ordered = sorted(set(group), key=lambda number: int(rows[number, END]))
        key: object = tuple(sorted(ordered))
        if len(ordered) == 2:
            first, second = ordered
            if rows[first, END] < rows[second, END]:
                is_over = bool(rows[first, END] <= rows[second, START])
                key = (int(rows[first, BODY]), int(rows[second, BODY]), is_over)
        return self._known(key, ordered)

    def _known(self, key: object, numbers: Iterable[int]) -> int:
        known = self._place.get(key)
        if known is None:
            known = self._place[key] = len(self._shares)
            self._shares.append(self._share([self._compiled.attempts[n] for n in numbers]))
        return known

    def _share(self, attempts: Sequence[Attempt]) -> Share:
        setting = Setting(self._compiled.resolved, Record(attempts=tuple(attempts)), self._today)
        held = {use.id: use for use in uses(setting, last_day(setting))}
        chosen = averaged(Holding(setting=setting, witness=Witness(), uses=held), self._rule)
        still = [u for u in chosen if u.attempt.grade is None and u.attempt.is_open]
        earned = self._weighed(setting, [(use, use.attempt.grade) for use in chosen])
        planned = earned
        if still:
            grades = [(use, setting.planned_grade(use.attempt)) for use in chosen]
            planned = self._weighed(setting, grades)
        return Share(
            *earned,
            *planned,
            lowest=min((use.standing for use in still), default=Standing.MET),
        )

    def _weighed(
        self, setting: Setting, graded: Sequence[tuple[Use, str | None]]
    ) -> tuple[Fraction, Fraction]:
        mean, asked = setting.mean(graded), self._rule.at_least
        if mean is None:
            return Fraction(0), Fraction(0)
        credits = setting.weight(graded)
        return credits, credits * (asked - mean if setting.is_lower_better else mean - asked)

    def _tables(self) -> tuple[Int64, Int8]:
        """Return the shares in whole numbers, and their lowest standings."""
        exact = [
            (one.credits, one.above, one.planned_credits, one.planned_above)
            for one in self._shares[len(self._sums) :]
        ]
        scale = lcm(self._scale, *(part.denominator for row in exact for part in row))
        new = [[int(part * scale) for part in row] for row in exact]
        self._sums = np.concatenate(
            [self._sums * (scale // self._scale), np.array(new, np.int64).reshape(-1, 4)]
        )
        self._scale = scale
        return self._sums, np.array([int(one.lowest) for one in self._shares], np.int8)
