"""Whether a grade on record, or one still to come, meets a floor."""

from __future__ import annotations

from prospectus.domain.course import GradeScale
from prospectus.domain.expression import Compare, GradeIs
from prospectus.domain.record import Attempt, Basis, CreditSource
from prospectus.legality.uses import stated_grade


def has_grade(selector: GradeIs, attempt: Attempt, scale: GradeScale) -> bool | None:
    """Return whether an attempt has a grade as asked, None where it has none to compare."""
    grade = stated_grade(attempt)
    if grade is None and attempt.is_open:
        if selector.compare in (Compare.AT_LEAST, Compare.MORE):
            return True
        grade = scale.usual
    if grade is None:
        return None
    have, want = scale.rank(grade), scale.rank(selector.grade)
    if have is None or want is None:
        return None
    if selector.compare is Compare.AT_LEAST:
        return scale.at_least(grade, selector.grade)
    # a lower rank is a better grade
    return selector.compare.holds(want, have)


def meets_floor(
    attempt: Attempt, floor: str | None, basis: tuple[str, ...], scale: GradeScale
) -> bool:
    """Return whether an attempt meets a grade floor; a planned one without grade does."""
    if floor is None or attempt.source is CreditSource.WAIVER:
        return True
    grade = stated_grade(attempt)
    if attempt.is_open and grade is None:
        return True
    if attempt.basis in (Basis.PASS_FAIL, Basis.PASS_REVISE) and attempt.basis.value in basis:
        return True
    if grade is None:
        return attempt.basis is not Basis.PASS_FAIL and attempt.source in (
            CreditSource.TRANSFER,
            CreditSource.EXAM,
            CreditSource.CREDENTIAL,
        )
    if attempt.basis is Basis.PASS_FAIL:
        return False
    return scale.at_least(grade, floor)
