"""Other attempts on a record: whether a grade is the same to every rule, what is left with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from prospectus.audit.alike import alike_of
from prospectus.audit.conferring import audit_to_come
from prospectus.audit.problem import problem_of
from prospectus.audit.result import AuditResult, Reason
from prospectus.audit.rules import Rules, rules_of
from prospectus.audit.use import Use
from prospectus.domain.course import CourseCode
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, Record


def is_alike(
    resolved: Resolved,
    record: Record,
    today: dt.date,
    conferral: dt.date | None,
    choices: Mapping[str, str],
    pair: tuple[Attempt, Attempt],
    bought: frozenset[CourseCode] = frozenset(),
) -> bool:
    """Return whether a record with one attempt exchanged for another has the same audit.

    Means and what was attempted are no part of it; `bought` is what the audit completes the
    degree with. False where that is not certain.
    """
    attempt, better = pair
    rules = rules_of(resolved, record)
    problem = problem_of(rules, record, today, conferral)
    reader, given = rules.reader, problem.given
    lost = problem.reading.lost.get(attempt.id)
    if _sees_grades(rules) or (lost is not None and lost.reason is not Reason.FAILED):
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
    new, alike = rules.row(reader.dated(better).use, given), alike_of(rules, choices)
    if lost is not None:
        # passed, it could not be bought any longer
        codes = {code for name in use.names for code in rules.codes_of(name)}
        return bought.isdisjoint(codes) and not record.exceptions and alike.has_no_place(new)
    old = rules.row(use, given)
    return old is new or alike.row(old) == alike.row(new)


def _sees_grades(rules: Rules) -> bool:
    """Return whether what one attempt is may depend on the grade of another."""
    record_rules = rules.resolved.program.record_rules
    repeats = record_rules.repeats
    return (
        record_rules.expires_of is not None
        or record_rules.attempts_of is not None
        or (repeats is not None and repeats.allowed is not None)
        or (repeats is not None and repeats.at_most_in_all is not None)
        or any(rule.condition is not None for rule in rules.overlaps)
    )


def _may_be_repeated(rules: Rules, use: Use) -> bool:
    """Return whether the grade decides if the course can be taken again beside this attempt."""
    repeats = rules.resolved.program.record_rules.repeats
    if repeats is None or repeats.only_below is None:
        return False
    codes = {code for name in use.names for code in rules.codes_of(name)}
    return any(rules.resolved.courses[code].repeatable is not None for code in codes)


def with_planned(
    resolved: Resolved,
    record: Record,
    today: dt.date,
    planned: Collection[str],
    *,
    choices: Mapping[str, str],
    seconds: float | None,
) -> AuditResult | None:
    """Return the audit of a record on which some planned attempts are to count.

    None where one of them does not, where no course completes the degree, or without a proof.
    """
    result = audit_to_come(resolved, record, today, choices=choices, seconds=seconds)
    if result.credits_left is None or not result.is_proven:
        return None
    problem = problem_of(rules_of(resolved, record), record, today, result.witness.conferral)
    used = {dated.use.attempt.id for dated in problem.reading.uses}
    return result if used.issuperset(planned) else None
