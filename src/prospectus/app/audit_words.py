"""What the audit says in words: standings, what is missing, why something is not used."""

from __future__ import annotations

from fractions import Fraction

from prospectus.app.audit_answers import AuditedCourse
from prospectus.app.audit_kept import kept
from prospectus.app.tree_walk import walk
from prospectus.app.words import count, listed, selector_words
from prospectus.audit.result import Reason, Unused
from prospectus.domain.plan import Standing
from prospectus.domain.printer import print_number
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.requirement import Any, Bound, Fill, Measure, NodeId, Range

_STANDINGS = {
    Standing.MET: "met",
    Standing.IN_PROGRESS: "in progress",
    Standing.PLANNED: "planned",
    Standing.PENDING: "pending",
    Standing.UNMET: "not met",
}


def standing_word(standing: Standing) -> str:
    """Return the word that every interface shows for a standing."""
    return _STANDINGS[standing]


def labels_of(resolved: Resolved) -> dict[str, str]:
    """Return the names of all nodes and rules by id; a measure without one is put in words."""
    return kept(resolved, _labels)


def _labels(resolved: Resolved) -> dict[str, str]:
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
    # an own id (`~...`) says nothing to a reader
    code = attempt.title if attempt.title and course is None else str(attempt.course)
    return AuditedCourse(
        attempt=attempt.id,
        code=f"{code} ({attempt.topic})" if attempt.topic else code,
        title=title or (course.title if course is not None else ""),
        credits=attempt.credits,
        grade=attempt.grade or attempt.expected_grade,
        status=attempt.status.value.replace("_", " "),
        period=", ".join(attempt.periods[:1] + attempt.periods[-1:][len(attempt.periods) < 2 :]),
        source=attempt.source.value.replace("_", " "),
        school=attempt.school or "",
    )


def measure_words(measure: Measure, labels: dict[str, str]) -> str:
    """Return a resolved measure in words."""
    size = measure.courses if measure.courses is not None else measure.credits
    unit = "course" if measure.courses is not None else "credit"
    low = getattr(size, "low", None)
    number = count(low, unit) if isinstance(low, Fraction) else f"a share of the {unit}s"
    way = "at most" if measure.bound is Bound.AT_MOST else "at least"
    words = selector_words(measure.of, labels)
    if unit == "course" and words.startswith("courses "):
        return f"{way} {number} {words.removeprefix('courses ')}"
    return f"{way} {number} of {words}"


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
        case Reason.WAIVER:
            return f"{where} asks credits, and a waiver brings none"
        case Reason.PIECE:
            return f"{where} takes it only with what stands for a course together with it"
        case Reason.SHARED:
            awards = listed(sorted(attempt.counted_in), "and")
            if whose:
                return f"the most that may be shared with {awards} is reached by {whose}: {where}"
            return f"it counts in {awards}, and may not count here too: {where}"
        case Reason.RESERVED:
            return f"its place in {where} is kept for a course that the rules still ask"
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
