"""What the audit says in words: standings, what is missing, why something is not used."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

from prospectus.app.audit_answers import AuditedCourse, MissingLine, NextRun
from prospectus.app.tree_walk import walk
from prospectus.app.words import count, listed, selector_words
from prospectus.audit.result import Missing, Reason, Unused
from prospectus.domain.course import CourseCode
from prospectus.domain.offering import OfferingKind, Run
from prospectus.domain.plan import Standing
from prospectus.domain.printer import print_number
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.requirement import Any, Bound, Fill, Measure, NodeId, Range

MOST_NAMED = 8
"""So many courses are named where one of several would do; more are counted."""

LEAST_SHARE = Fraction(1, 2)

_STANDINGS = {
    Standing.MET: "met",
    Standing.IN_PROGRESS: "in progress",
    Standing.PLANNED: "planned",
    Standing.PENDING: "pending",
    Standing.UNMET: "not met",
}
_SURENESS = (OfferingKind.CERTAIN, OfferingKind.EXPECTED, OfferingKind.LIKELY)


def standing_word(standing: Standing) -> str:
    """Return the word that every interface shows for a standing."""
    return _STANDINGS[standing]


def labels_of(resolved: Resolved) -> dict[str, str]:
    """Return the names of all nodes and rules by id; a measure without one is put in words."""
    nodes = [*(node for node, _ in walk(resolved.tree)), *resolved.rules]
    found = {str(node.header.id): node.header.name for node in nodes}
    for node in nodes:
        if isinstance(node, Measure) and not node.header.label:
            found[str(node.header.id)] = measure_words(node, found)
    top = resolved.tree.header
    return found | {str(top.id): top.label or "The degree"}


def audited_course(attempt: Attempt, resolved: Resolved, title: str = "") -> AuditedCourse:
    """Return an attempt as it is shown."""
    course = resolved.courses.get(attempt.course)
    return AuditedCourse(
        attempt=attempt.id,
        code=f"{attempt.course} ({attempt.topic})" if attempt.topic else str(attempt.course),
        title=title or (course.title if course is not None else ""),
        credits=attempt.credits,
        grade=attempt.grade or attempt.expected_grade,
        status=attempt.status.value.replace("_", " "),
        period=", ".join(attempt.periods[:1] + attempt.periods[-1:][len(attempt.periods) < 2 :]),
        source=attempt.source.value.replace("_", " "),
    )


def next_runs(
    codes: Iterable[CourseCode], resolved: Resolved, today: dt.date
) -> tuple[NextRun, ...]:
    """Return when courses run next, by period in time order, as far as that is known."""
    found: dict[int, list[Run]] = defaultdict(list)
    leaves = resolved.calendar.leaves
    for code in codes:
        ahead = [
            run
            for run in resolved.runs_of(code)
            if leaves[run.leaves[0]].start >= today
            and (run.kind is not OfferingKind.LIKELY or (run.share or 0) >= LEAST_SHARE)
        ]
        if ahead:
            first = min(ahead, key=lambda run: run.leaves)
            found[first.leaves[0]].append(first)
    return tuple(
        NextRun(
            period=str(leaves[index].id),
            start=leaves[index].start,
            kind=min((run.kind for run in runs), key=_SURENESS.index).value,
            courses=tuple(sorted(str(run.course) for run in runs)),
        )
        for index, runs in sorted(found.items())
    )


def missing_line(
    missing: Missing, resolved: Resolved, today: dt.date, again: tuple[CourseCode, ...] = ()
) -> MissingLine:
    """Return what a requirement lacks, in its smallest form; `again` is on record, graded too low.

    What would have to be taken again is said where no further course would do.
    """
    labels = labels_of(resolved)
    runs = next_runs(missing.one_of, resolved, today)
    minima = tuple(labels.get(str(node), str(node)) for node in missing.minima)
    return MissingLine(
        id=str(missing.node),
        label=labels.get(str(missing.node), str(missing.node)),
        path=tuple(str(node) for node in missing.path),
        courses=missing.courses,
        credits=missing.credits,
        one_of=tuple(str(code) for code in missing.one_of),
        chosen=tuple(str(code) for code in missing.chosen),
        minima=minima,
        next_runs=runs,
        again=tuple(str(code) for code in again),
        text=_again_text(missing, again, next_runs(again, resolved, today))
        if again and not missing.one_of
        else _missing_text(missing, runs, minima, one_is_enough=_one_is_enough(missing, resolved)),
    )


def _one_is_enough(missing: Missing, resolved: Resolved) -> bool:
    """Return whether any one of the courses would do."""
    return missing.courses <= 1 and all(
        resolved.courses[code].credits_low >= missing.credits
        for code in missing.one_of
        if code in resolved.courses
    )


def _again_text(missing: Missing, again: tuple[CourseCode, ...], runs: tuple[NextRun, ...]) -> str:
    codes = [str(code) for code in again]
    which = codes[0] if len(codes) == 1 else f"{missing.courses or 'some'} of {', '.join(codes)}"
    return f"{which} again with a better grade, where it may be repeated" + _when(codes, runs)


def _missing_text(
    missing: Missing, runs: tuple[NextRun, ...], minima: tuple[str, ...], *, one_is_enough: bool
) -> str:
    sizes = [count(missing.courses, "course")] if missing.courses else []
    sizes += [count(missing.credits, "credit")] if missing.credits else []
    codes, size = [str(code) for code in missing.one_of], " and ".join(sizes)
    if not codes:
        text = f"{size}; no further course of the catalogue helps" if size else ""
    elif len(codes) > MOST_NAMED:
        such = [str(code) for code in missing.chosen] or codes
        unit = "" if missing.courses else " courses"
        text = f"{size or 'more'} out of {len(codes)}{unit}, such as "
        text += listed(such[:MOST_NAMED], "and")
    elif one_is_enough:
        text = codes[0] if len(codes) == 1 else f"one of {', '.join(codes)}"
    elif missing.courses == len(codes):
        text = listed(codes, "and")
    elif missing.courses:
        text = f"{missing.courses} of {', '.join(codes)}"
    else:
        text = f"{size} from {', '.join(codes)}"
    if minima:
        text = "; ".join([*([text] if text else []), f"among them {listed(list(minima), 'and')}"])
    return text + _when(codes, runs)


def _when(codes: list[str], runs: tuple[NextRun, ...]) -> str:
    """Return when the first of some courses runs next."""
    if not codes:
        return ""
    if not runs:
        known = "it runs" if len(codes) == 1 else "any of them runs"
        return f"; when {known} is not known"
    first = runs[0]
    sure = "" if first.kind == OfferingKind.CERTAIN.value else f" ({first.kind})"
    if len(codes) == 1:
        return f"; it runs next in {first.period}{sure}"
    if len(codes) > MOST_NAMED:
        verb = "run" if len(first.courses) > 1 else "runs"
        return f"; {len(first.courses)} of them {verb} next in {first.period}{sure}"
    if set(first.courses) == set(codes):
        return f"; all run next in {first.period}{sure}"
    verb = "run" if len(first.courses) > 1 else "runs"
    return f"; {listed(list(first.courses), 'and')} {verb} next in {first.period}{sure}"


def measure_words(measure: Measure, labels: dict[str, str]) -> str:
    """Return a resolved measure in words."""
    size = measure.courses if measure.courses is not None else measure.credits
    unit = "course" if measure.courses is not None else "credit"
    low = getattr(size, "low", None)
    number = count(low, unit) if isinstance(low, Fraction) else f"a share of the {unit}s"
    way = "at most" if measure.bound is Bound.AT_MOST else "at least"
    return f"{way} {number} of {selector_words(measure.of, labels)}"


def asks_nothing(measure: Measure) -> bool:
    """Return whether a measure is a least of nothing: the other side of a disputed rule."""
    return measure.bound is Bound.AT_LEAST and _size(measure) == Range(low=Fraction(0))


def allows_nothing(measure: Measure) -> bool:
    """Return whether a measure is a most of nothing."""
    nothing = (Range(low=Fraction(0)), Range(low=Fraction(0), high=Fraction(0)))
    return measure.bound is Bound.AT_MOST and _size(measure) in nothing


def _size(measure: Measure) -> object:
    return measure.credits if measure.courses is None else measure.courses


_UNUSED = {
    Reason.FAILED: "it was not passed",
    Reason.WITHDRAWN: "it was given up",
    Reason.AUDITED: "it was taken without credit",
    Reason.NO_CREDIT: "it earns no credit",
    Reason.EXPIRED: "its credit has expired by the day of conferral",
    Reason.TRIED_TOO_OFTEN: "the course was tried more often than allowed",
    Reason.NOTHING: "no requirement takes it",
    Reason.CONFERRAL: "it ends after the day of conferral",
}


def unused_text(unused: Unused, attempt: Attempt, resolved: Resolved, codes: list[str]) -> str:
    """Return why an attempt counts for nothing; `codes` are the courses that hold its place."""
    labels = labels_of(resolved)
    where = labels.get(str(unused.node), "") if unused.node is not None else ""
    whose = listed(codes, "and")
    course = resolved.courses.get(attempt.course)
    match unused.reason:
        case Reason.NO_CREDIT if course is not None and not course.counts_credit:
            return "it fills the load of its term and earns no credit toward the degree"
        case Reason.FAILED | Reason.WITHDRAWN | Reason.NO_CREDIT if (
            attempt.status is AttemptStatus.INCOMPLETE
        ):
            return "it is incomplete"
        case Reason.REPLACED:
            return f"another attempt of the course stands in its stead ({whose})"
        case Reason.EXCLUDED:
            return f"there is no credit for it beside {whose or where}"
        case Reason.FLOOR:
            floor = _floor(unused.node, resolved)
            asked = f"takes it with {floor} or better" if floor else "asks a better grade"
            have = f"; the grade is {attempt.grade}" if attempt.grade else "; it has no grade"
            return f"{where} {asked}{have}"
        case Reason.BASIS:
            return f"{where} does not take it {attempt.basis.value.replace('_', '/')}"
        case Reason.SOURCE:
            return f"{where} does not take credit by {attempt.source.value.replace('_', ' ')}"
        case Reason.CHOICE:
            return f"only what was not chosen takes it ({_unchosen(unused, labels)})"
        case Reason.CAP if not whose and _is_nothing(unused.node, resolved):
            return f"no credit of this kind counts ({where})"
        case Reason.CAP:
            held = f" by {whose}" if whose else ""
            return f"the most is reached{held}: {where}"
        case Reason.FULL:
            return f"{where} is filled by {whose}" if whose else f"{where} is full"
        case _:
            return _UNUSED[unused.reason]


def _is_nothing(node: NodeId | None, resolved: Resolved) -> bool:
    """Return whether a rule is a most that lets nothing count."""
    every = [*(found for found, _ in walk(resolved.tree)), *resolved.rules]
    measures = (one for one in every if isinstance(one, Measure) and one.header.id == node)
    return any(allows_nothing(measure) for measure in measures)


def _unchosen(unused: Unused, labels: dict[str, str]) -> str:
    return " / ".join(labels.get(str(node), str(node)) for node in unused.path[1:])


def _floor(node: NodeId | None, resolved: Resolved) -> str | None:
    leaves = (found for found, _ in walk(resolved.tree) if isinstance(found, Fill))
    return next((leaf.min_grade for leaf in leaves if leaf.header.id == node), None)


def chosen_words(node: Any, chosen: tuple[NodeId, ...], labels: dict[str, str]) -> str:
    """Return which children of a choice are judged."""
    names = [labels.get(str(child), str(child)) for child in chosen]
    return f"{node.n} of {len(node.children)}: {listed(names, 'and')}" if names else ""


def credits_left_words(left: Fraction | None, *, is_proven: bool) -> str:
    """Return how much is left, and whether less is ruled out."""
    if left is None and not is_proven:
        return "no set of further courses that completes it was found in the steps allowed"
    if left is None:
        return "no set of further courses of the catalogue completes it"
    if left == 0:
        return "no credits left to take"
    least = "" if is_proven else ", perhaps fewer"
    return f"{print_number(left)} {'credit' if left == 1 else 'credits'} left at least{least}"
