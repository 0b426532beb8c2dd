"""What an answer was found from, lent to the next question and given back as it was."""

from __future__ import annotations

import datetime as dt
import pickle
from dataclasses import replace

import pytest
from tests.degrees import START, TODAY, course, degree, leaf, usd

from prospectus.domain.course import CourseCode
from prospectus.domain.fees import Fee, FeePer
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Level, Student, Wishes
from prospectus.domain.wish import Placed
from prospectus.planning.again import plan_again
from prospectus.planning.kept import MOST_LOANS, Kept
from prospectus.planning.result import PlanResult, PlanStatus
from prospectus.planning.search import Search
from prospectus.planning.solve import plan

RECORD = Record(matriculation=START)
CODES = ("AA 500", "AA 501", "AA 502")


def rules() -> Resolved:
    courses = [course(code, hours=9) for code in CODES]
    return degree(leaf("core", CODES, 2), courses=courses)


def me(**wishes: object) -> Student:
    asked = Wishes(hours_per_week=10, **wishes)  # type: ignore[arg-type]
    return Student(matriculation=START, plan_from=START, wishes=asked)


def pinned(code: str, resolved: Resolved, leaf: int) -> Student:
    day = resolved.calendar.leaves[leaf].start
    return me(about=(Placed(course=CourseCode(code), first=day, last=day),))


def begun(result: PlanResult, resolved: Resolved) -> dict[str, int]:
    """Return the leaf period in which each course of a plan begins."""
    assert result.plan is not None
    leaves_of = resolved.calendar.leaves_of
    return {str(one.course): leaves_of(one.periods[0])[0] for one in result.plan.attempts}


def kept_of(result: PlanResult) -> Kept:
    assert result.kept is not None
    return result.kept


def again(student: Student, resolved: Resolved, before: PlanResult) -> PlanResult:
    return plan_again(resolved, student, RECORD, TODAY, before=before, asked=me())


def _no_model(*_: object) -> None:
    pytest.fail("a model is built anew")


def test_a_pin_inside_the_plan_is_asked_of_the_model_that_there_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolved = rules()
    before = plan(resolved, me(), RECORD, TODAY)
    places = begun(before, resolved)
    other = next(code for code in CODES if code not in places)
    with monkeypatch.context() as patched:
        patched.setattr(Search, "build", _no_model)
        found = again(pinned(other, resolved, min(places.values())), resolved, before)
    assert begun(found, resolved)[other] == min(places.values())
    assert found.status is PlanStatus.OPTIMAL


def test_a_model_is_given_back_as_it_was() -> None:
    resolved = rules()
    before = plan(resolved, me(), RECORD, TODAY)
    found = kept_of(before).found
    assert found is not None
    store = found.model.store
    proto = store.model.model_proto
    bounds = [[*one.domain] for one in proto.variables]
    said = [str(one) for one in proto.constraints]
    for code in CODES:
        again(pinned(code, resolved, begun(before, resolved)["AA 501"]), resolved, before)
    assert [[*one.domain] for one in proto.variables][: len(bounds)] == bounds
    assert [str(one) for one in proto.constraints][: len(said)] == said
    assert not kept_of(before).lock.locked()


def test_pins_asked_in_turn_from_one_answer_do_not_add_up() -> None:
    resolved = rules()
    before = plan(resolved, me(), RECORD, TODAY)
    last = max(begun(before, resolved).values())
    for code in (*CODES, *CODES):
        found = again(pinned(code, resolved, last), resolved, before)
        cold = plan(resolved, pinned(code, resolved, last), RECORD, TODAY)
        assert found.levels == cold.levels


def test_a_pin_after_the_end_of_the_plan_makes_it_longer() -> None:
    resolved = rules()
    before = plan(resolved, me(), RECORD, TODAY)
    later = max(begun(before, resolved).values()) + 1
    found = again(pinned("AA 500", resolved, later), resolved, before)
    cold = plan(resolved, pinned("AA 500", resolved, later), RECORD, TODAY)
    assert begun(found, resolved)["AA 500"] == later
    assert found.levels == cold.levels


