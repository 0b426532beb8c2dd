"""Rules that real programmes have (1-12): selection and overlap, written as catalog files."""

from __future__ import annotations

from pathlib import Path

from tests.degrees import faulted, judge_it, knowing, taken, transfer, waived
from tests.snippets import rules

from prospectus.domain.plan import Standing
from prospectus.domain.record import CreditSource


def passed(*codes: str, grade: str = "A") -> list:  # type: ignore[type-arg]
    return [taken(code, grade) for code in codes]


def test_01_slots_that_share_a_course_and_slots_that_compete_for_it(tmp_path: Path) -> None:
    """OMSCS: foundational overlaps with the rest; core, elective, free exclude each other."""
    found = rules(
        tmp_path,
        """
pools: {foundational: {counts: no}}
requirements:
  total: {credits: 9}
  all:
    - {id: foundational, pool: foundational, all: [{id: f, fill: {courses: 1, from: CS 6601}}]}
    - {id: core, fill: {courses: 1, from: [CS 6601, CS 7641]}}
    - {id: elective, fill: {courses: 1, from: [CS 6601, CS 7641, CS 7642]}}
    - {id: free, fill: {credits: rest, from: any}}
""",
    )
    have = passed("CS 6601", "CS 7642", "CS 8803")
    placed = {"f": "CS 6601", "core": "CS 6601", "elective": "CS 7642", "free": "CS 8803"}
    assert judge_it(found, have, placed).degree is Standing.MET
    double = {**placed, "elective": "CS 6601"}
    assert faulted(judge_it(found, have, double)) >= {"elective"}


def test_02_surplus_core_fills_the_elective_in_one_specialization_only(tmp_path: Path) -> None:
    found = rules(
        tmp_path,
        """
sets: {ai-core: [CS 6601, CS 7641], cpr-core: [CS 6601, CS 7641]}
requirements:
  all:
    - id: specialization
      declare: yes
      any:
        - id: ai
          all:
            - {id: ai-c, fill: {courses: 1, from: set ai-core}}
            - {id: ai-e, fill: {courses: 1, from: set ai-core or CS 7642}}
        - id: cpr
          all:
            - {id: cpr-c, fill: {courses: 1, from: set cpr-core}}
            - {id: cpr-e, fill: {courses: 1, from: [CS 7642]}}
""",
    )
    have = passed("CS 6601", "CS 7641")
    ai = judge_it(
        found, have, {"ai-c": "CS 6601", "ai-e": "CS 7641"}, chosen={"specialization": "ai"}
    )
    cpr = judge_it(
        found, have, {"cpr-c": "CS 6601", "cpr-e": "CS 7641"}, chosen={"specialization": "cpr"}
    )
    assert ai.degree is Standing.MET
    assert faulted(cpr) == {"cpr-e"}


def test_03_choose_n_with_minima_per_group_and_electives_fill_the_gap(tmp_path: Path) -> None:
    """Three of five with one from a list of one; a four-unit course leaves less to elect."""
    found = rules(
        tmp_path,
        """
requirements:
  total: {credits: 12}
  all:
    - id: core
      fill:
        courses: 3
        from: [CS 501, CS 502, CS 503, CS 504]
        with:
          - {at_least: {courses: 1, of: [CS 501]}}
          - {at_least: {courses: 1, of: [CS 502, CS 503]}}
    - {id: free, fill: {credits: rest, from: any}}
""",
        courses="CS 504: {credits: 4}\nCS 550: {credits: 2}",
    )
    three, four = ["CS 501", "CS 502", "CS 503"], ["CS 501", "CS 502", "CS 504"]
    short = taken("CS 550", credits=2)
    big = taken("CS 504", credits=4)
    have = [*passed(*three), big, short]
    assert judge_it(found, have, {"core": four, "free": "CS 550"}).degree is Standing.MET
    assert judge_it(found, have, {"core": three, "free": "CS 550"}).degree is Standing.UNMET
    without = judge_it(found, have, {"core": ["CS 502", "CS 503", "CS 504"]})
    assert without.standing("core") is Standing.UNMET


