"""Rules that real programmes have (21-29): person, admission, grades, money, disputes."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest
from tests.degrees import (
    appraise_it,
    broken,
    faulted,
    judge_it,
    knowing,
    planned,
    record,
    taken,
    usd,
)
from tests.snippets import branches, catalog, rules

from prospectus.domain.meaning import eligibility, readings
from prospectus.domain.plan import Standing
from prospectus.domain.record import (
    ApprovalState,
    AttemptStatus,
    CreditSource,
    MilestoneResult,
)
from prospectus.domain.requirement import NodeId
from prospectus.domain.student import FreeTime, Person

PATHWAY = """
pools: {pathway: {counts: no}}
requirements:
  total: {credits: 6}
  all:
    - {id: core, fill: {courses: 2, from: any}}
    - id: pathway
      pool: pathway
      all:
        - {id: three, fill: {courses: 2, from: [DTSA 5001, DTSA 5002], min_grade: B}}
        - {id: pathway-mean, gpa: {at_least: 3.0, over: applied, of: any, in: [three]}}
rules:
  - {id: admitted, gate: {needs: done(pathway), locks: everything_else}}
"""


def test_21_performance_based_admission_is_a_step_of_the_plan(tmp_path: Path) -> None:
    """Boulder: courses with B first, taken before admission, which count later."""
    found = rules(tmp_path, PATHWAY, courses="DTSA 5003: {}")
    before = [
        taken("DTSA 5001", "A", "Spring 2026", source=CreditSource.NON_DEGREE),
        taken("DTSA 5002", "B", "Spring 2026", source=CreditSource.NON_DEGREE),
    ]
    low = [before[0], taken("DTSA 5002", "C", "Spring 2026")]
    placed = {"core": ["DTSA 5001", "DTSA 5003"], "three": ["DTSA 5001", "DTSA 5002"]}
    good = judge_it(found, record(*before, planned("DTSA 5003")), placed)
    assert good.is_legal
    assert good.standing("three") is Standing.MET
    assert broken(judge_it(found, record(*low, planned("DTSA 5003")))) == {"admitted"}


def test_21_deficiency_exams_with_two_attempts(tmp_path: Path) -> None:
    """Arizona State: an exam that may be tried twice, before the course that needs it."""
    found = rules(
        tmp_path,
        """
requirements:
  all:
    - {id: exam, milestone: {kind: exam, attempts: 2}}
    - CSE 571
""",
        courses="CSE 571: {requires: done(exam)}",
    )
    start = planned("CSE 571")

    def sat(*statuses: AttemptStatus) -> object:
        results = tuple(MilestoneResult(milestone=NodeId("exam"), status=s) for s in statuses)
        return judge_it(found, record(start, milestones=results), {"CSE 571": "CSE 571"})

    failed_once = sat(AttemptStatus.FAILED)
    failed_twice = sat(AttemptStatus.FAILED, AttemptStatus.FAILED)
    passed = sat(AttemptStatus.FAILED, AttemptStatus.PASSED)
    assert failed_once.standing("exam") is Standing.PENDING  # type: ignore[attr-defined]
    assert not broken(failed_once)  # type: ignore[arg-type]
    assert failed_twice.standing("exam") is Standing.UNMET  # type: ignore[attr-defined]
    assert broken(failed_twice) == {"requisite CSE 571"}  # type: ignore[arg-type]
    assert passed.degree is Standing.PLANNED  # type: ignore[attr-defined]


RESIDENCE = """
requirements:
  total: {credits: {when: {if: 'person(residence) is "MN"', then: 9, else: 6}}}
  all:
    - {id: all, fill: {credits: rest, from: any}}
admission:
  eligibility: 'not person(residence) is "AR" and degree(bachelor)'
"""


def test_22_rules_that_depend_on_residence(tmp_path: Path) -> None:
    """MIDS cohort: more units for residents of a state; places that cannot enrol."""
    whole = catalog(tmp_path, RESIDENCE, courses="CS 601: {}\nCS 602: {}")
    have = [taken("CS 601"), taken("CS 602")]
    placed = {"all": ["CS 601", "CS 602"]}
    for place, standing in (("MN", Standing.UNMET), ("TX", Standing.MET)):
        (one,) = branches(whole, knowing(residence=place))
        assert judge_it(one, have, placed).degree is standing
    assert len(branches(whole)) == 2, "not told: both are solved"
    rule = whole.program("ms").admission.eligibility
    bachelor = (("bachelor", "cs"),)
    assert eligibility(rule, knowing(residence="TX", degrees=bachelor))[0] is True
    assert eligibility(rule, knowing(residence="AR", degrees=bachelor))[0] is False
    assert eligibility(rule, Person(degrees=bachelor))[0] is None


def test_23_catalogue_years_and_renamed_subjects(tmp_path: Path) -> None:
    """Series that are breadth in one year and electives in another: two files of one programme."""
    older = """
