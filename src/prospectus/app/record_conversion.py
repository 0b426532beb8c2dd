"""Credits from elsewhere in a programme's own unit: as they are, or by its rule of conversion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from prospectus.domain.conversion import ECTS, Conversion, shown, unit_of
from prospectus.domain.errors import Fault, Place, Severity
from prospectus.domain.printer import print_number
from prospectus.domain.program import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """Credits in a programme's own unit; `note` tells by which rule, where one was needed."""

    credits: Fraction
    note: Fault | None = None


def credits_here(
    program: Program, given: Sequence[tuple[str, Fraction]], name: str, at: Place
) -> Converted | None:
    """Return what credits from elsewhere count in a programme; None where no rule says it.

    Parameters
    ----------
    program
        The programme that is to count them.
    given
        Units and numbers of credits, each of them for the same course.
    name
        What is converted, in words.
    at
        Where it stands in the record.
    """
    own = unit_of(program.credit_unit)
    by_unit = {unit_of(unit): value for unit, value in reversed(given)}
    if own in by_unit:
        return Converted(credits=by_unit[own])
    rules = () if program.transfer is None else program.transfer.conversions
    rule = next((rule for rule in rules if rule.unit in by_unit), None)
    if rule is None:
        return None
    value = by_unit[rule.unit]
    credits = rule.of(value)
    note = Fault(
        code="REC-055",
        what=f"{credit_words(value, rule.unit)} of {name} count as "
        f"{credit_words(credits, program.credit_unit)}: {rule.words()}{_source(program, rule)}",
        fix="where the school granted other credits, write them into a record with "
        "`source: transfer`",
        at=at,
        severity=Severity.WARNING,
    )
    return Converted(credits=credits, note=note)


def credit_words(value: Fraction, unit: str) -> str:
    """Return `6 ECTS`, `1 credit hour`, `3 credit hours`."""
    many = "" if value == 1 or unit_of(unit) == ECTS or unit.endswith("s") else "s"
    return f"{print_number(value)} {shown(unit)}{many}"


def _source(program: Program, rule: Conversion) -> str:
    """Return where a rule comes from, in brackets: title, address, day."""
    sources = {source.id: source for source in program.sources}
    words = []
    for name in rule.provenance.sources:
        source = sources.get(name)
        if source is not None:
            read = "" if source.read is None else f"read {source.read}"
            words.append(", ".join(part for part in (source.title, source.address, read) if part))
    return f" ({'; '.join(words)})" if words else ""
