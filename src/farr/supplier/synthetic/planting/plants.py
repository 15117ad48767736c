"""Which organisations carry a plant, which merge or move, which send late, and which code anew: no one organisation does two of these."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from farr.lab.model.period import Month, Period
from farr.supplier.synthetic.organisations import Organisations
from farr.supplier.synthetic.planting.anomalies import Anomaly, anomalies_at
from farr.supplier.synthetic.planting.billing import BillingError, billing_errors_at
from farr.supplier.synthetic.planting.effects import UNSPECIFIED_SHARE, Plant
from farr.supplier.synthetic.planting.mergers import Merger, Move, mergers_of, move_of

# measure, level, size, meaning, months before the end of the feed from which it holds (None: throughout)
_Planned = tuple[str, str, float, str, int | None]
_FIRST: tuple[_Planned, ...] = (
    ("emergency_admissions", "commissioner", 1.55, "factor", 12),
    ("emergency_admissions", "commissioner", 0.60, "factor", None),
    ("emergency_admissions", "practice", 1.70, "factor", None),
    ("emergency_admissions", "practice", 0.45, "factor", None),
    ("zero_stay_emergencies", "provider", 1.60, "factor", None),
    ("zero_stay_emergencies", "provider", 0.55, "factor", None),
    ("length_of_stay", "provider", 1.45, "factor", None),
    ("day_case_rate", "provider", -0.12, "points", None),
    ("hernia_day_case_share", "provider", -0.40, "points", None),
    ("emergency_readmission_30_days", "provider", 1.50, "factor", 12),
    ("excess_bed_days", "provider", 3.00, "factor", None),
    ("unspecified_primary_diagnosis", "provider", 0.08 / UNSPECIFIED_SHARE, "factor", None),
)
# those of rare events come first, for the providers are given out from the largest
_MORE: tuple[_Planned, ...] = (
    ("ambulatory_sensitive_admissions", "commissioner", 1.60, "factor", None),
    ("critical_care_days_per_cabg", "provider", 1.90, "factor", None),
    ("hospital_mortality", "provider", 1.70, "factor", None),
    ("long_stay_21_days", "provider", 2.40, "factor", None),
    ("uncoded_hrg", "provider", 10.0, "factor", None),
    ("weekend_discharges", "provider", 0.45, "factor", None),
    ("cost_per_weighted_spell", "provider", 1.30, "factor", None),
    ("depth_of_coding", "provider", 0.55, "factor", None),
    ("ae_conversion", "provider", 1.50, "factor", None),
    ("ae_four_hour_performance", "provider", -0.20, "points", None),
    ("op_follow_up_ratio", "provider", 1.60, "factor", None),
    ("op_did_not_attend", "provider", 1.90, "factor", None),
)
_OF_OTHER_FEEDS = ("ae_conversion", "ae_four_hour_performance", "op_follow_up_ratio", "op_did_not_attend")
_LATE = 3


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who plays which part: the planted outliers, the mergers, the move of a practice, the providers that send late, and
    the changes of coding, and the bills that are wrong."""

    planted: list[Plant]
    mergers: list[Merger]
    move: Move | None
    late: list[int]
    anomalies: list[Anomaly]
    billing: list[BillingError]


def cast(world: Organisations, *, seed: int, period: Period) -> Cast:
    """The parts of a feed. Where there are too few providers for all, the later parts share one."""
    first = _first_plants(world, seed=seed, period=period)
    taken = {level: [plant.index for plant in first if plant.level == level] for level in ("commissioner", "provider", "practice")}
    commissioners = list(np.random.default_rng([seed, 2]).permutation(len(world.commissioner_code)))
    kept = {int(each) for each in commissioners[:5]}  # with the practices planted in the third and fourth
    mergers = mergers_of(world, period, providers=set(taken["provider"]), commissioners=kept)
    merged = {index for merger in mergers if merger.level == "provider" for index in merger.before}
    homes = {int(each) for each in world.flows.argmax(axis=1)[commissioners[:2]]}
    free = [each for each in np.argsort(-world.flows.sum(axis=0), kind="stable").tolist() if each not in merged | set(taken["provider"])]
    queue = [each for each in free if each not in homes] + [each for each in free if each in homes]
    more = _more_plants(world, queue, commissioner=int(commissioners[4]), period=period)
    used = {plant.index for plant in more if plant.level == "provider"}
    spare = [each for each in reversed(queue) if each not in used]
    late, left = sorted(spare[:_LATE]), spare[_LATE:][::-1]  # the larger of those left over code differently
    anomalies = anomalies_at(left, world.provider_code, period)
    move = move_of(world, period, mergers, commissioners=kept)
    billing = _billing(world, more, left[len(anomalies) :], period, barred=kept | _changing(world, mergers, move))
    return Cast(planted=first + more, mergers=mergers, move=move, late=late, anomalies=anomalies, billing=billing)


