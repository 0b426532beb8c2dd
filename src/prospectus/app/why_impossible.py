"""Why a programme has no plan for a person, with sources, and the cheapest ways out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from prospectus.app.figures import is_projected
from prospectus.app.impossible_answers import BentWish, BlameLine, Impossible, RelaxationLine
from prospectus.app.solving import Effort, Solved, solve
from prospectus.app.tree_walk import walk
from prospectus.app.words import with_titles
from prospectus.catalogs.student_parts import StudentFile
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import Place
from prospectus.domain.facts import Provenance
from prospectus.domain.program import Resolved
from prospectus.domain.student import Wishes
from prospectus.planning.result import Conflict, PlanStatus

MOST_RELAXATIONS = 6
"""How many relaxations are shown, the cheapest first."""

RELAXING_SHARE = 1 / 3
"""The share of the time for one plan that finding changes of wishes may take."""

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "hours": ("hours_per_week",),
    "courses": ("courses_per_period",),
    "deadline": ("deadline",),
    "budget": ("money.total", "money"),
    "budget by year": ("money.per_year", "money"),
    "out_of_pocket": ("money.out_of_pocket", "money"),
    "pause": ("pauses",),
    "free": ("free_for_live_sessions",),
    "offerings": ("least_offering_share",),
    "wanted": ("wanted.courses", "wanted"),
    "unwanted": ("unwanted.courses", "unwanted.topics", "unwanted"),
    "credits": ("wishes.credits_per_term", "wishes"),
    "approval": ("wishes.if_approved", "wishes"),
    "place": ("wishes.place", "wishes.not_in", "wishes"),
    "start": ("wishes.start", "wishes"),
    "topic": ("wishes.topics_by", "wishes"),
}
"""Where in a student file the wishes of a kind are written, the nearest field first."""


def why_impossible(
    solved: Solved, file: StudentFile, today: dt.date, effort: Effort
) -> Impossible | None:
    """Return why there is no plan; None where there is one, or that was not settled."""
    if solved.result.status is not PlanStatus.INFEASIBLE:
        return None
    # The solver takes a second to load, which `--help` and `show` must not pay.
    from prospectus.planning.relaxing import relax

    conflict = solved.result.conflict
    relaxed = relax(
        solved.resolved,
        solved.student,
        solved.record,
        today,
        conflict,
        seconds=effort.seconds * RELAXING_SHARE,
        seed=effort.seed,
    )
    lines: list[RelaxationLine] = []
    for one in relaxed.found[:MOST_RELAXATIONS]:
        again = _planned(solved, one.wishes, today, effort)
        if again.appraisal is None:
            continue
        finish = again.appraisal.finish
        lines.append(
            RelaxationLine(
                changes=tuple(
                    BentWish(
                        wish=change.wish,
                        text=change.text,
                        amount=change.amount,
                        unit=change.unit,
                        share=change.share,
                        is_least=change.is_least,
                    )
                    for change in one.changes
                ),
                share=one.share,
                is_least=one.is_least,
                finish=finish,
                finish_is_projected=is_projected(again, finish),
                cost=again.appraisal.cost,
            )
        )
    return Impossible(
        blamed=blamed(conflict, solved.resolved, file),
        is_minimal=solved.result.conflict_is_minimal,
        relaxations=tuple(lines),
        n_wishes=relaxed.n_wishes,
    )


def _planned(solved: Solved, wishes: Wishes, today: dt.date, effort: Effort) -> Solved:
    """Return the best plan with other wishes, re-checked like any that is shown."""
    student = replace(solved.student, wishes=wishes)
    n_levels = len(wishes.levels)
    return solve(solved.resolved, student, today, effort, n_levels=n_levels, explain_conflict=False)


def blamed(
    conflict: Sequence[Conflict], resolved: Resolved, file: StudentFile
) -> tuple[BlameLine, ...]:
    """Return the members of a conflict with their sources; prerequisites in one line."""
    lines: list[BlameLine] = []
    requisites = _requisites(conflict)
    known = dict(_provenances(resolved))
    for item in conflict:
        if item.id in requisites:
            continue
        text = with_titles(item.text, resolved)
        if item.is_wish:
            at = _place(item.id, file)
            lines.append(BlameLine(ids=(item.id,), text=text, is_wish=True, at=at))
            continue
        told = known.get(item.id, resolved.program.provenance)
        lines.append(_rule((item.id,), text, [told]))
    if requisites:
        found = [resolved.courses[code].provenance for code in requisites.values()]
        lines.append(_rule(tuple(requisites), _prerequisites(requisites), found))
    return tuple(lines)


def merged_texts(conflict: Sequence[Conflict]) -> list[str]:
    """Return the members of a conflict in words, prerequisites in one."""
    requisites = _requisites(conflict)
    texts = [item.text for item in conflict if item.id not in requisites]
    return [*texts, _prerequisites(requisites)] if requisites else texts


def _requisites(conflict: Sequence[Conflict]) -> dict[str, CourseCode]:
    """Return the courses whose prerequisites conflict, by the ids of those."""
    found = (item.id.partition(" ") for item in conflict)
    return {f"{kind} {code}": CourseCode(code) for kind, _, code in found if kind == "requisite"}


def _prerequisites(requisites: Mapping[str, CourseCode]) -> str:
    return f"the prerequisites of {_and(list(requisites.values()))}"


def _rule(ids: tuple[str, ...], text: str, found: Sequence[Provenance]) -> BlameLine:
    return BlameLine(
        ids=ids,
        text=text,
        is_wish=False,
        sources=tuple(dict.fromkeys(name for one in found for name in one.sources)),
        as_of=max(one.as_of for one in found),
        at=found[0].at,
    )


def _provenances(resolved: Resolved) -> Iterator[tuple[str, Provenance]]:
    """Yield where each rule was read, by the id that a conflict gives it."""
    for node, _ in walk(resolved.tree):
        for kind in ("node", "total", "rule"):
            yield f"{kind} {node.header.id}", node.header.provenance
    for rule in resolved.rules:
        yield f"rule {rule.header.id}", rule.header.provenance
    for load in resolved.program.enrolment.loads:
        yield f"load {load.header.id}", load.header.provenance


def _place(wish: str, file: StudentFile) -> Place:
    """Return where a wish is written, as near as the file says."""
    kind = wish.split(" ")[0]
    fields = _FIELDS.get(wish) or _FIELDS.get(kind) or (f"wishes.{kind}", "wishes")
    written = [file.place(field) for field in fields]
    return next((at for at in written if at.line is not None), Place())


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
