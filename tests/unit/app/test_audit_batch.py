"""A whole table audited: the same file however the work was cut, stopped or shared out."""

from __future__ import annotations

import csv
import datetime as dt
import os
import random
import signal
import subprocess
import sys
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from prospectus.app import audit_batch_blocks
from prospectus.app.audit_batch import BatchSummary, audit_batch
from prospectus.domain.errors import StudentError, UsageError

PROGRAM = "gatech-omscs"
TODAY = dt.date(2026, 8, 20)
CODES = ["CS 6515", "CS 6601", "CS 7641", "CS 6035", "CS 6250", "CS 7646", "CS 6750", "ISYE 6501"]
TERMS = ["Fall 2024", "Spring 2025", "Fall 2025", "Spring 2026"]


class Here(Executor):
    """Works at once, where it is asked."""

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        done: Future[object] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def table(folder: Path, n: int = 40, name: str = "students.csv") -> Path:
    """Write a table of some students."""
    rng = random.Random(1)
    path = folder / name
    with path.open("w", encoding="utf-8") as file:
        file.write("student,course,term,grade\n")
        for student in range(n):
            for code in rng.sample(CODES, rng.randint(1, len(CODES))):
                file.write(f"s{student},{code},{rng.choice(TERMS)},{rng.choice('AABC')}\n")
    return path


def run(path: Path, out: Path, **more: object) -> BatchSummary:
    """Audit a table here."""
    more.setdefault("executor", Here())
    return audit_batch(path, PROGRAM, out, today=TODAY, **more)  # type: ignore[arg-type]


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_batch_blocks, "_BYTES", 700)
    monkeypatch.setattr(audit_batch_blocks, "_ROWS", 23)


def test_every_student_gets_one_line_in_the_order_of_the_table(tmp_path: Path) -> None:
    done = run(table(tmp_path), tmp_path / "out.csv")
    found = rows(tmp_path / "out.csv")
    assert [row["student"] for row in found] == [f"s{n}" for n in range(40)]
    assert done.n_students == 40
    assert done.n_faults == 0
    assert {row["path"] for row in found} <= {"kernel", "exact"}
    assert all(row["choices"].startswith("specialization=") for row in found)
    assert not list(tmp_path.glob(".*.parts"))


def test_a_student_counts_once_however_many_ways_there_are_to_judge(tmp_path: Path) -> None:
    path = tmp_path / "students.csv"
    path.write_text(
        "student,course,term,grade\ns1,ISYE 6501,Fall 2024,B\ns2,CSE 6040,Fall 2024,B\n",
        encoding="utf-8",
    )
    out = tmp_path / "out.csv"
    done = audit_batch(path, "gatech-omsa", out, today=TODAY, executor=Here())
    assert len(rows(out)) == 4
    assert (done.n_students, done.n_complete) == (2, 0)
    assert done.n_exact <= 2


@pytest.mark.usefixtures("small_blocks")
def test_the_cut_and_the_workers_do_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = table(tmp_path)
    cut = run(path, tmp_path / "cut.csv")
    with ThreadPoolExecutor(3) as pool:
        run(path, tmp_path / "threads.csv", executor=pool)
    monkeypatch.undo()
    whole = run(path, tmp_path / "whole.csv")
    assert cut.n_blocks > 5 > whole.n_blocks
    expected = (tmp_path / "whole.csv").read_bytes()
    assert (tmp_path / "cut.csv").read_bytes() == expected
    assert (tmp_path / "threads.csv").read_bytes() == expected


