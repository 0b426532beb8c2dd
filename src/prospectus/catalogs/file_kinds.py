"""The kinds of catalog file, and as much of a file as its kind can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from pydantic import ValidationError

from prospectus.catalogs.dated_files import (
    AssumptionsFile,
    CalendarFile,
    FeesFile,
)
from prospectus.catalogs.field_faults import field_faults, path_in
from prospectus.catalogs.nearest import nearest
from prospectus.catalogs.program_files import ProgramFile
from prospectus.catalogs.schedule_file import ScheduleFile
from prospectus.catalogs.school_files import CoursesFile, SchoolFile
from prospectus.catalogs.yaml_document import Data, Document, FieldPath
from prospectus.domain.course import parse_code
from prospectus.domain.errors import DomainError, Fault

AnyFile: TypeAlias = (
    SchoolFile
    | CoursesFile
    | CalendarFile
    | FeesFile
    | ScheduleFile
    | ProgramFile
    | AssumptionsFile
)

FILE_KINDS: Mapping[str, type[AnyFile]] = {
    "school": SchoolFile,
    "courses": CoursesFile,
    "calendar": CalendarFile,
    "fees": FeesFile,
    "schedule": ScheduleFile,
    "program": ProgramFile,
    "assumptions": AssumptionsFile,
}

_MAX_ROUNDS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldsRead:
    """The checked fields of a file, None where nothing of it can be used.

    Blocks with a fault are cut, so that the rest can be checked too: `lost` are their places,
    `names` everything that they name, which must not be missed elsewhere.
    """

    document: Document
    fields: AnyFile | None = None
    faults: tuple[Fault, ...] = ()
    lost: tuple[FieldPath, ...] = ()
    names: frozenset[str] = frozenset()


_STUDENT_FIELDS = frozenset({"plan_from", "matriculation", "hours_per_week", "wanted"})


def read_fields(document: Document) -> FieldsRead:
    """Return the checked fields of a catalog file, with everything that is wrong with them."""
    data = document.data
    if not isinstance(data, dict):
        return FieldsRead(
            document=document,
            faults=(
                Fault(
                    code="CAT-022",
                    what="the file is no mapping of fields",
                    at=document.place(()),
                    fix="start it with `format: 1` and `kind: ...`",
                ),
            ),
        )
    kind = data.get("kind")
    if kind == "student" or (kind is None and not _STUDENT_FIELDS.isdisjoint(data)):
        return FieldsRead(
            document=document,
            faults=(
                Fault(
                    code="CAT-023",
                    what="this is a student file, not a file of a catalog",
                    at=document.place(("format",)),
                    fix="read it with `prospectus compare` or `prospectus plan`",
                    on_page="take it over where your details are asked for",
                ),
            ),
        )
    if not isinstance(kind, str) or kind not in FILE_KINDS:
        what = "the file does not say its kind" if kind is None else f"'{kind}' is no kind of file"
        return FieldsRead(
            document=document,
            faults=(
                Fault(
                    code="CAT-023",
                    what=what + nearest(str(kind), set(FILE_KINDS)),
                    at=document.place(("kind",)),
                    fix=f"write `kind:` and one of {', '.join(FILE_KINDS)}",
                ),
            ),
        )
    model = FILE_KINDS[kind]
    try:
        return FieldsRead(document=document, fields=model.model_validate(data))
    except ValidationError as error:
        return _salvaged(document, model, error)


def _salvaged(document: Document, model: type[AnyFile], error: ValidationError) -> FieldsRead:
    """Return what is left of a file when every block with a fault is cut out of it."""
    faults = tuple(dict.fromkeys(field_faults(error, document, model)))
    whole = document.data
    fields: AnyFile | None = None
    left = document
    lost: set[FieldPath] = set()
    for _ in range(_MAX_ROUNDS):
        # What is cut may itself be needed: then the block around it goes in the next round.
        found = error.errors(include_url=False, include_context=False)
        lost |= {left.original(path_in(left.data, problem["loc"])) for problem in found}
        if () in lost:
            break
        kept: dict[FieldPath, tuple[int, ...]] = {}
        left = replace(document, data=_without(whole, lost, kept), kept=kept)
        try:
            fields = model.model_validate(left.data)
            break
        except ValidationError as again:
            error = again
    names = {name for path in lost for name in _names_at(whole, path)}
    return FieldsRead(
        # Sources are looked up in the file as it stands.
        document=replace(left, data=whole) if fields is not None else document,
        fields=fields,
        faults=faults,
        lost=tuple(sorted(lost, key=str)),
        names=frozenset(names),
    )


def _without(
    data: Data,
    lost: set[FieldPath],
    kept: dict[FieldPath, tuple[int, ...]],
    path: FieldPath = (),
    shown: FieldPath = (),
) -> Data:
    """Return data without what stands at `lost`; `path` is the way into it, `shown` what is left.

    `kept` is given the places of the items that stay, for every list that loses one.
    """
    if isinstance(data, dict):
        return {
            key: _without(value, lost, kept, (*path, key), (*shown, key))
            for key, value in data.items()
            if (*path, key) not in lost
        }
    if isinstance(data, list):
        places = tuple(i for i in range(len(data)) if (*path, i) not in lost)
        if len(places) < len(data):
            kept[shown] = places
        return [
            _without(data[i], lost, kept, (*path, i), (*shown, index))
            for index, i in enumerate(places)
        ]
    return data


def _names_at(data: Data, path: FieldPath) -> Iterator[str]:
    """Yield the last step of a path and every text below it, codes in their own spelling too."""
    here = data
    for step in path:
        here = here[step]  # type: ignore[index]
    stack: list[Data] = [here, path[-1] if path else None]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            stack += [*item, *item.values()]
        elif isinstance(item, list):
            stack += item
        elif item is not None and not isinstance(item, bool):
            yield str(item)
            try:
                yield parse_code(str(item))
            except DomainError:
                continue