def test_while_another_has_the_model_the_answer_is_the_same() -> None:
    resolved = rules()
    before = plan(resolved, me(), RECORD, TODAY)
    student = pinned("AA 501", resolved, max(begun(before, resolved).values()))
    alone = again(student, resolved, before)
    with kept_of(before).lock:
        assert again(student, resolved, before).levels == alone.levels


def test_it_does_not_suit_another_record_or_day() -> None:
    resolved = rules()
    kept = kept_of(plan(resolved, me(), RECORD, TODAY))
    assert kept.suits(resolved, RECORD, TODAY)
    assert not kept.suits(resolved, Record(matriculation=None), TODAY)
    assert not kept.suits(resolved, RECORD, TODAY + dt.timedelta(days=1))


def test_nothing_of_it_goes_to_another_process() -> None:
    before = plan(rules(), me(), RECORD, TODAY)
    sent = pickle.loads(pickle.dumps(before))
    assert sent == before
    assert sent.kept is None


def test_a_pin_that_the_plan_keeps_anyway_is_not_lost_for_the_next_one() -> None:
    resolved = rules()
    before = plan(resolved, me(), RECORD, TODAY)
    places = begun(before, resolved)
    code, leaf = next(iter(places.items()))
    first = pinned(code, resolved, leaf)
    kept = again(first, resolved, before)
    assert kept == before
    assert kept.kept is None
    other = next(one for one in places if one != code)
    more = (*first.wishes.about, *pinned(other, resolved, leaf).wishes.about)
    found = plan_again(resolved, me(about=more), RECORD, TODAY, before=kept, asked=first)
    cold = plan(resolved, me(about=more), RECORD, TODAY)
    assert found.status is cold.status
    assert found.levels == cold.levels
    if found.plan is not None:
        assert begun(found, resolved)[code] == leaf


def test_an_answer_with_pins_lends_no_model() -> None:
    resolved = rules()
    before = plan(resolved, me(), RECORD, TODAY)
    later = max(begun(before, resolved).values()) + 1
    assert again(pinned("AA 500", resolved, later), resolved, before).kept is None


def test_a_model_is_lent_so_often_and_no_more() -> None:
    resolved = rules()
    kept = kept_of(plan(resolved, me(), RECORD, TODAY))
    lent = []
    for _ in range(MOST_LOANS + 2):
        with kept.pinned(()) as model:
            lent.append(model is not None)
    assert lent == [True] * MOST_LOANS + [False] * 2


def test_where_a_goal_is_missed_for_a_pin_the_cost_is_not_bounded_as_if_it_were_kept() -> None:
    codes = [f"AA 5{n:02}" for n in range(16)]
    cheap = ("AA 507", "AA 509")
    courses = [course(code, 3 if code in cheap else 6, hours=5) for code in codes]
    fee = Fee(id="tuition", per=FeePer.CREDIT, amount=usd(100))
    resolved = degree(leaf("core", codes, 2), courses=courses, school={"fees": (fee,)})
    leaves = resolved.calendar.leaves

    def asking(*about: Placed) -> Student:
        wishes = Wishes(
            hours_per_week=15,
            levels=(Level.GOALS, Level.FINISH, Level.COST),
            wanted=(CourseCode("AA 503"),),
            goals=frozenset({"wanted AA 503"}),
            about=about,
        )
        return Student(matriculation=START, plan_from=START, wishes=wishes)

    days = {"first": leaves[0].start, "last": leaves[-1].start}
    never = asking(Placed(course=CourseCode("AA 503"), inside=False, **days))
    before = plan(resolved, asking(), RECORD, TODAY)
    found = plan_again(resolved, never, RECORD, TODAY, before=before, asked=asking())
    assert found.status is PlanStatus.OPTIMAL
    assert found.levels == plan(resolved, never, RECORD, TODAY).levels


def test_an_answer_under_limits_keeps_nothing() -> None:
    resolved = rules()
    finish = plan(resolved, me(), RECORD, TODAY).levels[0]
    assert finish.value is not None
    limited = plan(resolved, me(), RECORD, TODAY, limits={finish.level: int(finish.value) + 90})
    assert limited.kept is None


def test_two_answers_are_equal_whatever_they_keep() -> None:
    before = plan(rules(), me(), RECORD, TODAY)
    assert replace(before, kept=None) == before
