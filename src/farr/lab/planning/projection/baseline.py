"""The baseline of an organisation, made of released tables alone.

Counts that are hidden are estimated so that all add up to what is shown: the rest of a released total is spread over hidden parts by the
nation's shape and the people who live there (`spread`), and specialties are put together with ages as they go together in the nation
(`fitted`). Both say something of the organisation as a whole, and nothing of any one cell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from farr.lab.measures.released_rows import UNKNOWN, in_grouping, keys_of, numbers
from farr.lab.model.age import group_of_year
from farr.lab.model.question import Grouping, Question
from farr.lab.model.tables.activity import OF_PROVIDER
from farr.lab.planning.projection.cells import ATTENDANCE, BANDS, OUTPATIENT, Baseline, Cells
from farr.lab.planning.projection.population import SEXES
from farr.lab.planning.projection.spread import fitted, spread
from farr.lab.planning.projection.uncertain import Floats, ProjectionError
from farr.lab.planning.projection_questions import (
    ACTIVITY,
    AGE_BAND,
    AGE_GROUP,
    AMBULATORY_SENSITIVE,
    BED_DAYS,
    NATIONAL,
    PAID,
    POD,
    PRICED,
    SEX,
    SITE,
    SPECIALTY,
    WITHOUT_TREATMENT,
)

_LEAST = 0.05
"""Cells of less than this a year are left out, and the others scaled to the total: thousands, and nothing is known of them."""
_Key = tuple[str, ...]
_Stratum = tuple[str, str]
_ALL_BANDS = (*BANDS, UNKNOWN)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Questions of one kind of activity, each with its released table."""

    parts: tuple[tuple[Question, pa.Table], ...]

    def figures(self, dimensions: _Key, name: str) -> dict[_Key, float]:
        """A figure by codes of the dimensions; NaN where it is hidden. Raises ProjectionError where none of the questions asks for that."""
        wanted = Grouping(dimensions=dimensions)
        for question, table in self.parts:
            if wanted in question.groupings:
                rows = in_grouping(table, question.groupings.index(wanted))
                return dict(zip(keys_of(rows, dimensions), numbers(rows, name).tolist(), strict=True))
        raise ProjectionError(f"nothing was asked by {', '.join(dimensions) or 'the nation'}")

    def has(self, dimension: str) -> bool:
        return any(dimension in each.dimensions for question, _ in self.parts for each in question.groupings)

    def own(self, level: str, code: str, dimensions: _Key, name: str) -> dict[_Key, float]:
        """The same of one organisation."""
        if level == NATIONAL:
            return self.figures(dimensions, name)
        return {key[1:]: figure for key, figure in self.figures((level, *dimensions), name).items() if key[0] == code}


@dataclass(frozen=True, kw_only=True)
class Residents:
    """People of the area in the baseline's year, and of the nation: arrays of shape (bands, sexes)."""

    area: Floats
    nation: Floats

    def weight(self, stratum: _Stratum) -> float:
        """How much of the nation's people of a band and sex live in the area; of unknown age or sex, of all."""
        band, sex = stratum
        if band in BANDS and sex in SEXES:
            at = BANDS.index(band), SEXES.index(sex)
            return float(self.area[at] / self.nation[at]) if self.nation[at] > 0 else 0.0
        return float(self.area.sum() / self.nation.sum())


@dataclass
class _Built:
    """Cells as they come."""

    keys: list[tuple[str, str, str, str]] = field(default_factory=list[tuple[str, str, str, str]])
    activity: list[float] = field(default_factory=list[float])
    bed_days: list[float] = field(default_factory=list[float])
    price: list[float] = field(default_factory=list[float])
    rates: dict[tuple[str, str], Floats] = field(default_factory=dict[tuple[str, str], Floats])

    def add(self, pod: str, made: Mapping[tuple[str, _Stratum], tuple[float, float]], price: float) -> None:
        for (specialty, (band, sex)), (activity, bed_days) in made.items():
            self.keys.append((pod, specialty, band, sex))
            self.activity.append(activity)
            self.bed_days.append(bed_days)
            self.price.append(price)


