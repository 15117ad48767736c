"""Episodes as the feed's columns, and the few rows that are wrong on purpose."""

import numpy as np
import pyarrow as pa

from farr.supplier.synthetic import identities
from farr.supplier.synthetic.casemix import BIRTH, MATERNITY, casemix
from farr.supplier.synthetic.episodes import DIAGNOSES, PROCEDURES, Episodes, codes
from farr.supplier.synthetic.people import People
from farr.supplier.synthetic.spells import METHODS, TRANSFER, Spells

DIRTY_SHARE = 0.001
DIRTY_KINDS = {
    "start_after_end": "Episode_Start_Date is after Episode_End_Date",
    "sex": "Sex is a code that does not exist",
    "admission_method": "Admission_Method is a code that does not exist",
    "diagnosis": "Diagnosis_01 is not of the form of an ICD-10 code",
}
_PRIVATE_SHARE, _SELF_DISCHARGE_SHARE, _NO_HRG_SHARE = 0.005, 0.015, 0.004


def feed_table(rng: np.random.Generator, people: People, spells: Spells, made: Episodes, first_spell: int) -> pa.Table:
    """All columns of the admitted-care feed for some episodes. `first_spell` numbers the spells from there on.

    As in HES, an episode that does not end its spell has no discharge date and discharge method 8."""
    columns = {
        **_keys(made, first_spell),
        **_person(people, spells, made),
        **_place(people, spells, made),
        **_admission(rng, spells, made),
        **_episode(spells, made),
        **_groups(rng, spells, made),
    }
    return pa.table(columns)


def _keys(made: Episodes, first_spell: int) -> dict[str, pa.Array]:
    spell = made.spell.astype(np.int64) + first_spell
    return {"APCE_Ident": pa.array(spell * 10 + made.number), "APCS_Ident": pa.array(spell).cast(pa.string())}


def _person(people: People, spells: Spells, made: Episodes) -> dict[str, pa.Array]:
    person, seed = spells.person[made.spell], people.seed
    return {
        "NHS_Number": identities.nhs_number(person, people=people.count, seed=seed),
        "Patient_Name": identities.name(person, seed=seed),
        "Birth_Date": _date(spells.birth_day[made.spell]),
        "Sex": identities.dictionary(spells.sex[made.spell] - 1, ["1", "2"]),
        "Ethnic_Group": identities.ethnic_group(person, seed=seed),
    }


def _place(people: People, spells: Spells, made: Episodes) -> dict[str, pa.Array]:
    world = people.organisations
    practice, area = spells.practice[made.spell], spells.area[made.spell]
    commissioner = world.practice_commissioner[practice]
    return {
        "Postcode": identities.postcode(spells.person[made.spell], area, world.area_district(), seed=people.seed),
        "LSOA": identities.dictionary(area, world.area_code()),
        "Provider_Code": identities.dictionary(spells.provider[made.spell], world.provider_code),
        "Commissioner_Code": identities.dictionary(commissioner, world.commissioner_code),
        "GP_Practice_Code": identities.dictionary(practice, world.practice_code),
        "Region_Code": identities.dictionary(world.commissioner_region[commissioner], world.region_code),
    }


def _admission(rng: np.random.Generator, spells: Spells, made: Episodes) -> dict[str, pa.Array]:
    spell, stream = made.spell, casemix().stream[spells.pathway]
    draw = rng.random((4, len(spells)))
    source = np.select([spells.kind == TRANSFER, stream == BIRTH, (spells.age > 80) & (draw[0] < 0.12)], [1, 2, 3], 0)
    classification = np.select([stream == "regular", ~spells.ordinary], [2, 1], 0)
    ended = np.select([spells.died, draw[1] < _SELF_DISCHARGE_SHARE * spells.ordinary], [2, 1], 0)
    goes = np.select([spells.died, spells.moved, (spells.age > 80) & (draw[2] < 0.15) & (spells.stay > 0)], [3, 1, 2], 0)
    private = (draw[3] < _PRIVATE_SHARE).astype(np.int8)
    return {
        "Admission_Date": _date(spells.admitted[spell]),
        "Admission_Method": identities.dictionary(spells.method[spell], [*METHODS, "77"]),
        "Source_of_Admission": identities.dictionary(source[spell], ["19", "51", "79", "54"]),
        "Patient_Classification": identities.dictionary(classification[spell], ["1", "2", "3"]),
        "Administrative_Category": identities.dictionary(private[spell], ["01", "02"]),
        "Discharge_Date": _date(spells.left[spell], missing=~made.last),
        "Discharge_Method": identities.dictionary(np.where(made.last, ended[spell], 3), ["1", "2", "4", "8"]),
        "Discharge_Destination": identities.dictionary(np.where(made.last, goes[spell], 4), ["19", "51", "54", "79", "98"]),
    }


