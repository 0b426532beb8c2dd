"""Faults in the order of their files, with what is said many times said once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from prospectus.domain.errors import Fault

MANY = 5
"""So many faults of one kind in one file are printed one by one; more are gathered into one."""
_N_SHOWN = 8
_ANYONE = "\0"


def gathered(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return faults by file, line and field; those that say the same of many things as one.

    Two faults of one file say the same when they differ at most in the name of the block that they
    stand at.
    """
    same: dict[tuple[str, ...], list[Fault]] = {}
    for fault in _sorted(faults):
        template = _template(fault)
        key = (fault.at.file, fault.code, fault.severity.value, fault.fix, template)
        same.setdefault(key, []).append(fault)
    return _sorted(
        item
        for group in same.values()
        for item in ([_as_one(group)] if len(group) > MANY else group)
    )


def _sorted(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return faults by file, line and field, each once."""
    return tuple(
        sorted(
            dict.fromkeys(faults),
            key=lambda fault: (fault.at.file, fault.at.line or 0, fault.at.field, fault.code),
        )
    )


def _name(fault: Fault) -> str:
    """Return the name of the block that a fault stands at, empty where its text has none."""
    names = [part for part in fault.at.field.split(".") if part and part in fault.what]
    return max(names, key=len, default="")


def _template(fault: Fault) -> str:
    name = _name(fault)
    return fault.what.replace(name, _ANYONE) if name else fault.what


def _as_one(group: list[Fault]) -> Fault:
    """Return one fault for many: the first, with the names, else the lines, of the others."""
    first = group[0]
    name = _name(first)
    names = list(dict.fromkeys(_name(fault) for fault in group))
    if len(names) == len(group):
        rest = f" and {len(names) - _N_SHOWN} others" if len(names) > _N_SHOWN else ""
        what = first.what.replace(name, ", ".join(names[:_N_SHOWN]) + rest, 1)
        return replace(first, what=what)
    lines = list(dict.fromkeys(str(fault.at.line) for fault in group if fault.at.line is not None))
    also = ", ".join(lines[1:_N_SHOWN]) + (", ..." if len(lines) > _N_SHOWN else "")
    where = f"; also on the lines {also}" if also else ""
    return replace(first, what=f"{len(group)} times: {first.what}{where}")
