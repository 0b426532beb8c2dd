"""A condition asked of a record, as the prerequisite of a planned course."""

from __future__ import annotations

import datetime as dt

from tests.degrees import (
    CATALOGUE,
    asks,
    degree,
    judge_it,
    leaf,
    planned,
)

from prospectus.domain.expression import (
    Expression,
)
from prospectus.domain.plan import Verdict
from prospectus.domain.program import Resolved
from prospectus.domain.record import (
    Attempt,
    Record,
)

LATER = planned("CS 700", "Spring 2027")


def rules_of(condition: Expression, *nodes: object, **more: object) -> Resolved:
    """A degree in which CS 700 has this prerequisite."""
    return degree(
        leaf("last", "CS 700", 1),
        *nodes,  # type: ignore[arg-type]
        courses=[item for item in CATALOGUE if item.code != "CS 700"] + [asks("CS 700", condition)],
        **more,  # type: ignore[arg-type]
    )


def ask(condition: Expression, *attempts: Attempt, **more: object) -> Verdict:
    """The verdict on attempts, and CS 700 planned for Spring 2027 with this prerequisite."""
    what = Record(
        matriculation=dt.date(2024, 1, 1),
        attempts=(*attempts, LATER),
        approvals=more.pop("approvals", ()),  # type: ignore[arg-type]
        milestones=more.pop("milestones", ()),  # type: ignore[arg-type]
    )
    allocated = more.pop("allocated", None)
    nodes = more.pop("nodes", ())
    rules = rules_of(condition, *nodes, **more)  # type: ignore[misc]
    return judge_it(rules, what, {"last": "CS 700"}, allocated=allocated)


def allows(condition: Expression, *attempts: Attempt, **more: object) -> bool:
    return not ask(condition, *attempts, **more).breaches
