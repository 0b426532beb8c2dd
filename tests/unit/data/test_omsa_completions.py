"""Three degrees that graduates of the Analytics programme tell of, judged by its rules.

Each comes out complete under both readings of ISYE 6740. Whether a record is complete is asked of
the solver: does a witness exist with nothing more to take, and does the definition accept it?
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from bundled_records import TODAY, attempt, judged, passed, planned

from prospectus.app.options import on_track
from prospectus.catalogs.load import Catalog
from prospectus.domain.meaning import judge
from prospectus.domain.plan import Standing, Verdict
from prospectus.domain.program import Resolved
from prospectus.domain.record import ApprovalState, CreditSource, Record
from prospectus.domain.student import Level, Student, Wishes
from prospectus.planning.result import PlanStatus
from prospectus.planning.solve import plan

BUSINESS = "business-analytics"
TOOLS = "analytical-tools"
COMPUTATIONAL = "computational-data-analytics"

# the terms of the first graduate, as far as the source tells them
FALL_2021_TERMS = [
    ["CSE 6040", "ISYE 6501"],
    ["MGT 8803"],
    ["ISYE 6644"],
    ["ISYE 6414"],
    ["MGT 6203"],
    ["ISYE 6740", "MGT 8823"],
    ["CSE 6242"],
    ["MGT 6311"],
    ["MGT 6748"],
]
FALL_2021 = [code for term in FALL_2021_TERMS for code in term]
FALL_2024 = [
    *["ISYE 6501", "MGT 6203", "CSE 6040", "MGT 8803", "ISYE 6644", "CS 6750", "CS 7646"],
    *["ISYE 6740", "CSE 6242", "ISYE 8803", "CSE 6748"],
]
FALL_2024_FULL_TIME = [
    *["CSE 6040", "ISYE 6501", "ISYE 6644", "MGT 8803", "ISYE 6740", "MGT 6203", "CSE 6242"],
    *["ISYE 8803", "CS 7280", "CSE 8803", "CSE 6748"],
]
COMPLETIONS = {
    "Fall 2021": (BUSINESS, FALL_2021),
    "Fall 2024": (COMPUTATIONAL, FALL_2024),
    "Fall 2024, full time": (COMPUTATIONAL, FALL_2024_FULL_TIME),
}
NUMBERS = ("ISYE 6748", "CSE 6748", "MGT 6748")

ResolveFor = Callable[..., Resolved]
Complete = Callable[..., Verdict | None]


def finished(codes: Iterable[str]) -> Record:
    """Return the record of somebody who passed these courses with B."""
    found = passed(*codes)
    sized = tuple(
        replace(a, credits=a.credits * (2 if a.course in NUMBERS else 1)) for a in found.attempts
    )
    return replace(found, matriculation=dt.date(2019, 1, 1), attempts=sized)


@pytest.fixture(scope="module")
def complete(catalog: Catalog, resolved_for: ResolveFor) -> Complete:
    """Return the verdict on a record that needs nothing more, None where it needs something."""

    def judge_it(record: Record, track: str, reading: str = "once") -> Verdict | None:
        resolved = resolved_for("gatech-omsa", ("isye-6740", reading))
        wishes = Wishes(hours_per_week=None, hours_are_assumed=False, levels=(Level.FINISH,))
        student = Student(
            matriculation=dt.date(2019, 1, 1), plan_from=TODAY, record=record, wishes=wishes
        )
        student = on_track(student, catalog.program("gatech-omsa"), track)
        result = plan(resolved, student, record, TODAY)
        if result.plan is None:
            assert result.status is PlanStatus.INFEASIBLE
            return None
        if result.plan.attempts:
            return None
        verdict = judge(resolved, record, result.plan.witness, TODAY)
        assert verdict.is_valid
        return verdict

    return judge_it


@pytest.mark.parametrize("reading", ["once", "twice"])
@pytest.mark.parametrize("name", COMPLETIONS)
def test_what_a_graduate_took_is_legal_and_complete(
    complete: Complete, name: str, reading: str
) -> None:
    track, codes = COMPLETIONS[name]
    verdict = complete(finished(codes), track, reading)
    assert verdict is not None
    assert verdict.is_legal
    assert verdict.degree is Standing.MET
    assert {seen.standing for seen in verdict.nodes} == {Standing.MET}


@pytest.mark.parametrize("name", COMPLETIONS)
def test_none_of_their_courses_could_have_been_left_out(complete: Complete, name: str) -> None:
    track, codes = COMPLETIONS[name]
    for left_out in codes:
        record = finished(code for code in codes if code != left_out)
        assert complete(record, track) is None, left_out


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Fall 2021", COMPUTATIONAL),  # ISYE 6740 is there, two computing courses are not
        ("Fall 2021", TOOLS),
        ("Fall 2024", BUSINESS),
        ("Fall 2024, full time", TOOLS),
    ],
)
def test_a_graduate_of_one_track_has_not_finished_another(
    complete: Complete, name: str, other: str
) -> None:
    assert complete(finished(COMPLETIONS[name][1]), other) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("MGT 8803", "MGT 6754"),  # the same course under its own number
        ("ISYE 8803", "ISYE 6525"),
        ("CSE 6748", "ISYE 6748"),  # one requirement, three numbers
        ("CSE 6748", "MGT 6748"),
        ("CS 6750", "CS 7643"),
    ],
)
def test_another_course_of_the_same_list_or_another_number_does_as_well(
    complete: Complete, old: str, new: str
) -> None:
    record = finished(new if code == old else code for code in FALL_2024)
    assert complete(record, COMPUTATIONAL) is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ISYE 6644", "ISYE 6414"),  # no operations research
        ("CS 7646", "MGT 6311"),  # two computing courses
        ("ISYE 6740", "ISYE 6414"),  # the course that the track requires by name
        ("CSE 6242", "CS 7643"),
        ("MGT 6203", "MGT 6311"),
        ("CSE 6040", "CS 7643"),  # a core course that nobody waived
        ("CS 6750", "CS 7641"),  # no section of this degree
    ],
)
def test_a_course_of_another_list_does_not_do(complete: Complete, old: str, new: str) -> None:
    record = finished(new if code == old else code for code in FALL_2024)
    assert complete(record, COMPUTATIONAL) is None


def test_the_reading_decides_where_isye_6740_would_have_to_serve_both_lists(
    complete: Complete,
) -> None:
    record = finished("MGT 6311" if code == "CS 7646" else code for code in FALL_2024)
    assert complete(record, COMPUTATIONAL, "once") is None
    assert complete(record, COMPUTATIONAL, "twice") is not None


ANALYTICAL_TOOLS = [
    *["CSE 6040", "ISYE 6501", "MGT 8803", "MGT 6203", "CSE 6242", "ISYE 6414", "ISYE 6740"],
    *["ISYE 6525", "ISYE 6644", "ISYE 6669", "ISYE 6748"],
]


def test_five_courses_of_statistics_and_operations_research_finish_analytical_tools(
    complete: Complete,
) -> None:
    assert complete(finished(ANALYTICAL_TOOLS), TOOLS) is not None
    swapped = ["MGT 6311" if code == "ISYE 6669" else code for code in ANALYTICAL_TOOLS]
    assert complete(finished(swapped), TOOLS) is None


def test_a_second_number_of_the_practicum_is_no_elective(complete: Complete) -> None:
    swapped = ["MGT 6748" if code == "CSE 6040" else code for code in ANALYTICAL_TOOLS]
    waiver = replace(attempt("CSE 6040", credits=0), source=CreditSource.WAIVER)
    record = finished(swapped)
    record = replace(record, attempts=(*record.attempts, waiver))
    assert sum(a.credits for a in record.attempts) == 39
    assert complete(record, TOOLS) is None


def test_two_courses_from_the_micromasters_count_without_a_grade(complete: Complete) -> None:
    brought = ("ISYE 6501", "CSE 6040")
    record = finished(FALL_2024)
    changed = tuple(
        replace(a, source=CreditSource.CREDENTIAL, grade=None) if a.course in brought else a
        for a in record.attempts
    )
    verdict = complete(replace(record, attempts=changed), COMPUTATIONAL)
    assert verdict is not None
    assert verdict.degree is Standing.MET


def test_more_than_nine_credits_from_a_credential_do_not_count(complete: Complete) -> None:
    brought = ("ISYE 6501", "CSE 6040", "MGT 6203", "CS 6750")
    record = finished(FALL_2024)
    changed = tuple(
        replace(a, source=CreditSource.CREDENTIAL, grade=None) if a.course in brought else a
        for a in record.attempts
    )
    assert complete(replace(record, attempts=changed), COMPUTATIONAL) is None


def test_a_waived_core_course_opens_an_elective_and_the_total_stays(complete: Complete) -> None:
    others = [code for code in FALL_2021 if code != "CSE 6040"]
    record = finished(others)
    waiver = replace(attempt("CSE 6040", credits=0), source=CreditSource.WAIVER)
    waived = replace(record, attempts=(*record.attempts, waiver))
    assert complete(waived, BUSINESS) is None
    filled = finished([*others, "CS 7643"])
    filled = replace(filled, attempts=(*filled.attempts, waiver))
    verdict = complete(filled, BUSINESS)
    assert verdict is not None
    assert verdict.degree is Standing.MET


def test_no_credit_for_isye_6740_after_another_introduction_to_machine_learning(
    complete: Complete,
) -> None:
    record = finished(FALL_2024)
    earlier = attempt("CSE 6740", grade="B")
    assert complete(replace(record, attempts=(earlier, *record.attempts)), COMPUTATIONAL) is None


SEASONS = ("Spring", "Summer", "Fall")


def future(terms: list[list[str]]) -> Record:
    """Return these terms as planned ones from Spring 2027 on."""
    names = [f"{season} {year}" for year in (2027, 2028, 2029) for season in SEASONS]
    return Record(
        matriculation=dt.date(2027, 1, 1),
        attempts=tuple(
            planned(code, name, credits=6 if code in NUMBERS else 3)
            for name, codes in zip(names, terms, strict=False)
            for code in codes
        ),
    )


@pytest.mark.parametrize("reading", ["once", "twice"])
def test_the_terms_of_the_first_graduate_are_a_legal_plan_today(
    complete: Complete, reading: str
) -> None:
    verdict = complete(future(FALL_2021_TERMS), BUSINESS, reading)
    assert verdict is not None
    assert verdict.is_legal
    assert verdict.degree is Standing.PLANNED


BESIDE = [*FALL_2021_TERMS[:6], ["CSE 6242", "MGT 6748"], ["MGT 6311"]]


@pytest.mark.parametrize(
    ("terms", "broken"),
    [
        ([*FALL_2021_TERMS[:6], ["MGT 6748"], ["MGT 6311"], ["CSE 6242"]], "requisite MGT 6748"),
        ([["CSE 6040", "ISYE 6501", "MGT 8803"], *FALL_2021_TERMS[2:]], "two-courses"),
    ],
    ids=["the practicum before CSE 6242", "three courses in a term"],
)
def test_a_plan_keeps_the_order_and_the_load(
    resolved_for: ResolveFor, terms: list[list[str]], broken: str
) -> None:
    resolved = resolved_for("gatech-omsa", ("isye-6740", "once"))
    verdict = judged(resolved, future(terms), {}, ("track", BUSINESS))
    assert {breach.rule for breach in verdict.breaches} == {broken}


@pytest.mark.parametrize(
    ("state", "n_breaches", "n_notes"),
    [
        (ApprovalState.OPEN, 0, 1),  # not yet certain
        (ApprovalState.GRANTED, 0, 0),
        (ApprovalState.REFUSED, 1, 0),
    ],
)
def test_the_practicum_stands_beside_cse_6242_only_where_an_appeal_is_granted(
    resolved_for: ResolveFor, state: ApprovalState, n_breaches: int, n_notes: int
) -> None:
    resolved = resolved_for("gatech-omsa", ("isye-6740", "once"))
    record = replace(future(BESIDE), approvals=(("practicum appeal", state),))
    verdict = judged(resolved, record, {}, ("track", BUSINESS))
    rule = "requisite MGT 6748"
    assert [breach.rule for breach in verdict.breaches] == [rule] * n_breaches
    assert [note.rule for note in verdict.notes if note.rule == rule] == [rule] * n_notes
