"""Several plans on a terminal: one line each as it is found, then what is in them."""

from __future__ import annotations

from rich.console import Console

from prospectus.app.plan_choices import ChoiceCase, ChoiceStream, PlanChoice
from prospectus.app.words import count
from prospectus.cli.terminal import say
from prospectus.planning.result import PlanStatus

_HEADS = {
    "goals": ("Missed", 7),
    "finish": ("Ends", 12),
    "cost": ("Cost", 14),
    "out_of_pocket": ("Out of pocket", 15),
    "peak": ("Peak h", 7),
    "topics": ("Topics out", 11),
    "hours": ("Hours", 7),
    "live": ("Live min", 9),
    "preference": ("Points lost", 12),
    "spare": ("Not spare", 10),
    "spread": ("Spread h", 9),
    "distance": ("Apart", 6),
    "toxic": ("Toxic", 6),
    "change": ("Changed", 8),
    "trade": ("Traded", 14),
}
"""How a level is headed, and how wide its column is."""


def print_stream(stream: ChoiceStream, console: Console) -> ChoiceCase:
    """Print the plans of a case, each as soon as it is there, and return the finished case."""
    if stream.name:
        say(console, f"\n{stream.name}", style="bold")
    has_distance = False
    for choice in stream:
        if choice.number == 1:
            say(console, "")
            say(console, _head(stream.columns), style="bold")
        has_distance = has_distance or bool(choice.distances)
        say(console, _line(choice, stream.columns))
    case = stream.case
    assert case is not None, "a stream that was read has its case"
    say(console, "")
    if case.was_stopped:
        say(console, "Stopped; this is what was found.", style="bold")
    for sentence in case.said:
        say(console, sentence)
    if has_distance:
        say(console, "Changes are counted against each plan before.")
    for choice in case.choices:
        _plan(choice, console)
    if case.choices:
        proof = case.certificate
        say(
            console,
            "\nRe-checked by the definition of the rules; "
            f"{proof.solver}, seed {proof.seed}, {count(proof.n_solves, 'question')}, "
            f"{proof.seconds:.2f} s",
            style="dim",
        )
    return case


def _head(columns: tuple[str, ...]) -> str:
    return "  #  " + "".join(_padded(*_HEADS.get(name, (name, 10))) for name in columns).rstrip()


def _padded(text: str, width: int) -> str:
    return text.ljust(max(width, len(text) + 1))


def _line(choice: PlanChoice, columns: tuple[str, ...]) -> str:
    cells = "".join(_padded(choice.text(name), _HEADS.get(name, (name, 10))[1]) for name in columns)
    told = ", ".join(str(number) for number in choice.distances)
    changes = f"changes: {told}" if told else ""
    return f"{choice.number:3d}  {cells}{changes}".rstrip()


def _plan(choice: PlanChoice, console: Console) -> None:
    """Print what runs when: in full for the first plan, then what is not as in it."""
    say(console, f"\nPlan {choice.number}", style="bold")
    for who in choice.approvals:
        say(console, f"rests on an approval that nobody has given yet: {who}", 2)
    if choice.number > 1 and len(choice.differences) <= _FEW:
        for line in choice.differences:
            say(console, line, 2, hang=4)
        return
    for period in choice.periods:
        starts = ", ".join(course.name for course in period.starts) or "(goes on)"
        cost = f"; {period.cost} due" if period.cost is not None else ""
        say(console, f"{period.id}: {starts}; {period.hours_per_week} h{cost}", 2, hang=4)


_FEW = 4
"""So many differences say more than the whole plan."""


def exit_code(cases: list[ChoiceCase], limit: int, no: int) -> int:
    """Return 0 where all is proven, else the code of a limit reached or of no plan."""
    statuses = {case.status for case in cases}
    if statuses & {PlanStatus.FEASIBLE, PlanStatus.UNKNOWN}:
        return limit
    return 0 if PlanStatus.OPTIMAL in statuses else no
