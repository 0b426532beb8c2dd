from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator

import pytest

from prospectus.app import apart as module
from prospectus.app.apart import Apart
from prospectus.domain.course import parse_code
from prospectus.domain.errors import DomainError, InternalError, LimitError


@pytest.fixture
def apart() -> Iterator[Apart]:
    """One process that solves."""
    made = Apart(workers=1)
    yield made
    made.close()


def test_an_answer_and_a_fault_come_as_they_are(apart: Apart) -> None:
    assert apart.run(divmod, 7, 2) == (3, 1)
    assert apart.run(os.getpid) != os.getpid()
    with pytest.raises(DomainError, match="DOM-"):
        apart.run(parse_code, "")


def test_a_process_that_stops_itself_is_told_and_the_next_call_is_answered(apart: Apart) -> None:
    with pytest.raises(InternalError) as caught:
        apart.run(os._exit, 3)
    assert caught.value.faults[0].code == "INT-002"
    assert apart.run(abs, -3) == 3


def test_what_takes_too_long_is_ended(apart: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    apart.run(abs, -3)
    monkeypatch.setattr(module, "LONGEST", 0.05)
    with pytest.raises(LimitError) as caught:
        apart.run(time.sleep, 600)
    assert caught.value.faults[0].code == "LIM-001"
    assert multiprocessing.active_children() == []


def test_closing_leaves_no_process(apart: Apart) -> None:
    apart.run(abs, -3)
    assert len(multiprocessing.active_children()) == 1
    apart.close()
    assert multiprocessing.active_children() == []
    apart.close()
