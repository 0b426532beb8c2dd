"""Comparing all programmes for a kept student document: a job for each question, asked once."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from prospectus.app.answers import CompareAnswer
from prospectus.app.catalog_rules import rules_digest
from prospectus.app.child_process import n_cores, work_for_parent
from prospectus.app.document import Json, to_json
from prospectus.app.document_reading import NotRead, from_json
from prospectus.app.job_work import Progress, Tell
from prospectus.app.library import open_library
from prospectus.app.wishes import wish_words
from prospectus.app.words import count
from prospectus.app.workspace import Job, JobState, KeptStudent, Workspace
from prospectus.catalogs.student_file import read_student_text
from prospectus.catalogs.student_parts import StudentFile
from prospectus.compare.cells import Cells, cells
from prospectus.domain.amounts import amount_in
from prospectus.domain.errors import Fault, Place, ProspectusError
from prospectus.domain.facts import Money
from prospectus.domain.printer import long_day

if TYPE_CHECKING:
    from prospectus.app.comparing import Solved

KIND = "compare"
"""The kind of job that compares."""

_NAME = "your details"
_DEFAULT_CURRENCY = "USD"
_LEAST_CORES = 2
_MOST_HOURS = 168
_MOST_AHEAD = dt.timedelta(days=3653)
_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """What is supposed other than the document says, as it was typed; "" leaves it.

    `hours` are hours a week in every period, `total` and `per_year` the most that may fall due in
    all and in each calendar year, in the currency of the document, `start` the first day.
    """

    hours: str = ""
    total: str = ""
    per_year: str = ""
    start: str = ""

    @property
    def is_nothing(self) -> bool:
        """Return whether the document holds as it is."""
        return not (self.hours or self.total or self.per_year or self.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What there is of an answer: the whole, or the job that looks for it and its rows so far.

    `faults` are those of the document and of what is supposed; nothing is asked while there are
    any. `wishes` are what was asked for in words, `supposed` those of them that the document does
    not say, `currency` that of its amounts.
    """

    student: KeptStudent
    otherwise: Otherwise
    wishes: tuple[str, ...] = ()
    supposed: tuple[str, ...] = ()
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

    def look(
        self, student: str, otherwise: Otherwise, *, again: bool = False, instead: bool = False
    ) -> Comparison:
        """Return what there is of a comparison; one that was never asked for is begun.

        Parameters
        ----------
        student
            The id of the document.
        otherwise
            What is supposed other than it says.
        again
            Whether to begin anew what failed or was stopped.
        instead
            Whether what is begun takes the place of what is still worked out for the document.

        Raises
        ------
        ProspectusError
            For an id that names nothing (STO-001), or a database that cannot be used.
        """
        found = self.read(student, otherwise)
        if found.faults or found.document_faults:
            return found
        return self._looked(found, again, instead)

    def read(self, student: str, otherwise: Otherwise) -> Comparison:
        """Return what would be asked, and what is wrong with it; nothing is begun.

        Raises
        ------
        ProspectusError
            As `look`.
        """
        kept = self.workspace.students.get(student)
        otherwise = _trimmed(otherwise)
        try:
            file = read_student_text(kept.text, _NAME, self.today)
        except ProspectusError as error:
            return Comparison(student=kept, otherwise=otherwise, document_faults=error.faults)
        faults = tuple(_faults(otherwise, file, self.today))
        asked = file if faults else supposed(file, otherwise)
        return Comparison(
            student=kept,
            otherwise=otherwise,
            wishes=(*wish_words(asked), *_start_words(otherwise)),
            supposed=() if faults else _supposed_words(otherwise, _currency(file)),
            currency=_currency(file),
            faults=faults,
        )

    def _looked(self, found: Comparison, again: bool, instead: bool) -> Comparison:
        params = self._params(found.student, found.otherwise)
        jobs = self.workspace.jobs
        job = jobs.latest(KIND, params)
        if job is None or (again and job.state in (JobState.FAILED, JobState.CANCELLED)):
            if instead:
                self._drop(found.student.id)
            job = jobs.add(KIND, params, once=True)
        if job.state is not JobState.DONE:
            return replace(found, job=job, so_far=_rows_so_far(jobs.result(job.id)))
        answer = read_answer(jobs.result(job.id) or "")
        if answer is None:
            # another version wrote it in another form
            return replace(found, job=jobs.add(KIND, params, once=True))
        return replace(found, job=job, answer=answer)

    def _drop(self, student: str) -> None:
        """Stop what is still worked out for a document: the newest question has its turn."""
        jobs = self.workspace.jobs
        for job in jobs.under_way(KIND):
            if job.params.get("student") == student:
                jobs.ask_to_stop(job.id)

    def _params(self, kept: KeptStudent, otherwise: Otherwise) -> dict[str, Json]:
        """Return all that an answer depends on: the same question has the same params."""
        return {
            "student": kept.id,
            "text": kept.text,
            "day": self.today.isoformat(),
            "hours": otherwise.hours,
            "total": otherwise.total,
            "per_year": otherwise.per_year,
            "start": otherwise.start,
            "catalogs": [str(path) for path in self.catalogs],
            "rules": rules_digest(self.catalogs),
        }


