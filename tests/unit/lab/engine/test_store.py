"""The store: a month replaced in one commit, what is refused, and loads that are killed or meet one another."""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from farr.lab.engine.errors import StoreError
from farr.lab.engine.store import Store
from farr.lab.model.period import Month
from farr.lab.model.table import Column, TableDeclaration, TableKind

JAN, FEB, MAR = Month(2024, 1), Month(2024, 2), Month(2024, 3)


def column(name: str, kind: str) -> Column:
    return Column(name=name, type=kind, meaning="m", source="s")


VISIT = TableDeclaration(
    name="visit", title="Visit", description="", kind=TableKind.STAGED, policy="hes_2018", key=("Key",), person="Person",
    month="Activity_Month",
    columns=(column("Key", "int64"), column("Person", "string"), column("Activity_Month", "string")),
)  # fmt: skip
PLACE = TableDeclaration(
    name="place", title="Place", description="", kind=TableKind.REFERENCE, policy="open_data", key=("Code",),
    columns=(column("Code", "string"), column("Size", "int16")),
)  # fmt: skip


def write(folder: Path, rows: int, select: str = "range as Key, 'p' || range as Person") -> Path:
    path = folder / f"{len(list(folder.iterdir()))}.parquet"
    duckdb.sql(f"copy (select {select} from range({rows})) to '{path}' (format parquet)")
    return path


def load(store: Store, months: dict[Month, int], **more) -> int:
    with store.staging("visit") as folder:
        return store.replace(VISIT, {month: [write(folder, count)] for month, count in months.items()}, {"file": "f.csv"}, **more)


def counts(store: Store, version: int | None = None) -> dict[str, int]:
    return {path.parent.name[-7:]: pq.read_metadata(path).num_rows for path in store.files("visit", version)}


def test_a_table_never_loaded_is_empty(tmp_path):
    store = Store(tmp_path / "none")
    assert store.version("visit") is None
    assert store.files("visit") == store.months("visit") == store.history("visit") == []
    assert (store.versions(), store.rows("visit")) == ({}, 0)


def test_a_resent_month_replaces_the_month_and_earlier_versions_stay_readable(tmp_path):
    store = Store(tmp_path / "a store")  # the space is percent-encoded in Delta's log
    assert load(store, {JAN: 3, FEB: 4}) == 0
    assert load(store, {FEB: 2, MAR: 1}) == 1
    assert store.versions() == {"visit": 1}
    assert store.months("visit") == [JAN, FEB, MAR]
    assert counts(store) == {"2024-01": 3, "2024-02": 2, "2024-03": 1}
    assert counts(store, 0) == {"2024-01": 3, "2024-02": 4}
    assert store.rows("visit") == 6


def test_whole_replacement_removes_months_that_are_not_staged(tmp_path):
    store = Store(tmp_path)
    load(store, {JAN: 3, FEB: 4})
    load(store, {MAR: 5}, whole=True)
    assert counts(store) == {"2024-03": 5}


def test_a_month_staged_without_files_is_emptied(tmp_path):
    store = Store(tmp_path)
    load(store, {JAN: 3, FEB: 4})
    store.replace(VISIT, {FEB: []}, {})
    assert counts(store) == {"2024-01": 3}


def test_a_table_without_months_is_replaced_whole(tmp_path):
    store = Store(tmp_path)
    for rows in (3, 5):
        with store.staging("place") as folder:
            store.replace(PLACE, [write(folder, rows, "'c' || range as Code, range::smallint as Size")], {})
    assert [pq.read_metadata(path).num_rows for path in store.files("place")] == [5]
    assert store.months("place") == []


def test_every_load_keeps_its_record(tmp_path):
    store = Store(tmp_path)
    load(store, {JAN: 3})
    load(store, {FEB: 3})
    assert [(entry["version"], entry["file"]) for entry in store.history("visit")] == [(0, "f.csv"), (1, "f.csv")]


