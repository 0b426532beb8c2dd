"""How programmes are named where one is chosen."""

from __future__ import annotations

from collections import Counter

from prospectus.app.library import open_library
from prospectus.app.program_names import program_names, ways


def test_no_two_programmes_and_no_two_ways_have_one_name() -> None:
    library = open_library()
    for named in (program_names(library), ways(library)):
        names = Counter(name for _, name in named)
        assert max(names.values()) == 1
        assert [name for _, name in named] == sorted(names)


def test_a_way_is_named_by_school_programme_and_track_and_can_be_planned() -> None:
    found = dict(ways(open_library()))
    assert found["gatech-omscs/ml"] == (
        "Georgia Institute of Technology: Online Master of Science in Computer Science (OMSCS), "
        "Machine Learning"
    )
    assert not any(way.startswith("imperial-") for way in found)
