"""Which rules the tables of a batch cannot hold, and which make days matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from prospectus.audit.rules import Rules
from prospectus.domain.expression import Attribute, Has
from prospectus.domain.requirement import Any, Fill, Gpa, Header, Measure


def reasons_against(rules: Rules, declared: Mapping[str, str]) -> tuple[str, ...]:
    """Return why a programme's records must all be audited one by one; nothing where they need not.

    These are rules by which attempts at different courses, or days, change what another one is.
    """
    record_rules = rules.resolved.program.record_rules
    repeats = record_rules.repeats
    found = []
    if record_rules.expires_months is not None:
        found.append("credit expires")
    if record_rules.attempts_at_most is not None:
        found.append("the number of attempts is limited")
    if repeats is not None and (
        repeats.allowed is not None or repeats.at_most_in_all is not None or repeats.cap is not None
    ):
        found.append("a condition or a number limits repeats")
    if any(rule.condition is not None for rule in rules.overlaps):
        found.append("an overlap depends on the whole record")
    if rules.reader.excludes is None:
        found.append("an exclusion depends on the whole record")
    if len(open_choices(rules, declared)) > 1:
        found.append("several choices are not declared")
    return tuple(found)


_OF_DAYS = (Attribute.PERIOD, Attribute.SEASON, Attribute.DELIVERY)


def asks_days(rules: Rules) -> bool:
    """Return whether some rule asks when a course was taken: what it is may then differ by term."""
    waiting: list[object] = [node for node in rules.nodes if isinstance(node, Fill | Gpa | Measure)]
    waiting += [*rules.resolved.rules, *rules.resolved.sets.values()]
    days = {attribute.value for attribute in _OF_DAYS}
    if any(m.distinct in days or m.per in days for m in rules.measures):
        return True
    while waiting:
        item = waiting.pop()
        if isinstance(item, Has) and item.attribute in _OF_DAYS:
            return True
        if isinstance(item, tuple | list):
            waiting += item
        elif is_dataclass(item) and not isinstance(item, Header):
            waiting += [getattr(item, part.name) for part in fields(item)]
    return False


def open_choices(rules: Rules, declared: Mapping[str, str]) -> list[Any]:
    """Return the choices to be declared that are not."""
    return [node for node in rules.anys if node.declare and node.header.id not in declared]
