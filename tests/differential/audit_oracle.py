"""The audit's oracle: every witness with every completion, judged by the definition."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tests.degrees import TODAY
from tests.differential.enumeration import _choices

from prospectus.domain.course import CourseCode
from prospectus.domain.meaning import judge, uses
from prospectus.domain.meaning.holding import Holding, active_measures, admits, hold
from prospectus.domain.meaning.judging import last_day
from prospectus.domain.meaning.matching import nodes
from prospectus.domain.meaning.setting import Setting, Use
from prospectus.domain.meaning.sizes import Held, amount, bound_of, is_met, is_within, plain
from prospectus.domain.plan import Completion, Placement, Standing, Verdict, Witness
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, Record
from prospectus.domain.requirement import (
    All,
    Any,
    Bound,
    Fill,
    Gpa,
    Measure,
    Milestone,
    Node,
    NodeId,
    Over,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The canonical answer by enumeration; credits None where no completion exists."""

    credits: Fraction | None
    met: tuple[bool, ...]
    where: tuple[tuple[int, ...], ...]
    witness: Witness
    n_witnesses: int


def can_be_taken(resolved: Resolved, record: Record, code: CourseCode) -> bool:
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
    found = uses(Setting(resolved, whole, TODAY), last_day(setting))
    return item.counts_credit and "again" in {use.id for use in found}


def best(resolved: Resolved, record: Record) -> Best:
    """Return the canonical answer, found by trying every witness."""
    setting = Setting(resolved, record, TODAY)
    found = uses(setting, last_day(setting))
    new = [
        setting.hypothetical(code)
        for code in sorted(resolved.courses)
        if can_be_taken(resolved, record, code)
    ]
    new = [
        use
        for use in new
        if (use.course is not None and use.course.repeatable is not None)
        or not any(use.names & other.names for other in found)
    ]
    # a course whose membership is not known is bought only where nothing else completes
    unsure = [frozenset({True}), frozenset({True, None})]
    for bought, fits in ((new, unsure[0]), (new, unsure[1]), ([], unsure[1])):
        is_complete = bought is new
        answers = [
            answer
            for witness in _witnesses(setting, found, bought, fits, must_meet=is_complete)
            if (answer := _valued(resolved, record, setting, found, witness, is_complete))
        ]
        if answers:
            top = min(answers, key=lambda one: (one.credits or 0, _not(one.met), one.where))
            return Best(
                credits=top.credits,
                met=top.met,
                where=top.where,
                witness=top.witness,
                n_witnesses=len(answers),
            )
    raise AssertionError("the empty witness is always valid")


def _not(met: Sequence[bool]) -> tuple[bool, ...]:
    return tuple(not one for one in met)


def _valued(
    resolved: Resolved,
    record: Record,
    setting: Setting,
    found: tuple[Use, ...],
    witness: Witness,
    is_complete: bool,
) -> Best | None:
    verdict = judge(resolved, record, witness, TODAY)
    if not verdict.is_valid:
        return None
    credits: Fraction | None = None
    if is_complete:
        if not _completes(setting, found, witness):
            return None
        codes = {item.course for item in witness.completion}
        credits = sum((resolved.courses[code].credits_low for code in codes), Fraction(0))
    return Best(
        credits=credits,
        met=met_now(resolved, setting, found, witness, verdict),
        where=where(resolved, setting, found, witness),
        witness=witness,
        n_witnesses=1,
    )


def met_now(
    resolved: Resolved,
    setting: Setting,
    found: tuple[Use, ...],
    witness: Witness,
    verdict: Verdict,
) -> tuple[bool, ...]:
    """Return for each node in file order whether it is met now, totals last.

    Means, milestones and what is attempted are reported apart. An `all` and an `any` stand as
    their children do, without them.
    """
    holding = hold(setting, witness, found)
    by_id = {seen.node: seen.standing for seen in verdict.nodes}

    def met(node: Node) -> bool:
        name = node.header.id
        if name not in by_id:
            return False
        if setting.is_excepted(name):
            return True
        if isinstance(node, Gpa | Milestone) or (
            isinstance(node, Measure) and node.over is Over.ATTEMPTED
        ):
            return True
        if isinstance(node, All | Any):
            return all(met(c) for c in node.children if c.header.id in by_id)  # type: ignore[arg-type, union-attr]
        return by_id[name] is Standing.MET

    apart = (Gpa, Milestone, All, Any)
    flags = [met(node) for node in nodes(resolved.tree) if not isinstance(node, apart)]
    flags += [met(rule) for rule in resolved.rules if isinstance(rule, Measure)]
    for node in nodes(resolved.tree):
        if isinstance(node, All) and node.total is not None:
            flags.append(node.header.id in by_id and _total_met(holding, node, passed=True))
    return tuple(flags)


def _total_met(holding: Holding, node: All, *, passed: bool) -> bool:
    assert node.total is not None
    items = holding.applied(below=node.header.id)
    if passed:
        items = [i for i in items if i.use.standing is Standing.MET]
    _, asked = holding.total_of(node.header.id)
    have = sum((i.credits for i in items), Fraction(0))
    if node.total.credits is not None and asked is not None and have < asked:
        return False
    if node.total.courses is not None:
        count = sum(1 for i in items if not i.use.is_waiver)
        return count >= plain(node.total.courses).low
    return True


