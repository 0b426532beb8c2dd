"""The fields of a record file: the pydantic model at the edge, and its way to what it says."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from prospectus.catalogs.record_parts import AttemptLine
from prospectus.catalogs.student_schema import (
    DegreeBlock,
    ExceptionBlock,
    FinishedBlock,
    MilestoneBlock,
    StudentModel,
)
from prospectus.catalogs.student_spelling import Day, Number, Text, Texts
from prospectus.domain.course import Delivery
from prospectus.domain.record import ApprovalState
from prospectus.domain.student import Person

PERSON = (
    "residence",
    "citizenship",
    "visa",
    "facts",
    "degrees",
    "gpa",
    "tests",
    "background",
    "member_of",
)
"""The fields that say something of the person, the same as in a student file."""


def _delivery(value: object) -> object:
    """Let `in person` and `in-person` stand for `in_person`."""
    text = value.strip().lower() if isinstance(value, str) else value
    return text.replace(" ", "_").replace("-", "_") if isinstance(text, str) else text


class AttemptBlock(FinishedBlock):
    """One attempt: a line of `finished:` with how, where and by whom it was taught."""

    instructor: Text | None = None
    delivery: Annotated[Delivery, BeforeValidator(_delivery)] = Delivery.UNKNOWN
    campus: Text | None = None
    title: Text = ""

    def to_line(self) -> AttemptLine:
        """Return the attempt as written."""
        return AttemptLine(
            course=self.course,
            status=self.status,
            source=self.source,
            basis=self.basis,
            credits=self.credits,
            topic=self.topic,
            periods=self.period,
            grade=self.grade,
            expected_grade=self.expected_grade,
            counted_in=frozenset(self.counted_in),
            instructor=self.instructor,
            delivery=self.delivery,
            campus=self.campus,
            school=self.school,
            ended=self.ended,
            title=self.title,
        )


class RecordModel(BaseModel):
    """A record file, `format: 1`, `kind: record`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    kind: Literal["record"]
    name: Text = ""
    program: Text | None = None
    catalog_year: Text | None = None
    matriculation: Day | None = None
    choices: dict[str, Text] = {}
    attempts: list[AttemptBlock] = []
    milestones: list[MilestoneBlock] = []
    approvals: dict[str, ApprovalState] = {}
    exceptions: list[ExceptionBlock] = []
    residence: Text | None = None
    citizenship: Text | None = None
    visa: Text | None = None
    facts: dict[str, Text] = {}
    degrees: list[DegreeBlock] | None = None
    gpa: Number | None = None
    tests: dict[str, Number] | None = None
    background: Texts | None = None
    member_of: Texts = ()

    def person(self) -> Person:
        """Return the static facts of the person."""
        said = {name: getattr(self, name) for name in PERSON}
        return StudentModel.model_construct(**said).person()
