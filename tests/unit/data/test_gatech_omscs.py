"""Facts of the OMSCS files against the numbers of their sources."""

import datetime as dt
from collections.abc import Callable
from fractions import Fraction

import pytest
from bundled_records import TODAY, judged, leaf, node, passed, planned

from prospectus.domain.course import CourseCode
from prospectus.domain.expression import CodeIs, InNode, InSet, Selector, Union
from prospectus.domain.facts import Certainty
from prospectus.domain.meaning import appraise
from prospectus.domain.period import PeriodId
from prospectus.domain.plan import Standing, Witness
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, Basis, Record
from prospectus.domain.requirement import All
from prospectus.domain.rule import Gate, TermsCount
from prospectus.domain.student import Student


@pytest.fixture(scope="module")
def omscs(resolved_for: Callable[..., Resolved]) -> Resolved:
    """OMSCS of 2026-27."""
    return resolved_for("gatech-omscs")


def online(resolved: Resolved, id: str) -> set[str]:
    """Return the courses of the catalogue that a leaf itself lists, without overflow."""
    found: set[str] = set()
    stack: list[Selector] = [leaf(resolved, id).from_]
    while stack:
        match stack.pop():
            case Union(items=items):
                stack += items
            case CodeIs(code=code):
                found.add(code)
            case InSet(name=name):
                stack.append(resolved.sets[name])
    return found & set(resolved.courses)


def cost(resolved: Resolved, *attempts: Attempt) -> int:
    student = Student(matriculation=dt.date(2026, 8, 24), plan_from=dt.date(2026, 8, 24))
    found = appraise(resolved, student, Record(attempts=attempts), Witness(), TODAY)
    assert found.cost is not None
    return found.cost.minor // 100


def test_it_has_seventy_seven_degree_courses_and_the_seminar(omscs: Resolved) -> None:
    courses = omscs.courses.values()
    assert sum(course.counts_credit for course in courses) == 77
    assert [course.code for course in courses if not course.counts_credit] == ["CS 8001"]
    assert all(course.credits_low == 3 for course in courses if course.counts_credit)


def test_fifty_one_courses_are_foundational_and_thirteen_are_outside_cs_and_cse(
    omscs: Resolved,
) -> None:
    courses = [course for course in omscs.courses.values() if course.counts_credit]
    assert sum("foundational" in course.attributes for course in courses) == 51
    assert sum(course.subject not in ("CS", "CSE") for course in courses) == 13


def test_no_prerequisite_is_enforced(omscs: Resolved) -> None:
    for course in omscs.courses.values():
        assert course.requisite is None
        assert course.requisite_stated


@pytest.mark.parametrize(
    ("id", "n_asked", "n_online"),
    [
        ("ai-algorithms", 1, 2),
        ("ai-core", 2, 6),
        ("ai-elective", 2, 6),
        ("cpr-algorithms", 1, 1),
        ("cpr-core", 1, 2),
        ("cpr-elective", 3, 6),
        ("cg-core", 1, 3),
        ("cg-algorithms", 1, 1),
        ("cg-elective", 3, 5),
        ("cs-algorithms", 1, 1),
        ("cs-core", 2, 5),
        ("cs-elective", 3, 21),
        ("hci-interface", 1, 1),
        ("hci-core", 1, 1),
        ("hci-elective", 3, 8),
        ("ml-algorithms", 1, 1),
        ("ml-core", 1, 1),
        ("ml-elective", 3, 13),
    ],
)
def test_each_list_of_a_specialization_has_the_online_courses_of_its_page(
    omscs: Resolved, id: str, n_asked: int, n_online: int
) -> None:
    fill = leaf(omscs, id)
    assert fill.courses is not None
    assert fill.courses.low == n_asked
    assert fill.min_grade == "B"
    assert len(online(omscs, id)) == n_online


def test_lists_that_a_reader_would_look_up(omscs: Resolved) -> None:
    assert online(omscs, "ai-algorithms") == {"CS 6300", "CS 6515"}
    assert online(omscs, "cpr-core") == {"CS 6601", "CS 7641"}
    assert online(omscs, "hci-interface") == {"CS 7470"}
    assert online(omscs, "ml-core") == {"CS 7641"}


@pytest.mark.parametrize(
    ("track", "n_credits"),
    [("ai", 15), ("cpr", 15), ("cg", 15), ("cs", 18), ("hci", 15), ("ml", 15)],
)
def test_a_specialization_asks_its_credits(omscs: Resolved, track: str, n_credits: int) -> None:
    specialization = node(omscs, track)
    assert isinstance(specialization, All)
    sizes = [leaf(omscs, child.header.id).courses.low for child in specialization.children]
    assert 3 * sum(sizes) == n_credits


