"""The record in a plan that the planner wrote: what was taken, and what it plans."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from prospectus.catalogs.record_file import ATTEMPTS, record_of
from prospectus.catalogs.record_parts import RecordFile, RecordForm
from prospectus.catalogs.yaml_document import Data, Document
from prospectus.domain.errors import Fault, Place, Severity, StudentError

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

SCHEMA = "prospectus.plan"
_MOST_BYTES = 50_000_000


def plan_in(path: Path) -> dict[str, Json] | None:
    """Return the plan document in a JSON file; None when it is something else.

    Raises
    ------
    StudentError
        REC-003 when the file is too large.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise StudentError(
            "REC-003",
            what=f"the file is larger than {_MOST_BYTES // 1_000_000} MB; it was not read",
            fix="check that it is the right one",
            at=Place(file=str(path)),
        )
    try:
        found: Json = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.get("schema") == SCHEMA else None


def read_plan(path: Path, document: dict[str, Json]) -> tuple[RecordFile, str]:
    """Return the record of a plan and its track; of several plans of the one that ends first.

    Raises
    ------
    StudentError
        REC-025 when the document holds no plan with its record.
    """
    result = document.get("result")
    found = sorted(_plans(result), key=lambda plan: plan[:3]) if isinstance(result, dict) else []
    if not isinstance(result, dict) or not found:
        raise StudentError(
            "REC-025",
            what="the document holds no plan with its record",
            fix="make it with `prospectus plan --json`, for wishes that can be met",
            on_page="take the plan file of a plan board",
            at=Place(file=str(path)),
        )
    _, _, track, record = found[0]
    data: Data = {
        "format": 1,
        "kind": "record",
        "name": _data(result.get("student")) or "",
        "program": _data(result.get("program")),
        "catalog_year": _data(result.get("catalog_year")),
        "matriculation": _data(record.get("matriculation")),
        ATTEMPTS: [_attempt(item) for item in _items(record.get("attempts"))],
        "milestones": [_without_nothing(item) for item in _items(record.get("milestones"))],
        "approvals": _pairs(record.get("approvals")),
        "exceptions": [_without_nothing(item) for item in _items(record.get("exceptions"))],
    }
    read = record_of(Document(file=str(path), data=data), RecordForm.PLAN)
    note = Fault(
        code="REC-026",
        what=f"the document holds {len(found)} plans; the one that ends first is read"
        + (f", that of {track}" if track else ""),
        fix="to read another, plan again with its --track, or state the facts that set it apart",
        on_page="take the plan file of the plan board that is meant",
        at=Place(file=str(path)),
        severity=Severity.WARNING,
    )
    return replace(read, person=None, notes=(note,) if len(found) > 1 else ()), track


def _plans(result: dict[str, Json]) -> Iterator[tuple[dt.date, int, str, dict[str, Json]]]:
    """Yield each plan: when it ends, its place, its track, its record."""
    place = 0
    for track in _items(result.get("tracks")):
        for variant in _items(track.get("variants")):
            finish, record = variant.get("finish"), variant.get("record")
            place += 1
            try:
                ends = dt.date.fromisoformat(str(finish))
            except ValueError:
                continue
            if isinstance(record, dict):
                yield ends, place, str(track.get("track") or ""), record


def _items(value: Json) -> list[dict[str, Json]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _attempt(item: dict[str, Json]) -> Data:
    """Return an attempt as a record file spells it."""
    fields = {"period" if name == "periods" else name: value for name, value in item.items()}
    fields.pop("id", None)
    return _without_nothing(fields)


def _without_nothing(item: dict[str, Json]) -> Data:
    return {name: _data(value) for name, value in item.items() if value is not None}


def _pairs(value: Json) -> Data:
    pairs = value if isinstance(value, list) else []
    return {str(pair[0]): _data(pair[1]) for pair in pairs if isinstance(pair, list) and pair[1:]}


def _data(value: Json) -> Data:
    """Return JSON as the data of a document; a float as its text, which is exact."""
    if isinstance(value, dict):
        return {name: _data(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_data(inner) for inner in value]
    return str(value) if isinstance(value, float) else value
