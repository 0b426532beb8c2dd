"""Places where people live: the spellings of a state of the US are one."""

from __future__ import annotations

RESIDENCE = "residence"
"""The fact of a person that names a place."""

_STATES = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "PR": "Puerto Rico",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
}
_CODE_OF = {name.casefold(): code for code, name in _STATES.items()}


def place(text: str) -> str:
    """Return `US-IA` for `Iowa`, `IA` and `us-ia`; any other place as it is written.

    Two letters count where they are capitals: `in` is a word, `IN` is Indiana.
    """
    words = " ".join(text.split())
    code = _CODE_OF.get(words.casefold())
    if code is None and words in _STATES:
        code = words
    if code is None and words[:3].upper() == "US-" and words[3:].upper() in _STATES:
        code = words[3:].upper()
    return text if code is None else f"US-{code}"


def place_name(text: str) -> str:
    """Return a place in words: `Iowa` for `US-IA`."""
    return _STATES.get(text.removeprefix("US-"), text) if text.startswith("US-") else text
