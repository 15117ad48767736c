"""project: activity, bed days and payments of each year and run, unmitigated and mitigated, and what the change is made of.

After the New Hospital Programme's demand model (The Strategy Unit, MIT), which multiplies people, births, health, growth, the waiting list
and mitigations record by record, and draws counts from them. Here cells stand for records, for no record leaves the lab's gate; money,
which that model leaves out, is activity × price × inflation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from farr.lab.measures.released_rows import UNKNOWN
from farr.lab.planning.projection.cells import Baseline, Cells
from farr.lab.planning.projection.collapse import Parts, collapse
from farr.lab.planning.projection.health import health_factors
from farr.lab.planning.projection.mitigation import Effect, Mitigation
from farr.lab.planning.projection.population import Population, population_factors, variants_of_runs
from farr.lab.planning.projection.result import ACTIVITY, BED_DAYS, CHANCE, PAYMENTS, PRICES, Breakdown, Projection
from farr.lab.planning.projection.settings import Settings
from farr.lab.planning.projection.uncertain import Floats, ProjectionError, standard_normal, stream
from farr.lab.planning.projection.waterfall import contributions

PEOPLE, BIRTHS, HEALTH = "population", "births", "health status"


@dataclass(frozen=True, kw_only=True)
class _Case:
    """What is projected, with cells added where activity moves to, and which cells are in which point of delivery."""

    baseline: Baseline
    population: Population
    settings: Settings
    mitigations: tuple[Mitigation, ...]
    runs: int
    seed: int
    pods: tuple[str, ...]
    members: Floats
    moves: Mapping[str, tuple[np.ndarray, np.ndarray]]
    parts: Mapping[str, Parts]


@dataclass(frozen=True, kw_only=True)
class _Year:
    """A year's factors, each broadcasting to (cells, runs), and what comes of them."""

    growth: Mapping[str, Floats]
    left: Mapping[str, Floats]
    shortened: Mapping[str, Floats]
    price: Floats
    unmitigated: Floats
    activity: Floats
    bed_days: Floats
    moved: Mapping[str, Floats]
    received: Mapping[str, Floats]


def project(
    baseline: Baseline,
    population: Population,
    settings: Settings,
    *,
    mitigations: Sequence[Mitigation] = (),
    runs: int = 256,
    seed: int = 1,
) -> Projection:
    """Every year from the baseline's, which is the first, in `runs` runs. The same arguments give the same projection to the last digit,
    and mitigations may come in any order. Raises ProjectionError where the population does not reach as far."""
    if population.years < settings.years:
        raise ProjectionError(
            f"people are projected {population.years} years beyond the baseline, and {settings.years} were asked for; type fewer: --years"
        )
    if runs < 1:
        raise ProjectionError("a projection has one run or more")
    if len({each.name for each in mitigations}) != len(mitigations):
        raise ProjectionError("a mitigation is named twice")
    case = _case(baseline, population, settings, tuple(sorted(mitigations, key=lambda each: each.name)), runs, seed)
    variant = variants_of_runs(population, settings.variants, seed, runs)
    last, sums = None, _Sums(case)
    for year in range(settings.years + 1):
        last = _year(case, year, variant)
        sums.add(last)
    return sums.projection(_waterfall(case, last)) if last is not None else sums.projection({})


def _case(
    baseline: Baseline, population: Population, settings: Settings, mitigations: tuple[Mitigation, ...], runs: int, seed: int
) -> _Case:
    collapsed, parts = collapse(baseline, [each.applies(baseline.cells) for each in (*settings.drivers, *mitigations)])
    whole = _with_targets(collapsed, mitigations)
    pods = tuple(dict.fromkeys(whole.cells.point_of_delivery.tolist()))
    members = np.array([whole.cells.is_of(pod) for pod in pods], dtype=np.float64)
    to = {each.name: str(each.to) for each in mitigations if each.effect is Effect.MOVED}
    return _Case(
        baseline=whole, population=population, settings=settings, mitigations=mitigations, runs=runs, seed=seed, pods=pods, members=members,
        moves={name: _targets(whole.cells, pod) for name, pod in to.items()},
        parts={name: each.among(len(whole.cells), to) for name, each in parts.items()},
    )  # fmt: skip


