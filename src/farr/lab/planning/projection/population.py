"""How many people there will be, by age and sex, and what that alone does to activity."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from farr.lab.planning.projection.cells import BANDS, OTHER_NON_ELECTIVE, Cells
from farr.lab.planning.projection.uncertain import Floats, ProjectionError, stream

SEXES = ("1", "2")
PRINCIPAL = "principal"


@dataclass(frozen=True, kw_only=True)
class Population:
    """People by variant: arrays of shape (years, bands, sexes), the first year that of the baseline. `source` in a sentence."""

    base_year: int
    people: Mapping[str, Floats]
    source: str

    def __post_init__(self) -> None:
        shapes = {each.shape for each in self.people.values()}
        if len(shapes) != 1 or next(iter(shapes))[1:] != (len(BANDS), len(SEXES)):
            raise ProjectionError("a population has a number for each year, five-year band and sex, for the same years in each variant")
        if any(np.any(each <= 0) for each in self.people.values()):
            raise ProjectionError("a population has a band of age and sex with nobody in it: it cannot say how activity there will change")

    @property
    def years(self) -> int:
        """Years after the baseline."""
        return next(iter(self.people.values())).shape[0] - 1


def unchanged(years: int) -> Population:
    """Nobody more and nobody less, and nobody grows older: what a projection without demography rests on."""
    return Population(base_year=0, people={PRINCIPAL: np.ones((years + 1, len(BANDS), len(SEXES)))}, source="People as they are.")


def variants_of_runs(population: Population, weights: Mapping[str, float], seed: int, runs: int) -> npt.NDArray[np.int64]:
    """For each run the place of its variant in `population.people`. Raises ProjectionError where a weight is of no variant held."""
    unknown = sorted(set(weights) - set(population.people))
    if unknown or not weights or min(weights.values()) < 0 or sum(weights.values()) <= 0:
        held = ", ".join(population.people)
        raise ProjectionError(f"the weights of variants are of none held ({', '.join(unknown) or 'no weights'}); held: {held}")
    chances = np.array([weights.get(name, 0.0) for name in population.people])
    return stream(seed, "population variant").choice(len(chances), size=runs, p=chances / chances.sum())


def population_factors(population: Population, cells: Cells, year: int, variant: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """The factors of people and of births in a year, of shape (cells, runs). A cell has one or the other: births drive the other
    non-elective spells (mothers and the newborn), and people of their own age and sex all else. Births are reckoned by the people under
    five, for projections for areas give no births. Cells of unknown age or sex go with all people."""
    by_variant = np.stack([_growth(people, cells, year) for people in population.people.values()], axis=1)
    born = np.array([people[year, 0].sum() / people[0, 0].sum() for people in population.people.values()])
    is_birth = cells.is_of(*OTHER_NON_ELECTIVE)[:, None]
    one = np.ones((1, 1))
    return np.where(is_birth, one, by_variant[:, variant]), np.where(is_birth, born[variant][None, :], one)


def _growth(people: Floats, cells: Cells, year: int) -> Floats:
    growth = people[year] / people[0]
    everybody = float(people[year].sum() / people[0].sum())
    places = {(band, sex): growth[b, s] for b, band in enumerate(BANDS) for s, sex in enumerate(SEXES)}
    return np.array(
        [places.get(each, everybody) for each in zip(cells.age_band.tolist(), cells.sex.tolist(), strict=True)], dtype=np.float64
    )
