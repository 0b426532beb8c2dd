"""Credits of another unit as those of a programme's own: by a stated rule, exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from math import ceil, floor

from prospectus.domain.errors import DomainError
from prospectus.domain.facts import Provenance
from prospectus.domain.printer import print_number

ECTS = "ects"
_ECTS_WORD = re.compile(r"\bects\b")

SEMESTER_HOUR = "semester hour"
# The credit hour of 34 CFR 600.2 goes by several names at schools of the United States, with and
# without the word semester. Quarter hours, points, competency units and whole courses are others.
_SEMESTER_HOURS = frozenset(("hour", "credit hour", "credit", "credit unit", "unit"))
_UNSAID = _SEMESTER_HOURS - {"hour"}


class Rounding(Enum):
    """What is done with the part that is no whole step; of halves `nearest` takes the upper."""

    NONE = "none"
    DOWN = "down"
    NEAREST = "nearest"
    UP = "up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """What one credit of another unit counts here; each course is rounded by itself."""

    unit: str
    ratio: Fraction
    rounding: Rounding
    step: Fraction = Fraction(1)
    provenance: Provenance = Provenance()

    def __post_init__(self) -> None:
        """Refuse a rule by which nothing could be counted."""
        for name, value in (("ratio", self.ratio), ("step", self.step)):
            if value <= 0:
                raise DomainError(
                    "DOM-016", what=f"the {name} of a conversion is not above 0", fix="correct it"
                )

    def of(self, credits: Fraction) -> Fraction:
        """Return what credits of the other unit count here."""
        exact = credits * self.ratio
        steps = exact / self.step
        match self.rounding:
            case Rounding.NONE:
                return exact
            case Rounding.DOWN:
                return floor(steps) * self.step
            case Rounding.NEAREST:
                return floor(steps + Fraction(1, 2)) * self.step
            case Rounding.UP:
                return ceil(steps) * self.step

    def words(self) -> str:
        """Return the rule: `1 ECTS counts 0.5, rounded down to a whole credit`."""
        text = f"1 {shown(self.unit)} counts {print_number(self.ratio)}"
        if self.rounding is Rounding.NONE:
            return f"{text}, not rounded"
        step = "whole credit" if self.step == 1 else f"multiple of {print_number(self.step)}"
        if self.rounding is Rounding.NEAREST:
            return f"{text}, rounded to the nearest {step}"
        return f"{text}, rounded {self.rounding.value} to a {step}"


def shown(unit: str) -> str:
    """Return a unit as it is printed: ECTS is an abbreviation."""
    return "ECTS" if unit_of(unit) == ECTS else unit


def unit_of(text: str) -> str:
    """Return a unit of credit so that its spellings compare: `ECTS credits`, `semester credit`."""
    plain = " ".join(text.casefold().replace("_", " ").split())
    if _ECTS_WORD.search(plain):
        return ECTS
    plain = plain.removesuffix("s")
    own = plain.removeprefix("semester ")
    is_semester_hour = own in (_UNSAID if own == plain else _SEMESTER_HOURS)
    return SEMESTER_HOUR if is_semester_hour else own
