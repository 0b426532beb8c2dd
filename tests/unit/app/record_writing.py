"""A record as a file: YAML with all that it says, or a table of its attempts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

from prospectus.app.document import Json, to_json
from prospectus.app.records import LoadedRecord
from prospectus.catalogs.record_columns import BETWEEN, COLUMNS
from prospectus.domain.course import Delivery
from prospectus.domain.record import Attempt, AuditException, Basis, CreditSource, Record
from prospectus.exchange.cells import written

_USUAL: dict[str, Json] = {
    "basis": Basis.LETTER.value,
    "source": CreditSource.HOME.value,
    "delivery": Delivery.UNKNOWN.value,
}
"""What a line need not say."""


def record_yaml(loaded: LoadedRecord) -> str:
    """Return the record file that says the same; reading it gives the same record."""
    record = loaded.record
    head: dict[str, Json] = {
        "name": loaded.name,
        "program": loaded.program,
        "catalog_year": loaded.catalog_year,
        "matriculation": to_json(record.matriculation),
        "choices": {node: child for node, child in loaded.choices},
    }
    lines = ["format: 1", "kind: record"]
    lines += [f"{name}: {_flow(value)}" for name, value in head.items() if value]
    lines += _block("attempts", [_attempt(attempt) for attempt in record.attempts])
    lines += _block("milestones", [_said(to_json(one)) for one in record.milestones])
    if record.approvals:
        lines.append(f"approvals: {_flow({who: state.value for who, state in record.approvals})}")
    lines += _block("exceptions", [_exception(one) for one in record.exceptions])
    lines += [f"{name}: {_flow(value)}" for name, value in _person(loaded) if value is not None]
    return "\n".join(lines) + "\n"


def record_csv(record: Record) -> str:
    """Return the attempts as a table; milestones and all else that a record holds stay out."""
    rows = [_cells(attempt) for attempt in record.attempts]
    used = [name for name in COLUMNS if name == "course" or any(row.get(name, "") for row in rows)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(used)
    writer.writerows([row.get(name, "") for name in used] for row in rows)
    return text.getvalue()


def _block(name: str, items: list[dict[str, Json]]) -> list[str]:
    return [f"{name}:", *(f"  - {_flow(item)}" for item in items)] if items else []


def _flow(value: Json) -> str:
    """Return a value on one line: JSON is YAML too."""
    return json.dumps(value, ensure_ascii=False)


def _said(value: Json) -> dict[str, Json]:
    """Return the fields that say something."""
    fields = value if isinstance(value, dict) else {}
    return {name: inner for name, inner in fields.items() if inner not in (None, [], "")}


def _attempt(attempt: Attempt) -> dict[str, Json]:
    fields = _said(to_json(attempt))
    del fields["id"]
    if "periods" in fields:
        fields["period"] = fields.pop("periods")
    return {name: value for name, value in fields.items() if _USUAL.get(name) != value}


def _exception(one: AuditException) -> dict[str, Json]:
    return _said(to_json(one))


def _person(loaded: LoadedRecord) -> Iterator[tuple[str, Json]]:
    person = loaded.person
    if person is None:
        return
    yield "facts", {name: value for name, value in person.facts} or None
    if person.degrees is not None:
        yield "degrees", [{"level": level, "field": field} for level, field in person.degrees]
    yield "gpa", to_json(person.gpa)
    if person.tests is not None:
        yield "tests", {name: to_json(score) for name, score in person.tests}
    yield "background", to_json(person.background)
    yield "member_of", to_json(person.memberships) or None


def _cells(attempt: Attempt) -> dict[str, str]:
    """Return the cells of an attempt, those that say something."""
    fields = _attempt(attempt)
    fields["term"] = fields.pop("period", None)
    cells: dict[str, str] = {}
    for name, value in fields.items():
        parts = value if isinstance(value, list) else [value]
        text = BETWEEN.join(str(part) for part in parts if part is not None)
        cells[name] = written(text)
    return cells
