"""Rules that real programmes have (30-43): more kinds, written as catalog files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.degrees import (
    TODAY,
    appraise_it,
    broken,
    faulted,
    judge_it,
    knowing,
    noted,
    planned,
    record,
    taken,
    transfer,
    usd,
    waived,
    witness,
)
from tests.snippets import branches, catalog, rules

from prospectus.domain.meaning import as_degree, eligibility, judge
from prospectus.domain.plan import Standing
from prospectus.domain.record import (
    ApprovalState,
    AttemptStatus,
    Basis,
    CreditSource,
    MilestoneResult,
)
from prospectus.domain.requirement import NodeId

ANY_TWO = "requirements: {all: [{id: all, fill: {courses: 2, from: any}}]}\n"


def test_30_subscription_money_counts_whole_terms_used(tmp_path: Path) -> None:
    """WGU: a flat price per six-month term, however many courses are pulled into it."""
    found = rules(
        tmp_path,
        ANY_TWO,
        courses="WGU 101: {}\nWGU 102: {}\nWGU 103: {}",
        calendar="""calendars:
  main:
    terms:
      - {season: First, dates: [01-01, 06-30]}
      - {season: Second, dates: [07-01, 12-31]}
""",
        fees="  - {id: subscription, per: term, amount: 4530}\n",
    )
    one_term = [planned(c, "First 2027") for c in ("WGU 101", "WGU 102", "WGU 103")]
    two_terms = [one_term[0], planned("WGU 102", "Second 2027")]
    assert appraise_it(found, one_term).cost == usd(4530)
    assert appraise_it(found, two_terms).cost == usd(9060)


def test_31_pass_or_revise_and_no_average(tmp_path: Path) -> None:
    found = rules(
        tmp_path,
        "requirements: {all: [{id: all, fill: {courses: 1, from: any, basis: [pass_revise]}}]}\n",
        courses="WGU 101: {}",
    )
    passed = taken("WGU 101", None, basis=Basis.PASS_REVISE)
    revise = taken("WGU 101", None, basis=Basis.PASS_REVISE, status=AttemptStatus.INCOMPLETE)
    assert judge_it(found, [passed], {"all": "WGU 101"}).degree is Standing.MET
    assert not judge_it(found, [revise], {"all": "WGU 101"}).is_valid
    assert not judge_it(found, [taken("WGU 101")], {"all": "WGU 101"}).is_valid


def test_32_a_total_that_depends_on_the_specialization(tmp_path: Path) -> None:
    """WGU: 32, 32 or 33; DePaul: an introductory layer outside the total."""
    found = rules(
        tmp_path,
        """
pools: {intro: {counts: no}}
requirements:
  all:
    - {id: intro, fill: {courses: 1, from: CSC 400, pool: intro}}
    - id: track
      declare: yes
      any:
        - {id: short, total: {credits: 3}, all: [{id: s, fill: {credits: rest, from: any}}]}
        - {id: long, total: {credits: 6}, all: [{id: l, fill: {credits: rest, from: any}}]}
""",
        courses="CSC 501: {}",
    )
    have = [waived("CSC 400"), taken("CSC 501")]
    short = judge_it(found, have, {"intro": "CSC 400", "s": "CSC 501"}, chosen={"track": "short"})
    long = judge_it(found, have, {"intro": "CSC 400", "l": "CSC 501"}, chosen={"track": "long"})
    unwaived = judge_it(found, have[1:], {"s": "CSC 501"}, chosen={"track": "short"})
    assert short.degree is Standing.MET
    assert long.degree is Standing.UNMET
    assert unwaived.degree is Standing.UNMET


def test_33_moving_between_rule_sets_with_an_equivalence_table(tmp_path: Path) -> None:
    """Which catalogue year is cheaper to finish: the same record under both."""
    school = "equivalent: [{course: WGU 201, met_by: WGU 101 and WGU 102}]\n"
    old = rules(tmp_path / "a", "requirements: {all: [WGU 101, WGU 102]}\n", school=school)
    new = rules(tmp_path / "b", "requirements: {all: [WGU 201]}\n", school=school)
    one, both = [taken("WGU 101")], [taken("WGU 101"), taken("WGU 102")]
    assert judge_it(old, one, {"WGU 101": "WGU 101"}).standing("WGU 101") is Standing.MET
    moved = judge_it(new, both, {"WGU 201": ["WGU 101", "WGU 102"]})
    half = judge_it(new, one, {"WGU 201": "WGU 101"})
    assert moved.degree is Standing.MET
    assert half.degree is Standing.UNMET


OMSA = """
disputes:
  double: {readings: {"once": page A, "twice": page B}, why: the source leaves double use open}