def test_04_n_courses_from_n_different_areas_is_a_matching(tmp_path: Path) -> None:
    """Illinois: four courses from four areas; some sit in two."""
    found = rules(
        tmp_path,
        """
requirements:
  all:
    - id: breadth
      fill:
        courses: 3
        from: any
        areas: {of: {ai: area ai, db: area db, os: area os, hci: area hci}, shape: [1, 1, 1]}
""",
        courses="""
CS 411: {areas: [ai, db]}
CS 412: {areas: [ai]}
CS 423: {areas: [os]}
CS 425: {areas: [os]}
""",
    )
    have = passed("CS 411", "CS 412", "CS 423", "CS 425")
    good = {"breadth": ["CS 411 @ db", "CS 412 @ ai", "CS 423 @ os"]}
    bad = {"breadth": ["CS 412 @ ai", "CS 423 @ os", "CS 425 @ os"]}
    assert judge_it(found, have, good).degree is Standing.MET
    assert judge_it(found, have, bad).degree is Standing.UNMET


def test_05_number_patterns_with_additions_exclusions_and_topics(tmp_path: Path) -> None:
    """Columbia 41xx and Illinois CS 498 by topic, each topic once more."""
    found = rules(
        tmp_path,
        """
requirements:
  all:
    - id: breadth
      fill: {courses: 1, from: "(subject COMS and number 41xx or COMS 4236) except COMS 4170"}
    - id: topics
      fill: {courses: 2, from: ['CS 498 "nlp"', 'CS 498 "vision"']}
""",
        courses="CS 498: {repeatable: topic}\nCOMS 4118: {}",
    )
    have = [
        *passed("COMS 4118", "COMS 4170"),
        taken("CS 498", topic="nlp", id="nlp"),
        taken("CS 498", topic="vision", id="vision"),
        taken("CS 498", topic="art", id="art"),
    ]
    good = judge_it(found, have, {"breadth": "COMS 4118", "topics": ["nlp", "vision"]})
    assert good.degree is Standing.MET
    assert faulted(judge_it(found, have, {"breadth": "COMS 4170"})) == {"breadth"}
    assert faulted(judge_it(found, have, {"topics": ["nlp", "art"]})) == {"topics"}


def test_06_breadth_and_track_at_once_credits_once_and_one_of_twins(tmp_path: Path) -> None:
    found = rules(
        tmp_path,
        """
requirements:
  total: {credits: 6}
  all:
    - {id: breadth, fill: {courses: 1, from: [COMS 4111, COMS 4701]}}
    - {id: track, fill: {courses: 1, from: [COMS 4701, COMS 4771]}}
    - {id: free, fill: {credits: rest, from: any}}
rules:
  - {id: both, overlap: {between: [breadth, track]}}
  - {id: twins, at_most: {courses: 1, of: [COMS 4771, COMS 4721]}}
""",
    )
    have = passed("COMS 4701", "COMS 4771", "COMS 4721")
    shared = {"breadth": "COMS 4701", "track": "COMS 4701"}
    assert judge_it(found, have, shared).degree is Standing.UNMET
    assert judge_it(found, have, {**shared, "free": "COMS 4771"}).degree is Standing.MET
    twins = {"breadth": "COMS 4701", "track": "COMS 4771", "free": "COMS 4721"}
    assert "twins" in faulted(judge_it(found, have, twins))


