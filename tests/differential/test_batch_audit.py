"""Batches against single audits: the same credits left, nodes met and choices, record by record."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from tests.degrees import TODAY
from tests.differential.audit_drawing import draw
from tests.differential.batch_drawing import disagreements, drawn_record, parts_of

from prospectus.app.library import open_library
from prospectus.app.options import all_readings
from prospectus.audit.batch import BatchAuditor
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Resolved
from prospectus.domain.student import Person

JUDGED = dt.date(2026, 8, 20)
QUICK_SEEDS, ALL_SEEDS = 30, 1_000
QUICK_RECORDS, ALL_RECORDS = 60, 3_000


def rules_of(program: str) -> Resolved:
    """Return the newest rules of a bundled programme, the first of its readings."""
    library = open_library(())
    found = library.program(program, library.years(program)[-1])
    school, known = library.school(found), library.assumptions_of(found)
    reading = next(iter(all_readings(found)))
    return resolve(found, school, Person(), reading, known)[0]


def check_drawn(seeds: range) -> int:
    """Check records under drawn rules; return how many the compiled rules answered."""
    answered = 0.0
    for seed in seeds:
        case = draw(seed, parts=seed % 5 == 0)
        records = parts_of(case.record, random.Random(seed), 12)
        auditor = BatchAuditor(case.resolved, TODAY)
        wrong, share = disagreements(auditor, [*records, *records[:4]])
        assert not wrong, (seed, wrong[0])
        answered += share
    return round(answered)


def check_bundled(program: str, n: int, *, choices: dict[str, str] | None = None) -> float:
    """Check drawn records of a bundled programme; return the share that the kernel answered."""
    resolved, rng = rules_of(program), random.Random(7)
    records = [drawn_record(resolved, rng, plain=one % 2 == 0) for one in range(n)]
    wrong, share = disagreements(BatchAuditor(resolved, JUDGED, choices), records)
    assert not wrong, wrong[0]
    return share


def test_under_drawn_rules_a_batch_says_what_single_audits_say() -> None:
    assert check_drawn(range(QUICK_SEEDS)) > QUICK_SEEDS / 10


@pytest.mark.slow
@pytest.mark.parametrize("part", range(20))
def test_under_many_drawn_rules_a_batch_says_what_single_audits_say(part: int) -> None:
    size = ALL_SEEDS // 20
    check_drawn(range(part * size, (part + 1) * size))


def test_records_of_omscs_are_answered_as_one_by_one() -> None:
    assert check_bundled("gatech-omscs", QUICK_RECORDS) > 0.8


@pytest.mark.parametrize("track", ["ai", "cpr", "cg", "cs", "hci", "ml"])
def test_records_of_one_track_are_answered_as_one_by_one(track: str) -> None:
    check_bundled("gatech-omscs", QUICK_RECORDS // 3, choices={"specialization": track})


@pytest.mark.parametrize("program", ["umich-mads", "wgu-msda"])
def test_variable_credits_and_pieces_are_answered_as_one_by_one(program: str) -> None:
    assert check_bundled(program, QUICK_RECORDS) > 0.6


@pytest.mark.slow
@pytest.mark.parametrize(
    "program",
    [
        "gatech-omscs",
        "gatech-omsa",
        "cuboulder-msds",
        "msoe-msml",
        "uc-berkeley-mids",
        "umich-mads",
        "wgu-msda",
    ],
)
def test_many_records_are_answered_as_one_by_one(program: str) -> None:
    check_bundled(program, ALL_RECORDS if program == "gatech-omscs" else ALL_RECORDS // 10)