catalog_year: 2024-25
requirements: {all: [{id: breadth, fill: {courses: 1, from: set series}}]}
sets: {series: [COMP 5001, DTSA 5001]}
"""
    newer = """
requirements: {all: [{id: breadth, fill: {courses: 1, from: set series}}]}
sets: {series: [DTSA 5002]}
"""
    school = "renamed: [{old: COMP, new: DTSA}]\n"
    one = rules(tmp_path / "a", older, school=school)
    two = rules(tmp_path / "b", newer, school=school, courses="DTSA 5001: {}")
    attempt = taken("COMP 5001")
    assert one.program.catalog_year == "2024-25"
    assert judge_it(one, [attempt], {"breadth": "COMP 5001"}).degree is Standing.MET
    assert faulted(judge_it(two, [attempt], {"breadth": "COMP 5001"})) == {"breadth"}


GRADES = """
min_grade: C
requirements:
  all:
    - {id: core, fill: {courses: 1, from: CS 601, min_grade: B-}}
    - {id: more, fill: {courses: 2, from: any}}
    - {id: mean, gpa: {at_least: 3.0, over: attempted, of: any}}
    - {id: one-c, at_most: {courses: 1, of: grade <= C, over: attempted}}
record_rules:
  repeats: {use: newest, in_mean: all}
"""


def test_24_floors_per_block_a_mean_a_count_of_low_grades_and_repeats(tmp_path: Path) -> None:
    found = rules(tmp_path, GRADES, courses="CS 602: {}\nCS 603: {}")
    placed = {"core": "CS 601", "more": ["CS 602", "CS 603"]}
    good = [taken("CS 601", "B-"), taken("CS 602", "A"), taken("CS 603", "C")]
    assert judge_it(found, good, placed).standing("one-c") is Standing.MET
    assert judge_it(found, good, placed).standing("mean") is Standing.UNMET  # 2.9
    better = [taken("CS 601", "B"), *good[1:]]
    assert judge_it(found, better, placed).degree is Standing.MET
    low = [taken("CS 601", "C"), *good[1:]]
    assert faulted(judge_it(found, low, placed)) == {"core"}
    two = [taken("CS 601", "A"), taken("CS 602", "C"), taken("CS 603", "C")]
    assert judge_it(found, two, placed).standing("one-c") is Standing.UNMET
    repeated = [taken("CS 601", "D", "Fall 2024", id="old"), *better]
    again = judge_it(found, repeated, placed)
    assert again.standing("core") is Standing.MET
    assert again.standing("mean") is Standing.UNMET, "the old grade stays in the mean"


def test_25_zero_credit_requirements(tmp_path: Path) -> None:
    found = rules(
        tmp_path,
        """
requirements:
  total: {credits: 3}
  all:
    - {id: all, fill: {credits: rest, from: any}}
    - {id: immersion, milestone: {kind: immersion, needs: 3 credits}}
    - {id: portfolio, milestone: {kind: portfolio}}
""",
        courses="CS 601: {}",
    )
    results = tuple(
        MilestoneResult(milestone=NodeId(name), status=AttemptStatus.PASSED)
        for name in ("immersion", "portfolio")
    )
    placed = {"all": "CS 601"}
    done = judge_it(found, record(taken("CS 601"), milestones=results), placed)
    missing = judge_it(found, record(taken("CS 601"), milestones=results[:1]), placed)
    assert done.degree is Standing.MET
    assert missing.degree is Standing.PENDING


@pytest.mark.parametrize(("mandatory", "expected"), [("yes", ["live"]), ("no", [])])
def test_26_live_time_in_a_stated_zone_mandatory_or_optional(
    tmp_path: Path, mandatory: str, expected: list[str]
) -> None:
    found = rules(
        tmp_path,
        "requirements: {all: [DATASCI 200]}\n",
        schedule=f"""
