"""The spell mart against a naive twin in plain Python, on made-up histories full of ties, gaps, overlaps and missing values."""

import random
from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace

import duckdb
import ibis
import ibis.backends.sql.compilers.pyspark as pyspark_compiler
import pyarrow as pa
import pytest

from farr.lab.engine.sql import sql_of
from farr.lab.marts.definitions.apc_spell import MART
from farr.lab.marts.mart import Mart
from farr.lab.model.discover import discover
from farr.lab.model.tables.sus import APC_EPISODE

MARTS = discover("farr.lab.marts.definitions", Mart)
START = date(2024, 1, 1)
EXPRESSION = MART.expression()


def episodes(seed, people=40, rows=500):
    chance = random.Random(seed)
    return [episode(key, chance, people) for key in range(1, rows + 1)]


def episode(key, chance, people):
    admitted = START + timedelta(chance.randrange(90))
    begun = admitted + timedelta(chance.choice([0, 0, 0, 1, 3]))
    ended = begun + timedelta(chance.choice([0, 1, 2, 5, 14]))
    discharged = chance.random() < 0.8
    row = {column.name: None for column in APC_EPISODE.columns}
    return row | {
        "APCE_Ident": key,
        "Der_Pseudo_NHS_Number": None if chance.random() < 0.03 else f"p{chance.randrange(people)}",
        "Provider_Code": chance.choice(["RAA", "RBB"]),
        "Admission_Date": admitted,
        "Episode_Start_Date": begun,
        "Episode_End_Date": ended,
        "Episode_Number": chance.choice([1, 2, None]),
        "Episode_Status": chance.choice(["3", "3", "3", None, "1"]),
        "Discharge_Date": ended if discharged else None,
        "Discharge_Method": chance.choice(["1", "1", "2", "4", None]) if discharged else chance.choice(["8", "9"]),
        "Discharge_Destination": chance.choice(["19", "51", "84", None]),
        "Source_of_Admission": chance.choice(["19", "19", "51", "87", None]),
        "Admission_Method": chance.choice(["11", "21", "21", "22", "28", "2B", "81", None]),
        "Patient_Classification": chance.choice(["1", "1", "1", "2", "3", None]),
        "Age": chance.choice([3, 4, 60, 60, 60, 60, None]),
        "Diagnosis_01": chance.choice(["I10"] * 6 + ["C50", "D379", "D360", None]),
        "Procedure_01": chance.choice([None, "T202"]),
        "Spell_Core_HRG": chance.choice(["FZ18"] * 4 + ["NZ30", None]),
        "FCE_Unbundled_HRGs": chance.choice([None] * 8 + ["SB12Z", "RD20A,LE01A", "XSB1"]),
    }


def spells_twin(rows):
    threads = {}
    for row in rows:
        if row["Episode_Status"] != "1":
            person = row["Der_Pseudo_NHS_Number"] or ("alone", row["APCE_Ident"])
            threads.setdefault((person, row["Provider_Code"]), []).append(row)
    spells = []
    for thread in threads.values():
        ordered = sorted(thread, key=lambda r: (r["Episode_Start_Date"], r["Episode_End_Date"], r["Episode_Number"] or 99, r["APCE_Ident"]))
        groups = [[ordered[0]]]
        for before, row in pairwise(ordered):
            carried_on = before["Discharge_Method"] in {"8", "9"} and row["Episode_Start_Date"] == before["Episode_End_Date"]
            same = row["Admission_Date"] == before["Admission_Date"] or row["Episode_Start_Date"] == before["Episode_Start_Date"]
            if same or carried_on:
                groups[-1].append(row)
            else:
                groups.append([row])
        spells += [g for g in groups if g[-1]["Discharge_Date"] and g[-1]["Discharge_Method"] not in {"8", "9"}]
    return {group[0]["APCE_Ident"]: facts(group) for group in spells}


def facts(group):
    first, last = group[0], group[-1]
    unbundled = [code for row in group for code in (row["FCE_Unbundled_HRGs"] or "").split(",")]
    days = sum((row["Episode_End_Date"] - row["Episode_Start_Date"]).days for row in group)
    return {
        "key": first["APCE_Ident"],
        "person": first["Der_Pseudo_NHS_Number"],
        "admitted": first["Admission_Date"],
        "discharged": last["Discharge_Date"],
        "method": first["Admission_Method"],
        "source": first["Source_of_Admission"],
        "class": first["Patient_Classification"],
        "how": last["Discharge_Method"],
        "to": last["Discharge_Destination"],
        "age": first["Age"],
        "diagnosis": first["Diagnosis_01"] or "",
        "hrg": next((r["Spell_Core_HRG"] for r in group if r["Spell_Core_HRG"]), None),
        "procedure": next((r["Procedure_01"] for r in group if r["Procedure_01"]), None),
        "paid_apart": any(code.startswith(("SB", "SC", "LE")) for code in unbundled),
        "count": len(group),
        "days": max(0, days),
    }


