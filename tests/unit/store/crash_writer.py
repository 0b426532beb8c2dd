"""What a test of crashes kills: it writes without end and says what was acknowledged."""

from __future__ import annotations

import random
from multiprocessing.connection import Connection
from pathlib import Path

from prospectus.store.boards import Boards, Card
from prospectus.store.database import Database
from prospectus.store.jobs import Jobs
from prospectus.store.records import Records
from prospectus.store.students import Students

Acknowledged = tuple[str, str, int]
"""The kind of a thing, its id, and the version (of a job: the step) that was acknowledged."""


def write_without_end(path: Path, seed: int, told: Connection) -> None:
    """Write this and that; tell of each write once it was acknowledged."""
    draw = random.Random(seed)
    database = Database(path)
    students, boards = Students(database), Boards(database)
    records, jobs = Records(database), Jobs(database)
    student = students.add("Ada", "1")
    told.send(("student", student.id, 1))
    board = boards.add(student.id, name="", program="", catalog_year="")
    told.send(("board", board.id, 1))
    kind = f"of writer {seed}"
    job = jobs.add(kind, {})
    jobs.claim("one", [kind])
    done = 0
    while True:
        match draw.randrange(5):
            case 0:
                # Several pages of the file at once, so that halves are possible.
                text = str(student.version + 1) + " " * draw.randrange(200_000)
                student = students.replace(
                    student.id, name="Ada", text=text, version=student.version
                )
                told.send(("student", student.id, student.version))
            case 1:
                cards = [Card(course=str(board.version + 1))]
                board = boards.add_step(board.id, board.version, cards, "")
                told.send(("board", board.id, board.version))
            case 2:
                board = boards.undo(board.id, board.version)
                told.send(("board", board.id, board.version))
            case 3:
                content = draw.randbytes(draw.randrange(100_000))
                record = records.add(name="", file_name="", kind="", content=content)
                told.send(("record", record.id, len(content)))
            case _:
                done += 1
                jobs.beat(job.id, "one", done=done)
                told.send(("job", job.id, done))
