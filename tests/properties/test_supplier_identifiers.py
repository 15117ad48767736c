"""No identifier survives de-identification; one person has one pseudonym in an agreement and none in common with another."""

import csv
import json
import tempfile
from datetime import date
from pathlib import Path

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from farr.lab.ingest.feed import Feed
from farr.lab.model.agreement import Agreement, OptOuts, Terms
from farr.lab.model.discover import discover
from farr.supplier.deidentify import deidentify
from farr.supplier.jobs import jobs_of
from farr.supplier.keys import MasterKey
from farr.supplier.order import order_of

FEEDS = discover("farr.lab.ingest.feeds", Feed)
# Of each feed: columns with a fixed value, the one with the record's number, and a kept one in which a displaced value may stand.
FORMS = {
    "apc_episode": (
        {"ADMIMETH": "21", "CLASSPAT": "1", "ADMIDATE": "2024-06-10", "EPISTART": "2024-06-10", "EPIEND": "2024-06-12"},
        "EPIKEY", "DIAG_4_02",
    ),
    "op_attendance": ({"APPTDATE": "2024-06-10", "FIRSTATT": "1", "ATTENDED": "5"}, "ATTENDKEY", "DIAG_4_02"),
    "ae_attendance": (
        {"ARRIVALDATE": "2024-06-10", "ARRIVALTIME": "1347", "AEDEPTTYPE": "01", "AEATTENDCAT": "1", "AEATTENDDISP": "03"},
        "AEKEY", "INVEST2_01",
    ),
    "ecds_attendance": (
        {"Arrival_Date": "2024-06-10", "Department_Type": "01", "Attendance_Category": "1"}, "EC_Ident", "Discharge_Destination",
    ),
    "critical_care": ({"CCSTARTDATE": "2024-06-10", "CCDISDATE": "2024-06-12", "EPIKEY": "5"}, "CC_Ident", "Unbundled_HRG"),
}  # fmt: skip
SPELLINGS = (
    lambda n: n,
    lambda n: f"{n[:3]} {n[3:6]} {n[6:]}",
    lambda n: f"{n[:3]}-{n[3:6]}-{n[6:]}",
    lambda n: f" {n[:5]} {n[5:]} ",
)


def with_check_digit(stem: str) -> str | None:
    check = (11 - sum((10 - place) * int(digit) for place, digit in enumerate(stem)) % 11) % 11
    return None if check == 10 or len(set(stem)) == 1 else f"{stem}{check}"


nhs_numbers = st.from_regex(r"[49][0-9]{8}", fullmatch=True).map(with_check_digit).filter(lambda number: number is not None)
people = st.fixed_dictionaries(
    {
        "nhs": nhs_numbers,
        "name": st.text("BCDFGHJKLMNPQRSTVWXZ", min_size=7, max_size=12),
        "birth": st.dates(date(1920, 1, 1), date(2024, 5, 31)).map(date.isoformat),
        "postcode": st.from_regex(r"[A-Z]{1,2}[1-9][0-9]? [0-9][ABD-HJLNP-UW-Z]{2}", fullmatch=True),
        "lsoa": st.from_regex(r"E0[1][0-9]{6}", fullmatch=True),
        "spelling": st.sampled_from(SPELLINGS),
        "displaced": st.sampled_from(["", "", "nhs", "name", "postcode", "lsoa"]),
    }
)


def sent_row(number: int, person: dict, feed: str = "apc_episode") -> dict:
    fixed, key, other = FORMS[feed]
    return {
        **fixed,
        "PROCODE3": "RR8",
        key: str(77_000_000_000 + number),
        "NHSNO": person["spelling"](person["nhs"]),
        "Surname": person["name"],
        "Birth_Date": person["birth"],
        "Postcode": person["postcode"],
        "LSOA11": person["lsoa"],
        "Comment": f"{person['name']} {person['nhs']}",
        # A value in the wrong column, as when a file's columns have shifted.
        other: person[person["displaced"]] if person["displaced"] else "",
    }


def run(folder: Path, rows: list[dict], agreement_id: str, name: str):
    raw = folder / f"{name}.csv"
    with raw.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    terms = Terms(
        id=agreement_id, title="t", legal_basis="t", purposes=("p",), datasets=tuple({feed.table.name for feed in FEEDS.values()}),
        period_first="2024-04", period_last="2025-03", starts=date(2024, 1, 1), ends=date(2026, 1, 1), retention_years=4, policy="hes_2018",
        opt_outs=OptOuts.NOT_APPLIED, opt_outs_reason="test",
    )  # fmt: skip
    order = order_of(Agreement(terms=terms), MasterKey(b"k" * 32), folder / agreement_id, today=date(2024, 9, 1))
    (job,) = jobs_of([raw], order, FEEDS)
    (manifest,) = deidentify([job], order)
    relation = duckdb.connect().from_parquet(str(job.clean))
    return manifest, job, [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def safe(person: dict, number: int) -> dict:
    # The first person's row always leaves, so that there is a clean file to look into.
    return {**person, "displaced": ""} if number == 0 else person


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(FORMS)), st.lists(people, min_size=1, max_size=8))
def test_no_identifier_survives(feed, found):
    found = [safe(person, number) for number, person in enumerate(found)]
    with tempfile.TemporaryDirectory() as folder:
        rows = [sent_row(number, person, feed) for number, person in enumerate(found)]
        manifest, job, clean = run(Path(folder), rows, "north", "june")
        assert manifest.feed == feed
        texts = " ".join(str(value) for row in clean for value in row.values()) + " ".join(clean[0])
        # The file's own bytes too: Parquet keeps least and greatest values outside the compressed pages.
        seen = texts + job.manifest.read_text() + job.clean.read_bytes().decode("latin-1")
    for person, row in zip(found, rows, strict=True):
        compact = person["postcode"].replace(" ", "")
        for identifier in (person["nhs"], row["NHSNO"].strip(), person["name"], person["postcode"], compact, person["lsoa"]):
            assert identifier not in seen
        assert person["birth"] not in seen
    assert manifest.rows_read == len(rows) == manifest.rows_written + manifest.opt_outs.rows + sum(manifest.rows_rejected.values())
    assert json.loads(json.dumps(manifest.rows_rejected)).keys() <= {"a column to be kept holds an identifier"}


@settings(max_examples=15, deadline=None)
@given(people, people.filter(lambda person: person["displaced"] == ""))
def test_one_person_has_one_pseudonym_in_an_agreement_and_another_elsewhere(one, other):
    one, other = safe(one, 0), safe(other, 0)
    rows = [sent_row(number, {**one, "spelling": spelling}) for number, spelling in enumerate(SPELLINGS)]
    rows.append(sent_row(len(rows), other))
    with tempfile.TemporaryDirectory() as folder:
        *_, here = run(Path(folder), rows, "north", "june")
        *_, again = run(Path(folder), rows, "north", "july")
        *_, elsewhere = run(Path(folder), rows, "south", "june")
    pseudonyms = [row["Der_Pseudo_NHS_Number"] for row in here]
    assert len(set(pseudonyms[:-1])) == 1
    assert (pseudonyms[-1] == pseudonyms[0]) == (one["nhs"] == other["nhs"])
    assert [row["Der_Pseudo_NHS_Number"] for row in again] == pseudonyms
    assert not {row["Der_Pseudo_NHS_Number"] for row in elsewhere} & set(pseudonyms)
