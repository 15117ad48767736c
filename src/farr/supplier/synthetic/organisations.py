"""The invented health service: regions, commissioners, practices, providers, small areas, and who goes where."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

PEOPLE_AT_FULL_SCALE = 56_000_000
REGIONS = 7
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_PEOPLE_A_SMALL_AREA = 1_700
_DISTRICTS_A_COMMISSIONER = 4


@dataclass(frozen=True, kw_only=True)
class Organisations:
    """Codes, and for each organisation the index of the one above it. `flows[c, p]` is the share of commissioner c's people who
    go to provider p; `first_person` and `first_area` are offsets by practice, one longer than the practices."""

    region_code: list[str]
    commissioner_code: list[str]
    provider_code: list[str]
    practice_code: list[str]
    commissioner_region: np.ndarray = field(repr=False)
    provider_region: np.ndarray = field(repr=False)
    practice_commissioner: np.ndarray = field(repr=False)
    commissioner_deprivation: np.ndarray = field(repr=False)
    practice_tilt: np.ndarray = field(repr=False)
    first_person: np.ndarray = field(repr=False)
    first_area: np.ndarray = field(repr=False)
    area_decile: np.ndarray = field(repr=False)
    flows: np.ndarray = field(repr=False)

    @property
    def people(self) -> int:
        return int(self.first_person[-1])

    @property
    def practice_size(self) -> np.ndarray:
        return np.diff(self.first_person)

    @property
    def commissioner_size(self) -> np.ndarray:
        return np.bincount(self.practice_commissioner, weights=self.practice_size, minlength=len(self.commissioner_code))

    @property
    def cardiac_centre(self) -> np.ndarray:
        """For each provider the provider of its region that does its heart surgery: every second one is such a centre."""
        place = np.arange(len(self.provider_code)) - np.searchsorted(self.provider_region, self.provider_region)
        size = np.bincount(self.provider_region)[self.provider_region]
        moved = np.where((place % 2 == 1) | (size == 1), 0, np.where(place + 1 < size, 1, -1))
        return np.arange(len(self.provider_code)) + moved

    def region_of_practice(self) -> np.ndarray:
        return self.commissioner_region[self.practice_commissioner]

    @cached_property
    def area_code(self) -> list[str]:
        """Small areas beyond the last real one (E01035761 in 2021), so that none is anybody's."""
        return [f"E01{900_000 + number:06d}" for number in range(int(self.first_area[-1]))]

    def area_locality(self) -> list[str]:
        """Two localities a commissioner: its first half of practices and its second."""
        practice = np.repeat(np.arange(len(self.practice_code)), np.diff(self.first_area))
        commissioner = self.practice_commissioner[practice]
        first = np.searchsorted(self.practice_commissioner, commissioner)
        size = np.bincount(self.practice_commissioner)[commissioner]
        half = ((practice - first) * 2 // size) + 1
        return [f"{self.commissioner_code[c]}-L{h}" for c, h in zip(commissioner, half, strict=True)]

    @cached_property
    def area_district(self) -> list[str]:
        """Postcode districts in areas FA to FH, which do not exist; four a commissioner."""
        practice = np.repeat(np.arange(len(self.practice_code)), np.diff(self.first_area))
        commissioner = self.practice_commissioner[practice]
        region = self.commissioner_region[commissioner]
        within = commissioner - np.searchsorted(self.commissioner_region, region)
        quarter = np.arange(len(practice)) % _DISTRICTS_A_COMMISSIONER
        number = within * _DISTRICTS_A_COMMISSIONER + quarter + 1
        return [f"F{'ABCDEGH'[r]}{n}" for r, n in zip(region, number, strict=True)]


def counts(scale: float) -> tuple[int, int, int]:
    """How many commissioners, providers and practices there are at a scale: those of England, shrunk, with a floor."""
    commissioners = max(24, round(106 * scale))
    return commissioners, max(30, round(150 * scale)), max(5 * commissioners, round(6_500 * scale))


def organisations(*, scale: float, seed: int) -> Organisations:
    """The health service of one seed, at `scale` of England's people."""
    rng = np.random.default_rng([seed, 1])
    commissioners, providers, practices = counts(scale)
    commissioner_region = np.arange(commissioners) * REGIONS // commissioners
    provider_region = np.arange(providers) * REGIONS // providers
    practice_commissioner = np.arange(practices) * commissioners // practices
    deprivation = rng.normal(0, 1, commissioners)
    tilt = rng.normal(0, 0.06, commissioners)[practice_commissioner] + rng.normal(0, 0.06, practices)
    first_person = _list_offsets(rng, practices, round(PEOPLE_AT_FULL_SCALE * scale))
    first_area, decile = _small_areas(rng, first_person, deprivation[practice_commissioner])
    return Organisations(
        region_code=[f"Y{91 + number}" for number in range(REGIONS)],
        commissioner_code=[f"{90 + n // 24}{_LETTERS[n % 24]}" for n in range(commissioners)],
        provider_code=[f"Z{_LETTERS[n // 24]}{_LETTERS[n % 24]}" for n in range(providers)],
        practice_code=[f"Z{10_000 + number}" for number in range(practices)],
        commissioner_region=commissioner_region,
        provider_region=provider_region,
        practice_commissioner=practice_commissioner,
        commissioner_deprivation=deprivation,
        practice_tilt=tilt,
        first_person=first_person,
        first_area=first_area,
        area_decile=decile,
        flows=_flows(commissioner_region, provider_region),
    )


def _list_offsets(rng: np.random.Generator, practices: int, people: int) -> np.ndarray:
    weight = np.exp(rng.normal(0, 0.25, practices))
    return np.concatenate([[0], np.floor(np.cumsum(weight) / weight.sum() * people + 0.5)]).astype(np.int64)


def _small_areas(rng: np.random.Generator, first_person: np.ndarray, deprivation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    areas = np.maximum(2, np.diff(first_person) // _PEOPLE_A_SMALL_AREA)
    first = np.concatenate([[0], np.cumsum(areas)])
    centre = np.repeat(5.5 - 1.5 * deprivation, areas)
    return first, np.clip(np.rint(centre + rng.normal(0, 2.2, int(first[-1]))), 1, 10).astype(np.int16)


def _flows(commissioner_region: np.ndarray, provider_region: np.ndarray) -> np.ndarray:
    """Most people go to the provider next door, some to a second, few within the region, and three in a hundred anywhere."""
    flows = np.empty((len(commissioner_region), len(provider_region)))
    for commissioner, region in enumerate(commissioner_region):
        near = np.flatnonzero(provider_region == region)
        neighbours = np.flatnonzero(commissioner_region == region)
        place = commissioner - neighbours[0]
        row = np.full(len(provider_region), 0.03 / len(provider_region))
        row[near] += 0.09 / len(near)
        homes = near[np.arange(len(near)) % len(neighbours) == place]
        row[homes] += 0.70 / len(homes)
        row[near[(place + 1) % len(near)]] += 0.18
        flows[commissioner] = row / row.sum()
    return flows
