"""What a board breaks, and what it comes to: no solver, so that every move is answered at once.

The audit finds the best use of the cards; the definition of the rules judges it, and appraises
dates, hours and money, as it does for every plan of the planner.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from prospectus.app.audit_check import Audited, run_audit
from prospectus.app.audit_missing import missing_lines
from prospectus.app.board_answers import (
    BoardView,
    Card,
    Cards,
    CardView,
    Column,
    Lacking,
    Spot,
    TakenView,
)
from prospectus.app.board_case import BoardCase, attempt_id, keyed, need_cards, record_with
from prospectus.app.tree_walk import walk
from prospectus.app.words import count
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import UsageError
from prospectus.domain.facts import Certainty, Money
from prospectus.domain.meaning import appraise, judge
from prospectus.domain.meaning.hours import hours_of
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.offering import LiveSession, OfferingKind, Run
from prospectus.domain.period import Period
from prospectus.domain.plan import Appraisal, Breach, Standing
from prospectus.domain.printer import long_day
from prospectus.domain.record import Attempt
from prospectus.domain.requirement import All

SECONDS = 2.0
"""The longest search for the best use of the cards; beyond it the best found is judged."""

COLUMNS_AHEAD = 6
"""So many empty periods are shown behind the last card."""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Cards with the verdict on them, and their appraisal."""

    case: BoardCase
    cards: Cards
    found: Audited
    appraisal: Appraisal

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """Return the broken rules and wishes, rules first."""
        return (*self.found.verdict.breaches, *self.appraisal.wishes_broken)


def checked(case: BoardCase, cards: Cards) -> Checked:
    """Return the verdict on cards.

    Raises
    ------
    UsageError
        BRD-... for cards of courses or periods that there are none of.
    """
    need_cards(case, cards)
    record = record_with(case, cards)
    found = run_audit(case.resolved, record, case.today, case.declared, seconds=SECONDS)
    appraisal = appraise(case.resolved, case.student, record, found.result.witness, case.today)
    return Checked(case=case, cards=cards, found=found, appraisal=appraisal)


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
    found, appraisal = state.found, state.appraisal
    broken = _Broken(state)
    columns = tuple(_columns(state, broken))
    is_met = found.verdict.degree >= Standing.PLANNED and not found.result.credits_left
    lacking = tuple(
        Lacking(label=line.label, text=line.text, one_of=line.one_of)
        for line in missing_lines(found)
    )
    n_broken = len(state.breaches)
    return BoardView(
        columns=columns,
        earlier=tuple(_earlier(state)),
        lacking=lacking,
        requirements=tuple(_requirements(found)),
        credits_left=found.result.credits_left,
        is_legal=not found.verdict.breaches and not found.verdict.faults,
        keeps_wishes=not appraisal.wishes_broken,
        is_complete=is_met,
        general=tuple(dict.fromkeys(broken.general)),
        goals_missed=tuple(breach.text for breach in appraisal.goals_missed),
        finish=appraisal.finish if state.cards else None,
        finish_is_projected=_is_projected(state.case, appraisal.finish),
        cost=appraisal.cost,
        peak_hours=appraisal.peak_hours,
        n_broken=n_broken,
        unknown=tuple(dict.fromkeys((*found.verdict.unknown, *appraisal.unknown))),
        summary=_summary(state, n_broken, is_met=is_met),
    )


def spots(case: BoardCase, cards: Cards, key: str) -> tuple[Spot, ...]:
    """Return, for each period shown in which its course runs, whether a card could stand there.

    It fits where it breaks nothing that the board does not break without it.

    Raises
    ------
    UsageError
        BRD-005 where the board has no such card.
    """
    by_key = keyed(cards)
    if key not in by_key:
        raise UsageError(
            "BRD-005", what=f"the board has no card '{key}'", fix="open the board again"
        )
    card = by_key[key]
    state = checked(case, cards)
    others = tuple(one for name, one in by_key.items() if name != key)
    without = {(one.rule, one.text) for one in checked(case, others).breaches}
    leaves = case.resolved.calendar.leaves
    first, last = _span(state)
    found = []
    for leaf in leaves[first : last + 1]:
        if (CourseCode(card.course), str(leaf.id)) not in case.starts:
            continue
        moved = replace(card, period=str(leaf.id))
        if moved in others:
            continue
        at = tuple(moved if name == key else one for name, one in by_key.items())
        reasons = [
            breach.text
            for breach in _moved(state, at)
            if attempt_id(key) in breach.attempts or (breach.rule, breach.text) not in without
        ]
        reasons = list(dict.fromkeys(reasons))
        found.append(Spot(period=str(leaf.id), fits=not reasons, reasons=tuple(reasons)))
    return tuple(found)


