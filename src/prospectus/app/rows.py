"""Rows of the comparison, made from checked plans."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from prospectus.app.answers import Admission, AssumptionLine
from prospectus.app.figures import (
    HOURS_DEFAULT,
    assumptions_used,
    figures,
    first_courses,
    unstated_courses,
)
from prospectus.app.solving import (
    Effort,
    Solved,
    finish_with_fewer_hours,
    least_hours,
    relaxed,
)
from prospectus.app.why_impossible import merged_texts
from prospectus.app.words import listed
from prospectus.compare.row import Admissible, Option, Outcome, Row, Sensitivity, Without
from prospectus.domain.facts import Assumption
from prospectus.domain.meaning.money import RATES_GROW
from prospectus.domain.printer import print_number
from prospectus.domain.program import Program
from prospectus.domain.student import DEFAULT_HOURS_PER_WEEK
from prospectus.planning.result import PlanStatus

HOURS_WISH = "hours"
"""The id of the wish for hours in a conflict."""

_OUTCOMES = {
    PlanStatus.OPTIMAL: Outcome.PROVEN,
    PlanStatus.FEASIBLE: Outcome.FOUND,
    PlanStatus.INFEASIBLE: Outcome.IMPOSSIBLE,
    PlanStatus.UNKNOWN: Outcome.OPEN,
}
_ADMISSION_WORDS = {
    Admissible.NO: "not admitted",
    Admissible.DEPENDS: "admission depends on",
    Admissible.UNKNOWN: "admission",
}


def row(
    solved: Solved,
    *,
    track: str | None,
    track_name: str,
    admission: Admission,
    variant: tuple[tuple[str, str], ...],
    missing: tuple[str, ...] = (),
    sensitivity: Sensitivity | None = None,
    without: Without | None = None,
) -> Row:
    """Return the row of one checked answer; `missing` are wanted courses it does not have."""
    program = solved.resolved.program
    result = solved.result
    verdict_unknown = solved.verdict.unknown if solved.verdict is not None else program.unknown
    appraisal_unknown = solved.appraisal.unknown if solved.appraisal is not None else ()
    return Row(
        rules=program.catalog_year,
        option=Option(program=program.id, track=track),
        program_name=program.name,
        short_name=short_name(program),
        school_name=solved.resolved.school.name,
        track_name=track_name,
        variant=variant,
        admissible=admission.admissible,
        admission_reasons=admission.reasons,
        outcome=_OUTCOMES[result.status],
        figures=figures(solved),
        obstacles=(*_obstacles(solved, admission), *(f"does not have {code}" for code in missing)),
        conflict=condensed(merged_texts(result.conflict)),
        conflict_is_minimal=result.conflict_is_minimal or not result.conflict,
        sensitivity=sensitivity,
        without=without,
        first_courses=first_courses(solved),
        assumptions=assumptions_used(solved),
        unknown=tuple(dict.fromkeys((*verdict_unknown, *appraisal_unknown, *_unstated(solved)))),
    )


def _unstated(solved: Solved) -> tuple[str, ...]:
    """Return what the plan could not heed: prerequisites that no source tells."""
    codes = unstated_courses(solved) if solved.appraisal is not None else ()
    return (f"what must come before {listed(list(codes), 'and')}",) if codes else ()


def short_name(program: Program) -> str:
    """Return what stands in brackets at the end of a programme's name, else the whole name."""
    head, bracket, tail = program.name.rpartition("(")
    inner = tail.partition(")")[0].strip()
    return inner if bracket and head and 2 <= len(inner) <= 16 else program.name


def sensitivity(solved: Solved, today: dt.date, effort: Effort) -> Sensitivity | None:
    """Return what other hours would do: one fewer, or where too few the least."""
    if solved.appraisal is None:
        # Another wish that is to blame would still be in the way with more hours.
        if _wishes_to_blame(solved) != {HOURS_WISH}:
            return None
        hours, enough = least_hours(solved, today, effort)
        if hours is None:
            return None
        return Sensitivity(hours_per_week=hours, finish=enough, is_impossible=False)
    if solved.appraisal.peak_hours < 2:
        return None
    fewer = solved.appraisal.peak_hours - 1
    status, finish = finish_with_fewer_hours(solved, fewer, today, effort)
    return Sensitivity(
        hours_per_week=fewer, finish=finish, is_impossible=status is PlanStatus.INFEASIBLE
    )