def _year(case: _Case, year: int, variant: np.ndarray) -> _Year:
    base = case.baseline
    growth = _growth(case, year, variant)
    ratio = _product(growth, (len(base.cells), case.runs))
    if case.settings.with_chance and year > 0:
        growth[CHANCE] = _chance(case, year, base.activity[:, None] * ratio)
        ratio = ratio * growth[CHANCE]
    of_kind = {effect: [each for each in case.mitigations if each.effect is effect] for effect in Effect}
    left = {each.name: each.left(base, year, case.seed, case.runs) for each in (*of_kind[Effect.AVOIDED], *of_kind[Effect.MOVED])}
    shortened = {each.name: each.left(base, year, case.seed, case.runs) for each in of_kind[Effect.SHORTENED]}
    unmitigated, kept = base.activity[:, None] * ratio, _product(left, ratio.shape)
    activity = unmitigated * kept
    moved = _moved(case, left, unmitigated - activity)
    stays = base.bed_days[:, None] * ratio * kept * _product(shortened, ratio.shape)
    return _Year(
        growth=growth, left=left, shortened=shortened, unmitigated=unmitigated, activity=activity, bed_days=stays, moved=moved,
        received={name: _arrived(case, name, each) for name, each in moved.items()},
        price=_compound(case, "prices", year),
    )  # fmt: skip


def _growth(case: _Case, year: int, variant: np.ndarray) -> dict[str, Floats]:
    settings, cells = case.settings, case.baseline.cells
    people, births = population_factors(case.population, cells, year, variant)
    share = settings.healthy_share.of(standard_normal(case.seed, "healthy share", case.runs), least=0.0, most=1.0)
    growth = {PEOPLE: people, BIRTHS: births, HEALTH: health_factors(case.baseline, share * settings.life_gain * year)}
    for driver in settings.drivers:
        factor = driver.of(cells, year, case.seed, case.runs)
        growth[driver.component] = growth[driver.component] * factor if driver.component in growth else factor
    return growth


def _chance(case: _Case, year: int, expected: Floats) -> Floats:
    """Counts scatter about what is expected: by point of delivery, for a sum of counts that scatter so does too."""
    totals = case.members @ expected
    drawn = np.stack([stream(case.seed, f"chance {pod} {year}").poisson(totals[place]) for place, pod in enumerate(case.pods)])
    return case.members.T @ np.divide(drawn, totals, out=np.ones_like(totals), where=totals > 0)


def _moved(case: _Case, left: Mapping[str, Floats], gone: Floats) -> dict[str, Floats]:
    """By mitigation that moves activity, what leaves each cell for elsewhere. Of what is gone from a cell each mitigation has the share
    that the logarithm of its own factor is of all of them, so that none comes first."""
    if not case.moves:
        return {}
    logs = {name: np.log(factor) for name, factor in left.items()}
    every = sum(logs.values(), np.zeros_like(gone))
    return {name: gone * np.divide(logs[name], every, out=np.zeros_like(gone), where=every < 0) for name in case.moves}


def _arrived(case: _Case, name: str, moved: Floats) -> Floats:
    """Where it comes to: the cell of the same age and sex at the other point of delivery."""
    source, target = case.moves[name]
    arrived = np.zeros_like(moved)
    np.add.at(arrived, target, moved[source])
    return arrived


def _waterfall(case: _Case, year: _Year) -> dict[str, dict[str, Floats]]:
    """By measure and cause, of shape (points of delivery, runs)."""
    base = case.baseline
    per_item, price = _mean_of_pod(case, base.bed_days), _mean_of_pod(case, base.payments)
    activity = {**year.growth, **year.left}
    parts = {
        ACTIVITY: contributions(base.activity[:, None], activity, case.members),
        BED_DAYS: contributions(base.bed_days[:, None], {**activity, **year.shortened}, case.members),
        PAYMENTS: contributions(base.payments[:, None], {**activity, PRICES: year.price[None, :]}, case.members),
    }
    for name, came in year.received.items():
        parts[ACTIVITY][name] = parts[ACTIVITY][name] + case.members @ came
        parts[BED_DAYS][name] = parts[BED_DAYS][name] + case.members @ (came * per_item[:, None])
        parts[PAYMENTS][name] = parts[PAYMENTS][name] + case.members @ (came * price[:, None]) * year.price[None, :]
    return parts


