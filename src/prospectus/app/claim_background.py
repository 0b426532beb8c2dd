"""Does a programme expect that one can program? What its rules say to a person who cannot."""

from __future__ import annotations

from fractions import Fraction

from prospectus.catalogs.matching import Candidate, covers
from prospectus.domain.course import Course
from prospectus.domain.expression import (
    And,
    Background,
    Expression,
    HasDegree,
    NOf,
    Or,
    Selector,
    Soft,
)
from prospectus.domain.program import Program, Resolved
from prospectus.domain.requirement import All, Any, Fill, Item, Range
from prospectus.domain.topic import Taxonomy

_AREA = "programming"
_WORDS = ("programming", "software", "computer science", "coding")
_DEGREES = ("comput", "software", "informatic", "information technology")

REQUIRED = "required"
ADVISED = "advised"
NOT_ASKED = "not asked"

DEFINITION = (
    "A person who cannot program, has no degree in computing and otherwise meets everything is "
    "held against the rules. Programming is required where the admission rule and every other way "
    "in shut this person out, or where every completion needs a course whose prerequisite does, "
    "no course of the programme standing for it; it is advised where a recommendation of the "
    "admission rule or of such a course says so. A background counts as programming where the "
    "taxonomy of topics puts it under programming and software engineering, or where it names "
    "programming, software or computer science. Of a disputed text the first reading holds."
)


def expectation(program: Program, resolved: Resolved, taxonomy: Taxonomy) -> tuple[str, str] | None:
    """Return how much programming is expected, and by what; None where no source tells."""
    asked = _Asked(taxonomy)
    rules = program.admission
    ways = [way.needs for way in rules.pathways]
    if rules.eligibility is not None:
        ways.append(rules.eligibility)
    if rules.eligibility is not None and not any(asked.lets_in(way) for way in ways):
        return REQUIRED, "by the admission rule"
    if _tree_asks(resolved.tree, resolved, asked, advice=False):
        return REQUIRED, "by a course that every completion takes"
    if rules.eligibility is not None and not asked.lets_in(rules.eligibility):
        return ADVISED, "by the admission rule, which lets one in by courses instead"
    if rules.eligibility is not None and not asked.lets_in(rules.eligibility, with_advice=True):
        return ADVISED, "by a recommendation of the admission rule"
    if _tree_asks(resolved.tree, resolved, asked, advice=True):
        return ADVISED, "by the advice of a course that every completion takes"
    return None if rules.eligibility is None else (NOT_ASKED, "")


class _Asked:
    """What conditions say to a person who cannot program and meets everything else."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy

    def lets_in(self, condition: Expression, *, with_advice: bool = False) -> bool:
        """Return whether the condition may hold; `with_advice` takes advice as binding."""

        def ask(item: Expression) -> bool:
            match item:
                case And():
                    return all(ask(one) for one in item.items)
                case Or():
                    return any(ask(one) for one in item.items)
                case NOf():
                    return sum(ask(one) for one in item.items) >= item.n
                case Soft():
                    return ask(item.item) if with_advice else True
                case Background():
                    return not self._is_programming(item.topic)
                case HasDegree():
                    field = (item.field or "").casefold()
                    return not any(word in field for word in _DEGREES)
                case _:
                    return True

        return ask(condition)

    def _is_programming(self, topic: str) -> bool:
        words = topic.casefold()
        return any(word in words for word in _WORDS) or any(
            _AREA in self._taxonomy.topic(id_).areas for id_ in self._taxonomy.meant_by(topic)
        )


def _tree_asks(node: Item, resolved: Resolved, asked: _Asked, *, advice: bool) -> bool:
    """Return whether whatever one chooses at or below a node holds a course that asks."""
    match node:
        case All():
            return any(_tree_asks(x, resolved, asked, advice=advice) for x in node.children)
        case Any():
            asking = [_tree_asks(x, resolved, asked, advice=advice) for x in node.children]
            return len(asking) - sum(asking) < node.n
        case Fill():
            open_to = [
                course
                for course in members(node.from_, resolved)
                if not _course_asks(course, asked, advice=advice)
            ]
            n = node.courses.low if isinstance(node.courses, Range) else Fraction(0)
            credits = node.credits.low if isinstance(node.credits, Range) else Fraction(0)
            repeats = any(course.repeatable is not None for course in open_to)
            within = sum((course.credits_high for course in open_to), Fraction(0))
            return not repeats and (len(open_to) < n or within < credits)
        case _:
            return False


def _course_asks(course: Course, asked: _Asked, *, advice: bool) -> bool:
    if course.requisite is not None and not asked.lets_in(course.requisite, with_advice=advice):
        return True
    if not advice or course.advisory is None:
        return False
    return not asked.lets_in(course.advisory, with_advice=True)


def members(selector: Selector, resolved: Resolved) -> tuple[Course, ...]:
    """Return the courses open to the programme that a selector may cover, nothing ruling it out.

    They bear their prerequisites as stated: in resolved rules a background is but advice.
    """
    leaves = leaves_by_node(resolved.tree)
    return tuple(
        course
        for course in resolved.school.courses
        if course.code in resolved.courses
        and course.counts_credit
        and covers(selector, Candidate(code=course.code, course=course), resolved.sets, leaves)
        is not False
    )


def leaves_by_node(item: Item) -> dict[str, tuple[Selector, ...]]:
    """Return, for each node at or below one, the selectors of the leaves below it."""
    match item:
        case All() | Any():
            found: dict[str, tuple[Selector, ...]] = {}
            mine: tuple[Selector, ...] = ()
            for child in item.children:
                below = leaves_by_node(child)
                found |= below
                mine += below.get(_id(child), ())
            return found | {str(item.header.id): mine}
        case Fill():
            return {str(item.header.id): (item.from_,)}
        case _:
            return {}


def _id(item: Item) -> str:
    return str(item.header.id) if isinstance(item, All | Any | Fill) else ""
