"""Small texts of catalog files read as values: numbers, ranges, spans, month-days, day ranges.

Each reader raises `ValueError` with what is wrong and how to mend it, joined by `UnreadableValue`.
"""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from prospectus.domain.course import SUBJECT, CourseCode, parse_code
from prospectus.domain.errors import DomainError
from prospectus.domain.period import PeriodId
from prospectus.domain.requirement import Range, Share
from prospectus.domain.rule import Span, SpanUnit

_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,9}|/\d{1,9})?")
_SPAN = re.compile(r"(\d{1,4}) (term|session|month|year)s?")
_MONTH_DAY = re.compile(r"(\d{2})-(\d{2})")
_PERIOD = re.compile(r"([A-Za-z][A-Za-z0-9 ]*?) (\d{4})(?: S(\d{1,2}))?")
_COUNTRY = re.compile(r"[A-Z]{2}")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_OBSERVED = re.compile(r"(\d{1,3}) of (\d{1,3})")
_AS_OF = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?|[-/](\d{2}|\d{4}))?")
_LETTER_BEFORE_NUMBER = re.compile(r"\b([A-Za-z&]{2,7})[\s_-]+([A-Za-z])[\s_-]?(\d{1,5}\w*)")
_SUBJECT = re.compile(SUBJECT)
_SHARE = re.compile(r"(\d{1,4})/(\d{1,4}) of total")


