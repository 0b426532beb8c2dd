"""The verdict on a record under a witness."""

from __future__ import annotations

import datetime as dt

from prospectus.domain.facts import Completeness
from prospectus.domain.meaning.holding import Holding, hold
from prospectus.domain.meaning.order import order
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.meaning.standing import stand
from prospectus.domain.meaning.uses import last_day, uses
from prospectus.domain.plan import NodeVerdict, Verdict, Witness
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.rule import Overlap, Rule

__all__ = ["judge", "judged", "last_day", "standings"]


def judge(resolved: Resolved, record: Record, witness: Witness, today: dt.date) -> Verdict:
    """Return what the rules say of a record (planned attempts included) under a witness.

    Polynomial in the sizes of record and programme: the witness carries every choice.
    """
    return judged(resolved, record, witness, today)[0]


def judged(
    resolved: Resolved, record: Record, witness: Witness, today: dt.date
) -> tuple[Verdict, Holding]:
    """Return the verdict with the holding that was judged, as it was before it was judged."""
    setting = Setting(resolved, record, today)
    conferral = witness.conferral or last_day(setting)
    found = uses(setting, conferral)
    holding = hold(setting, witness, found)
    assumed = frozenset(setting.assumed_grades)
    nodes = stand(holding)
    breaches, notes = order(holding, found, conferral)
    verdict = Verdict(
        faults=tuple(holding.faults),
        breaches=breaches,
        notes=notes,
        nodes=nodes,
        assumed_grades=tuple(sorted(setting.assumed_grades)),
        unknown=_unknown(holding),
    )
    # a grade that judging assumed for a floor is no part of what is held
    setting.assumed_grades = set(assumed)
    return verdict, holding


def standings(
    resolved: Resolved, record: Record, witness: Witness, today: dt.date
) -> tuple[NodeVerdict, ...]:
    """Return how the nodes stand under a witness, without the rules of order."""
    setting = Setting(resolved, record, today)
    conferral = witness.conferral or last_day(setting)
    return stand(hold(setting, witness, uses(setting, conferral)))


def _unknown(holding: Holding) -> tuple[str, ...]:
    """Return the rules that no source gives and that this record could touch."""
    program = holding.setting.resolved.program
    found = list(program.unknown)
    for node in holding.active.values():
        found += node.header.unknown
        if node.header.completeness in (Completeness.PARTIAL, Completeness.STUB):
            found.append(f"{node.header.name} is only {node.header.completeness.value}")
    setting = holding.setting
    attempts = [a for a in setting.record.attempts if setting.repeatable(a) is None]
    codes = [setting.identity(attempt) for attempt in attempts]
    if len(set(codes)) < len(codes):
        if program.record_rules.repeats is None:
            found.append("how repeated courses count")
        elif program.record_rules.repeats.use is None:
            found.append("which attempt of a repeated course counts")
        if program.record_rules.attempts_at_most is None:
            found.append("how often a course may be tried")
    shares = {name for rule in holding.setting.resolved.rules for name in _between(rule)}
    for item in holding.applied():
        for award in sorted(item.use.attempt.counted_in - shares):
            found.append(f"whether {item.use.attempt.course} may count here and in {award}")
    return tuple(dict.fromkeys(found))


def _between(rule: Rule) -> tuple[str, ...]:
    return rule.between if isinstance(rule, Overlap) else ()
