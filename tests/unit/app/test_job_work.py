"""Jobs are done in processes of their own, watched, stopped, and done again when those die."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import job_samples
import pytest
from job_samples import WORKS, is_alive, until

from prospectus.app.job_work import JobRunner
from prospectus.app.workspace import Job, JobState, Workspace
from prospectus.domain.errors import Place

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace without work."""
    with Workspace.open(tmp_path / "work.db") as opened:
        yield opened


@pytest.fixture
def begin(workspace: Workspace) -> Iterator[Callable[..., JobRunner]]:
    """Begin runners that look often, and stop them at the end."""
    runners: list[JobRunner] = []

    def begun(stale_after: float = 30.0) -> JobRunner:
        runner = JobRunner(workspace.jobs, WORKS, tick=0.05, stale_after=stale_after)
        runners.append(runner)
        runner.start()
        return runner

    yield begun
    for runner in runners:
        runner.stop()


def ended(workspace: Workspace, job: Job) -> Job:
    """Wait for the end of a job."""
    until(lambda: workspace.jobs.get(job.id).state.is_final)
    return workspace.jobs.get(job.id)


def worker_of(workspace: Workspace, job: Job) -> int:
    """Wait until a job that waits for a file told who does it."""
    until(lambda: workspace.jobs.result(job.id) is not None)
    return int(json.loads(workspace.jobs.result(job.id) or "")[0])


def test_a_job_is_done_in_another_process(
    workspace: Workspace, begin: Callable[..., JobRunner]
) -> None:
    begin()
    job = workspace.jobs.add("process", {"said": "ü"})
    assert ended(workspace, job).state is JobState.DONE
    told = json.loads(workspace.jobs.result(job.id) or "")
    assert told["said"] == "ü"
    assert told["process"] != os.getpid()


def test_progress_and_what_is_found_are_seen_while_it_runs(
    workspace: Workspace, begin: Callable[..., JobRunner], tmp_path: Path
) -> None:
    begin()
    job = workspace.jobs.add("wait", {"path": str(tmp_path / "go")})
    assert worker_of(workspace, job) != os.getpid()
    until(lambda: workspace.jobs.get(job.id).done == 2)
    seen = workspace.jobs.get(job.id)
    assert (seen.state, seen.total, seen.said) == (JobState.RUNNING, 3, "the second step")
    (tmp_path / "go").touch()
    assert ended(workspace, job).state is JobState.DONE
    assert workspace.jobs.result(job.id) == '"done"'


def test_a_job_that_is_asked_to_stop_is_cancelled_and_its_process_ended(
    workspace: Workspace, begin: Callable[..., JobRunner], tmp_path: Path
) -> None:
    begin()
    job = workspace.jobs.add("wait", {"path": str(tmp_path / "never")})
    worker = worker_of(workspace, job)
    workspace.jobs.ask_to_stop(job.id)
    assert ended(workspace, job).state is JobState.CANCELLED
    until(lambda: not is_alive(worker))


def test_processes_that_share_the_work_end_with_it(
    workspace: Workspace, begin: Callable[..., JobRunner], tmp_path: Path
) -> None:
    begin()
    stopped = workspace.jobs.add("share", {"path": str(tmp_path / "never")})
    worker_of(workspace, stopped)
    workers = json.loads(workspace.jobs.result(stopped.id) or "")
    workspace.jobs.ask_to_stop(stopped.id)
    assert ended(workspace, stopped).state is JobState.CANCELLED
    until(lambda: not any(map(is_alive, workers)))
    (tmp_path / "go").touch()
    done = workspace.jobs.add("share", {"path": str(tmp_path / "go")})
    assert ended(workspace, done).state is JobState.DONE


def test_a_solver_that_stops_its_process_is_tried_once_more(
    workspace: Workspace, begin: Callable[..., JobRunner], tmp_path: Path
) -> None:
    begin()
    job = workspace.jobs.add("stop", {"path": str(tmp_path), "always": False})
    assert ended(workspace, job).state is JobState.DONE


def test_a_solver_that_stops_its_process_twice_is_a_clear_fault(
    workspace: Workspace, begin: Callable[..., JobRunner], tmp_path: Path
) -> None:
    begin()
    job = workspace.jobs.add("stop", {"path": str(tmp_path), "always": True})
    found = ended(workspace, job)
    assert found.state is JobState.FAILED
    assert [fault.code for fault in found.faults] == ["INT-002"]
    # and the runner goes on
    other = workspace.jobs.add("process", {"said": ""})
    assert ended(workspace, other).state is JobState.DONE


def test_faults_of_the_work_are_told_as_they_are(
    workspace: Workspace, begin: Callable[..., JobRunner]
) -> None:
    begin()
    refused = workspace.jobs.add("refuse", {})
    slipped = workspace.jobs.add("slip", {})
    (fault,) = ended(workspace, refused).faults
    assert (fault.code, fault.what, fault.at) == ("USE-001", "no <such>", Place(field="hours"))
    (fault,) = ended(workspace, slipped).faults
    assert (fault.code, fault.what) == ("INT-003", "an unforeseen ZeroDivisionError")


def test_two_jobs_run_at_once_whoever_runs_them(
    workspace: Workspace, begin: Callable[..., JobRunner], tmp_path: Path
) -> None:
    begin()
    begin()
    made = [workspace.jobs.add("wait", {"path": str(tmp_path / f"go{n}")}) for n in range(3)]
    worker_of(workspace, made[0])
    worker_of(workspace, made[1])
    assert workspace.jobs.get(made[2].id).state is JobState.QUEUED
    (tmp_path / "go0").touch()
    worker_of(workspace, made[2])
    assert workspace.jobs.get(made[1].id).state is JobState.RUNNING


def test_a_runner_that_stops_leaves_its_job_to_the_next(
    workspace: Workspace, begin: Callable[..., JobRunner], tmp_path: Path
) -> None:
    first = begin()
    job = workspace.jobs.add("wait", {"path": str(tmp_path / "go")})
    worker = worker_of(workspace, job)
    first.stop()
    assert workspace.jobs.get(job.id).state is JobState.QUEUED
    assert workspace.jobs.result(job.id) is None
    assert not is_alive(worker)
    (tmp_path / "go").touch()
    begin()
    assert ended(workspace, job).state is JobState.DONE


@pytest.mark.parametrize("kind", ["wait", "share"])
def test_a_job_survives_that_its_server_is_killed(
    workspace: Workspace, begin: Callable[..., JobRunner], tmp_path: Path, kind: str
) -> None:
    job = workspace.jobs.add(kind, {"path": str(tmp_path / "go")})
    command = [sys.executable, job_samples.__file__, str(tmp_path / "work.db")]
    server = subprocess.Popen(command)
    try:
        worker_of(workspace, job)
        workers = json.loads(workspace.jobs.result(job.id) or "")
    finally:
        server.kill()
        server.wait()
    # nobody works for a server that is gone
    until(lambda: not any(map(is_alive, workers)))
    assert workspace.jobs.get(job.id).state is JobState.RUNNING
    (tmp_path / "go").touch()
    begin(stale_after=2.0)
    assert ended(workspace, job).state is JobState.DONE


def test_a_server_that_ends_without_a_word_waits_for_no_job(
    workspace: Workspace, tmp_path: Path
) -> None:
    job = workspace.jobs.add("share", {"path": str(tmp_path / "never")})
    command = [sys.executable, job_samples.__file__, str(tmp_path / "work.db"), "leave"]
    assert subprocess.run(command, timeout=120).returncode == 0
    assert workspace.jobs.get(job.id).state is JobState.QUEUED