class _Sums:
    """What the years come to."""

    def __init__(self, case: _Case) -> None:
        self._case = case
        self._ages = _pairs(case.baseline.cells, "age_band")
        self._per_item, self._price = _mean_of_pod(case, case.baseline.bed_days), _mean_of_pod(case, case.baseline.payments)
        self._years: dict[str, list[Floats]] = {}

    def add(self, year: _Year) -> None:
        members, price, growth = self._case.members, self._case.baseline.price[:, None], year.price[None, :]
        came = sum(year.received.values(), np.zeros_like(year.activity))
        activity, paid = year.activity + came, (year.activity * price + came * self._price[:, None]) * growth
        stays = year.bed_days + came * self._per_item[:, None]
        self._keep(ACTIVITY, members @ activity)
        self._keep(BED_DAYS, members @ stays)
        self._keep(PAYMENTS, members @ paid)
        self._keep(f"unmitigated {ACTIVITY}", members @ year.unmitigated)
        self._keep(f"unmitigated {PAYMENTS}", members @ (year.unmitigated * price) * growth)
        _, order, starts = self._ages
        for name, each in ((ACTIVITY, activity), (BED_DAYS, stays), (PAYMENTS, paid)):
            self._keep(f"{name} by age_band", np.add.reduceat(each[order], starts, axis=0))
        for name, of in self._case.parts.items():
            self._add_parts(name, of, year, growth)

    def _add_parts(self, by: str, of: Parts, year: _Year, growth: Floats) -> None:
        price = self._case.baseline.price[:, None]
        activity, stays, paid = of.activity @ year.activity, of.bed_days @ year.bed_days, of.payments @ (year.activity * price)
        for name, moved in year.moved.items():
            source, target = self._case.moves[name]
            if not len(target):
                continue
            came = of.arriving[name][:, source] @ moved[source]
            activity, paid = activity + came, paid + came * self._price[target[0]]
            stays = stays + came * self._per_item[target[0]]
        for name, each in ((ACTIVITY, activity), (BED_DAYS, stays), (PAYMENTS, paid * growth)):
            self._keep(f"{name} by {by}", each)

    def projection(self, waterfall: dict[str, dict[str, Floats]]) -> Projection:
        case = self._case
        found = {name: np.stack(each) for name, each in self._years.items()}
        years = range(case.settings.years + 1)
        growth = {name: np.stack([_compound(case, name, year) for year in years]) for name in ("costs", "funding")}
        before = float(case.baseline.payments.sum())
        priced = np.stack([_compound(case, "prices", year) for year in years])
        return Projection(
            settings=case.settings, runs=case.runs, seed=case.seed, points_of_delivery=case.pods, activity=found[ACTIVITY],
            bed_days=found[BED_DAYS], payments=found[PAYMENTS], unmitigated_activity=found[f"unmitigated {ACTIVITY}"],
            unmitigated_payments=found[f"unmitigated {PAYMENTS}"], cost=found[PAYMENTS].sum(axis=1) / priced * growth["costs"],
            funding=before * growth["funding"], waterfall=waterfall,
            by={
                name: Breakdown(
                    pairs=pairs, activity=found[f"{ACTIVITY} by {name}"], bed_days=found[f"{BED_DAYS} by {name}"],
                    payments=found[f"{PAYMENTS} by {name}"],
                )
                for name, pairs in (*((name, each.pairs) for name, each in case.parts.items()), ("age_band", self._ages[0]))
            },
        )  # fmt: skip

    def _keep(self, name: str, figures: Floats) -> None:
        self._years.setdefault(name, []).append(figures)


