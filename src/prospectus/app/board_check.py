"""What a board breaks: no solver, so that every move is answered at once.

The audit finds the best use of the cards; the definition of the rules judges it, and appraises
dates, hours and money, as it does for every plan of the planner.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from prospectus.app.audit_check import Audited, run_audit
from prospectus.app.board_answers import Card, Cards, Spot
from prospectus.app.board_case import BoardCase, attempt_id, keyed, need_cards, record_with
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import UsageError
from prospectus.domain.meaning import appraise, judge, wishes_broken
from prospectus.domain.plan import Appraisal, Breach

SECONDS = 2.0
"""The longest search for the best use of the cards; beyond it the best found is judged."""

MOST_CHECKS = 16
"""So many checks of one case are kept."""

COLUMNS_AHEAD = 6
"""So many empty periods are shown behind the last card."""


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

    @property
    def span(self) -> tuple[int, int]:
        """Return the first and the last leaf period that are shown."""
        calendar = self.case.resolved.calendar
        ahead = calendar.first_leaf_from(self.case.student.plan_from)
        used = [calendar.leaf_index(card.period) or 0 for card in self.cards]
        first = min([ahead, *used])
        last = max([ahead, *used]) + COLUMNS_AHEAD
        return first, min(last, len(calendar.leaves) - 1)


def checked(case: BoardCase, cards: Cards) -> Checked:
    """Return the verdict on cards.

    Raises
    ------
    UsageError
        BRD-... for cards of courses or periods that there are none of.
    """
    if (known := case.checks.get(cards)) is not None:
        return known
    need_cards(case, cards)
    record = record_with(case, cards)
    found = run_audit(case.resolved, record, case.today, case.declared, seconds=SECONDS)
    appraisal = appraise(case.resolved, case.student, record, found.result.witness, case.today)
    if len(case.checks) >= MOST_CHECKS:
        case.checks.clear()
    made = case.checks[cards] = Checked(case=case, cards=cards, found=found, appraisal=appraisal)
    return made


def card_named(cards: Cards, key: str) -> Card:
    """Return a card by its name on the board.

    Raises
    ------
    UsageError
        BRD-005 where the board has no such card.
    """
    found = keyed(cards).get(key)
    if found is None:
        raise UsageError(
            "BRD-005", what=f"the board has no card '{key}'", fix="open the board again"
        )
    return found


def spots(case: BoardCase, cards: Cards, key: str) -> tuple[Spot, ...]:
    """Return, for each period shown in which its course runs, whether a card could stand there.

    It fits where it breaks nothing that the board does not break without it.

    Raises
    ------
    UsageError
        BRD-005 where the board has no such card.
    """
    card = card_named(cards, key)
    by_key = keyed(cards)
    state = checked(case, cards)
    others = tuple(one for name, one in by_key.items() if name != key)
    without = {(one.rule, one.text) for one in _breaches(state, others, gone=key)}
    leaves = case.resolved.calendar.leaves
    first, last = state.span
    found = []
    for leaf in leaves[first : last + 1]:
        if (CourseCode(card.course), str(leaf.id)) not in case.starts:
            continue
        moved = replace(card, period=str(leaf.id))
        if any((one.course, one.period) == (moved.course, moved.period) for one in others):
            continue
        at = tuple(moved if name == key else one for name, one in by_key.items())
        reasons = [
            breach.text
            for breach in _breaches(state, at)
            if attempt_id(key) in breach.attempts or (breach.rule, breach.text) not in without
        ]
        reasons = list(dict.fromkeys(reasons))
        found.append(Spot(period=str(leaf.id), fits=not reasons, reasons=tuple(reasons)))
    return tuple(found)


def _breaches(state: Checked, cards: Cards, *, gone: str = "") -> tuple[Breach, ...]:
    """Return what cards break that only stand elsewhere: what they count for may stay as it is.

    The card `gone` is not among them. Where the use of the cards is no longer one that the rules
    allow, another is looked for.
    """
    case = state.case
    # a card that is gone lets the names of others of its course move up
    if gone and len({card.course for card in state.cards}) < len(state.cards):
        return checked(case, cards).breaches
    record = record_with(case, cards)
    held = state.found.result.witness
    left = attempt_id(gone) if gone else ""
    witness = replace(
        held,
        conferral=None,
        placements=tuple(one for one in held.placements if one.attempt != left),
        allocations=tuple(
            replace(one, placements=tuple(p for p in one.placements if p.attempt != left))
            for one in held.allocations
        ),
    )
    verdict = judge(case.resolved, record, witness, case.today)
    if verdict.faults:
        return checked(case, cards).breaches
    wishes = wishes_broken(case.resolved, case.student, record, witness, case.today)
    return (*verdict.breaches, *wishes)