DATASCI 200:
  pattern: {{seasons: [Fall]}}
  live: [{{day: Tue, at: "16:00", minutes: 90, zone: America/Los_Angeles, mandatory: {mandatory}}}]
""",
    )
    tuesday = FreeTime(weekday=1, start=dt.time(18), end=dt.time(22))
    east = appraise_it(found, [planned("DATASCI 200")], zone="America/New_York", free=(tuesday,))
    berlin = appraise_it(found, [planned("DATASCI 200")], zone="Europe/Berlin", free=(tuesday,))
    assert not east.wishes_broken
    assert [breach.rule for breach in berlin.wishes_broken] == expected


FEES = """
  - {id: tuition, per: credit, amount: 227, year: 2026-27, valid: 2026-08-01..2027-07-31}
  - {id: fee, per: term, seasons: [Fall, Spring], tiers: {0: 212, 4: 531}}
  - {id: fee-summer, per: term, seasons: [Summer], tiers: {0: 150, 4: 400}}
  - {id: lab, per: course, amount: 25, of: CS 601}
  - {id: application, per: once, amount: 75}
"""


def test_27_fees_that_step_at_a_credit_count_and_differ_by_season(tmp_path: Path) -> None:
    found = rules(
        tmp_path,
        "requirements: {all: [{id: all, fill: {courses: 2, from: any}}]}\n",
        courses="CS 601: {}\nCS 602: {}\nCS 603: {credits: '8/3'}",
        fees=FEES,
    )
    one, two = planned("CS 601"), planned("CS 602")
    assert appraise_it(found, [one]).cost == usd(3 * 227 + 212 + 25 + 75)
    assert appraise_it(found, [one, two]).cost == usd(6 * 227 + 531 + 25 + 75)
    summer = planned("CS 602", "Summer 2027")
    assert appraise_it(found, [summer]).cost == usd(3 * 227 + 150 + 75)
    later = appraise_it(found, [planned("CS 602", "Fall 2028")])
    assert later.assumptions == ("rates-held-flat",)
    thirds = appraise_it(found, [planned("CS 603", credits=Fraction(8, 3))])
    assert thirds.cost is not None
    assert thirds.cost.minor == 60533 + 21200 + 7500


def test_28_open_ended_membership_with_manual_approval(tmp_path: Path) -> None:
    found = rules(
        tmp_path,
        """
requirements:
  all:
    - {id: electives, fill: {courses: 1, from: [CS 601, 'approval("special topics") of CS 690']}}
""",
    )
    for state, standing in (
        (ApprovalState.REQUESTED, Standing.PENDING),
        (ApprovalState.GRANTED, Standing.MET),
    ):
        what = record(taken("CS 690"), approvals=(("special topics", state),))
        assert judge_it(found, what, {"electives": "CS 690"}).degree is standing
    refused = record(taken("CS 690"), approvals=(("special topics", ApprovalState.REFUSED),))
    assert not judge_it(found, refused, {"electives": "CS 690"}).is_valid


def test_29_source_texts_that_contradict_each_other(tmp_path: Path) -> None:
    """UT MSAI: 1 required + 12 + 18 is more than 30: two readings that move together."""
    text = """
disputes:
  total: {readings: {"30": catalogue, "31": sum of its parts}, why: the parts exceed the total}
requirements:
  total: {credits: {reading: {id: total, "30": 6, "31": 9}}}
  all:
    - {id: ethics, fill: {courses: 1, from: AI 601}}
    - {id: electives, fill: {credits: {reading: {id: total, "30": 3, "31": 6}}, from: any}}
    - {id: soft, certainty: reported, fill: {courses: 1, from: [AI 601], pool: view}}
pools: {view: {counts: no}}
"""
    whole = catalog(tmp_path, text, courses="AI 602: {}\nAI 603: {}")
    have = [taken("AI 601"), taken("AI 602")]
    placed = {"ethics": "AI 601", "electives": "AI 602", "soft": "AI 601"}
    answers = {}
    for reading in readings(whole.program("ms")):
        (one,) = branches(whole, reading=dict(reading))
        answers[reading[0][1]] = judge_it(one, have, placed).degree
    assert answers == {"30": Standing.MET, "31": Standing.UNMET}
