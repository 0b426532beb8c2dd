"""A batch says of every record what the exact audit says of it alone."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from tests.degrees import (
    TODAY,
    all_,
    any_,
    at_most,
    course,
    degree,
    done,
    failed,
    header,
    leaf,
    planned,
    running,
    taken,
    transfer,
    waived,
)

from prospectus.audit import audit
from prospectus.audit.batch import BatchAuditor
from prospectus.audit.batch_answer import BatchAnswer, answer_of
from prospectus.domain.course import CourseCode
from prospectus.domain.expression import And, Expression, Or
from prospectus.domain.plan import Standing
from prospectus.domain.program import Equivalent, Resolved
from prospectus.domain.record import Attempt, Record
from prospectus.domain.rule import Exclude, RecordRules, Repeats, WhichAttempt

COURSES = [course(f"CS {number}") for number in range(6001, 6013)] + [
    course(f"MGT {number}") for number in range(6001, 6005)
]


def tracks() -> Resolved:
    """Return a degree of eight courses with two tracks, free electives and a cap."""
    return degree(
        any_(
            "track",
            all_(
                "systems",
                leaf("core", ["CS 6001", "CS 6002"], 1, min_grade="B"),
                leaf("more", ["CS 6001", "CS 6002", "CS 6003", "CS 6004"], 2),
            ),
            all_(
                "theory",
                leaf("proofs", ["CS 6003", "CS 6005"], 2, min_grade="B"),
                leaf("limits", ["CS 6006", "CS 6007"], 1),
            ),
            declare=True,
        ),
        leaf("free", "any", credits="rest"),
        at_most("outside", "subject MGT", credits=6),
        total=24,
        courses=COURSES,
        record_rules=RecordRules(
            repeats=Repeats(use=WhichAttempt.NEWEST, only_below="B", mean_uses_all=True)
        ),
    )


def answers(
    resolved: Resolved, records: list[list[Attempt]], choices: dict[str, str] | None = None
) -> tuple[list[BatchAnswer], list[bool]]:
    """Return the answers of a batch, and whether the compiled rules gave them."""
    auditor = BatchAuditor(resolved, TODAY, choices)
    numbers = [auditor.number(one) for record in records for one in record]
    offsets = np.cumsum([0, *map(len, records)], dtype=np.int64)
    places, by_kernel = auditor.run(offsets, np.array(numbers, np.int32))
    return [auditor.results[place] for place in places], by_kernel.tolist()


def alone(
    resolved: Resolved, record: list[Attempt], choices: dict[str, str] | None = None
) -> BatchAnswer:
    """Return the answer of the exact audit."""
    return answer_of(audit(resolved, Record(attempts=tuple(record)), TODAY, choices=choices))


def drawn(rng: random.Random, *, open_too: bool) -> list[Attempt]:
    """Return a record of some courses with grades; some open, some failed."""
    found = []
    for one in rng.sample(COURSES, rng.randint(0, 12)):
        how = rng.random()
        if open_too and how < 0.1:
            found.append(running(one.code))
        elif open_too and how < 0.2:
            found.append(planned(one.code))
        elif how < 0.3:
            found.append(failed(one.code))
        else:
            found.append(taken(one.code, rng.choice("AABC")))
    return found


@pytest.mark.parametrize("open_too", [False, True])
@pytest.mark.parametrize("choices", [None, {"track": "theory"}])
def test_every_answer_is_that_of_the_exact_audit(
    open_too: bool, choices: dict[str, str] | None
) -> None:
    rng = random.Random(11)
    resolved = tracks()
    records = [drawn(rng, open_too=open_too) for _ in range(120)]
    got, by_kernel = answers(resolved, records, choices)
    assert got == [alone(resolved, record, choices) for record in records]
    lost = [one.credits_left is None for one in got]
    # where both planned and running courses complete a degree, which of them it rests on is asked
    between = [one.standing in (Standing.PLANNED, Standing.IN_PROGRESS) for one in got]
    assert all(any(one) for one in zip(by_kernel, lost, between, strict=True))
    assert lost.count(True) < len(lost) / 2


def test_no_record_at_all_is_answered() -> None:
    got, _ = answers(tracks(), [])
    assert got == []


def test_a_record_without_attempts_has_everything_left() -> None:
    (got,), by_kernel = answers(tracks(), [[]])
    assert got.credits_left == 24
    assert by_kernel == [True]


def test_of_tied_tracks_the_one_that_holds_most_is_named() -> None:
    (got,), _ = answers(tracks(), [[taken("CS 6006"), taken("CS 6005")]])
    assert got.taken == (("track", ("theory",)),)


def test_a_repeat_counts_by_the_rule_of_the_programme() -> None:
    twice = [taken("CS 6001", "C"), taken("CS 6001", "A", "Spring 2026", id="again")]
    again = [taken("CS 6001", "A"), taken("CS 6001", "C", "Spring 2026", id="again")]
    resolved = tracks()
    got, by_kernel = answers(resolved, [twice, again])
    assert got == [alone(resolved, twice), alone(resolved, again)]
    assert by_kernel == [True, True]


def test_what_the_tables_cannot_hold_is_audited_alone() -> None:
    record = [taken("CS 6001"), waived("CS 6003")]
    resolved = tracks()
    got, by_kernel = answers(resolved, [record, [taken("CS 6001")]])
    assert got[0] == alone(resolved, record)
    assert by_kernel == [False, True]


def uneven(**school: object) -> Resolved:
    """Return two tracks and a fixed course, where courses differ in credits."""
    sizes = [course("CS 500", 1), course("CS 501", (1, 3)), course("CS 502", 2)]
    return degree(
        any_(
            "track",
            leaf("left", ["CS 6001", "CS 6002", "CS 6003"], 2),
            leaf("right", ["CS 6003", "CS 6004", "CS 6005"], 2),
            declare=True,
        ),
        leaf("fixed", ["CS 6010"], 1),
        leaf("free", "any", credits="rest"),
        total=18,
        courses=[*COURSES, *sizes],
        school=school,
    )


def test_tied_children_beyond_the_states_are_told_apart_by_the_order_of_uses() -> None:
    rng, resolved = random.Random(4), uneven()
    records = [drawn(rng, open_too=False) for _ in range(60)]
    got, by_kernel = answers(resolved, [*records, *records])
    assert got == [alone(resolved, record) for record in [*records, *records]]
    assert by_kernel.count(True) > 0.9 * len(by_kernel)
    assert by_kernel[:60] == by_kernel[60:]


def test_courses_of_variable_credits_are_uses_of_their_own() -> None:
    resolved = uneven()
    some = [taken(one.code) for one in COURSES[:6]]
    mixed = [[*some[:n], taken("CS 501", credits=size)] for n in range(6) for size in (1, 2, 3)]
    records = [*mixed, [taken("CS 6001")], [failed("CS 501")]]
    got, by_kernel = answers(resolved, records)
    assert got == [alone(resolved, record) for record in records]
    assert all(by_kernel)


PAIR = done("CS 6002")
THREE = Or(items=(PAIR, And(items=(done("CS 6003"), done("CS 6011")))))


@pytest.mark.parametrize(("beside", "least"), [(PAIR, 0.7), (THREE, 0.2)])
def test_of_courses_that_exclude_each_other_the_later_loses(
    beside: Expression, least: float
) -> None:
    rule = Exclude(header=header("apart"), course="CS 6001", condition=beside)
    resolved = replace(tracks(), rules=(rule,))
    rng = random.Random(8)
    records = [drawn(rng, open_too=False) for _ in range(80)]
    first, second = taken("CS 6001"), taken("CS 6002", "A", "Spring 2026")
    later = taken("CS 6001", "A", "Summer 2026")
    records += [[first, second], [second, later], [first], [second]]
    got, by_kernel = answers(resolved, records)
    assert got == [alone(resolved, record) for record in records]
    lost = [one.credits_left is None for one in got]
    assert sum(map(max, zip(by_kernel, lost, strict=True))) >= least * len(records)


def apart() -> Resolved:
    """Return a degree whose lists share no course, with a most and a choice, and no free ones."""
    return degree(
        leaf("first", ["CS 6001"], 1),
        leaf("second", ["CS 6002", "CS 6003"], 1),
        any_("either", leaf("one", ["CS 6004"], 1), leaf("other", ["CS 6005", "CS 6006"], 2)),
        leaf("many", [f"MGT {n}" for n in range(6001, 6005)], credits=9),
        leaf("last", ["CS 6007", "CS 6008", "CS 6009"], 2),
        at_most("capped", ["CS 6008", "CS 6009"], courses=1),
        total=21,
        courses=COURSES,
    )


def test_rules_that_fall_apart_are_searched_part_by_part() -> None:
    rng, resolved = random.Random(6), apart()
    records = [drawn(rng, open_too=False) for _ in range(150)]
    auditor = BatchAuditor(resolved, TODAY)
    numbers = [auditor.number(one) for record in records for one in record]
    offsets = np.cumsum([0, *map(len, records)], dtype=np.int64)
    places, by_kernel = auditor.run(offsets, np.array(numbers, np.int32))
    got = [auditor.results[place] for place in places]
    assert got == [alone(resolved, record) for record in records]
    assert all(by_kernel)
    assert auditor.n_solved < 45


def test_a_list_that_needs_all_its_courses_is_a_part_beside_free_electives() -> None:
    resolved = degree(
        leaf("all", ["CS 6001", "CS 6002", "CS 6003"], 3),
        leaf("one", ["CS 6004"], 1, min_grade="B"),
        leaf("free", "any", credits="rest"),
        at_most("outside", "subject MGT", credits=6),
        total=21,
        courses=COURSES,
    )
    rng = random.Random(9)
    records = [drawn(rng, open_too=True) for _ in range(120)]
    records += [[taken("CS 6001"), transfer("CS 6001", id="again")], [taken("CS 6004", "D")]]
    got, _ = answers(resolved, records)
    assert got == [alone(resolved, record) for record in records]


def test_pieces_of_one_course_are_told_apart() -> None:
    pieces = And(items=(done("CS 6001"), done("CS 6002")))
    resolved = uneven(equivalents=(Equivalent(course=CourseCode("CS 6010"), met_by=pieces),))
    first, second, other = taken("CS 6001"), taken("CS 6002"), taken("CS 6005")
    records = [[first, second], [first], [second], [first, other], [second, other], [other]]
    got, by_kernel = answers(resolved, records)
    assert got == [alone(resolved, record) for record in records]
    assert all(by_kernel)


def test_what_a_course_on_record_stands_for_may_still_be_taken() -> None:
    stands_for = Equivalent(course=CourseCode("CS 6010"), met_by=done("CS 6001"))
    resolved = uneven(equivalents=(stands_for,))
    both = [taken("CS 6001", "D"), taken("CS 6010", "D", "Spring 2026")]
    records = [both, both[:1], both[1:], [taken("CS 6001")], [taken("CS 6010")]]
    got, _ = answers(resolved, records)
    assert got == [alone(resolved, record) for record in records]


def test_the_order_of_lines_says_nothing() -> None:
    rng = random.Random(3)
    record = drawn(rng, open_too=True)
    shuffled = [rng.sample(record, len(record)) for _ in range(6)]
    got, _ = answers(tracks(), [record, *shuffled])
    assert len(set(got)) == 1


def test_neither_help_nor_a_single_audit_loads_numba() -> None:
    code = (
        "import sys; import prospectus.cli.main, prospectus.cli.audit_batch, "
        "prospectus.app.auditing; assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_loops_say_the_same_when_they_are_not_compiled() -> None:
    code = (
        "import random, warnings, numpy as np\n"
        "np.seterr(over='ignore')\n"
        "from tests.unit.audit.test_batch import alone, answers, drawn, tracks\n"
        "rng, resolved = random.Random(5), tracks()\n"
        "records = [drawn(rng, open_too=True) for _ in range(6)]\n"
        "got, by_kernel = answers(resolved, records)\n"
        "assert got == [alone(resolved, one) for one in records]\n"
        "assert any(by_kernel)\n"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        env={"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": "."},
    )
