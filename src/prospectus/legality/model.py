"""The model of all legal plans that end by a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from prospectus.domain.course import CourseCode
from prospectus.domain.offering import Run
from prospectus.legality.compiled import Compiled
from prospectus.legality.conditions import Conditions
from prospectus.legality.enrolment import EnrolmentRules
from prospectus.legality.measures import Measures
from prospectus.legality.nodes_done import NodeConditions
from prospectus.legality.order import Order
from prospectus.legality.positions import Positions
from prospectus.legality.sharing import Sharing
from prospectus.legality.store import Store
from prospectus.legality.tree import Tree
from prospectus.legality.variables import Variables


class LegalModel:
    """Every plan of the runs given that meets the degree and breaks no order rule.

    With `explain`, each rule stands under a literal of its own (`store.guards`).
    """

    def __init__(
        self,
        compiled: Compiled,
        runs: Mapping[CourseCode, Sequence[Run]],
        *,
        explain: bool = False,
    ) -> None:
        self.compiled = compiled
        self.store = Store(explain=explain)
        self.variables = Variables(self.store, compiled, runs)
        self.node_conditions = NodeConditions(self.variables)
        self.conditions = Conditions(self.variables, self.node_conditions)
        self.tree = Tree(self.variables)
        Sharing(self.tree)
        Measures(self.tree)
        Order(self.variables, self.conditions)
        Positions(self.tree)
        EnrolmentRules(self.variables, self.conditions)


def runs_until(
    runs: Mapping[CourseCode, Sequence[Run]], compiled: Compiled, last_day: dt.date
) -> dict[CourseCode, tuple[Run, ...]]:
    """Return the runs that end by a day."""
    leaves = compiled.resolved.calendar.leaves
    return {
        code: tuple(run for run in mine if max(leaves[i].end for i in run.leaves) <= last_day)
        for code, mine in runs.items()
    }
