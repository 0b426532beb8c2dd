"""Rules that real programmes have (13-20): order and time, written as catalog files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.degrees import (
    appraise_it,
    broken,
    failed,
    judge_it,
    noted,
    planned,
    record,
    taken,
)
from tests.snippets import rules

from prospectus.domain.plan import Standing
from prospectus.domain.record import AttemptStatus
from prospectus.domain.student import FreeTime

FALL_START = dt.date(2026, 8, 1)


def long_run(code: str, *periods: str) -> object:
    """A planned course over several leaf periods."""
    return taken(code, None, status=AttemptStatus.PLANNED, periods=periods)


def test_13_an_early_progress_gate_with_a_registration_lock(tmp_path: Path) -> None:
    """OMSCS: two foundational at B in three terms, nothing else before; a failed try burns one."""
    found = rules(
        tmp_path,
        """
pools: {foundational: {counts: no}}
requirements:
  all:
    - id: foundational
      fill: {courses: 2, from: attribute foundational, min_grade: B, pool: foundational}
    - {id: core, fill: {courses: 3, from: any}}
rules:
  - id: gate
    gate:
      needs: done(foundational)
      locks: everything_else
      by: 3 terms
      count: enrolled
      on_miss: block
""",
        courses="""
CS 6300: {attributes: [foundational]}
CS 6515: {attributes: [foundational]}
CS 7641: {}
""",
    )
    quick = [planned("CS 6300", "Fall 2026"), planned("CS 6515", "Spring 2027")]
    assert not broken(judge_it(found, [*quick, planned("CS 7641", "Summer 2027")]))
    assert broken(judge_it(found, [quick[0], planned("CS 7641", "Spring 2027")])) == {"gate"}
    slow = record(
        taken("CS 6300", "C", "Fall 2025"),
        failed("CS 6515", "Spring 2026"),
        planned("CS 6300", "Fall 2026", id="again"),
        planned("CS 6515", "Spring 2027", id="late"),
        matriculation=dt.date(2025, 8, 1),
    )
    assert broken(judge_it(found, slow)) == {"gate"}


def test_14_capstone_at_the_end_and_a_course_only_at_the_start(tmp_path: Path) -> None:
    """MIDS: 210 in the final term, 200 in the first; MSOE: capstone within a year of the end."""
    found = rules(
        tmp_path,
        """
requirements: {all: [{id: all, fill: {courses: 3, from: any}}]}
rules:
  - {id: capstone, position: {of: DATASCI 210, from: conferral - 1 term}}
  - {id: within-a-year, position: {of: DATASCI 210, from: conferral - 12 months}}
  - {id: first, position: {of: DATASCI 200, by: matriculation + 1 term}}
""",
        courses="DATASCI 201: {}",
    )
    good = record(
        planned("DATASCI 200", "Fall 2026"),
        planned("DATASCI 201", "Spring 2027"),
        planned("DATASCI 210", "Spring 2027"),
        matriculation=FALL_START,
    )
    bad = record(
        planned("DATASCI 210", "Fall 2026"),
        planned("DATASCI 201", "Spring 2028"),
        planned("DATASCI 200", "Spring 2027"),
        matriculation=FALL_START,
    )
    assert not broken(judge_it(found, good))
    assert broken(judge_it(found, bad)) == {"capstone", "within-a-year", "first"}


MICHIGAN = """calendars:
  main:
    terms:
      - {season: Winter, sessions: [[01-08, 02-04], [02-05, 03-03], [03-04, 03-31], [04-01, 04-28]]}
      - {season: Fall, sessions: [[08-28, 09-24], [09-25, 10-22], [10-23, 11-19], [11-20, 12-17]]}
"""


def test_15_terms_inside_terms(tmp_path: Path) -> None:
    """Michigan: a milestone over two sessions, the capstone over three, a cap over a pair."""
    found = rules(
        tmp_path,
        """
requirements: {all: [{id: all, fill: {courses: 3, from: any}}]}
enrolment:
  loads: [{id: pair, per: span 2, courses: 0..2}]
""",
        calendar=MICHIGAN,
        courses="""
SIADS 501: {}
SIADS 502: {}
SIADS 696: {requires: SIADS 501}
SIADS 699: {requires: SIADS 696/1}
""",
        schedule="""
