"""DuckDB against naive twins: what marts derive, worked out again in plain Python from the same random rows."""

import random
from datetime import date, timedelta
from functools import cache

import duckdb
import pyarrow as pa
import pytest

from farr.lab.engine.sql import sql_of
from farr.lab.marts.definitions.ae_visit import MART as AE_VISIT
from farr.lab.marts.definitions.apc_spell import MART as APC_SPELL
from farr.lab.marts.definitions.episode_group import MART as EPISODE_GROUP
from farr.lab.marts.definitions.organisation_current import MART as ORGANISATION_CURRENT

START = date(2024, 1, 1)
MARTS = {mart.table.name: mart for mart in (AE_VISIT, APC_SPELL, EPISODE_GROUP, ORGANISATION_CURRENT)}
PLACES = ["RAA", "RBB", "RCC", "RDD"]


def answer(mart, **given):
    """The mart's rows by key, where the tables named hold these rows and others none."""
    with duckdb.connect() as connection:
        for table in mart.reads:
            rows = [{column.name: row.get(column.name) for column in table.columns} for row in given.get(table.name, [])]
            connection.register(table.name, pa.Table.from_pylist(rows, schema=table.schema.to_pyarrow()))
        return {row[mart.table.key[0]]: row for row in connection.execute(written(mart.table.name)).to_arrow_table().to_pylist()}


@cache
def written(name):
    """A mart in SQL, written out once for all seeds: that takes longer than running it."""
    return sql_of(MARTS[name].expression())


def stays(chance, count=300, people=30):
    """Episodes that are each a whole spell of their own: no two of a person begin on one day at one provider."""
    rows = {}
    for key in range(1, count + 1):
        admitted = START + timedelta(chance.randrange(200))
        discharged = admitted + timedelta(chance.choice([0, 0, 1, 4, 20]))
        person, provider = chance.choice([None, *(f"p{n}" for n in range(people))]), chance.choice(PLACES)
        rows[(person or key, provider, admitted)] = {
            "APCE_Ident": key, "Der_Pseudo_NHS_Number": person, "Provider_Code": provider, "Admission_Date": admitted,
            "Site_Code": f"{provider}0{key % 3}" if key % 3 else None,
            "Episode_Start_Date": admitted, "Episode_End_Date": discharged, "Discharge_Date": discharged,
            "Discharge_Method": chance.choice(["1", "1", "1", "2", "4"]), "Discharge_Destination": chance.choice(["19", "19", "51"]),
            "Source_of_Admission": chance.choice(["19", "19", "51"]), "Admission_Method": chance.choice(["11", "21", "22", "2B", "31"]),
            "Patient_Classification": chance.choice(["1", "1", "1", "2", "3"]), "Main_Specialty_Code": chance.choice(["300", "300", "501"]),
            "Diagnosis_01": chance.choice(["J189", "I219", "O200", None]), "Diagnosis_07": chance.choice([None, None, None, "C349"]),
        }  # fmt: skip
    return list(rows.values())


def later(rows, row):
    place = (row["Admission_Date"], row["Discharge_Date"], row["Spell_Key"])
    return [
        other for other in rows
        if row["Der_Pseudo_NHS_Number"] and other["Der_Pseudo_NHS_Number"] == row["Der_Pseudo_NHS_Number"]
        and place < (other["Admission_Date"], other["Discharge_Date"], other["Spell_Key"])
        and other["Admission_Date"] >= row["Discharge_Date"]
    ]  # fmt: skip


def days(row, other):
    return (other["Admission_Date"] - row["Discharge_Date"]).days


def nhp(rows):
    """Spells that an NHP readmission follows."""
    alive = [r for r in rows if r["Discharge_Method"] != "4" and r["Patient_Classification"] != "3"]
    return {
        row["Spell_Key"] for row in alive for other in later(rows, row)
        if other["Admission_Method"] in {"21", "22", "2B"} and days(row, other) <= 28
        and other["Admission_Date"] > row["Admission_Date"] and other["Discharge_Date"] > row["Discharge_Date"]
    }  # fmt: skip


