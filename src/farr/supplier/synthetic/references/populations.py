"""Populations of practices and areas, deprivation, small areas, and who has opted out."""

import numpy as np
import pyarrow as pa

from farr.lab.model.period import Month
from farr.supplier.synthetic.calendar.days import age_at
from farr.supplier.synthetic.chance import share
from farr.supplier.synthetic.identities import nhs_number
from farr.supplier.synthetic.organisations import Organisations
from farr.supplier.synthetic.people import People
from farr.supplier.synthetic.planting.mergers import Written

BANDS = (*(f"{age:02d}-{age + 4:02d}" for age in range(0, 95, 5)), "95+")
_OPT_OUT_SHARE = 0.05
_AT_ONCE = 1_000_000
_IMD_YEAR = 2019
_SCORE_OF_DECILE = (54.0, 41.0, 33.0, 27.0, 22.0, 18.0, 14.5, 11.5, 8.5, 5.5)  # invented, shaped like the scores of 2019


def population_table(people: People, month: Month, codes: Written) -> pa.Table:
    """People by practice, sex and band on the first day of the month; those of a merged practice under the code it then has."""
    bands = people.by_age_band((month.year - 1900) * 12 + month.month - 1)
    whole = np.zeros((len(codes.practice_code), *bands.shape[1:]), dtype=np.int64)
    np.add.at(whole, codes.practice, bands)
    open_then = np.unique(codes.practice)
    practice, sex, band = (index.ravel() for index in np.indices((len(open_then), *bands.shape[1:])))
    return pa.table(
        {
            "Extract_Date": pa.repeat(month.first_day, len(practice)),
            "GP_Practice_Code": np.array(codes.practice_code)[open_then][practice],
            "Sex": np.array(["1", "2"])[sex],
            "Age_Band": np.array(BANDS)[band],
            "Patients": whole[open_then].ravel(),
        }
    )


def residents(people: People, years: list[int]) -> np.ndarray:
    """People by mid-year, small area, sex (0 male, 1 female) and band 00-04 to 95+, alive on 30 June of each of the years."""
    areas = int(people.organisations.first_area[-1])
    counted = np.zeros((len(years), areas * 2 * len(BANDS)), dtype=np.int64)
    middle = [int(np.datetime64(f"{year}-06-30", "D").astype(np.int64)) for year in years]
    for first in range(0, people.count, _AT_ONCE):
        person = np.arange(first, min(first + _AT_ONCE, people.count), dtype=np.int64)
        seen = people.seen(person)
        for number, day in enumerate(middle):
            alive = seen.birth_day <= day
            band = np.minimum(age_at(seen.birth_day[alive], np.full(int(alive.sum()), day)) // 5, len(BANDS) - 1)
            place = (seen.area[alive] * 2 + seen.sex[alive] - 1) * len(BANDS) + band
            counted[number] += np.bincount(place, minlength=counted.shape[1])
    return counted.reshape(len(years), areas, 2, len(BANDS))


def resident_table(world: Organisations, counted: np.ndarray, years: list[int], now: Written) -> pa.Table:
    """The residents of districts, localities, commissioners (as they are now) and regions."""
    parts = []
    for level, codes in areas_above(world, now).items():
        known, place = np.unique(codes, return_inverse=True)
        whole = np.zeros((len(years), len(known), 2, len(BANDS)), dtype=np.int64)
        for number in range(len(years)):
            np.add.at(whole[number], place, counted[number])
        year, area, sex, band = (index.ravel() for index in np.indices(whole.shape))
        parts.append(
            pa.table(
                {
                    "Mid_Year": pa.array(np.array(years, dtype=np.int16)[year]), "Area_Level": pa.repeat(level, len(year)),
                    "Area_Code": known[area], "Sex": np.array(["1", "2"])[sex], "Age_Band": np.array(BANDS)[band],
                    "People": whole.ravel(),
                }
            )
        )  # fmt: skip
    return pa.concat_tables(parts)


def deprived_table(world: Organisations, counted: np.ndarray, years: list[int], now: Written) -> pa.Table:
    """The same residents by fifth of deprivation of their small area, where anybody lives in it."""
    parts = []
    fifth = (world.area_decile + 1) // 2
    for level, codes in areas_above(world, now).items():
        known, place = np.unique(codes, return_inverse=True)
        whole = np.zeros((len(years), len(known), 5, 2, len(BANDS)), dtype=np.int64)
        for number in range(len(years)):
            np.add.at(whole[number], (place, fifth - 1), counted[number])
        lived_in = np.broadcast_to(whole.sum(axis=(3, 4), keepdims=True) > 0, whole.shape).ravel()
        year, area, part, sex, band = (index.ravel()[lived_in] for index in np.indices(whole.shape))
        parts.append(
            pa.table(
                {
                    "Mid_Year": pa.array(np.array(years, dtype=np.int16)[year]), "Area_Level": pa.repeat(level, len(year)),
                    "Area_Code": known[area], "Deprivation_Fifth": np.array(["1", "2", "3", "4", "5"])[part],
                    "Sex": np.array(["1", "2"])[sex], "Age_Band": np.array(BANDS)[band], "People": whole.ravel()[lived_in],
                }
            )
        )  # fmt: skip
    return pa.concat_tables(parts)


def areas_above(world: Organisations, now: Written) -> dict[str, np.ndarray]:
    """For each small area the code of what it lies in, by level."""
    practice = np.repeat(np.arange(len(world.practice_code)), np.diff(world.first_area))
    commissioner = world.practice_commissioner[practice]
    return {
        "postcode_district": np.array(world.area_district),
        "locality": np.array(world.area_locality()),
        "commissioner": np.array(now.commissioner_code)[now.commissioner[commissioner]],
        "region": np.array(world.region_code)[world.commissioner_region[commissioner]],
    }


def deprivation_table(world: Organisations, now: Written) -> pa.Table:
    """Mean scores of small areas, by district, locality, commissioner and practice, and tenths of each level."""
    practice = np.repeat(np.arange(len(world.practice_code)), np.diff(world.first_area))
    levels = {**areas_above(world, now), "practice": np.array(now.practice_code)[now.practice[practice]]}
    levels.pop("region")
    score, rows = np.array(_SCORE_OF_DECILE)[world.area_decile - 1], []
    for level, codes in levels.items():
        known, place = np.unique(codes, return_inverse=True)
        mean = np.bincount(place, weights=score) / np.bincount(place)
        tenth = np.argsort(np.argsort(-mean, kind="stable"), kind="stable") * 10 // len(known) + 1
        rows += [(_IMD_YEAR, level, str(code), round(float(each), 2), int(t)) for code, each, t in zip(known, mean, tenth, strict=True)]
    names = ("IMD_Year", "Area_Level", "Area_Code", "IMD_Score", "IMD_Decile")
    return pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def small_area_table(world: Organisations) -> pa.Table:
    return pa.table({"LSOA_Code": world.area_code, "Deprivation_Decile": world.area_decile, "Locality_Code": world.area_locality()})


def opt_out_numbers(people: People, *, first: int, end: int) -> list[str]:
    """NHS numbers of those of the people from `first` up to `end` who have opted out of research and planning, one in twenty."""
    person = np.arange(first, end, dtype=np.int64)
    out = person[share(person, seed=people.seed, salt=31) < _OPT_OUT_SHARE]
    return nhs_number(out, people=people.count, seed=people.seed).to_pylist()