SIADS 501: {pattern: {seasons: [Fall], sessions: [1]}}
SIADS 502: {pattern: {seasons: every, sessions: any}}
SIADS 696: {pattern: {seasons: every, sessions: [1, 2]}}
SIADS 699: {pattern: {seasons: every, sessions: [2, 3, 4]}}
""",
    )
    start = planned("SIADS 501", "Fall 2026 S1")
    milestone = long_run("SIADS 696", "Winter 2027 S1", "Winter 2027 S2")
    capstone = long_run("SIADS 699", "Winter 2027 S2", "Winter 2027 S3", "Winter 2027 S4")
    assert not broken(judge_it(found, [start, milestone, capstone]))  # type: ignore[list-item]
    wrong = planned("SIADS 501", "Fall 2026 S3")
    assert broken(judge_it(found, [wrong])) == {"offering"}
    short = long_run("SIADS 699", "Winter 2027 S2", "Winter 2027 S3")
    assert "offering" in broken(judge_it(found, [start, milestone, short]))  # type: ignore[list-item]
    crowd = [milestone, capstone, start, planned("SIADS 502", "Winter 2027 S2")]
    assert broken(judge_it(found, crowd)) == {"pair"}  # type: ignore[arg-type]


def test_15_units_one_at_a_time(tmp_path: Path) -> None:
    """Consecutive eight-week units, one at a time, and at most so many in a pair (Boulder)."""
    found = rules(
        tmp_path,
        """
requirements: {all: [{id: all, fill: {courses: 3, from: any}}]}
enrolment:
  loads:
    - {id: one, per: session, courses: 0..1}
""",
        calendar=MICHIGAN,
        courses="DTSA 5001: {credits: 1}\nDTSA 5002: {credits: 1}",
        schedule="""
DTSA 5001: {pattern: {seasons: every, sessions: any}}
DTSA 5002: {pattern: {seasons: every, sessions: any}}
""",
    )
    apart = [planned("DTSA 5001", "Fall 2026 S1"), planned("DTSA 5002", "Fall 2026 S2")]
    same = [planned("DTSA 5001", "Fall 2026 S1"), planned("DTSA 5002", "Fall 2026 S1")]
    assert not broken(judge_it(found, apart))
    assert broken(judge_it(found, same)) == {"one"}


def test_16_continuous_enrolment_gaps_and_years(tmp_path: Path) -> None:
    found = rules(
        tmp_path,
        """
requirements: {all: [{id: all, fill: {courses: 2, from: any}}]}
enrolment:
  loads: [{id: each, per: term, seasons: [Fall, Spring], courses: 1..9}]
  gap: 12 months
  minimum: 10 months
  maximum: 6 years
""",
        courses="CS 601: {}\nCS 602: {}",
    )

    def verdict(*terms: str) -> set[str]:
        attempts = [planned(c, t) for c, t in zip(("CS 601", "CS 602"), terms, strict=False)]
        return broken(judge_it(found, record(*attempts, matriculation=FALL_START)))

    assert verdict("Fall 2026", "Summer 2027") == {"each"}
    assert verdict("Fall 2026", "Spring 2027") == {"minimum"}
    assert "gap" in verdict("Fall 2026", "Fall 2028")
    assert "maximum" in verdict("Fall 2026", "Fall 2032")
    assert verdict("Spring 2027", "Summer 2027") == set()


def test_17_a_locked_cohort_order_with_longer_versions(tmp_path: Path) -> None:
    """Northwestern cohort: fixed order; a longer version stands for a course of the sequence."""
    found = rules(
        tmp_path,
        """
requirements: {all: [MSDS 400, MSDS 401]}
enrolment:
  locked_sequence: [[MSDS 400, MSDS 420], [MSDS 401]]
""",
        school="equivalent: [{course: MSDS 400, met_by: MSDS 420}]\n",
    )
    good = [planned("MSDS 420", "Fall 2026"), planned("MSDS 401", "Spring 2027")]
    bad = [planned("MSDS 401", "Fall 2026"), planned("MSDS 420", "Spring 2027")]
    placed = {"MSDS 400": "MSDS 420", "MSDS 401": "MSDS 401"}
    assert judge_it(found, good, placed).degree is Standing.PLANNED
    assert broken(judge_it(found, bad, placed)) == {"sequence"}


def test_17_a_residency_that_is_half_of_a_course(tmp_path: Path) -> None:
    """The residency is the second part of the course: what follows waits for it alone."""
    found = rules(
        tmp_path,
        "requirements: {all: [MSDS 498, MSDS 499]}\n",
        calendar=MICHIGAN,
        courses="MSDS 498: {}\nMSDS 499: {requires: MSDS 498/2}",
        schedule="""