def baseline_of(answers: Mapping[str, Answer], *, level: str, code: str, residents: Residents) -> Baseline:
    """The baseline of one organisation. `answers` are those that are held of `baseline_questions`, by the last word of their names, the
    four of spells as one, 'spells', which is needed. Raises ProjectionError where nothing of the organisation is shown."""
    built, shares = _Built(), dict[str, dict[str, float]]()
    _spells(built, answers, level, code, residents)
    _others(built, answers, level, code, residents, "appointments", OUTPATIENT)
    _others(built, answers, level, code, residents, "visits", ATTENDANCE)
    if not built.keys:
        raise ProjectionError(f"no activity of '{code}' is shown in these months; choose a longer period, or a larger organisation")
    if "shares" in answers:
        shares[AMBULATORY_SENSITIVE] = _shares(answers["shares"], level, code, (POD,), AMBULATORY_SENSITIVE, ACTIVITY)
    if "visit_prices" in answers:
        shares[WITHOUT_TREATMENT] = _shares(answers["visit_prices"], level, code, (), WITHOUT_TREATMENT, ATTENDANCE[0])
    pods = list(dict.fromkeys(key[0] for key in built.keys))
    pod, specialty, band, sex = (np.array(column) for column in zip(*built.keys, strict=True))
    return Baseline(
        cells=Cells(point_of_delivery=pod, specialty=specialty, age_band=band, sex=sex), activity=np.array(built.activity),
        bed_days=np.array(built.bed_days), price=np.array(built.price), shares=shares, rates=built.rates,
        sites=_sites(answers, level, code, pods),
    )  # fmt: skip


def _spells(built: _Built, answers: Mapping[str, Answer], level: str, code: str, residents: Residents) -> None:
    spells = answers["spells"]
    for (pod,), total in spells.own(level, code, (POD,), ACTIVITY).items():
        if np.isnan(total) or total <= 0:
            continue
        activity = _Part(spells, level, code, residents, name=ACTIVITY, pod=pod, ages=AGE_GROUP)
        made = activity.cells(total)
        days = spells.own(level, code, (POD,), BED_DAYS).get((pod,), 0.0)
        stays = _Part(spells, level, code, residents, name=BED_DAYS, pod=pod, ages=AGE_GROUP).cells(days) if days > 0 else {}
        lasting = sum(stays.get(key, 0.0) for key in made)
        scale = days / lasting if days > 0 and lasting > 0 else 0.0
        built.add(pod, {key: (each, scale * stays.get(key, 0.0)) for key, each in made.items()}, _spell_price(answers, level, code, pod))
        built.rates |= activity.rates()


def _others(
    built: _Built, answers: Mapping[str, Answer], level: str, code: str, residents: Residents, name: str, kinds: Sequence[str]
) -> None:
    if name not in answers:
        return
    answer = answers[name]
    for kind in kinds:
        total = answer.own(level, code, (), kind).get((), float("nan"))
        if np.isnan(total) or total <= 0:
            continue
        part = _Part(answer, level, code, residents, name=kind, pod=None, ages=AGE_BAND)
        price = _mean(answers.get(f"{name[:-1]}_prices"), level, code, (), f"{kind}_{PAID}", f"{kind}_{PRICED}")
        built.add(kind, {key: (each, 0.0) for key, each in part.cells(total).items()}, price)
        built.rates |= part.rates(kind)


