"""The student document as a form: what its fields show, and what a sent form changes of it.

The form changes what it shows and what was written otherwise than it shows; whatever else the
document says stays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from prospectus.app.binding import bind, program_faults, season_faults, wanted_faults
from prospectus.app.declared_choices import Offered, declared_choices
from prospectus.app.library import Library
from prospectus.app.program_names import program_names
from prospectus.app.student_form_fields import (
    QUESTIONS,
    FieldGroup,
    FormField,
    Widget,
    choice_fields,
)
from prospectus.app.student_form_more import AGREED, MORE, STUDIES
from prospectus.app.student_form_places import NOTHING, Absence
from prospectus.app.student_form_text import Fields, NotSayable, read_fields, with_fields
from prospectus.app.student_form_values import Misspelt, typed
from prospectus.app.tree_walk import walk
from prospectus.catalogs.student_file import read_student_text
from prospectus.catalogs.student_parts import StudentFile
from prospectus.domain.errors import Fault, Place, ProspectusError
from prospectus.domain.program import Program
from prospectus.domain.requirement import Milestone, Node

NAME = "your details"
"""What faults call the document."""

# fields that the form shows in another way, or that say nothing of the person
_ELSEWHERE = frozenset({"format", "kind", "finished"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A field with what it shows and what is wrong with it.

    `is_locked` says that the document says more here than a field can show.
    """

    field: FormField
    value: str
    faults: tuple[Fault, ...] = ()
    is_locked: bool = False

    @property
    def offered(self) -> tuple[tuple[str, str], ...]:
        """Return what a choice offers: what is written belongs to it, known or not."""
        known = {value for value, _ in self.field.options}
        own = () if self.value in known else ((self.value, self.value or "not said"),)
        return (*own, *self.field.options)

    @property
    def ordered(self) -> tuple[str, ...]:
        """Return the lines of an order, with two more to fill."""
        return (*(line for line in self.value.split("\n") if line), "", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """Fields that belong together, as they stand."""

    group: FieldGroup
    fields: tuple[FieldView, ...]

    @property
    def n_said(self) -> int:
        """Return how many of the fields say something."""
        return sum(bool(one.value) or one.is_locked for one in self.fields)

    @property
    def is_wrong(self) -> bool:
        """Return whether something is wrong with one of the fields."""
        return any(one.faults for one in self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentForm:
    """A document as a form.

    Parameters
    ----------
    questions, studies, more
        The seven questions, whose student one is, and the rest.
    faults
        What is wrong, each with the field of the form that it belongs to, None for none.
    other
        Fields of the document that the form does not show.
    is_read
        Whether the text is a document at all; without that there is nothing to show.
    """

    questions: tuple[GroupView, ...]
    studies: GroupView
    more: tuple[GroupView, ...]
    faults: tuple[tuple[Fault, FormField | None], ...]
    other: tuple[str, ...]
    is_read: bool

    @property
    def views(self) -> tuple[FieldView, ...]:
        """Return all fields."""
        groups = (*self.questions, self.studies, *self.more)
        return tuple(one for group in groups for one in group.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A text after a form was sent; `refused` are fields that could not be kept, with the fault."""

    text: str
    keys: tuple[str, ...] = ()
    refused: tuple[tuple[str, Fault], ...] = ()


def student_form(
    text: str,
    library: Library,
    today: dt.date,
    *,
    instead: Mapping[str, str] | None = None,
    refused: Iterable[tuple[str, Fault]] = (),
) -> StudentForm:
    """Return the form of a document.

    Parameters
    ----------
    text
        The document, which may be a draft with faults.
    instead
        What fields show in place of what the document says: words that could not be kept.
    refused
        Why they could not.
    """
    data = read_fields(text).fields
    groups = form_groups(data or {}, library)
    found = list(_assigned(document_faults(text, library, today), groups, data or {}))
    fields = {one.key: one for group in groups for one in group.fields}
    found = [*((fault, fields.get(key)) for key, fault in refused), *found]
    views = [_view(group, data or {}, found, instead or {}) for group in groups]
    shown = {one.key.partition(".")[0] for one in fields.values()} | _ELSEWHERE
    n = len(QUESTIONS)
    return StudentForm(
        questions=tuple(views[:n]),
        studies=views[n],
        more=tuple(views[n + 1 :]),
        faults=tuple(found),
        other=tuple(key for key in data or {} if key not in shown),
        is_read=data is not None,
    )


def changed(text: str, sent: Mapping[str, str], library: Library) -> Changed:
    """Return the text with what a form says otherwise than it showed.

    A field that was not sent stays as it is, as does one that the form cannot show.
    """
    had = read_fields(text).fields
    if had is None:
        return Changed(text=text)
    new, keys, refused = had, [], []
    # by the choices that the programme of the form has, too: both may be sent at once
    for one in {one.key: one for one in _all_fields(had, sent, library)}.values():
        if one.key not in sent:
            continue
        words, shows = typed(sent[one.key]), shown(one, had)
        if shows is None or words == typed(shows):
            continue
        try:
            value = one.spelling.value(words)
            new = one.where.put(new, NOTHING if value is None else value)
            keys.append(one.key)
        except Misspelt as error:
            refused.append((one.key, _unkept(one, error.what, error.fix)))
    try:
        return Changed(text=with_fields(text, new), keys=tuple(keys), refused=tuple(refused))
    except NotSayable:
        what, fix = "this cannot be kept beside what the text says", "write it in the text itself"
        fields = {one.key: one for one in _all_fields(had, sent, library)}
        refused += [(key, _unkept(fields[key], what, fix)) for key in keys]
        return Changed(text=text, refused=tuple(refused))


def shown(field: FormField, data: Fields) -> str | None:
    """Return what a field shows of a document; None where it cannot show what is there."""
    value = field.where.get(data)
    if isinstance(value, Absence):
        return "" if value is NOTHING else None
    return field.spelling.show(value)


def form_groups(data: Fields, library: Library) -> tuple[FieldGroup, ...]:
    """Return all fields, with the choices that the programme of a document offers."""
    return (*QUESTIONS, _studies(data, library), _agreed(data, library), *MORE)


def document_faults(text: str, library: Library, today: dt.date) -> tuple[Fault, ...]:
    """Return all that is wrong with a document, as far as its own programme can say."""
    try:
        file = read_student_text(text, NAME, today)
    except ProspectusError as error:
        return error.faults
    schools = [library.catalog.school(name) for name in _schools(library)]
    faults = [
        *program_faults(file, library.ids()),
        *season_faults(file, schools),
        *wanted_faults(file, schools),
    ]
    return (*faults, *_own_faults(file, library))


def program_of(data: Fields, library: Library) -> Program | None:
    """Return the programme that a document names, in its year or else the newest."""
    name, year = data.get("program"), data.get("catalog_year")
    if not isinstance(name, str) or name not in library.ids():
        return None
    years = library.years(name)
    return library.program(name, year if isinstance(year, str) and year in years else years[-1])


# ----------------------------------------------------------------------- inside


def _schools(library: Library) -> tuple[str, ...]:
    return tuple(sorted({program.school for program in library.catalog.programs}))


def _own_faults(file: StudentFile, library: Library) -> Iterator[Fault]:
    student = file.student
    name, year = student.program, dict(student.catalog_years).get(student.program or "")
    if name is None or name not in library.ids():
        return
    years = library.years(name)
    if year is not None and year not in years:
        yield Fault(
            code="USE-001",
            what=f"{name} has no rules of {year}",
            fix=f"choose one of {', '.join(years)}",
            at=file.place("catalog_year"),
        )
        return
    program = library.program(name, year or years[-1])
    try:
        bind(file, program, library.school(program))
    except ProspectusError as error:
        yield from error.faults


def _studies(data: Fields, library: Library) -> FieldGroup:
    """Return the group of fields that depends on the programme."""
    program = program_of(data, library)
    offered = {
        "program": (("", "none yet"), *program_names(library)),
        "catalog_year": (
            ("", "the newest"),
            *((year, year) for year in (library.years(program.id) if program else ())),
        ),
    }
    fields = [replace(one, options=offered.get(one.key, ())) for one in STUDIES.fields]
    own = tuple(_choices(program))
    # what was declared for another programme can be taken back here
    said, known = data.get("choices"), {one.key for one in own}
    left: dict[str, Offered] = {
        key: (key, ())
        for key in (said if isinstance(said, dict) else {})
        if f"choices.{key}" not in known
    }
    return replace(STUDIES, fields=(*fields, *own, *choice_fields(left)))


def _agreed(data: Fields, library: Library) -> FieldGroup:
    """Return the group of fields that name rules of the programme, with a list of these."""
    program = program_of(data, library)
    if program is None:
        return AGREED
    nodes = [node for node, _ in walk(program.tree)]
    milestones = [node for node in nodes if isinstance(node, Milestone)]
    about = (
        f"{AGREED.about} Milestones of {program.name}: {_ids(milestones) or 'none'}. "
        f"Its rules: {_ids(nodes)}."
    )
    return replace(AGREED, about=about)


def _ids(nodes: Iterable[Node]) -> str:
    """Return the ids of nodes, each with its name where that says more."""
    told = ((str(one.header.id), one.header.name) for one in nodes)
    return ", ".join(id if name in ("", id) else f"{id} ({name})" for id, name in told)


def _choices(program: Program | None) -> Iterator[FormField]:
    if program is None:
        return
    yield from choice_fields(declared_choices(program))


def _all_fields(had: Fields, sent: Mapping[str, str], library: Library) -> Iterator[FormField]:
    for group in form_groups(had, library):
        yield from group.fields
    if "program" in sent:
        yield from _choices(program_of({**had, "program": typed(sent["program"])}, library))


def _view(
    group: FieldGroup,
    data: Fields,
    found: list[tuple[Fault, FormField | None]],
    instead: Mapping[str, str],
) -> GroupView:
    views = []
    for one in group.fields:
        words = shown(one, data)
        faults = tuple(
            fault for fault, field in found if field is not None and field.key == one.key
        )
        # a day that is none could not be shown, nor sent again, by a field for days
        if one.widget is Widget.DAY and words and not _is_day(words):
            one = replace(one, widget=Widget.SHORT)
        views.append(
            FieldView(
                field=one,
                value=instead.get(one.key, words or ""),
                faults=faults,
                is_locked=words is None,
            )
        )
    return GroupView(group=group, fields=tuple(views))


def _is_day(words: str) -> bool:
    try:
        return dt.date.fromisoformat(words).isoformat() == words
    except ValueError:
        return False


def _assigned(
    faults: Iterable[Fault], groups: tuple[FieldGroup, ...], data: Fields
) -> Iterator[tuple[Fault, FormField | None]]:
    fields = [one for group in groups for one in group.fields]
    for fault in faults:
        yield fault, _owner(fault, fields, data)


def _owner(fault: Fault, fields: list[FormField], data: Fields) -> FormField | None:
    """Return the field that a fault belongs to: of several, the one that holds what it names."""
    at = fault.at.field
    if at == "matriculation" and "matriculation" not in data:
        at = "plan_from"
    owners = [one for one in fields if at and one.where.owns(at)]
    owners = owners or [one for one in fields if at and one.key.startswith(f"{at}.")]
    if len(owners) < 2:
        return owners[0] if owners else None
    words = {one.key: shown(one, data) or "" for one in owners}
    _, quote, rest = fault.what.partition("'")
    named = rest.partition("'")[0] if quote else fault.what.partition(" ")[0]
    holding = [one for one in owners if named and named in words[one.key]]
    return next((one for one in (*holding, *owners) if words[one.key]), owners[0])


def _unkept(field: FormField, what: str, fix: str) -> Fault:
    return Fault(code="STU-024", what=what, fix=fix, at=Place(field=field.key))