def _moved(state: Checked, cards: Cards) -> tuple[Breach, ...]:
    """Return what cards break that only stand elsewhere: what they count for may stay as it is."""
    case = state.case
    record = record_with(case, cards)
    witness = replace(state.found.result.witness, conferral=None)
    verdict = judge(case.resolved, record, witness, case.today)
    if verdict.faults:
        return checked(case, cards).breaches
    appraisal = appraise(case.resolved, case.student, record, witness, case.today)
    return (*verdict.breaches, *appraisal.wishes_broken)


def periods_ahead(case: BoardCase) -> tuple[Period, ...]:
    """Return the leaf periods in which something may still begin."""
    leaves = case.resolved.calendar.leaves
    return leaves[case.resolved.calendar.first_leaf_from(case.student.plan_from) :]


class _Broken:
    """What is broken: by card, by period, and in general.

    What concerns one period alone says so before a colon.
    """

    def __init__(self, state: Checked) -> None:
        self.by_attempt: dict[str, list[str]] = defaultdict(list)
        self.by_period: dict[str, list[str]] = defaultdict(list)
        self.general: list[str] = []
        calendar = state.case.resolved.calendar
        leaves = {str(leaf.id): [str(leaf.id)] for leaf in calendar.leaves}
        for term, inside in zip(calendar.terms, calendar.leaves_by_term, strict=True):
            leaves[str(term.id)] = [str(calendar.leaves[index].id) for index in inside]
        for breach in state.breaches:
            where, colon, text = breach.text.partition(": ")
            mine = [name for name in breach.attempts if name.startswith("card:")]
            if colon and where in leaves:
                self.by_period[leaves[where][0]].append(text)
            elif mine:
                for name in mine:
                    self.by_attempt[name].append(breach.text)
            else:
                self.general.append(breach.text)


# --------------------------------------------------------------------- columns


def _columns(state: Checked, broken: _Broken) -> Iterable[Column]:
    case, appraisal = state.case, state.appraisal
    leaves = case.resolved.calendar.leaves
    setting = Setting(case.resolved, state.found.record, case.today)
    meets = _meets(state.found)
    hours = dict(appraisal.hours)
    by_period: dict[str, list[tuple[str, Card]]] = defaultdict(list)
    for key, card in keyed(state.cards).items():
        by_period[card.period].append((key, card))
    on_record = _taken(state)
    first, last = _span(state)
    shown = [i for i in range(first, last + 1) if _is_used(case, i, by_period, on_record)]
    dues = _dues(state, shown)
    attempts = {attempt.id: attempt for attempt in state.found.record.attempts}
    for index in shown:
        leaf = leaves[index]
        cards = tuple(
            _card(case, setting, key, card, attempts[attempt_id(key)], meets, broken)
            for key, card in sorted(by_period[str(leaf.id)])
        )
        limit = case.student.wishes.hours_limit(leaf.start, leaf.end)
        load = hours.get(index, 0)
        due = dues[index]
        amounts = [amount for _, _, amount in due]
        yield Column(
            id=str(leaf.id),
            start=leaf.start,
            end=leaf.end,
            is_projected=not leaf.published,
            cards=cards,
            taken=tuple(on_record.get(str(leaf.id), ())),
            hours=load,
            hours_limit=limit,
            cost=sum(amounts[1:], start=amounts[0]) if amounts else None,
            due=due,
            broken=tuple(dict.fromkeys(broken.by_period[str(leaf.id)])),
        )


def _span(state: Checked) -> tuple[int, int]:
    """Return the first and the last leaf period that are shown."""
    calendar = state.case.resolved.calendar
    ahead = calendar.first_leaf_from(state.case.student.plan_from)
    used = [calendar.leaf_index(card.period) or 0 for card in state.cards]
    first = min([ahead, *used])
    last = max([ahead, *used]) + COLUMNS_AHEAD
    return first, min(last, len(calendar.leaves) - 1)


