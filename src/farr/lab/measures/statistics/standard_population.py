"""The European Standard Population: the age structure that directly standardised rates are weighted by."""

from dataclasses import dataclass

import numpy as np

from farr.lab.measures.statistics.arrays import FloatArray
from farr.lab.model.age import group_of_year


@dataclass(frozen=True, kw_only=True)
class StandardPopulation:
    """People by five-year band of age, men and women alike; `weights` by first year of the band."""

    name: str
    version: str
    source: str
    weights: tuple[tuple[int, int], ...]

    def by_group(self, groups: tuple[str, ...]) -> FloatArray:
        """The weights of wide age groups (`model.age.AGE_GROUPS`), in the order given: sums of their bands; shape (groups,)."""
        total = dict.fromkeys(groups, 0)
        for first, people in self.weights:
            total[group_of_year(first)] += people
        return np.array([total[group] for group in groups], dtype=np.float64)


_PEOPLE = (5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000, 7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000)

EUROPEAN_2013 = StandardPopulation(
    name="European Standard Population",
    version="2013",
    source="Eurostat (2013), Revision of the European Standard Population; bands to 90 and over, as Public Health England uses it",
    weights=tuple((5 * place, people) for place, people in enumerate(_PEOPLE)),
)
"""100,000 people. The revision also splits off those under one and over 95, which no band here does."""
