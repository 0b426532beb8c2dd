"""The mean of grades: what it is, whether it can be reached, and what it needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.domain.expression import Attribute, Has, Selector
from prospectus.domain.meaning.holding import Holding
from prospectus.domain.meaning.matching import matches, parts
from prospectus.domain.meaning.setting import Setting, Use, total_of
from prospectus.domain.meaning.uses import barred
from prospectus.domain.plan import NodeVerdict, Standing
from prospectus.domain.printer import print_number
from prospectus.domain.record import CreditSource
from prospectus.domain.requirement import Gpa, Over
from prospectus.domain.rule import Repeats


def attempted(setting: Setting, of: Selector) -> list[Use]:
    """Return every attempt after matriculation here as a use, whether it earns credit or not.

    A selector that names sources or schools says wider: then every attempt on record.
    """
    day, is_wider = setting.matriculation(), _says_wider(of, setting)
    found = []
    for attempt in setting.record.attempts:
        dated = bool(setting.leaves(attempt)) or attempt.ended is not None
        here = attempt.source is CreditSource.HOME
        if not is_wider and not (here and (not dated or setting.start(attempt) >= day)):
            continue
        use = setting.use(attempt)
        # what was tried and lost is final, as what was passed is
        found.append(use if use.standing else replace(use, standing=Standing.MET))
    return found


def _says_wider(of: Selector, setting: Setting) -> bool:
    return setting.speaks(
        of,
        "wider",
        lambda: any(
            isinstance(part, Has) and part.attribute in (Attribute.SOURCE, Attribute.SCHOOL)
            for part in parts(of, setting)
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What is known of the time ahead beside the witness; a verdict knows none of it.

    `to_come` are uses still to be taken, `replaced` attempts that leave the mean then, `settled`
    open attempts whose expected grade is judged like an earned one. With `is_least` more may
    remain than is named, `credits` at least, so that nothing is out of reach.
    """

    to_come: tuple[Use, ...] = ()
    replaced: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()
    credits: Fraction = Fraction(0)
    is_least: bool = False


_NO_PROSPECT = Prospect()


def mean_verdict(holding: Holding, rule: Gpa, ahead: Prospect = _NO_PROSPECT) -> NodeVerdict:
    """Return how a mean stands, and the mean needed in what remains."""
    setting, scale = holding.setting, holding.setting.resolved.scale
    chosen = averaged(holding, rule)
    bought = [use for use in holding.uses.values() if use.hypothetical]
    to_come = [use for use in [*bought, *ahead.to_come] if _averages(rule, use, setting)]
    settled = [use for use in chosen if use.id in ahead.settled]
    still_open = [
        use
        for use in chosen
        if use.attempt.grade is None and use.attempt.is_open and use.id not in ahead.settled
    ]
    unfinished = {use.id for use in still_open}
    later = [use for use in chosen if use.id not in ahead.replaced]

    def earned(use: Use) -> str | None:
        return use.attempt.expected_grade if use.id in ahead.settled else use.attempt.grade

    have = hoped = most = setting.mean([(use, earned(use)) for use in chosen])
    if any(use.attempt.is_open for use in chosen):
        hoped = setting.mean([(use, setting.planned_grade(use.attempt)) for use in chosen])
    if hoped is not have or to_come or ahead.replaced or still_open:
        decided = [use for use in later if not use.attempt.is_open or use.id in ahead.settled]
        yet = [use for use in later if use.attempt.is_open and use.id not in ahead.settled]
        best = scale.grades[0].name
        most = setting.mean(
            [*((use, earned(use)) for use in decided), *((use, best) for use in [*yet, *to_come])]
        )
    counted = "nothing to average yet" if have is None else f"mean {float(have):.2f}"
    if any(use.attempt.expected_grade is not None for use in still_open):
        foreseen = setting.mean((use, use.attempt.expected_grade or earned(use)) for use in chosen)
        counted += "" if foreseen is None else f", {float(foreseen):.2f} as expected,"
    counted += f" of at least {float(rule.at_least):.2f}"
    done = [(use, earned(use)) for use in later if use.id not in unfinished]
    remaining = ahead.credits + total_of([use.credits for use in [*still_open, *to_come]])
    if (needed := _needed(rule, done, remaining, setting)) is not None:
        counted += f", {float(needed):.2f} needed in what remains"
        counted += f" (at least {print_number(remaining)} credits)" if ahead.is_least else ""
    return NodeVerdict(
        node=rule.header.id,
        standing=_gpa_standing(
            *(
                None if mean is None else setting.reaches(mean, rule.at_least)
                for mean in (have, hoped, None if ahead.is_least else most)
            ),
            still_open=[*still_open, *settled],
        ),
        counted=counted,
        unknown=rule.header.unknown,
    )


