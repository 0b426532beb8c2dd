"""The values that a use has of the attributes that selectors and measures ask for."""

from __future__ import annotations

from prospectus.domain.course import Delivery, subject_of
from prospectus.domain.program import Resolved
from prospectus.domain.record import CreditSource
from prospectus.legality.uses import Use


def values_of(
    attribute: str, use: Use, leaves: tuple[int, ...], resolved: Resolved
) -> frozenset[str] | None:
    """Return the values of an attribute of a use, None when they are not known."""
    attempt, course = use.attempt, use.course
    match attribute:
        case "area" | "topic" | "attribute":
            return _course_values(attribute, use)
        case "title":
            return None if course is None else frozenset({course.title})
        case "delivery":
            known = _delivery(use, leaves, resolved)
            return None if known is Delivery.UNKNOWN else frozenset({known.value})
        case "campus" | "instructor":
            value = attempt.campus if attribute == "campus" else attempt.instructor
            return None if value is None else frozenset({value})
        case "school":
            if attempt.school is not None:
                return frozenset({attempt.school})
            home = attempt.source is CreditSource.HOME
            return frozenset({resolved.school.id}) if home else None
        case "period":
            periods = resolved.calendar.leaves
            return frozenset(str(periods[index].id) for index in leaves)
        case "season":
            periods = resolved.calendar.leaves
            return frozenset(periods[index].season for index in leaves) or None
        case "basis":
            return frozenset({attempt.basis.value})
        case "source":
            return frozenset({attempt.source.value})
        case "counted_in":
            return attempt.counted_in
        case "code":
            return frozenset({str(attempt.course)})
        case _:
            return frozenset({subject_of(attempt.course)})


def _course_values(attribute: str, use: Use) -> frozenset[str] | None:
    course = use.course
    if attribute == "topic" and use.attempt.topic is not None:
        return frozenset({use.attempt.topic}) | (course.topics if course else frozenset())
    if course is None or {attribute, f"{attribute}s"} & course.unknown:
        return None
    if attribute == "area":
        return course.areas
    return course.topics if attribute == "topic" else course.attributes


def _delivery(use: Use, leaves: tuple[int, ...], resolved: Resolved) -> Delivery:
    """Return how a use is delivered: as its run says of itself, else its course."""
    known = use.attempt.delivery
    if not use.is_candidate and known is not Delivery.UNKNOWN:
        return known
    runs = resolved.own_deliveries(use.code)
    if use.is_candidate and runs and not leaves:
        return Delivery.UNKNOWN
    usual = Delivery.UNKNOWN if use.course is None else use.course.delivery
    return runs.get(leaves, usual)
