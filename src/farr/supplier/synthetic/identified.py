"""The columns that every activity feed has: who the person is, where they live and which organisations are theirs."""

import numpy as np
import pyarrow as pa

from farr.supplier.synthetic import identities
from farr.supplier.synthetic.people import People


def person_columns(people: People, person: np.ndarray, sex: np.ndarray, birth_day: np.ndarray) -> dict[str, pa.Array]:
    """What points to the people, their sex (1 or 2) and ethnic group."""
    return {
        "NHS_Number": identities.nhs_number(person, people=people.count, seed=people.seed),
        "Patient_Name": identities.name(person, seed=people.seed),
        "Birth_Date": date_column(birth_day),
        "Sex": identities.dictionary(sex - 1, ["1", "2"]),
        "Ethnic_Group": identities.ethnic_group(person, seed=people.seed),
    }


def place_columns(
    people: People, person: np.ndarray, *, practice: np.ndarray, area: np.ndarray, provider: np.ndarray
) -> dict[str, pa.Array]:
    """Home and organisations (indices), by the codes they have at the start."""
    world = people.organisations
    commissioner = world.practice_commissioner[practice]
    return {
        "Postcode": identities.postcode(person, area, world.area_district, seed=people.seed),
        "LSOA": identities.dictionary(area, world.area_code),
        "Provider_Code": identities.dictionary(provider, world.provider_code),
        "Commissioner_Code": identities.dictionary(commissioner, world.commissioner_code),
        "GP_Practice_Code": identities.dictionary(practice, world.practice_code),
        "Region_Code": identities.dictionary(world.commissioner_region[commissioner], world.region_code),
    }


def date_column(day: np.ndarray, *, missing: np.ndarray | None = None) -> pa.Array:
    """Dates of days since 1970."""
    return pa.array(day.astype(np.int32), mask=missing).cast(pa.date32())


def listed(values: np.ndarray) -> pa.Array:
    """Strings as a dictionary; the empty string is written as missing."""
    known, place = np.unique(values, return_inverse=True)
    return identities.dictionary(place, [str(each) for each in known])


def coded(values: np.ndarray, place: np.ndarray) -> pa.Array:
    """The strings in those places, as a dictionary of all that there are, whichever occur; the empty string is written as missing."""
    known, order = np.unique(values, return_inverse=True)
    return identities.dictionary(order[place], [str(each) for each in known])
