"""A balanced layout on a terminal: loads by period, the courses, and how sure that is."""

from __future__ import annotations

from fractions import Fraction

from rich.console import Console
from rich.table import Table

from prospectus.app.balancing import BalanceAnswer
from prospectus.app.words import count
from prospectus.cli.terminal import print_table, say
from prospectus.domain.balance import Criterion
from prospectus.planning.result import PlanStatus

_NAMES = {
    Criterion.PEAK: "largest load of a period",
    Criterion.ABSOLUTE: "sum of distances from the mean load",
    Criterion.SQUARES: "sum of squared distances from the mean load",
    Criterion.GBAC: "sum of squared distances beyond the two whole loads next to the mean",
}
_MOST_LOAD_COLUMNS = 12


def print_balance(answer: BalanceAnswer, console: Console) -> None:
    """Print the layout, its value with the proof or the gap, and the loads of each track."""
    n_tracks = f", {len(answer.tracks)} tracks" if len(answer.tracks) > 1 else ""
    size = f"{count(answer.n_courses, 'course')}{n_tracks}"
    say(console, f"{answer.name}: {size}", style="bold")
    for line in _standing(answer):
        say(console, line)
    if answer.periods:
        say(console, "")
        if len(answer.tracks) > 1:
            _tracks(answer, console)
        _periods(answer, console)
    how = "by counting and local search" if not answer.searched else "with the solver"
    say(console, f"\n{how.capitalize()}, in {answer.seconds:.2f} s", style="dim")


def _standing(answer: BalanceAnswer) -> list[str]:
    """Return what was found and how sure it is."""
    name = _NAMES[answer.criterion]
    if answer.status is PlanStatus.INFEASIBLE:
        return ["No layout is possible.", f"Why: {answer.reason}."]
    stopped = "stopped by hand" if answer.was_interrupted else "the time was up"
    if answer.value is None or answer.gap is None:
        bound = "" if answer.bound is None else f"; nothing below {_number(answer.bound)} can be"
        return [f"No layout was found: {stopped}{bound}."]
    lines = [f"The {name}: {_number(answer.value)}"]
    weighs = (answer.deviation_weight, answer.undesired_weight) != (1, 1)
    if answer.criterion is not Criterion.PEAK and (answer.n_undesired or weighs):
        n = answer.n_undesired or 0
        course = "1 course" if n == 1 else f"{n} courses"
        weights = (
            f" (weights {answer.deviation_weight} and {answer.undesired_weight})" if weighs else ""
        )
        lines[0] = (
            f"Cost {_number(answer.value)}: {_number(answer.deviation or Fraction(0))} as {name}, "
            f"and {course} in undesired periods{weights}"
        )
    if answer.status is PlanStatus.OPTIMAL:
        lines.append("Proven: nothing better exists.")
    else:
        lines.append(
            f"Not proven ({stopped}): no layout is below {_number(answer.bound or Fraction(0))}, "
            f"so at most {float(100 * answer.gap):.1f} % could be gained."
        )
    return lines


def _number(value: Fraction) -> str:
    """Return a whole number as it is, another rounded to two digits with a sign that says so."""
    return str(value) if value.denominator == 1 else f"~{float(value):.2f}"


def _tracks(answer: BalanceAnswer, console: Console) -> None:
    """Print the loads of each track, a line each where they fit."""
    say(console, "Loads by track", style="bold")
    n_periods = len(answer.periods)
    if n_periods > _MOST_LOAD_COLUMNS:
        for track in answer.tracks:
            loads = " ".join(map(str, track.loads))
            say(console, f"{track.track}, {track.total} in all: {loads}", 2)
        say(console, "")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("Track", overflow="fold", max_width=18)
    for name in ("Total", "Mean"):
        table.add_column(name, justify="right")
    for number in range(1, n_periods + 1):
        table.add_column(f"P{number}", justify="right")
    for track in answer.tracks:
        mean = _number(track.mean)
        table.add_row(track.track, str(track.total), mean, *map(str, track.loads))
    print_table(table, console)
    say(console, "")


def _periods(answer: BalanceAnswer, console: Console) -> None:
    """Print the courses of each period with its load."""
    alone = answer.tracks[0] if len(answer.tracks) == 1 else None
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("Period", overflow="fold", max_width=20)
    table.add_column("Load" if alone is not None else "Loads", justify="right", no_wrap=True)
    table.add_column("Courses (load; ! undesired here)", overflow="fold")
    for place, period in enumerate(answer.periods):
        loads = [track.loads[place] for track in answer.tracks]
        told = str(loads[0]) if alone is not None else f"{min(loads)}-{max(loads)}"
        courses = ", ".join(
            f"{name} ({load}{'!' if name in period.undesired else ''})"
            for name, load in period.courses
        )
        name = period.period if alone is not None else f"P{place + 1}"
        if alone is None and period.period != str(place + 1):
            name += f" {period.period}"
        table.add_row(name, told, courses)
    print_table(table, console)
