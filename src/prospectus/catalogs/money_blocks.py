"""The `money:` block of a student file: limits, what an employer pays back, how rates grow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from prospectus.catalogs.student_parts import PlainMoney
from prospectus.catalogs.student_spelling import Amount, AmountByYear, Scalar, Share, Text, Texts
from prospectus.domain.aid import EmployerAid
from prospectus.domain.facts import Money


def as_written(value: object) -> object:
    """Return a value as the file has it: for a schema that has words where a number is read."""
    return value


# a file's scalars are words until they are read
WholeDays = Annotated[int, Field(ge=0), BeforeValidator(as_written, json_schema_input_type=Scalar)]
YesOrNo = Annotated[bool, BeforeValidator(as_written, json_schema_input_type=Scalar)]


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EmployerBlock(_Block):
    """What an employer pays back."""

    per_year: Amount
    min_grade: Text | None = None
    paid_after_days: WholeDays = 0
    carry_over: YesOrNo = False
    covers: Texts = ()


class PocketBlock(_Block):
    """The most that may be paid out of pocket, in all and in each calendar year."""

    total: Amount | None = None
    per_year: AmountByYear = ()


class MoneyBlock(_Block):
    """The most that may fall due, in all and in each calendar year, and who pays part of it."""

    total: Amount | None = None
    per_year: AmountByYear = ()
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    employer: EmployerBlock | None = None
    out_of_pocket: PocketBlock = PocketBlock()
    rates_grow: Share | None = None

    def currencies(self) -> set[str]:
        """Return the currencies that the block names."""
        named = {amount.currency for amount in self._amounts()} | {self.currency}
        return {currency for currency in named if currency is not None}

    def _amounts(self) -> Iterator[PlainMoney]:
        for limits in (self, self.out_of_pocket):
            if limits.total is not None:
                yield limits.total
            yield from (amount for _, amount in limits.per_year)
        if self.employer is not None:
            yield self.employer.per_year

    def aid(self, currency: str) -> EmployerAid | None:
        """Return what the employer pays back, None where the file names no employer."""
        given = self.employer
        if given is None:
            return None
        return EmployerAid(
            per_year=in_currency(given.per_year, currency),
            min_grade=given.min_grade,
            paid_after_days=given.paid_after_days,
            carry_over=given.carry_over,
            covers=frozenset(word.strip().casefold() for word in given.covers),
        )


def in_currency(amount: PlainMoney, currency: str) -> Money:
    """Return an amount in its own currency, else in this one."""
    return Money(minor=amount.minor, currency=amount.currency or currency)


def by_year(limits: AmountByYear, currency: str) -> tuple[tuple[int | None, Money], ...]:
    """Return limits by calendar year in money."""
    return tuple((year, in_currency(amount, currency)) for year, amount in limits)
