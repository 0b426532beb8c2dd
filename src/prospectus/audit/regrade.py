"""Whether another grade on one attempt is the same to every rule of courses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from prospectus.audit.alike import Alike
from prospectus.audit.problem import problem_of
from prospectus.audit.rules import Rules, rules_of
from prospectus.audit.selecting import Use
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, Record


def is_alike(
    resolved: Resolved,
    record: Record,
    today: dt.date,
    conferral: dt.date | None,
    choices: Mapping[str, str],
    pair: tuple[Attempt, Attempt],
) -> bool:
    """Return whether a record with one attempt exchanged for another has the same audit.

    Means and what was attempted are no part of it. False where that is not certain.
    """
    attempt, better = pair
    rules = rules_of(resolved, record)
    problem = problem_of(rules, record, today, conferral)
    reader, given = rules.reader, problem.given
    if attempt.id in problem.reading.lost or _sees_grades(rules):
        return False
    use = reader.dated(attempt).use
    if (
        rules.is_excludable(use)
        or _may_be_repeated(rules, use)
        or any(
            use.names & reader.dated(other).use.names
            for other in record.attempts
            if other.id != attempt.id
        )
    ):
        return False
    old, new = rules.row(use, given), rules.row(reader.dated(better).use, given)
    alike = Alike(rules, choices)
    return old is new or alike.row(old) == alike.row(new)


def _sees_grades(rules: Rules) -> bool:
    """Return whether what one attempt is may depend on the grade of another."""
    record_rules = rules.resolved.program.record_rules
    repeats = record_rules.repeats
    return (
        record_rules.expires_of is not None
        or record_rules.attempts_of is not None
        or (repeats is not None and repeats.allowed is not None)
        or any(rule.condition is not None for rule in rules.overlaps)
    )


def _may_be_repeated(rules: Rules, use: Use) -> bool:
    """Return whether the grade decides if the course can be taken again beside this attempt."""
    repeats = rules.resolved.program.record_rules.repeats
    if repeats is None or repeats.only_below is None:
        return False
    codes = {code for name in use.names for code in rules.codes_of(name)}
    return any(rules.resolved.courses[code].repeatable is not None for code in codes)
