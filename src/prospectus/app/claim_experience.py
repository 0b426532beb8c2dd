"""Whether practical work is asked of everybody: by the catalog's words, and by the rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prospectus.app.claim_answers import Figure, Share, case_of, left_out_of
from prospectus.app.claim_planner import Planner, complete_tracks
from prospectus.app.words import listed
from prospectus.domain.claim import FigureKind
from prospectus.domain.program import ExperienceKind, Obligation, Program
from prospectus.domain.requirement import All, Item, Milestone

_WORK = (ExperienceKind.PRACTICUM, ExperienceKind.INTERNSHIP)
_HANDS_ON = (*_WORK, ExperienceKind.CAPSTONE, ExperienceKind.THESIS)
_WORK_TITLE = re.compile(r"\b(practicum|internship|co-op)\b", re.IGNORECASE)
_HANDS_ON_TITLE = re.compile(r"\b(practicum|internship|co-op|capstone|thesis)\b", re.IGNORECASE)
_UNDECIDED = "the solver did not decide in the time given whether one can finish without"

DEFINITION = (
    "By the catalog: a practicum or internship (more widely also a capstone or thesis) is among "
    "the kinds of experience that the programme requires of all. By the rules: the solver finds "
    "no legal completion on any track without a course whose title names one, or the requirements "
    "hold it as a milestone for all. The first counts a way that one may choose only where all "
    "ways are of that kind, and leaves out a programme of which no source tells the kinds, or "
    "whether they are required."
)


def experience_figure(programs: tuple[Program, ...], planner: Planner) -> Figure:
    """Return in how many programmes practical work is asked of everybody."""
    cases, left_out = [], []
    by_rules: list[tuple[bool, bool]] = []
    for program in programs:
        rules = [
            _in_every_plan(program, title, kinds, planner)
            for title, kinds in ((_WORK_TITLE, _WORK), (_HANDS_ON_TITLE, _HANDS_ON))
        ]
        known = [one for one in rules if one is not None]
        is_decided, is_stated = len(known) == len(rules), _stated(program) is not None
        if is_decided:
            by_rules.append((known[0], known[1]))
        by_rules_words = _by_rules_words(known) if is_decided else _UNDECIDED
        told = f"{by_rules_words}; {_by_catalog_words(program)}"
        if not is_decided and not is_stated:
            left_out.append(left_out_of(program, told))
            continue
        cases.append(case_of(program, told))
        if not is_stated:
            why = f"counted by the rules alone, for {_by_catalog_words(program)}"
            left_out.append(left_out_of(program, why))
        if not is_decided:
            why = f"counted by the catalog alone, for {_UNDECIDED}"
            left_out.append(left_out_of(program, why))
    return Figure(
        kind=FigureKind.EXPERIENCE,
        definition=DEFINITION,
        parts=(
            _part("a practicum or internship in every completion, by the rules", by_rules, 0),
            _part("that, a capstone or a thesis in every completion, by the rules", by_rules, 1),
            *stated_parts(programs),
        ),
        cases=tuple(cases),
        left_out=tuple(left_out),
    )


def stated_parts(programs: tuple[Program, ...]) -> tuple[Share, Share]:
    """Return in how many programmes the catalog says it of those that say: this needs no plan."""
    by_catalog = [one for one in map(_stated, programs) if one is not None]
    return (
        _part("a practicum or internship required, by the catalog", by_catalog, 0),
        _part("that, a capstone or a thesis required, by the catalog", by_catalog, 1),
    )


def _part(label: str, found: list[tuple[bool, bool]], index: int) -> Share:
    return Share(label=label, n=sum(one[index] for one in found), of=len(found), unit="programme")


def _in_every_plan(
    program: Program,
    title: re.Pattern[str],
    kinds: tuple[ExperienceKind, ...],
    planner: Planner,
) -> bool | None:
    """Return whether no completion does without; None where the solver did not decide."""
    if any(one.kind in {kind.value for kind in kinds} for one in _milestones(program.tree)):
        return True
    school = planner.library.school(program)
    named = frozenset(course.code for course in school.courses if title.search(course.title))
    if not named:
        return False
    undecided = False
    for track in complete_tracks(program):
        ended = planner.earliest(program, track, without=named)
        if ended.finish is not None:
            return False
        undecided = undecided or ended.status != "infeasible"
    return None if undecided else True


def _milestones(item: Item) -> Iterator[Milestone]:
    """Yield the milestones that everybody meets."""
    if isinstance(item, Milestone):
        yield item
    elif isinstance(item, All):
        for child in item.children:
            yield from _milestones(child)


def _stated(program: Program) -> tuple[bool, bool] | None:
    """Return what the catalog says; None where the kinds, or whether they are asked, is unknown."""
    told = program.experiential
    if told is None or told.required is Obligation.UNKNOWN or told.kinds is None:
        return None
    if told.required is Obligation.NO or told.kinds == ():
        return False, False
    if told.required is Obligation.CHOICE:
        return all(k in _WORK for k in told.kinds), all(k in _HANDS_ON for k in told.kinds)
    return any(k in _WORK for k in told.kinds), any(k in _HANDS_ON for k in told.kinds)


def _by_rules_words(known: list[bool]) -> str:
    if known[0]:
        return "by the rules every completion holds a practicum or internship"
    if known[1]:
        return "by the rules every completion holds a capstone, thesis or the like"
    return "by the rules one can finish without"


def _by_catalog_words(program: Program) -> str:
    told = program.experiential
    if told is None or told.required is Obligation.UNKNOWN:
        return "the catalog does not know what is required"
    required = {"yes": "required", "no": "not required", "choice": "one of several ways"}
    if told.kinds is None:
        return f"the catalog says {required[told.required.value]}, and does not know of which kind"
    kinds = listed([kind.value for kind in told.kinds], "and") or "none"
    return f"the catalog says {kinds}, {required[told.required.value]}"