def _changing(world: Organisations, mergers: list[Merger], move: Move | None) -> set[int]:
    """The commissioners whose people are another's in other months."""
    moved = set() if move is None else {move.commissioner, int(world.practice_commissioner[move.practice])}
    return moved | {index for merger in mergers if merger.level == "commissioner" for index in merger.before}


def _billing(world: Organisations, more: list[Plant], free: list[int], period: Period, *, barred: set[int]) -> list[BillingError]:
    """At providers that play no other part; where there are too few, at those whose part is in other feeds, for it moves no bill."""
    elsewhere = [plant.index for plant in reversed(more) if plant.measure in _OF_OTHER_FEEDS]
    return billing_errors_at([*free, *elsewhere], world, period, barred=barred)


def _first_plants(world: Organisations, *, seed: int, period: Period) -> list[Plant]:
    """No two fall on one organisation, nor a practice's on a planted commissioner; providers are not those to which a planted
    commissioner's people mostly go, so that no plant hides or makes another."""
    rng = np.random.default_rng([seed, 2])
    commissioners = rng.permutation(len(world.commissioner_code))
    home = world.flows.argmax(axis=1)
    # As practices are of middling size, so providers are of the larger half: on fewer stays than that a plant on rare, long stays
    # could not be told from chance, and would say nothing of whether outliers are found.
    volume = world.flows.sum(axis=0)
    larger = np.flatnonzero(volume >= np.median(volume))
    providers = rng.permutation(np.setdiff1d(larger, home[commissioners[:2]]))
    practices = [_middling_practice(world, int(commissioner)) for commissioner in commissioners[2:4]]
    queues = {"commissioner": commissioners.tolist(), "provider": providers.tolist(), "practice": practices}
    return [_plant(world, plan, queues[plan[1]].pop(0), period) for plan in _FIRST]


def _more_plants(world: Organisations, providers: Iterable[int], *, commissioner: int, period: Period) -> list[Plant]:
    queue, made = list(providers), []
    for plan in _MORE:
        if plan[1] == "commissioner":
            made.append(_plant(world, plan, commissioner, period))
            continue
        index = _next(world, queue, plan[0])
        queue.remove(index)
        queue.append(index)  # at the end: used again only where there are too few
        made.append(_plant(world, plan, index, period))
    return made


def _next(world: Organisations, queue: list[int], measure: str) -> int:
    """The next provider; for heart surgery the next that does any."""
    if measure != "critical_care_days_per_cabg":
        return queue[0]
    centres = [each for each in queue if world.cardiac_centre[each] == each]
    return centres[0] if centres else queue[0]


def _plant(world: Organisations, plan: _Planned, index: int, period: Period) -> Plant:
    measure, level, size, meaning, since = plan
    codes = {"commissioner": world.commissioner_code, "provider": world.provider_code, "practice": world.practice_code}[level]
    start: Month = period.first if since is None else max(period.first, period.last.plus(1 - since))
    return Plant(measure=measure, level=level, organisation=codes[index], index=index, size=size, meaning=meaning, from_month=start)


def _middling_practice(world: Organisations, commissioner: int) -> int:
    members = np.flatnonzero(world.practice_commissioner == commissioner)
    return int(members[np.argsort(world.practice_size[members])[len(members) // 2]])
