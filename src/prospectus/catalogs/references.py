"""Whether every name in a catalog names something; engines rest on it, so loading asks it too."""

from __future__ import annotations

from collections.abc import Container, Mapping

from prospectus.catalogs.admission_checks import check_starts
from prospectus.catalogs.assembly import Assembled
from prospectus.catalogs.findings import Findings
from prospectus.catalogs.mentions import (
    Mention,
    plain_rules,
    program_mentions,
)
from prospectus.catalogs.name_checks import (
    NamesOfSchool,
    check_grade,
    check_names,
    check_school_names,
    note_unknown_code,
    note_unknown_season,
)
from prospectus.catalogs.nearest import nearest
from prospectus.catalogs.parts import ids_in, nodes_in
from prospectus.catalogs.selections import check_selection
from prospectus.domain.errors import Place
from prospectus.domain.expression import (
    InNode,
    InSet,
    NodeDone,
)
from prospectus.domain.program import Program
from prospectus.domain.requirement import (
    DEGREE_POOL,
    All,
    Any,
    Fill,
    Gpa,
    Item,
    Measure,
    Node,
    Reading,
    When,
)
from prospectus.domain.rule import Exclude, Gate, Load, Overlap, Point, Position, Rule

_KINDS_OF_LOAD = ("term", "session", "year", "span")


def check_references(assembled: Assembled) -> None:
    """Note every name that names nothing, and every name given twice."""
    findings = Findings(assembled)
    # Where a file of a school could not be read, what it holds would be missed everywhere.
    schools = {
        school.id: school for school in assembled.schools if not assembled.lacks_file_of(school.id)
    }
    names = {id: NamesOfSchool(school) for id, school in schools.items()}
    for known in names.values():
        check_school_names(known, findings)
    elsewhere: dict[str, set[str]] = {}
    for program in assembled.programs:
        elsewhere.setdefault(program.school, set()).update(_nodes_of(program))
    for program in assembled.programs:
        home = names.get(program.school)
        if home is not None:
            references = _ProgramReferences(program, home, findings)
            references.check(elsewhere[program.school])
            if not references.is_bounded:
                assembled.unbounded.add(program.provenance.at.file)