def _compound(case: _Case, name: str, year: int) -> Floats:
    """Growth of money since the baseline: one rate a run, in every year of it."""
    rate = {"prices": case.settings.price, "costs": case.settings.cost, "funding": case.settings.funding}[name]
    return rate.of(standard_normal(case.seed, f"growth of {name}", case.runs), least=0.0) ** year


def _product(factors: Mapping[str, Floats], shape: tuple[int, ...]) -> Floats:
    whole = np.ones(shape)
    for factor in factors.values():
        whole = whole * factor
    return whole


def _divided(first: Floats, second: Floats) -> Floats:
    return np.divide(first, second, out=np.zeros_like(first), where=second > 0)


def _mean_of_pod(case: _Case, figures: Floats) -> Floats:
    """For each cell the mean for one item at its point of delivery: what somebody has who comes there from elsewhere."""
    return case.members.T @ _divided(case.members @ figures, case.members @ case.baseline.activity)


def _pairs(cells: Cells, name: str) -> tuple[tuple[tuple[str, str], ...], np.ndarray, np.ndarray]:
    """Point of delivery and code of each group, an order of cells in which groups lie together, and where each begins in it."""
    codes: np.ndarray = getattr(cells, name)
    keys = list(zip(cells.point_of_delivery.tolist(), codes.tolist(), strict=True))
    pairs = tuple(dict.fromkeys(keys))
    place = {pair: number for number, pair in enumerate(pairs)}
    groups = np.array([place[key] for key in keys])
    order = np.argsort(groups, kind="stable")
    return pairs, order, np.searchsorted(groups[order], np.arange(len(pairs)))


def _with_targets(baseline: Baseline, mitigations: Sequence[Mitigation]) -> Baseline:
    """The baseline with empty cells where activity may move to and there is none yet. Raises ProjectionError where there is no price."""
    keys = _keys(baseline.cells)
    held, wanted = set(keys), dict[tuple[str, str, str], None]()
    for each in (each for each in mitigations if each.effect is Effect.MOVED):
        _price_of(baseline, str(each.to))
        moving = [keys[place] for place in np.flatnonzero(each.applies(baseline.cells))]
        wanted |= dict.fromkeys((str(each.to), *key[1:]) for key in moving if (str(each.to), *key[1:]) not in held)
    if not wanted:
        return baseline
    pod, band, sex = (np.array(column) for column in zip(*keys, *wanted, strict=True))
    nothing = np.zeros(len(wanted))
    anywhere = np.concatenate([baseline.cells.specialty, np.full(len(wanted), UNKNOWN)])
    return replace(
        baseline, cells=Cells(point_of_delivery=pod, specialty=anywhere, age_band=band, sex=sex),
        activity=np.concatenate([baseline.activity, nothing]), bed_days=np.concatenate([baseline.bed_days, nothing]),
        price=np.concatenate([baseline.price, nothing]),
    )  # fmt: skip


def _price_of(baseline: Baseline, pod: str) -> float:
    there = baseline.cells.is_of(pod)
    items = float(baseline.activity[there].sum())
    if items <= 0:
        raise ProjectionError(f"a mitigation moves activity to '{pod}', of which there is none, and so no price; leave it out")
    return float(baseline.payments[there].sum()) / items


def _targets(cells: Cells, to: str) -> tuple[np.ndarray, np.ndarray]:
    """Places of cells, and of the cells of the same age and sex at the point of delivery `to`."""
    keys = _keys(cells)
    place = {key: number for number, key in reversed(list(enumerate(keys)))}
    pairs = [(number, place[to, *key[1:]]) for number, key in enumerate(keys) if key[0] != to and (to, *key[1:]) in place]
    return np.array([source for source, _ in pairs], dtype=np.int64), np.array([target for _, target in pairs], dtype=np.int64)


def _keys(cells: Cells) -> list[tuple[str, str, str]]:
    return list(zip(*(column.tolist() for column in (cells.point_of_delivery, cells.age_band, cells.sex)), strict=True))
