"""What a checked plan comes to."""

from __future__ import annotations

import datetime as dt

from prospectus.app.binding import bind
from prospectus.app.figures import first_courses, unstated_courses
from prospectus.app.library import open_library
from prospectus.app.options import on_track
from prospectus.app.solving import Effort, solve
from prospectus.catalogs.student_file import read_student_text
from prospectus.domain.meaning import resolve

TODAY = dt.date(2026, 11, 22)
ME = "format: 1\nname: Maria\nplan_from: 2027-01-04\nhours_per_week: 40\n"


def test_first_courses_stand_in_the_order_in_which_they_build_on_each_other() -> None:
    library = open_library()
    program = library.named("cuboulder-msds")
    school = library.school(program)
    student = on_track(bind(read_student_text(ME, "me", TODAY), program, school), program, None)
    (resolved, *_) = resolve(program, school, student.person, (), library.assumptions_of(program))
    solved = solve(resolved, student, TODAY, Effort(seconds=20.0), n_levels=1)
    found = {str(one.code): one for one in first_courses(solved)}
    order = list(found)
    mining = [code for code in order if code in ("DTSA 5504", "DTSA 5505", "DTSA 5506")]
    assert mining == sorted(mining)
    for code, before in (("DTSA 5505", "DTSA 5504"), ("DTSA 5506", "DTSA 5505")):
        if code in found:
            assert found[code].note == f"better after {before}"
    assert len(found) > 1
    # the school says of each course that nothing has to come before it
    assert unstated_courses(solved) == ()
