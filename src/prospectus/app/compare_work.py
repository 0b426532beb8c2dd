"""Comparing all programmes for a kept student document: a job for each question, asked once."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from prospectus.app.answers import CompareAnswer
from prospectus.app.document import Json, to_json
from prospectus.app.document_reading import NotRead, from_json
from prospectus.app.job_work import Progress, Tell
from prospectus.app.library import open_library
from prospectus.app.wishes import wish_words
from prospectus.app.workspace import Job, JobState, KeptStudent, Workspace
from prospectus.catalogs.digest import digest_of
from prospectus.catalogs.listing import bundled_root
from prospectus.catalogs.student_file import read_student_text
from prospectus.catalogs.student_parts import StudentFile
from prospectus.compare.cells import Cells, cells
from prospectus.compare.row import Row
from prospectus.domain.errors import Fault, Place, ProspectusError
from prospectus.domain.facts import Money

KIND = "compare"
"""The kind of job that compares."""

_NAME = "your details"
_DEFAULT_CURRENCY = "USD"
_MOST_HOURS = 168
_MOST_AMOUNT = 10**9
_AMOUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """What is supposed other than the document says, as it was typed; "" leaves it.

    `hours` are hours a week in every period, `total` and `per_year` the most that may fall due in
    all and in each calendar year, in the currency of the document.
    """

    hours: str = ""
    total: str = ""
    per_year: str = ""

    @property
    def is_nothing(self) -> bool:
        """Return whether the document holds as it is."""
        return not (self.hours or self.total or self.per_year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What there is of an answer: the whole, or the job that looks for it and its rows so far.

    `faults` are those of the document and of what is supposed; nothing is asked while there are
    any. `wishes` are what was asked for in words, `currency` that of the document's amounts.
    """

    student: KeptStudent
    otherwise: Otherwise
    wishes: tuple[str, ...] = ()
    currency: str = _DEFAULT_CURRENCY
    faults: tuple[Fault, ...] = ()
    document_faults: tuple[Fault, ...] = ()
    job: Job | None = None
    answer: CompareAnswer | None = None
    so_far: tuple[Cells, ...] = ()


@dataclass(frozen=True, slots=True)
class CompareWork:
    """The comparisons of a workspace on one day."""

    workspace: Workspace
    today: dt.date
    catalogs: tuple[Path, ...] = ()

    def look(self, student: str, otherwise: Otherwise, *, again: bool = False) -> Comparison:
        """Return what there is of a comparison; one that was never asked for is begun.

        Parameters
        ----------
        student
            The id of the document.
        otherwise
            What is supposed other than it says.
        again
            Whether to begin anew what failed or was stopped.

        Raises
        ------
        ProspectusError
            For an id that names nothing (STO-001), or a database that cannot be used.
        """
        kept = self.workspace.students.get(student)
        otherwise = _trimmed(otherwise)
        try:
            file = read_student_text(kept.text, _NAME, self.today)
        except ProspectusError as error:
            return Comparison(student=kept, otherwise=otherwise, document_faults=error.faults)
        faults = tuple(_faults(otherwise))
        asked = file if faults else supposed(file, otherwise)
        found = Comparison(
            student=kept,
            otherwise=otherwise,
            wishes=wish_words(asked),
            currency=_currency(file),
            faults=faults,
        )
        return found if faults else self._looked(found, again)

    def _looked(self, found: Comparison, again: bool) -> Comparison:
        params = self._params(found.student, found.otherwise)
        jobs = self.workspace.jobs
        job = jobs.latest(KIND, params)
        if job is None or (again and job.state in (JobState.FAILED, JobState.CANCELLED)):
            job = jobs.add(KIND, params, once=True)
        if not job.state.is_final:
            return replace(found, job=job, so_far=_rows_so_far(jobs.result(job.id)))
        if job.state is not JobState.DONE:
            return replace(found, job=job)
        answer = read_answer(jobs.result(job.id) or "")
        if answer is None:
            # another version wrote it in another form
            return replace(found, job=jobs.add(KIND, params, once=True))
        return replace(found, job=job, answer=answer)

    def _params(self, kept: KeptStudent, otherwise: Otherwise) -> dict[str, Json]:
        """Return all that an answer depends on: the same question has the same params."""
        return {
            "student": kept.id,
            "text": kept.text,
            "day": self.today.isoformat(),
            "hours": otherwise.hours,
            "total": otherwise.total,
            "per_year": otherwise.per_year,
            "catalogs": [str(path) for path in self.catalogs],
            "rules": _rules(self.catalogs),
        }


