"""A fault that names the command line has other words for those who look at a page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import prospectus
from prospectus.domain.errors import Fault, UsageError

ROOT = Path(prospectus.__file__).parent
COMMAND = re.compile(r"`prospectus [a-z]|(?<![\w-])--[a-z]{3,}")

OF_THE_COMMAND_LINE_ALONE = {
    # use cases that no page asks
    "app/alternatives.py",
    "app/audit_batch_blocks.py",
    "app/audit_why.py",
    "app/certificate.py",
    "app/checking.py",
    "app/claims.py",
    "app/claims_page.py",
    "app/exporting.py",
    "app/files.py",
    "app/front.py",
    "app/impossible_answers.py",
    "app/plan_choices.py",
    "app/plan_finish.py",
    "app/plan_report.py",
    "app/plan_talk.py",
    "app/plan_to_export.py",
    "app/plan_why.py",
    "app/replanning.py",
    "app/verifying.py",
    "store/restoring.py",
    # comments in a file that the command line reads
    "app/student_draft.py",
    # told by tables of texts with words for pages, as other tests hold
    "app/audit_report.py",
    "store/unavailable.py",
    # asks for one student of a file, which no page does
    "catalogs/record_of_one.py",
    # a note that pages put into words of their own
    "app/calendar_events.py",
    # descriptions for those who write programs
    "web/api/dates.py",
    "web/api/records.py",
    "web/application.py",
}


def texts_without_page_words(tree: ast.AST, is_told: bool = False) -> Iterator[ast.Constant]:
    """Yield every text that names the command line outside a call that has words for pages."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring
        told = is_told or (
            isinstance(node, ast.Call)
            and ("on_page" in {one.arg for one in node.keywords} or _is_positional(node))
        )
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not is_told:
            if COMMAND.search(node.value):
                yield node
        else:
            yield from texts_without_page_words(node, told)


def _is_positional(call: ast.Call) -> bool:
    """Return whether words for pages follow the words for the command line."""
    names = {"add": 5, "unavailable": 3}
    return isinstance(call.func, ast.Name) and len(call.args) >= names.get(call.func.id, 99)


def test_every_text_that_names_the_command_line_has_words_for_pages() -> None:
    found = set()
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith("cli/"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found |= {
                (name, one.lineno, str(one.value)[:60]) for one in texts_without_page_words(tree)
            }
    told = {one for one in found if one[0] not in OF_THE_COMMAND_LINE_ALONE}
    assert told == set()


def test_words_for_pages_are_those_of_the_command_line_where_no_others_are_needed() -> None:
    plain = Fault(code="X-1", what="a", fix="b")
    both = UsageError("X-1", what="a", fix="use --this", on_page="use the field").faults[0]
    assert (plain.page_fix, both.page_fix, both.fix) == ("b", "use the field", "use --this")
    assert "use --this" in str(both)
    assert "the field" not in str(both)
