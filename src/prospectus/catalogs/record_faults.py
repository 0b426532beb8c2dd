"""What is wrong with the fields of a record file, in words, and what is left without them."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from prospectus.catalogs.record_parts import AttemptLine, Remains
from prospectus.catalogs.record_schema import AttemptBlock, RecordModel
from prospectus.catalogs.student_schema import DegreeBlock, ExceptionBlock, MilestoneBlock
from prospectus.catalogs.values import UnreadableValue, read_code
from prospectus.catalogs.yaml_document import Document, FieldPath
from prospectus.domain.errors import Fault, Place, StudentError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

B = TypeVar("B", bound=BaseModel)

_BLOCKS: Mapping[str, type[BaseModel]] = {
    "attempts": AttemptBlock,
    "milestones": MilestoneBlock,
    "exceptions": ExceptionBlock,
    "degrees": DegreeBlock,
}
_ITEMS: Mapping[str, tuple[str, str]] = {
    "attempts": ("attempt", "- {course: CS 7641}"),
    "milestones": ("milestone", "- {milestone: ID, status: passed}"),
    "exceptions": ("exception", "- {kind: waive, node: ID, who: NAME, when: DAY, why: REASON}"),
    "degrees": ("degree", "- {level: bachelor, field: FIELD}"),
}
# What a value should have been, by the name of the complaint.
_MENDS: Mapping[str, str] = {
    "string_type": "write a text; in quotes where it looks like a number or a day",
    "list_type": "write a list, one entry a line, each behind `- `",
    "dict_type": "write pairs, such as `{NAME: VALUE}`",
    "model_type": "write pairs, such as `{NAME: VALUE}`",
}
# Without these fields nothing can be told of the others.
_DECISIVE = frozenset(("course", "source", "basis"))
_FIXED = {"format": "1", "kind": "record"}


def faults_of(document: Document, details: Sequence[ErrorDetails]) -> list[Fault]:
    """Return the faults behind the complaints of the model about a document."""
    return [_fault(document, detail) for detail in details]


def without(document: Document, details: Sequence[ErrorDetails]) -> Document:
    """Return what is left of a document without the entries that are complained about.

    Of the lists only the wrong items go; any other wrong field goes as a whole.
    """
    data = dict(document.data) if isinstance(document.data, dict) else {}
    wrong: dict[str, set[int]] = {}
    for detail in details:
        field, *rest = detail["loc"]
        name = str(field)
        if rest and isinstance(rest[0], int) and isinstance(data.get(name), list):
            wrong.setdefault(name, set()).add(rest[0])
        else:
            data.pop(name, None)
    kept: dict[FieldPath, tuple[int, ...]] = {}
    for name, places in wrong.items():
        items = data.get(name)
        if isinstance(items, list):
            left = [place for place in range(len(items)) if place not in places]
            data[name] = [items[place] for place in left]
            kept[name,] = tuple(left)
    return replace(document, data=data, kept=kept)


def attempts_left(
    document: Document,
    block: str,
    model: type[B],
    line_of: Callable[[B], AttemptLine],
) -> tuple[dict[int, AttemptLine], tuple[Remains, ...]]:
    """Return the sound attempts of a list by their places in it, and what is left of the others."""
    data = document.data if isinstance(document.data, dict) else {}
    items = data.get(block)
    sound: dict[int, AttemptLine] = {}
    left: list[Remains] = []
    for index, item in enumerate(items if isinstance(items, list) else ()):
        try:
            sound[index] = line_of(model.model_validate(item))
            continue
        except ValidationError as error:
            details = error.errors(include_url=False)
        names = {str(detail["loc"][0]) for detail in details if detail["loc"]}
        if not isinstance(item, dict) or names & _DECISIVE:
            continue
        kept = {name: value for name, value in item.items() if name not in names}
        # A field that is not known may be any that is not there: none of them is missed.
        is_strange = any(detail["type"] == "extra_forbidden" for detail in details)
        unsaid = set(model.model_fields).difference(kept) if is_strange else set()
        unsaid |= {"course"} if "source" in unsaid else set()
        at = document.place((block, index))
        try:
            line = line_of(model.model_validate(kept))
        except ValidationError:
            continue
        left.append(Remains(at, "", line, frozenset(names | unsaid)))
    return sound, tuple(left)


def refuse_broken_json(path: Path) -> None:
    """Raise the fault of a file that was meant to be JSON; do nothing with any other.

    Raises
    ------
    StudentError
        REC-006.
    """
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    if path.suffix.lower() != ".json" and not text.lstrip().startswith('{"'):
        return
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        # the decoder's words end in `at` where it would go on with the place
        words = error.msg[0].lower() + error.msg[1:].removesuffix(" at")
        raise StudentError(
            "REC-006",
            what=f"this is no whole JSON: {words} in line {error.lineno}, column {error.colno}",
            fix="fetch the file anew; it may have been cut off or changed by hand",
            at=Place(file=str(path), line=error.lineno),
        ) from None


def _fault(document: Document, detail: ErrorDetails) -> Fault:
    path = tuple(part for part in detail["loc"] if part != "[key]")
    kind, context = detail["type"], detail.get("ctx", {})
    name = path[-1] if path else "the file"
    if kind.startswith("STU-"):
        is_negative = kind == "STU-005"
        code = "REC-023" if is_negative else "REC-022"
        what, fix = str(context["what"]), str(context["fix"])
    elif kind == "extra_forbidden":
        code, what = "REC-021", f"a record has no field '{name}' here"
        fix = _nearest(str(name), path[:-1])
    elif kind == "missing":
        code, what = "REC-020", f"the field '{name}' is missing"
        fix = f"add `{name}: {_FIXED.get(str(name), '')}".rstrip() + "`"
    elif kind in ("enum", "literal_error"):
        shown = _shown(detail["input"])
        code, what = "REC-022", f"{shown} is not one of the words for {_named(path)}"
        fix = f"write {context['expected']}"
    elif len(path) == 2 and isinstance(name, int) and path[0] in _ITEMS:
        noun, example = _ITEMS[str(path[0])]
        code, what = "REC-022", f"{_shown(detail['input'])} is no {noun}: it names no fields"
        course = _course_in(detail["input"]) if noun == "attempt" else None
        fix = f"write `{example if course is None else f'- {{course: {course}}}'}`"
    else:
        code, what = "REC-022", f"{_shown(detail['input'])} does not fit {_named(path)}"
        fix = _MENDS.get(kind, "see docs/records.md for what stands here")
    return Fault(code=code, what=what, fix=fix, at=document.place(path))


def _named(path: FieldPath) -> str:
    """Return a field in words; an entry of a list by its place in it."""
    if not path:
        return "the file"
    if isinstance(path[-1], int):
        return f"entry {path[-1] + 1} of {_named(path[:-1])}"
    return f"the field '{path[-1]}'"


def _course_in(value: object) -> str | None:
    """Return the course that stands where an attempt should, alone or in a list."""
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str):
        return None
    try:
        return read_code(value)
    except UnreadableValue:
        return None


def _nearest(word: str, block: FieldPath) -> str:
    model = _BLOCKS.get(str(block[0]), RecordModel) if block else RecordModel
    known = list(model.model_fields)
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.7)
    return f"did you mean '{near[0]}'?" if near else "fields here: " + ", ".join(known)


def _shown(value: object) -> str:
    """Return a value as it may have been written, short."""
    if value is None:
        return "an empty entry"
    if isinstance(value, dict):
        return "what stands here"
    if isinstance(value, list):
        text = f"[{', '.join(str(one) for one in value)}]" if len(value) < 10 else "a long list"
    else:
        text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    return f"'{text if len(text) <= 40 else text[:37] + '...'}'"
