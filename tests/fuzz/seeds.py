"""What fuzzing starts from, and what it holds every reading to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from prospectus.domain.errors import Fault

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DATA = ROOT / "src" / "prospectus" / "data"

FILES: dict[str, str] = dict(
    re.findall(
        r"^```yaml\n# (\S+)\n(.*?)^```",
        (DOCS / "catalog-format.md").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
)
"""The small catalog of the format page, by path."""

KNOWN_CODES = frozenset(
    re.findall(
        r"^- \*\*([A-Z]{3}-\d{3})\*\*", (DOCS / "errors.md").read_text("utf-8"), re.MULTILINE
    )
)
"""Every code that has an entry in docs/errors.md."""

_WORD = re.compile(r"[\w.~\"-]+")
_EXPRESSION_FIELDS = re.compile(
    r"\b(?:requires|advises|needs|if|unless|eligibility|from|of|locks|free|by|meets|met_by): "
    r"(?P<quote>[\"']?)(.+?)(?P=quote)(?=[,}\n])"
)


def words() -> list[str]:
    """Return the words of the format page's catalog."""
    return sorted({word for text in FILES.values() for word in _WORD.findall(text)})


def bundled(most_bytes: int = 20_000) -> Iterator[tuple[Path, str]]:
    """Yield the bundled files that are no larger than `most_bytes`."""
    for path in sorted(DATA.rglob("*.yaml")):
        if path.stat().st_size <= most_bytes:
            yield path, path.read_text(encoding="utf-8")


def expressions() -> list[str]:
    """Return texts of the bundled files that stand where expressions, selectors or points do."""
    found = {match[1] for _, text in bundled(10**6) for match in _EXPRESSION_FIELDS.findall(text)}
    return sorted(text for text in found if len(text) < 400)


def check_faults(faults: Iterable[Fault]) -> None:
    """Hold faults to what docs/errors.md promises.

    Raises
    ------
    AssertionError
        When a fault has no entry there, or does not say what is wrong and how to mend it.
    """
    for fault in faults:
        assert fault.code in KNOWN_CODES, f"{fault.code} is not in docs/errors.md: {fault}"
        assert fault.what, f"{fault.code} does not say what is wrong"
        assert fault.fix, f"{fault.code} does not say how to mend it"
