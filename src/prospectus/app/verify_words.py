"""What is said of a verified certificate: values as people write them, why something is open."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from prospectus.app.certificate import is_money
from prospectus.domain.facts import Money
from prospectus.domain.printer import print_number
from prospectus.domain.program import Resolved
from prospectus.domain.student import Level
from prospectus.planning.verifying.formulation import Claimed, Proof


def _never(level: Claimed, proof: Proof) -> str:
    """Return why no certificate can prove a level; nothing where one can."""
    if level.level == Level.OUT_OF_POCKET.value:
        return "no certificate can prove it: the second formulation has no paying back"
    if level.level == Level.TRADE.value and "the level trade" in proof.left_out:
        return "what is traded against goals or out_of_pocket no certificate can prove"
    if level.level == Level.GOALS.value and level.value is not None and level.value > 1:
        return "of goals a certificate can prove only that one at least is missed"
    return ""


def open_text(level: Claimed, proof: Proof) -> str:
    """Return why a bound is not confirmed."""
    never = _never(level, proof)
    if never:
        return never
    return why_open(proof)


def why_open(proof: Proof) -> str:
    """Return why a proof does not reach what is claimed."""
    if proof.is_timed_out:
        return "the time was up"
    if proof.left_out:
        return f"the second formulation leaves out {', '.join(proof.left_out)}"
    return "the second formulation allows a better value"


def shown(level: str, value: Fraction | None, resolved: Resolved) -> str:
    """Return the value of a level as a person writes it."""
    if value is None:
        return "unknown"
    if level == Level.FINISH.value:
        return dt.date.fromordinal(int(value)).isoformat()
    if is_money(level):
        return str(Money(minor=int(value), currency=resolved.school.currency))
    return print_number(value)
