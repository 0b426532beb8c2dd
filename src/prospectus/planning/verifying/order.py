"""Order: requisites, gates and exclusions, and conditions as sums."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from fractions import Fraction

from prospectus.domain.expression import (
    And,
    Approval,
    CoursesOf,
    CreditsOf,
    Done,
    Expression,
    GpaIs,
    NodeDone,
    NOf,
    Not,
    Or,
    Soft,
    Timing,
)
from prospectus.domain.requirement import All, Any, Fill, Gpa, Node, Range
from prospectus.domain.rule import Exclude, Gate, OnMiss
from prospectus.planning.verifying.facts import Facts, Piece
from prospectus.planning.verifying.program import Program, Sum
from prospectus.planning.verifying.tree import Tree


class Order:
    """The rows that starts of planned pieces keep; `left_out` names the rules that are not kept."""

    def __init__(self, facts: Facts, program: Program, tree: Tree, left_out: set[str]) -> None:
        self.facts = facts
        self.program = program
        self.tree = tree
        self.taken = tree.taken
        self.left_out = left_out
        self.planned = [piece for piece in facts.planned if piece.index in self.taken]
        self.by_name: dict[str, list[Piece]] = defaultdict(list)
        for piece in self.planned:
            for name in piece.names:
                self.by_name[name].append(piece)
        self._known: dict[tuple[object, ...], Sum | bool] = {}
        self._requisites()
        self._rules()

    def _requisites(self) -> None:
        for piece in self.planned:
            if piece.requisite is not None:
                self._only_if(piece, self.ask(piece.requisite, piece.start, piece))

    def _only_if(self, piece: Piece, holds: Sum | bool) -> None:
        if holds is True:
            return
        most = Sum() if holds is False else holds
        self.program.under(self.taken[piece.index], most)

    def _rules(self) -> None:
        for rule in self.facts.resolved.rules:
            name = str(rule.header.id)
            if self.facts.is_excepted(name):
                continue
            if isinstance(rule, Gate):
                self._gate(rule)
            elif isinstance(rule, Exclude):
                self._exclude(rule)
            elif isinstance(rule, Gpa):
                self.left_out |= {name} if self.facts.recorded else set()
        record_rules = self.facts.resolved.program.record_rules
        planned = {piece.identity for piece in self.planned}
        if record_rules.expires_months is not None and self.facts.recorded:
            self.left_out.add("the rule of expiry")
        if any(p.identity in planned or p.might_earn != p.earns for p in self.facts.recorded):
            self.left_out.add("the rules of repeats and tries")

    def _gate(self, gate: Gate) -> None:
        if gate.on_miss is OnMiss.BLOCK and (gate.by is not None or gate.by_terms is not None):
            self.left_out.add(f"{gate.header.id}: its deadline")
        named = list(self.facts.selectors_of(gate.needs))
        for piece in self.planned:
            if gate.free is not None and self.facts.matches(gate.free, piece) is True:
                continue
            if gate.locks is not None:
                if self.facts.matches(gate.locks, piece) is not True:
                    continue
            elif any(self.facts.matches(selector, piece) is True for selector in named):
                continue
            holds = self.ask(gate.needs, piece.start, piece, after_grades=gate.after_grades)
            if gate.unless is not None:
                holds = self._some(1, [holds, self.ask(gate.unless, piece.start, piece)])
            self._only_if(piece, holds)

    def _exclude(self, rule: Exclude) -> None:
        """Keep one of two courses from being held, where the rule names others one by one."""
        self.left_out.add(f"{rule.header.id}: what else the lost credit is missing in")
        named = [rule.condition]
        if isinstance(rule.condition, Or):
            named = list(rule.condition.items)
        codes = [item.code for item in named if isinstance(item, Done) and item == _bare(item)]
        if len(codes) < len(named):
            self.left_out.add(str(rule.header.id))
        options = self.tree.options
        mine = [n for n, o in enumerate(options) if rule.course in o.pieces[0].names]
        others = [n for n, o in enumerate(options) if o.pieces[0].names & set(codes)]
        everything = frozenset(leaf.header.id for leaf in self.tree.leaves)
        held = self.tree.together(everything, in_credits=False)
        for one in mine:
            for other in others:
                if one != other and one in held and other in held:
                    self.program.keep(Sum().plus(held[one]).plus(held[other]), high=1)

    def ask(
        self,
        item: Expression,
        day: dt.date,
        piece: Piece | None = None,
        *,
        after_grades: bool = False,
    ) -> Sum | bool:
        """Return a sum that is at least 1 where a condition holds on a day; True where unsure."""
        place = () if piece is None else (piece.code, piece.leaves)
        key = (item, day, place, after_grades)
        if key not in self._known:
            self._known[key] = self._ask(item, day, piece, after_grades)
        return self._known[key]

    def _ask(
        self, item: Expression, day: dt.date, piece: Piece | None, after_grades: bool
    ) -> Sum | bool:
        def part(inner: Expression) -> Sum | bool:
            return self.ask(inner, day, piece, after_grades=after_grades)

        match item:
            case And():
                return self._every([part(inner) for inner in item.items])
            case Or():
                return self._some(1, [part(inner) for inner in item.items])
            case NOf():
                return self._some(item.n, [part(inner) for inner in item.items])
            case Soft():
                return True
            case Done():
                return self._done(item, day, piece, after_grades)
            case CreditsOf():
                return self._amount(item, item.credits, day, piece, after_grades)
            case CoursesOf():
                return self._amount(item, Fraction(item.courses), day, piece, after_grades)
            case NodeDone():
                node = self._find(item.node)
                self.left_out.add(f"done({item.node}), where its parts compete")
                if node is None:
                    return True
                return self._node(node, day, piece, after_grades)
            case GpaIs():
                self.left_out.add("means as conditions")
                return True
            case _:
                known = self.facts.holds_alone(item, day, piece, after_grades)
                if known is None and not _asks_approval(item):
                    self.left_out.add("conditions on what is not known of the person")
                # a plan rests on no approval that nobody has granted
                return not _asks_approval(item) if known is None else known

    def _every(self, parts: list[Sum | bool]) -> Sum | bool:
        if any(part is False for part in parts):
            return False
        sums = [part for part in parts if not isinstance(part, bool)]
        if len(sums) < 2:
            return sums[0] if sums else True
        both = self.program.column()
        for one in sums:
            self.program.under(both, one)
        return Sum().add(both)

    def _some(self, n: int, parts: list[Sum | bool]) -> Sum | bool:
        n -= sum(part is True for part in parts)
        sums = [part for part in parts if not isinstance(part, bool)]
        if n <= 0:
            return True
        if n > len(sums):
            return False
        if n == 1 and all(f >= 1 for one in sums for f in one.factors.values()):
            total = Sum()
            for one in sums:
                total.plus(one)
            return total
        if len(sums) == 1:
            return sums[0]
        states = Sum()
        for one in sums:
            state = self.program.column()
            self.program.under(state, one)
            states.add(state, Fraction(1, n))
        return states

    def _over(self, piece: Piece, day: dt.date, after_grades: bool) -> bool:
        return (piece.grades if after_grades else piece.end) <= day

    def _done(
        self, item: Done, day: dt.date, asking: Piece | None, after_grades: bool
    ) -> Sum | bool:
        if self.facts.holds_alone(item, day, asking, after_grades) is not False:
            return True
        leaves = self.facts.resolved.calendar.leaves
        total = Sum()
        for piece in self.by_name[item.code]:
            if asking is not None and piece.index == asking.index:
                continue
            if item.topic is not None and item.topic.casefold() not in piece.topics:
                continue
            if item.since is not None and piece.start < item.since:
                continue
            if item.part is not None and item.part <= len(piece.leaves):
                is_over = leaves[piece.leaves[item.part - 1]].end <= day
            else:
                is_over = self._over(piece, day, after_grades)
            beside = item.timing is not Timing.BEFORE and self._is_beside(item, piece, asking)
            if (is_over and item.timing is not Timing.WITH) or beside:
                total.add(self.taken[piece.index])
        return total if total.factors else False

    def _is_beside(self, item: Done, piece: Piece, asking: Piece | None) -> bool:
        if asking is None or not set(piece.leaves) & set(asking.leaves):
            return False
        return item.timing is Timing.WITH or min(piece.leaves) <= min(asking.leaves)

    def _amount(
        self,
        item: CreditsOf | CoursesOf,
        asked: Fraction,
        day: dt.date,
        asking: Piece | None,
        after_grades: bool,
    ) -> Sum | bool:
        """Return what of the credits or courses asked is finished by a day, as a part of 1."""
        in_credits = isinstance(item, CreditsOf)
        total = Sum()
        for piece in (*self.facts.recorded, *self.planned):
            if not piece.might_earn or not self._over(piece, day, after_grades):
                continue
            if asking is not None and piece.index == asking.index:
                continue
            if item.of is not None and self.facts.matches(item.of, piece) is not True:
                continue
            if isinstance(item, CoursesOf) and (
                piece.is_waiver
                or (item.at is not None and item.at not in self.facts.values("school", piece))
            ):
                continue
            total.add(self.taken.get(piece.index), piece.credits if in_credits else 1)
        if total.constant >= asked:
            return True
        return Sum().plus(total, 1 / asked) if self.program.most(total) >= asked else False

    def _find(self, name: str) -> Node | None:
        stack: list[Node] = [self.facts.resolved.tree]
        while stack:
            node = stack.pop()
            if node.header.id == name:
                return node
            if isinstance(node, All | Any):
                stack.extend(child for child in node.children if isinstance(child, Node))
        return None

    def _node(
        self, node: Node, day: dt.date, asking: Piece | None, after_grades: bool
    ) -> Sum | bool:
        """Return whether a node could be met by a day, each leaf looked at by itself."""
        if self.facts.is_excepted(str(node.header.id)):
            return True
        if isinstance(node, All | Any):
            parts = [
                self._node(child, day, asking, after_grades)
                for child in node.children
                if isinstance(child, Node)
            ]
            return self._every(parts) if isinstance(node, All) else self._some(node.n, parts)
        if not isinstance(node, Fill) or node.rest or self.facts.resolved.school.equivalents:
            return True
        sizes = [
            (size.low, in_credits)
            for size, in_credits in ((node.credits, True), (node.courses, False))
            if isinstance(size, Range) and size.low > 0
        ]
        answers: list[Sum | bool] = []
        for low, in_credits in sizes:
            total = Sum()
            for piece in (*self.facts.recorded, *self.planned):
                is_mine = asking is not None and piece.index == asking.index
                if is_mine or not piece.might_earn or not self._over(piece, day, after_grades):
                    continue
                if self.facts.admits(node, piece) is not False:
                    total.add(self.taken.get(piece.index), piece.credits if in_credits else 1)
            if total.constant >= low:
                continue
            enough = self.program.most(total) >= low
            answers.append(Sum().plus(total, 1 / low) if enough else False)
        return self._every(answers)


def _bare(item: Done) -> Done:
    """Return the same course without anything else asked of it."""
    return Done(code=item.code)


def _asks_approval(item: Expression) -> bool:
    return isinstance(item, Approval) or (isinstance(item, Not) and _asks_approval(item.item))