class UnreadableValue(ValueError):
    """A value that does not say what its field needs; `fix` says how to write it."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix


def read_code(value: object) -> CourseCode:
    """Return the canonical code of a course."""
    if not isinstance(value, str):
        raise UnreadableValue(f"'{value}' is no course code", "write e.g. CS 7641")
    try:
        return parse_code(value)
    except DomainError as error:
        fault = error.faults[0]
        raise UnreadableValue(fault.what, code_hint(value) or fault.fix) from None


def code_hint(text: str) -> str:
    """Return how to write a code whose number has a letter in front; nothing for other texts."""
    match = _LETTER_BEFORE_NUMBER.search(text)
    if match is None:
        return ""
    subject, letter, number = match.groups()
    code = f"{subject}{letter} {number}".upper()
    return f"a letter before the number belongs to the subject: write `{code}`"


def read_code_or_subject(value: str) -> str:
    """Return the canonical code of a course, or a subject in capitals."""
    if _SUBJECT.fullmatch(value.strip()):
        return value.strip().upper()
    return read_code(value)


def read_as_of(value: object) -> str:
    """Return a day, month, year or academic year as written; `unknown` for an undated page."""
    text = str(value).strip()
    if text == "unknown":
        return text
    match = _AS_OF.fullmatch(text)
    if match is not None:
        year, month, day, until = match.groups()
        following = str(int(year) + 1)
        if until is not None and until in (following, following[2:]):
            return text
        if until is None and month is not None and day is None and month == following[2:]:
            return text
        if until is None and _is_day(int(year), int(month or 1), int(day or 1)):
            return text
    raise UnreadableValue(
        f"'{text}' is no day, month or year",
        "write 2026-08-19, 2026-08, 2026 or the academic year 2026-27; `unknown` where the source "
        "bears no date",
    )


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def read_number(value: object) -> Fraction:
    """Return an exact number of 0 or more: `3`, `1.5` or `"8/3"`."""
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        number = Fraction(value)
    elif isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        try:
            number = Fraction(value.strip())
        except ZeroDivisionError:
            raise UnreadableValue(f"'{value}' divides by 0", "write an existing number") from None
    else:
        raise UnreadableValue(f"'{value}' is no number", 'write 3, 1.5 or "8/3"')
    if number < 0:
        raise UnreadableValue(f"{number} is negative", "write 0 or more")
    return number


def read_signed(value: object) -> Fraction:
    """Return an exact number, which may lie below 0."""
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return Fraction(value)
    return read_number(value)


def read_range(value: object) -> Range:
    """Return `n` or `n..m`."""
    parts = value.split("..") if isinstance(value, str) else [value]
    if len(parts) > 2:
        raise UnreadableValue(f"'{value}' is no range", "write 3 or 3..4")
    numbers = [read_number(part) for part in parts]
    try:
        return Range(low=numbers[0], high=numbers[1] if len(numbers) == 2 else None)
    except DomainError as error:
        raise UnreadableValue(error.faults[0].what, error.faults[0].fix) from None


def read_share(value: object) -> Share | None:
    """Return `p/q of total` as a share, None when the text says something else."""
    match = _SHARE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    part, whole = int(match[1]), int(match[2])
    if not 0 < part <= whole:
        raise UnreadableValue(f"'{value}' is no part of a whole", "write e.g. `1/2 of total`")
    return Share(share=Fraction(part, whole))


def read_span(value: object) -> Span:
    """Return a span of time such as `12 months`."""
    match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise UnreadableValue(
            f"'{value}' is no span of time", "write e.g. `3 terms`, `12 months` or `6 years`"
        )
    return Span(n=int(match[1]), unit=SpanUnit(match[2]))


def read_months(value: object) -> int:
    """Return a span of months or years in months."""
    span = read_span(value)
    if span.unit is SpanUnit.MONTH:
        return span.n
    if span.unit is SpanUnit.YEAR:
        return 12 * span.n
    raise UnreadableValue(f"'{value}' has no fixed length", "write it in months or years")


def read_month_day(value: object) -> tuple[int, int]:
    """Return a day of every year: `08-24` is (8, 24)."""
    match = _MONTH_DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise UnreadableValue(f"'{value}' is no day of the year", "write month-day, such as 08-24")
    month, day = int(match[1]), int(match[2])
    try:
        dt.date(2000, month, day)
    except ValueError:
        raise UnreadableValue(
            f"there is no day {value}", "write month-day, such as 08-24"
        ) from None
    return month, day


def read_days(value: object) -> tuple[dt.date, dt.date]:
    """Return the first and last day of `2026-08-01..2027-07-31`."""
    first, dots, last = value.partition("..") if isinstance(value, str) else ("", "", "")
    try:
        days = dt.date.fromisoformat(first.strip()), dt.date.fromisoformat(last.strip())
    except ValueError:
        raise UnreadableValue(
            f"'{value}' is no range of days", "write e.g. 2026-08-01..2027-07-31"
        ) from None
    if not dots or days[1] < days[0]:
        raise UnreadableValue(f"the range {value} ends before it starts", "write the earlier first")
    return days


def read_period(value: object) -> tuple[PeriodId, str, int, int | None]:
    """Return the id, season, year and session of `Fall 2026` or `Winter 2027 S1`."""
    match = _PERIOD.fullmatch(" ".join(value.split())) if isinstance(value, str) else None
    if match is None:
        raise UnreadableValue(
            f"'{value}' is no period", "write season and year, and S1 for its first session"
        )
    session = int(match[3]) if match[3] else None
    return PeriodId(match[0]), match[1], int(match[2]), session


def is_period(text: str) -> bool:
    """Return whether a text names a period of one year, not a season."""
    return _PERIOD.fullmatch(" ".join(text.split())) is not None


def read_due(value: object) -> tuple[int | None, int, int]:
    """Return year, month and day of `2027-06-01`; the year None of `06-01`, a day of every year."""
    if isinstance(value, dt.date):
        return value.year, value.month, value.day
    try:
        return None, *read_month_day(value)
    except UnreadableValue as error:
        fix = "write 03-15 for every year, or 2027-03-15 for one"
        raise UnreadableValue(error.what, fix) from None


def read_country(value: object) -> str:
    """Return the two letters of a country."""
    if isinstance(value, str) and _COUNTRY.fullmatch(value):
        return value
    raise UnreadableValue(
        f"'{value}' is no country", "write its two capital letters of ISO 3166, such as US or GB"
    )


def read_zone(value: object) -> str:
    """Return the name of an IANA time zone."""
    try:
        return ZoneInfo(str(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    wanted = str(value).replace(" ", "_").lower()
    near = sorted(zone for zone in _zones() if wanted.split("/")[-1] in zone.lower())
    hint = f"did you mean {near[0]}? " if near and wanted else ""
    raise UnreadableValue(
        f"the time zone '{value}' does not exist",
        f"{hint}write an IANA zone such as America/Denver",
    )


@cache
def _zones() -> frozenset[str]:
    """Return the names of all time zones; looking them up reads very many files."""
    return frozenset(available_timezones())


def read_clock(value: object) -> dt.time:
    """Return a time of day such as `"18:00"`."""
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise UnreadableValue(f"'{value}' is no time of day", 'write e.g. "18:00"')
    return dt.time(int(match[1]), int(match[2]))


def read_observed(value: object) -> tuple[int, int]:
    """Return how often something was seen: `3 of 4` is (3, 4)."""
    match = _OBSERVED.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or int(match[1]) > int(match[2]) or int(match[2]) == 0:
        raise UnreadableValue(f"'{value}' is no count of seasons", "write e.g. `3 of 4`")
    return int(match[1]), int(match[2])
