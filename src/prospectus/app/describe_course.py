"""Everything that is known of one course, in plain words, each with its source and its place."""

from __future__ import annotations

from collections.abc import Iterator

from prospectus.app.catalog_answers import RuleLine, RuleSection, fact_line, unknown_line
from prospectus.app.offering_words import difficulty_words, hours_words, offering_words
from prospectus.app.tree_walk import walk
from prospectus.app.words import condition_words, listed, range_words
from prospectus.catalogs.matching import Candidate, covers
from prospectus.domain.course import Course, Delivery, RepeatBy
from prospectus.domain.expression import Selector
from prospectus.domain.program import Program, School
from prospectus.domain.requirement import Fill, Node, Range
from prospectus.domain.rule import Exclude, Position
from prospectus.domain.topic import Taxonomy, applied_share, tags_of

_REPEATED = {
    RepeatBy.TOPIC: "may be taken again for credit with another topic",
    RepeatBy.PERIOD: "may be taken again for credit in another period",
}


def course_sections(course: Course, program: Program, school: School) -> tuple[RuleSection, ...]:
    """Return what is known of a course as a student of a programme meets it."""
    found = (
        RuleSection(title="The course", lines=tuple(_itself(course))),
        RuleSection(title="What comes before it", lines=tuple(_before(course, program))),
        RuleSection(title="When it runs", lines=tuple(_runs(course, program, school))),
        RuleSection(title="What it counts for", lines=tuple(_serves(course, program))),
    )
    return tuple(section for section in found if section.lines)


def _itself(course: Course) -> Iterator[RuleLine]:
    size = range_words(Range(low=course.credits_low, high=course.credits_high), "credit")
    level = "" if course.effective_level is None else f", level {course.effective_level}"
    way = (
        ""
        if course.delivery is Delivery.UNKNOWN
        else f", taught {course.delivery.value.replace('_', ' ')}"
    )
    yield fact_line(f"{size}{level}{way}", course.provenance)
    if course.delivery is Delivery.UNKNOWN:
        yield unknown_line("how it is taught")
    for name, words, values in (
        ("topics", "about", course.topics),
        ("areas", "areas:", course.areas),
        ("attributes", "marked as", course.attributes),
    ):
        if values:
            yield fact_line(f"{words} {listed(sorted(values), 'and')}", course.provenance)
        elif name in course.unknown:
            yield unknown_line(name)
    for former in course.formerly:
        until = "?" if former.until is None else str(former.until)
        about = "?" if former.topics is None else listed(sorted(former.topics), "and")
        text = f"until {until} this number was {former.title or 'another course'}, about {about}"
        yield fact_line(text, former.provenance)
    if not course.counts_credit:
        yield fact_line("earns no credit", course.provenance)
    if course.repeatable is not None:
        yield fact_line(_REPEATED[course.repeatable], course.provenance)
    if course.restricted_to:
        only = listed(sorted(course.restricted_to))
        yield fact_line(f"only for students of {only}", course.provenance)
    if course.hours is None:
        yield unknown_line("hours a week")
    else:
        yield fact_line(hours_words(course.hours), course.hours.provenance)
    if course.difficulty is not None:
        yield fact_line(difficulty_words(course.difficulty), course.difficulty.provenance)
    if course.provenance.note:
        yield fact_line(f"note: {course.provenance.note}", course.provenance)


def _before(course: Course, program: Program) -> Iterator[RuleLine]:
    labels = _labels(program)
    if course.requisite is not None:
        words = condition_words(course.requisite, labels)
        yield fact_line(f"requires {words}", course.provenance)
    elif course.requisite_stated:
        yield fact_line("no course is required before it", course.provenance)
    else:
        yield unknown_line("prerequisites")
    if course.advisory is not None:
        words = condition_words(course.advisory, labels)
        yield fact_line(f"advised only: {words}", course.provenance)


def _runs(course: Course, program: Program, school: School) -> Iterator[RuleLine]:
    found = [one for one in school.offerings_for(program.id) if one.course == course.code]
    if not found:
        yield unknown_line("when it runs")
    for offering in found:
        yield fact_line(offering_words(offering), offering.provenance)


def _serves(course: Course, program: Program) -> Iterator[RuleLine]:
    """Yield the requirements that may take the course, and the rules that name it."""
    candidate = Candidate(code=course.code, course=course)
    sets = dict(program.sets)
    leaves = {str(node.header.id): _leaves_below(node) for node, _ in walk(program.tree)}
    n_found = 0
    for node, _ in walk(program.tree):
        # what earns no credit fills no leaf, whatever its selector says
        if not isinstance(node, Fill) or not course.counts_credit:
            continue
        inside = covers(node.from_, candidate, sets, leaves)
        if inside is False:
            continue
        n_found += 1
        maybe = "" if inside else ", under a condition"
        yield fact_line(f"{node.header.name}{maybe}", node.header.provenance)
    if not n_found:
        yield RuleLine(depth=0, id="", text=f"nothing in {program.id}", mark="", sources=())
    for rule in program.rules:
        if isinstance(rule, Exclude) and rule.course == course.code:
            words = condition_words(rule.condition, _labels(program))
            yield fact_line(f"no credit after {words}", rule.header.provenance)
        if isinstance(rule, Position) and covers(rule.of, candidate, sets, leaves):
            yield fact_line(f"{rule.header.name}: its place is fixed", rule.header.provenance)


def topic_sections(course: Course, taxonomy: Taxonomy) -> tuple[RuleSection, ...]:
    """Return the topics that a course's own words put it under, each with these words."""
    tags = tags_of(course, taxonomy)
    lines = [
        fact_line(f"{taxonomy.topic(tag.topic).label}: {tag.why}", course.provenance)
        for tag in tags
    ]
    share = applied_share(tags, taxonomy)
    if share is not None:
        text = f"applied: {round(100 * share)} percent of these, the rest theoretical"
        lines.append(fact_line(text, course.provenance))
    return (RuleSection(title="Topics", lines=tuple(lines)),) if lines else ()


def _leaves_below(node: Node) -> tuple[Selector, ...]:
    return tuple(inner.from_ for inner, _ in walk(node) if isinstance(inner, Fill))


def _labels(program: Program) -> dict[str, str]:
    return {str(node.header.id): node.header.name for node, _ in walk(program.tree)}