requirements:
  total: {credits: 9}
  all:
    - {id: statistics, fill: {courses: 1, from: [ISYE 6740, ISYE 6414]}}
    - {id: operations, fill: {courses: 1, from: [ISYE 6740, ISYE 6644]}}
    - {id: free, fill: {credits: rest, from: any}}
rules:
  - reading:
      id: double
      "once": nothing
      "twice": {id: both, overlap: {between: [statistics, operations], of: ISYE 6740}}
"""


def test_34_a_waived_core_opens_an_elective_and_open_double_use_is_read_both_ways(
    tmp_path: Path,
) -> None:
    """OMSA: the total never falls; ISYE 6740 may fill either of two blocks."""
    whole = catalog(tmp_path, OMSA, courses="MGT 6203: {}\nMGT 6204: {}")
    (once,) = branches(whole, reading={"double": "once"})
    (twice,) = branches(whole, reading={"double": "twice"})
    have = [taken(c) for c in ("ISYE 6740", "MGT 6203", "MGT 6204")]
    placed = {
        "statistics": "ISYE 6740",
        "operations": "ISYE 6740",
        "free": ["MGT 6203", "MGT 6204"],
    }
    assert judge_it(twice, have, placed).degree is Standing.MET
    assert "operations" in faulted(judge_it(once, have, placed))
    refill = [waived("ISYE 6414"), taken("ISYE 6644"), *have[1:]]
    refilled = {**placed, "statistics": "ISYE 6414", "operations": "ISYE 6644"}
    assert judge_it(once, refill, refilled).degree is Standing.MET
    assert judge_it(once, refill, {**refilled, "free": "MGT 6203"}).degree is Standing.UNMET


def test_35_identity_is_number_title_and_term(tmp_path: Path) -> None:
    """OMSA MGT 88x3: a topic gets its own number; later the old number holds something else."""
    found = rules(
        tmp_path,
        """
requirements:
  all:
    - {id: analytics, fill: {courses: 1, from: MGT 6769}}
    - {id: twins, at_most: {courses: 1, of: [MGT 6769, MGT 6727]}}
    - {id: free, fill: {credits: 3, from: any}}
""",
        school="""renamed:
  - {old: MGT 8813, new: MGT 6769, topic: security, from: 2020-08-01}
""",
        courses="MGT 8813: {repeatable: topic}",
    )
    old = taken("MGT 8813", when="Fall 2018", topic="security", id="old")
    late = taken("MGT 8813", when="Fall 2024", topic="security", id="late")
    other = taken("MGT 8813", when="Fall 2018", topic="blockchain", id="other")
    again = taken("MGT 6769", "B", "Fall 2021", id="again")
    assert judge_it(found, [old], {"analytics": "old"}).standing("analytics") is Standing.MET
    for wrong in (late, other):
        assert faulted(judge_it(found, [wrong], {"analytics": wrong.id})) == {"analytics"}
    both = judge_it(found, [old, again], {"analytics": "old", "free": "again"})
    assert faulted(both) == {"free"}, "one course, one use"
    twin = [old, taken("MGT 6727")]
    assert faulted(judge_it(found, twin, {"analytics": "old", "free": "MGT 6727"})) == {"twins"}


def test_36_one_requirement_with_several_numbers_six_credits_at_once(tmp_path: Path) -> None:
    """OMSA practicum."""
    found = rules(
        tmp_path,
        "requirements: {all: [{id: practicum, fill: {credits: 6, from: [CSE 6748, ISYE 6748]}}]}\n",
        school="cross_listed: [[CSE 6748, ISYE 6748]]\n",
        courses="CSE 6748: {credits: 6}\nISYE 6748: {credits: 6}",
    )
    one = taken("ISYE 6748", credits=6)
    assert judge_it(found, [one], {"practicum": "ISYE 6748"}).degree is Standing.MET
    half = taken("ISYE 6748", credits=3)
    assert judge_it(found, [half], {"practicum": "ISYE 6748"}).degree is Standing.UNMET


def test_37_a_prerequisite_that_cannot_be_had_here_is_advisory(tmp_path: Path) -> None:
    found = rules(
        tmp_path,
        ANY_TWO,
        school="external: [MATH 2406]\n",
        courses="CSE 6040: {}\nISYE 6740: {requires: MATH 2406 and CSE 6040}",
    )
    blocked = judge_it(found, [planned("ISYE 6740")])
    open_to = judge_it(found, [taken("CSE 6040"), planned("ISYE 6740")])
    assert broken(blocked) == {"requisite ISYE 6740"}
    assert not open_to.breaches
    assert noted(open_to) == {"requisite ISYE 6740"}, "and the answer says so"


def test_38_gates_and_loads_lifted_by_permission(tmp_path: Path) -> None:
    """OMSA: concurrent only by permission, three courses in a term only by permission."""
    found = rules(
        tmp_path,
        """
