"""Health status: people who live longer are healthier at the same age, so that later they use care as younger people do now.

The New Hospital Programme's model (MIT; health status adjustment) gives a person of age a, in a year in which life expectancy at that age
has risen by g years, the use of somebody of age a − h·g now, where h is the share of the years gained that are lived in good health. It
does so from the age of 55, and not for births, maternity and children; here likewise. That model reads use by single year of age from a
fitted curve (GAM); here it lies between five-year bands, on a straight line of its logarithm, which is Farr's own simplification.
"""

import numpy as np

from farr.lab.planning.projection.cells import BANDS, OTHER_NON_ELECTIVE, Baseline
from farr.lab.planning.projection.uncertain import Floats

FIRST_AGE = 55
_MIDDLES = np.array([*(first + 2.5 for first in range(0, 95, 5)), 97.5])


def health_factors(baseline: Baseline, younger: Floats) -> Floats:
    """The factor of health, of shape (cells, runs), where people are as healthy as those `younger` years younger are now, one number a
    run. Below the age of 55, for other non-elective spells, and where no use is known, it is 1."""
    cells = baseline.cells
    factors = np.ones((len(cells), len(younger)))
    concerned = cells.is_aged(FIRST_AGE) & ~cells.is_of(*OTHER_NON_ELECTIVE)
    known: dict[tuple[str, str, str], Floats] = {}
    for place in np.flatnonzero(concerned):
        pod, sex, band = str(cells.point_of_delivery[place]), str(cells.sex[place]), str(cells.age_band[place])
        if (pod, sex, band) not in known:
            known[pod, sex, band] = _factor(baseline.rates.get((pod, sex)), BANDS.index(band), younger)
        factors[place] = known[pod, sex, band]
    return factors


def _factor(rates: Floats | None, band: int, younger: Floats) -> Floats:
    if rates is None or rates[band] <= 0:
        return np.ones(len(younger))
    held = rates > 0
    logs = np.log(rates[held])
    then = np.interp(_MIDDLES[band] - younger, _MIDDLES[held], logs)
    return np.exp(then - np.log(rates[band]))
