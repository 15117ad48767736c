"""Settings: everything that a projection assumes beside what is held, each with where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from farr.lab.planning.projection.drivers import NON_DEMOGRAPHIC_GROWTH, Driver
from farr.lab.planning.projection.population import PRINCIPAL
from farr.lab.planning.projection.uncertain import ProjectionError, Uncertain

_HEALTHY = Uncertain(low=0.2, high=0.8)
_PRICE, _COST, _FUNDING = Uncertain(low=1.015, high=1.025), Uncertain(low=1.02, high=1.035), Uncertain(low=1.025, high=1.035)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Yearly growth is a factor: 1.02 is 2% a year.

    - `life_gain`: years by which life expectancy at 55 and over rises in a year. A parameter; between 0.03 (men of 90) and 0.1 (at 55) from
      2023 to 2033 in the Office for National Statistics' principal projection of 2020, by age and sex, which is not told apart here.
    - `healthy_share`: the share of years gained that are lived in good health. A parameter: the model that this follows elicited a
      distribution by year from experts, which is not repeated here.
    - `occupancy`: the share of beds in use. Beyond 0.85 a simulated hospital was at risk of having no bed (Bagust, Place and
      Posnett, BMJ 1999, 319:155-158); a parameter.
    - `price`, `cost` and `funding`: what is paid for one item, what it costs to give, and the money there is. Parameters, not forecasts.
    - `with_chance`: whether counts scatter as counts do (Poisson), as the New Hospital Programme's model has them.
    """

    years: int = 10
    drivers: tuple[Driver, ...] = NON_DEMOGRAPHIC_GROWTH
    variants: Mapping[str, float] = field(default_factory=lambda: {PRINCIPAL: 1.0})
    life_gain: float = 0.07
    healthy_share: Uncertain = _HEALTHY
    occupancy: float = 0.85
    price: Uncertain = _PRICE
    cost: Uncertain = _COST
    funding: Uncertain = _FUNDING
    with_chance: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.years <= 30:
            raise ProjectionError(f"{self.years} years cannot be projected; choose 1 to 30")
        if not 0 < self.occupancy <= 1:
            raise ProjectionError(f"{self.occupancy} is no occupancy of beds; write a share such as 0.85")


def nothing_changes(years: int = 10) -> Settings:
    """No growth, no better health, no inflation and no chance: every year is the baseline's, but for its people."""
    same = Uncertain(low=1.0, high=1.0)
    return Settings(
        years=years, drivers=(), life_gain=0.0, healthy_share=Uncertain(low=0.0, high=0.0), price=same, cost=same, funding=same,
        with_chance=False,
    )  # fmt: skip