requirements:
  all:
    - {id: basics, fill: {courses: 1, from: CSE 6040}}
    - {id: all, fill: {courses: 2, from: any}}
rules:
  - {id: gate, gate: {needs: done(basics), locks: everything_else, unless: approval("advisor")}}
enrolment:
  loads: [{id: two, per: term, courses: 0..2, unless: approval("advisor")}]
""",
        courses="ISYE 6501: {}\nISYE 6740: {}",
    )
    three = [planned("CSE 6040"), planned("ISYE 6501"), planned("ISYE 6740")]
    granted = record(*three, approvals=(("advisor", ApprovalState.GRANTED),))
    assert broken(judge_it(found, three)) == {"gate", "two"}
    assert not broken(judge_it(found, granted))


HARVARD = """calendars:
  main:
    terms:
      - {season: January, dates: [01-02, 01-22]}
      - {season: Spring, dates: [01-25, 05-14]}
      - {season: Fall, dates: [08-29, 12-18]}
"""


def test_39_back_to_back_and_alone_and_a_three_week_term_on_campus(tmp_path: Path) -> None:
    found = rules(
        tmp_path,
        """
requirements: {all: [{id: all, fill: {courses: 2, from: any}}]}
rules:
  - {id: pair, position: {of: CSCI 599, adjacent_to: CSCI 597}}
  - {id: alone, position: {of: CSCI 599, alone: yes}}
""",
        calendar=HARVARD,
        courses="CSCI 101: {}\nCSCI 50: {delivery: in_person}",
        schedule="""
CSCI 599: {pattern: {seasons: [Spring, Fall]}}
CSCI 50: {pattern: {seasons: [January]}}
""",
    )
    first = planned("CSCI 597", "Fall 2026")
    good = planned("CSCI 599", "Spring 2027")
    assert not broken(judge_it(found, [first, good, planned("CSCI 50", "January 2027")]))
    assert broken(judge_it(found, [first, planned("CSCI 599", "Fall 2027")])) == {"pair"}
    crowd = [first, good, planned("CSCI 101", "Spring 2027")]
    assert broken(judge_it(found, crowd)) == {"alone"}


def test_40_ineligibility_by_an_earlier_degree_and_a_term_closed_to_visas(tmp_path: Path) -> None:
    """Harvard: not after such a degree; the January term only for who needs no visa."""
    text = """
admission: {eligibility: 'not degree(master, "data science")'}
requirements: {all: [{id: all, fill: {courses: 1, from: any}}]}
enrolment:
  loads:
    - {id: closed, per: January, courses: 0..0, unless: 'not person(visa) is "needed"'}
"""
    whole = catalog(tmp_path, text, calendar=HARVARD, courses="CSCI 50: {}")
    rule = whole.program("ms").admission.eligibility
    assert eligibility(rule, knowing(degrees=(("master", "data science"),)))[0] is False
    assert eligibility(rule, knowing(degrees=()))[0] is True
    january = [planned("CSCI 50", "January 2027")]
    (free,) = branches(whole, knowing(visa="none"))
    (bound,) = branches(whole, knowing(visa="needed"))
    assert judge_it(free, january, {"all": "CSCI 50"}).is_legal
    assert broken(judge_it(bound, january, {"all": "CSCI 50"})) == {"closed"}


def test_41_an_outside_credential_is_worth_a_set_of_blocks_ungraded(tmp_path: Path) -> None:
    """OMSA MicroMasters: three courses, no letters, at most nine credits of the kind."""
    found = rules(
        tmp_path,
        """
