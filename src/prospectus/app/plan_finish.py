"""Why a degree cannot end earlier, in sentences that a layman can check."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from prospectus.app.plan_case import Chosen
from prospectus.app.plan_words import number_word
from prospectus.app.words import count, listed
from prospectus.domain.printer import long_day, month, print_number
from prospectus.domain.student import Level
from prospectus.planning.around import Case
from prospectus.planning.finish_proof import FinishProof, Link, ProofKind, TermRoom, finish_proof

_BOUNDS = {
    "offered": "all that runs then",
    "hours": "what your hours allow",
    "courses": "what your limit of courses allows",
    "load": "what the school lets one take",
}
_MOST_TERMS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishAnswer:
    """Why no plan ends before `finish`: by `counting`, by a `chain`, or by `search`; in words.

    `kind` None: it is not proven, or the finish is not what is optimised first.
    """

    finish: dt.date
    kind: ProofKind | None
    lines: tuple[str, ...]


def why_finish(chosen: Chosen, case: Case) -> FinishAnswer:
    """Return why the degree cannot end earlier than in the plan."""
    appraisal = chosen.solved.appraisal
    assert appraisal is not None, "asked about a plan"
    proof = finish_proof(case)
    if proof is None:
        return FinishAnswer(finish=appraisal.finish, kind=None, lines=_not_first(chosen))
    if not case.spots:
        return FinishAnswer(
            finish=proof.finish, kind=proof.kind, lines=("Nothing is left to take.",)
        )
    lines = _counting(case, proof) if proof.kind is ProofKind.COUNTING else []
    if proof.kind is ProofKind.CHAIN:
        lines = [*_chain(case, proof)]
    if proof.kind is ProofKind.SEARCH:
        lines = _search(proof)
    return FinishAnswer(finish=proof.finish, kind=proof.kind, lines=tuple(lines))


def _not_first(chosen: Chosen) -> tuple[str, ...]:
    """Return what is known of an end that is not what is optimised first, or is not proven."""
    names = [level.level for level in chosen.solved.result.levels]
    place = names.index(Level.FINISH.value) if Level.FINISH.value in names else len(names)
    before = chosen.solved.result.levels[:place]
    finish = chosen.solved.result.levels[place : place + 1]
    if not before or not all(level.is_proven for level in (*before, *finish)):
        return ("That no plan ends earlier is not proven: the search ended before.",)
    told = listed([level.level for level in before], "and")
    first = ",".join([Level.FINISH.value, *(level.level for level in before)])
    verb = "comes" if len(before) == 1 else "come"
    return (
        f"{told.capitalize()} {verb} before finish in your objectives: no plan as good on "
        f"{told} ends earlier, which is proven.",
        f"Whether one that is worse on that does: `--what-if objectives={first}`.",
    )


def _counting(case: Case, proof: FinishProof) -> list[str]:
    held = sum((room.credits for room in proof.rooms), Fraction(0))
    lines = [f"You still need {_credits(proof.needed, proof.size)}."]
    n = len(proof.rooms)
    ends = "end" if n != 1 else "ends"
    if n == 0:
        lines.append("No term with a course for you ends before that.")
    else:
        terms = f"{number_word(n)} {'term' if n == 1 else 'terms'}".capitalize()
        most = _credits(held, proof.size, is_most=True)
        lines.append(f"{terms} that {ends} earlier can hold {most} at most:")
        lines += [f"- {text}" for text in _rooms(case, proof.rooms)]
    lines.append(f"So the degree cannot end before {long_day(proof.finish)}.")
    return lines


def _rooms(case: Case, rooms: tuple[TermRoom, ...]) -> list[str]:
    """Return the terms with what they hold; many are told by season."""
    terms = case.resolved.calendar.terms
    if len(rooms) <= _MOST_TERMS:
        return [
            f"{terms[room.term].id}: {print_number(room.credits)}, {_BOUNDS[room.bound]}"
            for room in rooms
        ]

    def kind(room: TermRoom) -> tuple[str, Fraction, str]:
        return terms[room.term].season, room.credits, room.bound

    told = []
    for (season, credits, bound), same in groupby(sorted(rooms, key=kind), key=kind):
        n = len(list(same))
        times = f"{number_word(n)} times " if n > 1 else ""
        told.append(f"{season}: {times}{print_number(credits)}, {_BOUNDS[bound]}")
    return told


def _credits(credits: Fraction, size: Fraction | None, *, is_most: bool = False) -> str:
    """Return credits, and the courses that they are where all courses have the same."""
    text = count(credits, "credit")
    if size is None or size == 1:
        return text
    n = int(credits // size) if is_most else -int(-credits // size)
    return f"{text}, {number_word(n)} {'course' if n == 1 else 'courses'}"


def _chain(case: Case, proof: FinishProof) -> list[str]:
    last = proof.chain[-1]
    lines = [f"No plan that ends by {long_day(proof.finish)} does without {last.course}."]
    for before, link in zip((None, *proof.chain), proof.chain, strict=False):
        lines.append(f"- {_link(case, before, link)}")
    lines.append(f"So the degree cannot end before {long_day(proof.finish)}.")
    return lines


def _link(case: Case, before: Link | None, link: Link) -> str:
    period = case.resolved.calendar.leaves[link.leaf].id
    after = f" after {before.course}" if before is not None else ""
    return f"{link.course} can first be taken{after} in {period}, until {month(link.ends)}"


def _search(proof: FinishProof) -> list[str]:
    lines = []
    if proof.counted is not None and proof.counted < proof.finish:
        lines.append(
            "Counting credits alone shows only that the degree cannot end before "
            f"{long_day(proof.counted)}."
        )
    lines.append(
        f"That no plan ends before {long_day(proof.finish)} was shown by search: the solver went "
        "through all of them, with every rule and wish at once, and found none."
    )
    return lines
