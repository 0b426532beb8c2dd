"""Where no plan exists: the least changes of wishes and pins that make one possible.

Each comes with what the plan would be, and with what a form would send so that the person's details
ask for it; what a form cannot say so is left to the person, with the field where it is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from prospectus.app.board_answers import Cards, Repaired, WayOut
from prospectus.app.board_case import BoardCase, keyed
from prospectus.app.board_repair import Mended, mended, pins_of, planned
from prospectus.app.board_source import BoardSource
from prospectus.app.board_view import check_board
from prospectus.app.solving import Effort
from prospectus.app.student_form import changed, document_faults
from prospectus.app.student_form_text import Fields, read_fields
from prospectus.app.why_impossible import merged_texts
from prospectus.domain.errors import ProspectusError
from prospectus.domain.facts import Money
from prospectus.domain.period import Calendar
from prospectus.domain.student import LimitByRange, Student, Wishes
from prospectus.planning.changes import Change
from prospectus.planning.relaxing import Relaxation, relax

MOST_WAYS = 4
LOOKING_S = 12.0
EACH = Effort(seconds=5.0)
"""How hard the plan of each way is looked for: all of it has to fit into one answer."""

_FIELDS = {
    "hours": "hours_per_week",
    "courses": "courses_per_period",
    "deadline": "deadline",
    "budget": "money.total",
    "budget by year": "money.per_year",
    "out_of_pocket": "money.out_of_pocket.total",
    "out_of_pocket by year": "money.out_of_pocket.per_year",
    "wanted": "wanted.courses",
    "unwanted": "unwanted.courses",
    "offerings": "least_offering_share",
    "buffer": "wishes.buffer_terms",
    "start": "plan_from",
    "pause": "pauses",
}
"""The form's field in which a wish is written, by its id or its kind."""


def with_ways_out(source: BoardSource, cards: Cards, found: Mended) -> Repaired:
    """Return why there is no plan, with the ways out; a plan that was found as it is."""
    if found.repaired.cards is not None or not found.conflict:
        return found.repaired
    case = source.case
    relaxed = relax(
        case.resolved,
        found.student,
        found.student.record,
        case.today,
        found.conflict,
        seconds=LOOKING_S,
    )
    ways = [_way(source, cards, found.student, one) for one in relaxed.found[:MOST_WAYS]]
    return replace(
        found.repaired,
        reasons=tuple(merged_texts(found.conflict)),
        ways=tuple(one for one in ways if one is not None),
        is_hopeless=relaxed.n_wishes == 0,
    )


def _way(source: BoardSource, cards: Cards, student: Student, one: Relaxation) -> WayOut | None:
    """Return a way out with the plan that it leads to; None where none was found in time."""
    case = source.case
    pins = pins_of(case, cards)
    freed = [change.wish for change in one.changes if change.wish in pins]
    eased = replace(case, student=replace(student, wishes=one.wishes))
    after = (
        mended(eased, eased.student, cards, EACH).repaired.cards if cards else planned(eased, EACH)
    )
    if not after:
        return None
    view = check_board(eased, after)
    asked = [change for change in one.changes if change.wish not in pins]
    sent = _sent(source, one.wishes, asked, frozenset(pins))
    kept = {change.wish: change for change in asked}
    return WayOut(
        text="; ".join(
            f"let {pins[change.wish].course} leave {pins[change.wish].period}"
            if change.wish in pins
            else change.text
            for change in one.changes
        ),
        is_least=one.is_least,
        finish=view.finish,
        finish_is_projected=view.finish_is_projected,
        cost=view.cost,
        sent=tuple((sent or {}).items()),
        is_sendable=sent is not None,
        field="" if not kept else _field_of(next(iter(kept))),
        freed=tuple(key for key, card in keyed(cards).items() if card in map(pins.get, freed)),
    )


def _field_of(wish: str) -> str:
    return _FIELDS.get(wish) or _FIELDS.get(wish.split(" ")[0], "")