class _ProgramReferences:
    """The names of one programme."""

    def __init__(self, program: Program, names: NamesOfSchool, findings: Findings) -> None:
        self._program = program
        self._names = names
        self._school = names.school
        self._findings = findings
        self._at = program.provenance.at
        self._nodes = _nodes_of(program)
        self._sets = dict(program.sets)
        self.is_bounded = True
        """Whether matching what the programme selects ends, and soon."""
        self._pools = {DEGREE_POOL, *(pool.name for pool in program.pools)}
        self._readings: Mapping[str, tuple[str, ...]] = {
            dispute.id: tuple(name for name, _ in dispute.readings) for dispute in program.disputes
        }

    def check(self, nodes_of_school: Container[str]) -> None:
        """Check everything that the programme names.

        Parameters
        ----------
        nodes_of_school
            The ids of the nodes that some programme of the school has.
        """
        program = self._program
        refused = self._findings.is_refused
        if program.calendar not in dict(self._school.calendars) and not refused(program.calendar):
            names = tuple(name for name, _ in self._school.calendars)
            self._findings.note(
                "CAT-050",
                self._at,
                "calendar",
                f"{program.school} has no calendar '{program.calendar}'"
                f"{nearest(program.calendar, names)}",
                f"use one of {', '.join(names) or '(none)'}, or add it to calendar.yaml",
            )
        check_grade(program.min_grade, self._school, self._at, "min_grade", self._findings)
        repeats = program.record_rules.repeats
        if repeats is not None:
            for field in ("only_below", "mean_keeps"):
                grade, where = getattr(repeats, field), f"record_rules.repeats.{field}"
                check_grade(grade, self._school, self._at, where, self._findings)
        self._check_duplicates()
        self._check_main_choice()
        codes = self._names.codes
        for mention in program_mentions(program):
            check_names(mention, codes, self._school, self._findings)
            self._check_sets_and_nodes(mention)
        self._check_courses(nodes_of_school)
        for node in self._nodes.values():
            self._check_node(node)
        for rule in plain_rules(program):
            self._check_rule(rule, codes)
        for tree in (program.tree, *(credential.tree for credential in program.credentials)):
            self._check_readings(tree)
        for item in program.rules:
            if isinstance(item, Reading):
                self._check_reading(item, self._at, "rules")
        for index, group in enumerate(program.enrolment.locked_sequence):
            for code in group:
                if code not in codes:
                    field = f"enrolment.locked_sequence[{index}]"
                    note_unknown_code(code, codes, self._at, field, self._findings)
        seasons = self._names.seasons
        for load in program.enrolment.loads:
            self._check_load(load, seasons)
        check_starts(program, self._school, self._findings)
        self.is_bounded = check_selection(program, self._nodes, self._findings)

    def _check_courses(self, nodes_of_school: Container[str]) -> None:
        """Check the sets and nodes that the courses open to this programme speak of.

        A node may be another programme's: one school's courses serve all of them.
        """
        for mention, only in self._names.of_programs:
            if not only or self._program.id in only:
                self._check_sets_and_nodes(mention, nodes_of_school)

    def _check_duplicates(self) -> None:
        seen: dict[str, Place] = {}
        program = self._program
        named = [
            *ids_in(program.tree),
            *(
                (str(rule.header.id), rule.header.provenance.at)
                for item in program.rules
                if not isinstance(item, When | Reading)
                for rule in [item]
            ),
            *((str(load.header.id), load.header.provenance.at) for load in program.enrolment.loads),
        ]
        for name, at in named:
            if name in seen:
                first = seen[name]
                self._findings.note(
                    "CAT-042",
                    at,
                    "id",
                    f"the id '{name}' stands twice (first on line {first.line})",
                    "give one of the two another id",
                )
            seen.setdefault(name, at)

    def _check_main_choice(self) -> None:
        name = self._program.main_choice
        if name is None or isinstance(self._nodes.get(name), Any):
            return
        if self._findings.is_refused(name):
            return
        choices = tuple(key for key, node in self._nodes.items() if isinstance(node, Any))
        self._findings.note(
            "CAT-043",
            self._at,
            "main_choice",
            f"'{name}' is no `any` of this programme{nearest(name, choices)}",
            f"use one of {', '.join(choices) or '(none)'}, or leave it out",
        )

    def _check_sets_and_nodes(self, mention: Mention, elsewhere: Container[str] = ()) -> None:
        for selector in mention.selectors():
            if isinstance(selector, InSet) and selector.name not in self._sets:
                if self._findings.is_refused(selector.name):
                    continue
                self._findings.note(
                    "CAT-045",
                    mention.at,
                    mention.field,
                    f"there is no set '{selector.name}'{nearest(selector.name, self._sets)}",
                    "add it under `sets:`, or correct the name",
                )
            elif isinstance(selector, InNode) and selector.node not in elsewhere:
                self._check_node_name(selector.node, mention.at, mention.field)
        for expression in mention.expressions():
            if isinstance(expression, NodeDone) and expression.node not in elsewhere:
                self._check_node_name(expression.node, mention.at, mention.field)

    def _check_node_name(self, name: str, at: Place, field: str) -> None:
        if name not in self._nodes and not self._findings.is_refused(name):
            self._findings.note(
                "CAT-046",
                at,
                field,
                f"there is no node '{name}'{nearest(name, self._nodes)}",
                "use the id of a node of the requirements",
            )

    def _check_node(self, node: Node) -> None:
        at = node.header.provenance.at
        match node:
            case Fill():
                self._check_pool(node.pool, at, "fill.pool")
                check_grade(node.min_grade, self._school, at, "fill.min_grade", self._findings)
                for measure in node.with_:
                    self._check_within(measure)
            case All() | Any():
                self._check_pool(node.pool, at, "pool")
                check_grade(node.min_grade, self._school, at, "min_grade", self._findings)
            case Measure() | Gpa():
                self._check_within(node)
            case _:
                return

    def _check_within(self, node: Measure | Gpa) -> None:
        field = "gpa.in" if isinstance(node, Gpa) else f"{node.bound.value}.in"
        for name in node.within:
            self._check_node_name(name, node.header.provenance.at, field)

    def _check_pool(self, pool: str | None, at: Place, field: str) -> None:
        if pool is None or self._findings.is_refused(pool):
            return
        if pool not in self._pools:
            self._findings.note(
                "CAT-044",
                at,
                field,
                f"there is no pool '{pool}'{nearest(pool, self._pools)}",
                "add it under `pools:`, or correct the name",
            )

    def _check_rule(self, rule: Rule, codes: frozenset[str]) -> None:
        at = rule.header.provenance.at
        match rule:
            case Gate():
                self._check_point(rule.by, at, "gate.by")
            case Position():
                self._check_point(rule.start_from, at, "position.from")
                self._check_point(rule.by, at, "position.by")
                other = rule.adjacent_to
                if other is not None and other not in codes:
                    note_unknown_code(other, codes, at, "position.adjacent_to", self._findings)
            case Exclude():
                if rule.course not in codes:
                    note_unknown_code(rule.course, codes, at, "exclude.course", self._findings)
            case Overlap():
                awards = {credential.id for credential in self._program.credentials}
                for name in rule.between:
                    if name not in {*self._nodes, *self._pools, *awards}:
                        self._check_node_name(name, at, "overlap.between")
            case Measure() | Gpa():
                self._check_within(rule)

    def _check_point(self, point: Point | None, at: Place, field: str) -> None:
        if point is not None and point.node is not None:
            self._check_node_name(point.node, at, field)

    def _check_load(self, load: Load, seasons: tuple[str, ...]) -> None:
        at = load.header.provenance.at
        refused = self._findings.is_refused(load.per)
        if load.per not in _KINDS_OF_LOAD and load.per not in seasons and not refused:
            known = (*_KINDS_OF_LOAD[:3], "span 2", *seasons)
            self._findings.note(
                "CAT-034",
                at,
                "per",
                f"'{load.per}' is no kind of period here{nearest(load.per, known)}",
                f"use one of {', '.join(known)}",
            )
        for season in load.seasons:
            if season not in seasons:
                note_unknown_season(season, seasons, at, "seasons", self._findings)

    def _check_readings(self, tree: Item) -> None:
        stack: list[tuple[Item, Place]] = [(tree, self._at)]
        while stack:
            item, at = stack.pop()
            if isinstance(item, When):
                stack += [(one, at) for one in (item.then, item.otherwise) if one is not None]
                continue
            if isinstance(item, Reading):
                self._check_reading(item, at, "")
                stack += [(option, at) for _, option in item.options]
                continue
            at = item.header.provenance.at
            if isinstance(item, All | Any):
                stack += [(child, at) for child in item.children]
            sizes: list[tuple[object, str]] = []
            if isinstance(item, All) and item.total is not None:
                sizes = [
                    (item.total.credits, "total.credits"),
                    (item.total.courses, "total.courses"),
                ]
            elif isinstance(item, Fill):
                sizes = [(item.credits, "fill.credits"), (item.courses, "fill.courses")]
            elif isinstance(item, Measure):
                bound = item.bound.value
                sizes = [(item.credits, f"{bound}.credits"), (item.courses, f"{bound}.courses")]
            for size, field in sizes:
                if isinstance(size, Reading):
                    self._check_reading(size, at, field)

    def _check_reading(self, reading: Reading[Item] | Reading[Rule], at: Place, field: str) -> None:
        known = self._readings.get(reading.dispute)
        if known is None and self._findings.is_refused(reading.dispute):
            return
        if known is None:
            self._findings.note(
                "CAT-049",
                at,
                field,
                f"there is no dispute '{reading.dispute}'"
                f"{nearest(reading.dispute, self._readings)}",
                "add it under `disputes:` with its readings and why, or correct the id",
            )
            return
        given = {name for name, _ in reading.options}
        for name in known:
            if name not in given and not self._findings.is_refused(name):
                self._findings.note(
                    "CAT-049",
                    at,
                    field,
                    f"the reading '{name}' of '{reading.dispute}' is missing",
                    f"give a value for '{name}'; `nothing` where no node or rule stands",
                )
        for name in sorted(given - set(known)):
            self._findings.note(
                "CAT-049",
                at,
                field,
                f"'{name}' is no reading of '{reading.dispute}'{nearest(name, known)}",
                f"use {', '.join(known)}",
            )


def _nodes_of(program: Program) -> dict[str, Node]:
    """Return the nodes of a programme and of its credentials, by id."""
    trees = (program.tree, *(credential.tree for credential in program.credentials))
    return {str(node.header.id): node for tree in trees for node in nodes_in(tree)}
