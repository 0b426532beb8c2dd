"""A board as it is shown: its periods with their cards, and what it comes to."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from prospectus.app.audit_check import Audited
from prospectus.app.audit_missing import missing_lines
from prospectus.app.audit_words import labels_of, standing_word
from prospectus.app.board_answers import (
    BoardView,
    Card,
    Cards,
    CardView,
    Column,
    Lacking,
    TakenView,
)
from prospectus.app.board_broken import Broken
from prospectus.app.board_case import BoardCase, attempt_id, keyed
from prospectus.app.board_check import Checked, checked
from prospectus.app.board_live import live_words
from prospectus.app.board_money import dues_by_period, years_of
from prospectus.app.board_sure import sureness
from prospectus.app.board_surplus import is_met, surplus
from prospectus.app.tree_walk import walk
from prospectus.app.words import count
from prospectus.domain.course import CourseCode
from prospectus.domain.facts import Certainty
from prospectus.domain.meaning.hours import hours_of
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.offering import OfferingKind, Run
from prospectus.domain.plan import Standing
from prospectus.domain.printer import long_day
from prospectus.domain.record import Attempt
from prospectus.domain.requirement import All, Gpa, Milestone


def check_board(case: BoardCase, cards: Cards) -> BoardView:
    """Return a board as it is shown: every broken rule at its card, its period, or in general.

    Raises
    ------
    UsageError
        BRD-... for cards of courses or periods that there are none of.
    """
    return view_of(checked(case, cards))


def view_of(state: Checked) -> BoardView:
    """Return a board as it is shown."""
    found, appraisal, case = state.found, state.appraisal, state.case
    calendar = case.resolved.calendar
    broken = Broken(state.breaches, calendar)
    notes = Broken(found.verdict.notes, calendar)
    is_done = is_met(state)
    waits = tuple(_waits_for(found)) if is_done else ()
    n_broken = len(state.breaches)
    wishes = case.student.wishes
    return BoardView(
        columns=tuple(_columns(state, broken, notes)),
        earlier=tuple(_earlier(state)),
        lacking=tuple(
            Lacking(label=line.label, text=line.text, one_of=line.one_of)
            for line in missing_lines(found)
        ),
        requirements=tuple(_requirements(found)),
        credits_left=found.result.credits_left,
        is_legal=not found.verdict.breaches and not found.verdict.faults,
        keeps_wishes=not appraisal.wishes_broken,
        is_complete=is_done,
        general=broken.in_general,
        goals_missed=tuple(breach.text for breach in appraisal.goals_missed),
        finish=appraisal.finish if state.cards else None,
        finish_is_projected=_is_projected(case, appraisal.finish),
        cost=appraisal.cost,
        peak_hours=appraisal.peak_hours,
        n_broken=n_broken,
        unknown=tuple(dict.fromkeys((*found.verdict.unknown, *appraisal.unknown))),
        summary=_summary(state, n_broken, is_met=is_done, waits=waits),
        waits_for=waits,
        years=years_of(appraisal, wishes, case.school.currency),
        aid_most=None if wishes.aid is None else wishes.aid.per_year,
        notes=(*notes.in_general, *case.set_aside),
        surplus=surplus(state),
        sureness=sureness(state),
    )


# --------------------------------------------------------------------- columns


def _columns(state: Checked, broken: Broken, notes: Broken) -> Iterator[Column]:
    case = state.case
    leaves = case.resolved.calendar.leaves
    by_period: dict[str, list[tuple[str, Card]]] = defaultdict(list)
    going_on: dict[str, list[str]] = defaultdict(list)
    for key, card in sorted(keyed(state.cards).items()):
        by_period[card.period].append((key, card))
        run = case.run_of(card)
        for index in run.leaves[1:] if run is not None else ():
            going_on[str(leaves[index].id)].append(card.course)
    on_record = _taken(state)
    held = {*by_period, *on_record, *going_on} | case.used_periods
    first, last = state.span
    shown = [index for index in range(first, last + 1) if str(leaves[index].id) in held]
    dues = dues_by_period(state.appraisal, case.resolved, shown)
    hours = dict(state.appraisal.hours)
    views = _CardViews(state, broken, notes)
    for index in shown:
        leaf = leaves[index]
        name = str(leaf.id)
        amounts = [amount for _, _, amount in dues[index]]
        yield Column(
            id=name,
            start=leaf.start,
            end=leaf.end,
            is_projected=not leaf.published,
            cards=tuple(views.view(key, card) for key, card in by_period[name]),
            taken=tuple(on_record[name]),
            hours=hours.get(index, 0),
            hours_limit=case.student.wishes.hours_limit(leaf.start, leaf.end),
            cost=sum(amounts[1:], start=amounts[0]) if amounts else None,
            due=dues[index],
            broken=broken.in_period(name),
            going_on=tuple(going_on[name]),
        )


class _CardViews:
    """The cards of a board as they are shown."""

    def __init__(self, state: Checked, broken: Broken, notes: Broken) -> None:
        self.case = state.case
        self.broken = broken
        self.notes = notes
        self.setting = Setting(state.case.resolved, state.found.record, state.case.today)
        self.meets = _meets(state.found)
        self.attempts = {attempt.id: attempt for attempt in state.found.record.attempts}

    def view(self, key: str, card: Card) -> CardView:
        """Return a card as it is shown."""
        case, attempt = self.case, self.attempts[attempt_id(key)]
        course = case.resolved.courses[attempt.course]
        run = case.run_of(card)
        hours, certainty = self._hours(attempt)
        runs = case.starts.get((CourseCode(card.course), card.period), ())
        paces = tuple(sorted({len(one.leaves) for one in runs}))
        return CardView(
            key=key,
            course=card.course,
            title=course.title,
            period=card.period,
            credits=attempt.credits,
            hours=hours,
            hours_certainty=certainty,
            offering=_offering(run),
            meets=self.meets.get(attempt.id, ()),
            pinned=card.pinned,
            broken=self.broken.of_attempt(attempt.id),
            notes=self.notes.of_attempt(attempt.id),
            live=() if run is None else self._live(run),
            until=attempt.periods[-1] if len(attempt.periods) > 1 else None,
            n_periods=len(attempt.periods),
            paces=paces if len(paces) > 1 else (),
        )

    def _hours(self, attempt: Attempt) -> tuple[int | None, Certainty]:
        hours, assumption = hours_of(self.setting, attempt)
        stated = self.case.resolved.courses[attempt.course].hours
        if stated is not None:
            return hours, stated.provenance.certainty
        return hours, Certainty.UNKNOWN if assumption is None else Certainty.ASSUMED

    def _live(self, run: Run) -> tuple[str, ...]:
        leaves = self.case.resolved.calendar.leaves
        zone = self.case.student.wishes.zone
        return live_words(run.live, [leaves[index] for index in run.leaves], zone)


def _offering(run: Run | None) -> str:
    if run is None:
        return "not known to run"
    if run.kind is OfferingKind.LIKELY and run.share is not None:
        return f"likely ({round(run.share * 100)}% of such terms)"
    return run.kind.value


def _meets(found: Audited) -> dict[str, tuple[str, ...]]:
    labels = labels_of(found.resolved)
    held: dict[str, list[str]] = defaultdict(list)
    for placement in found.result.witness.placements:
        held[placement.attempt].append(labels.get(str(placement.leaf), str(placement.leaf)))
    return {attempt: tuple(dict.fromkeys(names)) for attempt, names in held.items()}


# ------------------------------------------------------------------ on record


def _taken(state: Checked) -> defaultdict[str, list[TakenView]]:
    """Return what is on record from now on, by its first period."""
    leaves = {str(leaf.id) for leaf in state.case.resolved.calendar.leaves}
    found: defaultdict[str, list[TakenView]] = defaultdict(list)
    for attempt in state.case.student.record.attempts:
        if attempt.periods and attempt.periods[0] in leaves and attempt.is_open:
            found[attempt.periods[0]].append(_taken_view(state.case, attempt))
    return found


def _earlier(state: Checked) -> Iterable[TakenView]:
    """Yield what is on record and over."""
    for attempt in state.case.student.record.attempts:
        if not (attempt.periods and attempt.is_open):
            yield _taken_view(state.case, attempt)


def _taken_view(case: BoardCase, attempt: Attempt) -> TakenView:
    course = case.resolved.courses.get(attempt.course)
    grade = f", {attempt.grade}" if attempt.grade else ""
    return TakenView(
        course=str(attempt.course),
        title=attempt.title if course is None else course.title,
        state=attempt.status.value.replace("_", " ") + grade,
        period=attempt.periods[0] if attempt.periods else "",
    )


# ---------------------------------------------------------------------- words


def _requirements(found: Audited) -> Iterator[tuple[int, str, str, str]]:
    """Yield depth, label, standing and what was counted of each requirement, in file order."""
    verdicts = {str(node.node): node for node in found.verdict.nodes}
    labels = labels_of(found.resolved)
    for node, depth in walk(found.resolved.tree):
        verdict = verdicts.get(str(node.header.id))
        if verdict is None or (isinstance(node, All) and not node.children):
            continue
        standing = standing_word(verdict.standing)
        yield depth, labels[str(node.header.id)], standing, verdict.counted


def _waits_for(found: Audited) -> Iterator[str]:
    """Yield the requirements that no course settles and that are not settled yet."""
    standings = {str(node.node): node.standing for node in found.verdict.nodes}
    for node, _ in walk(found.resolved.tree):
        is_pending = standings.get(str(node.header.id)) is Standing.PENDING
        if is_pending and isinstance(node, Gpa | Milestone):
            yield node.header.name


def _is_projected(case: BoardCase, day: dt.date) -> bool:
    leaves = case.resolved.calendar.leaves
    return not any(leaf.published for leaf in leaves if leaf.start <= day <= leaf.end)


def _summary(state: Checked, n_broken: int, *, is_met: bool, waits: tuple[str, ...]) -> str:
    """Return how the board stands, in one or two sentences."""
    left = state.found.result.credits_left
    unit = state.case.program.credit_unit
    if n_broken:
        first = f"{count(n_broken, 'thing')} to mend."
    elif is_met and state.cards:
        first = f"This plan holds: the degree is complete on {long_day(state.appraisal.finish)}."
    elif is_met:
        first = "Nothing is left to plan."
    else:
        first = "Nothing is broken so far."
    if is_met:
        return f"{first} Still to come: {', '.join(waits)}." if waits else first
    if left is None:
        return first
    return f"{first} {count(left, unit)} still to place."
