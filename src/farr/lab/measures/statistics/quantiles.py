"""Quantile groups: quartiles, deciles and the like."""

import numpy as np
import numpy.typing as npt

from farr.lab.measures.statistics.arrays import FloatArray, as_floats, as_vector


def quantile_group(values: npt.ArrayLike, groups: int) -> FloatArray:
    """The quantile group of every value: 1 holds the lowest, `groups` the highest; ties share the group of the lowest rank.

    floor((n+1) − ceil(((N+1) − rank) / (N/n))) with n groups of N values and ranks from 1, as PHE's published method
    (PHEindicatormethods, `phe_quantile`), here in whole numbers, for N/n has no exact binary form.
    `values`: shape (organisations,). NaN stays NaN and is not counted; all are NaN where there are fewer values than groups.
    Returns floats. Raises ValueError for fewer than one group.
    """
    array = as_vector("values", as_floats("values", values))
    if groups < 1:
        raise ValueError(f"groups must be 1 or more, and is {groups}")
    known = ~np.isnan(array)
    total = int(known.sum())
    result = np.full(array.shape, np.nan)
    if total < groups:
        return result
    rank = np.searchsorted(np.sort(array[known]), array[known], side="left") + 1
    above = -(-(total + 1 - rank) * groups // total)  # the ceiling, in whole numbers
    result[known] = groups + 1 - above
    return result
