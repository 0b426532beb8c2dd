"""The plan file of a board is read back: by the audit, and by a plan that is made from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from board_cases import TODAY, case_of, library, plan_of, ways

from prospectus.app.auditing import audit_record
from prospectus.app.board_answers import Cards
from prospectus.app.board_case import BoardCase
from prospectus.app.board_export import plan_document
from prospectus.app.board_view import check_board
from prospectus.app.replanning import read_earlier
from prospectus.domain.errors import UsageError

# with a track, without one, with courses that may take several periods
PROGRAMS = (
    "gatech-omscs",
    "columbia-cvn-mscs-machine-learning",
    "cuboulder-msds",
    "wgu-msda",
)
WAYS = [way for way in ways() if way[0] in PROGRAMS]


def written(case: BoardCase, cards: Cards, folder: Path) -> Path:
    path = folder / "plan.json"
    path.write_text(plan_document(case, cards), encoding="utf-8")
    return path


@pytest.mark.parametrize(("program", "track"), WAYS)
def test_a_plan_is_made_again_from_the_plan_file_of_a_board(
    program: str, track: str | None, tmp_path: Path
) -> None:
    case, cards = case_of(program, track), plan_of(program, track)
    earlier = read_earlier(written(case, cards, tmp_path), case.program, case.school, case.student)
    assert earlier.courses == tuple(sorted((card.course, card.period) for card in cards))
    assert earlier.track == (track or "")
    assert (earlier.taken, earlier.past) == ((), ())


@pytest.mark.parametrize(("program", "track"), WAYS)
def test_the_plan_file_of_a_board_is_audited_as_the_board_is(
    program: str, track: str | None, tmp_path: Path
) -> None:
    case, cards = case_of(program, track), plan_of(program, track)
    fewer = cards[1:]
    for laid in (cards, fewer):
        view = check_board(case, laid)
        answer = audit_record(
            written(case, laid, tmp_path),
            None,
            today=TODAY,
            choices=tuple(case.student.choices),
            library=library(),
        )
        (variant, *_) = answer.variants
        assert answer.program == program
        assert variant.credits.planned == sum(
            (card.credits for column in view.columns for card in column.cards), start=0
        )
        assert (not variant.credits.left) is (not view.credits_left)


def test_a_board_of_other_rules_is_no_earlier_plan(tmp_path: Path) -> None:
    program, track = WAYS[0]
    case = case_of(program, track)
    path = written(case, plan_of(program, track), tmp_path)
    other = replace(case.program, catalog_year="1999-00")
    with pytest.raises(UsageError) as caught:
        read_earlier(path, other, case.school, case.student)
    assert caught.value.faults[0].code == "USE-020"
