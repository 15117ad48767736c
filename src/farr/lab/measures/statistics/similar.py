"""Similar organisations: the nearest in features that care does not decide.

Source: NHS England, "NHSE-Methods-10-Similar-CCGs" (README, method and input workbook of April 2021; MIT), the method behind
RightCare's Similar 10. Which features, with which weights, is a versioned definition: see measures/peer_groups.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from farr.lab.measures.statistics.arrays import FloatArray, as_counts, as_vector

CAP = 5
"""Values are capped at so many population standard deviations above the mean (README, step 1a)."""


@dataclass(frozen=True, kw_only=True)
class SimilarOrganisations:
    """`indices`: shape (organisations, count), row numbers of the peers, nearest first; `distances`: the same shape, weighted
    squared distances between standardised features, without unit."""

    indices: npt.NDArray[np.intp]
    distances: FloatArray


def similar_organisations(features: npt.ArrayLike, *, weights: npt.ArrayLike, count: int) -> SimilarOrganisations:
    """The `count` most similar other organisations of each: lowest Σ weight × (difference of standardised features)².

    Every feature is capped at its mean + 5 population standard deviations, square-rooted and standardised (population
    standard deviation). `features`: shape (organisations, features), each of zero or more; `weights`: shape (features,).
    An organisation is never its own peer; ties go to the lower row number; a feature that does not vary tells none apart.
    Raises ValueError for a missing or negative feature or weight, other shapes, or fewer other organisations than `count`.
    """
    table, weight = as_counts("features", features), as_vector("weights", as_counts("weights", weights))
    if table.ndim != 2 or table.shape[1] != weight.size:
        raise ValueError(f"features must have shape (organisations, {weight.size}), one column a weight, and has {table.shape}")
    if np.isnan(table).any() or np.isnan(weight).any():
        raise ValueError("a feature or weight is missing; leave out the organisation or the feature")
    if not 1 <= count < table.shape[0]:
        raise ValueError(f"count must be from 1 to {table.shape[0] - 1}, the other organisations, and is {count}")
    distances = _distances(standardised_features(table), weight)
    np.fill_diagonal(distances, np.inf)
    indices = np.argsort(distances, axis=1, kind="stable")[:, :count]
    return SimilarOrganisations(indices=indices, distances=np.take_along_axis(distances, indices, axis=1))


def standardised_features(table: FloatArray) -> FloatArray:
    """Features capped, square-rooted and standardised, shape (organisations, features); zero where a feature does not vary."""
    roots = np.sqrt(np.minimum(table, table.mean(axis=0) + CAP * table.std(axis=0)))
    # Rounding leaves a constant column a spread of 1e-17 or so, which must not be divided by.
    spread = np.where(np.ptp(roots, axis=0) > 0, roots.std(axis=0), np.inf)
    return (roots - roots.mean(axis=0)) / spread


def _distances(standardised: FloatArray, weight: FloatArray) -> FloatArray:
    # One feature at a time: all at once would take features × organisations² of memory.
    total = np.zeros((standardised.shape[0], standardised.shape[0]))
    for column, share in zip(standardised.T, weight, strict=True):
        total += share * np.subtract.outer(column, column) ** 2
    return total
