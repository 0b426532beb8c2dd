"""Answers as one JSON document in a versioned envelope."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from typing import TypeAlias

from prospectus.domain.errors import Fault
from prospectus.domain.facts import Money

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def to_json(value: object) -> Json:
    """Return a value as plain JSON: exact fractions as text, money in minor units, days ISO.

    Raises
    ------
    TypeError
        For a value that has no place in an answer.
    """
    if isinstance(value, Enum):
        return to_json(value.value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_json(inner) for key, inner in value.items()}
    if isinstance(value, Sequence | frozenset | set):
        items = sorted(value) if isinstance(value, frozenset | set) else value
        return [to_json(item) for item in items]
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def envelope(
    name: str, result: object, *, seed: int | None = None, warnings: Sequence[Fault] = ()
) -> str:
    """Return the document of an answer: schema, version, result, warnings, seed."""
    document: dict[str, Json] = {
        "schema": f"prospectus.{name}",
        "version": 1,
        "ok": True,
        "result": to_json(result),
        "warnings": [fault_document(fault) for fault in warnings],
        "seed": seed,
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def error_envelope(name: str, faults: Sequence[Fault], exit_code: int) -> str:
    """Return the text of `error_document`."""
    return json.dumps(error_document(name, faults, exit_code), ensure_ascii=False, indent=2)


def error_document(name: str, faults: Sequence[Fault], exit_code: int) -> dict[str, Json]:
    """Return the document of a call that failed: the same fields as the three printed lines."""
    return {
        "schema": f"prospectus.{name}",
        "version": 1,
        "ok": False,
        "errors": [fault_document(fault) for fault in faults],
        "exit_code": exit_code,
    }


def fault_document(fault: Fault) -> Json:
    """Return a fault as every document tells it."""
    return {
        "code": fault.code,
        "severity": fault.severity.value,
        "what": fault.what,
        "at": to_json(fault.at),
        "fix": fault.fix,
    }
