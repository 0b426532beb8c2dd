"""What is still missing, by requirement, in its smallest form: which courses, and when they run."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import cast

from prospectus.app.audit_answers import MissingLine, NextRun
from prospectus.app.audit_check import Audited
from prospectus.app.audit_unused import is_kept_out
from prospectus.app.audit_words import labels_of
from prospectus.app.words import count, listed
from prospectus.audit.result import Missing
from prospectus.domain.course import CourseCode
from prospectus.domain.meaning.names import names_of
from prospectus.domain.offering import OfferingKind, Run
from prospectus.domain.printer import print_number
from prospectus.domain.program import Resolved
from prospectus.domain.requirement import Fill, NodeId
from prospectus.domain.rule import Overlap

MOST_NAMED = 8
"""So many courses are named where one of several would do; more are counted."""

LEAST_SHARE = Fraction(1, 2)

_SURENESS = (OfferingKind.CERTAIN, OfferingKind.EXPECTED, OfferingKind.LIKELY)


def missing_lines(found: Audited) -> tuple[MissingLine, ...]:
    """Return what is still missing, by requirement."""
    leaves = {leaf.header.id: leaf for leaf in found.holding.leaves()}
    views = _views(found)
    needed = _needed(found)
    lines = []
    for one in found.result.missing:
        leaf = leaves.get(one.node)
        one = _without_needed(one, leaf, needed, leaves)
        again = () if leaf is None else tuple(dict.fromkeys(_graded_too_low(found, leaf)))
        view = views.get(one.node, {})
        lines.append(missing_line(one, found.resolved, found.today, again, view))
    return tuple(lines)


def _needed(found: Audited) -> dict[CourseCode, NodeId]:
    """Return the courses that a leaf cannot do without, each with that leaf.

    Where courses may be shared they may serve another leaf too, so none is said to be needed.
    """
    if any(isinstance(rule, Overlap) for rule in found.resolved.rules):
        return {}
    return {
        code: one.node
        for one in found.result.missing
        if one.courses == len(one.one_of)
        for code in one.one_of
        if (course := found.resolved.courses.get(code)) and course.repeatable is None
    }


def _without_needed(
    missing: Missing,
    leaf: Fill | None,
    needed: Mapping[CourseCode, NodeId],
    leaves: Mapping[NodeId, Fill],
) -> Missing:
    """Return what is missing without courses that another leaf of the same pool needs."""
    left = tuple(
        code
        for code in missing.one_of
        if leaf is None
        or needed.get(code, missing.node) == missing.node
        or leaves[needed[code]].pool != leaf.pool
    )
    if len(left) == len(missing.one_of):
        return missing
    is_plain = missing.courses <= len(left) and set(missing.chosen) <= set(left)
    return replace(missing, one_of=left) if left and is_plain else missing


def _views(found: Audited) -> dict[NodeId, dict[CourseCode, NodeId]]:
    """Return, by leaf, the courses of the completion that another leaf asks for already.

    A leaf that does not count in the total looks at courses that others hold, so it comes last.
    """
    at: dict[NodeId, list[CourseCode]] = defaultdict(list)
    for item in found.result.witness.completion:
        at[item.leaf].append(item.course)
    leaves = sorted(found.holding.leaves(), key=lambda leaf: not found.holding.counts(leaf))
    first: dict[CourseCode, NodeId] = {}
    views: dict[NodeId, dict[CourseCode, NodeId]] = {}
    for leaf in leaves:
        courses = at.get(leaf.header.id, [])
        views[leaf.header.id] = {code: first[code] for code in courses if code in first}
        for code in courses:
            first.setdefault(code, leaf.header.id)
    return views


def missing_line(
    missing: Missing,
    resolved: Resolved,
    today: dt.date,
    again: tuple[CourseCode, ...] = (),
    view: Mapping[CourseCode, NodeId] | None = None,
) -> MissingLine:
    """Return what a requirement lacks, in its smallest form.

    `again` is on record, graded too low: what would have to be taken again is said where no
    further course would do. `view` holds courses that another requirement asks for already.
    """
    labels = labels_of(resolved)
    missing, together = _without_pieces(missing, resolved)
    runs = next_runs(missing.one_of, resolved, today)
    minima = tuple(labels.get(str(node), str(node)) for node in missing.minima)
    view = view or {}
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
        same=tuple(dict.fromkeys(labels.get(str(node), str(node)) for node in view.values())),
        text=_again_text(missing, again, next_runs(again, resolved, today))
        if again and not missing.one_of
        else _missing_text(missing, resolved, runs, minima, view, together),
    )


def _without_pieces(missing: Missing, resolved: Resolved) -> tuple[Missing, tuple[str, ...]]:
    """Return what is missing without courses that only stand for one of it together.

    Beside it these in words: none of them would do alone, so none is one of several that would.
    """
    composites = names_of(resolved.school).composites
    if not composites:
        return missing, ()
    dropped: set[str] = set()
    together = []
    for whole, pieces in composites:
        mine = sorted(pieces & set(missing.one_of))
        if whole not in missing.one_of or not mine:
            continue
        others = sorted(pieces - set(mine))
        words = f"{mine[0]} with {listed([*mine[1:], *others], 'and')}"
        together.append(f"{words} in place of {whole}")
        dropped |= set(mine)
    kept_ones = tuple(code for code in missing.one_of if code not in dropped)
    return replace(missing, one_of=kept_ones), tuple(together)


def _graded_too_low(found: Audited, leaf: Fill) -> Iterator[CourseCode]:
    """Yield the courses on record that a leaf would take with a better grade."""
    held = {item.use.id for item in found.holding.held[leaf.header.id]}
    real = (use for use in found.holding.uses.values() if not use.hypothetical)
    # what is being taken, or planned, is the course taken again, unless too low a grade is expected
    ahead = {
        found.setting.identity(use.attempt)
        for use in real
        if use.attempt.is_open
        and (use.attempt.expected_grade is None or not is_kept_out(found, use.attempt, leaf))
    }
    for attempt in found.record.attempts:
        if attempt.id in held or found.setting.identity(attempt) in ahead:
            continue
        if is_kept_out(found, attempt, leaf):
            yield attempt.course


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
    missing: Missing,
    resolved: Resolved,
    runs: tuple[NextRun, ...],
    minima: tuple[str, ...],
    view: Mapping[CourseCode, NodeId],
    together: tuple[str, ...] = (),
) -> str:
    codes = [str(code) for code in missing.one_of]
    is_each = missing.courses == len(codes) > 1
    text = _courses_text(missing, resolved, has_view=bool(view))
    if minima:
        text = "; ".join([*([text] if text else []), f"among them {listed(list(minima), 'and')}"])
    if view:
        text += f"; {_same_text(missing, view, resolved)}"
    text += _each(codes, runs) if is_each else _when(codes, runs)
    text = "; or ".join([text, *together])
    return _titled(text, missing, resolved)


def _titled(text: str, missing: Missing, resolved: Resolved) -> str:
    """Return a text with the titles of courses that have no code of their own (`~...`)."""
    own = {str(code): resolved.courses[code].title for code in missing.one_of if code[0] == "~"}
    for code in sorted(own, key=len, reverse=True):
        text = text.replace(code, f"'{own[code] or code}'")
    return text


def _courses_text(missing: Missing, resolved: Resolved, *, has_view: bool) -> str:
    """Return out of which courses how much is to be taken, with the credits of each."""
    sizes = [count(missing.courses, "course")] if missing.courses else []
    sizes += [count(missing.credits, "credit")] if missing.credits else []
    more = {code: f"{code} ({count(n, 'credit')})" for code, n in missing.credits_of}
    codes, size = [more.get(code, str(code)) for code in missing.one_of], " and ".join(sizes)
    each = "" if missing.credits or has_view or more else _credits_text(missing, resolved)
    if not codes:
        return f"{size}; the catalogue has no further course for it" if size else ""
    if len(codes) > MOST_NAMED:
        such = [more.get(code, str(code)) for code in missing.chosen] or codes
        unit = "" if missing.courses else " courses"
        text = f"{size or 'more'}{each} out of {len(codes)}{unit}, such as "
        return text + listed(such[:MOST_NAMED], "and")
    if _one_is_enough(missing, resolved):
        return (codes[0] if len(codes) == 1 else f"one of {', '.join(codes)}") + each
    if missing.courses == len(codes):
        return listed(codes, "and") + each
    if missing.courses:
        return f"{missing.courses} of {', '.join(codes)}{each}"
    return f"{size} from {', '.join(codes)}"


def _credits_text(missing: Missing, resolved: Resolved) -> str:
    """Return what each of the courses brings, where their number alone is asked."""
    known = [resolved.courses[code] for code in missing.one_of if code in resolved.courses]
    if not known or not missing.courses:
        return ""
    low, high = (pick(one.credits_low for one in known) for pick in (min, max))
    least = "" if low == high else f"{print_number(low)} to "
    return f" ({least}{count(high, 'credit')}{' each' if missing.courses > 1 else ''})"


def _same_text(missing: Missing, view: Mapping[CourseCode, NodeId], resolved: Resolved) -> str:
    """Return where else the courses are asked for, so that nobody takes or counts them twice."""
    labels = labels_of(resolved)
    names = dict.fromkeys(labels.get(str(node), str(node)) for node in view.values())
    where = listed([f"'{name}'" for name in names], "and")
    others = [resolved.courses[code].credits_low for code in missing.chosen if code not in view]
    if others:
        more = count(sum(others, Fraction(0)), "credit")
        return f"{len(view)} of them may be those for {where}, what else it takes is {more}"
    if set(names) <= {str(code) for code in view}:
        return f"taken once, {'it serves' if len(view) == 1 else 'they serve'} both"
    which = "the same course" if len(view) == 1 else "the same courses"
    return f"{which} as for {where} may serve"


def _each(codes: list[str], runs: tuple[NextRun, ...]) -> str:
    """Return when each of some courses runs next, where all of them are to be taken."""
    dated = {code for run in runs for code in run.courses}
    if not dated or (len(runs) == 1 and dated == set(codes)):
        return _when(codes, runs)
    parts = [f"{listed(list(run.courses), 'and')} in {run.period}{_sure(run)}" for run in runs]
    if undated := [code for code in codes if code not in dated]:
        parts.append(f"when {listed(undated, 'and')} {_run(undated)} is not known")
    return f"; next runs: {'; '.join(parts)}"


def _when(codes: list[str], runs: tuple[NextRun, ...]) -> str:
    """Return when the first of some courses runs next."""
    if not codes:
        return ""
    if not runs:
        known = "it runs" if len(codes) == 1 else "any of them runs"
        return f"; when {known} is not known"
    first = runs[0]
    when = f"next in {first.period}{_sure(first)}"
    if len(codes) == 1:
        return f"; it runs {when}"
    if set(first.courses) == set(codes):
        return f"; all run {when}"
    if len(codes) > MOST_NAMED:
        return f"; {len(first.courses)} of them {_run(first.courses)} {when}"
    return f"; {listed(list(first.courses), 'and')} {_run(first.courses)} {when}"


def _run(codes: Iterable[str]) -> str:
    return "run" if len(list(codes)) > 1 else "runs"


def _sure(run: NextRun) -> str:
    return "" if run.kind == OfferingKind.CERTAIN.value else f" ({run.kind})"


def _next_run(code: CourseCode, resolved: Resolved, today: dt.date) -> Run | None:
    """Return the first run of a course from a day on that is likely enough."""
    leaves = resolved.calendar.leaves
    ahead = (
        run
        for run in resolved.runs_of(code)
        if leaves[run.leaves[0]].start >= today
        and (run.kind is not OfferingKind.LIKELY or (run.share or 0) >= LEAST_SHARE)
    )
    return next(ahead, None)


_First = tuple[int, int, str]
"""The leaf period in which a course runs next, how sure that is, and its code."""

_Days = dict[dt.date, dict[CourseCode, _First | None]]


def _first_runs(
    codes: Iterable[CourseCode], resolved: Resolved, today: dt.date
) -> Iterator[_First]:
    """Yield where each of some courses runs next, as far as that is known; found once a day."""
    days = cast(_Days, resolved.runs_memo.setdefault(_first_runs, {}))
    known = days.get(today)
    if known is None:
        days.clear()
        known = days[today] = {}
    for code in codes:
        if code not in known:
            run = _next_run(code, resolved, today)
            known[code] = (
                None if run is None else (run.leaves[0], _SURENESS.index(run.kind), str(run.course))
            )
        first = known[code]
        if first is not None:
            yield first


def next_runs(
    codes: Iterable[CourseCode], resolved: Resolved, today: dt.date
) -> tuple[NextRun, ...]:
    """Return when courses run next, by period in time order, as far as that is known."""
    courses: dict[int, list[str]] = {}
    surest: dict[int, int] = {}
    for index, sureness, code in _first_runs(codes, resolved, today):
        if index not in courses:
            courses[index], surest[index] = [], sureness
        courses[index].append(code)
        if sureness < surest[index]:
            surest[index] = sureness
    leaves = resolved.calendar.leaves
    return tuple(
        NextRun(
            period=str(leaves[index].id),
            start=leaves[index].start,
            kind=_SURENESS[surest[index]].value,
            courses=tuple(sorted(courses[index])),
        )
        for index in sorted(courses)
    )
