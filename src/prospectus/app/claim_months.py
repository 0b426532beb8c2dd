"""What a specialization adds to a degree: every track solved at one and two courses a term."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.app.claim_answers import Figure, Part, Share, case_of, left_out_of, spread
from prospectus.app.claim_choice import without_choice
from prospectus.app.claim_planner import Planner, complete_tracks
from prospectus.app.options import Track
from prospectus.app.words import count, listed
from prospectus.domain.claim import FigureKind
from prospectus.domain.expression import AnyCourse
from prospectus.domain.program import Program
from prospectus.domain.requirement import Header, NodeId, Range
from prospectus.domain.rule import Load

_DAYS_A_MONTH = Fraction(30436875, 1000000)
_LOADS = (1, 2)
_NO_TRACK = Track(id=None, name="")

DEFINITION = (
    "Every track of a programme's main choice is solved for the earliest finish, and so is the "
    "same degree with the choice taken out: its total, what stands outside the choice, and the "
    "free electives, which then fill the total. It is solved for a person who asks nothing else, "
    "begins with the next period, and is registered for at most one, or two, courses in a term, "
    "which is what the programme's calendar calls one; of a disputed text the first reading holds. "
    "A specialization adds the months between the finish without the choice and the one on its "
    "track; percent are of the length without the choice, from the day on which the first period "
    "begins. The choice cannot be taken out where nothing would fill the total in its place or "
    "where a rule outside it speaks of it; such a programme has no part in what a track adds. "
    "Beside it stands, for every programme with tracks, the slowest track against the quickest, in "
    "percent of the quickest. Nothing here is 0 by definition, but at such a pace the number of "
    "courses decides most: a track that asks no more of them than the total adds only what its "
    "courses have to wait for."
)


def months_figure(programs: tuple[Program, ...], planner: Planner) -> Figure:
    """Return what tracks add to the earliest finish at one and at two courses a term."""
    cases, left_out = [], []
    added: dict[int, list[_Change]] = {n: [] for n in _LOADS}
    apart: dict[int, list[_Change]] = {n: [] for n in _LOADS}
    n_with_tracks = n_bare = 0
    for program in programs:
        if len(complete_tracks(program)) < 2:
            left_out.append(left_out_of(program, "it has no tracks to choose among"))
            continue
        n_with_tracks += 1
        n_bare += isinstance(without_choice(program), Program)
        told = []
        is_counted = False
        for n in _LOADS:
            found = _at_load(program, n, planner)
            told.append(f"{_load_words(n)}: {found.text}")
            added[n] += found.added
            if found.apart is not None:
                apart[n].append(found.apart)
                is_counted = True
        if is_counted:
            cases.append(case_of(program, "; ".join(told)))
        else:
            left_out.append(left_out_of(program, "; ".join(told)))
    parts: list[Part] = []
    for n in _LOADS:
        load = _load_words(n)
        parts += _parts(added[n], f"added by a track to the degree without one, {load}", "track")
        parts.append(
            Share(
                label=f"tracks that add anything, {load}",
                n=sum(one.months > 0 for one in added[n]),
                of=len(added[n]),
                unit="track",
            )
        )
    bare = "programmes with tracks whose choice can be taken out"
    parts.append(Share(label=bare, n=n_bare, of=n_with_tracks, unit="programme"))
    for n in _LOADS:
        label = f"from the quickest track to the slowest, {_load_words(n)}"
        parts += _parts(apart[n], label, "programme")
    return Figure(
        kind=FigureKind.MONTHS,
        definition=DEFINITION,
        parts=tuple(parts),
        cases=tuple(cases),
        left_out=tuple(left_out),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """What is added to a length, in months and in percent of it."""

    months: Fraction
    percent: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class _AtLoad:
    """What was found at a load: in words, what each track adds, the slowest to the quickest."""

    text: str
    added: tuple[_Change, ...] = ()
    apart: _Change | None = None


def _at_load(program: Program, n: int, planner: Planner) -> _AtLoad:
    light = _at_most(program, n)
    length: dict[str, Fraction] = {}
    for track in complete_tracks(light):
        months = _length(light, track, planner)
        if isinstance(months, str):
            return _AtLoad(text=f"not counted, on track {track.id} {months}")
        length[str(track.id)] = months
    quickest, slowest = min(length.values()), max(length.values())
    apart = _change(quickest, slowest)
    spread_words = (
        f"{float(quickest):.1f} months on the quickest track, the slowest {_words(apart)}"
        if apart.months
        else f"{float(quickest):.1f} months on every track"
    )
    bare = without_choice(light)
    if isinstance(bare, str):
        why = f"the choice cannot be taken out, for {bare}"
        return _AtLoad(text=f"{spread_words}; {why}", apart=apart)
    base = _length(bare, _NO_TRACK, planner)
    if isinstance(base, str):
        return _AtLoad(text=f"{spread_words}; with the choice taken out {base}", apart=apart)
    added = {id_: _change(base, months) for id_, months in length.items()}
    return _AtLoad(
        text=f"{float(base):.1f} months without the choice, {_added_words(added)}; {spread_words}",
        added=tuple(added.values()),
        apart=apart,
    )


def _length(program: Program, track: Track, planner: Planner) -> Fraction | str:
    """Return how many months the quickest plan takes; why that is not known, where it is not."""
    ended = planner.earliest(program, track)
    if ended.status == "infeasible":
        return "there is no legal plan"
    if ended.finish is None or not ended.is_final:
        return f"no plan was proven the quickest ({ended.status})"
    return Fraction((ended.finish - planner.begin(program)).days) / _DAYS_A_MONTH


def _change(base: Fraction, months: Fraction) -> _Change:
    return _Change(months=months - base, percent=100 * (months - base) / base)


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


def _parts(found: list[_Change], label: str, counted: str) -> list[Part]:
    return [
        spread(f"months {label}", [one.months for one in found], "months", counted),
        spread(f"percent {label}", [one.percent for one in found], "%", counted),
    ]


def _added_words(added: dict[str, _Change]) -> str:
    told = [f"{id_} {_words(change)}" for id_, change in added.items() if change.months]
    if not told:
        return "no track adds anything"
    others = "" if len(told) == len(added) else ", the others +0"
    return f"{listed(told, 'and')}{others}"


def _words(change: _Change) -> str:
    return f"{float(change.months):+.1f} ({float(change.percent):+.0f}%)"


def _load_words(n: int) -> str:
    return f"at most {count(n, 'course')} a term"
