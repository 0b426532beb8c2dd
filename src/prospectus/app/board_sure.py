"""How sure the figures of a board are, what they rest on, and the wanted topics that it covers."""

from __future__ import annotations

from prospectus.app.board_answers import Sureness
from prospectus.app.board_check import Checked
from prospectus.app.figures import assumptions_used, figures
from prospectus.app.rows import assumption_lines
from prospectus.app.solving import Solved
from prospectus.app.topics import topics_covered
from prospectus.domain.facts import Certainty
from prospectus.planning.result import Certificate, PlanResult, PlanStatus

_MARKS = {Certainty.REPORTED: "~", Certainty.ASSUMED: "*", Certainty.UNKNOWN: "?"}


_BY_HAND = PlanResult(
    status=PlanStatus.FEASIBLE,
    plan=None,
    levels=(),
    conflict=(),
    conflict_is_minimal=False,
    certificate=Certificate(
        solver="",
        seed=0,
        workers=0,
        seconds=0,
        build_seconds=0,
        n_solves=0,
        horizon_leaves=0,
    ),
)
"""What no planner answered: the figures are those of the appraisal alone."""


def sureness(state: Checked) -> Sureness:
    """Return what a comparison would say of the figures of the same plan."""
    case = state.case
    solved = Solved(
        resolved=case.resolved,
        student=case.student,
        record=state.found.record,
        result=_BY_HAND,
        verdict=state.found.verdict,
        appraisal=state.appraisal,
    )
    found = figures(solved)
    assert found is not None  # a board is always appraised
    wanted, covered = case.student.wishes.wanted_topics, topics_covered(solved, case.today)
    growth = case.student.wishes.rates_grow
    lines = assumption_lines(assumptions_used(solved), case.resolved.assumptions, growth=growth)
    return Sureness(
        finish=_MARKS.get(found.finish_certainty, ""),
        cost=_MARKS.get(found.cost_certainty, ""),
        peak=_MARKS.get(found.peak_certainty, ""),
        assumptions=tuple(f"{one.text}: {one.value}" if one.value else one.text for one in lines),
        covered=covered,
        uncovered=tuple(topic for topic in wanted if topic not in covered),
    )
