"""LANGUAGE 1, Names: renamed, cross-listed, equivalent courses and awards."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.degrees import (
    CATALOGUE,
    TODAY,
    asks,
    course,
    degree,
    done,
    faulted,
    judge_it,
    leaf,
    planned,
    record,
    share,
    taken,
    transfer,
)

from prospectus.domain.course import CourseCode, parse_code
from prospectus.domain.errors import DomainError
from prospectus.domain.expression import And, LevelIs, NumberIn, Or, SubjectIn
from prospectus.domain.meaning import uses
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.plan import Standing
from prospectus.domain.program import Equivalent, Rename, Resolved
from prospectus.domain.record import Attempt, CreditSource


def holds(rules: Resolved, attempt: Attempt, node: str = "core") -> bool:
    found = judge_it(rules, [attempt], {node: attempt.id})
    return found.is_valid and found.standing(node) is Standing.MET


def n_uses(rules: Resolved, *attempts: Attempt) -> int:
    return len(uses(Setting(rules, record(*attempts), TODAY)))


# ------------------------------------------------------------------------ renamed


@pytest.mark.parametrize("listed", ["CS 600", "IS 123"])
@pytest.mark.parametrize("registered", ["CS 600", "IS 123"])
def test_every_number_of_a_renamed_course_matches(listed: str, registered: str) -> None:
    rename = Rename(old="IS 123", new="CS 600")
    rules = degree(leaf("core", listed, 1), school={"renames": (rename,)})
    assert holds(rules, taken(registered))


def test_a_chain_of_renames_is_followed_to_its_end() -> None:
    chain = (Rename(old="IS 100", new="IS 123"), Rename(old="IS 123", new="CS 600"))
    rules = degree(leaf("core", "CS 600", 1), school={"renames": chain})
    assert holds(rules, taken("IS 100"))
    both = [taken("IS 100", "B", "Fall 2024"), taken("CS 600")]
    assert n_uses(rules, *both) == 1


def test_a_renamed_course_is_one_course_whichever_code_comes_first() -> None:
    for old, new in (("CS 100", "CS 600"), ("ZZ 900", "CS 600")):
        rules = degree(
            leaf("core", "CS 600", 1), school={"renames": (Rename(old=old, new=new, topic="nlp"),)}
        )
        both = [taken(old, "B", "Fall 2024", topic="nlp"), taken(new)]
        assert n_uses(rules, *both) == 1


def test_a_rename_of_one_topic_leaves_the_other_topics_alone() -> None:
    rename = Rename(old="ISYE 8803", new="CS 600", topic="high-dimensional")
    rules = degree(leaf("core", "CS 600", 1), school={"renames": (rename,)})
    assert holds(rules, taken("ISYE 8803", topic="high-dimensional"))
    assert not holds(rules, taken("ISYE 8803", topic="other"))


def test_a_whole_subject_may_be_renamed() -> None:
    rules = degree(leaf("core", "CS 600", 1), school={"renames": (Rename(old="COMP", new="CS"),)})
    assert holds(rules, taken("COMP 600"))
    assert n_uses(rules, taken("COMP 600", "B", "Fall 2024"), taken("CS 600")) == 1


def test_number_selectors_see_every_number_of_a_renamed_course() -> None:
    renames = (Rename(old="COMP", new="CS"), Rename(old="CS 499", new="CS 630"))
    for selector in (SubjectIn(subjects=("CS",)), NumberIn(low=600, high=699)):
        rules = degree(leaf("core", selector, 1), school={"renames": renames})
        assert holds(rules, taken("COMP 600"))
        assert holds(rules, taken("CS 499"))


def test_a_rename_with_a_date_does_not_reach_what_later_bears_the_old_number() -> None:
    rename = Rename(old="IS 123", new="CS 600", valid_from=dt.date(2025, 1, 1))
    rules = degree(leaf("core", "CS 600", 1), school={"renames": (rename,)})
    assert holds(rules, taken("IS 123", when="Fall 2024"))
    assert not holds(rules, taken("IS 123", when="Fall 2025"))


def test_a_rename_that_has_ended_does_not_reach_what_now_bears_the_new_number() -> None:
    rename = Rename(old="IS 123", new="CS 600", valid_until=dt.date(2025, 1, 1))
    rules = degree(leaf("core", "IS 123", 1), school={"renames": (rename,)})
    assert holds(rules, taken("CS 600", when="Fall 2024"))
    assert not holds(rules, taken("CS 600", when="Fall 2025"))


# ------------------------------------------------------------------- cross-listed


def cross_listed(*leaves: object) -> Resolved:
    pair = (CourseCode("CS 600"), CourseCode("MATH 600"))
    return degree(
        *leaves,  # type: ignore[arg-type]
        courses=[*CATALOGUE, course("MATH 600")],
        school={"cross_listed": (pair,)},
    )


def test_cross_listed_courses_are_one_use() -> None:
    rules = cross_listed(leaf("core", "CS 600", 1))
    assert n_uses(rules, taken("CS 600"), taken("MATH 600", when="Fall 2024")) == 1


def test_a_list_of_codes_accepts_any_code_of_a_cross_listed_course() -> None:
    assert holds(cross_listed(leaf("core", "CS 600", 1)), taken("MATH 600"))


def test_a_number_selector_looks_at_the_code_registered() -> None:
    rules = cross_listed(leaf("core", SubjectIn(subjects=("CS",)), 1))
    assert holds(rules, taken("CS 600"))
    assert not holds(rules, taken("MATH 600"))


# --------------------------------------------------------------------- equivalent


def equivalent(met_by: object, *leaves: object) -> Resolved:
    rule = Equivalent(course=CourseCode("CS 700"), met_by=met_by)  # type: ignore[arg-type]
    return degree(*leaves, school={"equivalents": (rule,)})  # type: ignore[arg-type]


def test_an_equivalent_satisfies_the_leaf_that_names_the_course() -> None:
    rules = equivalent(done("CS 630"), leaf("core", "CS 700", 1))
    assert holds(rules, taken("CS 630"))


def test_an_equivalence_does_not_run_backwards() -> None:
    rules = equivalent(done("CS 630"), leaf("core", "CS 630", 1))
    assert not holds(rules, taken("CS 700"))


def test_any_of_several_equivalents_will_do() -> None:
    either = Or(items=(done("CS 620"), done("CS 630")))
    rules = equivalent(either, leaf("core", "CS 700", 1))
    assert holds(rules, taken("CS 620"))
    assert holds(rules, taken("CS 630"))


def test_several_courses_together_stand_for_one_and_are_consumed() -> None:
    both = And(items=(done("CS 620"), done("CS 630")))
    rules = equivalent(both, leaf("core", "CS 700", 1), leaf("free", credits=3))
    attempts = [taken("CS 620"), taken("CS 630")]
    found = judge_it(rules, attempts, {"core": ["CS 620", "CS 630"]})
    assert found.is_valid
    assert found.standing("core") is Standing.MET
    again = judge_it(rules, attempts, {"core": ["CS 620", "CS 630"], "free": "CS 630"})
    assert faulted(again) == {"free"}


def test_one_of_two_courses_that_only_together_stand_for_one_is_not_enough() -> None:
    both = And(items=(done("CS 620"), done("CS 630")))
    rules = equivalent(both, leaf("core", "CS 700", 1))
    found = judge_it(rules, [taken("CS 620")], {"core": "CS 620"})
    assert found.standing("core") is Standing.UNMET


def test_an_equivalent_meets_a_prerequisite_that_names_the_course() -> None:
    rule = Equivalent(course=CourseCode("CS 600"), met_by=done("MATH 500"))
    rules = degree(
        leaf("core", "CS 700", 1),
        courses=[*CATALOGUE[:5], asks("CS 700", done("CS 600"))],
        school={"equivalents": (rule,)},
    )
    found = judge_it(rules, [transfer("MATH 500"), planned("CS 700")], {"core": "CS 700"})
    assert not found.breaches


def test_an_equivalent_keeps_its_own_level() -> None:
    rules = equivalent(done("EE 400"), leaf("core", LevelIs(level=700), 1))
    assert not holds(rules, taken("EE 400"))


# -------------------------------------------------------------- awards and the rest


def test_an_outside_credential_gives_ungraded_uses_that_meet_floors() -> None:
    rules = degree(leaf("core", "CS 600", 1, min_grade="B"))
    assert holds(rules, transfer("CS 600", source=CreditSource.CREDENTIAL))


def test_credit_counted_in_another_award_is_named_where_nothing_says_what_may_be_shared() -> None:
    rules = degree(leaf("core", "CS 600", 1))
    shared = taken("CS 600", counted_in=frozenset({"mba"}))
    found = judge_it(rules, [shared], {"core": "CS 600"})
    assert found.standing("core") is Standing.MET
    assert any("mba" in text for text in found.unknown)
    told = degree(leaf("core", "CS 600", 1), rules=[share("core", "mba", at_most_courses=1)])
    assert not judge_it(told, [shared], {"core": "CS 600"}).unknown


def test_an_external_course_can_be_held_by_a_leaf_that_selects_it() -> None:
    assert holds(degree(leaf("core", "any", 1)), transfer("ZZ 100"))


@pytest.mark.parametrize("text", ["cs7641", "CS-7641", " cs 7641 "])
def test_codes_are_read_with_space_hyphen_or_none_in_any_case(text: str) -> None:
    assert parse_code(text) == "CS 7641"


def test_a_suffix_letter_belongs_to_the_number_and_sections_stay() -> None:
    assert parse_code("datasci 201a") == "DATASCI 201A"
    assert parse_code("cs 8803 o08") == "CS 8803 O08"
    assert parse_code("~arch-1") == "~arch-1"
    assert parse_code("EN.605.645") == parse_code("en-605-645") == "EN 605 645"
    assert parse_code("CSCIE 7") == "CSCIE 7"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("D596", "D 596"),
        ("d-596", "D 596"),
        ("MS_DSP 400", "MS_DSP 400"),
        ("ms_dsp400", "MS_DSP 400"),
        ("MS_DSP_400", "MS_DSP 400"),
        ("CS_7641", "CS 7641"),
    ],
)
def test_a_subject_may_be_one_letter_or_have_underscores_inside(text: str, code: str) -> None:
    assert parse_code(text) == code


@pytest.mark.parametrize("text", ["& 596", "_D 596", "S1", "7641", "DATASCI W203"])
def test_what_is_no_subject_and_number_is_no_code(text: str) -> None:
    with pytest.raises(DomainError):
        parse_code(text)