def test_07_levels_that_pull_apart(tmp_path: Path) -> None:
    """Columbia: six points at 6000 level while breadth forbids it; JHU: one 700 in the focus."""
    found = rules(
        tmp_path,
        """
requirements:
  all:
    - {id: breadth, fill: {courses: 2, from: any except level 6000}}
    - {id: focus, fill: {courses: 2, from: any}}
    - {id: advanced, at_least: {credits: 6, of: level >= 6000}}
    - {id: in-focus, at_least: {courses: 1, of: level >= 6000, in: [focus]}}
""",
    )
    low, high = ["COMS 4111", "COMS 4118"], ["COMS 6111", "COMS 6118"]
    have = passed(*low, *high, "COMS 4701")
    assert judge_it(found, have, {"breadth": low, "focus": high}).degree is Standing.MET
    mixed = judge_it(found, have, {"breadth": low, "focus": ["COMS 6111", "COMS 4701"]})
    assert mixed.standing("advanced") is Standing.UNMET
    assert mixed.standing("in-focus") is Standing.MET
    assert faulted(judge_it(found, have, {"breadth": high})) == {"breadth"}


def test_08_caps_by_attribute_across_blocks(tmp_path: Path) -> None:
    """OMSCS: six credits outside the field or at 4000 level; internships count nothing."""
    found = rules(
        tmp_path,
        """
requirements:
  total: {credits: 9}
  all:
    - {id: core, fill: {credits: 3, from: any}}
    - {id: free, fill: {credits: rest, from: any}}
    - {id: outside, at_most: {credits: 3, of: "level 4000 or (any except subject CS, CSE)"}}
    - {id: internship, at_most: {credits: 0, of: attribute internship}}
""",
        courses="""
CS 6999: {attributes: [internship]}
CS 6601: {}
CS 7641: {}
CS 4641: {}
MATH 6001: {}
""",
    )
    have = [*passed("CS 6601", "CS 7641", "CS 6999"), *passed("MATH 6001", "CS 4641")]
    assert judge_it(found, have, {"core": "CS 6601", "free": ["CS 7641", "CS 4641"]}).degree is (
        Standing.MET
    )
    much = judge_it(found, have, {"core": "MATH 6001", "free": ["CS 7641", "CS 4641"]})
    assert faulted(much) == {"outside"}
    paid = judge_it(found, have, {"core": "CS 6601", "free": ["CS 7641", "CS 6999"]})
    assert faulted(paid) == {"internship"}


def test_09_a_number_range_with_one_capped_exception_and_open_sharing(tmp_path: Path) -> None:
    """Illinois 500-590 with four hours of CS 591; what may be shared is disputed."""
    text = """
disputes:
  sharing: {readings: {shared: page A, apart: page B}, why: the source leaves it open}
requirements:
  all:
    - {id: advanced, fill: {courses: 2, from: number 500-590 or CS 591}}
    - {id: seminar, at_most: {courses: 1, of: CS 591}}
    - {id: breadth, fill: {courses: 1, from: any}}
rules:
  - reading:
      id: sharing
      shared: {id: both, overlap: {between: [advanced, breadth]}}
      apart: nothing
"""
    courses = "CS 591: {repeatable: period, credits: 3}\nCS 510: {}\nCS 512: {}"
    one = rules(tmp_path / "a", text, reading={"sharing": "shared"}, courses=courses)
    two = rules(tmp_path / "b", text, reading={"sharing": "apart"}, courses=courses)
    have = [
        *passed("CS 510", "CS 512"),
        taken("CS 591", when="Fall 2024", id="s1"),
        taken("CS 591", when="Fall 2025", id="s2"),
    ]
    placed = {"advanced": ["CS 510", "CS 512"], "breadth": "CS 510"}
    assert judge_it(one, have, placed).degree is Standing.MET
    assert faulted(judge_it(two, have, placed)) == {"breadth"}
    seminars = {"advanced": ["s1", "s2"], "breadth": "CS 510"}
    assert "seminar" in faulted(judge_it(one, have, seminars))


