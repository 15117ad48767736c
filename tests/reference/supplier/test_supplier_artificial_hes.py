"""NHS England's artificial HES file goes through as published."""

import csv
import os
from datetime import date
from pathlib import Path

import duckdb
import pytest

from farr.lab.ingest.feed import Feed
from farr.lab.model.agreement import Agreement, OptOuts, Terms
from farr.lab.model.discover import discover
from farr.supplier.deidentify import deidentify
from farr.supplier.jobs import jobs_of
from farr.supplier.keys import MasterKey
from farr.supplier.order import order_of

SHARED = Path(os.environ.get("FARR_SHARED_DATA", Path(__file__).parents[3].parent / "shared" / "data"))
HES = SHARED / "hes_artificial" / "data__apc__artificial_hes_apc_0102_truncated.csv"


@pytest.fixture
def run(tmp_path):
    if not HES.exists():
        pytest.skip(f"the artificial HES file is not at {HES}")
    terms = Terms(
        id="artificial", title="Artificial HES", legal_basis="open data", purposes=("test",), datasets=("apc_episode",),
        period_first="2001-04", period_last="2002-03", starts=date(2024, 1, 1), ends=date(2026, 1, 1), retention_years=4,
        policy="hes_2018", opt_outs=OptOuts.NOT_APPLIED, opt_outs_reason="artificial records are about no person",
    )  # fmt: skip
    order = order_of(Agreement(terms=terms), MasterKey(b"h" * 32), tmp_path, today=date(2025, 1, 1))
    (job,) = jobs_of([HES], order, discover("farr.lab.ingest.feeds", Feed))
    return deidentify([job], order)[0], job


def test_the_artificial_hes_file_goes_through_unedited(run):
    manifest, job = run
    with HES.open(newline="") as file:
        rows = list(csv.DictReader(file))
    sent = [row for row in rows if "2001-04" <= row["EPIEND"][:7] <= "2002-03"]
    assert manifest.rows_read == len(rows) == 2075
    assert manifest.rows_written == len(sent)
    assert sum(manifest.rows_rejected.values()) == len(rows) - len(sent)
    assert all(reason.startswith("EPIEND") for reason in manifest.rows_rejected)
    people = duckdb.connect().from_parquet(str(job.clean)).aggregate("count(DISTINCT Der_Pseudo_NHS_Number)").fetchone()
    assert people == (len({row["PSEUDO_HESID"] for row in sent}),)


def test_its_small_areas_are_counted_where_no_lookup_is_given(run):
    manifest, job = run
    reasons = manifest.values_lost["Deprivation_Decile"]
    assert list(reasons) == ["no lookup of small areas was given (--small-areas)"]
    assert reasons == manifest.values_lost["Locality_Code"]
    filled = duckdb.connect().from_parquet(str(job.clean)).aggregate("count(Deprivation_Decile), count(Locality_Code)").fetchone()
    assert filled == (0, 0)


def test_none_of_its_own_pseudonyms_or_small_areas_survives(run):
    _, job = run
    with HES.open(newline="") as file:
        rows = list(csv.DictReader(file))
    sent = {row[name] for row in rows for name in ("PSEUDO_HESID", "LSOA01", "LSOA11") if len(row[name]) > 4}
    clean = {value for row in duckdb.connect().from_parquet(str(job.clean)).fetchall() for value in row}
    assert sent
    assert not sent & clean
