"""LANGUAGE 5, exclude: no credit for a course beside others; twins."""

from __future__ import annotations

import datetime as dt

from tests.degrees import (
    CATALOGUE,
    TODAY,
    asks,
    at_most,
    broken,
    degree,
    done,
    failed,
    faulted,
    header,
    judge_it,
    knowing,
    leaf,
    planned,
    record,
    taken,
    transfer,
    waived,
)

from prospectus.domain.expression import And, Background, Expression
from prospectus.domain.meaning import uses
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, CreditSource
from prospectus.domain.rule import Exclude, RecordRules, Repeats, WhichAttempt

LEAF = leaf("core", "any", 1)


def excluding(course: str, condition: Expression, **more: object) -> Resolved:
    rule = Exclude(header=header("exclude"), course=course, condition=condition)
    return degree(LEAF, rules=[rule], **more)  # type: ignore[arg-type]


def kept(rules: Resolved, *attempts: Attempt) -> set[str]:
    return {use.id for use in uses(Setting(rules, record(*attempts), TODAY))}


AFTER = excluding("CS 610", done("CS 600"))
BOTH = excluding("CS 620", And(items=(done("CS 600"), done("CS 610"))))


def test_the_later_one_loses_its_credit() -> None:
    assert kept(AFTER, taken("CS 600", when="Fall 2024"), taken("CS 610")) == {"CS 600"}
    assert kept(AFTER, taken("CS 610", when="Fall 2024"), taken("CS 600")) == {"CS 610"}


def test_ties_go_by_code() -> None:
    assert kept(AFTER, taken("CS 600"), taken("CS 610")) == {"CS 600"}


def test_a_use_that_lost_its_credit_cannot_be_placed() -> None:
    attempts = [taken("CS 600", when="Fall 2024"), taken("CS 610")]
    assert faulted(judge_it(AFTER, attempts, {"core": "CS 610"})) == {"core"}


def test_planned_courses_are_taken_as_passed() -> None:
    assert kept(AFTER, taken("CS 600"), planned("CS 610")) == {"CS 600"}
    assert kept(AFTER, planned("CS 600"), planned("CS 610", "Spring 2027")) == {"CS 600"}


def test_failed_courses_exclude_nothing() -> None:
    assert kept(AFTER, failed("CS 600", "Fall 2024"), taken("CS 610")) == {"CS 610"}


def test_after_both_of_two_the_last_to_come_loses() -> None:
    first = [taken("CS 600", when="Fall 2023"), taken("CS 610", when="Fall 2024")]
    assert kept(BOTH, *first, taken("CS 620")) == {"CS 600", "CS 610"}
    assert kept(BOTH, first[0], taken("CS 620")) == {"CS 600", "CS 620"}
    middle = [taken("CS 600", when="Fall 2023"), taken("CS 620", when="Fall 2024")]
    assert kept(BOTH, *middle, taken("CS 610")) == {"CS 600", "CS 620"}


def test_what_was_brought_along_comes_first() -> None:
    assert kept(AFTER, transfer("CS 600"), taken("CS 610", when="Fall 2016")) == {"CS 600"}


def test_a_waiver_falls_where_the_follow_on_was_taken() -> None:
    """Not after its follow-on: with CS 700 on record CS 610 cannot be waived any more."""
    rules = excluding("CS 610", done("CS 700"))
    assert kept(rules, waived("CS 610"), taken("CS 700")) == {"CS 700"}
    dated = taken(
        "CS 610", None, "", credits=0, source=CreditSource.WAIVER, ended=dt.date(2024, 5, 1)
    )
    assert kept(rules, dated, taken("CS 700")) == {"CS 610"}


def test_background_excludes_too() -> None:
    rules = excluding(
        "CS 610", Background(topic="databases"), person=knowing(background=frozenset({"databases"}))
    )
    assert kept(rules, taken("CS 610")) == set()


def test_background_that_is_not_known_excludes_nothing() -> None:
    assert kept(excluding("CS 610", Background(topic="databases")), taken("CS 610")) == {"CS 610"}


def test_the_condition_is_read_once_before_any_exclusion() -> None:
    """600 takes 610 away and 610 takes 620: 620 falls although 610 earned nothing."""
    rules = degree(
        LEAF,
        rules=[
            Exclude(header=header("x"), course="CS 610", condition=done("CS 600")),
            Exclude(header=header("y"), course="CS 620", condition=done("CS 610")),
        ],
    )
    chain = [
        taken("CS 600", when="Fall 2023"),
        taken("CS 610", when="Fall 2024"),
        taken("CS 620", when="Fall 2025"),
    ]
    assert kept(rules, *chain) == {"CS 600"}


def test_exclusions_come_after_the_repeat_rule() -> None:
    rules = excluding(
        "CS 610",
        done("CS 600"),
        record_rules=RecordRules(repeats=Repeats(use=WhichAttempt.FIRST)),
    )
    attempts = [
        taken("CS 610", "B", "Fall 2023", id="early"),
        taken("CS 600", "B", "Fall 2024"),
        taken("CS 610", "A", "Fall 2025", id="late"),
    ]
    assert kept(rules, *attempts) == {"early"}


def test_a_course_without_credit_still_satisfies_a_prerequisite() -> None:
    rule = Exclude(header=header("exclude"), course="CS 610", condition=done("CS 600"))
    rules = degree(
        leaf("core", "CS 700", 1),
        rules=[rule],
        courses=[*CATALOGUE[:4], asks("CS 700", done("CS 610"))],
    )
    attempts = [taken("CS 600", when="Fall 2024"), taken("CS 610"), planned("CS 700")]
    assert not broken(judge_it(rules, attempts, {"core": "CS 700"}))


def test_of_twins_only_one_counts_and_either_may() -> None:
    rules = degree(
        leaf("core", "any", 2), rules=[at_most("twins", ["CS 600", "CS 610"], courses=1)]
    )
    have = [taken("CS 600"), taken("CS 610"), taken("CS 620")]
    assert faulted(judge_it(rules, have, {"core": ["CS 600", "CS 610"]})) == {"twins"}
    for twin in ("CS 600", "CS 610"):
        assert judge_it(rules, have, {"core": [twin, "CS 620"]}).is_valid
