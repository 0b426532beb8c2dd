"""The fields of the form: seven questions, and what else a student document can say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from prospectus.app.declared_choices import Offered
from prospectus.app.student_form_places import WEEKDAYS, Rest, Usual, Weekday, Where, Whole
from prospectus.app.student_form_values import (
    MAPPING,
    ORDER,
    SPANS,
    TEXT,
    WORD,
    Spelling,
)
from prospectus.domain.student import Level


class Widget(Enum):
    """How a field looks."""

    LINE = "line"
    SHORT = "short"
    DAY = "day"
    LINES = "lines"
    CHOICE = "choice"
    ORDER = "order"
    ZONE = "zone"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field: its key in the form, where its value stands, how that is written and looks.

    `options` are what a choice offers, value and words; `example` stands in an empty field.
    """

    key: str
    label: str
    where: Where
    spelling: Spelling = TEXT
    widget: Widget = Widget.LINE
    hint: str = ""
    example: str = ""
    options: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        """Return what names the field in a page."""
        return "f-" + "".join(sign if sign.isalnum() else "-" for sign in self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldGroup:
    """Fields that belong together; `about` says what they are for."""

    id: str
    title: str
    fields: tuple[FormField, ...]
    about: str = ""


LEVELS = (
    ("finish", "an early end"),
    ("cost", "a low price"),
    ("out_of_pocket", "little money of my own"),
    ("peak", "a light busiest term"),
    ("topics", "the topics I want"),
    ("goals", "my goals missed least often"),
    ("hours", "little work in all"),
    ("live", "few live sessions"),
    ("preference", "courses I prefer"),
    ("spare", "free hours in the busiest term"),
    ("spread", "an even load"),
    ("distance", "courses soon after what they build on"),
    ("toxic", "bad pairs of courses apart"),
    ("change", "few changes to an earlier plan"),
    ("trade", "what I trade in money"),
)
assert {name for name, _ in LEVELS} == {level.value for level in Level}

_HOURS = Usual(("hours_per_week",), "usual")
_COURSES = Usual(("courses_per_period",), "usual")
YEAR = Usual(("money", "per_year"), "every")


def plain(
    key: str,
    label: str,
    spelling: Spelling = TEXT,
    widget: Widget = Widget.LINE,
    *,
    hint: str = "",
    example: str = "",
    options: tuple[tuple[str, str], ...] = (),
) -> FormField:
    """Return a field of the form that is a field of the document."""
    return FormField(
        key=key,
        label=label,
        where=Whole(tuple(key.split("."))),
        spelling=spelling,
        widget=widget,
        hint=hint,
        example=example,
        options=options,
    )


def usual(place: Usual, label: str, *, hint: str = "", example: str = "") -> FormField:
    """Return a field of the form that is the usual one of limits by name."""
    return FormField(
        key=".".join(place.path),
        label=label,
        where=place,
        spelling=WORD,
        widget=Widget.SHORT,
        hint=hint,
        example=example,
    )


def rest(place: Usual, label: str, example: str, hint: str = "") -> FormField:
    """Return a field of the form that holds the other limits by name."""
    return FormField(
        key=".".join((*place.path, "by")),
        label=label,
        where=Rest(place),
        spelling=MAPPING,
        widget=Widget.LINES,
        hint=hint,
        example=example,
    )


def _weekday(day: str) -> FormField:
    return FormField(
        key=f"free_for_live_sessions.{day}",
        label=day,
        where=Weekday(("free_for_live_sessions",), day),
        spelling=SPANS,
    )


QUESTIONS = (
    FieldGroup(
        id="name",
        title="What shall we call you?",
        fields=(plain("name", "Name", example="Maria"),),
    ),
    FieldGroup(
        id="begin",
        title="When can you begin?",
        fields=(
            plain(
                "plan_from",
                "First day",
                WORD,
                Widget.DAY,
                hint="the first day on which a planned course may start",
            ),
        ),
    ),
    FieldGroup(
        id="hours",
        title="How many hours a week do you have?",
        fields=(
            usual(
                _HOURS,
                "Hours a week",
                hint="a whole number, or no limit; left empty, 15 are assumed",
                example="12",
            ),
            rest(
                _HOURS,
                "More or less at times",
                "Summer: 6\n2027-06-14..2027-08-15: 8",
                "a season, a term or a range of days on each line",
            ),
        ),
    ),
    FieldGroup(
        id="courses",
        title="How many courses at once?",
        fields=(
            usual(_COURSES, "Courses at most", hint="left empty, hours alone decide", example="2"),
            rest(_COURSES, "More or fewer at times", "Summer: 1"),
        ),
    ),
    FieldGroup(
        id="money",
        title="How much may it cost?",
        fields=(
            plain("money.total", "In total", WORD, Widget.SHORT, example="USD 30000"),
            usual(YEAR, "In each calendar year", example="USD 8000"),
            plain(
                "money.employer.per_year",
                "An employer pays back, a year",
                WORD,
                Widget.SHORT,
                hint="at most; how it is paid has fields of its own under More",
                example="USD 5250",
            ),
        ),
    ),
    FieldGroup(
        id="live",
        title="Where is your clock, and when are you free for live sessions?",
        about="Hours such as 18:00-21:00, several with a comma between, or any. "
        "Leave all seven empty if any time suits you.",
        fields=(
            plain("time_zone", "Time zone", TEXT, Widget.ZONE, example="America/Denver"),
            *map(_weekday, WEEKDAYS),
        ),
    ),
    FieldGroup(
        id="aims",
        title="By when, and what matters most?",
        fields=(
            plain("deadline", "Done by", WORD, Widget.DAY),
            plain(
                "objectives",
                "What matters, most important first",
                ORDER,
                Widget.ORDER,
                hint="what you do not name follows: early end, price, busiest term, topics",
                options=LEVELS,
            ),
        ),
    ),
)


def choice_fields(
    choices: Mapping[str, Offered],
) -> Iterator[FormField]:
    """Yield a field for each choice that a student of a programme declares.

    Parameters
    ----------
    choices
        By the id of each choice its name, and its options as id and name.
    """
    for node, (name, options) in choices.items():
        yield FormField(
            key=f"choices.{node}",
            label=name,
            where=Whole(("choices", node)),
            widget=Widget.CHOICE,
            options=(("", "not declared yet"), *options),
        )