def _sent(
    source: BoardSource, wishes: Wishes, asked: Sequence[Change], pins: frozenset[str]
) -> dict[str, str] | None:
    """Return what a form sends so that the details ask for just these wishes; None: it cannot."""
    case = source.case
    data = read_fields(source.text).fields
    if data is None:
        return None
    sent: dict[str, str] = {}
    for change in asked:
        sent |= _words(change, wishes, data)
    done = changed(source.text, sent, case.library)
    if done.refused or document_faults(done.text, case.library, case.today):
        return None
    try:
        after = replace(source, text=done.text).case
    except ProspectusError:
        return None
    is_same = _asks(after, after.student.wishes, pins) == _asks(case, wishes, pins)
    return {key: sent[key] for key in done.keys} if is_same else None


def _words(change: Change, wishes: Wishes, data: Fields) -> dict[str, str]:
    """Return what the fields of a wish say after its change."""
    kind, _, rest = change.wish.partition(" ")
    match kind:
        case "hours":
            usual, ranges = wishes.hours_per_week, wishes.hours_by_range
            return _limits("hours_per_week", usual, ranges, change, data)
        case "courses":
            usual, ranges = wishes.courses_per_period, wishes.courses_by_range
            return _limits("courses_per_period", usual, ranges, change, data)
        case "deadline":
            return {"deadline": "" if wishes.deadline is None else wishes.deadline.isoformat()}
        case "budget" | "out_of_pocket":
            path = "money" if kind == "budget" else "money.out_of_pocket"
            total = wishes.budget_total if kind == "budget" else wishes.pocket_total
            by_year = wishes.budget_by_year if kind == "budget" else wishes.pocket_by_year
            return _money(path, total, by_year) if rest else {f"{path}.total": _said(total)}
        case "wanted" | "unwanted":
            named = data.get(kind)
            codes = named.get("courses") if isinstance(named, dict) else named
            left = [one for one in codes if one != rest] if isinstance(codes, list) else []
            return {f"{kind}.courses": ", ".join(map(str, left))}
        case "offerings":
            return {"least_offering_share": f"{wishes.min_offering_share * 100}%"}
        case _:
            return {}


def _limits(
    path: str,
    usual: int | None,
    ranges: tuple[LimitByRange, ...],
    change: Change,
    data: Fields,
) -> dict[str, str]:
    """Return the usual limit and, if it is one of a single period that changed, that beside it."""
    more = change.amount
    written = data.get(path)
    named = {} if not isinstance(written, dict) else {**written}
    own = {name: value for name, value in named.items() if name.strip().lower() != "usual"}
    where = change.unit.rpartition(" in ")[2]
    if more is not None and where != "every period":
        limit = next((one.limit for one in reversed(ranges)), None)
        return {f"{path}.by": _lines({**own, where: limit})}
    said = {path: "no limit" if usual is None else str(usual)}
    if own and more is not None:
        raised = {
            name: value + more if isinstance(value, int) else value for name, value in own.items()
        }
        said[f"{path}.by"] = _lines(raised)
    return said


def _money(
    path: str, total: Money | None, by_year: tuple[tuple[int | None, Money], ...]
) -> dict[str, str]:
    every = [most for year, most in by_year if year is None]
    single = {str(year): str(most) for year, most in by_year if year is not None}
    said = {f"{path}.per_year": _said(every[0] if every else None)}
    return {**said, f"{path}.per_year.by": _lines(single)} if single else said


def _said(money: Money | None) -> str:
    return "" if money is None else str(money)


def _lines(named: Mapping[str, object]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in named.items())


def _asks(case: BoardCase, wishes: Wishes, pins: frozenset[str]) -> tuple[object, ...]:
    """Return what wishes ask, however they say it; the pins of a board are none of them."""
    calendar: Calendar = case.resolved.calendar
    days = [(leaf.start, leaf.end) for leaf in calendar.leaves]
    return (
        [wishes.hours_limit(*one) for one in days],
        [wishes.courses_limit(*one) for one in days],
        (wishes.deadline, wishes.budget_total, set(wishes.budget_by_year)),
        (wishes.pocket_total, set(wishes.pocket_by_year), wishes.min_offering_share),
        (set(wishes.wanted), set(wishes.unwanted), set(wishes.pauses), wishes.free),
        {one for one in wishes.about if one.id not in pins},
    )
