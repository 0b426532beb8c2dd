"""What every block of a catalog file may carry, and the kinds of value that fields hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from prospectus.catalogs.values import (
    UnreadableValue,
    read_as_of,
    read_clock,
    read_code,
    read_country,
    read_days,
    read_due,
    read_month_day,
    read_months,
    read_number,
    read_observed,
    read_period,
    read_range,
    read_share,
    read_signed,
    read_zone,
)
from prospectus.domain.errors import DomainError
from prospectus.domain.period import PeriodId
from prospectus.domain.requirement import Range, Share

T = TypeVar("T")
V = TypeVar("V")


def checked(read: Callable[[object], V]) -> Callable[[object], V]:
    """Return a reader whose complaint pydantic carries with its place."""

    def validate(value: object) -> V:
        try:
            return read(value)
        except UnreadableValue as error:
            raise PydanticCustomError(
                "unreadable", "{what}", {"what": error.what, "fix": error.fix}
            ) from None
        except DomainError as error:
            fault = error.faults[0]
            raise PydanticCustomError(
                "unreadable", "{what}", {"what": fault.what, "fix": fault.fix}
            ) from None

    return validate


def _text(value: object) -> object:
    """Let a number, a day or a year stand where text is meant."""
    if isinstance(value, bool):
        raise PydanticCustomError(
            "unreadable",
            "{what}",
            {"what": "a text was expected, not yes or no", "fix": "put the word in quotes"},
        )
    if isinstance(value, int | Fraction | dt.date):
        return str(value)
    return value


def _per(value: object) -> Range | Share:
    return read_share(value) or read_range(value)


_NUMBER_SCHEMA = {
    "anyOf": [
        {"type": "number", "minimum": 0},
        {"type": "string", "pattern": r"^\d+(\.\d+|/\d+)?$"},
    ]
}
_RANGE_SCHEMA = {
    "anyOf": [
        {"type": "number", "minimum": 0},
        {"type": "string", "pattern": r"^[\d./]+(\.\.[\d./]+)?$"},
    ]
}


def _pattern(pattern: str, description: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "description": description})


Text = Annotated[
    str, BeforeValidator(_text), WithJsonSchema({"type": ["string", "number"]})
]  # `year: 2026` and `grade: 5` are texts
AsOf = Annotated[
    str, PlainValidator(checked(read_as_of)), WithJsonSchema({"type": ["string", "number"]})
]
Code = Annotated[str, PlainValidator(checked(read_code)), WithJsonSchema({"type": "string"})]
Number = Annotated[Fraction, PlainValidator(checked(read_number)), WithJsonSchema(_NUMBER_SCHEMA)]
SignedNumber = Annotated[
    Fraction, PlainValidator(checked(read_signed)), WithJsonSchema({"type": ["number", "string"]})
]
RangeText = Annotated[Range, PlainValidator(checked(read_range)), WithJsonSchema(_RANGE_SCHEMA)]
RangeOrShare = Annotated[
    Range | Share, PlainValidator(checked(_per)), WithJsonSchema({"type": ["string", "number"]})
]
Months = Annotated[
    int, PlainValidator(checked(read_months)), _pattern(r"^\d+ (month|year)s?$", "12 months")
]
MonthDay = Annotated[
    tuple[int, int],
    PlainValidator(checked(read_month_day)),
    _pattern(r"^\d\d-\d\d$", "month-day: 08-24"),
]
DueDay = Annotated[
    tuple[int | None, int, int],
    PlainValidator(checked(read_due)),
    _pattern(r"^(\d{4}-)?\d\d-\d\d$", "a day of every year, or of one: 03-15, 2027-03-15"),
]
Country = Annotated[
    str, PlainValidator(checked(read_country)), _pattern(r"^[A-Z]{2}$", "ISO 3166: US, GB")
]
Zone = Annotated[
    str, PlainValidator(checked(read_zone)), _pattern(r"^[A-Za-z]", "IANA: America/Chicago")
]
Days = Annotated[
    tuple[dt.date, dt.date],
    PlainValidator(checked(read_days)),
    _pattern(r"^\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d$", "2026-08-01..2027-07-31"),
]
PeriodName = Annotated[
    tuple[PeriodId, str, int, int | None],
    PlainValidator(checked(read_period)),
    _pattern(r"^.+ \d{4}( S\d+)?$", "Fall 2026, or Winter 2027 S1"),
]
Clock = Annotated[dt.time, PlainValidator(checked(read_clock)), _pattern(r"^\d?\d:\d\d$", "18:00")]
Observed = Annotated[
    tuple[int, int], PlainValidator(checked(read_observed)), _pattern(r"^\d+ of \d+$", "3 of 4")
]
ExpressionText = Annotated[Text, Field(description="an expression of docs/catalog-format.md")]
SelectorText = Annotated[
    str | list[str], Field(description="a selector of docs/catalog-format.md, or a list of them")
]
Words = Annotated[
    list[Text],
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value),
    WithJsonSchema(
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": ["string", "number"]}}]}
    ),
]


def _is_unknown(value: object) -> str:
    return "<unknown>" if value == "unknown" else "<given>"


OrUnknown = Annotated[
    Annotated[T, Tag("<given>")] | Annotated[Literal["unknown"], Tag("<unknown>")],
    Discriminator(_is_unknown),
]
"""A value, or the word `unknown`."""


def _is_unknown_or_none(value: object) -> str:
    return f"<{value}>" if value in ("unknown", "none") else "<given or none>"


OrNone = Annotated[
    Annotated[T, Tag("<given or none>")]
    | Annotated[Literal["unknown"], Tag("<unknown>")]
    | Annotated[Literal["none"], Tag("<none>")],
    Discriminator(_is_unknown_or_none),
]
"""A value, `unknown` (no source says), or `none` (a source says that there is none)."""


class Strict(BaseModel):
    """A mapping with known fields only."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class Block(Strict):
    """A block of facts; what it does not say of its provenance it takes from the one around it."""

    source: Words | None = Field(default=None, description="ids of this file's sources")
    as_of: AsOf | None = Field(
        default=None, description="the day, month, year or academic year of which the fact is"
    )
    certainty: Literal["stated", "reported", "assumed", "unknown"] | None = None
    n: int | None = Field(default=None, ge=0, description="how many reports give the figure")
    assumption: Text | None = Field(default=None, description="id of an entry of assumptions.yaml")
    note: Text | None = None


