from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from sample_school import leaf, program

from prospectus.app.describe import describe
from prospectus.app.words import condition_words, point_words, selector_words
from prospectus.catalogs.expressions import parse_expression, parse_point, parse_selector
from prospectus.domain.expression import AnyCourse, CodeIs, InSet, NodeDone, SubjectIn, Union
from prospectus.domain.facts import Certainty, Completeness, Provenance
from prospectus.domain.program import Program
from prospectus.domain.requirement import (
    All,
    Bound,
    Fill,
    Gpa,
    Header,
    Measure,
    Milestone,
    NodeId,
    Over,
    Range,
    Reading,
    Total,
    When,
)
from prospectus.domain.rule import Enrolment, Exclude, Gate, Load, Overlap, Rule


def header(name: str, **changes: object) -> Header:
    return Header(id=NodeId(name), **changes)  # type: ignore[arg-type]


def texts(made: Program) -> dict[str, list[str]]:
    return {
        section.title: [f"{'  ' * line.depth}{line.text}{line.mark}" for line in section.lines]
        for section in describe(made)
    }


def test_the_tree_is_told_in_file_order_and_depth():
    assert texts(program())["What the degree asks"] == [
        "The degree: all of the following (6 credits in all)",
        "  Leaf base: AB 100",
        "  Track: 1 of the following, declared as `choices: {track: ...}` by two or three",
        "    Leaf two: AB 200",
        "    Leaf three: AB 300",
        "  what is left of the total from any course",
    ]


def test_leaves_measures_and_milestones_are_told():
    two = Fill(
        header=header("pick", label="Pick"),
        from_=Union(items=(CodeIs(code="AB 100"), CodeIs(code="AB 200"), CodeIs(code="AB 300"))),
        courses=Range(low=Fraction(2)),
        min_grade="B",
        with_=(
            Measure(
                header=header("m"),
                bound=Bound.AT_LEAST,
                of=CodeIs(code="AB 300"),
                courses=Range(low=Fraction(1)),
            ),
        ),
    )
    tree = All(
        header=header("degree"),
        children=(
            two,
            Measure(
                header=header("cap", provenance=Provenance(certainty=Certainty.ASSUMED)),
                bound=Bound.AT_MOST,
                of=SubjectIn(subjects=("AB", "CD")),
                credits=Range(low=Fraction(6)),
            ),
            Gpa(header=header("mean"), at_least=Fraction(3), over=Over.ATTEMPTED, of=AnyCourse()),
            Milestone(header=header("exam"), kind="exam", needs=NodeDone(node="pick")),
            replace(leaf("thin", "AB 100"), header=header("thin", unknown=("its grade",))),
        ),
    )
    assert texts(replace(program(), tree=tree))["What the degree asks"][1:] == [
        "  Pick: 2 courses from AB 100, AB 200 or AB 300, each with B or better",
        "    at least 1 course of AB 300",
        "  at most 6 credits of AB or CD courses*",
        "  a mean grade of at least 3 over any course",
        "  exam, after 'Pick' met",
        "  AB 100 [unknown: its grade]",
    ]


def test_what_depends_on_the_person_or_a_reading_says_so():
    tree = All(
        header=header("degree"),
        total=Total(
            credits=Reading(
                dispute="total",
                options=(("34", Range(low=Fraction(34))), ("38", Range(low=Fraction(38)))),
            )
        ),
        children=(
            When(
                condition=parse_expression('person(residence) is "MN"'),
                then=leaf("extra", "AB 200"),
                otherwise=leaf("plain", "AB 300"),
            ),
        ),
    )
    assert texts(replace(program(), tree=tree))["What the degree asks"] == [
        "all of the following (34 credits or 38 credits (sources differ) in all)",
        "  If residence Minnesota:",
        "    Leaf extra: AB 200",
        "  Otherwise:",
        "    Leaf plain: AB 300",
    ]


def test_rules_beside_the_tree_are_told():
    rules: tuple[Rule, ...] = (
        Gate(
            header=header("gate"),
            needs=NodeDone(node="base"),
            free=InSet(name="seminars"),
            by_terms=3,
        ),
        Exclude(header=header("ex"), course="AB 300", condition=parse_expression("AB 200")),
        Overlap(header=header("o"), between=("base", "two"), of=AnyCourse(), at_most_courses=1),
    )
    assert texts(replace(program(), rules=rules))["Rules beside it"] == [
        "'Leaf base' met first; until then nothing else but the list 'seminars'; "
        "by the end of 3 enrolled terms",
        "no credit for AB 300 after AB 200",
        "at most 1 course of any course may count in both Leaf base and Leaf two",
    ]


def test_loads_are_told_as_limits():
    most = Range(low=Fraction(0), high=Fraction(2))
    load = Load(header=header("l"), per="term", of=AnyCourse(), seasons=("Fall",), courses=most)
    enrolment = Enrolment(loads=(load,), gap_months=12)
    assert texts(replace(program(), enrolment=enrolment))["Enrolment"] == [
        "at most 2 courses of any course in each term (Fall)",
        "after 12 months without enrolment one must be readmitted",
    ]


def test_a_part_that_is_not_encoded_in_full_says_so():
    tree = replace(leaf("thin", "AB 100"), header=header("t", completeness=Completeness.STUB))
    assert texts(replace(program(), tree=tree))["What the degree asks"] == ["AB 100 [only stub]"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("subject CS, CSE and number 6000+", "CS or CSE courses numbered 6000 and up"),
        ("number 500-590", "courses numbered 500 to 590"),
        ("number 41xx", "courses numbered 41xx"),
        ("level >= 6000", "courses of at least level 6000"),
        ('topic "vision"', "courses of topic vision"),
        ("attribute foundational", "foundational courses"),
        ("source home", "courses taken here"),
        ("grade >= B-", "courses with a grade of at least B-"),
        ("credits >= 3", "courses of at least 3 credits"),
        ("any except CS 7641 [B]", "any course except CS 7641 with B or better"),
        ("node(base)", "the courses of 'Base'"),
        ('approval("dean") of any', "any course, if approved (dean)"),
    ],
)
def test_selectors_read_as_words(text: str, words: str):
    assert selector_words(parse_selector(text), {"base": "Base"}) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("CS 6601 [B-] or CS 7641", "CS 6601 with B- or better or CS 7641"),
        ("concurrent CS 6601", "CS 6601 before or at the same time"),
        ("with CS 6601", "CS 6601 at the same time"),
        ("SIADS 696/1", "part 1 of SIADS 696"),
        ("2 of (CS 100, CS 200, CS 300)", "2 of CS 100, CS 200 and CS 300"),
        ("18 credits of subject CS", "18 credits of CS courses finished"),
        ("3 courses of subject CS", "3 courses of CS courses"),
        ("gpa >= 3.0", "a mean grade of 3 or better"),
        ('degree(bachelor, "nursing")', "a bachelor degree in nursing"),
        ('test("TOEFL") >= 100', "TOEFL of 100 or better"),
        ("member(gatech-omsa)", "being in the programme gatech-omsa"),
        ('not person(visa) is "F-1"', "not visa F-1"),
        ("recommended(CS 6601)", "recommended: CS 6601"),
    ],
)
def test_conditions_read_as_words(text: str, words: str):
    assert condition_words(parse_expression(text), {}) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("matriculation + 3 terms", "3 terms after matriculation"),
        ("conferral - 12 months", "12 months before the degree is conferred"),
        ("end(base)", "the end of 'Base'"),
    ],
)
def test_points_read_as_words(text: str, words: str):
    assert point_words(parse_point(text), {"base": "Base"}) == words
