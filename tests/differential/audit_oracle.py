"""The audit's oracle: every witness with every completion, judged by the definition."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tests.degrees import TODAY
from tests.differential.audit_valuing import completes, is_excused, met_now, where
from tests.differential.enumeration import _choices

from prospectus.domain.course import Course, CourseCode
from prospectus.domain.meaning import judge, uses
from prospectus.domain.meaning.holding import Holding, admits, hold
from prospectus.domain.meaning.judging import last_day
from prospectus.domain.meaning.matching import nodes
from prospectus.domain.meaning.setting import Setting, Use
from prospectus.domain.meaning.sizes import (
    Held,
    is_met,
    is_within,
    takes_parts,
)
from prospectus.domain.plan import Completion, Placement, Standing, Witness
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, Record
from prospectus.domain.requirement import (
    Any,
    Fill,
    NodeId,
)

Choices = tuple[tuple[NodeId, tuple[NodeId, ...]], ...]

MOST_HELD = 1_000
"""How many witnesses, finished or not, are looked at before a case is given up as too large."""


class TooLarge(Exception):
    """The case has more witnesses than are tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The canonical answer by enumeration; credits None where no completion exists."""

    credits: Fraction | None
    met: tuple[bool, ...]
    where: tuple[tuple[int, ...], ...]
    witness: Witness
    for_waived: tuple[bool, ...] = ()
    n_witnesses: int = 1

    @property
    def key(self) -> tuple[tuple[bool, ...], tuple[bool, ...], tuple[tuple[int, ...], ...]]:
        """Return what is least for the better of two answers with as few credits left.

        What is waived is met, so that nothing is bought for it where it need not be.
        """
        return self.for_waived, tuple(not one for one in self.met), self.where


@dataclass(slots=True)
class _Bounds:
    """How many witnesses may still be looked at, and the fewest credits left so far."""

    left: int = MOST_HELD
    credits: Fraction | None = None

    def look(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise TooLarge


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """The record as it is read on the day judged, and what may be bought."""

    setting: Setting
    conferral: dt.date | None
    declared: dict[str, str]
    found: tuple[Use, ...]
    new: tuple[Use, ...]
    fits: frozenset[bool | None]
    must_meet: bool
    bounds: _Bounds

    def held(self, witness: Witness) -> Holding:
        return hold(self.setting, witness, self.found)


def can_be_taken(
    resolved: Resolved, record: Record, code: CourseCode, conferral: dt.date | None = None
) -> bool:
    """Return whether one more try at a course, after all on record, would earn credit."""
    item = resolved.courses[code]
    setting = Setting(resolved, record, TODAY)
    again = Attempt(
        id="again",
        course=code,
        credits=item.credits_low,
        status=AttemptStatus.PLANNED,
        ended=dt.date(9000, 1, 1),
    )
    whole = replace(record, attempts=(*record.attempts, again))
    found = uses(Setting(resolved, whole, TODAY), conferral or last_day(setting))
    return item.counts_credit and "again" in {use.id for use in found}


def best(
    resolved: Resolved,
    record: Record,
    choices: Mapping[str, str] | None = None,
    conferral: dt.date | None = None,
    most: int = MOST_HELD,
) -> Best:
    """Return the canonical answer, found by trying every witness.

    Raises
    ------
    TooLarge
        When there are too many of them.
    """
    setting = Setting(resolved, record, TODAY)
    found = uses(setting, conferral or last_day(setting))
    new = [
        setting.hypothetical(code, credits)
        for code in sorted(resolved.courses)
        if can_be_taken(resolved, record, code, conferral)
        for credits in _sizes(resolved.courses[code])
    ]
    new = [
        use
        for use in new
        if (use.course is not None and use.course.repeatable is not None)
        or setting.identity(use.attempt) not in {setting.identity(o.attempt) for o in found}
    ]
    whole = _Case(
        setting=setting,
        conferral=conferral,
        declared=dict(choices or {}),
        found=found,
        new=tuple(new),
        fits=frozenset({True}),
        must_meet=True,
        bounds=_Bounds(most),
    )
    # a course whose membership is not known is bought only where nothing else completes
    unsure = replace(whole, fits=frozenset({True, None}))
    nothing = replace(unsure, new=(), must_meet=False)
    for case in (whole, unsure, nothing):
        answers = [one for witness in _witnesses(case) if (one := _valued(case, witness))]
        if answers:
            return replace(_canonical(case, answers), n_witnesses=len(answers))
    raise AssertionError("the empty witness is always valid")


def meetable(
    resolved: Resolved,
    record: Record,
    choices: Iterable[tuple[str, str]] = (),
    conferral: dt.date | None = None,
    most: int = MOST_HELD,
) -> frozenset[NodeId]:
    """Return the nodes that some witness meets now, each by a witness of its own.

    Raises
    ------
    TooLarge
        When there are too many witnesses.
    """
    setting = Setting(resolved, record, TODAY)
    case = _Case(
        setting=setting,
        conferral=conferral,
        declared=dict(choices),
        found=uses(setting, conferral or last_day(setting)),
        new=(),
        fits=frozenset({True}),
        must_meet=False,
        bounds=_Bounds(most),
    )
    found: set[NodeId] = set()
    for witness in _witnesses(case):
        verdict = judge(resolved, record, witness, TODAY)
        if verdict.is_valid:
            found |= {one.node for one in verdict.nodes if one.standing is Standing.MET}
    return frozenset(found)


def _sizes(course: Course) -> list[Fraction]:
    """Return the credits for which a course may be taken: its least, and more in whole steps."""
    steps = range(int(course.credits_high - course.credits_low) + 1)
    return [course.credits_low + step for step in steps]


def _canonical(case: _Case, answers: Sequence[Best]) -> Best:
    """Return the best answer; of choices that nobody declared, the child that holds most first."""
    least = min(one.credits or Fraction(0) for one in answers)
    by_choices: dict[Choices, Best] = {}
    for one in answers:
        if (one.credits or 0) > least:
            continue
        known = by_choices.setdefault(one.witness.choices, one)
        if one.key < known.key:
            by_choices[one.witness.choices] = one
    kept = list(by_choices.values())
    for node in nodes(case.setting.resolved.tree):
        if isinstance(node, Any) and node.declare and node.header.id not in case.declared:
            held = [_held_below(case, one, node) for one in kept]
            first = next(one for one, most in zip(kept, held, strict=True) if most == max(held))
            picked = dict(first.witness.choices).get(node.header.id)
            kept = [o for o in kept if dict(o.witness.choices).get(node.header.id) == picked]
    return min(kept, key=lambda one: one.key)


def _held_below(case: _Case, answer: Best, node: Any) -> Fraction:
    """Return the credits on record that the leaves below a choice hold, each use once."""
    if node.header.id not in dict(answer.witness.choices):
        return Fraction(0)
    holding = case.held(answer.witness)
    held = holding.applied(within=(node.header.id,))
    return sum((one.credits for one in held if not one.use.hypothetical), Fraction(0))


def _valued(case: _Case, witness: Witness) -> Best | None:
    """Return a witness with its values, None where it is not valid or completes nothing."""
    resolved, record = case.setting.resolved, case.setting.record
    credits = _bought(resolved, witness) if case.must_meet else None
    bounds = case.bounds
    if credits is not None and bounds.credits is not None and credits > bounds.credits:
        return None
    if case.must_meet and not completes(case.setting, case.found, witness):
        return None
    verdict = judge(resolved, record, witness, TODAY)
    if not verdict.is_valid:
        return None
    bounds.credits = credits
    return Best(
        credits=credits,
        met=met_now(resolved, case.setting, case.found, witness, verdict),
        where=where(case.setting, case.found, witness),
        witness=witness,
        for_waived=_for_waived(case, witness),
    )


def _for_waived(case: _Case, witness: Witness) -> tuple[bool, ...]:
    """Return for each leaf in file order whether it is waived, and something bought for it."""
    holding, bought = case.held(witness), {item.leaf for item in witness.completion}
    return tuple(
        leaf.header.id in bought and is_excused(holding, leaf.header.id)
        for leaf in nodes(case.setting.resolved.tree)
        if isinstance(leaf, Fill)
    )


def _bought(resolved: Resolved, witness: Witness) -> Fraction:
    """Return the credits of the courses of a completion."""
    credits = {
        item.course: item.credits or resolved.courses[item.course].credits_low
        for item in witness.completion
    }
    return sum(credits.values(), Fraction(0))


# ------------------------------------------------------------------- witnesses


def _witnesses(case: _Case) -> Iterator[Witness]:
    for choices in _choices(case.setting.resolved.tree, case.declared):
        holding = case.held(Witness(choices=choices))
        leaves = sorted(
            holding.leaves(), key=lambda leaf: (leaf.rest, -_depth(holding, leaf.header.id))
        )
        yield from _filled(case, Witness(choices=choices, conferral=case.conferral), leaves)


def _depth(holding: Holding, name: NodeId) -> int:
    return 0 if name not in holding.parent else 1 + _depth(holding, holding.parent[name])


def _filled(case: _Case, base: Witness, leaves: list[Fill]) -> Iterator[Witness]:
    holding = case.held(base)
    if base.placements or base.completion:
        # what costs more than the best so far is no answer, and costs no less with more in it
        least = case.bounds.credits
        if least is not None and _bought(case.setting.resolved, base) > least:
            return
        # a fault of sharing, of a cap or of a split stays whatever else is placed; a leaf that is
        # met without something may come right for free electives alone, which stand last
        case.bounds.look()
        open_ = {leaf.header.id for leaf in leaves if leaf.rest}
        if any(f.rule not in open_ for f in holding.faults):
            return
    if not leaves:
        yield base
        return
    leaf, others = leaves[0], leaves[1:]
    asked = holding.rest_asks(leaf) if leaf.rest else None
    must_meet = case.must_meet and not is_excused(holding, leaf.header.id)
    for mine in _sets(case, leaf, asked, must_meet=must_meet):
        placed = tuple(
            Placement(attempt=item.use.id, leaf=leaf.header.id, area=item.area, part=item.part)
            for item in mine
            if not item.use.hypothetical
        )
        bought = tuple(
            Completion(
                course=item.use.attempt.course,
                leaf=leaf.header.id,
                area=item.area,
                credits=item.use.credits,
            )
            for item in mine
            if item.use.hypothetical
        )
        more = replace(
            base,
            placements=(*base.placements, *placed),
            completion=(*base.completion, *bought),
        )
        yield from _filled(case, more, others)


def _sets(
    case: _Case, leaf: Fill, asked: Fraction | None, *, must_meet: bool
) -> Iterator[tuple[Held, ...]]:
    """Yield what a leaf may hold: smallest sets that meet it, or sets that do not meet it."""
    setting = case.setting
    eligible = [use for use in case.found if admits(leaf, use, setting) is not False]
    eligible += [use for use in case.new if admits(leaf, use, setting) in case.fits]
    areas = ("",) if leaf.areas is None else ("", *(name for name, _ in leaf.areas.areas))
    for size in range(len(eligible) + 1):
        for chosen in itertools.combinations(eligible, size):
            parts = [_parts(use, leaf) for use in chosen]
            for named in itertools.product(areas, repeat=size):
                for split in itertools.product(*parts):
                    held = tuple(
                        Held(use=use, area=area, part=part)
                        for use, area, part in zip(chosen, named, split, strict=True)
                    )
                    if not is_within(leaf, held, setting):
                        continue
                    meets = is_met(leaf, held, asked, setting)
                    if must_meet and not meets:
                        continue
                    if meets and any(
                        is_met(leaf, held[:i] + held[i + 1 :], asked, setting)
                        for i in range(len(held))
                    ):
                        continue
                    yield held


def _parts(use: Use, leaf: Fill) -> list[Fraction | None]:
    """Return the whole, and whole credits less where a course may be split, by credits."""
    item = use.course
    if item is None or use.hypothetical or not takes_parts(leaf):
        return [None]
    if not (item.split or item.credits_low != item.credits_high):
        return [None]
    return [None, *(Fraction(n) for n in range(1, int(use.credits) + 1))]
