"""What keeps the solver's answers, and what makes them count no longer."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from sample_school import day, program, school

from prospectus.app import kept_answers as module
from prospectus.app.claim_planner import Ended
from prospectus.app.kept_answers import first_day, key_of, read, write
from prospectus.domain.topic import Taxonomy
from prospectus.store.cache import Cache

MODULES = ("claim_planner",)


def test_an_answer_comes_back_as_it_was_kept(tmp_path: Path):
    kept, answer = Cache(tmp_path), Ended(status="optimal", finish=dt.date(2028, 5, 6))
    write(kept, "name", "key", answer)
    assert read(kept, "name", "key", Ended) == answer
    assert read(kept, "name", "another", Ended) is None


def test_what_is_of_another_kind_or_no_answer_at_all_is_not_there(tmp_path: Path):
    kept = Cache(tmp_path)
    write(kept, "name", "key", Ended(status="optimal"))
    assert read(kept, "name", "key", Taxonomy) is None
    kept.write("name", "torn", b"no answer")
    assert read(kept, "name", "torn", Ended) is None


def test_prices_change_no_key_and_rules_and_questions_do():
    key = key_of(MODULES, program(), school(), {}, "asked")
    assert key == key_of(MODULES, program(), replace(school(), fees=()), {}, "asked")
    assert key != key_of(MODULES, replace(program(), main_choice=None), school(), {}, "asked")
    assert key != key_of(MODULES, program(), school(), {}, "asked otherwise")


def test_other_code_has_other_keys(monkeypatch: pytest.MonkeyPatch):
    key = key_of(MODULES, program(), school(), {})
    monkeypatch.setattr(module, "_code", lambda modules: "another version")
    assert key != key_of(MODULES, program(), school(), {})


def test_answers_hold_from_the_first_day_of_the_next_period():
    assert first_day(program(), school(), day("2026-08-01")) == day("2026-08-24")
    assert first_day(program(), school(), day("2026-08-25")) == day("2027-01-11")
    assert first_day(program(), replace(school(), calendars=()), day("2026-08-25")) == day(
        "2026-08-25"
    )