def where(
    resolved: Resolved, setting: Setting, found: tuple[Use, ...], witness: Witness
) -> tuple[tuple[int, ...], ...]:
    """Return for each use, in code order, the places of its leaves in the file; unused last."""
    place = {
        node.header.id: index
        for index, node in enumerate(n for n in nodes(resolved.tree) if isinstance(n, Fill))
    }
    held: dict[str, list[int]] = {use.id: [] for use in found}
    for one in witness.placements:
        held[one.attempt].append(place[one.leaf])
    ordered = sorted(found, key=lambda use: (use.attempt.course, use.id))
    return tuple((*sorted(held[use.id]), 1 << 30) for use in ordered)


def _completes(setting: Setting, found: tuple[Use, ...], witness: Witness) -> bool:
    """Return whether tree, sizes and caps hold with the completion taken."""
    holding = hold(setting, witness, found)
    tree = setting.resolved.tree

    def waived(name: NodeId) -> bool:
        here: NodeId | None = name
        while here is not None:
            if setting.is_excepted(here):
                return True
            here = holding.parent.get(here)
        return False

    for node in holding.active.values():
        if waived(node.header.id):
            continue
        if isinstance(node, Fill):
            asked = holding.rest_asks(node) if node.rest else None
            if not is_met(node, holding.held[node.header.id], asked, setting):
                return False
        is_total = isinstance(node, All) and node.total is not None
        if is_total and not _total_met(holding, node, passed=False):  # type: ignore[arg-type]
            return False
    for measure, above in active_measures(holding):
        if measure.bound is not Bound.AT_LEAST or measure.over is not Over.APPLIED:
            continue
        if setting.is_excepted(measure.header.id) or waived(above):
            continue
        if tree.header.id == above and waived(tree.header.id):
            continue
        _, total = holding.total_of(above)
        have = amount(measure, holding.applied(measure.within), setting)
        if have < bound_of(measure, total or Fraction(0)):
            return False
    return True


# ------------------------------------------------------------------- witnesses


def _witnesses(
    setting: Setting,
    found: tuple[Use, ...],
    new: list[Use],
    fits: frozenset[bool | None],
    *,
    must_meet: bool,
) -> Iterator[Witness]:
    for choices in _choices(setting.resolved.tree, {}):
        holding = hold(setting, Witness(choices=choices), found)
        leaves = sorted(
            holding.leaves(), key=lambda leaf: (leaf.rest, -_depth(holding, leaf.header.id))
        )
        yield from _filled(setting, found, new, fits, choices, leaves, (), (), must_meet)


def _depth(holding: Holding, name: NodeId) -> int:
    return 0 if name not in holding.parent else 1 + _depth(holding, holding.parent[name])


def _filled(
    setting: Setting,
    found: tuple[Use, ...],
    new: list[Use],
    fits: frozenset[bool | None],
    choices: tuple[tuple[NodeId, tuple[NodeId, ...]], ...],
    leaves: list[Fill],
    placements: tuple[Placement, ...],
    completion: tuple[Completion, ...],
    must_meet: bool,
) -> Iterator[Witness]:
    base = Witness(choices=choices, placements=placements, completion=completion)
    if placements or completion:
        # a fault of sharing, of a cap or of a split stays whatever else is placed; a leaf that is
        # met without something may come right for free electives alone, which stand last
        holding = hold(setting, base, found)
        open_ = {leaf.header.id for leaf in leaves if leaf.rest}
        if any(f.rule not in open_ for f in holding.faults):
            return
    if not leaves:
        yield base
        return
    leaf, others = leaves[0], leaves[1:]
    asked = hold(setting, base, found).rest_asks(leaf) if leaf.rest else None
    waived = setting.is_excepted(leaf.header.id)
    for mine in _sets(setting, found, new, fits, leaf, asked, must_meet and not waived):
        placed = tuple(
            Placement(attempt=item.use.id, leaf=leaf.header.id, area=item.area, part=item.part)
            for item in mine
            if not item.use.hypothetical
        )
        bought = tuple(
            Completion(course=item.use.attempt.course, leaf=leaf.header.id, area=item.area)
            for item in mine
            if item.use.hypothetical
        )
        yield from _filled(
            setting,
            found,
            new,
            fits,
            choices,
            others,
            (*placements, *placed),
            (*completion, *bought),
            must_meet,
        )


def _sets(
    setting: Setting,
    found: tuple[Use, ...],
    new: list[Use],
    fits: frozenset[bool | None],
    leaf: Fill,
    asked: Fraction | None,
    must_meet: bool,
) -> Iterator[tuple[Held, ...]]:
    """Yield what a leaf may hold: smallest sets that meet it, or sets that do not meet it."""
    eligible = [use for use in found if admits(leaf, use, setting) is not False]
    eligible += [use for use in new if admits(leaf, use, setting) in fits]
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
    if item is None or use.hypothetical or leaf.courses is not None:
        return [None]
    if not (item.split or item.credits_low != item.credits_high):
        return [None]
    return [None, *(Fraction(n) for n in range(1, int(use.credits) + 1))]
