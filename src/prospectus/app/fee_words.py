"""What fees are called for people: in words, where a catalog has ids."""

from __future__ import annotations

from collections.abc import Mapping

from prospectus.domain.fees import FeePer
from prospectus.domain.program import Resolved

_WHOLE = (FeePer.ONCE, FeePer.PROGRAM, FeePer.TRANSFER_COURSE)


def fee_names(resolved: Resolved) -> dict[str, str]:
    """Return what each fee is called: the words of its id but those of the programme's, and per."""
    of_program = {*resolved.program.id.split("-"), *resolved.school.id.split("-")}
    names = {}
    for fee in resolved.fees:
        words = fee.id.split("-")
        while len(words) > 1 and words[0] in of_program:
            del words[0]
        per = "" if fee.per in _WHOLE else f" per {fee.per.value}".replace("_", " ")
        name = " ".join(words)
        names[fee.id] = name if per.strip() in name else f"{name}{per}"
    return names


def due_words(label: str, names: Mapping[str, str]) -> str:
    """Return what an amount is due for; `label` is the id of its fee, and then the period."""
    fee, comma, period = label.partition(", ")
    return f"{names.get(fee, fee)}{comma}{period}"
