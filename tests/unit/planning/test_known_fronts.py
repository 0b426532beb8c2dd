"""A front of a bundled programme that was computed by hand before there was a planner."""

from __future__ import annotations

import datetime as dt

from prospectus.catalogs.load import load_catalog
from prospectus.domain.meaning import readings, resolve
from prospectus.domain.record import Record
from prospectus.domain.student import Level, Person, Student, Wishes
from prospectus.planning.front import Front

TODAY = dt.date(2026, 8, 1)


def test_omscs_gets_cheaper_by_the_term_from_six_terms_to_fifteen() -> None:
    """Fees by term and course: fewer full terms cost less, and a summer least of all."""
    catalog = load_catalog()
    program = catalog.program("gatech-omscs")
    person = Person(facts=(("residence", "out-of-state"),))
    school = catalog.school(program.school)
    rules = resolve(program, school, person, readings(program)[0], catalog.assumptions)[0]
    student = Student(
        matriculation=TODAY,
        plan_from=TODAY,
        choices=(("specialization", "ml"),),
        wishes=Wishes(hours_per_week=None),
    )
    calendar = rules.calendar
    first = calendar.first_leaf_from(TODAY)
    record = Record(matriculation=calendar.leaves[first].start)
    front = Front(
        rules, student, record, TODAY, (Level.FINISH, Level.COST), terms_later=9, seconds=600
    )
    found = []
    for point in front.points():
        finish, cost = point.values
        last = next(i for i, leaf in enumerate(calendar.leaves) if leaf.end.toordinal() >= finish)
        found.append((calendar.term_of[last] - calendar.term_of[first] + 1, cost // 100))
    assert found == [
        (6, 9_300),
        (7, 9_193),
        (8, 9_086),
        (9, 8_950),
        (10, 8_843),
        (12, 8_814),
        (15, 8_785),
    ]
    assert front.end is not None
    assert front.end.is_complete
