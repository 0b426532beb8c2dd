"""The page of a plan."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from prospectus.app.degree_plan import plan_degree
from prospectus.app.plan_report import headline, render_plan, write_plan

TODAY = dt.date(2026, 11, 22)
EXAMPLES = Path(__file__).parents[3] / "examples"


def test_the_page_shows_each_course_and_each_proof_and_stands_alone(tmp_path: Path) -> None:
    answer = plan_degree(EXAMPLES / "omscs-midway.yaml", today=TODAY)
    assert answer.best is not None
    path = tmp_path / "plan.html"
    write_plan(answer, path)
    page = path.read_text(encoding="utf-8")
    for period in answer.best.periods:
        for course in period.starts:
            assert course.code in page
    assert page.count("proven, nothing better exists") >= 4
    assert not re.search(r'(src|href)="http|<script|@import', page)
    assert headline(answer.best).startswith("Machine Learning: proven best. Ends May 2028")


def test_a_page_without_a_plan_names_the_conflict_and_escapes_names(tmp_path: Path) -> None:
    student = tmp_path / "me.yaml"
    text = (EXAMPLES / "omscs-midway.yaml").read_text(encoding="utf-8")
    text = text.replace("deadline: 2028-12-31", "deadline: 2027-06-01")
    student.write_text(text.replace("name: Sam", "name: <b>Sam</b>"), encoding="utf-8")
    page = render_plan(plan_degree(student, today=TODAY))
    assert "no plan is possible" in page
    assert "These cannot all hold" in page
    assert "2027-06-01" in page
    assert "<b>Sam</b>" not in page