def test_surplus_core_overflows_only_in_ai_and_computing_systems(omscs: Resolved) -> None:
    for track in ("ai", "cpr", "cg", "cs", "hci", "ml"):
        wide = leaf(omscs, f"{track}-elective").from_
        assert isinstance(wide, Union)
        overflows = any(isinstance(item, InNode) for item in wide.items)
        assert overflows is (track in ("ai", "cs"))


def test_an_extra_ai_core_course_fills_an_ai_elective(omscs: Resolved) -> None:
    record = passed("CS 6601", "CS 7641", "CS 7637")
    held = {"ai-core": ["CS 6601", "CS 7641"], "ai-elective": "CS 7637"}
    verdict = judged(omscs, record, held, ("specialization", "ai"))
    assert verdict.is_valid
    assert verdict.standing("ai-core") is Standing.MET


def test_a_second_cpr_core_course_fills_no_cpr_elective(omscs: Resolved) -> None:
    record = passed("CS 6601", "CS 7641")
    held = {"cpr-core": "CS 6601", "cpr-elective": "CS 7641"}
    assert not judged(omscs, record, held, ("specialization", "cpr")).is_valid
    held = {"cpr-core": "CS 6601", "free": "CS 7641"}
    assert judged(omscs, record, held, ("specialization", "cpr")).is_valid


def test_an_extra_ml_core_course_fills_no_ml_elective(omscs: Resolved) -> None:
    record = passed("CS 7641", "CSE 6740")
    held = {"ml-core": "CS 7641", "ml-elective": "CSE 6740"}
    assert not judged(omscs, record, held, ("specialization", "ml")).is_valid


def test_perception_alone_does_not_meet_the_cpr_electives(omscs: Resolved) -> None:
    seen = ["CS 6475", "CS 6476", "CS 7650"]
    verdict = judged(omscs, passed(*seen), {"cpr-elective": seen}, ("specialization", "cpr"))
    assert verdict.standing("cpr-elective") is Standing.UNMET
    both = ["CS 6475", "CS 6476", "CS 7638"]
    verdict = judged(omscs, passed(*both), {"cpr-elective": both}, ("specialization", "cpr"))
    assert verdict.standing("cpr-elective") is Standing.MET


def test_a_special_topic_counts_for_computing_systems_only_once_confirmed(
    omscs: Resolved,
) -> None:
    systems = ["CS 6035", "CS 6200"]
    record = passed(*systems, "CS 8803 O25")
    held = {"cs-elective": [*systems, "CS 8803 O25"]}
    verdict = judged(omscs, record, held, ("specialization", "cs"))
    assert verdict.is_valid
    assert verdict.standing("cs-elective") is Standing.PENDING


def test_a_course_listed_but_taught_elsewhere_is_judged_on_a_record(omscs: Resolved) -> None:
    assert "CS 7616" not in omscs.courses
    verdict = judged(omscs, passed("CS 7616"), {"ml-elective": "CS 7616"}, ("specialization", "ml"))
    assert verdict.is_valid


def test_six_credits_of_a_lower_level_or_another_field_count_and_nine_do_not(
    omscs: Resolved,
) -> None:
    outside = ["CS 4641", "MGT 6311", "PUBP 6725"]
    choice = ("specialization", "ml")
    two = judged(omscs, passed(*outside), {"free": outside[:2]}, choice)
    assert two.is_valid
    assert not judged(omscs, passed(*outside), {"free": outside}, choice).is_valid


def test_twenty_four_credits_of_cs_are_a_requirement_of_their_own(omscs: Resolved) -> None:
    verdict = judged(omscs, passed("CS 7641"), {"ml-core": "CS 7641"}, ("specialization", "ml"))
    assert verdict.standing("systems-credits") is Standing.UNMET


def test_a_foundational_course_serves_the_specialization_as_well(omscs: Resolved) -> None:
    held = {
        "ml-core": "CS 7641",
        "ml-algorithms": "CS 6515",
        "foundational": ["CS 7641", "CS 6515"],
    }
    verdict = judged(omscs, passed("CS 7641", "CS 6515"), held, ("specialization", "ml"))
    assert verdict.is_valid
    assert verdict.standing("foundational") is Standing.MET


def test_the_gate_locks_all_but_seminars_for_three_terms_and_lifts_after_grades(
    omscs: Resolved,
) -> None:
    (gate,) = [rule for rule in omscs.rules if isinstance(rule, Gate)]
    assert gate.locks is None
    assert gate.by_terms == 3
    assert gate.terms_count is TermsCount.CALENDAR
    assert gate.after_grades


def test_loads_are_seven_seven_five_credits_and_two_two_one_courses(omscs: Resolved) -> None:
    caps = {
        (season, "credits" if load.credits else "courses"): (load.credits or load.courses)
        for load in omscs.program.enrolment.loads
        for season in load.seasons
    }
    most = {key: size.high for key, size in caps.items() if size is not None}
    assert most == {
        ("Fall", "credits"): 7,
        ("Spring", "credits"): 7,
        ("Summer", "credits"): 5,
        ("Fall", "courses"): 2,
        ("Spring", "courses"): 2,
        ("Summer", "courses"): 1,
    }
    assert omscs.program.enrolment.max_months == 72


