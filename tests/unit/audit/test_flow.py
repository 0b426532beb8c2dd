"""Maximum flow between supplies and demands, against all ways to send by hand."""

from __future__ import annotations

import random

from prospectus.audit.flow import covered


def by_units(supplies: list[tuple[int, int]], demands: list[tuple[int, int]]) -> int:
    """Return the largest matching of single units."""
    sources = [mask for mask, amount in supplies for _ in range(amount)]
    slots = [bit for bit, amount in demands for _ in range(amount)]
    taken: dict[int, int] = {}

    def augment(source: int, seen: set[int]) -> bool:
        for place, bit in enumerate(slots):
            if sources[source] & bit and place not in seen:
                seen.add(place)
                if place not in taken or augment(taken[place], seen):
                    taken[place] = source
                    return True
        return False

    return sum(augment(source, set()) for source in range(len(sources)))


def test_what_one_supply_sends_gives_way_to_another() -> None:
    assert covered([(0b11, 2), (0b01, 2)], [(1, 2), (2, 2)]) == 4
    assert covered([(0b01, 3)], [(1, 2), (2, 2)]) == 2
    assert covered([], [(1, 2)]) == 0


def test_it_is_the_largest_matching_of_units() -> None:
    rng = random.Random(0)
    for _ in range(300):
        demands = [(1 << place, rng.randint(0, 4)) for place in range(rng.randint(1, 5))]
        supplies = [(rng.randint(0, 31), rng.randint(0, 4)) for _ in range(rng.randint(0, 6))]
        assert covered(supplies, demands) == by_units(supplies, demands)