def compare_job(params: Mapping[str, Json], tell: Tell) -> str:
    """Return the JSON text of a comparison, and tell each row as it is found.

    Raises
    ------
    ProspectusError
        For a document that cannot be used with the catalog.
    """
    # the solver takes a second to load, which a server that only asks must not pay
    from prospectus.app.comparing import compare_for

    said = {key: value for key, value in params.items() if isinstance(value, str)}
    today = dt.date.fromisoformat(said["day"])
    folders = params["catalogs"]
    assert isinstance(folders, list)
    catalogs = tuple(Path(str(folder)) for folder in folders)
    tell(Progress(said="Reading the catalog"))
    library = open_library(catalogs)
    otherwise = Otherwise(hours=said["hours"], total=said["total"], per_year=said["per_year"])
    file = supposed(read_student_text(said["text"], _NAME, today), otherwise)
    rows: list[Json] = []
    last = "Planning"

    def found(more: tuple[Row, ...]) -> None:
        nonlocal last
        lines = [cells(row) for row in more]
        rows.extend(to_json(line) for line in lines)
        last = f"{lines[0].name}: {lines[0].finish}" if lines else last

    def progress(done: int, total: int) -> None:
        so_far = json.dumps(rows, ensure_ascii=False)
        tell(Progress(done=done, total=total, said=last, so_far=so_far))

    answer = compare_for(
        library, file, today=today, catalogs=catalogs, progress=progress, found=found
    )
    return json.dumps(to_json(answer), ensure_ascii=False)


def supposed(file: StudentFile, otherwise: Otherwise) -> StudentFile:
    """Return a document that says otherwise; what is supposed must have no faults."""
    wishes, currency = file.student.wishes, _currency(file)
    if otherwise.hours:
        wishes = replace(
            wishes,
            hours_per_week=int(otherwise.hours),
            hours_are_assumed=False,
            hours_by_range=(),
        )
        file = replace(file, hours_by_season=())
    if otherwise.total:
        wishes = replace(wishes, budget_total=_money(otherwise.total, currency))
    if otherwise.per_year:
        wishes = replace(wishes, budget_by_year=((None, _money(otherwise.per_year, currency)),))
    return replace(file, student=replace(file.student, wishes=wishes))


@lru_cache(maxsize=16)
def read_answer(text: str) -> CompareAnswer | None:
    """Return a kept answer; None where it is of another form."""
    try:
        return from_json(CompareAnswer, json.loads(text))
    except (json.JSONDecodeError, NotRead):
        return None


def amount_of(text: str) -> Fraction | None:
    """Return an amount as people type it, `12,000` or `12000.50`; None where it is none."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        return None
    amount = Fraction(f"{found[1].replace(',', '')}.{found[2] or '0'}")
    return amount if 0 < amount <= _MOST_AMOUNT else None


def _money(text: str, currency: str) -> Money:
    amount = amount_of(text)
    assert amount is not None
    return Money(minor=int(amount * 100), currency=currency)


def _trimmed(otherwise: Otherwise) -> Otherwise:
    return Otherwise(
        hours=otherwise.hours.strip(),
        total=otherwise.total.strip(),
        per_year=otherwise.per_year.strip(),
    )


def _faults(otherwise: Otherwise) -> Iterator[Fault]:
    hours = otherwise.hours
    if hours and not (
        hours.isascii() and hours.isdigit() and len(hours) < 4 and 0 < int(hours) <= _MOST_HOURS
    ):
        yield field_fault("hours", hours, f"write a whole number from 1 to {_MOST_HOURS}")
    for name, text in (("total", otherwise.total), ("per_year", otherwise.per_year)):
        if text and amount_of(text) is None:
            yield field_fault(name, text, "write an amount such as 12000")


def field_fault(name: str, text: str, fix: str) -> Fault:
    """Return what is wrong with one field of a form."""
    return Fault(
        code="WEB-004", what=f"'{text[:40]}' cannot be used here", fix=fix, at=Place(field=name)
    )


def _currency(file: StudentFile) -> str:
    """Return the currency in which the document speaks of money."""
    wishes = file.student.wishes
    amounts = [
        wishes.budget_total,
        *(amount for _, amount in wishes.budget_by_year),
        wishes.pocket_total,
        *(amount for _, amount in wishes.pocket_by_year),
        wishes.aid.per_year if wishes.aid is not None else None,
    ]
    return next((one.currency for one in amounts if one is not None), _DEFAULT_CURRENCY)


@lru_cache(maxsize=8)
def _rules(catalogs: tuple[Path, ...]) -> str:
    """Return the digest of the catalog, as this process read it."""
    return digest_of((bundled_root(), *catalogs)) or ""


def _rows_so_far(text: str | None) -> tuple[Cells, ...]:
    if text is None:
        return ()
    rows = json.loads(text)
    if not isinstance(rows, list):
        return ()
    return tuple(from_json(Cells, row) for row in rows)
