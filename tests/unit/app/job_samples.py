"""Work for the tests of the job runner: other processes find these functions by name."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from prospectus.app.child_process import work_for_parent
from prospectus.app.comparing import process_pool
from prospectus.app.document import Json
from prospectus.app.job_work import JobRunner, Progress, Tell
from prospectus.domain.errors import Place, UsageError


def say_process(params: Mapping[str, Json], tell: Tell) -> str:
    """Return the number of the process that does it."""
    return json.dumps({"process": os.getpid(), "said": params["said"]})


def wait_for_file(params: Mapping[str, Json], tell: Tell) -> str:
    """Tell one step and who does it, and end once the file is there."""
    path = Path(str(params["path"]))
    tell(Progress(done=1, total=3, said="the first step", so_far=json.dumps([os.getpid()])))
    tell(Progress(done=2, total=3, said="the second step"))
    until(path.exists)
    return json.dumps("done")


def share_out(params: Mapping[str, Json], tell: Tell) -> str:
    """Tell who does it, and let a process of its own wait for the file."""
    path = str(params["path"])
    with process_pool(1, work_for_parent) as pool:
        worker = pool.submit(os.getpid).result()
        tell(Progress(said="shared", so_far=json.dumps([os.getpid(), worker])))
        pool.submit(_wait, path).result()
    return json.dumps("done")


def _wait(path: str) -> None:
    until(Path(path).exists)


def stop_itself(params: Mapping[str, Json], tell: Tell) -> str:
    """Stop the process as a solver does, so often as there is no file for it."""
    path = Path(str(params["path"])) / "stopped"
    if params["always"] or not path.exists():
        path.touch()
        os.abort()
    return json.dumps("done")


def refuse(params: Mapping[str, Json], tell: Tell) -> str:
    """Refuse the work with a fault."""
    raise UsageError("USE-001", what="no <such>", fix="another", at=Place(field="hours"))


def slip(params: Mapping[str, Json], tell: Tell) -> str:
    """Fail as nobody foresaw."""
    raise ZeroDivisionError


WORKS = {
    "process": say_process,
    "wait": wait_for_file,
    "share": share_out,
    "stop": stop_itself,
    "refuse": refuse,
    "slip": slip,
}


def until(is_so: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for a condition."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        pause.wait(0.02)


def is_alive(process: int) -> bool:
    """Say whether a process runs; one that only waits to be read by its parent does not."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


if __name__ == "__main__":
    # what only asks for work need not load the database
    from prospectus.app.workspace import Workspace

    with Workspace.open(sys.argv[1]) as workspace:
        JobRunner(workspace.jobs, WORKS, tick=0.05).start()
        if sys.argv[2:] == ["leave"]:
            (job,) = workspace.jobs.recent()
            until(lambda: workspace.jobs.result(job.id) is not None)
        else:
            threading.Event().wait()