@pytest.mark.parametrize(
    ("period", "codes", "price"),
    [
        ("Fall 2026", ["CS 7641"], 893),
        ("Spring 2027", ["CS 7641", "CS 8001"], 1439),
        ("Fall 2026", ["CS 7641", "CS 6515"], 1893),
        ("Spring 2027", ["CS 7641", "CS 6515", "CS 8001"], 2120),
        ("Summer 2027", ["CS 7641"], 864),
        ("Summer 2027", ["CS 7641", "CS 8001"], 1363),
    ],
)
def test_a_term_costs_what_the_bursar_prints(
    omscs: Resolved, period: str, codes: list[str], price: int
) -> None:
    taken = [planned(c, period, credits=1 if c == "CS 8001" else 3) for c in codes]
    assert cost(omscs, *taken) == price


SIX_TERMS = {
    "Fall 2026": ["CS 6601", "CS 7641"],
    "Spring 2027": ["CS 6515", "CS 7643"],
    "Summer 2027": ["CS 6603"],
    "Fall 2027": ["CS 7642", "CS 7646"],
    "Spring 2028": ["CS 7650", "CS 7280"],
    "Summer 2028": ["CS 7637"],
}
SIX_TERMS_HELD = {
    "ml-algorithms": "CS 6515",
    "ml-core": "CS 7641",
    "ml-elective": ["CS 7643", "CS 6603", "CS 7642"],
    "free": ["CS 6601", "CS 7646", "CS 7650", "CS 7280", "CS 7637"],
    "foundational": ["CS 6601", "CS 7641"],
}


def in_terms(terms: dict[str, list[str]]) -> list[Attempt]:
    return [planned(code, term) for term, codes in terms.items() for code in codes]


def test_six_terms_cost_9300_at_rates_held_flat(omscs: Resolved) -> None:
    assert cost(omscs, *in_terms(SIX_TERMS)) == 9300


def test_six_terms_from_a_fall_are_a_legal_plan_of_the_degree(omscs: Resolved) -> None:
    verdict = judged(
        omscs,
        Record(attempts=tuple(in_terms(SIX_TERMS))),
        SIX_TERMS_HELD,
        ("specialization", "ml"),
        done={"foundational": ["CS 6601", "CS 7641"]},
    )
    assert verdict.is_legal
    assert verdict.degree is Standing.PLANNED


def test_a_course_that_is_not_foundational_is_locked_in_the_first_term(omscs: Resolved) -> None:
    early = SIX_TERMS | {"Fall 2026": ["CS 6601", "CS 6150"], "Spring 2028": ["CS 7650", "CS 7641"]}
    verdict = judged(
        omscs,
        Record(attempts=tuple(in_terms(early))),
        SIX_TERMS_HELD | {"free": ["CS 6601", "CS 7646", "CS 7650", "CS 6150", "CS 7637"]},
        ("specialization", "ml"),
        done={"foundational": ["CS 6601", "CS 6515"]},
    )
    assert verdict.is_valid
    assert [breach.rule for breach in verdict.breaches] == ["foundational-gate"]


def test_a_third_course_in_a_fall_breaks_the_load(omscs: Resolved) -> None:
    full = SIX_TERMS | {"Fall 2027": ["CS 7642", "CS 7646", "CS 7637"], "Summer 2028": []}
    verdict = judged(
        omscs,
        Record(attempts=tuple(in_terms(full))),
        SIX_TERMS_HELD,
        ("specialization", "ml"),
        done={"foundational": ["CS 6601", "CS 7641"]},
    )
    broken = {breach.rule for breach in verdict.breaches}
    assert broken == {"fall-spring-credits", "fall-spring-courses"}


def test_a_seminar_never_counts_toward_the_degree(omscs: Resolved) -> None:
    seminar = Attempt(
        id="s",
        course=CourseCode("CS 8001"),
        credits=Fraction(1),
        status=AttemptStatus.PASSED,
        grade="S",
        basis=Basis.PASS_FAIL,
    )
    record = Record(attempts=(seminar,))
    verdict = judged(omscs, record, {"free": "s"}, ("specialization", "ml"))
    assert not verdict.is_valid


def test_only_fall_2026_has_published_dates(omscs: Resolved) -> None:
    terms = {term.id: term for term in omscs.calendar.terms}
    fall = terms[PeriodId("Fall 2026")]
    assert (fall.start, fall.end) == (dt.date(2026, 8, 24), dt.date(2026, 12, 17))
    assert [term.id for term in omscs.calendar.terms if term.published] == ["Fall 2026"]
    assert terms[PeriodId("Spring 2027")].provenance.certainty is Certainty.ASSUMED
