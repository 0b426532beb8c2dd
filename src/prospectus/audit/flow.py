"""Maximum flow between a few supplies and a few demands: how much of what is asked is covered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

MOST_KNOWN = 20_000
"""How many flows are remembered: the states of one search ask for the same ones again."""


def merged(supplies: Iterable[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Return the supplies with those that may serve the same put together."""
    together: dict[int, int] = {}
    for mask, amount in supplies:
        if amount > 0:
            together[mask] = together.get(mask, 0) + amount
    return tuple(together.items())


def covered(supplies: Sequence[tuple[int, int]], demands: Sequence[tuple[int, int]]) -> int:
    """Return the most that supplies can bring to demands.

    Parameters
    ----------
    supplies
        Pairs of a bit mask of the demands that may be served, and an amount.
    demands
        Pairs of a demand's own bit and the amount that it asks.
    """
    if len(demands) == 1:
        [(bit, asked)] = demands
        return min(asked, sum([amount for mask, amount in supplies if mask & bit]))
    every = 0
    for bit, _ in demands:
        every |= bit
    mine: dict[int, int] = {}
    for mask, amount in supplies:
        if mask & every and amount > 0:
            mine[mask & every] = mine.get(mask & every, 0) + amount
    return _covered(tuple(sorted(mine.items())), tuple(demands))


@lru_cache(maxsize=MOST_KNOWN)
def _covered(supplies: tuple[tuple[int, int], ...], demands: tuple[tuple[int, int], ...]) -> int:
    """Return the flow between supplies and demands of which no two supplies are alike."""
    order = sorted(supplies, key=lambda pair: pair[0].bit_count())
    bits = [bit for bit, _ in demands]
    left = [amount for _, amount in demands]
    sent = [[0] * len(bits) for _ in order]
    waiting = [amount for _, amount in order]
    total = 0
    for source, (mask, _) in enumerate(order):
        row = sent[source]
        for place, bit in enumerate(bits):
            if waiting[source] and mask & bit and left[place]:
                amount = min(waiting[source], left[place])
                row[place] += amount
                left[place] -= amount
                waiting[source] -= amount
                total += amount
    if not any(left):
        return total
    masks = [mask for mask, _ in order]
    for source, amount in enumerate(waiting):
        while amount and (pushed := _augment(source, amount, masks, bits, left, sent)):
            amount -= pushed
            total += pushed
    return total


def _augment(
    source: int,
    amount: int,
    masks: list[int],
    bits: list[int],
    left: list[int],
    sent: list[list[int]],
) -> int:
    """Send more from one supply along one path that moves what others send; return how much."""
    before: dict[int, tuple[int, int]] = {}
    reached = {source}
    waiting = [source]
    goal = -1
    while waiting and goal < 0:
        here = waiting.pop()
        for place, bit in enumerate(bits):
            if not masks[here] & bit or place in before:
                continue
            before[place] = (here, place)
            if left[place]:
                goal = place
                break
            for other, row in enumerate(sent):
                if row[place] and other not in reached:
                    reached.add(other)
                    before[-1 - other] = (-1, place)
                    waiting.append(other)
    if goal < 0:
        return 0
    path: list[tuple[int, int, int]] = []
    pushed, place = min(amount, left[goal]), goal
    while True:
        giver = before[place][0]
        path.append((giver, place, 1))
        if giver == source:
            break
        freed = before[-1 - giver][1]
        path.append((giver, freed, -1))
        pushed = min(pushed, sent[giver][freed])
        place = freed
    for giver, where, way in path:
        sent[giver][where] += way * pushed
    left[goal] -= pushed
    return pushed