class SourceBlock(Strict):
    """A publication."""

    title: Text
    address: Text = ""
    read: dt.date | None = None


class WhenOf(Strict, Generic[T]):
    """What depends on a static fact of the person."""

    if_: ExpressionText = Field(alias="if")
    then: T
    else_: T | None = Field(default=None, alias="else")
    may: bool = False


class ReadingOf(BaseModel, Generic[T]):
    """What depends on how a disputed text is read: the dispute's id, then one value a reading."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True, defer_build=True)
    __pydantic_extra__: dict[str, T]

    id: Text


class WhenBlock(Strict, Generic[T]):
    """`when:` at a value."""

    when: WhenOf[T]


class ReadingBlock(Strict, Generic[T]):
    """`reading:` at a value."""

    reading: ReadingOf[T]


def kind_of_value(value: object) -> str:
    """Return the tag of a value that may depend on the person or on a reading."""
    if isinstance(value, dict) and "when" in value:
        return "<when>"
    if isinstance(value, dict) and "reading" in value:
        return "<reading>"
    return "<plain>"


Size = Annotated[
    Annotated[RangeText, Tag("<plain>")]
    | Annotated[WhenBlock[RangeText], Tag("<when>")]
    | Annotated[ReadingBlock[RangeText], Tag("<reading>")],
    Discriminator(kind_of_value),
]
"""`3`, `3..4`, or a value that depends."""

SizeOrShare = Annotated[
    Annotated[RangeOrShare, Tag("<plain>")]
    | Annotated[WhenBlock[RangeText], Tag("<when>")]
    | Annotated[ReadingBlock[RangeText], Tag("<reading>")],
    Discriminator(kind_of_value),
]


class CatalogFile(Strict):
    """What stands at the head of every catalog file."""

    format: Literal[1]
    sources: dict[str, SourceBlock] = Field(default_factory=dict)
    facts: Block = Field(default_factory=Block)
