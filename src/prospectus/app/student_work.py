"""A person's document: begun, filled in by field or as text, taken from a file or a record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from zoneinfo import available_timezones

from prospectus.app.library import Library
from prospectus.app.program_names import program_names
from prospectus.app.student_draft import Draft, student_text
from prospectus.app.student_form import (
    NAME,
    Changed,
    StudentForm,
    changed,
    form_groups,
    program_of,
    shown,
    student_form,
)
from prospectus.app.student_form_fields import FormField
from prospectus.app.student_form_finished import (
    FinishedChoices,
    FinishedLine,
    finished_choices,
    finished_lines,
    found_courses,
    record_in,
    with_line,
    with_record,
    without_line,
)
from prospectus.app.student_form_text import Fields, NotSayable, read_fields, with_fields
from prospectus.app.student_form_values import typed
from prospectus.app.workspace import KeptStudent, Workspace, plain_name
from prospectus.catalogs.student_file import read_student_text
from prospectus.domain.course import Course
from prospectus.domain.errors import Fault, Place, StaleError, StudentError, UsageError

# a form and what its page sends as one leaves it may come in the same moment
_RETRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentState:
    """A document as it is kept, its form, its finished courses.

    `said` is what was done; `is_refused` says that some of what was sent could not be kept.
    """

    kept: KeptStudent
    form: StudentForm
    finished: tuple[FinishedLine, ...]
    choices: FinishedChoices
    program: str
    said: str = ""
    is_refused: bool = False


@lru_cache
def zones() -> tuple[str, ...]:
    """Return the time zones that people live in, by their names."""
    areas = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Pacific/")
    return tuple(sorted(name for name in available_timezones() if name.startswith(areas)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that says one thing here and another in what is kept."""

    field: FormField
    mine: str
    kept: str

    def said(self, value: str) -> str:
        """Return a value in the words that the field offers it by."""
        words = dict(self.field.options)
        return "\n".join(words.get(line, line) for line in value.split("\n")) or "nothing"


