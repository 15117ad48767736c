"""How organisations differ: by nature, a little, each in its own way; and by plant, a lot, in one measure from one month."""

from dataclasses import dataclass, field

import numpy as np

from farr.lab.model.period import Month
from farr.supplier.synthetic.casemix import ELECTIVE, EMERGENCY, Casemix, casemix
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
}
UNSPECIFIED_SHARE = 0.013


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
    """Effects in force in one month. Admission factors multiply rates; `*_shift` are of log-odds; the rest multiply."""

    commissioner_emergency: np.ndarray
    practice_emergency: np.ndarray
    stay: np.ndarray
    zero_stay_shift: np.ndarray
    day_case_shift: np.ndarray
    hernia_shift: np.ndarray
    readmission: np.ndarray
    unspecified: np.ndarray
    excess: np.ndarray


# measure, level, size, meaning, months before the end of the feed from which it holds (None: throughout)
_PLANTS = (
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


def plants(world: Organisations, *, seed: int, first: Month, last: Month) -> list[Plant]:
    """The planted outliers of a feed. No two fall on one organisation, nor a practice's on a planted commissioner; providers are
    not those to which a planted commissioner's people mostly go, so that no plant hides or makes another."""
    rng = np.random.default_rng([seed, 2])
    commissioners = rng.permutation(len(world.commissioner_code))
    home = world.flows.argmax(axis=1)
    # As practices are of middling size, so providers are of the larger half: on fewer stays than that a plant on rare, long stays
    # could not be told from chance, and would say nothing of whether outliers are found.
    volume = world.flows.sum(axis=0)
    larger = np.flatnonzero(volume >= np.median(volume))
    providers = rng.permutation(np.setdiff1d(larger, home[commissioners[:2]]))
    practices = [_middling_practice(world, int(commissioner)) for commissioner in commissioners[2:4]]
    queues = {"commissioner": list(commissioners), "provider": list(providers), "practice": practices}
    codes = {"commissioner": world.commissioner_code, "provider": world.provider_code, "practice": world.practice_code}
    made: list[Plant] = []
    for measure, level, size, meaning, since in _PLANTS:
        index = int(queues[level].pop(0))
        start = first if since is None else max(first, last.plus(1 - since))
        made.append(
            Plant(measure=measure, level=level, organisation=codes[level][index], index=index, size=size, meaning=meaning, from_month=start)
        )
    return made


def natural(world: Organisations, *, seed: int) -> Effects:
    """The differences that are there without any plant; they cover every level that a measure is made at."""
    rng = np.random.default_rng([seed, 3])
    sizes = {"commissioner": len(world.commissioner_code), "practice": len(world.practice_code), "provider": len(world.provider_code)}

    def normal(key: str) -> np.ndarray:
        return rng.normal(0, NATURAL_SD[key], sizes[key.rstrip("*").rpartition(":")[2]])

    return Effects(
        commissioner_emergency=np.exp(normal("emergency_admissions:commissioner")),
        practice_emergency=np.exp(normal("emergency_admissions:practice")),
        stay=np.exp(normal("length_of_stay:provider")),
        zero_stay_shift=normal("zero_stay_emergencies:provider*"),
        day_case_shift=normal("day_case_rate:provider*"),
        hernia_shift=normal("hernia_day_case_share:provider*"),
        readmission=np.exp(normal("emergency_readmission_30_days:provider")),
        unspecified=UNSPECIFIED_SHARE * np.exp(normal("unspecified_primary_diagnosis:provider")),
        excess=np.ones(sizes["provider"]),
    )


def in_force(effects: Effects, planted: list[Plant], month: Month) -> Effects:
    """The natural effects with the plants that hold in the month laid over them."""
    copies = {name: value.copy() for name, value in vars(effects).items()}
    for plant in planted:
        if plant.from_month <= month:
            _lay(copies, plant)
    return Effects(**copies)


_MULTIPLIED = {
    "length_of_stay": "stay",
    "emergency_readmission_30_days": "readmission",
    "excess_bed_days": "excess",
    "unspecified_primary_diagnosis": "unspecified",
}


def _lay(effects: dict[str, np.ndarray], plant: Plant) -> None:
    # A planted provider or rate takes the planted value itself, without its natural effect, so that the size is as stated.
    mix = casemix()
    match plant.measure:
        case "emergency_admissions":
            effects[f"{plant.level}_emergency"][plant.index] = plant.size
        case "zero_stay_emergencies":
            effects["zero_stay_shift"][plant.index] = _shift(mix, mix.stream == EMERGENCY, factor=plant.size)
        case "day_case_rate":
            effects["day_case_shift"][plant.index] = _shift(mix, mix.stream == ELECTIVE, points=plant.size)
        case "hernia_day_case_share":
            effects["hernia_shift"][plant.index] = _shift(mix, mix.is_hernia, points=plant.size)
        case measure:
            base = UNSPECIFIED_SHARE if measure == "unspecified_primary_diagnosis" else 1.0
            effects[_MULTIPLIED[measure]][plant.index] = base * plant.size
            if measure == "excess_bed_days":
                effects["stay"][plant.index] = 1.0


def _shift(mix: Casemix, among: np.ndarray, *, factor: float = 1.0, points: float = 0.0) -> float:
    weight = mix.weight * mix.ages.mean(axis=1)
    mean = float(np.average(mix.short[among], weights=weight[among]))
    return log_odds_shift(mix.short[among], weight[among], target=mean * factor + points)


def _middling_practice(world: Organisations, commissioner: int) -> int:
    members = np.flatnonzero(world.practice_commissioner == commissioner)
    return int(members[np.argsort(world.practice_size[members])[len(members) // 2]])