def i02040(rows, with_cancer):
    """Spells that an I02040 readmission follows: each return belongs to the last index discharge before it."""
    by_stay = {}
    for row in rows:
        by_stay.setdefault(row["Superspell_Key"], []).append(row)
    last = {max(s, key=lambda r: (r["Discharge_Date"], r["Admission_Date"], r["Spell_Key"]))["Spell_Key"] for s in by_stay.values()}
    sick = {key for key, stay in by_stay.items() if any(r["Spell_Key"] in with_cancer for r in stay)}

    def is_out(r):
        primary = r["Spell_Primary_Diagnosis"] or ""
        birth = primary.startswith("O") or r["Main_Specialty_Code"] == "501" or r["Admission_Method"] == "31"
        return birth or r["Superspell_Key"] in sick or r["Patient_Classification"] == "3"

    index = [
        r for r in rows
        if r["Spell_Key"] in last and not is_out(r) and r["Discharge_Method"] != "4" and r["Der_Management_Type"] != "DC"
    ]  # fmt: skip
    found = set()
    for back in rows:
        if back["Spell_Key"] == back["Superspell_Key"] and back["Admission_Method"] in {"21", "22", "2B"} and not is_out(back):
            before = [r for r in index if back in later([back], r) and days(r, back) <= 29]
            if before:
                found.add(max(before, key=lambda r: (r["Discharge_Date"], r["Spell_Key"]))["Spell_Key"])
    return found, {r["Spell_Key"] for r in index if r["Der_Pseudo_NHS_Number"]}, last


@pytest.mark.parametrize("seed", range(3))
def test_readmissions_are_those_found_by_hand(seed):
    episodes = stays(random.Random(seed))
    found = answer(APC_SPELL, apc_episode=episodes)
    rows = list(found.values())
    with_cancer = {e["APCE_Ident"] for e in episodes if e["Diagnosis_07"]}
    readmitted, index, last = i02040(rows, with_cancer)
    assert len(rows) == len(episodes)
    assert {key for key, row in found.items() if row["NHP_Is_Readmitted"]} == nhp(rows)
    assert {key for key, row in found.items() if row["Continuous_Stay_Is_Last"]} == last
    assert {key for key, row in found.items() if row["I02040_Is_Index"]} == index
    assert {key for key, row in found.items() if row["I02040_Is_Readmitted"]} == readmitted
    assert readmitted and nhp(rows)


@pytest.mark.parametrize("seed", range(2))
def test_critical_care_and_successors_are_those_found_by_hand(seed):
    chance = random.Random(seed)
    episodes = stays(chance)
    periods = [
        {"CC_Ident": key, "APCE_Ident": chance.randrange(1, 340), "CC_Days_LOS": chance.choice([None, 1, 7]),
         "Der_Pseudo_NHS_Number": chance.choice([None, "p1", "p2"])}
        for key in range(400)
    ]  # fmt: skip
    person_of = {e["APCE_Ident"]: e["Der_Pseudo_NHS_Number"] for e in episodes}
    periods += [{"CC_Ident": 1000 + key, "APCE_Ident": key, "CC_Days_LOS": 3, "Der_Pseudo_NHS_Number": person_of[key]} for key in person_of]
    links = {(chance.choice(PLACES), chance.choice([*PLACES, "REE"])) for _ in range(4)}
    current = answer(ORGANISATION_CURRENT, organisation_successor=[{"Organisation_Code": a, "Successor_Code": b} for a, b in links])
    found = answer(APC_SPELL, apc_episode=episodes, critical_care=periods, organisation_current=list(current.values()))
    for key, row in found.items():
        own = [p for p in periods if p["APCE_Ident"] == key and p["Der_Pseudo_NHS_Number"] and p["Der_Pseudo_NHS_Number"] == person_of[key]]
        assert row["Critical_Care_Days"] == sum(p["CC_Days_LOS"] or 0 for p in own)
        assert row["Has_Critical_Care_Record"] == bool(own)
        assert row["Provider_Code"] == followed(row["Provider_Code_As_Was"], links)
        assert row["Site_Code"] == (f"{row['Provider_Code_As_Was']}0{key % 3}" if key % 3 else f"{row['Provider_Code_As_Was']}@")


