"""The model of all legal plans that end by a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from prospectus.domain.course import CourseCode
from prospectus.domain.offering import Run
from prospectus.legality.compiled import Compiled
from prospectus.legality.conditions import Conditions
from prospectus.legality.deadlines import Deadlines
from prospectus.legality.enrolment import EnrolmentRules
from prospectus.legality.excluding import Exclusions
from prospectus.legality.means import Means
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

    `rooms` says how many steps of credit a term can hold, where something outside the programme
    bounds that. With `explain`, each rule stands under a literal of its own (`store.guards`), and
    with `only` no more than those of these ids. With `is_timeless`, what the degree asks is kept
    and every rule that asks when something runs is left out.
    """

    def __init__(
        self,
        compiled: Compiled,
        runs: Mapping[CourseCode, Sequence[Run]],
        *,
        rooms: Mapping[int, int] = MappingProxyType({}),
        explain: bool = False,
        only: Collection[str] | None = None,
        is_timeless: bool = False,
    ) -> None:
        self.compiled = compiled
        self.store = Store(explain=explain, only=only)
        self.variables = Variables(self.store, compiled, runs, rooms)
        # before all leaves: it says which waivers give way to what is planned
        Exclusions(self.variables)
        self.node_conditions = NodeConditions(self.variables)
        self.conditions = Conditions(self.variables, self.node_conditions)
        self.tree = Tree(self.variables)
        Sharing(self.tree)
        Measures(self.tree)
        Means(self.tree)
        if is_timeless:
            return
        self.tree.expire()
        Order(self.variables, self.conditions)
        Deadlines(self.tree, self.conditions)
        Positions(self.tree)
        EnrolmentRules(self.variables, self.conditions)