MSDS 498: {pattern: {seasons: [Fall], sessions: [1, 2]}}
MSDS 499: {pattern: {seasons: [Fall], sessions: any}}
""",
    )
    course = long_run("MSDS 498", "Fall 2026 S1", "Fall 2026 S2")
    after, during = planned("MSDS 499", "Fall 2026 S3"), planned("MSDS 499", "Fall 2026 S2")
    assert not broken(judge_it(found, [course, after]))  # type: ignore[list-item]
    assert broken(judge_it(found, [course, during])) == {"requisite MSDS 499"}  # type: ignore[list-item]


def test_18_advisory_and_enforced_prerequisites_side_by_side(tmp_path: Path) -> None:
    """Only the second kind blocks; B+ or taken after a date; not to be dropped alone; consent."""
    found = rules(
        tmp_path,
        "requirements: {all: [{id: all, fill: {courses: 1, from: any}}]}\n",
        courses="""
DATASCI 200: {}
DATASCI 203: {advises: recommended(DATASCI 200)}
DATASCI 261: {requires: "DATASCI 207 [B+] or DATASCI 207 since 2026-01-01"}
DATASCI 231: {requires: with DATASCI 205}
CSC 6605: {requires: CSC 5601 or concurrent CSC 5651}
CS 598: {requires: approval("instructor")}
""",
    )
    advised = judge_it(found, [planned("DATASCI 203")])
    assert not advised.breaches
    assert noted(advised) == {"advice DATASCI 203"}
    old_b = taken("DATASCI 207", "B", "Fall 2025")
    old_a = taken("DATASCI 207", "A", "Fall 2025")
    new_b = taken("DATASCI 207", "B", "Spring 2026")
    later = planned("DATASCI 261")
    assert broken(judge_it(found, [old_b, later])) == {"requisite DATASCI 261"}
    for enough in (old_a, new_b):
        assert not judge_it(found, [enough, later]).breaches
    lab = planned("DATASCI 231")
    assert broken(judge_it(found, [lab])) == {"requisite DATASCI 231"}
    assert not judge_it(found, [lab, planned("DATASCI 205")]).breaches
    assert not judge_it(found, [planned("CSC 6605"), planned("CSC 5651")]).breaches
    assert broken(judge_it(found, [planned("CSC 6605")])) == {"requisite CSC 6605"}
    consent = judge_it(found, [planned("CS 598")])
    assert not consent.breaches
    assert noted(consent) == {"requisite CS 598"}


def test_19_offering_by_section(tmp_path: Path) -> None:
    """MSOE: the same course live online in one term, in person in another."""
    found = rules(
        tmp_path,
        "requirements: {all: [CSC 5601]}\n",
        courses="CSC 5601: {delivery: hybrid}",
        schedule="""
CSC 5601:
  - pattern: {seasons: [Fall]}
    live: [{day: Mon, at: "18:00", minutes: 60, zone: America/Chicago, mandatory: yes}]
  - {pattern: {seasons: [Spring]}}
""",
    )
    busy = (FreeTime(weekday=2, start=dt.time(8), end=dt.time(9)),)
    fall = appraise_it(found, [planned("CSC 5601")], zone="America/Chicago", free=busy)
    spring = appraise_it(
        found, [planned("CSC 5601", "Spring 2027")], zone="America/Chicago", free=busy
    )
    assert [breach.rule for breach in fall.wishes_broken] == ["live"]
    assert not spring.wishes_broken


def test_20_caps_by_season_and_credits_that_fill_the_cap_but_not_the_degree(tmp_path: Path) -> None:
    found = rules(
        tmp_path,
        """
sets: {seminars: [CS 8001]}
requirements: {total: {credits: 6}, all: [{id: all, fill: {credits: rest, from: any}}]}
enrolment:
  loads:
    - {id: fall, per: Fall, credits: 0..7}
    - {id: summer, per: Summer, credits: 0..5}
    - {id: degree-fall, per: Fall, of: any except set seminars, courses: 0..2}
""",
        courses="CS 8001: {credits: 1, credit: no}\nCS 6515: {}\nCS 7641: {}\nCS 6601: {}",
    )
    two = [planned("CS 6515"), planned("CS 7641")]
    one_seminar = planned("CS 8001", credits=1)
    fine = judge_it(found, [*two, one_seminar], {"all": ["CS 6515", "CS 7641"]})
    assert fine.is_legal
    assert fine.degree is Standing.PLANNED
    assert not judge_it(found, [*two, one_seminar], {"all": ["CS 6515", "CS 8001"]}).is_valid
    assert broken(judge_it(found, [*two, planned("CS 6601")])) == {"fall", "degree-fall"}
    summer = [planned("CS 6515", "Summer 2027"), planned("CS 7641", "Summer 2027")]
    assert broken(judge_it(found, summer)) == {"summer"}
