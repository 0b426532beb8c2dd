"""LANGUAGE 6, Offering: when courses run, how sure that is, and live sessions."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from tests.degrees import (
    CATALOGUE,
    SESSIONS,
    appraise_it,
    broken,
    calendar,
    degree,
    judge_it,
    leaf,
    noted,
    offered,
    planned,
    taken,
)

from prospectus.domain.course import CourseCode
from prospectus.domain.offering import LiveSession, Offering, OfferingKind, YearParity, runs
from prospectus.domain.plan import Appraisal
from prospectus.domain.program import Resolved
from prospectus.domain.student import FreeTime

CODE = CourseCode("CS 600")
MONDAY = 0


def running_in(*rows: Offering, patterns: object = None) -> Resolved:
    school: dict[str, object] = {"offerings": rows}
    if patterns is not None:
        school["calendar"] = calendar(patterns)  # type: ignore[arg-type]
    return degree(leaf("core", "any", 1), school=school)


def offers(rules: Resolved, *periods: str) -> bool:
    attempt = taken("CS 600", None, status=planned("CS 600").status, periods=periods)
    return not judge_it(rules, [attempt]).breaches


def wishes_broken(found: Appraisal) -> set[str]:
    return {breach.rule for breach in found.wishes_broken}


def test_a_pattern_names_the_seasons() -> None:
    rules = running_in(*offered("CS 600", "Fall"))
    assert offers(rules, "Fall 2026")
    assert not offers(rules, "Spring 2027")


def test_a_pattern_may_run_in_odd_or_even_years() -> None:
    odd = running_in(*offered("CS 600", "Spring", parity=YearParity.ODD))
    assert offers(odd, "Spring 2027")
    assert not offers(odd, "Spring 2028")


def test_a_published_offering_names_its_periods() -> None:
    rules = running_in(Offering(course=CODE, kind=OfferingKind.CERTAIN, periods=("Fall 2026",)))
    assert offers(rules, "Fall 2026")
    assert not offers(rules, "Fall 2027")


def test_a_run_occupies_the_sessions_that_it_names() -> None:
    both = running_in(*offered("CS 600", "Fall", sessions=(1, 2)), patterns=SESSIONS)
    assert offers(both, "Fall 2026 S1", "Fall 2026 S2")
    assert offers(both, "Fall 2026")
    assert not offers(both, "Fall 2026 S1")
    second = running_in(*offered("CS 600", "Fall", sessions=(2,)), patterns=SESSIONS)
    assert offers(second, "Fall 2026 S2")
    assert not offers(second, "Fall 2026 S1")
    any_one = running_in(*offered("CS 600", "Fall", any_session=True), patterns=SESSIONS)
    assert offers(any_one, "Fall 2026 S1")
    assert offers(any_one, "Fall 2026 S2")


def test_an_ordinary_course_takes_its_whole_term() -> None:
    whole = running_in(*offered("CS 600", "Fall"), patterns=SESSIONS)
    assert offers(whole, "Fall 2026")
    assert not offers(whole, "Fall 2026 S1")


def test_the_surest_of_several_statements_stands() -> None:
    rows = (
        *offered("CS 600", "Fall", kind=OfferingKind.LIKELY, share=Fraction(3, 4)),
        Offering(course=CODE, kind=OfferingKind.CERTAIN, periods=("Fall 2026",)),
    )
    kinds = {run.leaves: run.kind for run in runs(rows, calendar())}
    assert sorted(kind.value for kind in kinds.values()).count("certain") == 1


@pytest.mark.parametrize(
    ("share", "expected"), [(Fraction(1, 2), set()), (Fraction(1, 4), {"offerings"})]
)
def test_a_plan_rests_on_likely_offerings_with_an_observed_share_of_half(
    share: Fraction, expected: set[str]
) -> None:
    rules = running_in(*offered("CS 600", "Fall", kind=OfferingKind.LIKELY, share=share))
    assert wishes_broken(appraise_it(rules, [planned("CS 600")])) == expected


def test_the_person_may_ask_for_surer_offerings_or_for_less() -> None:
    rules = running_in(*offered("CS 600", "Fall", kind=OfferingKind.LIKELY, share=Fraction(3, 4)))
    plan = [planned("CS 600")]
    strict = appraise_it(rules, plan, min_offering_share=Fraction(9, 10))
    assert wishes_broken(strict) == {"offerings"}
    rules = running_in(*offered("CS 600", "Fall", kind=OfferingKind.LIKELY, share=Fraction(1, 4)))
    assert wishes_broken(appraise_it(rules, plan, min_offering_share=Fraction(0))) == set()


def test_a_course_without_history_or_pattern_is_not_planned_unless_wanted() -> None:
    rules = running_in()
    plan = [planned("CS 600")]
    assert noted(judge_it(rules, plan)) == {"offering"}
    assert not judge_it(rules, plan).breaches
    assert wishes_broken(appraise_it(rules, plan)) == {"offerings"}
    assert wishes_broken(appraise_it(rules, plan, wanted=(CODE,))) == set()


def test_wanting_a_course_does_not_make_it_run_when_it_does_not() -> None:
    rules = running_in(*offered("CS 600", "Fall"))
    plan = [planned("CS 600", "Spring 2027")]
    assert broken(judge_it(rules, plan)) == {"offering"}
    assert wishes_broken(appraise_it(rules, plan, wanted=(CODE,))) == {"offerings"}


def test_what_is_registered_needs_no_offering() -> None:
    assert not judge_it(running_in(), [taken("CS 600")]).notes


# ------------------------------------------------------------------- live sessions


def live(at: str = "18:00", zone: str = "America/Chicago", *, mandatory: bool = True) -> Resolved:
    session = LiveSession(
        weekday=MONDAY, start=dt.time.fromisoformat(at), minutes=90, zone=zone, mandatory=mandatory
    )
    return running_in(*offered("CS 600", "Fall", "Spring", "Summer", live=(session,)))


def free(start: str, end: str, weekday: int = MONDAY) -> FreeTime:
    return FreeTime(
        weekday=weekday, start=dt.time.fromisoformat(start), end=dt.time.fromisoformat(end)
    )


def fits(rules: Resolved, zone: str, *times: FreeTime, when: str = "Fall 2026") -> bool:
    found = appraise_it(rules, [planned("CS 600", when)], zone=zone, free=times)
    return "live" not in wishes_broken(found)


def test_a_live_session_has_to_lie_in_the_free_hours() -> None:
    assert fits(live(), "America/Chicago", free("18:00", "19:30"))
    assert not fits(live(), "America/Chicago", free("18:00", "19:00"))
    assert not fits(live(), "America/Chicago", free("18:30", "20:00"))
    assert not fits(live(), "America/Chicago", free("18:00", "20:00", weekday=1))


def test_free_hours_are_in_the_persons_own_zone() -> None:
    assert fits(live(), "America/New_York", free("19:00", "20:30"))
    assert not fits(live(), "America/New_York", free("18:00", "19:30"))


def test_a_session_may_fall_on_the_next_day_where_the_person_lives() -> None:
    assert fits(live(), "Asia/Kolkata", free("04:30", "07:00", weekday=1), when="Summer 2027")


def test_zones_that_change_their_clocks_on_different_days_are_compared_on_actual_dates() -> None:
    """Chicago leaves summer time a week after Berlin: one Monday is an hour off."""
    rules = live(at="12:00")
    assert not fits(rules, "Europe/Berlin", free("19:00", "20:30"))
    assert fits(rules, "Europe/Berlin", free("18:00", "20:30"))


def test_a_zone_without_summer_time_sees_the_session_move() -> None:
    rules = live(at="12:00")
    assert not fits(rules, "America/Phoenix", free("10:00", "11:30"))
    assert fits(rules, "America/Phoenix", free("10:00", "12:30"))
    assert fits(rules, "America/Phoenix", free("10:00", "11:30"), when="Summer 2027")


def test_an_optional_session_binds_nobody() -> None:
    assert fits(live(mandatory=False), "America/Chicago", free("08:00", "09:00"))


def test_without_stated_free_hours_live_sessions_do_not_constrain() -> None:
    found = appraise_it(live(), [planned("CS 600")], zone="America/Chicago")
    assert not found.wishes_broken


def test_every_course_of_the_catalogue_runs_in_every_season_of_these_tests() -> None:
    rules = degree(leaf("core", "any", 1))
    assert all(len(rules.runs_of(item.code)) == 51 for item in CATALOGUE)
