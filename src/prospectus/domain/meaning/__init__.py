"""The definition of the rules: what a record, a plan or an audit *means*.

Plain and polynomial; the independent checker of everything that is shown. `resolve` removes what
depends on the person or on a reading, `judge` judges a record under a witness, `appraise` gives
dates, money, hours and wishes (`wishes_broken` these alone), `eligibility` the admission answer.
"""

from prospectus.domain.meaning.appraisal import appraise, wishes_broken
from prospectus.domain.meaning.conditions import eligibility
from prospectus.domain.meaning.judging import judge
from prospectus.domain.meaning.resolving import as_degree, readings, resolve
from prospectus.domain.meaning.uses import uses

__all__ = [
    "appraise",
    "as_degree",
    "eligibility",
    "judge",
    "readings",
    "resolve",
    "uses",
    "wishes_broken",
]
