"""Prices, terms and the running of courses in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from prospectus.app.words import count, listed, selector_words
from prospectus.domain.course import Difficulty, Hours
from prospectus.domain.expression import AnyCourse
from prospectus.domain.fees import Fee
from prospectus.domain.offering import LiveSession, Offering, OfferingKind, YearParity
from prospectus.domain.period import Period
from prospectus.domain.place import place_name
from prospectus.domain.printer import print_number

_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def fee_words(fee: Fee) -> str:
    """Return what is paid, for what, and by whom."""
    if fee.tiers:
        amount = "; ".join(
            f"{tier.amount} from {count(tier.from_credits, 'credit')}" for tier in fee.tiers
        )
    else:
        amount = "unknown amount" if fee.amount is None else str(fee.amount)
    each = {
        "once": "once",
        "program": "for the whole programme",
        "transfer_course": "for each course transferred",
    }.get(fee.per.value, f"per {fee.per.value}")
    text = f"{fee.id}: {amount} {each}"
    if not isinstance(fee.of, AnyCourse):
        text += f" of {selector_words(fee.of, {})}"
    for words, values in (
        ("in", fee.seasons),
        ("for residents of", [place_name(one) for one in fee.residence]),
        ("for courses taught", fee.delivery),
    ):
        if values:
            text += f" {words} {listed(sorted(values))}"
    if fee.valid_from is not None or fee.valid_to is not None:
        start = "" if fee.valid_from is None else f" from {fee.valid_from}"
        end = "" if fee.valid_to is None else f" to {fee.valid_to}"
        text += f", charged{start}{end}"
    return text


def term_words(term: Period, leaves: Sequence[Period]) -> str:
    """Return when a term of every year is, as its earliest shows it."""
    n_weeks = sum(leaf.n_weeks for leaf in leaves)
    if len(leaves) == 1:
        return f"{term.season}: about {count(n_weeks, 'week')} from {term.start:%d %B}"
    parts = listed([f"{leaf.start:%d %B}" for leaf in leaves], "and")
    each = round(n_weeks / len(leaves))
    return f"{term.season}: {len(leaves)} parts of about {count(each, 'week')}, from {parts}"


def offering_words(offering: Offering) -> str:
    """Return when a course runs, and how that is known."""
    if offering.kind is OfferingKind.CERTAIN:
        text = f"published for {listed(list(offering.periods), 'and')}"
    elif offering.kind is OfferingKind.EXPECTED:
        years = "" if offering.parity is YearParity.EVERY else f" of {offering.parity.value} years"
        text = f"expected every {offering.season}{years}"
    else:
        n_seen = offering.n_observed
        share = offering.share if offering.share is not None else Fraction(0)
        if n_seen is None:
            text = f"seen in {print_number(share)} of the {offering.season}s"
        else:
            text = f"{offering.season}: seen in {round(share * n_seen)} of {n_seen}"
    if offering.any_session:
        text += ", in any one session"
    elif offering.sessions:
        numbers = listed([str(number) for number in offering.sessions], "and")
        text += (
            f", in session {numbers}"
            if len(offering.sessions) == 1
            else (f", over sessions {numbers}")
        )
    if offering.delivery is not None:
        text += f", taught {offering.delivery.value.replace('_', ' ')}"
    for live in offering.live:
        text += f"; live {live_words(live)}"
    return text + (f"; {count(offering.capacity, 'seat')}" if offering.capacity else "")


def live_words(live: LiveSession) -> str:
    """Return when a weekly live session is."""
    must = "attendance is required" if live.mandatory else "attendance is free"
    when = f"{_WEEKDAYS[live.weekday]}s {live.start:%H:%M} ({live.zone})"
    return f"{when}, {count(live.minutes, 'minute')}, {must}"


def hours_words(hours: Hours) -> str:
    """Return the hours a week with their spread."""
    text = f"{count(hours.hours_per_week, 'hour')} a week while it runs"
    if hours.lower_quartile is not None and hours.upper_quartile is not None:
        text += f" (half of the reports lie in {hours.lower_quartile} to {hours.upper_quartile})"
    n_reports = hours.provenance.n_reports
    return text + (f", the median of {count(n_reports, 'report')}" if n_reports else "")


def difficulty_words(difficulty: Difficulty) -> str:
    """Return how hard reports call a course."""
    scale = f"{print_number(difficulty.low)} to {print_number(difficulty.high)}"
    text = f"difficulty {print_number(difficulty.median)} on a scale of {scale}"
    if difficulty.lower_quartile is not None and difficulty.upper_quartile is not None:
        low, high = print_number(difficulty.lower_quartile), print_number(difficulty.upper_quartile)
        text += f" (half of the reports lie in {low} to {high})"
    n_reports = difficulty.provenance.n_reports
    return text + (f", the median of {count(n_reports, 'report')}" if n_reports else "")