def test_the_log_holds_row_counts_and_no_value_of_a_row(tmp_path):
    store = Store(tmp_path, retention_years=3)
    with store.staging("visit") as folder:
        store.replace(VISIT, {JAN: [write(folder, 2, "range as Key, 'SECRET' as Person")]}, {})
    log = (tmp_path / "visit" / "_delta_log" / "00000000000000000000.json").read_text()
    adds = [json.loads(line)["add"] for line in log.splitlines() if "add" in json.loads(line)]
    assert [json.loads(add["stats"]) for add in adds] == [{"numRecords": 2}]
    assert "SECRET" not in log
    assert "interval 1098 days" in log


@pytest.mark.parametrize(
    ("select", "says"),
    [
        ("range as Key", "lacks or adds Person"),
        ("range as Key, 'p' as Person, 1 as More", "lacks or adds More"),
        ("'p' as Person, range as Key", "another order"),
        ("range::int as Key, 'p' as Person", "has Key as int32"),
        ("range as Key, 'p' as Person, '2024-02' as Activity_Month", "rows of another month"),
        ("range as Key, 'p' as Person, null::varchar as Activity_Month", "rows of another month"),
    ],
)
def test_what_is_not_as_declared_is_refused_before_anything_changes(tmp_path, select, says):
    store = Store(tmp_path)
    load(store, {JAN: 3})
    with store.staging("visit") as folder, pytest.raises(StoreError, match=says):
        store.replace(VISIT, {JAN: [write(folder, 9, select)]}, {})
    assert counts(store) == {"2024-01": 3}


def test_a_file_may_hold_its_month(tmp_path):
    store = Store(tmp_path)
    with store.staging("visit") as folder:
        store.replace(VISIT, {JAN: [write(folder, 2, "range as Key, 'p' as Person, '2024-01' as Activity_Month")]}, {})
    assert counts(store) == {"2024-01": 2}


def test_a_wrong_row_count_is_refused(tmp_path):
    with pytest.raises(StoreError, match="4 rows were to be staged and the staged files hold 3"):
        load(Store(tmp_path), {JAN: 3}, rows=4)


def test_a_cut_file_is_refused(tmp_path):
    store = Store(tmp_path)
    with store.staging("visit") as folder:
        path = write(folder, 1000)
        path.write_bytes(path.read_bytes()[:-9])
        with pytest.raises(StoreError, match="not whole Parquet"):
            store.replace(VISIT, {JAN: [path]}, {})


def test_months_and_no_months_are_not_mixed_up(tmp_path):
    with pytest.raises(StoreError, match="a list of files a month"):
        Store(tmp_path).replace(VISIT, [], {})


def test_a_missing_file_is_named(tmp_path):
    store = Store(tmp_path)
    load(store, {JAN: 3})
    store.files("visit")[0].unlink()
    with pytest.raises(StoreError, match="restore .* from a backup"):
        store.files("visit")


def test_a_damaged_log_is_named(tmp_path):
    store = Store(tmp_path)
    load(store, {JAN: 3})
    (tmp_path / "visit" / "_delta_log" / "00000000000000000000.json").write_text("{not json")
    with pytest.raises(StoreError, match="_delta_log is damaged") as raised:
        store.version("visit")
    assert raised.value.__cause__ is None and raised.value.__context__ is None


def test_another_declaration_is_refused_except_for_the_whole_table(tmp_path):
    store = Store(tmp_path)
    load(store, {JAN: 3})
    fewer = TableDeclaration(
        name="visit", title="", description="", kind=TableKind.STAGED, policy="p", key=(), month="Activity_Month",
        columns=(column("Key", "int64"), column("Activity_Month", "string")),
    )  # fmt: skip
    with store.staging("visit") as folder:
        path = write(folder, 7, "range as Key")
        with pytest.raises(StoreError, match="another declaration"):
            store.replace(fewer, {JAN: [path]}, {})
        with pytest.raises(StoreError, match="load every file again: farr ingest"):
            store.check_declared(fewer)
        with pytest.raises(StoreError, match="farr build --whole"):
            store.check_declared(replace(fewer, kind=TableKind.MART))
        store.replace(fewer, {JAN: [path]}, {}, whole=True)
    store.check_declared(fewer)
    assert counts(store) == {"2024-01": 7}