def test_10_exactly_one_pathway_and_all_of_it(tmp_path: Path) -> None:
    found = rules(
        tmp_path,
        """
requirements:
  all:
    - id: pathway
      any:
        - {id: stats, all: [DTSA 5001, DTSA 5002]}
        - {id: cs, all: [CSCA 5414, CSCA 5424]}
""",
    )
    have = passed("DTSA 5001", "DTSA 5002", "CSCA 5414")
    both = {"DTSA 5001": "DTSA 5001", "DTSA 5002": "DTSA 5002"}
    assert judge_it(found, have, both, chosen={"pathway": "stats"}).degree is Standing.MET
    mixed = {"DTSA 5001": "DTSA 5001", "CSCA 5414": "CSCA 5414"}
    assert not judge_it(found, have, mixed, chosen={"pathway": "stats"}).is_valid


def test_11_waivers_that_refill_and_waivers_that_replace(tmp_path: Path) -> None:
    """MSOE: CSC 5201 may be replaced under an AND; at most one waiver, none after a follow-on."""
    text = """
requirements:
  total: {credits: 6}
  all:
    - {id: core, fill: {courses: 1, from: CSC 5120}}
    - when:
        if: background("data structures") and background("algorithms")
        may: yes
        then: {id: replaced, fill: {courses: 1, from: CSC 6621}}
        else: {id: required, fill: {courses: 1, from: CSC 5201}}
    - {id: free, fill: {credits: rest, from: any}}
    - {id: waivers, at_most: {courses: 1, of: source waiver}}
rules:
  - {id: too-late, exclude: {course: CSC 5120, if: CSC 6621}}
"""
    both = frozenset({"data structures", "algorithms"})
    known = rules(tmp_path / "a", text, person=knowing(background=both))
    plain = rules(tmp_path / "b", text, person=knowing(background=frozenset()))
    refill = [waived("CSC 5120"), *passed("CSC 5201", "CSC 5610")]
    placed = {"core": "CSC 5120", "required": "CSC 5201", "free": "CSC 5610"}
    assert judge_it(plain, refill, placed).degree is Standing.MET
    assert judge_it(plain, refill, {**placed, "free": []}).degree is Standing.UNMET
    option = next(c.header.id for c in known.tree.children if c.header.id.endswith("required"))
    other = passed("CSC 5120", "CSC 6621", grade="A")
    replaced = {"core": "CSC 5120", "replaced": "CSC 6621"}
    late = judge_it(known, other, replaced, chosen={option: "replaced"})
    assert not late.is_valid, "CSC 5120 after its follow-on earns nothing"
    early = [taken("CSC 6621"), *passed("CSC 5610")]
    assert (
        judge_it(
            known, early, {"replaced": "CSC 6621", "free": "CSC 5610"}, chosen={option: "replaced"}
        ).standing("replaced")
        is Standing.MET
    )
    assert faulted(judge_it(plain, [waived("CSC 5120"), taken("CSC 6621")], {"core": "CSC 5120"}))
    two = [waived("CSC 5120"), waived("CSC 5201")]
    assert "waivers" in faulted(judge_it(plain, two, {"core": "CSC 5120", "required": "CSC 5201"}))


def test_12_no_credit_for_a_after_b_and_c(tmp_path: Path) -> None:
    found = rules(
        tmp_path,
        """
requirements: {all: [{id: all, fill: {courses: 1, from: CSC 5610}}]}
rules:
  - {id: anti, exclude: {course: CSC 5610, if: CSC 2611 and CSC 2621}}
""",
        school="external: [CSC 2611, CSC 2621]\n",
    )
    one, both = [transfer("CSC 2611")], [transfer("CSC 2611"), transfer("CSC 2621")]
    assert judge_it(found, [*one, taken("CSC 5610")], {"all": "CSC 5610"}).degree is Standing.MET
    assert faulted(judge_it(found, [*both, taken("CSC 5610")], {"all": "CSC 5610"})) == {"all"}
    assert one[0].source is CreditSource.TRANSFER
