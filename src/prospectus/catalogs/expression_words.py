"""What a fault of the grammar calls the things that it expected."""

from __future__ import annotations

from collections.abc import Iterable

_NAMES = {
    "CODE": "a course code",
    "OWN": "a course code",
    "NUMBER": "a number",
    "STRING": 'a text in "quotes"',
    "NAME": "a name",
    "NODE": "the id of a node",
    "GRADE": "a grade",
    "DATE": "a date (2026-08-24)",
    "PATTERN": "a pattern (41xx)",
    "SUBJECT_NAME": "a subject",
    "COMPARE": "`>=`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[grade]`",
    "RSQB": "`]`",
    "COMMA": "`,`",
    "PLUS": "`+`",
    "MINUS": "`-`",
    "SLASH": "`/part`",
    "ANY": "`any`",
    "SOFT": "`recommended(`",
    "TIMING": "`concurrent`",
    "ATTRIBUTE": "`attribute`",
    "UNIT": "`terms`, `sessions`, `months` or `years`",
    "_NUMBER_WORD": "`number`",
    "_GRADE_WORD": "`grade`",
    "_NODE_WORD": "`node(`",
    "$END": "the end",
}
_N_SHOWN = 7
# Where a whole condition or selector may begin, naming every word would bury the message.
_OPENERS = {"CODE", "_SUBJECT"}


def expected_words(terminals: Iterable[str]) -> str:
    """Return what may stand at a place, most likely first: `a course code, `(` or ...`."""
    names = set(terminals)
    if {"CODE", "_GPA"} <= names:
        return "a course code, `(`, `not`, `2 of (...)`, `18 credits` or another condition"
    if names >= _OPENERS:
        return "a course code, `any`, `subject`, `number`, `set`, `(` or another selector"
    order = list(_NAMES)
    ranked = sorted(names, key=lambda name: (order.index(name) if name in order else 99, name))
    words = list(
        dict.fromkeys(_NAMES.get(name) or f"`{name.strip('_').lower()}`" for name in ranked)
    )
    shown = words[:_N_SHOWN]
    if len(shown) < 2:
        return shown[0] if shown else "something else"
    return f"{', '.join(shown[:-1])} or {shown[-1]}"
