"""Where the value of a form's field stands in a document: a field, or a part of one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from prospectus.app.student_form_text import Fields
from prospectus.app.student_form_values import Misspelt
from prospectus.catalogs.yaml_document import Data


class Absence(Enum):
    """That there is no value: nothing is said, or something that has no such part."""

    NOTHING = "nothing"
    OTHERWISE = "otherwise"


Found: TypeAlias = "Data | Absence"
"""A value, or why there is none."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NOTHING, OTHERWISE = Absence.NOTHING, Absence.OTHERWISE


@dataclass(frozen=True, slots=True)
class Whole:
    """The field at a path."""

    path: tuple[str, ...]

    def get(self, fields: Fields) -> Found:
        """Return the value."""
        here: Data = fields
        for part in self.path:
            if here is None:
                return NOTHING
            if not isinstance(here, dict):
                return OTHERWISE
            if part not in here:
                return NOTHING
            here = here[part]
        return NOTHING if here is None else here

    def put(self, fields: Fields, value: Found) -> Fields:
        """Return the fields with this value; a block in which nothing is left goes with it."""
        return _put(fields, self.path, value)

    def owns(self, field: str) -> bool:
        """Return whether a dotted field is this one or lies in it."""
        return _is_within(field, ".".join(self.path))


@dataclass(frozen=True, slots=True)
class Usual:
    """Of a limit by name the one that holds wherever no other does: the limit itself, if alone."""

    path: tuple[str, ...]
    name: str

    def get(self, fields: Fields) -> Found:
        """Return the value."""
        value = Whole(self.path).get(fields)
        if not isinstance(value, dict):
            return value
        found = [one for key, one in value.items() if key.strip().lower() == self.name]
        return found[0] if len(found) == 1 else OTHERWISE if found else NOTHING

    def put(self, fields: Fields, value: Found) -> Fields:
        """Return the fields with this value."""
        return _put_limits(fields, self, value, _rest(self, fields))

    def owns(self, field: str) -> bool:
        """Return whether a dotted field is this one."""
        return field in (".".join(self.path), ".".join((*self.path, self.name)))


@dataclass(frozen=True, slots=True)
class Rest:
    """Of a limit by name all but the usual one."""

    usual: Usual

    def get(self, fields: Fields) -> Found:
        """Return the value."""
        return _rest(self.usual, fields) or NOTHING

    def put(self, fields: Fields, value: Found) -> Fields:
        """Return the fields with this value."""
        named = value if isinstance(value, dict) else {}
        if any(name.strip().lower() == self.usual.name for name in named):
            raise Misspelt(
                f"'{self.usual.name}' has a field of its own", "write it there, and not here"
            )
        return _put_limits(fields, self.usual, self.usual.get(fields), named)

    def owns(self, field: str) -> bool:
        """Return whether a dotted field lies in this one."""
        return _is_within(field, ".".join(self.usual.path))


@dataclass(frozen=True, slots=True)
class Weekday:
    """The free hours of one day of the week, by its first three letters."""

    path: tuple[str, ...]
    day: str

    def get(self, fields: Fields) -> Found:
        """Return the value."""
        value = Whole(self.path).get(fields)
        if not isinstance(value, dict):
            return value if value is NOTHING else OTHERWISE
        found = [value[key] for key in self._keys(value)]
        return found[0] if len(found) == 1 else OTHERWISE if found else NOTHING

    def put(self, fields: Fields, value: Found) -> Fields:
        """Return the fields with this value."""
        days = Whole(self.path).get(fields)
        had = days if isinstance(days, dict) else {}
        key = next(iter(self._keys(had)), self.day)
        new = _put(had, (key,), value)
        in_order = {key: new[key] for key in sorted(new, key=_day_of_week)}
        return _put(fields, self.path, in_order or NOTHING)

    def owns(self, field: str) -> bool:
        """Return whether a dotted field is this one, or holds it."""
        name = ".".join(self.path)
        return field == name or field.startswith(f"{name}.{self.day}")

    def _keys(self, days: Fields) -> list[str]:
        return [key for key in days if key.strip().lower()[:3] == self.day.lower()]


Where: TypeAlias = "Whole | Usual | Rest | Weekday"
"""Where a value stands."""


def _day_of_week(key: str) -> int:
    name = key.strip().title()[:3]
    return WEEKDAYS.index(name) if name in WEEKDAYS else len(WEEKDAYS)


def _is_within(field: str, name: str) -> bool:
    return field == name or field.startswith((f"{name}.", f"{name}["))


def _rest(usual: Usual, fields: Fields) -> Fields:
    value = Whole(usual.path).get(fields)
    named = value if isinstance(value, dict) else {}
    return {key: one for key, one in named.items() if key.strip().lower() != usual.name}


def _put_limits(fields: Fields, usual: Usual, limit: Found, rest: Fields) -> Fields:
    if not rest:
        return _put(fields, usual.path, limit)
    first: Fields = {} if isinstance(limit, Absence) else {usual.name: limit}
    return _put(fields, usual.path, {**first, **rest})


def _put(fields: Fields, path: tuple[str, ...], value: Found) -> Fields:
    key, *below = path
    new = dict(fields)
    inner = fields.get(key)
    if below:
        found = _put(inner if isinstance(inner, dict) else {}, tuple(below), value)
        value = found or NOTHING
    if isinstance(value, Absence):
        new.pop(key, None)
    else:
        new[key] = value
    return new
