"""What makes commissioners and trusts alike. Ages and deprivation are those of the people made, the rest is drawn to go with them."""

import numpy as np
import pyarrow as pa

from farr.lab.model.period import Month
from farr.supplier.synthetic.people import People
from farr.supplier.synthetic.planting.mergers import Move, Written

_BEDS_A_PERSON = 0.0018
_TEACHING_SHARE = 0.25
_MEAN_SCORE, _SCORE_STEP = 21.7, 7.0


def commissioner_feature_table(people: People, month: Month, now: Written, move: Move | None) -> pa.Table:
    """Features of the commissioners there are in the month; those of a merged one are means over its people."""
    world = people.organisations
    member = world.practice_commissioner.copy()
    if move is not None and move.month <= month:
        member[move.practice] = move.commissioner
    bands = people.by_age_band((month.year - 1900) * 12 + month.month - 1).sum(axis=1)
    ages = np.stack([np.bincount(member, weights=bands[:, band]) for band in range(20)], axis=1)
    total = ages.sum(axis=1)
    old = ages[:, 13:].sum(axis=1) / total
    rng = np.random.default_rng([people.seed, 4])
    rural = np.clip((old - old.min()) / max(float(np.ptp(old)), 1e-9) * 0.7 + rng.normal(0, 0.1, len(total)), 0, 1)
    minority = np.clip((1 - rural) * 0.35 + 0.05 * world.commissioner_deprivation + rng.normal(0, 0.04, len(total)), 0.02, 0.7)
    parts = {"White_Other": 0.22, "Mixed": 0.13, "Asian": 0.38, "Black": 0.2, "Other_Ethnicity": 0.07}
    features = {
        "IMD_Score": np.clip(_MEAN_SCORE + _SCORE_STEP * world.commissioner_deprivation, 3, 60),
        # bands 15-19 to 35-39 less the people of 15 to 17, taken as three fifths of their band
        "Share_Aged_18_39": (ages[:, 3] * 0.4 + ages[:, 4:8].sum(axis=1)) / total,
        "Share_Aged_65_84": ages[:, 13:17].sum(axis=1) / total,
        "Share_Aged_85_Plus": ages[:, 17:].sum(axis=1) / total,
        "Share_Rural": rural,
        **{f"Share_{name}": minority * part for name, part in parts.items()},
    }
    codes = [now.commissioner_code[place] for place in np.unique(now.commissioner)]
    means = {name: _mean(now.commissioner, value, total) for name, value in features.items()}
    return pa.table(
        {
            "Commissioner_Code": codes,
            "Commissioner_Name": [f"Synthetic commissioner {code}" for code in codes],
            "IMD_Score": np.round(means.pop("IMD_Score"), 2),
            "Population": _total(now.commissioner, total),
            **{name: np.round(value, 4) for name, value in means.items()},
        }
    )


def provider_feature_table(people: People, month: Month, now: Written) -> pa.Table:
    """Features of the trusts there are in the month, from the commissioners whose people come to them."""
    world = people.organisations
    volume = (world.flows * world.commissioner_size[:, None]).sum(axis=0)
    from_where = world.flows * world.commissioner_size[:, None] / volume
    bands = people.by_age_band((month.year - 1900) * 12 + month.month - 1).sum(axis=1)
    old = np.bincount(world.practice_commissioner, weights=bands[:, 15:].sum(axis=1)) / world.commissioner_size
    rng = np.random.default_rng([people.seed, 10])
    centre = world.cardiac_centre == np.arange(len(volume))
    features = {
        "Emergency_Share": np.clip(0.41 + rng.normal(0, 0.02, len(volume)), 0.3, 0.55),
        "Specialised_Share": np.clip(np.where(centre, 0.1, 0.07) + rng.normal(0, 0.005, len(volume)), 0.02, 0.2),
        "Share_Aged_75_Plus": np.clip(2.6 * (old @ from_where) + rng.normal(0, 0.01, len(volume)), 0.1, 0.5),
        "IMD_Score": np.clip(_MEAN_SCORE + _SCORE_STEP * (world.commissioner_deprivation @ from_where), 3, 60),
    }
    codes = [now.provider_code[place] for place in np.unique(now.provider)]
    teaching = centre & (rng.random(len(volume)) < 2 * _TEACHING_SHARE)
    return pa.table(
        {
            "Provider_Code": codes,
            "Provider_Name": [f"Synthetic provider {code}" for code in codes],
            "Beds": np.rint(_total(now.provider, volume * _BEDS_A_PERSON)),
            **{name: np.round(_mean(now.provider, value, volume), 4) for name, value in features.items()},
            "Is_Teaching": np.sign(_total(now.provider, teaching.astype(float))),
        }
    )


def _total(place: np.ndarray, value: np.ndarray) -> np.ndarray:
    return np.bincount(place, weights=value)[np.unique(place)]


def _mean(place: np.ndarray, value: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return _total(place, value * weight) / _total(place, weight)
