"""Course titles beside codes, where a text names a course for the first time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from prospectus.app.catalog_answers import RuleLine, RuleSection
from prospectus.domain.program import School


def titled(sections: Iterable[RuleSection], school: School) -> Iterator[RuleSection]:
    """Yield the sections, each course with its title in brackets where it is first named."""
    titles = {str(course.code): course.title for course in school.courses if course.title}
    if not titles:
        yield from sections
        return
    # The longest code first: `CS 8803 O08` begins with another code.
    codes = "|".join(re.escape(code) for code in sorted(titles, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w~])(?:{codes})(?![\w/]| [A-Z]?\d)")
    told: set[str] = set()

    def beside(match: re.Match[str]) -> str:
        code = match.group()
        if code in told:
            return code
        told.add(code)
        return f"{code} ({titles[code]})"

    def line(one: RuleLine) -> RuleLine:
        return (
            one
            if one.text.startswith("note:")
            else replace(one, text=pattern.sub(beside, one.text))
        )

    for section in sections:
        yield replace(section, lines=tuple(line(one) for one in section.lines))