def without_wishes(solved: Solved, today: dt.date, effort: Effort) -> Without | None:
    """Return the best plan without the wishes in conflict; None where hours alone are to blame."""
    blamed = _wishes_to_blame(solved)
    if not blamed or blamed == {HOURS_WISH}:
        return None
    found = relaxed(solved, blamed, today, effort)
    if found is None:
        return None
    return Without(finish=found.finish, cost=found.cost, peak_hours=found.peak_hours)


def _wishes_to_blame(solved: Solved) -> set[str]:
    return {item.id for item in solved.result.conflict if item.is_wish}


def condensed(texts: Sequence[str]) -> tuple[str, ...]:
    """Return texts with those that differ only in their last year made one."""
    years: dict[str, list[int]] = {}
    for text in texts:
        head, _, last = text.rpartition(" ")
        if re.fullmatch(r"20\d\d", last):
            years.setdefault(head, []).append(int(last))
        else:
            years[text] = []
    return tuple(
        head if not found else f"{head} {min(found)}" + (f" to {max(found)}" if found[1:] else "")
        for head, found in years.items()
    )


def _obstacles(solved: Solved, admission: Admission) -> tuple[str, ...]:
    """Return what stands in the way, worst first."""
    found: list[str] = []
    if admission.admissible is not Admissible.YES:
        words = _ADMISSION_WORDS[admission.admissible]
        reasons = "; ".join(admission.reasons)
        if admission.admissible is Admissible.UNKNOWN:
            found.append("admission rule unknown")
        else:
            found.append(f"{words} {reasons}" if reasons else words)
    status = solved.result.status
    if status is PlanStatus.INFEASIBLE:
        wishes = condensed([item.text for item in solved.result.conflict if item.is_wish])
        rules = condensed([item.text for item in solved.result.conflict if not item.is_wish])
        found.insert(0, "; ".join(wishes or rules) or "no plan meets rules and wishes")
    elif status is PlanStatus.UNKNOWN:
        found.insert(0, "no plan found in the time given")
    elif status is PlanStatus.FEASIBLE:
        found.append("better plans not ruled out")
    found += [f"rests on an approval not yet granted: {who}" for who in solved.result.approvals]
    if solved.appraisal is not None and solved.appraisal.cost is None:
        found.append("price unknown")
    return tuple(found)


def assumption_lines(
    ids: tuple[str, ...], known: Mapping[str, Assumption], growth: Fraction | None = None
) -> tuple[AssumptionLine, ...]:
    """Return assumptions with their texts, values and ranges; `growth` of rates is the person's."""
    return tuple(_assumption_line(name, known.get(name), growth) for name in ids)


def _assumption_line(
    name: str, found: Assumption | None, growth: Fraction | None
) -> AssumptionLine:
    if name == RATES_GROW and growth is not None:
        return AssumptionLine(
            id=name,
            text="Prices beyond the last published year grow, as you say",
            value=f"{print_number(growth * 100)} percent per year",
            range="",
            source="the student file",
        )
    if found is None:
        is_default = name == HOURS_DEFAULT
        return AssumptionLine(
            id=name,
            text="Your hours are not given in the student file" if is_default else name,
            value=f"{DEFAULT_HOURS_PER_WEEK} hours a week" if is_default else "",
            range="",
            source="default of Prospectus" if is_default else "",
        )
    return AssumptionLine(
        id=name,
        text=found.text,
        value=f"{print_number(found.value)} {found.unit}".strip(),
        range=f"{print_number(found.low)} to {print_number(found.high)}"
        if found.low != found.high
        else "",
        source=found.source,
    )
