"""What is said of the topics of a programme: the words for each state, the applied share."""

from __future__ import annotations

from fractions import Fraction

from prospectus.app.topic_answers import (
    GUARANTEED,
    IF_CARRIED,
    IF_RUN,
    IMPOSSIBLE,
    POSSIBLE,
    UNDECIDED,
    TopicReach,
)

DEFINITION = (
    "Guaranteed: every plan that meets the rules takes a course that carries it; possible: some "
    "plan needs one; decided by the solver from the stated topics and titles of courses "
    "(docs/topics.md)."
)
IN_REACH = {
    GUARANTEED: "guaranteed",
    POSSIBLE: "possible",
    IF_RUN: "if it runs",
}
OUT_OF_REACH = {
    IF_CARRIED: "Only by courses whose topics no source gives",
    IMPOSSIBLE: "Impossible, for no course that a plan can need states it",
    UNDECIDED: "Not decided in the time given",
}
STATES = {**IN_REACH, IF_CARRIED: "unknown", IMPOSSIBLE: "impossible", UNDECIDED: "not decided"}


def share_sentence(reach: TopicReach) -> str:
    """Return the applied share of a completion in words."""
    share = reach.share
    if share is None:
        return "Applied share: not known, for no course that counts is tagged."
    least, most = _percent(share.least), _percent(share.most)
    between = f"{least} %" if least == most else f"{least} to {most} %"
    proven = "" if share.is_proven else " at least (the ends of the range are not proven)"
    rest = f"; up to {_percent(share.untagged)} % of its credits are untagged"
    return (
        f"Applied share of a completion's tagged credits: {between}{proven}, the rest theoretical"
        + (rest if share.untagged else "")
        + "."
    )


def _percent(share: Fraction) -> int:
    return round(100 * share)
