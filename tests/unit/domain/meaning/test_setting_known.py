"""What a setting finds out once of a use is what it would find out each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.degrees import TODAY, degree, leaf, planned, record, taken
from tests.unit.audit.drawn_boards import audited, drawn_cases

from prospectus.domain.meaning import judge
from prospectus.domain.meaning.setting import Setting, Use

Find = Callable[[object, Use, Setting], bool | None]


def test_verdicts_are_those_of_a_setting_that_remembers_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = [(case, audited(case).witness) for case in drawn_cases(60)]
    quick = [judge(case.resolved, case.record, witness, TODAY) for case, witness in cases]

    def each_time(self: Setting, what: object, use: Use, find: Find) -> bool | None:
        return find(what, use, self)

    monkeypatch.setattr(Setting, "once", each_time)
    for (case, witness), before in zip(cases, quick, strict=True):
        assert judge(case.resolved, case.record, witness, TODAY) == before, case.seed


def test_an_answer_is_found_once_and_its_assumed_grades_are_noted_each_time() -> None:
    whole = record(planned("CS 600"))
    setting = Setting(degree(leaf("core", "CS 600", 1)), whole, TODAY)
    use = setting.use(whole.attempts[0])
    rule, asked = object(), []

    def find(_: object, use: Use, setting: Setting) -> bool:
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

    def find(_: object, __: Use, setting: Setting) -> bool:
        setting.assumed_grades.add(("CS 600", "B"))
        raise KeyError

    with pytest.raises(KeyError):
        setting.once(object(), setting.use(whole.attempts[0]), find)
    assert setting.assumed_grades == set()


def test_uses_that_differ_in_their_id_alone_have_one_answer_and_each_its_own_grades() -> None:
    first, second = planned("CS 600"), replace(planned("CS 600"), id="again")
    whole = record(first)
    setting = Setting(degree(leaf("core", "CS 600", 1)), whole, TODAY)
    rule, asked = object(), []

    def find(_: object, use: Use, setting: Setting) -> bool:
        asked.append(use.id)
        if len(asked) > 2:
            setting.assumed_grades.add((use.id, "B"))
        return True

    assert setting.once(rule, setting.use(first), find) is True
    assert setting.once(rule, setting.use(second), find) is True
    assert asked == [first.id]
    assert setting.once(object(), setting.use(first), find) is True
    other = object()
    assert setting.once(other, setting.use(first), find) is True
    assert setting.once(other, setting.use(second), find) is True
    assert asked[2:] == [first.id, "again"]
    assert setting.assumed_grades == {(first.id, "B"), ("again", "B")}


def test_a_waiver_beside_another_attempt_is_no_longer_of_its_kind() -> None:
    one = taken("CS 600")
    setting = Setting(degree(leaf("core", "CS 600", 1)), record(one), TODAY)
    use = setting.use(one)
    assert use.beside_of(None) is use
    assert use.beside_of(use).kind != use.kind