class _Part:
    """One figure of one point of delivery: the organisation's margins, and the nation's shape."""

    def __init__(self, answer: Answer, level: str, code: str, residents: Residents, *, name: str, pod: str | None, ages: str) -> None:
        self._answer, self._level, self._code, self._residents = answer, level, code, residents
        self._name, self._pod, self._ages = name, pod, ages
        self._within: _Key = () if pod is None else (POD,)
        self._has_specialty = answer.has(SPECIALTY)
        self._bands = self._nation_by_band()

    def cells(self, total: float) -> dict[tuple[str, _Stratum], float]:
        """By specialty, and band and sex; they add up to the total."""
        strata = self._strata(total)
        specialties = self._specialties(total)
        names, kinds = list(specialties), list(strata)
        margins = [np.array(list(specialties.values())), np.array(list(strata.values()))]
        table = fitted(self._shape(names, kinds), margins)
        kept = np.where(table >= min(_LEAST, float(table.max())), table, 0.0)
        kept = kept * (total / kept.sum())
        return {(names[row], kinds[column]): float(kept[row, column]) for row, column in zip(*np.nonzero(kept), strict=True)}

    def rates(self, pod: str | None = None) -> dict[tuple[str, str], Floats]:
        """Use by the nation's people of each band, by point of delivery and sex."""
        found: dict[tuple[str, str], Floats] = {}
        for place, sex in enumerate(SEXES):
            use = np.array([self._bands.get((band, sex), 0.0) for band in BANDS])
            people = self._residents.nation[:, place]
            found[pod or self._pod or "", sex] = np.divide(use, people, out=np.zeros_like(use), where=people > 0)
        return found

    def _nation(self, dimensions: _Key) -> dict[_Key, float]:
        """The nation's figure at this point of delivery."""
        return self._taken(self._answer.figures((*self._within, *dimensions), self._name))

    def _own(self, dimensions: _Key) -> dict[_Key, float]:
        return self._taken(self._answer.own(self._level, self._code, (*self._within, *dimensions), self._name))

    def _taken(self, figures: Mapping[_Key, float]) -> dict[_Key, float]:
        if self._pod is None:
            return dict(figures)
        return {key[1:]: figure for key, figure in figures.items() if key[0] == self._pod}

    def _nation_by_band(self) -> dict[_Stratum, float]:
        shown = self._nation((AGE_BAND, SEX))
        filled = _filled(self._nation(()).get((), 0.0), shown, dict.fromkeys(shown, 1.0))
        return {(band, sex): figure for (band, sex), figure in filled.items()}

    def _strata(self, total: float) -> dict[_Stratum, float]:
        """The organisation's figure by band and sex."""
        expected = {stratum: figure * self._residents.weight(stratum) for stratum, figure in self._bands.items()}
        if self._ages == AGE_BAND or self._level == NATIONAL:
            shown = self._own((AGE_BAND, SEX)) if self._level != NATIONAL else self._nation((AGE_BAND, SEX))
            return {(band, sex): each for (band, sex), each in _filled(total, shown, expected).items()}
        of_group: dict[_Key, float] = {}
        for (band, sex), figure in expected.items():
            of_group[_group(band), sex] = of_group.get((_group(band), sex), 0.0) + figure
        groups = _filled(total, self._own((AGE_GROUP, SEX)), of_group)
        found: dict[_Stratum, float] = {}
        for (group, sex), figure in groups.items():
            within = {each: expected.get(each, 0.0) for each in _bands_of(group, sex)}
            whole = sum(within.values())
            found |= {each: figure * (part / whole if whole > 0 else 1 / len(within)) for each, part in within.items()}
        return found

    def _specialties(self, total: float) -> dict[str, float]:
        if not self._has_specialty:
            return {UNKNOWN: total}
        nation = self._nation((SPECIALTY,))
        filled = _filled(self._nation(()).get((), 0.0), nation, dict.fromkeys(nation, 1.0))
        return {key[0]: figure for key, figure in _filled(total, self._own((SPECIALTY,)), filled).items()}

    def _shape(self, names: Sequence[str], strata: Sequence[_Stratum]) -> Floats:
        """How specialties and ages go together in the nation; where that is hidden, as though they did not."""
        if not self._has_specialty:
            return np.ones((len(names), len(strata)))
        shown = self._nation((SPECIALTY, self._ages, SEX))
        held = {key: figure for key, figure in shown.items() if not np.isnan(figure)}
        group_of = _group if self._ages == AGE_GROUP else str
        whole: dict[_Stratum, float] = {}
        for (band, sex), figure in self._bands.items():
            whole[group_of(band), sex] = whole.get((group_of(band), sex), 0.0) + figure
        rows = np.zeros((len(names), len(strata)))
        for column, (band, sex) in enumerate(strata):
            part = self._bands.get((band, sex), 0.0) / max(whole.get((group_of(band), sex), 0.0), 1e-12)
            for row, name in enumerate(names):
                rows[row, column] = held.get((name, group_of(band), sex), 0.0) * part
        return rows


def _filled(total: float, shown: Mapping[_Key, float], shape: Mapping[_Key, float]) -> dict[_Key, float]:
    """Every part of a total: those shown, the hidden ones by shape; by shape alone where no part is listed."""
    keys = list(shown) or list(shape)
    if not keys:
        return {}
    figures = np.array([shown.get(key, float("nan")) for key in keys])
    return dict(
        zip(
            keys,
            spread(max(0.0, float(np.nan_to_num(total))), figures, np.array([shape.get(key, 0.0) for key in keys])).tolist(),
            strict=True,
        )
    )


def _group(band: str) -> str:
    return group_of_year(int(band[:2])) if band in BANDS else UNKNOWN


def _bands_of(group: str, sex: str) -> list[_Stratum]:
    return [(band, sex) for band in _ALL_BANDS if _group(band) == group]


