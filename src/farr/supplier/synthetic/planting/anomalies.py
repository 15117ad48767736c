"""Changes of how a provider codes the same care, from one month on: what a benchmark sees as a jump in time, and not as other patients."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from farr.lab.model.period import Month, Period
from farr.supplier.synthetic.admitted.casemix import BIRTH, EMERGENCY, casemix
from farr.supplier.synthetic.admitted.episodes import Episodes, codes, further_diagnoses, mean_depth
from farr.supplier.synthetic.admitted.spells import Spells
from farr.supplier.synthetic.planting.effects import UNSPECIFIED_SHARE, Effects, Plant
from farr.supplier.synthetic.tariff.prices import dearer, group_place

_LEAST_MONTHS, _BEFORE_THE_END = 12, 6
DEPTH, SYMPTOMS, UNSPECIFIED, COMPLEXITY = "depth_jump", "symptoms_as_diagnosis", "unspecified_diagnosis", "complexity_shift"
# size, what it is, the measure it moves, and about by what factor over the last twelve months, of which it holds in half
_KINDS = {
    DEPTH: (2.0, "factor on the diagnoses recorded beside the first", "depth_of_coding", 1.3),
    SYMPTOMS: (0.3, "chance that a symptom is written as the first diagnosis of an emergency", "signs_and_symptoms_primary", 1.8),
    UNSPECIFIED: (0.12, "chance that R69 is written as the first diagnosis", "unspecified_primary_diagnosis", 0.06 / UNSPECIFIED_SHARE),
    COMPLEXITY: (0.8, "chance that an emergency is grouped as the next dearer group of its chapter", "casemix_index", 1.08),
}


@dataclass(frozen=True, kw_only=True)
class Anomaly:
    """A change of coding at a provider (`index`) from a month on; `size` is in the words of `meaning`."""

    kind: str
    organisation: str
    index: int = field(repr=False)
    size: float
    meaning: str
    month: Month

    def as_plant(self) -> Plant:
        """The outlier that it looks like over the last twelve months."""
        _, _, measure, factor = _KINDS[self.kind]
        return Plant(
            measure=measure, level="provider", organisation=self.organisation, index=self.index, size=factor, meaning="factor",
            from_month=self.month,
        )  # fmt: skip


def anomalies_at(providers: list[int], codes_: list[str], period: Period) -> list[Anomaly]:
    """One of each kind, at the providers in order, as far as they go; a feed of less than a year has none."""
    if len(list(period.months())) < _LEAST_MONTHS:
        return []
    month = period.last.plus(1 - _BEFORE_THE_END)
    return [
        Anomaly(kind=kind, organisation=codes_[index], index=index, size=size, meaning=meaning, month=month)
        for index, (kind, (size, meaning, *_)) in zip(providers, _KINDS.items(), strict=False)
    ]


def recoded(
    rng: np.random.Generator, anomalies: Iterable[Anomaly], month: Month, spells: Spells, made: Episodes, effects: Effects
) -> tuple[Episodes, np.ndarray]:
    """The episodes as they are coded in the month, and the resource group (a place) of every spell. `rng` is for nothing else, so that
    all other rows are as they would be without anomalies."""
    diagnosis, group = made.diagnosis.copy(), group_place()[spells.pathway]
    emergency = casemix().stream[spells.pathway] == EMERGENCY
    for each in (each for each in anomalies if each.month <= month):
        here = spells.provider == each.index
        drawn = here & (rng.random(len(spells)) < each.size)
        match each.kind:
            case "depth_jump":
                rows = np.flatnonzero(here[made.spell] & (casemix().stream[spells.pathway[made.spell]] != BIRTH))
                mean = mean_depth(spells, made.spell[rows], effects) * each.size
                diagnosis[rows, 1:] = further_diagnoses(rng, rng.poisson(mean))
            case "symptoms_as_diagnosis":
                rows = np.flatnonzero((drawn & emergency)[made.spell])
                diagnosis[rows, 0] = rng.choice(codes().symptoms, len(rows))
            case "unspecified_diagnosis":
                diagnosis[drawn[made.spell], 0] = codes().diagnosis.index("R69X")
            case _:
                group = np.where(drawn & emergency, dearer()[group], group)
    return replace(made, diagnosis=diagnosis), group