def compare_job(params: Mapping[str, Json], tell: Tell) -> str:
    """Return the JSON text of a comparison, and tell each row as it is found.

    Raises
    ------
    ProspectusError
        For a document that cannot be used with the catalog.
    """
    # the solver takes a second to load, which a server that only asks must not pay
    from prospectus.app.comparing import compare_for, process_pool

    said = {key: value for key, value in params.items() if isinstance(value, str)}
    today = dt.date.fromisoformat(said["day"])
    folders = params["catalogs"]
    assert isinstance(folders, list)
    catalogs = tuple(Path(str(folder)) for folder in folders)
    tell(Progress(said="Reading the catalog"))
    library = open_library(catalogs)
    otherwise = Otherwise(
        hours=said["hours"],
        total=said["total"],
        per_year=said["per_year"],
        start=said.get("start", ""),
    )
    file = supposed(read_student_text(said["text"], _NAME, today), otherwise)
    rows: list[Json] = []
    last = "Planning"

    def found(piece: Solved) -> None:
        nonlocal last
        lines = [cells(row) for row in piece.rows]
        rows.extend(to_json(line) for line in lines)
        done = f"{piece.n_programs_done} of {count(piece.n_programs, 'programme')}"
        last = f"{done}; {lines[0].name}: {lines[0].finish}" if lines else done

    def progress(done: int, total: int) -> None:
        so_far = json.dumps(rows, ensure_ascii=False)
        tell(Progress(done=done, total=total, said=last, so_far=so_far))

    def compared(executor: Executor | None) -> CompareAnswer:
        return compare_for(
            library,
            file,
            today=today,
            catalogs=catalogs,
            executor=executor,
            progress=progress,
            found=found,
        )

    n_workers = n_cores()
    if n_workers < _LEAST_CORES:
        return json.dumps(to_json(compared(None)), ensure_ascii=False)
    with process_pool(n_workers, work_for_parent) as pool:
        return json.dumps(to_json(compared(pool)), ensure_ascii=False)


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
    first = start_of(otherwise.start) or file.student.plan_from
    return replace(file, student=replace(file.student, wishes=wishes, plan_from=first))


def as_fields(found: Comparison) -> dict[str, str]:
    """Return what is supposed as fields of the document's form."""
    said, currency = found.otherwise, found.currency
    sent: dict[str, str] = {}
    if said.hours:
        sent |= {"hours_per_week": said.hours, "hours_per_week.by": ""}
    if said.total:
        sent["money.total"] = str(_money(said.total, currency))
    if said.per_year:
        sent |= {
            "money.per_year": str(_money(said.per_year, currency)),
            "money.per_year.by": "",
        }
    first = start_of(said.start)
    if first is not None:
        sent["plan_from"] = first.isoformat()
    return sent


@lru_cache(maxsize=16)
def read_answer(text: str) -> CompareAnswer | None:
    """Return a kept answer; None where it is of another form."""
    try:
        return from_json(CompareAnswer, json.loads(text))
    except (json.JSONDecodeError, NotRead):
        return None


def amount_of(text: str, currency: str = "") -> Fraction | None:
    """Return an amount as people type it, `12,000`, `12000.50` or `$12,000`; None where it is none.

    A sign or code of money must be that of the currency.
    """
    plain = text.strip()
    for sign in filter(None, (currency, _SIGNS.get(currency, ""))):
        plain = plain.removeprefix(sign).removesuffix(sign).strip()
    return amount_in(plain) or None


def start_of(text: str) -> dt.date | None:
    """Return the day that is meant by `2027-05-17` or, for the first of a month, `2027-05`."""
    try:
        return dt.date.fromisoformat(f"{text}-01" if _MONTH.fullmatch(text) else text)
    except ValueError:
        return None


def _supposed_words(otherwise: Otherwise, currency: str) -> tuple[str, ...]:
    said = []
    if otherwise.hours:
        said.append(f"{otherwise.hours} h a week")
    if otherwise.total:
        said.append(f"at most {_money(otherwise.total, currency)} in all")
    if otherwise.per_year:
        said.append(f"at most {_money(otherwise.per_year, currency)} due in each calendar year")
    return (*said, *_start_words(otherwise))


def _start_words(otherwise: Otherwise) -> tuple[str, ...]:
    first = start_of(otherwise.start)
    return () if first is None else (f"beginning on {long_day(first)} or later",)


def _money(text: str, currency: str) -> Money:
    amount = amount_of(text, currency)
    assert amount is not None
    return Money(minor=int(amount * 100), currency=currency)


def _trimmed(otherwise: Otherwise) -> Otherwise:
    return Otherwise(
        hours=otherwise.hours.strip(),
        total=otherwise.total.strip(),
        per_year=otherwise.per_year.strip(),
        start=otherwise.start.strip(),
    )


def _faults(otherwise: Otherwise, file: StudentFile, today: dt.date) -> Iterator[Fault]:
    hours = otherwise.hours
    if hours and not (
        hours.isascii() and hours.isdigit() and len(hours) < 4 and 0 < int(hours) <= _MOST_HOURS
    ):
        yield field_fault("hours", hours, f"write a whole number from 1 to {_MOST_HOURS}")
    for name, text in (("total", otherwise.total), ("per_year", otherwise.per_year)):
        if text and amount_of(text, _currency(file)) is None:
            yield field_fault(name, text, "write an amount such as 12000")
    first = start_of(otherwise.start)
    if otherwise.start and (first is None or not today <= first <= today + _MOST_AHEAD):
        yield field_fault(
            "start", otherwise.start, "write a day or month of the next ten years, as in 2027-05"
        )
    elif first is not None and first > (file.student.wishes.deadline or first):
        yield field_fault(
            "start", otherwise.start, "write a day before the one by which you want to be done"
        )


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


def _rows_so_far(text: str | None) -> tuple[Cells, ...]:
    try:
        rows = json.loads(text or "[]")
        return tuple(from_json(Cells, row) for row in rows) if isinstance(rows, list) else ()
    except (json.JSONDecodeError, NotRead):
        return ()  # another version wrote them in another form; its job is begun anew
