"""What was changed on disk is named; what writers at once and a full disk may do."""

import errno
import json
import os
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from farr.lab.engine.errors import StoreError
from farr.lab.engine.store import NEVER_LOADED, Store
from farr.lab.model.durable.disk import DiskFull, replace_file, room_on, scratch
from farr.lab.model.period import Month
from farr.lab.model.table import Column, TableDeclaration, TableKind

JAN, FEB = Month(2024, 1), Month(2024, 2)
VISIT = TableDeclaration(
    name="visit", title="Visit", description="", kind=TableKind.STAGED, policy="hes_2018", key=("Key",), person="Person",
    month="Activity_Month",
    columns=tuple(
        Column(name=name, type=kind, meaning="m", source="s")
        for name, kind in (("Key", "int64"), ("Person", "string"), ("Activity_Month", "string"))
    ),
)  # fmt: skip


def load(store, month, rows, record=None, **more):
    with store.staging("visit") as folder:
        path = folder / "rows.parquet"
        pq.write_table(pa.table({"Key": pa.array(range(rows), pa.int64()), "Person": [f"p{at}" for at in range(rows)]}), path)
        return store.replace(VISIT, {month: [path]}, record or {}, **more)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path)
    load(store, JAN, 50)
    load(store, FEB, 60)
    load(store, JAN, 70)
    return store


def flipped(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_an_untouched_store_is_whole(store):
    assert store.check_whole("visit") == 3  # the file of the version before among them
    assert store.check_whole("never_loaded") == 0


def test_a_changed_byte_of_any_file_that_is_still_there_is_named(store):
    for path in {*store.files("visit"), *store.files("visit", 0)}:
        middle = path.stat().st_size // 2
        flipped(path, middle)
        with pytest.raises(StoreError, match=f"changed on disk since they were written, such as .*{path.name}.*farr build --whole"):
            store.check_whole("visit")
        flipped(path, middle)
    assert store.check_whole("visit") == 3


def test_a_file_cut_short_is_named_before_it_is_read(store):
    path = store.files("visit")[0]
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StoreError, match="has another size than it was loaded with"):
        store.files("visit")


@pytest.mark.parametrize("damage", ["a line less", "another size", "another record"])
def test_a_changed_log_is_not_taken_for_a_version(store, damage):
    log = store.folder / "visit" / "_delta_log" / f"{2:020d}.json"
    lines = log.read_text().splitlines()
    if damage == "a line less":
        lines = [line for line in lines if '"remove"' not in line]
    else:
        old, new = ('"size":', '"size":1') if damage == "another size" else ('"farr":"{', '"farr":"{ ')
        lines = [line.replace(old, new) for line in lines]
    log.write_text("\n".join(lines) + "\n")
    with pytest.raises(StoreError, match="log at .* is damaged or incomplete; restore that folder from a backup"):
        Store(store.folder).files("visit")


def test_a_table_first_loaded_by_another_meanwhile_is_not_replaced(tmp_path):
    store = Store(tmp_path)
    assert load(store, JAN, 5, base=NEVER_LOADED) == 0
    with pytest.raises(StoreError, match="is at version 0 and these rows rest on version -1"):
        load(store, JAN, 6, base=NEVER_LOADED)


def test_a_record_is_asked_for_while_nobody_else_writes_and_may_refuse(store):
    def refuse():
        raise StoreError("not now")

    with pytest.raises(StoreError, match="not now"):
        load(store, FEB, 9, refuse)
    assert store.rows_by_month("visit") == {JAN: 70, FEB: 60}
    load(store, FEB, 9, lambda: {"seen": store.rows("visit")})
    assert store.history("visit")[-1]["seen"] == 130


def test_who_holds_the_store_alone_writes_and_others_wait(store):
    other, order = Store(store.folder), list[str]()

    def another():
        load(other, FEB, 8)
        order.append("other")

    waiting = threading.Thread(target=another)
    with store.alone():
        waiting.start()
        load(store, JAN, 7)
        waiting.join(0.3)
        order.append("alone")
    waiting.join()
    assert order == ["alone", "other"]
    assert store.rows_by_month("visit") == {JAN: 7, FEB: 8}


@contextmanager
def no_room(monkeypatch, name):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "row of a person")

    with monkeypatch.context() as patched:
        patched.setattr(name, full)
        yield


@pytest.mark.parametrize("where", ["farr.lab.engine.store.placed", "farr.lab.engine.integrity.commit._overwrite"])
def test_a_full_disk_changes_nothing_and_says_what_to_do(store, monkeypatch, where):
    with no_room(monkeypatch, where), pytest.raises(DiskFull, match=r"is full; what was complete before stays .* df -h") as raised:
        load(store, JAN, 9)
    assert "person" not in str(raised.value) and raised.value.__cause__ is None
    assert store.rows_by_month("visit") == {JAN: 70, FEB: 60}
    load(store, JAN, 9)
    assert store.check_whole("visit") >= 2
    assert len(list((store.folder / "visit").rglob("v*.parquet"))) == 4  # nothing that no version owns


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "kept.json"
    replace_file(path, b"before")
    with no_room(monkeypatch, "farr.lab.model.durable.disk.os.fsync"), pytest.raises(DiskFull):
        replace_file(path, b"after")
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_other_errors_pass_as_they_are(tmp_path):
    with pytest.raises(ValueError, match="another"), room_on(tmp_path):
        raise ValueError("another")


def test_scratch_of_the_dead_is_cleared_and_that_of_the_living_is_not(tmp_path):
    dead = tmp_path / "spill-dead"
    dead.mkdir()
    (dead / "rows").write_text("x")
    with scratch(tmp_path, "spill-") as one, scratch(tmp_path, "spill-") as two:
        assert not dead.exists()
        assert {one, two} == set(tmp_path.iterdir())
    assert list(tmp_path.iterdir()) == []


def test_a_new_scratch_folder_that_another_program_takes_for_abandoned_is_made_again(tmp_path, monkeypatch):
    made = tempfile.mkdtemp
    taken = []

    def taken_at_once(**where):
        folder = made(**where)
        if not taken:
            taken.append(folder)
            Path(folder).rmdir()
        return folder

    monkeypatch.setattr(tempfile, "mkdtemp", taken_at_once)
    with scratch(tmp_path, "spill-") as folder:
        assert [folder] == list(tmp_path.iterdir())
        assert str(folder) != taken[0]


def test_the_seal_holds_each_file_by_its_hash(store):
    log = (store.folder / "visit" / "_delta_log" / f"{2:020d}.json").read_text().splitlines()
    (commit,) = [json.loads(line)["commitInfo"] for line in log if "commitInfo" in line]
    sealed = json.loads(commit["farr.seal"])
    assert set(sealed) == {"live", "record", "added"}
    assert [len(digest) for digest in sealed["added"].values()] == [64]
