"""Records at rest: a key a financial year, told by the name of the file; what is lost, wrong or destroyed."""

import base64
import shutil
import stat

import duckdb
import pyarrow.parquet as pq
import pytest

from farr.lab.engine.at_rest.keys import PASSING, Keys, by_key, key_name
from farr.lab.engine.at_rest.rekey import plain_copies
from farr.lab.engine.duckdb import Limits, connect, present, quoted
from farr.lab.engine.errors import EngineFailed, StoreError
from farr.lab.engine.store import Store
from farr.lab.model.period import FinancialYear, Month
from farr.lab.model.table import Column, TableDeclaration, TableKind

MARCH, APRIL, MAY = Month(2020, 3), Month(2020, 4), Month(2020, 5)
OLD, NEW = FinancialYear(2019), FinancialYear(2020)
VISIT = TableDeclaration(
    name="visit", title="Visit", description="", kind=TableKind.STAGED, policy="hes_2018", key=("Key",), person="Person",
    month="Activity_Month",
    columns=tuple(Column(name=name, type=kind, meaning="m", source="s") for name, kind in
                  (("Key", "int64"), ("Person", "string"), ("Activity_Month", "string"))),
)  # fmt: skip


def opened(tmp_path, *, sealing: bool = True) -> Store:
    return Store(tmp_path / "store", keys=Keys(tmp_path / "keys", tmp_path / "store" / "_keys"), sealing=sealing)


def load(store: Store, *months: Month, rows: int = 3) -> int:
    with store.staging("visit") as folder:
        staged = {month: [folder / f"{month}.parquet"] for month in months}
        for (path,) in staged.values():
            duckdb.sql(f"copy (select range as Key, 'SECRET' || range as Person from range({rows})) to '{path}' (format parquet)")
        return store.replace(VISIT, staged, {})


def people(store: Store, **more) -> int:
    files = store.files("visit")
    with connect(files=files, keys=store.keys, **more) as connection:
        present(connection, VISIT, files)
        return connection.execute("select count(distinct Person || Activity_Month) from visit").fetchone()[0]


def test_each_month_is_written_with_the_key_of_its_financial_year(tmp_path):
    store = opened(tmp_path)
    load(store, MARCH, APRIL, MAY)
    named = {month: [key_name(path) for path in paths] for month, paths in store.files_by_month("visit").items()}
    assert named == {MARCH: ["2019-20"], APRIL: ["2020-21"], MAY: ["2020-21"]}
    assert all(b"SECRET" not in path.read_bytes() for path in store.files("visit"))
    assert people(store) == 9
    assert store.rows_by_month("visit") == {MARCH: 3, APRIL: 3, MAY: 3}
    assert [stat.S_IMODE((tmp_path / "keys" / f"{year}.key").stat().st_mode) for year in (OLD, NEW)] == [0o600, 0o600]


def test_files_from_before_stay_readable_beside_encrypted_ones(tmp_path):
    load(opened(tmp_path, sealing=False), MARCH, APRIL)
    assert not (tmp_path / "keys").exists()
    store = opened(tmp_path)
    load(store, APRIL, rows=5)
    assert set(by_key(store.files("visit"))) == {None, "2020-21"}
    assert people(store) == 8
    load(opened(tmp_path, sealing=False), MAY)  # and the other way round
    assert people(opened(tmp_path, sealing=False)) == 11


def test_without_the_key_nothing_is_read_and_none_is_made_in_its_place(tmp_path):
    store = opened(tmp_path)
    load(store, MARCH)
    key = tmp_path / "keys" / "2019-20.key"
    kept = key.rename(tmp_path / "kept")
    for attempt in (lambda: people(opened(tmp_path)), lambda: load(opened(tmp_path), Month(2019, 4))):
        with pytest.raises(StoreError, match=r"there is no key .*2019-20\.key.*restore it"):
            attempt()
    assert not key.exists()
    key.write_text(base64.b64encode(b"another key, of thirty-two bytes").decode())
    with pytest.raises(StoreError, match="not the key that 2019-20 was written with"):
        people(opened(tmp_path))
    shutil.copy(kept, key)
    assert people(opened(tmp_path)) == 3


def test_a_wrong_key_opens_nothing(tmp_path):
    store = opened(tmp_path)
    load(store, MARCH)
    other = Keys(tmp_path / "other")
    other.make(OLD)
    for loaded in (False, True):
        with connect(files=store.files("visit"), keys=other, sealing=loaded) as connection, pytest.raises(duckdb.Error):
            present(connection, VISIT, store.files("visit"))
    with pytest.raises(EngineFailed), plain_copies(store.files("visit"), other, tmp_path):
        pass
    with pytest.raises(StoreError, match="no keys were given"), connect(files=store.files("visit")):
        pass