def averaged(holding: Holding, rule: Gpa) -> list[Use]:
    """Return the uses on record that enter a mean."""
    setting = holding.setting
    if rule.over is Over.ATTEMPTED:
        items = [use for use in attempted(setting, rule.of) if _in_mean(use, setting)]
        items = _drop_replaced(items, holding)
    else:
        items = [item.use for item in holding.applied(rule.within) if not item.use.hypothetical]
    return [use for use in items if _averages(rule, use, setting)]


def _gpa_standing(
    have: bool | None, hoped: bool | None, most: bool | None, *, still_open: list[Use]
) -> Standing:
    """Return the standing of a mean from whether it reaches now, as planned, and at best."""
    if still_open and hoped:
        return min(use.standing for use in still_open)
    if have and not still_open:
        return Standing.MET
    return Standing.UNMET if most is False else Standing.PENDING


def _needed(
    rule: Gpa, done: list[tuple[Use, str | None]], remaining: Fraction, setting: Setting
) -> Fraction | None:
    """Return the mean needed in what remains, None where nothing with grades does or all will."""
    if remaining == 0 or (have := setting.mean(done)) is None:
        return None
    needed = rule.at_least + (rule.at_least - have) * setting.weight(done) / remaining
    return needed if needed > 0 else None


def _averages(rule: Gpa, use: Use, setting: Setting) -> bool:
    """Return whether a use enters a mean: letters from home only, unless it says otherwise."""
    home = use.attempt.source is CreditSource.HOME or _says_wider(rule.of, setting)
    return home and matches(rule.of, use, setting) is not False


def _in_mean(use: Use, setting: Setting) -> bool:
    return use.course is None or use.course.counts_credit


def _drop_replaced(items: list[Use], holding: Holding) -> list[Use]:
    """Return the attempts that enter the mean: all, unless the rule says only the one used.

    Where no attempt of a course could be used, the newest stands for it. What was taken again
    though the course was passed too well for that never enters.
    """
    setting = holding.setting
    rule = setting.resolved.program.record_rules.repeats
    if rule is None:
        return items
    late = barred(setting)
    items = [use for use in items if use.id not in late]
    if rule.mean_uses_all is not False:
        return items
    kept: dict[str, Use] = {}
    for use in sorted(items, key=lambda use: (setting.end(use.attempt), use.id)):
        name = setting.identity(use.attempt)
        if setting.repeatable(use.attempt) is not None:
            name = use.id
        if name not in kept or kept[name].id not in holding.uses or use.id in holding.uses:
            kept[name] = use
    chosen = {use.id for use in kept.values()}
    return [use for use in items if use.id in chosen or _stays(use, rule, setting)]


def _stays(use: Use, rule: Repeats, setting: Setting) -> bool:
    """Return whether a replaced attempt was graded too well to leave the mean."""
    grade = use.attempt.grade
    if grade is None or rule.mean_keeps is None:
        return False
    return setting.resolved.scale.at_least(grade, rule.mean_keeps)