def excluded(s):
    cancer = s["diagnosis"].startswith("C") or "D37" <= s["diagnosis"][:3] <= "D48"
    return cancer or (s["hrg"] or "").startswith("NZ") or s["paid_apart"] or (s["age"] is not None and s["age"] <= 3)


def is_index(s):
    went_home = s["how"] not in {"2", "4", "5"} and s["to"] not in {"51", "52", "53", "87"}
    return bool(s["person"]) and went_home and s["class"] not in {"3", "4"} and not excluded(s)


def is_child(s):
    emergency = s["method"] in {"21", "22", "28", "2B"} and s["class"] not in {"3", "4"}
    return emergency and s["method"] not in {"28", "2B"} and s["source"] not in {"51", "52", "53", "87"} and not excluded(s)


def place(s):
    return (s["admitted"], s["discharged"], s["key"])


def is_readmitted(s, spells):
    return is_index(s) and any(
        is_child(c) and c["person"] == s["person"] and place(c) > place(s) and 0 <= (c["admitted"] - s["discharged"]).days <= 30
        for c in spells.values()
    )


def superspell_keys(spells):
    keys, open_stays = {}, {}
    for s in sorted(spells.values(), key=place):
        if s["person"] is None or s["class"] in {"3", "4"}:
            keys[s["key"]] = s["key"]
            continue
        stay = open_stays.get(s["person"])
        if stay and continues(s, stay):
            keys[s["key"]] = stay["key"]
        else:
            keys[s["key"]] = s["key"]
        # The latest discharge of all earlier stays, with its destination.
        latest = max((stay["latest"] if stay else ("", "")), (s["discharged"].isoformat(), s["to"] or ""))
        open_stays[s["person"]] = {"key": keys[s["key"]], "latest": latest}
    return keys


def continues(s, stay):
    discharged, destination = date.fromisoformat(stay["latest"][0]), stay["latest"][1]
    moved = destination in {"49", "50", "51", "52", "53", "84"} or s["source"] in {"49", "50", "51", "52", "53", "87"}
    moved = moved or s["method"] in {"2B", "81"}
    new_stay = destination == "19" and s["source"] == "51" and s["method"] == "21"
    return (s["admitted"] - discharged).days <= 2 and moved and not new_stay


def mart_rows(rows):
    with duckdb.connect() as connection:
        for table in MART.reads:
            held = rows if table.name == "apc_episode" else []
            connection.register(table.name, pa.Table.from_pylist(held, schema=table.schema.to_pyarrow()))
        # Written out once for all seeds: that takes longer than running it.
        return {row["Spell_Key"]: row for row in connection.execute(sql_of(EXPRESSION)).to_arrow_table().to_pylist()}


@pytest.mark.parametrize("seed", range(6))
def test_the_mart_agrees_with_its_naive_twin(seed):
    rows = episodes(seed)
    found, spells = mart_rows(rows), spells_twin(rows)
    assert set(found) == set(spells)
    assert {k: r["Episode_Count"] for k, r in found.items()} == {k: s["count"] for k, s in spells.items()}
    assert {k: r["Spell_Adj_LoS"] for k, r in found.items()} == {k: s["days"] for k, s in spells.items()}
    assert {k: r["Spell_Core_HRG"] for k, r in found.items()} == {k: s["hrg"] for k, s in spells.items()}
    assert {k: r["Spell_Dominant_Procedure"] for k, r in found.items()} == {k: s["procedure"] for k, s in spells.items()}
    assert {k: r["Discharge_Destination"] for k, r in found.items()} == {k: s["to"] for k, s in spells.items()}
    assert {k: r["Superspell_Key"] for k, r in found.items()} == superspell_keys(spells)
    assert {k: r["RE30_Is_Index"] for k, r in found.items()} == {k: is_index(s) for k, s in spells.items()}
    assert {k: r["RE30_Is_Readmitted"] for k, r in found.items()} == {k: is_readmitted(s, spells) for k, s in spells.items()}
    assert any(r["RE30_Is_Readmitted"] for r in found.values())
    assert any(key != r["Superspell_Key"] for key, r in found.items())


def test_the_order_of_rows_in_the_file_changes_nothing():
    rows = episodes(99)
    shuffled = random.Random(1).sample(rows, len(rows))
    assert mart_rows(rows) == mart_rows(shuffled)


@pytest.mark.parametrize("mart", MARTS.values(), ids=MARTS)
def test_a_mart_has_the_columns_of_its_table_and_compiles_for_spark(mart, monkeypatch):
    # Ibis reads this option even where no Spark is installed to declare it.
    monkeypatch.setattr(pyspark_compiler, "options", SimpleNamespace(pyspark=SimpleNamespace(treat_nan_as_null=False)))
    expression = mart.expression()
    assert expression.schema() == mart.table.schema
    assert "SELECT" in str(ibis.to_sql(expression, dialect="pyspark"))