KILLED = """
    import os, signal, sys
    from pathlib import Path
    import duckdb
    import farr.lab.engine.store as module
    from farr.lab.engine.store import Store

    def die(*_, **__):
        os.kill(os.getpid(), signal.SIGKILL)

    sys.path.insert(0, {tests!r})
    import test_store as tests
    store = Store(Path({folder!r}))
    point = {point!r}
    with store.staging("visit") as folder:
        files = {{tests.JAN: [tests.write(folder, 8), tests.write(folder, 9)]}}
        if point == "staged":
            die()
        if point == "between files":
            placed, seen = module.placed, []
            module.placed = lambda *given: die() if seen else (seen.append(1), placed(*given))[1]
        if point == "before commit":
            Store._commit = die
        store.replace(tests.VISIT, files, {{}})
        die()
"""


@pytest.mark.parametrize(("point", "kept"), [("staged", 3), ("between files", 3), ("before commit", 3), ("committed", 17)])
def test_a_killed_load_leaves_one_version_or_the_other(tmp_path, point, kept):
    store = Store(tmp_path)
    load(store, {JAN: 3})
    code = textwrap.dedent(KILLED).format(tests=str(Path(__file__).parent), folder=str(tmp_path), point=point)
    ended = subprocess.run([sys.executable, "-c", code], check=False, env={**os.environ})
    assert ended.returncode == -signal.SIGKILL
    assert store.rows("visit") == kept == sum(pq.read_metadata(path).num_rows for path in store.files("visit"))
    load(store, {FEB: 1})
    on_disk = set((tmp_path / "visit").rglob("*.parquet"))
    owned = {path for version in range(store.version("visit") + 1) for path in store.files("visit", version)}
    assert on_disk == owned
    assert list((tmp_path / "visit" / "_staging").iterdir()) == []


def test_staging_of_a_running_load_is_left_alone(tmp_path):
    store = Store(tmp_path)
    with store.staging("visit") as first:
        with store.staging("visit"):
            assert first.is_dir()
        assert store.replace(VISIT, {JAN: [write(first, 2)]}, {}) == 0


def test_writers_at_once_take_turns(tmp_path):
    code = textwrap.dedent("""
        import sys
        from pathlib import Path
        sys.path.insert(0, sys.argv[2])
        import test_store as tests
        from farr.lab.model.period import Month
        for _ in range(3):
            tests.load(tests.Store(Path(sys.argv[1])), {Month(2024, int(sys.argv[3])): int(sys.argv[3])})
    """)
    tests = str(Path(__file__).parent)
    writers = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), tests, str(month)]) for month in (4, 5, 6)]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    store = Store(tmp_path)
    assert store.version("visit") == 8
    assert counts(store) == {"2024-04": 4, "2024-05": 5, "2024-06": 6}


def test_a_program_that_ignores_the_lock_is_refused(tmp_path, monkeypatch):
    store = Store(tmp_path)
    load(store, {JAN: 3})
    stale = store._open("visit")
    load(store, {FEB: 4})
    monkeypatch.setattr(store, "_open", lambda *_: stale)
    monkeypatch.setattr("farr.lab.engine.store.clear_unowned", lambda *_: None)
    with pytest.raises(StoreError, match="another program wrote to it at the same time"):
        load(store, {MAR: 5})
    monkeypatch.undo()
    assert counts(store) == {"2024-01": 3, "2024-02": 4}


def test_old_files_remain_for_a_reader_that_listed_them(tmp_path):
    store = Store(tmp_path)
    load(store, {JAN: 3})
    listed = store.files("visit")
    load(store, {JAN: 5})
    assert [pq.read_metadata(path).num_rows for path in listed] == [3]
    shutil.rmtree(tmp_path)


def test_a_store_kept_open_sees_what_another_writes(tmp_path):
    kept, other = Store(tmp_path), Store(tmp_path)
    load(other, {JAN: 2})
    assert (kept.version("visit"), counts(kept)) == (0, {"2024-01": 2})
    load(other, {JAN: 3, FEB: 1})
    assert (kept.version("visit"), counts(kept)) == (1, {"2024-01": 3, "2024-02": 1})
    assert [record["version"] for record in kept.history("visit")] == [0, 1]
    load(kept, {FEB: 4})
    assert (other.version("visit"), kept.rows_by_month("visit")) == (2, {JAN: 3, FEB: 4})
