"""What the texts of a YAML file look like: what hides in them, and what was meant as one."""

from __future__ import annotations

import re

import yaml

# Control characters but tabs and line ends, and marks that turn the direction of writing. Joiners
# stay: several scripts need them.
UNSEEN = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\xad\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e"
    "\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]"
)
_ENDS = tuple(".?!:;)\"'")


def plain_text(event: yaml.Event) -> str:
    """Return a text without quotes, empty for anything else."""
    return str(event.value) if isinstance(event, yaml.ScalarEvent) and not event.style else ""


def goes_on(before: str, item: str) -> bool:
    """Return whether an item of a list looks like the rest of the sentence before it."""
    is_sentence = before[:1].isupper() and " " in before and before[-1:] not in _ENDS
    return is_sentence and " " in item and item[:1].islower()
