"""How single values of a student file are spelled: days, ranges, limits, money, free hours."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from typing import Annotated, LiteralString

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from prospectus.catalogs.student_parts import LimitByName, PlainMoney
from prospectus.catalogs.values import UnreadableValue, read_zone
from prospectus.domain.amounts import amount_in
from prospectus.domain.course import CourseCode, parse_code
from prospectus.domain.errors import DomainError
from prospectus.domain.student import DayRange, FreeTime

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONEY = re.compile(r"^(?:([A-Za-z]{3})\s*|\$\s*)?(-?)([\d,_ .]{1,40}?)(?:\s*([A-Za-z]{3}))?$")
_CLOCK = re.compile(r"^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$")
_HOURS_OF_A_WEEK = 168
NO_LIMIT = "no limit"


def refuse(code: LiteralString, what: str, fix: str, *, on_page: str = "") -> PydanticCustomError:
    """Return the error of one wrong value, with the code and the mends of its fault."""
    return PydanticCustomError(code, "{what}", {"what": what, "fix": fix, "on_page": on_page})


def _day(value: object) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value).strip())
    except ValueError:
        raise refuse(
            "STU-004", f"'{value}' is not a day", "write year-month-day, such as 2026-08-24"
        ) from None


def day_range(value: object) -> DayRange:
    """Return the days of `first..last`, or of one day."""
    first, dots, last = str(value).partition("..")
    if not dots:
        day = _day(value)
        return DayRange(first=day, last=day)
    start, end = _day(first), _day(last)
    if end < start:
        raise refuse(
            "STU-007", f"the range {start}..{end} ends before it starts", "write the earlier first"
        )
    return DayRange(first=start, last=end)


def _whole(value: object, what: str) -> int | None:
    """Return a whole number of 0 or more; None for `no limit`."""
    if isinstance(value, str) and value.strip().lower() in (NO_LIMIT, "unlimited"):
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise refuse(
            "STU-004",
            f"'{_said(value)}' is not a whole number of {what}",
            f"write a whole number such as 12, or `{NO_LIMIT}`",
        )
    if value < 0:
        raise refuse("STU-005", f"{value} {what} is negative", "write 0 or more")
    return value


def _limits(value: object, what: str) -> tuple[LimitByName, ...]:
    """Return limits by name: `usual`, a season, or a range of days.

    A bare number is the usual limit.
    """
    if not isinstance(value, dict):
        return (LimitByName(name="usual", limit=_whole(value, what)),)
    found = []
    for key, limit in value.items():
        name = str(key).strip()
        days = day_range(name) if name[:4].isdigit() else None
        found.append(LimitByName(name=name, days=days, limit=_whole(limit, what)))
    return tuple(found)


def _said(value: object) -> str:
    """Return a value as a person writes it: a number that was read as a fraction, as a decimal."""
    return f"{float(value):g}" if isinstance(value, Fraction) else str(value)


def _hours(value: object) -> tuple[LimitByName, ...]:
    found = _limits(value, "hours a week")
    for one in found:
        if one.limit is not None and one.limit > _HOURS_OF_A_WEEK:
            raise refuse(
                "STU-005",
                f"{one.limit} hours a week are more than a week has",
                f"write {_HOURS_OF_A_WEEK} or less, or `{NO_LIMIT}`",
            )
    return found


def _courses(value: object) -> tuple[LimitByName, ...]:
    return _limits(value, "courses in a period")


def _money(value: object) -> PlainMoney:
    match = _MONEY.match(_text(value))
    amount = None if match is None else amount_in(match[3])
    if match is None or amount is None or (match[1] and match[4]) or isinstance(value, bool):
        raise refuse(
            "STU-004",
            f"'{_said(value)}' is not an amount of money",
            "write an amount such as `USD 5,250`",
        )
    if match[2] and amount:
        raise refuse("STU-005", f"{_said(value)} is negative", "write 0 or more")
    currency = (match[1] or match[4] or "").upper()
    return PlainMoney(minor=int(amount * 100), currency=currency or None)


def _money_by_year(value: object) -> tuple[tuple[int | None, PlainMoney], ...]:
    """Return the most due in each calendar year; a bare amount holds in every year."""
    if not isinstance(value, dict):
        return ((None, _money(value)),)
    found: list[tuple[int | None, PlainMoney]] = []
    for key, amount in value.items():
        text = str(key).strip().lower()
        if text != "every" and not re.fullmatch(r"20\d\d", text):
            raise refuse(
                "STU-004", f"'{key}' is not a calendar year", "write a year such as 2027, or every"
            )
        found.append((None if text == "every" else int(text), _money(amount)))
    return tuple(found)


def number(value: object) -> Fraction:
    """Return a number of 0 or more."""
    try:
        found = Fraction(str(value).strip())
    except (ValueError, ZeroDivisionError):
        found = None
    if found is None or isinstance(value, bool):
        raise refuse("STU-004", f"'{value}' is not a number", "write a number such as 3.4")
    if found < 0:
        raise refuse("STU-005", f"{value} is negative", "write 0 or more")
    return found


def _share(value: object) -> Fraction:
    text = str(value).strip()
    share = number(text[:-1]) / 100 if text.endswith("%") else number(value)
    if share > 1:
        raise refuse("STU-004", f"the share {value} is above 1", "write a share such as 0.5 or 50%")
    return share


def _code(value: object) -> CourseCode:
    try:
        return parse_code(str(value))
    except DomainError as error:
        fault = error.faults[0]
        raise refuse("STU-004", fault.what, fault.fix) from None


def _zone(value: object) -> str:
    try:
        return read_zone(value)
    except UnreadableValue as error:
        raise refuse("STU-008", error.what, error.fix) from None


def _free_time(value: object) -> tuple[FreeTime, ...]:
    """Return the weekly free time of `{Mon: "18:00-21:00", Sat: any}`."""
    if not isinstance(value, dict):
        raise refuse(
            "STU-004",
            "free hours are not given by weekday",
            'write weekdays with hours, such as {Mon: "18:00-21:00", Sat: any}',
        )
    found = []
    for key, spans in value.items():
        weekday = str(key).strip().lower()[:3]
        if weekday not in _WEEKDAYS:
            raise refuse("STU-004", f"'{key}' is not a weekday", "write Mon, Tue, ... or Sun")
        for span in spans if isinstance(spans, list) else [spans]:
            start, end = _span(span)
            found.append(FreeTime(weekday=_WEEKDAYS.index(weekday), start=start, end=end))
    return tuple(found)


def _span(value: object) -> tuple[dt.time, dt.time]:
    text = str(value).strip().lower()
    if text == "any":
        return dt.time(0, 0), dt.time(23, 59)
    match = _CLOCK.match(text)
    try:
        h1, m1, h2, m2 = map(int, match.groups()) if match else (0, 0, 0, 0)
        start, end = dt.time(h1, m1), dt.time(h2, m2)
    except ValueError:
        match = None
    if match is None:
        raise refuse(
            "STU-004",
            f"'{value}' is not a span of hours",
            'write "18:00-21:00", in quotes, or any',
            on_page="write it as 18:00-21:00, or any",
        )
    if end <= start:
        raise refuse(
            "STU-007",
            f"{value} ends before it starts",
            "write the earlier hour first; hours over midnight stand on two days, such as "
            "Mon 22:00-23:59 and Tue 0:00-2:00",
        )
    return start, end


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        return f"{float(value):.15g}"
    if isinstance(value, str | int | dt.date):
        return str(value).strip()
    raise refuse("STU-004", f"'{value}' is not a text", "write a word or a text in quotes")


def _texts(value: object) -> tuple[str, ...]:
    """Return a list of texts; a single text is a list of one."""
    items = value if isinstance(value, list) else [value]
    return tuple(_text(item) for item in items)


def _codes(value: object) -> tuple[CourseCode, ...]:
    return tuple(_code(item) for item in _texts(value))


def _day_ranges(value: object) -> tuple[DayRange, ...]:
    return tuple(day_range(item) for item in (value if isinstance(value, list) else [value]))


Scalar = str | int | float
LimitSpelling = int | str | dict[str, int | str]

Day = Annotated[dt.date, BeforeValidator(_day, json_schema_input_type=dt.date)]
DayRanges = Annotated[
    tuple[DayRange, ...], BeforeValidator(_day_ranges, json_schema_input_type=list[str] | str)
]
HourLimits = Annotated[
    tuple[LimitByName, ...], BeforeValidator(_hours, json_schema_input_type=LimitSpelling)
]
CourseLimits = Annotated[
    tuple[LimitByName, ...], BeforeValidator(_courses, json_schema_input_type=LimitSpelling)
]
Amount = Annotated[PlainMoney, BeforeValidator(_money, json_schema_input_type=Scalar)]
AmountByYear = Annotated[
    tuple[tuple[int | None, PlainMoney], ...],
    BeforeValidator(_money_by_year, json_schema_input_type=Scalar | dict[str, Scalar]),
]
Number = Annotated[Fraction, BeforeValidator(number, json_schema_input_type=Scalar)]
Share = Annotated[Fraction, BeforeValidator(_share, json_schema_input_type=Scalar)]
Code = Annotated[CourseCode, BeforeValidator(_code, json_schema_input_type=str)]
Codes = Annotated[
    tuple[CourseCode, ...], BeforeValidator(_codes, json_schema_input_type=list[str] | str)
]
Text = Annotated[str, BeforeValidator(_text, json_schema_input_type=Scalar)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts, json_schema_input_type=list[str] | str)]
Zone = Annotated[str, BeforeValidator(_zone, json_schema_input_type=str)]
FreeTimes = Annotated[
    tuple[FreeTime, ...],
    BeforeValidator(_free_time, json_schema_input_type=dict[str, str | list[str]]),
]
