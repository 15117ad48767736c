"""False discovery: of all that is called different, the share that is expected to be so by chance alone.

Sources: Benjamini and Hochberg, J. R. Statist. Soc. B 1995; 57:289 (tests that are independent, or depend positively); Benjamini and
Yekutieli, Ann. Statist. 2001; 29:1165 (whatever their dependence, at the price of a factor of 1 + 1/2 + … + 1/m).
"""

import numpy as np
import numpy.typing as npt

from farr.lab.measures.statistics.arrays import FloatArray, as_floats

BY_INDICATOR, OVER_ALL = "within", "all"
"""Which tests are held together: those of one indicator (Benjamini-Hochberg), or every test made (Benjamini-Yekutieli)."""


def q_values(p: npt.ArrayLike, *, dependent: bool = False) -> FloatArray:
    """For each p-value the least false-discovery rate at which it would be called different, of the shape of `p`; NaN stays NaN and is no
    test. `dependent`: Benjamini and Yekutieli's, else Benjamini and Hochberg's. Raises ValueError for a p-value beyond 0 to 1."""
    given = as_floats("p", p)
    known = ~np.isnan(given)
    tests = given[known]
    if ((tests < 0) | (tests > 1)).any():
        raise ValueError("a p-value lies between 0 and 1; give NaN where no test was made")
    found = np.full(given.shape, np.nan)
    count = tests.size
    if not count:
        return found
    order = np.argsort(tests, kind="stable")
    price = float((1 / np.arange(1, count + 1)).sum()) if dependent else 1.0
    scaled = tests[order] * count * price / np.arange(1, count + 1)
    least = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    q = np.empty(count)
    q[order] = least
    found[known] = q
    return found
