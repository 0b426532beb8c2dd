"""Long work: asked for once, done by one, watched by all, and not lost when its worker dies."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import pytest
from ticking_clock import Clock

from prospectus.domain.errors import Fault, MissingError, Place, StaleError, StoreError
from prospectus.store import finished_jobs
from prospectus.store.database import Database
from prospectus.store.jobs import MOST_TRIES, Jobs, JobState

MINUTE = dt.timedelta(minutes=1)


def test_a_job_waits_until_somebody_takes_it(jobs: Jobs) -> None:
    made = jobs.add("compare", {"student": "a", "hours": [10, 20], "zone": None})
    assert made.state is JobState.QUEUED
    assert jobs.get(made.id) == made
    taken = jobs.claim("one")
    assert taken is not None
    assert (taken.id, taken.state, taken.owner) == (made.id, JobState.RUNNING, "one")
    assert taken.params == {"student": "a", "hours": [10, 20], "zone": None}
    assert taken.beat is not None
    assert jobs.claim("two") is None


def test_the_oldest_job_that_a_worker_can_do_is_taken_first(jobs: Jobs) -> None:
    made = [jobs.add(kind, {}).id for kind in ("front", "compare", "compare")]
    taken = [jobs.claim("one", ["compare"]) for _ in range(3)]
    assert [job and job.id for job in taken] == [made[1], made[2], None]
    assert jobs.claim("one", []) is None
    other = jobs.claim("one")
    assert other is not None
    assert other.id == made[0]


def test_jobs_under_way_are_those_of_a_kind_that_have_not_ended(jobs: Jobs) -> None:
    ended, runs, waits = (jobs.add("compare", {"n": n}) for n in range(3))
    jobs.add("front", {})
    jobs.ask_to_stop(ended.id)
    assert jobs.claim("one", ["compare"]) is not None
    assert [job.id for job in jobs.under_way("compare")] == [runs.id, waits.id]


def test_of_workers_that_ask_at_once_each_job_has_one(path: Path) -> None:
    jobs = Jobs(Database(path))
    made = {jobs.add("compare", {"n": n}).id for n in range(10)}
    barrier = threading.Barrier(5)
    taken: list[tuple[str, str]] = []

    def work(owner: str) -> None:
        barrier.wait()
        while (job := jobs.claim(owner)) is not None:
            taken.append((job.id, owner))

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(id for id, _ in taken) == sorted(made)
    assert {(id, jobs.get(id).owner) for id in made} == set(taken)
    jobs.database.close()


def test_progress_is_seen_by_whoever_looks(jobs: Jobs) -> None:
    id = jobs.add("compare", {}).id
    jobs.claim("one")
    told = jobs.beat(id, "one", done=3, total=21, said="planning msoe-msml")
    assert jobs.get(id) == told
    assert (told.done, told.total, told.said) == (3, 21, "planning msoe-msml")


def test_the_result_of_a_job_that_is_done_can_be_fetched(jobs: Jobs) -> None:
    id = jobs.add("compare", {}).id
    jobs.claim("one")
    assert jobs.result(id) is None
    assert jobs.finish(id, "one", '{"rows": ["ü"]}').state is JobState.DONE
    assert jobs.result(id) == '{"rows": ["ü"]}'
    assert jobs.get(id).state.is_final


def test_a_job_that_failed_says_why_as_it_was_said(jobs: Jobs) -> None:
    id = jobs.add("compare", {}).id
    jobs.claim("one")
    faults = (
        Fault(code="STU-001", what="a", fix="b", at=Place(file="me.yaml", line=3, field="x")),
        Fault(code="INT-002", what="c", fix="d"),
    )
    assert jobs.fail(id, "one", faults).state is JobState.FAILED
    assert jobs.get(id).faults == faults


def test_a_job_that_waits_is_cancelled_at_once(jobs: Jobs) -> None:
    id = jobs.add("compare", {}).id
    assert jobs.ask_to_stop(id).state is JobState.CANCELLED
    assert jobs.claim("one") is None


def test_a_job_that_runs_is_asked_to_stop_and_its_owner_says_when(jobs: Jobs) -> None:
    id = jobs.add("compare", {}).id
    jobs.claim("one")
    asked = jobs.ask_to_stop(id)
    assert (asked.state, asked.asked_to_stop) == (JobState.RUNNING, True)
    assert jobs.beat(id, "one").asked_to_stop
    assert jobs.cancelled(id, "one").state is JobState.CANCELLED


def test_a_job_that_has_ended_stays_as_it_ended(jobs: Jobs) -> None:
    id = jobs.add("compare", {}).id
    jobs.claim("one")
    done = jobs.finish(id, "one", "{}")
    assert jobs.ask_to_stop(id) == done
    for ask in (
        lambda: jobs.beat(id, "one"),
        lambda: jobs.finish(id, "one", "[]"),
        lambda: jobs.fail(id, "one", ()),
        lambda: jobs.cancelled(id, "one"),
    ):
        with pytest.raises(StaleError):
            ask()
    assert jobs.get(id) == done
    assert jobs.result(id) == "{}"


def test_work_whose_owner_died_waits_again_and_the_dead_cannot_hand_it_in(
    jobs: Jobs, clock: Clock
) -> None:
    id = jobs.add("compare", {}).id
    jobs.claim("one")
    jobs.beat(id, "one", done=5, total=9, said="x")
    assert jobs.requeue_stale(MINUTE) == ()
    clock.pass_by(60)
    (again,) = jobs.requeue_stale(MINUTE)
    assert (again.id, again.state, again.owner, again.done) == (id, JobState.QUEUED, None, 0)
    assert jobs.get(id) == again
    jobs.claim("two")
    with pytest.raises(StaleError):
        jobs.finish(id, "one", "{}")
    assert jobs.finish(id, "two", "[]").state is JobState.DONE
    clock.pass_by(600)
    assert jobs.requeue_stale(MINUTE) == ()


def test_work_that_was_to_stop_when_its_owner_died_is_cancelled(jobs: Jobs, clock: Clock) -> None:
    id = jobs.add("compare", {}).id
    jobs.claim("one")
    jobs.ask_to_stop(id)
    clock.pass_by(120)
    (left,) = jobs.requeue_stale(MINUTE)
    assert (left.id, left.state) == (id, JobState.CANCELLED)


def test_work_that_kills_its_owner_each_time_is_given_up(jobs: Jobs, clock: Clock) -> None:
    id = jobs.add("compare", {}).id
    for _ in range(MOST_TRIES):
        assert jobs.claim("one") is not None
        clock.pass_by(120)
        jobs.requeue_stale(MINUTE)
    assert jobs.claim("one") is None
    ended = jobs.get(id)
    assert ended.state is JobState.FAILED
    assert [fault.code for fault in ended.faults] == ["STO-006"]


def test_a_form_that_was_sent_twice_asks_once(jobs: Jobs) -> None:
    first = jobs.add("compare", {"a": 1, "b": 2}, once=True)
    assert jobs.add("compare", {"b": 2, "a": 1}, once=True) == first
    assert jobs.add("compare", {"a": 1}, once=True).id != first.id
    assert jobs.add("front", {"a": 1, "b": 2}, once=True).id != first.id
    assert jobs.add("compare", {"a": 1, "b": 2}).id != first.id


def test_work_that_has_ended_or_is_to_stop_can_be_asked_for_anew(jobs: Jobs) -> None:
    first = jobs.add("compare", {}, once=True)
    jobs.claim("one")
    assert jobs.add("compare", {}, once=True).id == first.id
    jobs.ask_to_stop(first.id)
    second = jobs.add("compare", {}, once=True)
    assert second.id != first.id
    jobs.claim("one")
    jobs.finish(second.id, "one", "{}")
    assert jobs.add("compare", {}, once=True).id not in (first.id, second.id)


def test_the_newest_jobs_are_listed_first(jobs: Jobs) -> None:
    made = [jobs.add("compare", {"n": n}).id for n in range(5)]
    assert [job.id for job in jobs.recent(3)] == made[:1:-1]


def end_one(jobs: Jobs, result: str = "{}") -> str:
    id = jobs.add("compare", {}).id
    taken = jobs.claim("one")
    assert taken is not None
    jobs.finish(taken.id, "one", result)
    return id


def test_of_finished_jobs_the_oldest_go_and_open_ones_stay(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finished_jobs, "MOST_FINISHED", 3)
    ended = [end_one(jobs) for _ in range(5)]
    waiting = jobs.add("compare", {})
    kept = [job.id for job in jobs.recent()]
    assert kept == [waiting.id, *ended[:1:-1]]
    with pytest.raises(MissingError):
        jobs.get(ended[0])


def test_results_have_a_bound_together_and_the_newest_stays(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finished_jobs, "_MOST_BYTES", 10)
    ended = [end_one(jobs, "é" * n) for n in (1, 3, 2, 2)]
    jobs.add("compare", {})
    assert [job.id for job in jobs.recent()][1:] == ended[:1:-1]
    large = end_one(jobs, "x" * 50)
    jobs.add("compare", {})
    assert large in [job.id for job in jobs.recent()]


def test_what_is_too_large_is_refused_and_the_work_goes_on(jobs: Jobs) -> None:
    with pytest.raises(StoreError):
        jobs.add("compare", {"text": "x" * 2_000_000})
    id = jobs.add("compare", {}).id
    jobs.claim("one")
    with pytest.raises(StoreError, match="20 MB"):
        jobs.finish(id, "one", "é" * 10_000_001)
    assert jobs.get(id).state is JobState.RUNNING


def test_an_id_that_names_no_job_is_told(jobs: Jobs) -> None:
    for ask in (
        lambda: jobs.get("x"),
        lambda: jobs.result("x"),
        lambda: jobs.beat("x", "one"),
        lambda: jobs.ask_to_stop("x"),
    ):
        with pytest.raises(MissingError):
            ask()


def test_no_more_jobs_are_taken_than_may_run_at_once(jobs: Jobs) -> None:
    made = [jobs.add("compare", {"n": n}).id for n in range(3)]
    assert jobs.claim("one", most=2)
    assert jobs.claim("two", most=2)
    assert jobs.claim("three", most=2) is None
    jobs.finish(made[0], "one", "1")
    taken = jobs.claim("three", most=2)
    assert taken is not None
    assert taken.id == made[2]


def test_what_is_found_so_far_can_be_fetched_and_goes_with_a_new_beginning(jobs: Jobs) -> None:
    id = jobs.add("compare", {}).id
    jobs.claim("one")
    jobs.beat(id, "one", done=1, so_far="[1]")
    jobs.beat(id, "one", done=2)
    assert jobs.result(id) == "[1]"
    jobs.give_back(id, "one")
    assert jobs.result(id) is None


def test_work_that_is_given_back_counts_as_never_begun(jobs: Jobs) -> None:
    id = jobs.add("compare", {}).id
    for _ in range(MOST_TRIES + 1):
        assert jobs.claim("one") is not None
        assert jobs.give_back(id, "one").state is JobState.QUEUED
    with pytest.raises(StaleError):
        jobs.give_back(id, "one")
    jobs.claim("one")
    jobs.ask_to_stop(id)
    assert jobs.give_back(id, "one").state is JobState.CANCELLED


def test_the_newest_job_that_asks_the_same_is_found_whatever_became_of_it(jobs: Jobs) -> None:
    assert jobs.latest("compare", {"a": 1, "b": 2}) is None
    first = jobs.add("compare", {"a": 1, "b": 2})
    jobs.ask_to_stop(first.id)
    second = jobs.add("compare", {"b": 2, "a": 1})
    jobs.add("compare", {"a": 2})
    found = jobs.latest("compare", {"b": 2, "a": 1})
    assert found is not None
    assert found.id == second.id
