"""What the audit's cases draw beside the shapes of `audit_drawing`, each kind by its name.

Each is drawn from a generator of its own, so that what is drawn beside it stays as it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from tests.degrees import any_, at_least, at_most, header, leaf
from tests.differential.drawing import Draw

from prospectus.domain.course import Course, CourseCode
from prospectus.domain.expression import (
    Approved,
    Attribute,
    CodeIs,
    Done,
    Has,
    NodeDone,
    PersonIs,
    Selector,
    SubjectIn,
    Union,
)
from prospectus.domain.program import Equivalent, Rename
from prospectus.domain.requirement import Any, Fill, Item, Measure, When
from prospectus.domain.rule import Gate, Overlap, RecordRules, Rule

CONFERRALS = (dt.date(2025, 12, 31), dt.date(2026, 7, 1), dt.date(2026, 12, 31))
"""Before what is planned ends, before what is under way does, and after everything."""

PRACTICAL = Has(attribute=Attribute.ATTRIBUTE, value="practical")


def with_unknown_attributes(draw: Draw, courses: Sequence[Course]) -> list[Course]:
    """Return the courses, of some of which nobody knows whether they are practical ones."""
    if not draw.chance(0.1, "unknown attribute"):
        return list(courses)
    return [
        replace(item, unknown=frozenset({"attributes"}))
        if place == 0 or draw.chance(0.4)
        else replace(item, attributes=frozenset({"practical"} if draw.chance(0.5) else ()))
        for place, item in enumerate(courses)
    ]


def with_named_nodes(
    draw: Draw, children: Sequence[Item], codes: Sequence[CourseCode]
) -> list[Item]:
    """Return the nodes with declared choices, approvals, measures in a node and per value."""
    found = [_declaring(draw, child) for child in children]
    if draw.chance(0.1, "approval"):
        place = _place_of_leaf(draw, found)
        found[place] = _approved(draw, found[place], codes)
    if "unknown attribute" in draw.kinds:
        place = _place_of_leaf(draw, found)
        one = found[place]
        assert isinstance(one, Fill)
        if draw.chance(0.5):
            found[place] = replace(one, from_=PRACTICAL)
        else:
            how = draw.rng.choice([at_least, at_most])
            found.append(how("practical", PRACTICAL, courses=1))
    if draw.chance(0.08, "either"):
        one_code, other = (str(code) for code in draw.rng.sample(list(codes), 2))
        either = any_("either", leaf("one", one_code, 1), leaf("other", other, 1))
        found.insert(0, replace(either, declare=draw.chance(0.3)))
    if draw.chance(0.1, "measure in"):
        nodes = [child.header.id for child in found if isinstance(child, Fill | Any)]
        within = tuple(draw.rng.sample(nodes, min(len(nodes), draw.rng.randint(1, 2))))
        how = draw.rng.choice([at_least, at_most, at_most])
        of = _some(draw, codes, 3)
        found.append(how("inside", of, credits=draw.rng.choice([2, 3, 5]), within=within))
    if draw.chance(0.08, "per"):
        per = draw.rng.choice(["instructor", "instructor", "season", "subject"])
        unit: dict[str, int] = draw.rng.choice([{"courses": 1}, {"credits": 4}])
        found.append(at_most("each", "any", per=per, **unit))
    if draw.chance(0.14, "cap on transfer"):
        transferred = Has(attribute=Attribute.SOURCE, value="transfer")
        found.append(at_most("transferred", transferred, credits=draw.rng.choice([2, 3])))
    if draw.chance(0.09, "when"):
        found.append(
            When(
                condition=PersonIs(fact="residence", value="in"),
                then=leaf("then", _some(draw, codes, 3), 1),
                otherwise=draw.rng.choice([None, at_most("else", "any", credits=6)]),
            )
        )
    return found


def _some(draw: Draw, codes: Sequence[CourseCode], most: int) -> list[str]:
    return [str(code) for code in draw.rng.sample(list(codes), min(most, len(codes)))]


def _place_of_leaf(draw: Draw, found: Sequence[Item]) -> int:
    plain = [n for n, child in enumerate(found) if isinstance(child, Fill) and not child.rest]
    return draw.rng.choice(plain)


def _declaring(draw: Draw, child: Item) -> Item:
    if not isinstance(child, Any) or not draw.chance(0.75):
        return child
    return replace(child, declare=True)


def _approved(draw: Draw, child: Item, codes: Sequence[CourseCode]) -> Item:
    """Return a leaf of which all, or one more course, is for an approval to admit."""
    assert isinstance(child, Fill)
    admitted: Selector = Approved(approval="dean", of=child.from_)
    if draw.chance(0.5):
        more = CodeIs(code=draw.rng.choice(list(codes)))
        admitted = Union(items=(child.from_, Approved(approval="dean", of=more)))
    return replace(child, from_=admitted)


def named_rules(draw: Draw, rules: Sequence[Rule], leaves: Sequence[str]) -> list[Rule]:
    """Return the rules, some overlaps with a condition on the person, sometimes with a gate."""
    found: list[Rule] = []
    for rule in rules:
        if isinstance(rule, Overlap) and draw.chance(0.6, "overlap if"):
            fact = PersonIs(fact="funded", value=draw.rng.choice(["yes", "no"]))
            rule = replace(rule, condition=fact)
        found.append(rule)
    if draw.chance(0.08, "gate"):
        needs = NodeDone(node=draw.rng.choice(list(leaves)))
        locks = draw.rng.choice([None, SubjectIn(subjects=("BB",))])
        found.append(Gate(header=header("gate"), needs=needs, locks=locks))
    return found


def named_record_rules(draw: Draw, rules: RecordRules) -> RecordRules:
    """Return the record rules, in some cases with expiry or a limit of attempts."""
    of = draw.rng.choice([None, SubjectIn(subjects=("AA",))])
    if draw.chance(0.11, "expiry"):
        rules = replace(rules, expires_months=draw.rng.choice([5, 12, 24]), expires_of=of)
    if draw.chance(0.11, "attempts"):
        rules = replace(
            rules,
            attempts_at_most=draw.rng.choice([1, 1, 1, 2]),
            attempts_of=of,
            attempts_then_block=draw.chance(0.5, "attempts: block"),
        )
    return rules


def named_names(draw: Draw, codes: Sequence[CourseCode]) -> dict[str, object]:
    """Return renames and single equivalents of a school, where they are drawn."""
    found: dict[str, object] = {}
    if draw.chance(0.16, "rename"):
        new = draw.rng.choice(list(codes))
        day = draw.rng.choice([None, dt.date(2025, 1, 1), dt.date(2026, 3, 1)])
        found["renames"] = (Rename(old="CC 100", new=str(new), valid_from=day),)
    if draw.chance(0.08, "single equivalent"):
        whole, piece = draw.rng.sample(list(codes), 2)
        by = str(piece) if draw.chance(0.6) else "ZZ 900"
        found["equivalents"] = (Equivalent(course=whole, met_by=Done(code=by)),)
    return found


def with_nodes_on_parts(
    draw: Draw, children: Sequence[Item], courses: Sequence[Course]
) -> list[Item]:
    """Return the nodes with a cap below a course of variable credits, or with leaves that ask them.

    Where a leaf asks more than their least, few other leaves stand beside it: there are few
    courses, and all should find their places.
    """
    variable = [item for item in courses if item.credits_low != item.credits_high]
    found = list(children)
    if not variable:
        return found
    if draw.chance(0.6, "leaf on parts"):
        low = sum((item.credits_low for item in variable), Fraction(0))
        high = sum((item.credits_high for item in variable), Fraction(0))
        size = Fraction(draw.rng.randint(int(low), int(high)))
        found = [one for one in found if not isinstance(one, Fill) or one.rest]
        found = [one for one in found if not isinstance(one, Measure) or draw.chance(0.3)]
        found.insert(0, leaf("variable", [str(item.code) for item in variable], credits=size))
        if draw.chance(0.25):
            found.append(leaf("beside", _some(draw, [item.code for item in courses], 2), 1))
    if draw.chance(0.75 if "leaf on parts" not in draw.kinds else 0.15, "cap on parts"):
        one = draw.rng.choice(variable)
        found.append(at_most("part", [str(one.code)], credits=Fraction(one.credits_high - 1)))
    return found