@dataclass(frozen=True, slots=True)
class StudentWork:
    """The documents of a workspace on one day."""

    workspace: Workspace
    library: Library
    today: dt.date

    def blank(self) -> StudentForm:
        """Return the form of a document that nobody has filled in."""
        return student_form(self._draft(), self.library, self.today)

    def create(self, sent: Mapping[str, str]) -> StudentState:
        """Keep a new document, with faults or without."""
        done = changed(self._draft(), sent, self.library)
        kept = self.workspace.students.add(_name_in(done.text), done.text)
        return self._after(kept, done, sent)

    def take(self, content: bytes) -> KeptStudent:
        """Keep the document in an uploaded file, which may be a draft with faults.

        Raises
        ------
        StudentError
            For a file that is no student document at all.
        """
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise _no_document("the file is not UTF-8 text") from None
        self.workspace.students.need_room(text)
        if not text.strip():
            raise _no_document("no file was chosen, or it is empty")
        found = read_fields(text)
        if found.fields is None:
            if found.faults:
                raise StudentError(faults=found.faults)
            raise _no_document("the file is no student document")
        if found.fields.get("kind") == "record":
            # read for its fault alone: a document with faults would be kept
            read_student_text(text, NAME, self.today)
        return self.workspace.students.add(_name_in(text), text)

    def open(self, student: str, said: str = "") -> StudentState:
        """Return a document.

        Raises
        ------
        MissingError
            STO-001 for an id that names nothing.
        """
        return self.state(self.workspace.students.get(student), said=said)

    def save(
        self,
        student: str,
        version: int,
        sent: Mapping[str, str],
        seen: Mapping[str, Sequence[str]] | None = None,
    ) -> StudentState:
        """Keep what a form says otherwise than the document; nothing more is changed.

        Parameters
        ----------
        seen
            What each field that is sent was seen to say before. A document that was changed
            meanwhile takes the form all the same if none of these fields was.

        Raises
        ------
        StaleError
            STO-002 when the document was changed meanwhile; it stays as it is.
        """
        for is_last in (*(False,) * _RETRIES, True):
            kept = self.workspace.students.get(student)
            is_known = seen is not None and self._is_as_seen(kept, sent, seen)
            done = changed(kept.text, sent, self.library)
            try:
                kept = self._replace(kept, kept.version if is_known else version, done.text)
            except StaleError:
                if is_last or not is_known:
                    raise
            else:
                break
        return self._after(kept, done, sent)

    def save_text(self, student: str, version: int, text: str) -> StudentState:
        """Keep a text as it is.

        Raises
        ------
        StaleError
            As `save`.
        """
        kept = self.workspace.students.get(student)
        kept = self._replace(kept, version, text.replace("\r\n", "\n"))
        return self.state(kept, said="Saved")

    def differences(self, student: str, sent: Mapping[str, str]) -> tuple[Difference, ...]:
        """Return where a form says otherwise than what is kept."""
        data = read_fields(self.workspace.students.get(student).text).fields or {}
        found = []
        for group in form_groups(data, self.library):
            for one in group.fields:
                kept, mine = shown(one, data), typed(sent.get(one.key, ""))
                if one.key in sent and kept is not None and typed(kept) != mine:
                    found.append(Difference(field=one, mine=mine, kept=kept))
        return tuple(found)

    def remove(self, student: str, version: int) -> None:
        """Forget a document with its plans."""
        self.workspace.students.remove(student, version=version)

    def programs(self) -> tuple[tuple[str, str], ...]:
        """Return the programmes, as id and name."""
        return program_names(self.library)

    # ---------------------------------------------------------- finished courses

    def search(self, student: str, words: str) -> tuple[Course, ...]:
        """Return the courses of the student's school whose code or title holds the words."""
        data = read_fields(self.workspace.students.get(student).text).fields or {}
        program = program_of(data, self.library)
        return () if program is None else found_courses(program, self.library, words)

    def add_finished(self, student: str, version: int, line: Mapping[str, str]) -> StudentState:
        """Add a finished course.

        Raises
        ------
        UsageError
            WEB-004 where no course is named.
        StaleError
            As `save`.
        """
        said = {key: typed(value) for key, value in line.items()}
        if not said.get("course"):
            raise UsageError(
                "WEB-004",
                what="no course is named",
                fix="search for it, or write its code",
                at=Place(field="course"),
            )
        kept = self.workspace.students.get(student)
        fields = _fields_of(kept)
        program = program_of(fields, self.library)
        data = with_line(fields, said, program, self.library)
        state = self.state(self._rewrite(kept, version, data))
        new = state.finished[-1]
        wrong = f", with {len(new.faults)} to mend" if new.faults else ""
        return replace(state, said=f"{new.course} added{wrong}")

    def remove_finished(self, student: str, version: int, index: int, course: str) -> StudentState:
        """Remove a finished course.

        Raises
        ------
        StaleError
            As `save`.
        """
        kept = self.workspace.students.get(student)
        data = without_line(_fields_of(kept), index, course)
        return self.state(self._rewrite(kept, version, data), said=f"{course} removed")

    def take_record(
        self, student: str, version: int, file_name: str, content: bytes, program: str
    ) -> StudentState:
        """Add the courses of a record, and what it says of the student where nothing is said yet.

        Raises
        ------
        ProspectusError
            With all faults of the file; STO-002 when the document was changed meanwhile.
        """
        kept = self.workspace.students.get(student)
        data = _fields_of(kept)
        rules = program_of({**data, "program": program} if program else data, self.library)
        if rules is None:
            raise UsageError(
                "WEB-004",
                what="it is not said which programme the record is of",
                fix="choose the programme",
                at=Place(field="program"),
            )
        if not content:
            raise UsageError(
                "WEB-004",
                what="no file was chosen, or it is empty",
                fix="choose the file of a record",
                at=Place(field="file"),
            )
        loaded = record_in(file_name, content, rules, self.library, self.today)
        new, said = with_record(data, loaded, rules, self.library)
        return self.state(self._rewrite(kept, version, new), said=said)

    # ---------------------------------------------------------------- inside

    def _is_as_seen(
        self, kept: KeptStudent, sent: Mapping[str, str], seen: Mapping[str, Sequence[str]]
    ) -> bool:
        """Return whether each field that is sent says what was seen, or what is sent."""
        data = read_fields(kept.text).fields or {}
        for group in form_groups(data, self.library):
            for one in group.fields:
                if one.key in sent:
                    words = typed(shown(one, data) or "")
                    if words not in map(typed, (*seen.get(one.key, ()), sent[one.key])):
                        return False
        return True

    def state(
        self,
        kept: KeptStudent,
        *,
        said: str = "",
        instead: Mapping[str, str] | None = None,
        refused: tuple[tuple[str, Fault], ...] = (),
    ) -> StudentState:
        """Return a kept document with its form."""
        form = student_form(kept.text, self.library, self.today, instead=instead, refused=refused)
        data = read_fields(kept.text).fields or {}
        program = program_of(data, self.library)
        return StudentState(
            kept=kept,
            form=form,
            finished=finished_lines(data, program, self.library, (one for one, _ in form.faults)),
            choices=finished_choices(program, self.library, self.today),
            program=program.id if program is not None else "",
            said=said,
            is_refused=bool(refused),
        )

    def _after(self, kept: KeptStudent, done: Changed, sent: Mapping[str, str]) -> StudentState:
        return self.state(
            kept,
            said="Saved" if done.keys else "",
            instead={key: sent[key] for key, _ in done.refused},
            refused=done.refused,
        )

    def _draft(self) -> str:
        return student_text(Draft(), self.today)

    def _rewrite(self, kept: KeptStudent, version: int, data: Fields) -> KeptStudent:
        try:
            text = with_fields(kept.text, data)
        except NotSayable:
            raise StudentError(
                "STU-024",
                what="this cannot be kept beside what the text says",
                fix="write it in the text itself",
                at=Place(file=NAME),
            ) from None
        return self._replace(kept, version, text)

    def _replace(self, kept: KeptStudent, version: int, text: str) -> KeptStudent:
        if text == kept.text:
            return kept
        return self.workspace.students.replace(
            kept.id, name=_name_in(text), text=text, version=version
        )


def _fields_of(kept: KeptStudent) -> Fields:
    """Return the fields of a document; one that is no document cannot be changed by a form."""
    found = read_fields(kept.text)
    if found.fields is None:
        raise (
            StudentError(faults=found.faults)
            if found.faults
            else _no_document("the text is no student document")
        )
    return found.fields


def _name_in(text: str) -> str:
    name = (read_fields(text).fields or {}).get("name")
    return plain_name(name) if isinstance(name, str) else ""


def _no_document(what: str) -> StudentError:
    return StudentError(
        "STU-001", what=what, fix="start it with `format: 1`, or begin with the seven questions"
    )