def _is_used(
    case: BoardCase,
    index: int,
    cards: Mapping[str, Sequence[tuple[str, Card]]],
    taken: Mapping[str, Sequence[TakenView]],
) -> bool:
    """Return whether a period has anything in it, or could have."""
    name = str(case.resolved.calendar.leaves[index].id)
    return bool(cards.get(name) or taken.get(name)) or any(p == name for _, p in case.starts)


def _card(
    case: BoardCase,
    setting: Setting,
    key: str,
    card: Card,
    attempt: Attempt,
    meets: Mapping[str, tuple[str, ...]],
    broken: _Broken,
) -> CardView:
    course = case.resolved.courses[attempt.course]
    run = case.starts.get((attempt.course, card.period))
    hours, assumption = hours_of(setting, attempt)
    certainty = Certainty.ASSUMED if assumption is not None else Certainty.UNKNOWN
    if course.hours is not None:
        certainty = course.hours.provenance.certainty
    return CardView(
        key=key,
        course=card.course,
        title=course.title,
        period=card.period,
        credits=attempt.credits,
        hours=hours,
        hours_certainty=certainty,
        offering=_offering(run),
        meets=meets.get(attempt.id, ()),
        pinned=card.pinned,
        broken=tuple(dict.fromkeys(broken.by_attempt[attempt.id])),
        notes=(),
        live=tuple(_live(session) for session in (run.live if run is not None else ())),
        until=attempt.periods[-1] if len(attempt.periods) > 1 else None,
    )


def _offering(run: Run | None) -> str:
    if run is None:
        return "not known to run"
    if run.kind is OfferingKind.LIKELY and run.share is not None:
        return f"likely ({round(run.share * 100)}% of such terms)"
    return run.kind.value


def _live(session: LiveSession) -> str:
    must = "" if session.mandatory else ", optional"
    begins = session.start.strftime("%H:%M")
    return f"{_DAYS[session.weekday]} {begins}, {session.minutes} min ({session.zone}{must})"


def _meets(found: Audited) -> dict[str, tuple[str, ...]]:
    labels = {str(node.header.id): node.header.name for node, _ in walk(found.resolved.tree)}
    held: dict[str, list[str]] = defaultdict(list)
    for placement in found.result.witness.placements:
        held[placement.attempt].append(labels.get(str(placement.leaf), str(placement.leaf)))
    return {attempt: tuple(dict.fromkeys(names)) for attempt, names in held.items()}


def _dues(
    state: Checked, shown: Sequence[int]
) -> dict[int, tuple[tuple[dt.date, str, Money], ...]]:
    """Return what falls due from the start of each shown period until the next one's."""
    leaves = state.case.resolved.calendar.leaves
    found: dict[int, list[tuple[dt.date, str, Money]]] = {index: [] for index in shown}
    for due in state.appraisal.dues if shown else ():
        before = [index for index in shown if leaves[index].start <= due.on]
        found[before[-1] if before else shown[0]].append((due.on, due.label, due.amount))
    return {index: tuple(lines) for index, lines in found.items()}


# ------------------------------------------------------------------ on record


def _taken(state: Checked) -> dict[str, list[TakenView]]:
    """Return what is on record from now on, by its first period."""
    leaves = {str(leaf.id) for leaf in state.case.resolved.calendar.leaves}
    found: dict[str, list[TakenView]] = defaultdict(list)
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


def _requirements(found: Audited) -> Iterable[tuple[int, str, str, str]]:
    """Yield depth, label, standing and what was counted of each requirement, in file order."""
    verdicts = {str(node.node): node for node in found.verdict.nodes}
    for node, depth in walk(found.resolved.tree):
        verdict = verdicts.get(str(node.header.id))
        if verdict is None or (isinstance(node, All) and not node.children):
            continue
        standing = verdict.standing.name.lower().replace("_", " ")
        yield depth, node.header.name, standing, verdict.counted


def _is_projected(case: BoardCase, day: dt.date) -> bool:
    leaves = case.resolved.calendar.leaves
    return not any(leaf.published for leaf in leaves if leaf.start <= day <= leaf.end)


def _summary(state: Checked, n_broken: int, *, is_met: bool) -> str:
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
    if is_met or left is None:
        return first
    return f"{first} {count(left, unit)} still to place."
