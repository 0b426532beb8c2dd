"""Whatever stands on a record, the audit that is shown agrees with the definition of the rules.

The rules and records of the differential tests, with what drags a degree from beside its tree,
exceptions of every kind at every node, approvals in every state, and facts that nobody knows.
`run_audit` raises INT-005 where engine and definition differ.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from tests.degrees import (
    TODAY,
    all_,
    any_,
    at_least,
    at_most,
    degree,
    has,
    leaf,
    mean,
    milestone,
    of,
    taken,
    transfer,
)
from tests.differential.audit_drawing import draw
from tests.differential.drawing import Draw

from prospectus.app.audit_check import run_audit
from prospectus.domain.course import Course, CourseCode
from prospectus.domain.expression import AnyCourse, Approved, Except, Selector, Union
from prospectus.domain.meaning import resolve
from prospectus.domain.meaning.matching import nodes
from prospectus.domain.plan import Standing
from prospectus.domain.program import Resolved
from prospectus.domain.record import (
    ApprovalState,
    Attempt,
    AttemptStatus,
    AuditException,
    ExceptionKind,
    MilestoneResult,
    Record,
)
from prospectus.domain.requirement import All, Any, Fill, Item, Measure, NodeId, Over
from prospectus.domain.rule import Rule
from prospectus.domain.student import Person

CASES_PER_BATCH = 150
BATCHES = 4
EITHER = (ExceptionKind.WAIVE, ExceptionKind.FORCE)


def _selector(chance: Draw, codes: list[str]) -> Selector:
    some = of(chance.rng.sample(codes, min(len(codes), chance.rng.randint(1, 3))))
    match chance.rng.randrange(8):
        case 0 | 1 | 2:
            return some
        case 3:
            return AnyCourse()
        case 4:
            return has("attribute", "q")
        case 5:
            return Union(items=(some, has("attribute", "q")))
        case 6:
            return Except(of=AnyCourse(), without=has("attribute", "q"))
        case _:
            who = chance.rng.choice(["dean", "chair"])
            return Approved(approval=who, of=chance.rng.choice([some, AnyCourse()]))


def _measure(chance: Draw, codes: list[str], ids: list[NodeId]) -> Measure:
    name = str(chance.header("measure").id)
    selector = _selector(chance, codes)
    more: dict[str, object] = {"courses": chance.rng.choice([1, 2])}
    if chance.chance(0.5):
        more = {"credits": chance.rng.choice([2, 3, 4, 6])}
    if chance.chance(0.2, "attempted"):
        more["over"] = Over.ATTEMPTED
    elif chance.chance(0.3, "within"):
        more["within"] = (chance.rng.choice(ids),)
    if chance.chance(0.4, "most"):
        return at_most(name, selector, **more)
    if chance.chance(0.1, "distinct"):
        more = {"courses": 2, "distinct": chance.rng.choice(["subject", "attribute", "season"])}
    return at_least(name, selector, **more)


def _changed(item: Item, chance: Draw, codes: list[str]) -> Item:
    if isinstance(item, Fill):
        if item.areas is None and chance.chance(0.3, "not known"):
            return replace(item, from_=_selector(chance, codes))
        return item
    if isinstance(item, All | Any):
        below = tuple(_changed(child, chance, codes) for child in item.children)
        return replace(item, children=below)
    return item


def _tree(chance: Draw, tree: All, codes: list[str]) -> All:
    ids = [node.header.id for node in nodes(tree)]
    children = [_changed(child, chance, codes) for child in tree.children]
    if chance.chance(0.2, "measure in the tree"):
        children.append(_measure(chance, codes, ids))
    if chance.chance(0.15, "milestone"):
        children.append(milestone("thesis", attempts=chance.rng.choice([None, 1])))
    if chance.chance(0.1, "declared choice"):
        first = all_(
            "first-way", leaf("way-a", _selector(chance, codes), 1), _measure(chance, codes, ids)
        )
        children.append(any_("way", first, leaf("way-b", "any", 1), declare=True))
    if len(children) > 2 and chance.chance(0.3, "block"):
        cut = chance.rng.randint(1, len(children) - 1)
        block = all_("block", *children[:cut], total=chance.rng.choice([None, 3, 6]))
        children = [block, *children[cut:]]
    return replace(tree, children=tuple(children))


def _rules(chance: Draw, resolved: Resolved, ids: list[NodeId], codes: list[str]) -> list[Rule]:
    found = list(resolved.rules)
    while chance.chance(0.4, "measure beside the tree"):
        found.append(_measure(chance, codes, ids))
    if chance.chance(0.1, "mean beside the tree"):
        found.append(mean(chance.rng.choice([2, 3]), id=str(chance.header("mean").id)))
    return found


def _with_attributes(chance: Draw, course: Course) -> Course:
    match chance.rng.randrange(3):
        case 0:
            return replace(course, unknown=frozenset({"attributes"}))
        case 1:
            return replace(course, attributes=frozenset({"q"}))
        case _:
            return course


def _exceptions(chance: Draw, resolved: Resolved, codes: list[str]) -> list[AuditException]:
    tree = list(nodes(resolved.tree))
    ids = [node.header.id for node in (*tree, *resolved.rules)]
    ids += [one.header.id for node in tree if isinstance(node, Fill) for one in node.with_]
    found: list[AuditException] = []
    while chance.chance(0.5, "exception"):
        kind = chance.rng.choice(list(ExceptionKind))
        at_root = chance.chance(0.15, "exception at the root")
        found.append(
            AuditException(
                kind=kind,
                node=resolved.tree.header.id if at_root else chance.rng.choice(ids),
                who="dean",
                when=TODAY,
                why="",
                course=None
                if kind in EITHER
                else CourseCode(chance.rng.choice([*codes, "ZZ 999"])),
                replaces=CourseCode(chance.rng.choice(codes))
                if kind is ExceptionKind.SUBSTITUTE
                else None,
            )
        )
    return found


def _record(chance: Draw, record: Record, resolved: Resolved, codes: list[str]) -> Record:
    attempts = list(record.attempts)
    if chance.chance(0.15, "course outside the catalogue"):
        credits = chance.rng.choice([1, 3, Fraction(3, 2)])
        attempts.append(
            Attempt(
                id="outside",
                course=CourseCode("ZZ 999"),
                credits=Fraction(credits),
                status=AttemptStatus.PASSED,
                grade=resolved.scale.grades[0].name,
            )
        )
    results: tuple[MilestoneResult, ...] = ()
    if chance.chance(0.3):
        status = chance.rng.choice(list(AttemptStatus))
        results = (MilestoneResult(milestone=NodeId("thesis"), status=status),)
    states = list(ApprovalState)
    return replace(
        record,
        attempts=tuple(attempts),
        exceptions=(*record.exceptions, *_exceptions(chance, resolved, codes)),
        approvals=tuple((who, chance.rng.choice(states)) for who in ("dean", "chair")),
        milestones=results,
    )


def drawn(seed: int, kinds: set[str]) -> tuple[Resolved, Record, dt.date | None]:
    """Return the rules, the record and the day of conferral of a seed, noting their kinds."""
    chance = Draw(random.Random(f"agreement {seed}"), kinds=kinds)
    case = draw(seed, parts=chance.chance(0.15, "parts"))
    plain = case.resolved
    codes = [str(code) for code in plain.courses]
    courses = tuple(_with_attributes(chance, course) for course in plain.courses.values())
    assert isinstance(plain.tree, All)
    tree = _tree(chance, plain.tree, codes)
    ids = [node.header.id for node in nodes(tree)]
    rules = tuple(_rules(chance, plain, ids, codes))
    program = replace(plain.program, tree=tree, rules=rules)
    school = replace(plain.school, courses=courses)
    [resolved] = resolve(program, school, Person(), (), {})
    record = _record(chance, case.record, resolved, codes)
    day = chance.rng.choice([None, None, None, dt.date(2026, 1, 1), dt.date(2026, 9, 1)])
    return resolved, record, day


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_audit_fails_its_own_recheck(batch: int) -> None:
    kinds: set[str] = set()
    seen: Counter[str] = Counter()
    for seed in range(batch * CASES_PER_BATCH, (batch + 1) * CASES_PER_BATCH):
        resolved, record, day = drawn(seed, kinds)
        found = run_audit(resolved, record, TODAY, {}, day, seconds=None)
        left = found.result.credits_left
        seen["none" if left is None else "left" if left else "done"] += 1
        seen["unsure"] += not found.result.is_sure
        by_exception = found.setting.is_excepted(resolved.tree.header.id)
        seen["waived"] += by_exception
        assert not by_exception or found.verdict.degree is Standing.MET
    assert min(seen[name] for name in ("none", "left", "done", "unsure", "waived")) >= 3, seen
    assert kinds >= {
        "attempted",
        "block",
        "course outside the catalogue",
        "declared choice",
        "distinct",
        "exception at the root",
        "mean beside the tree",
        "measure beside the tree",
        "measure in the tree",
        "milestone",
        "most",
        "not known",
        "parts",
        "within",
    }


def excepting(kind: ExceptionKind, node: str) -> tuple[AuditException, ...]:
    return (AuditException(kind=kind, node=NodeId(node), who="dean", when=TODAY, why=""),)


def test_a_measure_beside_the_tree_drags_the_degree_for_audit_and_definition() -> None:
    rules = degree(
        leaf("core", "any", 1), total=3, rules=[at_least("breadth", "MATH 500", credits=3)]
    )
    found = run_audit(rules, Record(attempts=(taken("CS 600"),)), TODAY, {})
    # the only place is taken by the course that reaches the least
    assert found.result.credits_left == 3
    assert found.result.standing("breadth") is Standing.UNMET
    assert found.result.standing("degree") is Standing.UNMET
    assert found.verdict.degree is Standing.UNMET


@pytest.mark.parametrize("kind", EITHER)
def test_a_degree_that_is_met_by_exception_is_met_whatever_stands_beside_it(
    kind: ExceptionKind,
) -> None:
    rules = degree(
        leaf("core", "CS 600", 1),
        milestone("thesis"),
        rules=[at_least("breadth", "MATH 500", credits=3), mean(4)],
    )
    record = Record(
        attempts=(taken("CS 610", "C"),), exceptions=excepting(kind, rules.tree.header.id)
    )
    found = run_audit(rules, record, TODAY, {})
    assert found.result.credits_left == 0
    assert found.result.standing("degree") is Standing.MET
    assert found.verdict.degree is Standing.MET


def test_what_is_held_though_nobody_knows_whether_it_fits_makes_the_way_unsure() -> None:
    special = Approved(approval="dean", of=of("CS 700"))
    rules = degree(leaf("open", special, 1), leaf("core", "CS 600", 1))
    record = Record(attempts=(taken("CS 700"),))
    found = run_audit(rules, record, TODAY, {})
    assert found.result.credits_left == 3
    assert found.result.is_completion_sure
    assert not found.result.is_sure
    granted = replace(record, approvals=(("dean", ApprovalState.GRANTED),))
    assert run_audit(rules, granted, TODAY, {}).result.is_sure


def test_a_least_that_only_an_approval_could_reach_makes_the_way_unsure() -> None:
    special = Approved(approval="dean", of=AnyCourse())
    rules = degree(leaf("core", "CS 600", 1), rules=[at_least("special", special, courses=1)])
    found = run_audit(rules, Record(attempts=(taken("CS 600"),)), TODAY, {})
    assert found.result.credits_left == 0
    assert found.result.standing("special") is Standing.PENDING
    assert found.verdict.degree is Standing.PENDING
    assert not found.result.is_sure


def test_a_least_of_different_values_may_rest_on_what_nobody_knows() -> None:
    special = Approved(approval="dean", of=AnyCourse())
    apart = at_least("apart", special, courses=2, distinct="subject")
    rules = degree(leaf("core", ["CS 600", "MATH 500"], 2), rules=[apart])
    attempts = (taken("CS 600"), transfer("MATH 500"))
    found = run_audit(rules, Record(attempts=attempts), TODAY, {})
    assert found.result.standing("apart") is Standing.PENDING
    assert found.verdict.degree is Standing.PENDING
