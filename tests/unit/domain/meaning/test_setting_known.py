"""What a setting finds out once of a use is what it would find out each time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.degrees import TODAY, degree, leaf, planned, record, taken
from tests.unit.audit.drawn_boards import audited, drawn_cases

from prospectus.domain.meaning import judge
from prospectus.domain.meaning.setting import Setting

Find = Callable[[], bool | None]


def test_verdicts_are_those_of_a_setting_that_remembers_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = [(case, audited(case).witness) for case in drawn_cases(60)]
    quick = [judge(case.resolved, case.record, witness, TODAY) for case, witness in cases]

    def each_time(self: Setting, what: object, use: object, find: Find) -> bool | None:
        return find()

    monkeypatch.setattr(Setting, "once", each_time)
    for (case, witness), before in zip(cases, quick, strict=True):
        assert judge(case.resolved, case.record, witness, TODAY) == before, case.seed


def test_an_answer_is_found_once_and_its_assumed_grades_are_noted_each_time() -> None:
    whole = record(planned("CS 600"))
    setting = Setting(degree(leaf("core", "CS 600", 1)), whole, TODAY)
    use = setting.use(whole.attempts[0])
    rule, asked = object(), []

    def find() -> bool:
        asked.append(use)
        setting.assumed_grades.add(("CS 600", "B"))
        return True

    assert setting.once(rule, use, find) is True
    setting.assumed_grades.clear()
    assert setting.once(rule, use, find) is True
    assert setting.assumed_grades == {("CS 600", "B")}
    assert len(asked) == 1
    assert setting.once(object(), use, find) is True
    assert len(asked) == 2


def test_what_breaks_off_leaves_the_assumed_grades_as_they_were() -> None:
    whole = record(taken("CS 600"))
    setting = Setting(degree(leaf("core", "CS 600", 1)), whole, TODAY)

    def find() -> bool:
        setting.assumed_grades.add(("CS 600", "B"))
        raise KeyError

    with pytest.raises(KeyError):
        setting.once(object(), setting.use(whole.attempts[0]), find)
    assert setting.assumed_grades == set()
