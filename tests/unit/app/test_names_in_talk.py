"""A course without a code of its own is told by its title."""

from __future__ import annotations

from tests.degrees import START, TODAY, course, degree, leaf

from prospectus.app.plan_windows import must_next
from prospectus.app.words import with_titles
from prospectus.domain.record import Record
from prospectus.domain.student import Student, Wishes
from prospectus.planning.around import Case
from prospectus.planning.solve import plan
from prospectus.planning.solver import Clock, Solver


def test_what_has_to_begin_next_is_named_by_its_title_where_it_has_no_code() -> None:
    courses = [course("~arch-1", title="Architecture"), course("AA 501", title="Other")]
    rules = degree(leaf("core", ["~arch-1", "AA 501"], 2), courses=courses)
    student = Student(matriculation=START, plan_from=START, wishes=Wishes(hours_per_week=None))
    record = Record(matriculation=START)
    result = plan(rules, student, record, TODAY)
    solver = Solver(Clock(seconds=30), seed=0, workers=1)
    answer = must_next(Case(rules, student, record, TODAY, result, solver))
    assert answer is not None
    assert dict(answer.names) == {"~arch-1": "Architecture", "AA 501": "AA 501"}


def test_an_own_id_in_a_text_is_told_by_its_title() -> None:
    rules = degree(
        leaf("core", ["~arch-1"], 1),
        courses=[course("~arch-1", title="Architecture"), course("~arch-12", title="Towers")],
    )
    assert with_titles("without ~arch-1", rules) == "without Architecture"
    assert with_titles("~arch-12 in the plan", rules) == "Towers in the plan"
    assert with_titles("~other, AA 501", rules) == "~other, AA 501"
