"""Explanations that ask again: what a course, a grade or a forced place would change."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import comb, prod

from prospectus.audit.board import Board, Wanted
from prospectus.audit.problem import Problem, Scope, problem_of
from prospectus.audit.result import AuditResult, ForcedIn, GradeChange, Step, WaysLeft
from prospectus.audit.rules import rules_of
from prospectus.audit.solve import audit
from prospectus.audit.table import Effort, OutOfSteps
from prospectus.domain.errors import StudentError
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, Record
from prospectus.domain.requirement import NodeId

STEPS = 20_000
"""How far each of these questions is searched."""
MOST_WAYS = 1_000
"""Beyond so many ways left it is only said that there are at least so many."""


def next_steps(
    resolved: Resolved,
    record: Record,
    today: dt.date,
    result: AuditResult,
    *,
    choices: Mapping[str, str] | None = None,
) -> tuple[Step, ...]:
    """Return each course that is missing somewhere with what is left once it is taken.

    The one that completes most comes first: the fewest credits left, the most nodes completed,
    then code order. Of courses that are alike to every rule only the first is asked about, and
    the others follow with its answer. Empty where nothing is missing or nothing completes.
    """
    if result.credits_left is None:
        return ()
    rules = rules_of(resolved, record)
    problem = problem_of(rules, record, today, result.witness.conferral)
    wanted = {code for missing in result.missing for code in missing.one_of}
    steps: list[Step] = []
    for entry in problem.courses:
        codes = [code for code in entry.codes if code in wanted]
        if not codes:
            continue
        taken = Attempt(
            id=f"next:{codes[0]}",
            course=codes[0],
            credits=resolved.courses[codes[0]].credits_low,
            status=AttemptStatus.PLANNED,
            delivery=resolved.courses[codes[0]].delivery,
            ended=problem.reading.conferral,
        )
        more = replace(record, attempts=(*record.attempts, taken))
        after = audit(resolved, more, today, choices=choices, steps=STEPS)
        if after.credits_left is None:
            continue
        lacking = {missing.node for missing in result.missing}
        completed = tuple(
            state.node
            for state in after.nodes
            if state.node in lacking and state.node not in {m.node for m in after.missing}
        )
        steps += [
            Step(course=code, credits_left=after.credits_left, completes=completed)
            for code in codes
        ]
    return tuple(sorted(steps, key=lambda s: (s.credits_left, -len(s.completes), s.course)))


def with_grade(
    resolved: Resolved,
    record: Record,
    today: dt.date,
    attempt: str,
    grade: str,
    result: AuditResult,
    *,
    choices: Mapping[str, str] | None = None,
) -> GradeChange:
    """Return what another grade on one attempt would have changed.

    Raises
    ------
    StudentError
        AUD-004, when no attempt has that id or the school has no such grade.
    """
    if all(one.id != attempt for one in record.attempts):
        known = ", ".join(one.id for one in record.attempts) or "none"
        raise StudentError(
            "AUD-004",
            what=f"there is no attempt '{attempt}' on this record",
            fix=f"its attempts are {known}",
        )
    if resolved.scale.rank(grade) is None:
        raise StudentError(
            "AUD-004",
            what=f"'{grade}' is no grade of {resolved.school.name}",
            fix=f"its grades are {', '.join(one.name for one in resolved.scale.grades)}",
        )
    found = resolved.scale.get(grade)
    passed = AttemptStatus.PASSED if found is None or found.earns else AttemptStatus.FAILED
    attempts = tuple(
        replace(one, grade=grade, status=passed) if one.id == attempt else one
        for one in record.attempts
    )
    changed = replace(record, attempts=attempts)
    after = audit(
        resolved,
        changed,
        today,
        choices=choices,
        conferral=result.witness.conferral,
        steps=STEPS,
    )
    return GradeChange(
        attempt=attempt,
        grade=grade,
        credits_left=after.credits_left,
        before=result.credits_left,
        gained=tuple(node for node in after.met if node not in result.met),
        lost=tuple(node for node in result.met if node not in after.met),
    )


def forced_in(
    resolved: Resolved,
    record: Record,
    today: dt.date,
    attempt: str,
    leaf: NodeId,
    result: AuditResult,
) -> ForcedIn:
    """Return what would be left if a use had to stand in a leaf, under the choices taken."""
    board = _board(resolved, record, today, result)
    rules = board.problem.rules
    place = next((i for i, one in enumerate(board.problem.uses) if one.id == attempt), None)
    if place is None or leaf not in rules.place or board.is_partial:
        return ForcedIn(attempt=attempt, leaf=leaf, credits_left=None)
    bit = rules.leaves[rules.place[leaf]].bit
    wanted = board.nothing_wanted()
    wanted.must[place] = bit
    try:
        found = board.solve(wanted, Effort(STEPS), None)
    except OutOfSteps:
        found = None
    if found is None:
        return ForcedIn(attempt=attempt, leaf=leaf, credits_left=None)
    used = {item.attempt for item in result.witness.placements}
    gone = (
        one.id
        for one, mask in zip(board.problem.uses, found.masks, strict=True)
        if not mask and one.id in used
    )
    return ForcedIn(
        attempt=attempt,
        leaf=leaf,
        credits_left=Fraction(found.cost, rules.unit),
        gives_way=tuple(gone),
    )


def ways_left(
    resolved: Resolved,
    record: Record,
    today: dt.date,
    result: AuditResult,
    *,
    most: int = MOST_WAYS,
    steps: int = STEPS,
) -> WaysLeft:
    """Return how many sets of courses complete the degree as cheaply, under the choices taken."""
    if result.credits_left is None:
        return WaysLeft(count=0, is_exact=result.is_proven)
    board = _board(resolved, record, today, result)
    cost = int(result.credits_left * board.problem.rules.unit)
    bought = range(board.n_uses, len(board.entries))
    codes = {item.course for item in result.witness.completion}
    known = Counter({i: len(codes.intersection(board.entries[i].codes)) for i in bought})
    count = 0
    try:
        nothing = board.nothing_wanted()
        for ways in _ways(board, nothing, list(bought), cost, Effort(steps), known):
            count += ways
            if count >= most:
                return WaysLeft(count=count, is_exact=False)
    except OutOfSteps:
        return WaysLeft(count=count, is_exact=False)
    return WaysLeft(count=count, is_exact=True)


def _ways(
    board: Board,
    wanted: Wanted,
    waiting: Sequence[int],
    cost: int,
    effort: Effort,
    known: Counter[int],
) -> Iterator[int]:
    """Yield, for each choice of how many courses of each kind, in how many ways it is made.

    `known` is what a solution buys that keeps to the choice so far.
    """
    left = cost - sum(n * board.entries[i].row.units for i, n in wanted.most.items())
    if left < 0:
        return
    if left == 0:
        # what is chosen costs all that may be spent, so that each of it is needed
        wanted = wanted.copy()
        wanted.most.update(dict.fromkeys(waiting, 0))
        waiting = ()
    if any(known[i] != n for i, n in wanted.most.items()):
        found = board.solve(wanted, effort, cost)
        if found is None:
            return
        known = Counter(entry for entry, _, _ in found.bought)
    if not waiting:
        yield prod(comb(len(board.entries[i].codes), n) for i, n in wanted.most.items())
        return
    here, others = waiting[0], waiting[1:]
    entry = board.entries[here]
    likely = known[here]
    for count in (likely, *(n for n in range(len(entry.codes), -1, -1) if n != likely)):
        if count * entry.row.units <= left:
            more = wanted.copy()
            more.most[here] = count
            yield from _ways(board, more, others, cost, effort, known)


def _board(resolved: Resolved, record: Record, today: dt.date, result: AuditResult) -> Board:
    rules = rules_of(resolved, record)
    problem: Problem = problem_of(rules, record, today, result.witness.conferral)
    ids = frozenset(state.node for state in result.nodes)
    leaves = sum(leaf.bit for leaf in rules.leaves if leaf.id in ids)
    scope = Scope(choices=result.witness.choices, active=ids, leaves=leaves)
    partial = result.credits_left is None
    return Board(problem, scope, is_partial=partial, unsure=not result.is_completion_sure)
