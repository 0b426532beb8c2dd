"""Exceptions that do nothing under the choices taken, in an audit and beside a plan."""

from __future__ import annotations

import datetime as dt

import pytest

from prospectus.app.audit_idle import idle_under
from prospectus.app.library import open_library
from prospectus.app.options import all_readings
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Resolved
from prospectus.domain.record import AuditException, ExceptionKind, Record
from prospectus.domain.requirement import NodeId
from prospectus.domain.student import Person

CHOICE, OTHER = NodeId("specialization"), NodeId("hci")


@pytest.fixture(scope="module")
def omscs() -> Resolved:
    library = open_library()
    program = library.program("gatech-omscs", library.years("gatech-omscs")[-1])
    known = library.assumptions_of(program)
    reading = all_readings(program)[0]
    return resolve(program, library.school(program), Person(), reading, known)[0]


def waived(node: str) -> Record:
    one = AuditException(
        kind=ExceptionKind.WAIVE,
        node=NodeId(node),
        who="J. Doe",
        when=dt.date(2026, 5, 1),
        why="agreed",
    )
    return Record(exceptions=(one,))


def test_an_exception_below_a_child_that_is_not_chosen_is_named_with_what_is_chosen(
    omscs: Resolved,
) -> None:
    (note,) = idle_under(omscs, waived("hci-core"), ((CHOICE, (NodeId("ai"),)),))
    assert note.code == "REC-056"
    assert "a child of 'Specialization' that is not chosen" in note.what


def test_an_exception_for_the_child_itself_is_named_too(omscs: Resolved) -> None:
    (note,) = idle_under(omscs, waived("hci"), ((CHOICE, (NodeId("ai"),)),))
    assert "it is a child of 'Specialization' that is not chosen" in note.what


def test_an_exception_below_the_chosen_child_is_not_told(omscs: Resolved) -> None:
    assert not list(idle_under(omscs, waived("hci-core"), ((CHOICE, (OTHER,)),)))


def test_an_exception_outside_every_choice_is_not_told(omscs: Resolved) -> None:
    assert not list(idle_under(omscs, waived("free"), ((CHOICE, (OTHER,)),)))
