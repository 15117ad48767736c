"""The reference files beside the feed: organisations, populations, trim points, commissioners' features, small areas, opt-outs."""

import numpy as np
import pyarrow as pa

from farr.lab.model.period import Month
from farr.supplier.synthetic.casemix import casemix
from farr.supplier.synthetic.chance import share
from farr.supplier.synthetic.identities import nhs_number
from farr.supplier.synthetic.organisations import Organisations
from farr.supplier.synthetic.people import People

BANDS = (*(f"{age:02d}-{age + 4:02d}" for age in range(0, 95, 5)), "95+")
_OPT_OUT_SHARE = 0.05


def organisation_table(world: Organisations) -> pa.Table:
    regions = np.array(world.region_code)
    commissioners = np.array(world.commissioner_code)
    rows = [("region", code, f"Synthetic region {code}", None, code) for code in world.region_code]
    rows += _named("commissioner", world.commissioner_code, [None] * len(commissioners), regions[world.commissioner_region])
    rows += _named("provider", world.provider_code, [None] * len(world.provider_code), regions[world.provider_region])
    members = commissioners[world.practice_commissioner]
    rows += _named("practice", world.practice_code, list(members), regions[world.region_of_practice()])
    names = ("Organisation_Level", "Organisation_Code", "Organisation_Name", "Commissioner_Code", "Region_Code")
    return pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def _named(level: str, codes: list[str], commissioner: list[str | None], region: np.ndarray) -> list[tuple[str | None, ...]]:
    rows = zip(codes, commissioner, region, strict=True)
    return [(level, code, f"Synthetic {level} {code}", above, str(place)) for code, above, place in rows]


def population_table(people: People, month: Month) -> pa.Table:
    """People by practice, sex and band on the first day of the month."""
    bands = people.by_age_band((month.year - 1900) * 12 + month.month - 1)
    practice, sex, band = (index.ravel() for index in np.indices(bands.shape))
    return pa.table(
        {
            "Extract_Date": pa.repeat(month.first_day, bands.size),
            "GP_Practice_Code": np.array(people.organisations.practice_code)[practice],
            "Sex": np.array(["1", "2"])[sex],
            "Age_Band": np.array(BANDS)[band],
            "Patients": bands.ravel(),
        }
    )


def trim_point_table() -> pa.Table:
    """One row a resource group; a group never seen as planned (or unplanned) care keeps the same point for both."""
    groups, first = np.unique(casemix().hrg, return_index=True)
    points = casemix().trim_points()[first]
    return pa.table({"Spell_Core_HRG": groups, "Elective_Trim_Point": points, "Non_Elective_Trim_Point": points})


def feature_table(people: People, month: Month) -> pa.Table:
    """Features of commissioners; ages and deprivation are those of the people made, the rest is drawn to go with them."""
    world = people.organisations
    bands = people.by_age_band((month.year - 1900) * 12 + month.month - 1).sum(axis=1)
    ages = np.stack([np.bincount(world.practice_commissioner, weights=bands[:, band]) for band in range(20)], axis=1)
    total = ages.sum(axis=1)
    old = ages[:, 13:].sum(axis=1) / total
    rng = np.random.default_rng([people.seed, 4])
    rural = np.clip((old - old.min()) / max(float(np.ptp(old)), 1e-9) * 0.7 + rng.normal(0, 0.1, len(total)), 0, 1)
    minority = np.clip((1 - rural) * 0.35 + 0.05 * world.commissioner_deprivation + rng.normal(0, 0.04, len(total)), 0.02, 0.7)
    parts = {"White_Other": 0.22, "Mixed": 0.13, "Asian": 0.38, "Black": 0.2, "Other_Ethnicity": 0.07}
    return pa.table(
        {
            "Commissioner_Code": world.commissioner_code,
            "Commissioner_Name": [f"Synthetic commissioner {code}" for code in world.commissioner_code],
            "IMD_Score": np.round(np.clip(21.7 + 7 * world.commissioner_deprivation, 3, 60), 2),
            "Population": total,
            # bands 15-19 to 35-39 less the people of 15 to 17, taken as three fifths of their band
            "Share_Aged_18_39": np.round((ages[:, 3] * 0.4 + ages[:, 4:8].sum(axis=1)) / total, 4),
            "Share_Aged_65_84": np.round(ages[:, 13:17].sum(axis=1) / total, 4),
            "Share_Aged_85_Plus": np.round(ages[:, 17:].sum(axis=1) / total, 4),
            "Share_Rural": np.round(rural, 4),
            **{f"Share_{name}": np.round(minority * part, 4) for name, part in parts.items()},
        }
    )


def small_area_table(world: Organisations) -> pa.Table:
    return pa.table({"LSOA_Code": world.area_code(), "Deprivation_Decile": world.area_decile, "Locality_Code": world.area_locality()})


def opt_out_numbers(people: People, *, first: int, end: int) -> list[str]:
    """NHS numbers of those of the people from `first` up to `end` who have opted out of research and planning, one in twenty."""
    person = np.arange(first, end, dtype=np.int64)
    out = person[share(person, seed=people.seed, salt=31) < _OPT_OUT_SHARE]
    return nhs_number(out, people=people.count, seed=people.seed).to_pylist()
