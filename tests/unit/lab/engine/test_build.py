"""Marts: written whole in one commit, from declared tables only, and silent about values when the engine fails."""

import traceback
from pathlib import Path

import duckdb
import ibis
import pyarrow.parquet as pq
import pytest

from farr.lab.engine.build import build
from farr.lab.engine.errors import EngineFailed, QuestionRefused, StoreError
from farr.lab.engine.store import Store
from farr.lab.model.period import Month
from farr.lab.model.table import Column, TableDeclaration, TableKind


def table(name: str, kind: TableKind, month: bool, *columns: tuple[str, str]) -> TableDeclaration:
    declared = tuple(Column(name=column, type=of, meaning="m", source="s") for column, of in columns)
    return TableDeclaration(
        name=name, title=name, description="", kind=kind, policy="hes_2018", key=(), columns=declared,
        month="Activity_Month" if month else None,
    )  # fmt: skip


VISIT = table("visit", TableKind.STAGED, True, ("Key", "int64"), ("Code", "string"), ("Activity_Month", "string"))
PLACE = table("place", TableKind.REFERENCE, False, ("Code", "string"), ("Region", "string"))
STAY = table("stay", TableKind.MART, True, ("Key", "int64"), ("Region", "string"), ("Activity_Month", "string"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store")
    load(store, {Month(2024, 1): 3, Month(2024, 2): 4})
    return store


def load(store: Store, months: dict[Month, int]) -> None:
    with store.staging("visit") as folder:
        staged = {}
        for month, rows in months.items():
            path = folder / f"{month}.parquet"
            duckdb.sql(f"copy (select range as Key, 'SECRET' as Code from range({rows})) to '{path}' (format parquet)")
            staged[month] = [path]
        store.replace(VISIT, staged, {}, whole=True)


def stays() -> ibis.Table:
    visit, place = VISIT.unbound, PLACE.unbound
    return visit.left_join(place, "Code").select("Key", "Region", "Activity_Month")


def test_a_mart_is_rebuilt_whole_and_a_missing_reference_has_no_rows(store):
    assert build(store, STAY, stays(), [VISIT, PLACE], {"code": "1"}).version == 0
    assert store.months("stay") == [Month(2024, 1), Month(2024, 2)]
    assert store.rows("stay") == 7
    load(store, {Month(2024, 2): 1, Month(2024, 3): 2})
    assert build(store, STAY, stays(), [VISIT, PLACE], {"code": "2"}).version == 1
    assert store.months("stay") == [Month(2024, 2), Month(2024, 3)]
    assert store.history("stay")[1]["reads"] == {"visit": 1, "place": None}
    assert [pq.read_table(path).num_rows for path in store.files("stay")] == [1, 2]


def test_a_reference_that_is_there_is_joined(store):
    with store.staging("place") as folder:
        duckdb.sql(f"copy (select 'SECRET' as Code, 'North' as Region) to '{folder}/p.parquet' (format parquet)")
        store.replace(PLACE, [folder / "p.parquet"], {})
    build(store, STAY, stays(), [VISIT, PLACE], {})
    assert set(pq.read_table(store.files("stay")[0])["Region"].to_pylist()) == {"North"}


def test_a_mart_without_rows_is_empty_and_a_mart_without_months_is_one_file(store):
    build(store, STAY, stays().filter(ibis.literal(False)), [VISIT, PLACE], {})
    assert (store.version("stay"), store.months("stay"), store.rows("stay")) == (0, [], 0)
    code = table("code", TableKind.MART, False, ("Code", "string"))
    build(store, code, VISIT.unbound.select("Code").distinct(), [VISIT], {})
    assert store.rows("code") == 1


def test_records_that_were_never_loaded_are_named(tmp_path):
    with pytest.raises(StoreError, match="needs the table 'visit', which was never loaded; type: farr ingest FILE"):
        build(Store(tmp_path), STAY, stays(), [VISIT, PLACE], {})


def test_what_the_mart_does_not_declare_to_read_is_refused(store):
    with pytest.raises(QuestionRefused, match="'place'"):
        build(store, STAY, stays(), [VISIT], {})
    loose = ibis.memtable({"Key": [1], "Region": ["a"], "Activity_Month": ["2024-01"]}).select("Key", "Region", "Activity_Month")
    with pytest.raises(QuestionRefused, match="InMemoryTable"):
        build(store, STAY, loose, [VISIT, PLACE], {})
    with pytest.raises(QuestionRefused, match="declared columns"):
        build(store, STAY, VISIT.unbound, [VISIT], {})


def test_a_row_without_a_month_is_an_error(store):
    nowhere = stays().mutate(Activity_Month=ibis.null("string"))
    with pytest.raises(StoreError, match="is no month"):
        build(store, STAY, nowhere, [VISIT, PLACE], {})
    assert store.version("stay") is None


def test_an_engine_error_says_the_step_and_no_value(store):
    failing = VISIT.unbound.select(
        Key=VISIT.unbound.Code.cast("int64"), Region=ibis.literal("a"), Activity_Month="Activity_Month"
    )  # fmt: skip
    with pytest.raises(EngineFailed, match="build stay: visit@0") as raised:
        build(store, STAY, failing, [VISIT], {})
    assert raised.value.__cause__ is None and raised.value.__context__ is None
    assert "SECRET" not in "".join(traceback.format_exception(raised.value))