def _sites(answers: Mapping[str, Answer], level: str, code: str, pods: Sequence[str]) -> dict[str, dict[str, tuple[float, float]]]:
    """How activity and bed days of each point of delivery are shared between sites. What is hidden of a total is shared as the sites share
    what is shown of all points of delivery; of a point of delivery that was not asked no site is known. Nothing where no site is shown.

    Of how sites go with specialties and ages nothing is released, so that fitting all these margins together (`fitted`) comes to
    independence: within a point of delivery every site has the specialties and ages of the whole."""
    asked = {pod: answers[name] for pod in pods if (name := f"{_kind(pod)}_by_site") in answers}
    counts = {pod: _by_site(each, level, code, pod, ACTIVITY if each.has(POD) else pod) for pod, each in asked.items()}
    seen: dict[_Key, float] = {}
    for _, parts in counts.values():
        for site, figure in parts.items():
            seen[site] = seen.get(site, 0.0) + max(0.0, float(np.nan_to_num(figure)))
    if not any(figure > 0 for site, figure in seen.items() if site != (UNKNOWN,)):
        return {}
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for pod in pods:
        if pod not in asked:
            found[pod] = {UNKNOWN: (1.0, 1.0)}
            continue
        activity = _shared(*counts[pod], seen)
        days = _shared(*_by_site(asked[pod], level, code, pod, BED_DAYS), activity) if asked[pod].has(POD) else activity
        found[pod] = {site: (activity[(site,)], days.get((site,), 0.0)) for (site,) in activity}
    return found


def _kind(pod: str) -> str:
    return "appointments" if pod in OUTPATIENT else "visits" if pod in ATTENDANCE else "spells"


def _by_site(answer: Answer, level: str, code: str, pod: str, name: str) -> tuple[float, dict[_Key, float]]:
    """A figure of a point of delivery, whole and by site; NaN where hidden. What was sent without one, by providers that are one now, is
    together."""
    around, of = ((POD,), (pod,)) if answer.has(POD) else ((), ())
    found: dict[_Key, float] = {}
    for (*place, site), figure in answer.own(level, code, (*around, SITE), name).items():
        if tuple(place) == of:
            key = (UNKNOWN if site.endswith(OF_PROVIDER) else site,)
            found[key] = found.get(key, 0.0) + figure
    return answer.own(level, code, around, name).get(of, float("nan")), found


def _shared(total: float, parts: Mapping[_Key, float], shape: Mapping[_Key, float]) -> dict[_Key, float]:
    """Which share of a total each part is; by shape alone where nothing of it is shown. They add up to 1."""
    figures = _filled(total, parts, shape)
    whole = sum(figures.values())
    if whole <= 0:
        figures, whole = dict(shape), sum(shape.values())
    return {key: figure / whole for key, figure in figures.items()}


def _spell_price(answers: Mapping[str, Answer], level: str, code: str, pod: str) -> float:
    """Pounds for a spell: by the rules of its year where they give a price, market forces included, else as fed."""
    found = (_mean(answers.get(name), level, code, (pod,), PAID, PRICED) for name in ("prices", "fed_prices"))
    return next((price for price in found if price > 0), 0.0)


def _mean(answer: Answer | None, level: str, code: str, key: _Key, total: str, count: str) -> float:
    """A mean of the organisation, of the nation where its own is hidden; nothing where neither is known."""
    if answer is None:
        return 0.0
    dimensions = (POD,) if key else ()
    for read in (lambda name: answer.own(level, code, dimensions, name), lambda name: answer.figures(dimensions, name)):
        money, items = read(total).get(key, float("nan")), read(count).get(key, float("nan"))
        if np.isfinite(money) and np.isfinite(items) and items > 0:
            return max(0.0, money / items)
    return 0.0


def _shares(answer: Answer, level: str, code: str, dimensions: _Key, part: str, whole: str) -> dict[str, float]:
    """Which share a part is, by point of delivery; the nation's where the organisation's is hidden."""
    own_part, own_whole = (answer.own(level, code, dimensions, name) for name in (part, whole))
    all_part, all_whole = (answer.figures(dimensions, name) for name in (part, whole))
    found: dict[str, float] = {}
    for key in all_whole:
        for few, many in ((own_part, own_whole), (all_part, all_whole)):
            share = few.get(key, float("nan")) / many[key] if many.get(key, 0.0) > 0 else float("nan")
            if np.isfinite(share):
                found[key[0] if key else ATTENDANCE[0]] = min(1.0, max(0.0, share))
                break
    return found
