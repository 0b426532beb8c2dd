"""What a specialization adds to a degree: every track solved at one and two courses a term."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.app.claim_answers import Figure, Part, Share, case_of, left_out_of, spread
from prospectus.app.claim_planner import Planner, complete_tracks
from prospectus.app.words import count, listed
from prospectus.domain.claim import FigureKind
from prospectus.domain.expression import AnyCourse
from prospectus.domain.program import Program
from prospectus.domain.requirement import Header, NodeId, Range
from prospectus.domain.rule import Load

_DAYS_A_MONTH = Fraction(30436875, 1000000)
_LOADS = (1, 2)
_GENERAL = re.compile(r"\bgeneral\b", re.IGNORECASE)

DEFINITION = (
    "Every track of a programme's main choice is solved for the earliest finish of a person who "
    "asks nothing else, begins with the next period, and is registered for at most one, or two, "
    "courses in a term; of a disputed text the first reading holds. A specialization adds the "
    "months between the finish on its track and on the programme's quickest, which is what one "
    "gets where the choice is left open; percent are of the length on the quickest, from the day "
    "on which the first period begins. A term is what the "
    "programme's calendar calls one. Beside it stands the same against a track called general, "
    "where a programme has one."
)


def months_figure(programs: tuple[Program, ...], planner: Planner) -> Figure:
    """Return what tracks add to the earliest finish at one and at two courses a term."""
    cases, left_out = [], []
    added: dict[int, list[tuple[Fraction, Fraction]]] = {n: [] for n in _LOADS}
    general: dict[int, list[tuple[Fraction, Fraction]]] = {n: [] for n in _LOADS}
    for program in programs:
        if len(complete_tracks(program)) < 2:
            left_out.append(left_out_of(program, "it has no tracks to choose among"))
            continue
        told = []
        for n in _LOADS:
            mine = _added(program, n, planner)
            if isinstance(mine, str):
                told.append(f"{_load_words(n)}: {mine}")
                continue
            added[n] += [(line.months, line.percent) for line in mine.lines]
            general[n] += mine.against_general
            told.append(f"{_load_words(n)}: {_added_words(mine)}")
        if all("not counted" in one for one in told):
            left_out.append(left_out_of(program, "; ".join(told)))
        else:
            cases.append(case_of(program, "; ".join(told)))
    parts: list[Part] = []
    for n in _LOADS:
        parts += _month_parts(added[n], f"added by a track, {_load_words(n)}", "track")
        parts.append(
            Share(
                label=f"tracks that add anything, {_load_words(n)}",
                n=sum(months > 0 for months, _ in added[n]),
                of=len(added[n]),
                unit="track",
            )
        )
        if general[n]:
            label = f"against a general track, {_load_words(n)}"
            parts += _month_parts(general[n], label, "specialized track")
    return Figure(
        kind=FigureKind.MONTHS,
        definition=DEFINITION,
        parts=tuple(parts),
        cases=tuple(cases),
        left_out=tuple(left_out),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    track: str
    months: Fraction
    percent: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class _Added:
    """What each track adds to the quickest; `base` is the length of that, in months."""

    base: Fraction
    lines: tuple[_Line, ...]
    against_general: tuple[tuple[Fraction, Fraction], ...]


def _added(program: Program, n: int, planner: Planner) -> _Added | str:
    """Return what tracks add at a load; why not, where some track has no proven finish."""
    light = _at_most(program, n)
    begin = planner.begin(light)
    length: dict[str, Fraction] = {}
    names = {str(track.id): track.name for track in complete_tracks(light)}
    for track in complete_tracks(light):
        ended = planner.earliest(light, track)
        if ended.status == "infeasible":
            return f"not counted, no legal plan on track {track.id}"
        if ended.finish is None or not ended.is_final:
            return f"not counted, track {track.id}: {ended.status}"
        length[str(track.id)] = Fraction((ended.finish - begin).days) / _DAYS_A_MONTH
    base = min(length.values())
    whole = [id_ for id_ in length if _GENERAL.search(names[id_]) or _GENERAL.search(id_)]
    return _Added(
        base=base,
        lines=tuple(
            _Line(track=id_, months=months - base, percent=100 * (months - base) / base)
            for id_, months in length.items()
        ),
        against_general=tuple(
            (months - length[whole[0]], 100 * (months - length[whole[0]]) / length[whole[0]])
            for id_, months in length.items()
            if whole and id_ not in whole
        ),
    )


def _at_most(program: Program, n: int) -> Program:
    """Return the programme with a cap on the courses that are taken in a term."""
    cap = Load(
        header=Header(id=NodeId("courses-a-term-asked-about")),
        per="term",
        of=AnyCourse(),
        courses=Range(low=Fraction(0), high=Fraction(n)),
    )
    enrolment = program.enrolment
    return replace(program, enrolment=replace(enrolment, loads=(*enrolment.loads, cap)))


def _month_parts(found: list[tuple[Fraction, Fraction]], label: str, counted: str) -> list[Part]:
    return [
        spread(f"months {label}", [months for months, _ in found], "months", counted),
        spread(f"percent {label}", [percent for _, percent in found], "%", counted),
    ]


def _added_words(added: _Added) -> str:
    slower = [line for line in added.lines if line.months > 0]
    told = [
        f"{line.track} +{float(line.months):.1f} ({float(line.percent):.0f}%)" for line in slower
    ]
    rest = "no track adds anything" if not told else f"{listed(told, 'and')}, the others nothing"
    if len(slower) == len(added.lines) - 1:
        rest = rest.replace("the others", "the quickest")
    return f"{float(added.base):.1f} months on the quickest; {rest}"


def _load_words(n: int) -> str:
    return f"at most {count(n, 'course')} a term"
