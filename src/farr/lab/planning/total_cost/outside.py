"""Care outside hospital as further points of delivery of a projection, so that its waterfall and its gap are of the whole.

Each setting that is held for every month of the baseline's year is a point of delivery, of the ages and sexes that its supplier tells;
within a wide age group everybody uses it alike. Lines of no age go with all people. Health status is not applied, for its published use by
age is of hospitals (nhp_model)."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from farr.lab.measures.released_rows import UNKNOWN, in_grouping, keys_of, numbers
from farr.lab.model.age import AGE_GROUPS, group_of_year
from farr.lab.planning.projection.baseline import Residents
from farr.lab.planning.projection.cells import BANDS, LOCAL, Baseline, Cells
from farr.lab.planning.projection.drivers import NON_DEMOGRAPHIC, Driver
from farr.lab.planning.projection.population import SEXES
from farr.lab.planning.projection.uncertain import ProjectionError, Uncertain
from farr.lab.planning.total_cost.questions import ACTIVITY, AGE_GROUP, LEVEL, PAID, SETTING, SEX

_Stratum = tuple[str, str]
_SAME = Uncertain(low=1.0, high=1.0)


def settings_held(monthly: pa.Table, code: str, months: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of one commissioner the settings that are held for so many months, and those that are held for fewer. `monthly` is the answer to
    `total_cost.local_monthly`."""
    found: dict[str, set[str]] = {}
    for own, setting, month in keys_of(in_grouping(monthly, 0), (LEVEL, SETTING, "month")):
        if own == code:
            found.setdefault(setting, set()).add(month)
    whole = tuple(setting for setting in LOCAL.values() if len(found.get(setting, ())) == months)
    return whole, tuple(setting for setting in LOCAL.values() if 0 < len(found.get(setting, ())) < months)


def with_care_outside(baseline: Baseline, local: pa.Table, *, code: str, settings: tuple[str, ...], residents: Residents) -> Baseline:
    """The baseline with cells of these settings after its own, which stay as they are. `local` is the answer to `total_cost.local`. A price
    is the mean of all that is paid in a setting; where nothing is counted (block sums alone), pounds are counted, at £1."""
    keys: list[tuple[str, str, str]] = []
    activity, price = list[float](), list[float]()
    for pod, setting in LOCAL.items():
        if setting not in settings:
            continue
        counted, paid = (_figures(local, 0, code, setting, name).get((), 0.0) for name in (ACTIVITY, PAID))
        made = _cells(_figures(local, 1, code, setting, ACTIVITY), residents) if counted > 0 else {(UNKNOWN, UNKNOWN): paid}
        each = paid / counted if counted > 0 else 1.0
        for (band, sex), items in made.items():
            keys.append((pod, band, sex))
            activity.append(items)
            price.append(each)
    if not keys:
        return baseline
    pods, bands, sexes = (np.array(column) for column in zip(*keys, strict=True))
    own, nothing = baseline.cells, np.zeros(len(keys))
    return replace(
        baseline,
        cells=Cells(
            point_of_delivery=np.concatenate([own.point_of_delivery, pods]),
            specialty=np.concatenate([own.specialty, np.full(len(keys), UNKNOWN)]),
            age_band=np.concatenate([own.age_band, bands]), sex=np.concatenate([own.sex, sexes]),
        ),
        activity=np.concatenate([baseline.activity, np.array(activity)]), bed_days=np.concatenate([baseline.bed_days, nothing]),
        price=np.concatenate([baseline.price, np.array(price)]),
    )  # fmt: skip


def outside_growth(said: Mapping[str, Uncertain]) -> tuple[Driver, ...]:
    """A driver of each setting: what makes it grow beside people, a year. No range is published for these: each is a parameter, and none
    unless said. `said` is by setting or point of delivery. Raises ProjectionError for one that is neither."""
    named = {setting: pod for pod, setting in LOCAL.items()}
    ranges = {named.get(name, name): each for name, each in said.items()}
    unknown = sorted(set(ranges) - set(LOCAL))
    if unknown:
        raise ProjectionError(f"there is no setting '{unknown[0]}' of care outside hospital; settings: {', '.join(named)}")
    return tuple(_driver(pod, setting, ranges.get(pod, _SAME)) for pod, setting in LOCAL.items())


def _driver(pod: str, setting: str, factor: Uncertain) -> Driver:
    return Driver(
        name=f"growth of {setting.replace('_', ' ')}", component=NON_DEMOGRAPHIC, applies=lambda cells: cells.is_of(pod), factor=factor,
        source="A parameter: the New Hospital Programme's model, whose ranges are used for hospital care, has none for care outside it",
    )  # fmt: skip


def _figures(local: pa.Table, grouping: int, code: str, setting: str, name: str) -> dict[tuple[str, ...], float]:
    rows = in_grouping(local, grouping)
    columns = (LEVEL, SETTING, *((AGE_GROUP, SEX) if grouping == 1 else ()))
    keys, figures = keys_of(rows, columns), numbers(rows, name).tolist()
    return {key[2:]: figure for key, figure in zip(keys, figures, strict=True) if key[:2] == (code, setting)}


def _cells(strata: Mapping[tuple[str, ...], float], residents: Residents) -> dict[_Stratum, float]:
    """By five-year band and sex: each wide group's items by the people who live there."""
    found: dict[_Stratum, float] = {}
    for (group, sex), items in strata.items():
        within = {
            (band, sex): float(residents.area[place, SEXES.index(sex)])
            for place, band in enumerate(BANDS)
            if group in AGE_GROUPS and sex in SEXES and group_of_year(int(band[:2])) == group
        }
        people = sum(within.values())
        parts = {key: items * each / people for key, each in within.items()} if people > 0 else {(UNKNOWN, UNKNOWN): items}
        for key, part in parts.items():
            if part > 0:
                found[key] = found.get(key, 0.0) + part
    return found
