"""Whatever stands in a record's file, it is read or every fault has a code of the page."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sample_school import program, school

from prospectus.app.records import read_record
from prospectus.catalogs.record_table import read_batch
from prospectus.domain.conversion import Conversion, Rounding
from prospectus.domain.errors import DataError, Fault
from prospectus.domain.program import Transfer

ROOT = Path(__file__).parents[3]
KNOWN = set(
    re.findall(r"\*\*([A-Z]{3}-\d{3})\*\*", (ROOT / "docs" / "errors.md").read_text("utf-8"))
)
EXAMPLES = [path.read_bytes() for path in sorted((ROOT / "examples" / "records").iterdir())]
# The same transcript as one of the school that reads it.
EXAMPLES += [
    text.replace(b"University of Michigan", b"Here University").replace(b"SIADS 501", b"AB 100")
    for text in EXAMPLES
    if b"<elmo" in text
]
SCRAPS = [
    *(b'"', b"'", b",", b";", b"\n", b"\r", b"\t", b"\0", b"\xff", b"\xef\xbb\xbf", b"<", b">"),
    *(b"{", b"}", b"[", b":", b"- ", b"&a ", b"*a", b"!!x ", b"|", b"%", b"@", b"~", b"&amp;"),
    *(b"1e9", b"-1", b"1/0", b"9" * 30, b"2026-02-30", b"Fall 2025", b"CS 7641", b"\xc2\xa0"),
    *(b"<!DOCTYPE a>", b"<![CDATA[", b"<hasPart>", b"</elmo>", b"null", b"PAR1", b"kind: student"),
]

RULE = Conversion(unit="ects", ratio=Fraction(1, 2), rounding=Rounding.DOWN)
DEGREE = replace(program(), transfer=Transfer(conversions=(RULE,)))


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """Return an example with up to four pieces cut out, put in, or put twice."""
    data = draw(st.sampled_from(EXAMPLES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        scrap = draw(st.sampled_from([*SCRAPS, b"", data[start:end] * 2]))
        data = data[:start] + scrap + data[end:]
    return data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data


def told(error: DataError) -> tuple[Fault, ...]:
    """Return the faults of what could not be read: there is one at least."""
    assert error.faults
    return tuple(error.faults)


def check(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        faults: list[Fault] = []
        for student in (None, "s1"):
            try:
                loaded = read_record(path, DEGREE, school(), dt.date(2026, 10, 1), student=student)
                faults += loaded.notes
            except DataError as error:
                faults += told(error)
        try:
            faults += [one for one in read_batch(path) if isinstance(one, Fault)]
        except DataError as error:
            faults += told(error)
    for fault in faults:
        assert fault.code in KNOWN, fault
        assert fault.what
        assert fault.fix
        assert fault.at.file


@given(spoiled(), st.sampled_from(["r.yaml", "r.csv", "r.xml", "r.json", "r"]))
@settings(max_examples=250, deadline=None)
def test_a_spoiled_record_is_told_its_faults(data: bytes, name: str) -> None:
    check(data, name)


@given(st.binary(max_size=300), st.sampled_from(["r.yaml", "r.csv", "r"]))
@settings(max_examples=250, deadline=None)
@example(b"PAR1PAR1", "r")
@example(b"<" + b"a>" * 2000, "r")
@example(b'{"a":' * 2000, "r")
@example(b"course\n\xed\xa0\x80\n", "r.csv")
def test_any_bytes_are_told_their_faults(data: bytes, name: str) -> None:
    check(data, name)


TABLES = st.lists(
    st.lists(
        st.sampled_from(["", "AB 100", "AB 101", "Fall 2025", "3", "-1", "A", "waiver", "planned"])
        | st.text(max_size=8),
        max_size=6,
    ).map(",".join),
    max_size=6,
).map("\n".join)


@given(st.permutations(["student", "course", "term", "credits", "grade", "status"]), TABLES)
@settings(max_examples=200, deadline=None)
def test_any_table_is_told_its_faults(headings: list[str], rows: str) -> None:
    check(f"{','.join(headings)}\n{rows}".encode("utf-8", "surrogatepass"), "r.csv")
