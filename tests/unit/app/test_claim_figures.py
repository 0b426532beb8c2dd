"""The figures of the register on degrees small enough to count by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest
from sample_school import day, program, school

from prospectus.app.claim_answers import Figure, Share, Spread, spread
from prospectus.app.claim_background import ADVISED, NOT_ASKED, REQUIRED, expectation
from prospectus.app.claim_electives import freedom
from prospectus.app.claim_experience import experience_figure
from prospectus.app.claim_figures import ALGORITHMS_AND_STATISTICS, counted, figure
from prospectus.app.claim_months import months_figure
from prospectus.app.claim_planner import Ended, NotKept, Planner
from prospectus.app.claims_page import left_out_words, part_words
from prospectus.app.library import Library
from prospectus.app.solving import Effort
from prospectus.app.topic_reach import open_topics
from prospectus.catalogs.catalog import Catalog
from prospectus.domain.claim import FigureKind
from prospectus.domain.course import CourseCode, Delivery
from prospectus.domain.expression import (
    And,
    Background,
    CoursesOf,
    Done,
    Expression,
    HasDegree,
    Or,
    Soft,
    Softness,
    SubjectIn,
)
from prospectus.domain.facts import Completeness
from prospectus.domain.meaning import resolve
from prospectus.domain.offering import Offering, OfferingKind
from prospectus.domain.program import (
    Admission,
    ExperienceKind,
    Experiential,
    Obligation,
    Pathway,
    Program,
    ProgramDelivery,
    School,
)
from prospectus.domain.requirement import All, Header, Milestone, NodeId
from prospectus.domain.student import Person
from prospectus.store.cache import Cache

TODAY = day("2026-08-01")
PYTHON = Background(topic="Python")


def admitting(eligibility: Expression | None, *ways: Expression) -> Program:
    pathways = tuple(Pathway(id=f"way-{n}", label="", needs=way) for n, way in enumerate(ways))
    return replace(program(), admission=Admission(eligibility=eligibility, pathways=pathways))


def asking(**requisites: Expression) -> School:
    """The school where AB 100, AB 200 or AB 300 have a prerequisite or advice."""
    courses = []
    for course in school().courses:
        number = course.code.split()[1]
        courses.append(
            replace(
                course,
                requisite=requisites.get(f"needs_{number}"),
                advisory=requisites.get(f"advises_{number}"),
            )
        )
    return replace(school(), courses=tuple(courses))


def level(rules: Program, at: School | None = None) -> str | None:
    resolved = resolve(rules, at or school(), Person(), (), {})[0]
    found = expectation(rules, resolved, open_topics())
    return None if found is None else found[0]


def planner(*programs: Program, at: School | None = None, may_solve: bool = True) -> Planner:
    library = Library(catalog=Catalog(schools=(at or school(),), programs=programs))
    return Planner(
        library=library,
        today=TODAY,
        effort=Effort(seconds=20),
        may_solve=may_solve,
        kept=Cache(None),
    )


def share(parts: tuple[object, ...], label: str) -> Share:
    return next(part for part in parts if isinstance(part, Share) and part.label == label)


def test_a_background_in_a_language_is_programming_required():
    degree = HasDegree(level="bachelor")
    assert level(admitting(And(items=(degree, PYTHON)))) == REQUIRED


def test_a_background_in_mathematics_is_not_programming():
    assert level(admitting(Background(topic="linear algebra"))) == NOT_ASKED


def test_a_degree_in_computing_does_not_spare_the_person_who_has_none():
    computing = HasDegree(level="bachelor", field="computer science")
    assert level(admitting(Or(items=(computing, PYTHON)))) == REQUIRED


def test_a_degree_in_another_field_opens_another_way():
    either = Or(items=(HasDegree(level="bachelor", field="mathematics"), PYTHON))
    assert level(admitting(either)) == NOT_ASKED


def test_a_recommendation_is_advice():
    assert level(admitting(Soft(kind=Softness.RECOMMENDED, item=PYTHON))) == ADVISED


def test_a_way_in_by_courses_makes_a_demand_advice():
    by_courses = CoursesOf(courses=2, of=SubjectIn(subjects=("AB",)))
    assert level(admitting(PYTHON, by_courses)) == ADVISED


def test_an_unknown_rule_of_admission_is_left_out_unless_courses_tell():
    assert level(admitting(None)) is None
    assert level(admitting(None), asking(needs_100=PYTHON)) == REQUIRED


def test_a_course_that_one_may_avoid_asks_nobody():
    none = And(items=())
    assert level(admitting(none), asking(needs_200=PYTHON)) == NOT_ASKED
    both = asking(needs_200=PYTHON, needs_300=PYTHON)
    assert level(admitting(none), both) == REQUIRED


def test_a_course_inside_stands_for_the_background():
    inside = Or(items=(PYTHON, Done(code="AB 200")))
    assert level(admitting(And(items=())), asking(needs_100=inside)) == NOT_ASKED


def test_the_advice_of_a_course_for_all_is_advice():
    assert level(admitting(And(items=())), asking(advises_100=PYTHON)) == ADVISED


def test_a_course_by_name_is_fixed_and_the_rest_is_free():
    rules = program()
    tree = replace(rules.tree, total=replace(rules.tree.total, credits=_range(9)))
    resolved = resolve(replace(rules, tree=tree), school(), Person(), (), {})[0]
    found = freedom(resolved, "track", "two")
    assert (found.fixed, found.listed, found.free) == (6, 0, 3)


def test_a_rest_that_the_total_leaves_nothing_for_is_no_freedom():
    resolved = resolve(program(), school(), Person(), (), {})[0]
    assert freedom(resolved, "track", "three").free == 0


def test_a_rest_without_a_total_is_not_known():
    rules = program()
    bare = replace(rules, tree=replace(rules.tree, total=None))
    resolved = resolve(bare, school(), Person(), (), {})[0]
    assert freedom(resolved, "track", "two").unknown == "its total"


def _range(n: int):
    return replace(program().tree.total.credits, low=Fraction(n))


def test_only_the_newest_complete_rules_of_a_programme_count():
    old = replace(program(), catalog_year="2020-21")
    new = replace(program(), catalog_year="2027-28", completeness=Completeness.PARTIAL)
    stub = replace(program(), id="other-ms", completeness=Completeness.STUB)
    found, absent = counted(planner(old, program(), new, stub).library)
    assert [one.catalog_year for one in found] == ["2026-27"]
    assert [one.program for one in absent] == ["other-ms"]


def test_the_hybrid_share_leaves_out_what_no_source_tells():
    def taught(id_: str, mode: Delivery) -> Program:
        return replace(program(), id=id_, delivery=ProgramDelivery(mode=mode))

    rules = (taught("a", Delivery.HYBRID), taught("b", Delivery.ASYNC), taught("c", Delivery.ASYNC))
    unknown = taught("d", Delivery.UNKNOWN)
    found = figure(FigureKind.DELIVERY, planner(*rules, unknown))
    assert (share(found.parts, "hybrid").n, share(found.parts, "hybrid").of) == (1, 3)
    assert part_words(share(found.parts, "hybrid")) == "1 of 3 programmes (33%)"
    assert left_out_words(found) == "d (2026-27): no source says how it is taught"


def test_the_topics_of_algorithms_and_statistics_are_in_the_taxonomy():
    known = {topic.id for topic in open_topics().topics}
    assert set(ALGORITHMS_AND_STATISTICS) <= known


def test_equal_tracks_add_nothing_to_the_degree_without_one():
    found = months_figure((program(),), planner(program()))
    assert "no track adds anything" in found.cases[0].text
    assert "months on every track" in found.cases[0].text


def slow_school() -> School:
    """The school where AB 100 and AB 300 are taught in Fall alone."""
    return replace(
        school(),
        offerings=tuple(
            one
            for one in school().offerings
            if (one.course, one.season) not in {("AB 100", "Spring"), ("AB 300", "Spring")}
        ),
    )


LONGER = Fraction((dt.date(2027, 12, 17) - dt.date(2027, 5, 6)).days) / Fraction(30436875, 1000000)


def part(found: Figure, label: str) -> Spread:
    return next(one for one in found.parts if isinstance(one, Spread) and one.label == label)


def test_a_slower_track_adds_its_months_to_the_degree_without_one():
    found = months_figure((program(),), planner(program(), at=slow_school()))
    one_a_term = share(found.parts, "tracks that add anything, at most 1 course a term")
    assert (one_a_term.n, one_a_term.of) == (1, 2)
    two_a_term = share(found.parts, "tracks that add anything, at most 2 courses a term")
    assert (two_a_term.n, two_a_term.of) == (0, 2)
    label = "months added by a track to the degree without one, at most 1 course a term"
    assert (part(found, label).least, part(found, label).most) == (0, LONGER)
    assert "8.4 months without the choice, three +7.4 (+88%), the others +0;" in found.cases[0].text
    apart = part(found, "months from the quickest track to the slowest, at most 1 course a term")
    assert (apart.least, apart.most, apart.of) == (LONGER, LONGER, 1)


def test_every_track_adds_months_where_each_is_slower_than_free_electives():
    """AB 400 is in no track: the degree without a track ends in Spring, each track in Fall."""
    fast = replace(school().courses[0], code=CourseCode("AB 400"))
    fall_alone = {("AB 100", "Spring"), ("AB 200", "Spring"), ("AB 300", "Spring")}
    kept = tuple(o for o in school().offerings if (o.course, o.season) not in fall_alone)
    spring = Offering(course=CourseCode("AB 400"), kind=OfferingKind.EXPECTED, season="Spring")
    at = replace(school(), courses=(*school().courses, fast), offerings=(*kept, spring))
    found = months_figure((program(),), planner(program(), at=at))
    label = "months added by a track to the degree without one, at most 1 course a term"
    assert (part(found, label).least, part(found, label).most) == (LONGER, LONGER)
    apart = part(found, "months from the quickest track to the slowest, at most 1 course a term")
    assert apart.most == 0


def test_where_the_choice_cannot_be_taken_out_tracks_are_held_against_each_other_alone():
    tree = program().tree
    assert isinstance(tree, All)
    rules = replace(program(), tree=replace(tree, children=tree.children[:2]))
    found = months_figure((rules,), planner(rules, at=slow_school()))
    assert "cannot be taken out, for no free electives" in found.cases[0].text
    able = share(found.parts, "programmes with tracks whose choice can be taken out")
    assert (able.n, able.of) == (0, 1)
    assert part_words(found.parts[0]) == "of no track: nothing to count"
    apart = part(found, "months from the quickest track to the slowest, at most 1 course a term")
    assert apart.most == LONGER


def test_a_programme_without_tracks_adds_nothing_to_the_figure():
    single = replace(program(), main_choice=None)
    found = months_figure((single,), planner(single))
    assert found.cases == ()
    assert part_words(found.parts[0]) == "of no track: nothing to count"


def test_a_course_that_every_track_needs_is_in_every_completion():
    titled = replace(
        school(),
        courses=tuple(
            replace(course, title="Analytics Practicum") if course.code == "AB 100" else course
            for course in school().courses
        ),
    )
    stated = Experiential(kinds=(ExperienceKind.CAPSTONE,), required=Obligation.YES)
    rules = replace(program(), experiential=stated)
    found = experience_figure((rules,), planner(rules, at=titled))
    by_rules = share(found.parts, "a practicum or internship in every completion, by the rules")
    by_catalog = share(found.parts, "a practicum or internship required, by the catalog")
    assert (by_rules.n, by_rules.of, by_catalog.n, by_catalog.of) == (1, 1, 0, 1)


def test_a_course_of_one_track_alone_is_in_no_completion_that_all_make():
    titled = replace(
        school(),
        courses=tuple(
            replace(course, title="Capstone") if course.code == "AB 200" else course
            for course in school().courses
        ),
    )
    found = experience_figure((program(),), planner(program(), at=titled))
    assert found.parts[1].n == 0
    assert found.parts[2].of == 0, "the catalog says nothing of what is required"


def test_work_of_unknown_kind_is_told_as_unknown_and_not_counted():
    """`kinds: unknown` is not told as none."""
    stated = Experiential(kinds=None, required=Obligation.NO)
    rules = replace(program(), experiential=stated)
    found = experience_figure((rules,), planner(rules))
    assert share(found.parts, "a practicum or internship required, by the catalog").of == 0
    assert "none" not in found.cases[0].text
    (absent,) = found.left_out
    assert absent.why == (
        "counted by the rules alone, for the catalog says not required, and does not know of "
        "which kind"
    )


def test_what_the_solver_did_not_decide_is_counted_by_the_catalog_alone(
    monkeypatch: pytest.MonkeyPatch,
):
    at = replace(school(), courses=(replace(school().courses[0], title="Practicum"),))
    monkeypatch.setattr(Planner, "earliest", lambda *_, **__: Ended(status="unknown"))
    stated = Experiential(kinds=(ExperienceKind.PRACTICUM,), required=Obligation.YES)
    rules = replace(program(), experiential=stated)
    found = experience_figure((rules,), planner(rules, at=at))
    assert (found.parts[0].of, found.parts[2].n, found.parts[2].of) == (0, 1, 1)
    assert found.left_out[0].why.startswith("counted by the catalog alone")
    silent = experience_figure((program(),), planner(program(), at=at))
    assert (silent.cases, len(silent.left_out)) == ((), 1)


def test_a_milestone_for_all_counts_without_a_plan():
    tree = program().tree
    assert isinstance(tree, All)
    hours = Milestone(header=Header(id=NodeId("hours")), kind="practicum")
    rules = replace(program(), tree=replace(tree, children=(*tree.children, hours)))
    found = experience_figure((rules,), planner(rules, may_solve=False))
    assert found.parts[0].n == 1


def test_what_may_not_be_solved_and_is_not_kept_is_said_to_be_so():
    with pytest.raises(NotKept):
        months_figure((program(),), planner(program(), may_solve=False))


def test_a_plan_that_was_solved_once_is_kept(tmp_path):
    solving = replace(planner(program()), kept=Cache(tmp_path))
    first = months_figure((program(),), solving)
    assert months_figure((program(),), replace(solving, may_solve=False)) == first


def test_a_spread_of_nothing_has_no_median():
    assert spread("x", [], "%", "programme").middle is None
    assert part_words(spread("x", [Fraction(1), Fraction(2)], "months", "track")) == (
        "median 1.5 months (1 months to 2 months) over 2 tracks"
    )


def test_a_track_that_is_known_in_part_is_not_planned():
    tree = program().tree
    assert isinstance(tree, All)
    base, choice, free = tree.children
    first, second = choice.children
    partial = replace(second, header=replace(second.header, completeness=Completeness.PARTIAL))
    choice = replace(choice, children=(first, partial))
    rules = replace(program(), tree=replace(tree, children=(base, choice, free)))
    found = months_figure((rules,), planner(rules))
    assert [one.why for one in found.left_out] == ["it has no tracks to choose among"]