def test_processes_say_the_same(tmp_path: Path) -> None:
    import multiprocessing

    path = table(tmp_path, 10)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        run(path, tmp_path / "apart.csv", executor=pool)
    run(path, tmp_path / "here.csv")
    assert (tmp_path / "apart.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()


@pytest.mark.usefixtures("small_blocks")
def test_parquet_says_the_same_as_csv_in_and_out(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    path = table(tmp_path)
    read = rows(path)
    names = list(read[0])
    other = tmp_path / "students.parquet"
    parquet.write_table(pa.table({name: [row[name] for row in read] for name in names}), other)
    run(path, tmp_path / "a.csv")
    run(other, tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    run(other, tmp_path / "c.parquet")
    found = parquet.read_table(tmp_path / "c.parquet").to_pylist()
    for mine, row in zip(found, rows(tmp_path / "a.csv"), strict=True):
        assert (mine["student"], mine["met"], mine["path"]) == (
            row["student"],
            row["met"],
            row["path"],
        )
        assert mine["credits_left"] == float(row["credits_left"])
        assert mine["courses_complete"] is (row["courses_complete"] == "yes")


def test_broken_lines_are_told_with_their_numbers_and_the_rest_is_audited(tmp_path: Path) -> None:
    path = tmp_path / "students.csv"
    path.write_text(
        "student,course,term,grade\n"
        "a,CS 6515,Fall 2025,A\n"
        "a,CS 9999,Fall 2025,A\n"
        "a,CS 6601\n"
        "b,CS 6601,Fall 2025,Q\n"
        'b,"CS 6601,Fall 2025,A\n'
        ",CS 6601,Fall 2025,A\n"
        "\n"
        "c,CS 7641,Fall 2025,A\n"
        "c,cs7641,Fall 2025,A\n"
        "a,CS 6250,Fall 2025,A\n",
        encoding="utf-8",
    )
    done = run(path, tmp_path / "out.csv")
    told = [(row["line"], row["code"]) for row in rows(done.faults_file)]
    assert told == [
        ("3", "REC-040"),
        ("4", "REC-013"),
        ("5", "REC-042"),
        ("6", "REC-014"),
        ("7", "REC-016"),
        ("10", "REC-044"),
    ]
    found = rows(tmp_path / "out.csv")
    assert [row["student"] for row in found] == ["a", "b", "c", "a"]
    assert found[0]["faults"] == "2"
    assert done.n_again == 1
    assert len(done.faults) == 6


@pytest.mark.parametrize("name", ["students.csv", "students.parquet"])
def test_two_lines_that_contradict_one_another_are_both_left_out(tmp_path: Path, name: str) -> None:
    lines = ["a,CS 7641,Fall 2025,A", "a,CS 6601,Fall 2025,A", "a,CS 7641,Fall 2025,C"]
    found = []
    for place, order in enumerate((lines, lines[::-1])):
        path = tmp_path / f"{place}-{name}"
        text = "student,course,term,grade\n" + "\n".join(order) + "\nb,CS 7641,Fall 2025,A\n"
        if name.endswith("csv"):
            path.write_text(text, encoding="utf-8")
        else:
            import io

            import pyarrow as pa
            from pyarrow import parquet

            read = list(csv.DictReader(io.StringIO(text)))
            table = pa.table({key: [row[key] for row in read] for key in read[0]})
            parquet.write_table(table, path)
        done = run(path, tmp_path / f"{place}.csv")
        told = [(row["code"], row["what"]) for row in rows(done.faults_file)]
        first = 2 if name.endswith("csv") else 1
        assert told == [
            (
                "REC-044",
                "two records of one attempt: CS 7641, Fall 2025, otherwise on line "
                f"{line}; none of them is taken",
            )
            for line in (first + 2, first)
        ]
        found.append(rows(tmp_path / f"{place}.csv"))
    assert found[0] == found[1]
    one, other = found[0]
    assert (one["proven"], one["faults"], one["credits_left"]) == ("no", "2", "27")
    assert (other["proven"], other["faults"]) == ("yes", "0")


def test_of_lines_that_say_the_same_one_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "students.csv"
    path.write_text(
        "student,course,term,grade\na,CS 7641,Fall 2025,A\na,CS 7641,Fall 2025,A\n",
        encoding="utf-8",
    )
    done = run(path, tmp_path / "out.csv")
    (one,) = rows(tmp_path / "out.csv")
    assert (one["proven"], one["faults"], one["credits_left"]) == ("yes", "1", "27")
    (fault,) = rows(done.faults_file)
    assert fault["line"] == "3"
    assert fault["what"].endswith("the same on line 2, which is taken")


@pytest.mark.parametrize("size", [30, 60, 1 << 20])
def test_a_broken_line_is_counted_for_the_student_that_it_names(
    tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_batch_blocks, "_BYTES", size)
    path = tmp_path / "students.csv"
    path.write_text(
        "student,course,term,grade\n"
        "a,CS 7641,Fall 2025,A\n"
        'b,"CS 7641,Fall 2025,A\n'
        "b,CS 6601,Fall 2025,A\n"
        'b,"CS 6250,Fall 2025,A\n'
        'nobody,"CS 6250,Fall 2025,A\n'
        "c,CS 6601,Fall 2025,A\n",
        encoding="utf-8",
    )
    done = run(path, tmp_path / "out.csv")
    found = {row["student"]: row["faults"] for row in rows(tmp_path / "out.csv")}
    assert found == {"a": "0", "b": "2", "c": "0"}
    assert [row["line"] for row in rows(done.faults_file)] == ["3", "5", "6"]


def test_a_table_without_students_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("course,term,grade\nCS 6515,Fall 2025,A\n", encoding="utf-8")
    with pytest.raises(StudentError) as error:
        run(path, tmp_path / "out.csv")
    assert error.value.faults[0].code == "REC-016"


@pytest.mark.parametrize(("out", "code"), [("out.txt", "USE-017"), ("none/\0/out.csv", "USE-018")])
def test_an_output_that_cannot_be_is_refused(tmp_path: Path, out: str, code: str) -> None:
    if code == "USE-018":
        (tmp_path / "file").write_text("", encoding="utf-8")
        out = "file/out.csv"
    with pytest.raises(UsageError) as error:
        run(table(tmp_path, 2), tmp_path / out)
    assert error.value.faults[0].code == code


def test_a_choice_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        run(table(tmp_path, 2), tmp_path / "out.csv", choices=(("specialization", "art"),))
    assert error.value.faults[0].code == "USE-014"


def test_a_declared_track_holds_for_all(tmp_path: Path) -> None:
    run(table(tmp_path), tmp_path / "out.csv", choices=(("specialization", "hci"),))
    assert {row["choices"] for row in rows(tmp_path / "out.csv")} == {"specialization=hci"}


@pytest.mark.usefixtures("small_blocks")
def test_what_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    path = table(tmp_path)
    whole = run(path, tmp_path / "whole.csv")

    class Stopping(Here):
        left = 4

        def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt
            return super().submit(fn, *args, **kwargs)

    with pytest.raises(KeyboardInterrupt):
        run(path, tmp_path / "out.csv", executor=Stopping(), workers=1)
    assert not (tmp_path / "out.csv").exists()
    done = run(path, tmp_path / "out.csv")
    assert done.n_kept == 4 < done.n_blocks == whole.n_blocks
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


KILLED = """
import datetime as dt, os, signal, sys
from pathlib import Path
from prospectus.app import audit_batch_blocks, audit_batch_parts
from prospectus.app.audit_batch import audit_batch
audit_batch_blocks._BYTES = 700
put = audit_batch_parts._put
def deadly(path, data):
    if path.name == "00000003.faults":
        os.kill(os.getpid(), signal.SIGKILL)
    put(path, data)
audit_batch_parts._put = deadly
audit_batch(Path(sys.argv[1]), "gatech-omscs", Path(sys.argv[2]), today=dt.date(2026, 8, 20))
"""


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.skipif(os.name == "nt", reason="no such signal")
def test_after_a_kill_the_same_file_comes_out(tmp_path: Path) -> None:
    path = table(tmp_path)
    run(path, tmp_path / "whole.csv")
    out = tmp_path / "out.csv"
    killed = subprocess.run([sys.executable, "-c", KILLED, path, out], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not out.exists()
    done = run(path, out)
    assert done.n_kept == 3
    assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert not list(tmp_path.glob(".*.parts"))


def test_other_options_do_not_find_the_old_parts(tmp_path: Path) -> None:
    path = table(tmp_path, 5)
    run(path, tmp_path / "out.csv")
    done = run(path, tmp_path / "out.csv", choices=(("specialization", "ml"),))
    assert done.n_kept == 0


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "students.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("student,course,term,grade\na,CS 6515,Fall 2025,A\n")
        file.write("b," + "x" * 9_000_000 + "\n")
        file.write("c,CS 6515,Fall 2025,A\n")
    done = run(path, tmp_path / "out.csv")
    assert [row["code"] for row in rows(done.faults_file)] == ["REC-015"]
    assert [row["student"] for row in rows(tmp_path / "out.csv")] == ["a", "c"]
