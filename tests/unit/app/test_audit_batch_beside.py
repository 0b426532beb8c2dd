"""What a batch says of a whole degree is what the definition of the rules says of it."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from tests.degrees import (
    TODAY,
    all_,
    any_,
    at_most,
    course,
    degree,
    failed,
    leaf,
    mean,
    milestone,
    planned,
    running,
    taken,
    transfer,
)

from prospectus.app.audit_batch_beside import Beside
from prospectus.audit.batch import BatchAuditor
from prospectus.audit.conferring import audit_to_come
from prospectus.domain.meaning import judge
from prospectus.domain.plan import Standing
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, Record
from prospectus.domain.requirement import Over
from prospectus.domain.rule import RecordRules, Repeats, WhichAttempt

COURSES = [course(f"CS {number}") for number in range(6001, 6009)]


def judged(resolved: Resolved, records: list[list[Attempt]]) -> list[tuple[Standing, set[str]]]:
    """Return how a batch says that degrees stand, and what is open beside their courses."""
    auditor = BatchAuditor(resolved, TODAY)
    numbers = np.array([auditor.number(one) for record in records for one in record], np.int32)
    offsets = np.cumsum([0, *map(len, records)], dtype=np.int64)
    places, _ = auditor.run(offsets, numbers)
    beside = Beside(auditor, TODAY, 10_000)
    standings, waits = beside.judge(offsets, numbers, places)
    return [
        (Standing(standing), set(beside.open_sets[place]))
        for standing, place in zip(standings.tolist(), waits.tolist(), strict=True)
    ]


def defined(
    resolved: Resolved, record: list[Attempt], names: set[str]
) -> tuple[Standing, set[str]]:
    """Return the same by the definition, under the witness of the single audit."""
    whole = Record(attempts=tuple(record))
    result = audit_to_come(resolved, whole, TODAY)
    verdict = judge(resolved, whole, result.witness, TODAY)
    if result.nodes[0].standing is Standing.UNMET:
        return verdict.degree, set()  # what is left to take says more than a mean
    lacking = {str(n.node) for n in verdict.nodes if n.standing <= Standing.PENDING}
    return verdict.degree, lacking & names


def drawn(rng: random.Random) -> list[Attempt]:
    """Return a record of most courses, some again, some under way, some from elsewhere."""
    found = []
    for one in rng.sample(COURSES, rng.randint(4, 8)):
        how = rng.random()
        if how < 0.08:
            found.append(running(one.code))
        elif how < 0.12:
            found.append(planned(one.code))
        elif how < 0.16:
            found.append(transfer(one.code))
        else:
            found.append(taken(one.code, rng.choice("ABBC"), "Fall 2024"))
            if rng.random() < 0.3:
                again = rng.choice([failed, taken])
                when = rng.choice(["Fall 2023", "Spring 2025"])
                found.append(again(one.code, id=f"{one.code} again", when=when))
    return found


RULES = {
    "a mean": degree(leaf("list", "any", 4), mean("3.2"), courses=COURSES, total=12),
    "a mean of what counts": degree(
        leaf("list", "any", 4), mean("3.2", over=Over.APPLIED), courses=COURSES, total=12
    ),
    "two means and a most on tries": degree(
        leaf("list", "any", 4),
        mean("3.2"),
        mean("3.6", ["CS 6001", "CS 6002", "CS 6003"], id="core"),
        at_most("few", ["CS 6004", "CS 6005"], courses=2, over=Over.ATTEMPTED),
        courses=COURSES,
        total=12,
    ),
    "one mean in each track": degree(
        any_(
            "track",
            all_("left", leaf("a", ["CS 6001", "CS 6002"], 1), mean("3.5", id="high")),
            all_("right", leaf("b", ["CS 6003", "CS 6004"], 1), milestone("talk")),
            declare=True,
        ),
        leaf("free", "any", credits="rest"),
        mean("2.9"),
        courses=COURSES,
        total=12,
    ),
}
REPEATS = {
    "nothing said": None,
    "the newest": Repeats(use=WhichAttempt.NEWEST, only_below="B", mean_uses_all=True),
    "only the one used": Repeats(use=WhichAttempt.BEST, mean_uses_all=False, mean_keeps="B"),
}


@pytest.mark.parametrize("repeats", REPEATS)
@pytest.mark.parametrize("rules", RULES)
def test_the_verdict_is_that_of_the_definition(rules: str, repeats: str) -> None:
    resolved = RULES[rules]
    program = replace(resolved.program, record_rules=RecordRules(repeats=REPEATS[repeats]))
    resolved = replace(resolved, program=program)
    rng = random.Random(f"{rules} {repeats}")
    records = [drawn(rng) for _ in range(60)]
    names = {"gpa", "core", "few", "high", "talk"}
    got = judged(resolved, records)
    assert got == [defined(resolved, record, names) for record in records]
    assert len({standing for standing, _ in got}) > 2


def test_without_grades_a_mean_is_pending() -> None:
    resolved = RULES["a mean"]
    records = [[transfer(one.code) for one in COURSES[:4]]]
    assert judged(resolved, records) == [(Standing.PENDING, {"gpa"})]