def _episode(spells: Spells, made: Episodes) -> dict[str, pa.Array]:
    mix, held, pathway = casemix(), codes(), spells.pathway[made.spell]
    specialties, place = np.unique(mix.specialty, return_inverse=True)
    kind = np.select([mix.stream[pathway] == BIRTH, (mix.stream[pathway] == MATERNITY) & _delivers(pathway)], [2, 1], 0)
    specialty = identities.dictionary(place[pathway], [str(each) for each in specialties])
    return {
        "Episode_Number": pa.array(made.number),
        "Episode_Start_Date": _date(made.start),
        "Episode_End_Date": _date(made.end),
        "Episode_Status": identities.dictionary(np.zeros(len(made), dtype=np.int8), ["3"]),
        "Episode_Type": identities.dictionary(kind, ["1", "2", "3"]),
        "Main_Specialty_Code": specialty,
        "Treatment_Function_Code": specialty,
        **{f"Diagnosis_{n + 1:02d}": identities.dictionary(made.diagnosis[:, n], held.diagnosis) for n in range(DIAGNOSES)},
        **{f"Procedure_{n + 1:02d}": identities.dictionary(made.procedure[:, n], held.procedure) for n in range(PROCEDURES)},
    }


def _delivers(pathway: np.ndarray) -> np.ndarray:
    return np.array([bool(own) for own in casemix().procedures])[pathway]


def _groups(rng: np.random.Generator, spells: Spells, made: Episodes) -> dict[str, pa.Array]:
    groups, place = np.unique(casemix().hrg, return_inverse=True)
    known = ["", *(str(group) for group in groups)]
    spell_group = np.where(rng.random(len(spells)) < _NO_HRG_SHARE, 0, place[spells.pathway] + 1)
    chemotherapy = (casemix().hrg[spells.pathway] == "SB97Z").astype(np.int8)
    nothing = np.zeros(len(made), dtype=np.int32)
    return {
        "FCE_HRG": identities.dictionary(spell_group[made.spell], known),
        "FCE_Group_Status": identities.dictionary(made.included.astype(np.int8), ["Exc", "Inc"]),
        "FCE_Unbundled_HRGs": identities.dictionary(chemotherapy[made.spell], ["", "SB12Z"]),
        "Spell_Core_HRG": identities.dictionary(spell_group[made.spell], known),
        "Der_PbR_ACC_Days": pa.array(made.critical_days.astype(np.int32)),
        "Der_PbR_PCC_Days": pa.array(nothing),
        "Der_PbR_NCC_Days": pa.array(made.newborn_critical_days.astype(np.int32)),
        "Der_SEM_SPC_Days": pa.array(nothing),
        "Der_SEM_Rehab_Days": pa.array(made.rehabilitation_days.astype(np.int32)),
    }


def _date(day: np.ndarray, *, missing: np.ndarray | None = None) -> pa.Array:
    return pa.array(day.astype(np.int32), mask=missing).cast(pa.date32())


def with_dirt(rng: np.random.Generator, table: pa.Table) -> tuple[pa.Table, dict[str, int]]:
    """The table with about one row in a thousand spoilt, one fault a row, and how many of each kind there are."""
    kinds = list(DIRTY_KINDS)
    fault = np.where(rng.random(table.num_rows) < DIRTY_SHARE, rng.integers(0, len(kinds), table.num_rows), -1)
    spoilt = {"sex": ("Sex", "7"), "admission_method": ("Admission_Method", "77"), "diagnosis": ("Diagnosis_01", "??12")}
    for kind, (column, value) in spoilt.items():
        table = _replaced(table, column, fault == kinds.index(kind), value)
    late = fault == kinds.index("start_after_end")
    start = table["Episode_Start_Date"].combine_chunks().cast(pa.int32()).to_numpy() + np.where(late, 4_000, 0)
    position = table.schema.get_field_index("Episode_Start_Date")
    table = table.set_column(position, "Episode_Start_Date", _date(start))
    return table, {kind: int((fault == number).sum()) for number, kind in enumerate(kinds)}


def _replaced(table: pa.Table, column: str, which: np.ndarray, value: str) -> pa.Table:
    old = table[column].combine_chunks()
    values = old.dictionary.to_pylist()
    indices = old.indices.to_numpy(zero_copy_only=False).copy()
    if value not in values:
        values.append(value)
    indices = np.where(which, values.index(value), indices)
    new = pa.DictionaryArray.from_arrays(pa.array(indices, type=pa.int32(), from_pandas=True), pa.array(values, type=pa.string()))
    return table.set_column(table.schema.get_field_index(column), column, new)
