"""What a board is laid out for: a person, the rules of a programme, one way through it."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from prospectus.app.binding import bind, program_faults
from prospectus.app.board_answers import Card, Cards
from prospectus.app.degree_plan import asked_tracks, need_complete
from prospectus.app.library import Library
from prospectus.app.nearest import nearest
from prospectus.app.options import Variant, all_readings, on_track
from prospectus.app.wishes_elsewhere import unknown_everywhere, wishes_elsewhere
from prospectus.catalogs.student_parts import StudentFile
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import Fault, Place, StudentError, UsageError
from prospectus.domain.expression import Expression
from prospectus.domain.facts import Assumption
from prospectus.domain.meaning import resolve
from prospectus.domain.meaning.facts_asked import Answers, answers_of, facts_asked
from prospectus.domain.offering import Run
from prospectus.domain.program import Program, Resolved, School
from prospectus.domain.record import Attempt, AttemptStatus, Record
from prospectus.domain.student import Person, Student

if TYPE_CHECKING:
    from prospectus.app.board_check import Checked

MOST_CARDS = 80
MOST_ATTEMPTS = 2_000
"""So many attempts of cards are kept for one case."""
MOST_RULES = 256
"""So many resolved rules are kept for who comes next and answers their questions alike."""

_rules: dict[tuple[int, int, Answers, Variant], tuple[Resolved, ...]] = {}
_first: dict[tuple[int, int], tuple[Resolved, tuple[Expression, ...]]] = {}
"""By programme and school, the first rules that were resolved, and what they ask of a person."""
_lock = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class BoardCase:
    """A person on one way through a programme, under its first reading.

    `set_aside` tells the wishes that ask nothing here, for only other schools know them.
    """

    library: Library
    program: Program
    school: School
    student: Student
    resolved: Resolved
    today: dt.date
    track: str | None = None
    set_aside: tuple[str, ...] = ()

    @cached_property
    def starts(self) -> dict[tuple[CourseCode, str], tuple[Run, ...]]:
        """Return the runs of each course that begin in a leaf period, the shortest first."""
        memo = self.resolved.runs_memo
        if _starts not in memo:
            memo[_starts] = _starts(self.resolved)
        return memo[_starts]  # type: ignore[return-value]  # made by this very function

    @cached_property
    def used_periods(self) -> frozenset[str]:
        """Return the leaf periods in which something may begin."""
        return frozenset(period for _, period in self.starts)

    @cached_property
    def begun(self) -> tuple[tuple[str, str], ...]:
        """Return the courses that may begin at all, with their titles."""
        return tuple(
            (str(code), course.title)
            for code, course in sorted(self.resolved.courses.items())
            if self.resolved.runs_of(code)
        )

    @cached_property
    def checks(self) -> dict[Cards, Checked]:
        """Return the last checks, for who asks more of the same cards."""
        return {}

    @cached_property
    def attempts(self) -> dict[tuple[str, Card], Attempt]:
        """Return the attempts that cards, by their names, were before."""
        return {}

    def run_of(self, card: Card) -> Run | None:
        """Return the run that a card stands for: of its length, else the shortest; None: none."""
        runs = self.starts.get((CourseCode(card.course), card.period), ())
        same = (run for run in runs if len(run.leaves) == card.n_periods)
        return next(same, runs[0] if runs else None)

    @property
    def declared(self) -> dict[str, str]:
        """Return the choices that the person has declared, the track among them."""
        return dict(self.student.choices)


def _starts(resolved: Resolved) -> dict[tuple[CourseCode, str], tuple[Run, ...]]:
    leaves = resolved.calendar.leaves
    found: dict[tuple[CourseCode, str], list[Run]] = {}
    for code in resolved.courses:
        for run in sorted(resolved.runs_of(code), key=lambda run: len(run.leaves)):
            found.setdefault((code, str(leaves[run.leaves[0]].id)), []).append(run)
    return {key: tuple(runs) for key, runs in found.items()}


def board_case(
    library: Library,
    file: StudentFile,
    program_id: str,
    year: str | None,
    track: str | None,
    today: dt.date,
) -> BoardCase:
    """Return what a board is laid out for.

    Raises
    ------
    ProspectusError
        For an unknown programme or year (USE-001) or track (USE-003), one that is encoded in part
        (USE-004), or a student file that does not go with it.
    """
    faults = program_faults(file, library.ids())
    if faults:
        raise StudentError(faults=faults)
    program = (
        library.rules_for(program_id, file.student)
        if year is None
        else library.program(program_id, year)
    )
    need_complete(program, library)
    if track is not None:
        track = asked_tracks(program, file.student, track)[0].id
    school = library.school(program)
    faults = unknown_everywhere(file, library)
    if faults:
        raise StudentError(faults=faults)
    student = on_track(bind(file, program, school), program, track)
    reading = all_readings(program)[0]
    assumptions = library.assumptions_of(program)
    rules = _resolved(program, school, student.person, reading, assumptions)
    return BoardCase(
        library=library,
        program=program,
        school=school,
        student=student,
        resolved=rules[0],
        today=today,
        track=track,
        set_aside=wishes_elsewhere(file, school),
    )


def _resolved(
    program: Program,
    school: School,
    person: Person,
    reading: Variant,
    assumptions: Mapping[str, Assumption],
) -> tuple[Resolved, ...]:
    """Return the rules for a person, the same ones for all who answer their questions alike.

    Most of what a first check works out hangs on them, and most of what a case holds in memory.
    """
    both = id(program), id(school)
    made = None
    with _lock:
        if both not in _first:
            if len(_first) >= MOST_RULES:
                _first.clear()
                _rules.clear()
            made = resolve(program, school, person, reading, assumptions)
            # the programme and the school stay with them: no other takes over their identity
            _first[both] = (made[0], facts_asked(program, school))
        first, asked = _first[both]
        key = *both, answers_of(person, asked), reading
        known = _rules.pop(key, None)
        if known is None:
            known = made or resolve(program, school, person, reading, assumptions)
            for one in known:
                one.share_runs(first)
            if len(_rules) >= MOST_RULES:
                del _rules[next(iter(_rules))]
        # what was asked for last is forgotten last
        _rules[key] = known
    return known


def need_cards(case: BoardCase, cards: Cards) -> None:
    """Refuse cards of courses or periods that there are none of.

    Raises
    ------
    UsageError
        BRD-001 for a course, BRD-002 for a period, BRD-003 for one card twice, all at once.
    """
    faults: list[Fault] = []
    leaves = {str(leaf.id): leaf for leaf in case.resolved.calendar.leaves}
    seen: set[tuple[str, str]] = set()
    if len(cards) > MOST_CARDS:
        raise UsageError(
            "BRD-004",
            what=f"a board holds at most {MOST_CARDS} cards, and there are {len(cards)}",
            fix="take some away",
        )
    for place, card in enumerate(cards):
        at = Place(field=f"cards[{place}]")
        if CourseCode(card.course) not in case.resolved.courses:
            fix = nearest(card.course, case.resolved.courses, "use a course of the programme")
            what = f"{case.school.name} has no course {card.course}"
            faults.append(Fault(code="BRD-001", what=what, fix=fix, at=at))
        if card.period not in leaves:
            fix = nearest(card.period, leaves, "use a period of the board")
            what = f"the calendar has no period '{card.period}'"
            faults.append(Fault(code="BRD-002", what=what, fix=fix, at=at))
        if (card.course, card.period) in seen:
            what = f"{card.course} stands in {card.period} twice"
            faults.append(Fault(code="BRD-003", what=what, fix="take one of the two away", at=at))
        seen.add((card.course, card.period))
    if faults:
        raise UsageError(faults=faults)


def known_cards(case: BoardCase, cards: Cards) -> Cards:
    """Return the cards whose course and period there are, each place once."""
    leaves = {str(leaf.id) for leaf in case.resolved.calendar.leaves}
    found = {
        (card.course, card.period): card
        for card in reversed(cards)
        if CourseCode(card.course) in case.resolved.courses and card.period in leaves
    }
    return tuple(card for card in cards if found.get((card.course, card.period)) is card)


def keyed(cards: Cards) -> dict[str, Card]:
    """Return the cards by their names on the board, which no move changes.

    The name is the course; where one stands on several cards, the later ones count on.
    """
    seen: Counter[str] = Counter()
    found: dict[str, Card] = {}
    for card in cards:
        seen[card.course] += 1
        times = seen[card.course]
        found[card.course if times == 1 else f"{card.course}~{times}"] = card
    return found


def record_with(case: BoardCase, cards: Cards) -> Record:
    """Return the person's record with the cards as planned attempts.

    A card that was there before is the same attempt, and what was found out of it still holds.
    """
    if len(case.attempts) > MOST_ATTEMPTS:
        case.attempts.clear()
    planned = tuple(
        case.attempts.get((key, card))
        or case.attempts.setdefault((key, card), _attempt(case, key, card))
        for key, card in keyed(cards).items()
    )
    record = case.student.record
    return replace(record, attempts=(*record.attempts, *planned))


def attempt_id(key: str) -> str:
    """Return the id of the attempt that a card stands for."""
    return f"card:{key}"


def _attempt(case: BoardCase, key: str, card: Card) -> Attempt:
    code = CourseCode(card.course)
    course = case.resolved.courses[code]
    run = case.run_of(card)
    leaves = case.resolved.calendar.leaves
    periods = (card.period,) if run is None else tuple(str(leaves[i].id) for i in run.leaves)
    taught = course.delivery if run is None or run.delivery is None else run.delivery
    return Attempt(
        id=attempt_id(key),
        course=code,
        credits=course.credits_low if card.credits is None else card.credits,
        status=AttemptStatus.PLANNED,
        periods=periods,
        expected_grade=card.grade,
        delivery=taught,
    )
