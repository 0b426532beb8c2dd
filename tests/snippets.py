"""Rules written as a few lines of a catalog file, read by the real loader.

Every course code that the lines mention exists, with three credits and on offer in every season,
unless the lines say otherwise.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from prospectus.catalogs.load import Catalog, load_catalog
from prospectus.domain.meaning import readings, resolve
from prospectus.domain.program import Resolved
from prospectus.domain.student import Person

HEAD = """\
format: 1
kind: {kind}
sources: {{S1: {{title: Handbook, address: "https://example.edu", read: 2026-08-19}}}}
facts: {{source: S1, as_of: "2026-08-19", certainty: stated}}
"""
SCHOOL = """\
id: school
name: School
currency: USD
grades:
  usual: B
  scale:
    - {grade: A, points: 4}
    - {grade: B+, points: 3.3}
    - {grade: B, points: 3}
    - {grade: B-, points: 2.7}
    - {grade: C, points: 2}
    - {grade: D, points: 1}
    - {grade: F, points: 0, earns: no}
    - {grade: P}
"""
CALENDAR = """\
calendars:
  main:
    terms:
      - {season: Spring, dates: [01-10, 05-01], grades_after_days: 5}
      - {season: Summer, dates: [05-15, 08-01], grades_after_days: 5}
      - {season: Fall, dates: [08-20, 12-10], grades_after_days: 5}
"""
PROGRAM = {
    "id": "ms",
    "school": "school",
    "name": "Master",
    "degree": "MS",
    "catalog_year": "2026-27",
    "credit_unit": "credit",
    "completeness": "complete",
}
CODE = re.compile(r"\b[A-Z]{2,8} \d{2,5}[A-Z]?\b")


def catalog(
    root: Path,
    program: str,
    *,
    courses: str = "",
    school: str = "",
    calendar: str = CALENDAR,
    fees: str = "",
    schedule: str = "",
    assumptions: str = "",
) -> Catalog:
    """Return the catalog of these lines; `courses` and `schedule` are blocks by course code."""
    named = set(CODE.findall("\n".join((program, courses, school, schedule, fees))))
    external = set(yaml.safe_load(school or "{}").get("external", []))
    own = yaml.safe_load(courses or "{}") or {}
    listed = {code: {"title": code, "requires": "none"} for code in sorted(named - external)}
    listed |= {code: {"title": code, "requires": "none"} | block for code, block in own.items()}
    running = {code: {"pattern": {"seasons": "every"}} for code in listed}
    running |= yaml.safe_load(schedule or "{}") or {}
    head = "".join(
        f"{key}: {value}\n"
        for key, value in PROGRAM.items()
        if not re.search(rf"^{key}:", program, re.MULTILINE)
    )
    files = {
        "school": SCHOOL + school if "grades:" not in school else school,
        "courses": "school: school\ndefaults: {credits: 3, delivery: async}\n"
        + yaml.safe_dump({"courses": listed}, sort_keys=False),
        "calendar": "school: school\n" + calendar,
        "fees": "school: school\nfees:\n" + (fees or "  []\n"),
        "schedule": "school: school\n" + yaml.safe_dump({"courses": running}, sort_keys=False),
    }
    folder = root / "schools" / "school"
    rules = folder / "programs" / "ms"
    rules.mkdir(parents=True, exist_ok=True)
    for kind, text in files.items():
        (folder / f"{kind}.yaml").write_text(HEAD.format(kind=kind) + text, encoding="utf-8")
    (rules / "2026-27.yaml").write_text(
        HEAD.format(kind="program") + head + program, encoding="utf-8"
    )
    if assumptions:
        (root / "assumptions.yaml").write_text(
            "format: 1\nkind: assumptions\nassumptions:\n" + assumptions, encoding="utf-8"
        )
    return load_catalog(root)


def branches(
    found: Catalog, person: Person | None = None, reading: dict[str, str] | None = None
) -> tuple[Resolved, ...]:
    """Return the resolved rules, once for each value of a fact that is not known."""
    program = found.program("ms")
    picked = tuple((reading or {}).items()) or readings(program)[0]
    return resolve(program, found.school("school"), person or Person(), picked, found.assumptions)


def rules(
    root: Path,
    program: str,
    *,
    person: Person | None = None,
    reading: dict[str, str] | None = None,
    **files: str,
) -> Resolved:
    """Return the resolved rules of these lines for a person who leaves nothing open."""
    (one,) = branches(catalog(root, program, **files), person, reading)
    return one
