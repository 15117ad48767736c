"""Cells: activity by point of delivery, specialty, age and sex, as arrays of one length; and the baseline that a projection starts from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from farr.lab.model.tables.local import SETTINGS
from farr.lab.planning.projection.uncertain import Floats, ProjectionError

Codes = npt.NDArray[np.str_]
Flags = npt.NDArray[np.bool_]

ELECTIVE = ("DC", "EL", "RDA", "RNA")
EMERGENCY = ("NEL", "NELST")
OTHER_NON_ELECTIVE = ("NELNE",)
"""NCDR's other non-elective spells: for the most part mothers and the newborn, and transfers, which cannot be told apart here."""
OUTPATIENT = ("OPFA", "OPFUP", "OPPROC")
ATTENDANCE = ("AE",)
LOCAL: dict[str, str] = {
    "PRIM": "primary", "COMM": "community", "MH": "mental_health", "RX": "prescribing", "CHC": "continuing_care", "SC": "social_care",
}  # fmt: skip
"""Care outside hospital, with its setting; counted in what its suppliers count, such as contacts, items and weeks."""
POINTS_OF_DELIVERY: dict[str, str] = {
    "DC": "Day cases",
    "EL": "Elective inpatients",
    "NEL": "Emergency spells",
    "NELST": "Emergencies under two days",
    "NELNE": "Maternity and other",
    "RDA": "Regular day attenders",
    "RNA": "Regular night attenders",
    "UNK": "Spells of unknown kind",
    "OPFA": "Outpatient firsts",
    "OPFUP": "Outpatient follow-ups",
    "OPPROC": "Outpatient procedures",
    "AE": "A&E attendances",
    **{pod: SETTINGS[setting] for pod, setting in LOCAL.items()},
}
"""Points of delivery in the order that they are shown in. Codes of spells are NCDR's; the others Farr's."""


@dataclass(frozen=True, kw_only=True)
class Cells:
    """What each cell is of. `age_band` is a five-year band up to '95+', or 'unknown'; `sex` '1', '2' or another code."""

    point_of_delivery: Codes
    specialty: Codes
    age_band: Codes
    sex: Codes

    def __len__(self) -> int:
        return len(self.point_of_delivery)

    def is_of(self, *points_of_delivery: str) -> Flags:
        return np.isin(self.point_of_delivery, points_of_delivery)

    def is_aged(self, first: int, last: int = 200) -> Flags:
        """Whether the band begins at an age from `first` to `last`; an unknown age does not."""
        ages = first_ages(self.age_band)
        return (ages >= first) & (ages <= last)


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """The year that a projection starts from. Of each cell: `activity` (spells or attendances), `bed_days` (a day more than nights, as the
    New Hospital Programme's model counts them), `price` in pounds for one. `shares` says of what a mitigation is about which share of a
    point of delivery it is, by name: {'ambulatory_sensitive': {'NEL': 0.12}}. `rates` are relative rates of use by point of delivery and
    sex, one for each of `BANDS`, by which health is reckoned. `sites` are, by point of delivery and site, the shares of its activity and of
    its bed days, which add up to 1; empty where nothing is known of sites."""

    cells: Cells
    activity: Floats
    bed_days: Floats
    price: Floats
    shares: Mapping[str, Mapping[str, float]]
    rates: Mapping[tuple[str, str], Floats]
    sites: Mapping[str, Mapping[str, tuple[float, float]]] = field(default_factory=dict[str, Mapping[str, tuple[float, float]]])

    def __post_init__(self) -> None:
        for name in ("activity", "bed_days", "price"):
            figures: Floats = getattr(self, name)
            if figures.shape != (len(self.cells),) or not np.all(np.isfinite(figures)) or np.any(figures < 0):
                raise ProjectionError(f"the {name} of a baseline is one number for each cell, and none is below nothing")

    @property
    def payments(self) -> Floats:
        return self.activity * self.price


BANDS = (*(f"{age:02d}-{age + 4:02d}" for age in range(0, 95, 5)), "95+")


def first_ages(bands: Codes) -> npt.NDArray[np.int64]:
    """The first year of each band; -1 where it is unknown."""
    return np.array([int(band[:2]) if band in BANDS else -1 for band in bands.tolist()], dtype=np.int64)