min_grade: B
requirements:
  total: {credits: 6}
  all:
    - {id: basics, fill: {courses: 2, from: [CSE 6040, ISYE 6501]}}
    - {id: cap, at_most: {credits: 6, of: source credential}}
    - {id: mean, gpa: {at_least: 3.0, over: attempted, of: any}}
""",
        school="awards: [{credential: micromasters, gives: [CSE 6040, ISYE 6501]}]\n",
    )
    (award,) = found.school.awards
    have = [transfer(code, source=CreditSource.CREDENTIAL) for code in award.gives]
    verdict = judge_it(found, have, {"basics": list(award.gives)})
    assert verdict.standing("basics") is Standing.MET
    assert verdict.standing("mean") is Standing.PENDING


def test_42_electives_by_range_and_subjects_with_approval_and_capstones_of_kinds(
    tmp_path: Path,
) -> None:
    """DePaul: subjects and numbers, approval beyond; a thesis, a practicum or an exam to end."""
    found = rules(
        tmp_path,
        """
requirements:
  all:
    - id: open
      fill:
        courses: 1
        from: ["subject CSC, DSC and number 421-695", 'approval("advisor") of number 400-999']
    - id: capstone
      any:
        - {id: thesis, fill: {credits: 4, from: CSC 698}}
        - {id: practicum, fill: {courses: 1, from: DSC 672}}
        - {id: exam, milestone: {kind: exam}}
""",
        courses="CSC 480: {}\nMGT 555: {}\nCSC 698: {credits: 1..4}",
    )
    sat = MilestoneResult(milestone=NodeId("exam"), status=AttemptStatus.PASSED)
    inside = record(taken("CSC 480"), milestones=(sat,))
    beyond = record(taken("MGT 555"), milestones=(sat,))
    assert judge_it(found, inside, {"open": "CSC 480"}, chosen={"capstone": "exam"}).degree is (
        Standing.MET
    )
    assert judge_it(found, beyond, {"open": "MGT 555"}, chosen={"capstone": "exam"}).degree is (
        Standing.PENDING
    )
    thesis = record(taken("CSC 480"), taken("CSC 698", credits=4))
    placed = {"open": "CSC 480", "thesis": "CSC 698"}
    assert judge_it(found, thesis, placed, chosen={"capstone": "thesis"}).degree is Standing.MET
    assert judge_it(found, inside, placed, chosen={"capstone": "practicum"}).degree is (
        Standing.UNMET
    )


def test_43_prerequisites_in_three_strengths_and_silence(tmp_path: Path) -> None:
    """WGU and UT: "is a prerequisite", "should take before", "helps"; silence is not `none`."""
    found = rules(
        tmp_path,
        ANY_TWO,
        courses="""
WGU 101: {}
WGU 102: {requires: WGU 101}
WGU 103: {advises: recommended(WGU 101)}
WGU 104: {advises: helps(WGU 101)}
WGU 105: {requires: not stated}
""",
    )
    assert broken(judge_it(found, [planned("WGU 102")])) == {"requisite WGU 102"}
    should = judge_it(found, [planned("WGU 103")])
    assert not should.breaches
    assert noted(should) == {"advice WGU 103"}
    for code in ("WGU 104", "WGU 105"):
        quiet = judge_it(found, [planned(code)])
        assert not quiet.breaches
        assert not quiet.notes
    assert not found.courses["WGU 105"].requisite_stated  # type: ignore[index]
    assert found.courses["WGU 101"].requisite_stated  # type: ignore[index]


def test_classes_of_degree_and_exit_awards_are_credentials(tmp_path: Path) -> None:
    """Compensation and an exit award: fewer courses and a lower mean instead of the degree."""
    found = rules(
        tmp_path,
        """
requirements: {all: [{id: all, fill: {courses: 2, from: any}}]}
credentials:
  - id: diploma
    name: Diploma
    instead_of: degree
    requirements:
      id: diploma-tree
      all: [{id: some, fill: {courses: 1, from: any}}]
""",
        courses="CS 601: {}",
    )
    what = record(taken("CS 601"))
    assert judge_it(found, what, {"all": "CS 601"}).degree is Standing.UNMET
    exit_award = as_degree(found, "diploma")
    assert judge(exit_award, what, witness({"some": "CS 601"}), TODAY).degree is Standing.MET
    assert found.program.credentials[0].instead_of_degree
    assert dt.date(2026, 7, 1) == TODAY