def followed(code, links):
    for _ in range(6):
        successors = {b for a, b in links if a == code and a != b}
        if len(successors) != 1:
            break
        code = successors.pop()
    return code


@pytest.mark.parametrize("seed", range(3))
def test_episode_groups_are_those_found_by_hand(seed):
    chance = random.Random(seed)
    spells = []
    for key in range(1, 300):
        admitted = START + timedelta(chance.randrange(500))
        spells.append({
            "Spell_Key": key, "Der_Pseudo_NHS_Number": chance.choice([None, "p1", "p2", "p3", "p4"]), "Admission_Date": admitted,
            "Discharge_Date": admitted + timedelta(chance.choice([0, 1, 5, 40])), "Length_of_Stay": 1,
            "Episode_Group_Code": chance.choice(["copd", "hernia", "sepsis", None]),
        })  # fmt: skip
    expected, open_groups = {}, {}
    for spell in sorted(spells, key=lambda s: (s["Admission_Date"], s["Discharge_Date"], s["Spell_Key"])):
        thread = (spell["Der_Pseudo_NHS_Number"] or spell["Spell_Key"], spell["Episode_Group_Code"])
        if thread[1] is None:
            continue
        key, latest = open_groups.get(thread, (None, None))
        clean = 90 if thread[1] == "copd" else 30
        if key is None or (spell["Admission_Date"] - latest).days > clean:
            key, latest = spell["Spell_Key"], spell["Discharge_Date"]
        expected.setdefault(key, []).append(spell)
        open_groups[thread] = (key, max(latest, spell["Discharge_Date"]))
    found = answer(EPISODE_GROUP, apc_spell=spells)
    assert {key: row["Spell_Count"] for key, row in found.items()} == {key: len(group) for key, group in expected.items()}
    assert {key: row["End_Date"] for key, row in found.items()} == {k: max(s["Discharge_Date"] for s in g) for k, g in expected.items()}
    assert any(len(group) > 2 for group in expected.values())


@pytest.mark.parametrize("seed", range(3))
def test_reattendances_are_those_found_by_hand(seed):
    chance = random.Random(seed)
    visits = [
        {"AEA_Ident": key, "Der_Pseudo_NHS_Number": chance.choice([None, *(f"p{n}" for n in range(20))]),
         "Arrival_Date": START + timedelta(chance.randrange(120)), "Arrival_Hour": chance.choice([None, 3, 15]),
         "Attendance_Category": chance.choice(["1", "1", "2", "3", None])}
        for key in range(1, 300)
    ]  # fmt: skip

    def place(visit):
        hour = visit["Arrival_Hour"]
        return (visit["Arrival_Date"], -1 if hour is None else hour, visit["AEA_Ident"])

    def came_back(visit):
        same = [v for v in visits if visit["Der_Pseudo_NHS_Number"] and v["Der_Pseudo_NHS_Number"] == visit["Der_Pseudo_NHS_Number"]]
        near = [v for v in same if place(v) < place(visit) and (visit["Arrival_Date"] - v["Arrival_Date"]).days <= 7]
        return bool(near) and visit["Attendance_Category"] in {"1", "3"}

    found = answer(AE_VISIT, ae_attendance=visits)
    assert {key for key, row in found.items() if row["Is_Reattendance"]} == {v["AEA_Ident"] for v in visits if came_back(v)}
