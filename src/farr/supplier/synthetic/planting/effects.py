"""How organisations differ: by nature, a little, each in its own way; and by plant, a lot, in one measure from one month."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from farr.lab.model.period import Month
from farr.supplier.synthetic.admitted.casemix import ELECTIVE, EMERGENCY, Casemix, casemix
from farr.supplier.synthetic.chance import log_odds_shift
from farr.supplier.synthetic.organisations import Organisations

# Standard deviations between organisations of the natural effects: of the log of a rate or mean, or of a log-odds (marked *).
NATURAL_SD = {
    "emergency_admissions:commissioner": 0.04,
    "emergency_admissions:practice": 0.05,
    "length_of_stay:provider": 0.03,
    "zero_stay_emergencies:provider*": 0.10,
    "day_case_rate:provider*": 0.12,
    "hernia_day_case_share:provider*": 0.20,
    "emergency_readmission_30_days:provider": 0.06,
    "unspecified_primary_diagnosis:provider": 0.12,
    "hospital_mortality:provider": 0.06,
    "depth_of_coding:provider": 0.07,
    "uncoded_hrg:provider": 0.15,
    "weekend_discharges:provider": 0.06,
    "cost_per_weighted_spell:provider": 0.03,
    "ae_four_hour_performance:provider*": 0.12,
    "ae_conversion:provider": 0.20,
    "op_did_not_attend:provider": 0.07,
    "op_follow_up_ratio:provider": 0.06,
}
UNSPECIFIED_SHARE = 0.013
_NO_HRG_SHARE = 0.004
_OFF_WEEKEND = 0.40  # of the discharges that would fall on a weekend
_ADMITTED_IN_NAME = 0.01  # of those who leave a major department, said to be admitted though no stay follows
# rough shares in the feed as made, by which the sizes of plants are turned into chances
SHARE_SENSITIVE = 0.22  # of emergency admissions
# of those admitted, seen at a major department, and seen elsewhere: the share of attendances, and of each the share beyond four hours
SHARE_ATTENDING, SHARE_BREACHING = (0.18, 0.46, 0.36), (0.52, 0.27, 0.02)
_KEPT_ON_FOR_DOUBLE = 0.16  # of stays of 8 to 21 days, kept on beyond 21: about doubles the long stays


@dataclass(frozen=True, kw_only=True)
class Plant:
    """One planted outlier. `size` is in the words of `meaning`: a factor, or points on a share (-0.12 is twelve in a hundred fewer).
    A factor is on the rate, share or chance; of length_of_stay on stays of a day and over, of excess_bed_days on days beyond the
    trim point, before rounding, critical care and rehabilitation, so that the measure itself moves by somewhat less."""

    measure: str
    level: str
    organisation: str
    index: int = field(repr=False)
    size: float
    meaning: str
    from_month: Month

    @property
    def direction(self) -> str:
        return "high" if self.size > (0 if self.meaning == "points" else 1) else "low"


@dataclass(frozen=True, kw_only=True)
class Effects:
    """Effects in force in one month. Admission factors multiply rates; `*_shift` are of log-odds; `unspecified`, `no_group`,
    `off_weekend`, `long_stay`, `admitted_in_name` and `commissioner_sensitive` are chances; the rest multiply."""

    commissioner_emergency: np.ndarray
    commissioner_sensitive: np.ndarray
    practice_emergency: np.ndarray
    stay: np.ndarray
    zero_stay_shift: np.ndarray
    day_case_shift: np.ndarray
    hernia_shift: np.ndarray
    readmission: np.ndarray
    unspecified: np.ndarray
    excess: np.ndarray
    long_stay: np.ndarray
    mortality: np.ndarray
    bypass_days: np.ndarray
    depth: np.ndarray
    no_group: np.ndarray
    price: np.ndarray
    off_weekend: np.ndarray
    four_hour_shift: np.ndarray
    admitted_in_name: np.ndarray
    not_attending: np.ndarray
    follow_up: np.ndarray


def natural(world: Organisations, *, seed: int) -> Effects:
    """The differences that are there without any plant; they cover every level that a measure is made at."""
    rng = np.random.default_rng([seed, 3])
    sizes = {"commissioner": len(world.commissioner_code), "practice": len(world.practice_code), "provider": len(world.provider_code)}

    def normal(key: str) -> np.ndarray:
        return rng.normal(0, NATURAL_SD[key], sizes[key.rstrip("*").rpartition(":")[2]])

    def factor(measure: str, level: str = "provider") -> np.ndarray:
        return np.exp(normal(f"{measure}:{level}"))

    return Effects(
        commissioner_emergency=factor("emergency_admissions", "commissioner"),
        practice_emergency=factor("emergency_admissions", "practice"),
        stay=factor("length_of_stay"),
        zero_stay_shift=normal("zero_stay_emergencies:provider*"),
        day_case_shift=normal("day_case_rate:provider*"),
        hernia_shift=normal("hernia_day_case_share:provider*"),
        readmission=factor("emergency_readmission_30_days"),
        unspecified=UNSPECIFIED_SHARE * factor("unspecified_primary_diagnosis"),
        excess=np.ones(sizes["provider"]),
        commissioner_sensitive=np.zeros(sizes["commissioner"]),
        long_stay=np.zeros(sizes["provider"]),
        mortality=factor("hospital_mortality"),
        bypass_days=np.ones(sizes["provider"]),
        depth=factor("depth_of_coding"),
        no_group=_NO_HRG_SHARE * factor("uncoded_hrg"),
        off_weekend=1 - (1 - _OFF_WEEKEND) * factor("weekend_discharges"),
        price=factor("cost_per_weighted_spell"),
        four_hour_shift=normal("ae_four_hour_performance:provider*"),
        admitted_in_name=_ADMITTED_IN_NAME * factor("ae_conversion"),
        not_attending=factor("op_did_not_attend"),
        follow_up=factor("op_follow_up_ratio"),
    )


def in_force(effects: Effects, planted: Iterable[Plant], month: Month) -> Effects:
    """The natural effects with the plants that hold in the month laid over them."""
    copies = {name: value.copy() for name, value in vars(effects).items()}
    for plant in planted:
        if plant.from_month <= month:
            name, value = _laid(plant)
            copies[name][plant.index] = value
            if plant.measure in {"excess_bed_days", "long_stay_21_days"}:
                copies["stay"][plant.index] = 1.0
    return Effects(**copies)


_MULTIPLIED = {
    "length_of_stay": ("stay", 1.0),
    "emergency_readmission_30_days": ("readmission", 1.0),
    "excess_bed_days": ("excess", 1.0),
    "unspecified_primary_diagnosis": ("unspecified", UNSPECIFIED_SHARE),
    "hospital_mortality": ("mortality", 1.0),
    "critical_care_days_per_cabg": ("bypass_days", 1.0),
    "depth_of_coding": ("depth", 1.0),
    "uncoded_hrg": ("no_group", _NO_HRG_SHARE),
    "cost_per_weighted_spell": ("price", 1.0),
    "op_did_not_attend": ("not_attending", 1.0),
    "op_follow_up_ratio": ("follow_up", 1.0),
}


def _laid(plant: Plant) -> tuple[str, float]:
    """The effect that the plant is laid on, and its value there. A planted organisation takes the planted value itself, without its
    natural effect, so that the size is as stated."""
    if plant.measure in _MULTIPLIED:
        name, base = _MULTIPLIED[plant.measure]
        return name, base * plant.size
    if plant.measure == "emergency_admissions":
        return f"{plant.level}_emergency", plant.size
    name, value = _TURNED[plant.measure]
    return name, value(plant.size)


def _four_hour_shift(points: float) -> float:
    breaching, attending = np.array(SHARE_BREACHING), np.array(SHARE_ATTENDING)
    return log_odds_shift(breaching, attending, target=float(breaching @ attending) - points)


def _shift(mix: Casemix, among: np.ndarray, *, factor: float = 1.0, points: float = 0.0) -> float:
    weight = mix.weight * mix.ages.mean(axis=1)
    mean = float(np.average(mix.short[among], weights=weight[among]))
    return log_odds_shift(mix.short[among], weight[among], target=mean * factor + points)


_TURNED: dict[str, tuple[str, Callable[[float], float]]] = {
    "zero_stay_emergencies": ("zero_stay_shift", lambda size: _shift(casemix(), casemix().stream == EMERGENCY, factor=size)),
    "day_case_rate": ("day_case_shift", lambda size: _shift(casemix(), casemix().stream == ELECTIVE, points=size)),
    "hernia_day_case_share": ("hernia_shift", lambda size: _shift(casemix(), casemix().is_hernia, points=size)),
    "ambulatory_sensitive_admissions": ("commissioner_sensitive", lambda size: SHARE_SENSITIVE * (size - 1) / (1 - SHARE_SENSITIVE)),
    "long_stay_21_days": ("long_stay", lambda size: _KEPT_ON_FOR_DOUBLE * (size - 1)),
    "weekend_discharges": ("off_weekend", lambda size: 1 - (1 - _OFF_WEEKEND) * size),
    "ae_four_hour_performance": ("four_hour_shift", _four_hour_shift),
    "ae_conversion": ("admitted_in_name", lambda size: SHARE_ATTENDING[0] * (size - 1) / SHARE_ATTENDING[1]),
}
