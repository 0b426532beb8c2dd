"""Answers come out of their JSON as they were."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sample_answers import comparison
from sample_rows import impossible, row

from prospectus.app.answers import CompareAnswer
from prospectus.app.document import to_json
from prospectus.app.document_reading import NotRead, from_json
from prospectus.compare.row import Row, Without


def test_a_comparison_is_read_as_it_was_written():
    answer = comparison()
    text = json.dumps(to_json(answer), ensure_ascii=False)
    assert from_json(CompareAnswer, json.loads(text)) == answer


def test_a_row_with_every_part_is_read_as_it_was_written():
    made = replace(
        impossible(),
        variant=(("total", "34"), ('background("statistics")', "yes")),
        without=Without(finish=row().figures.finish, cost=None, peak_hours=9),  # type: ignore[union-attr]
    )
    assert from_json(Row, to_json(made)) == made


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"rows": []},
        {**to_json(row()), "more": 1},  # type: ignore[dict-item]
        {**to_json(row()), "outcome": "lost"},  # type: ignore[dict-item]
        {**to_json(row()), "rules": 7},  # type: ignore[dict-item]
        {**to_json(row()), "variant": [["one"]]},  # type: ignore[dict-item]
        {**to_json(row()), "figures": {"start": "soon"}},  # type: ignore[dict-item]
    ],
)
def test_what_another_version_wrote_is_not_read(document: object):
    with pytest.raises(NotRead):
        from_json(Row, document)  # type: ignore[arg-type]