def test_changed_bytes_are_noticed_wherever_they_are_read(tmp_path):
    store = opened(tmp_path)
    load(store, MARCH, rows=2000)
    (path,) = store.files("visit")
    whole = path.read_bytes()
    for loaded in (False, True):
        for place in range(10, len(whole) - 8, len(whole) // 12):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            with connect(files=[path], keys=store.keys, sealing=loaded) as connection, pytest.raises(duckdb.Error):
                present(connection, VISIT, [path])
                connection.execute("select max(Key), max(Person), count(*) from visit").fetchall()


def test_a_destroyed_year_is_neither_read_nor_begun_again(tmp_path):
    store = opened(tmp_path)
    load(store, MARCH, APRIL)
    backup = shutil.copytree(tmp_path / "keys", tmp_path / "backup")
    store.keys.close(OLD, "test")
    store.keys.destroy(OLD)
    store.keys.destroy(OLD)  # again, as after an interruption
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == ["2019-20.destroyed", "2020-21.key"]
    shutil.rmtree(tmp_path / "keys")
    backup.rename(tmp_path / "keys")  # a backup from before brings the key back; the mark beside the records remembers
    with pytest.raises(StoreError, match="records of 2019-20 cannot be read any more"):
        people(opened(tmp_path))
    with pytest.raises(StoreError, match="2019-20 was destroyed under a certificate"):
        load(opened(tmp_path), MARCH)
    assert load(opened(tmp_path), MAY) == 1


def test_a_key_is_never_in_what_is_said_of_it(tmp_path):
    keys = Keys(tmp_path)
    keys.make(OLD)
    secret = keys.secret(str(OLD))
    assert secret not in repr(keys) and secret not in keys.fingerprint(OLD)
    (tmp_path / "2019-20.key").write_text("it's no key")
    with pytest.raises(StoreError) as refused:
        keys.secret(str(OLD))
    assert "it's no key" not in str(refused.value)


def test_what_is_staged_is_checked_though_encrypted(tmp_path):
    store = opened(tmp_path)
    with store.staging("visit") as folder:
        path = folder / f"rows.{PASSING}.parquet"
        for select, says in (
            ("range as Key", "lacks or adds Person"),
            ("range::int as Key, 'p' as Person", "has Key as int32"),
            ("range as Key, 'p' as Person, '2024-02' as Activity_Month", "rows of another month"),
        ):
            with connect([folder], keys=store.keys, sealing=True) as connection:
                encrypted = f"format parquet, encryption_config {{footer_key: '{PASSING}'}}"
                connection.execute(f"copy (select {select} from range(5)) to {quoted(path)} ({encrypted})")
            with pytest.raises(StoreError, match=says):
                store.replace(VISIT, {MARCH: [path]}, {})
    assert store.version("visit") is None


def test_plain_copies_are_private_and_gone_afterwards(tmp_path):
    store = opened(tmp_path)
    load(store, MARCH, APRIL)
    with plain_copies(store.files("visit"), store.keys, tmp_path) as copies:
        assert [copies[path].parent.name for path in store.files("visit")] == ["Activity_Month=2020-03", "Activity_Month=2020-04"]
        assert {pq.read_metadata(path).num_rows for path in copies.values()} == {3}
        assert stat.S_IMODE(next(iter(copies.values())).parent.parent.stat().st_mode) == 0o700
    assert not any(path.exists() for path in copies.values())


def test_what_does_not_fit_in_memory_is_encrypted_where_the_records_are(tmp_path):
    spill = tmp_path / "spill"
    spill.mkdir()
    fill = "create temp table large as select 'SECRET' || md5(range::varchar) as a from range(4000000)"
    for keys, shown in ((None, True), (Keys(), False)):
        with connect(limits=Limits(memory="100MB", threads=1, spill=spill), keys=keys, sealing=keys is not None) as connection:
            connection.execute(fill)
            spilt = [path.read_bytes() for path in spill.rglob("*.tmp")]
        assert spilt
        assert any(b"SECRET" in content for content in spilt) is shown


def test_small_answers_on_encrypted_records_never_spill_in_the_clear(tmp_path):
    store = opened(tmp_path)
    load(store, MARCH)
    files = store.files("visit")
    with connect(files=files, keys=store.keys, limits=Limits(memory="100MB", threads=1)) as connection, pytest.raises(duckdb.Error):
        connection.execute("create temp table large as select md5(range::varchar) as a from range(4000000)")
