"""The files of a small catalog without a fault."""

from __future__ import annotations

from pathlib import Path

HEAD = """\
format: 1
kind: {kind}
sources:
  S1: {{title: Handbook, address: "https://example.edu", read: 2026-08-19}}
facts: {{source: S1, as_of: "2026-08-19", certainty: stated}}
"""
FILES = {
    "assumptions.yaml": """\
format: 1
kind: assumptions
assumptions:
  price:
    text: A credit costs what it costs next door
    value: 400
    range: [300, 500.5]
    unit: USD per credit
    reason: no price was found
    source: a neighbour
""",
    "schools/ex/school.yaml": HEAD.format(kind="school")
    + """\
id: ex
name: Example College
currency: USD
grades:
  usual: B
  scale:
    - {grade: A, points: 4}
    - {grade: B, points: 3}
    - {grade: C, points: 2}
    - {grade: F, points: 0, earns: no}
external: [EX 999]
""",
    "schools/ex/courses.yaml": HEAD.format(kind="courses")
    + """\
school: ex
defaults: {credits: 3, delivery: async, requires: none}
courses:
  EX 101: {title: One, hours: {per_week: 9, certainty: reported, n: 4}}
  EX 102: {title: Two, requires: EX 101}
  EX 103: {title: Three, requires: "EX 102 [B] or background(\\"algebra\\")"}
  EX 104: {title: Four, credits: 1..2, topics: [vision], attributes: [core]}
  EX 105: {title: Five, advises: recommended(EX 101)}
""",
    "schools/ex/calendar.yaml": HEAD.format(kind="calendar")
    + """\
school: ex
calendars:
  main:
    terms:
      - {season: Fall, dates: [08-24, 12-17], grades_after_days: 5}
      - {season: Spring, sessions: [[01-11, 03-05], [03-08, 05-06]]}
    published:
      - {period: Fall 2026, start: 2026-08-25, end: 2026-12-18}
""",
    "schools/ex/fees.yaml": HEAD.format(kind="fees")
    + """\
school: ex
fees:
  - {id: tuition, programs: [ex-ms], per: credit, assumption: price, year: 2026-27}
  - {id: fee, per: term, seasons: [Fall], tiers: {0: 212, 4: 531.5}, valid: 2026-08-01..2027-07-31}
""",
    "schools/ex/schedule.yaml": HEAD.format(kind="schedule")
    + """\
school: ex
courses:
  EX 101: {history: {Fall: 4 of 4, Spring: 1 of 4}}
  EX 102: {pattern: {seasons: [Spring], sessions: [1, 2]}}
  EX 103: {pattern: {seasons: every, sessions: any, years: odd}}
  EX 104:
    - {published: [Fall 2026, Spring 2027 S2]}
    - pattern: {seasons: [Fall]}
      live: [{day: Mon, at: "18:00", minutes: 90, zone: America/Chicago, mandatory: yes}]
  EX 105: {pattern: {seasons: [Fall]}}
""",
    "schools/ex/programs/ex-ms/2026-27.yaml": HEAD.format(kind="program")
    + """\
id: ex-ms
school: ex
name: Master of Examples
degree: MS
catalog_year: 2026-27
credit_unit: credit
completeness: complete
min_grade: C
main_choice: track
sets: {small: [EX 104]}
pools: {view: {counts: no}}
disputes:
  total: {readings: {"9": handbook, "12": price page}, why: two sources differ}
requirements:
  total: {credits: {reading: {id: total, "9": 9, "12": 12}}}
  all:
    - id: track
      declare: yes
      any:
        - {id: left, all: [EX 101, {id: one-of, fill: {courses: 1, from: [EX 102, EX 103]}}]}
        - {id: right, all: [EX 101, EX 103]}
    - {id: seen, fill: {courses: 1, from: node(left), min_grade: B, pool: view}}
    - {id: free, fill: {credits: rest, from: any}}
    - {id: cap, at_most: {credits: 2, of: set small}}
    - {id: mean, gpa: {at_least: 3.0, over: attempted, of: any}}
rules:
  - {id: gate, gate: {needs: done(seen), locks: everything_else, by: 2 terms}}
  - {id: twins, exclude: {course: EX 105, if: EX 103}}
enrolment:
  loads: [{id: load, per: term, seasons: [Fall], courses: 0..2}]
  maximum: 6 years
record_rules: {repeats: {use: newest, in_mean: all}, expires: unknown, attempts: none}
""",
}
SCHOOL = "schools/ex/school.yaml"
COURSES = "schools/ex/courses.yaml"
CALENDAR = "schools/ex/calendar.yaml"
FEES = "schools/ex/fees.yaml"
SCHEDULE = "schools/ex/schedule.yaml"
PROGRAM = "schools/ex/programs/ex-ms/2026-27.yaml"
ASSUMPTIONS = "assumptions.yaml"


def write(folder: Path, changed: dict[str, str]) -> Path:
    for name, text in {**FILES, **changed}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
