"""Digests by column and month: the same wherever the same records lie, and kept beside the store."""

import json
from pathlib import Path

import duckdb
import pytest

from farr.lab.engine.at_rest.keys import Keys
from farr.lab.engine.at_rest.purge import empty, purge
from farr.lab.engine.integrity import content
from farr.lab.engine.integrity.content import CACHE, Content, grouped_by
from farr.lab.engine.store import Store
from farr.lab.model.period import Month
from farr.lab.model.tables.sus import APC_SPELL
from tests.chaos.place import SQL

GIVEN = {
    "Spell_Key": "range",
    "Der_Pseudo_NHS_Number": "'p' || range // 2",
    "Provider_Code": "case when range < 6 then 'RA' || range % 2 end",
    "Sex": "'' || (1 + range % 2)",
    "Length_of_Stay": "range % 5",
    "HRG_Price": "range * 1.5",
}
JANUARY, FEBRUARY = Month(2024, 1), Month(2024, 2)
COLUMNS = ["Der_Pseudo_NHS_Number", "HRG_Price", "Length_of_Stay", "Provider_Code", "Sex", "Spell_Key"]


def load(store: Store, month: Month, given: dict[str, str] | None = None, order: str = "range", rows: int = 40) -> int:
    values = {**GIVEN, **(given or {})}
    select = ", ".join(f"cast({values.get(c.name, 'null')} as {SQL[c.type]}) as {c.name}" for c in APC_SPELL.columns[:-1])
    with store.staging("apc_spell") as folder:
        duckdb.sql(f"copy (select {select} from range({rows}) order by {order}) to '{folder}/s.parquet' (format parquet)")
        return store.replace(APC_SPELL, {month: [folder / "s.parquet"]}, {})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "one")
    load(store, JANUARY)
    load(store, FEBRUARY)
    return store


def of(store: Store, columns=COLUMNS, secret: bytes = b"secret"):
    return Content(store, secret).of(APC_SPELL, store.version("apc_spell"), columns)


def test_other_files_order_pseudonyms_and_keys_are_the_same_records(store, tmp_path):
    other = Store(tmp_path / "two", keys=Keys(tmp_path / "keys", tmp_path / "two" / "_keys"), sealing=True)
    another = {"Der_Pseudo_NHS_Number": "md5('' || range // 2)", "Spell_Key": "1000 - range"}
    load(other, FEBRUARY, another, order="range desc")
    load(other, JANUARY, another, order="range desc")
    assert all(".2023-24.parquet" in path.name for path in other.files("apc_spell"))
    assert of(other) == of(store)


def test_only_what_changed_is_another(store, tmp_path):
    other = Store(tmp_path / "two")
    load(other, JANUARY)
    load(other, FEBRUARY, {"Sex": "case when range = 7 then '9' else '' || (1 + range % 2) end"})
    before, now = of(store), of(other)
    differing = {(column, month) for column in COLUMNS for month in before[column] if before[column][month] != now[column][month]}
    assert differing == {("Sex", "2024-02")}


@pytest.mark.parametrize(
    "given", [{"Provider_Code": "null"}, {"Provider_Code": "''"}, {"Provider_Code": "case when range < 6 then 'RA0' end"}]
)
def test_a_value_less_is_another(store, tmp_path, given):
    other = Store(tmp_path / "two")
    load(other, JANUARY, given)
    assert of(other)["Provider_Code"]["2024-01"] != of(store)["Provider_Code"]["2024-01"]


def test_whether_people_are_known_is_seen_and_who_they_are_is_not(store, tmp_path):
    other = Store(tmp_path / "two")
    load(other, JANUARY, {"Der_Pseudo_NHS_Number": "case when range > 3 then 'p' end"})
    assert of(other)["Der_Pseudo_NHS_Number"]["2024-01"] != of(store)["Der_Pseudo_NHS_Number"]["2024-01"]


def test_another_secret_makes_others_which_are_not_compared(store):
    one, two = Content(store, b"one"), Content(store, b"two")
    assert one.scheme != two.scheme
    assert one.of(APC_SPELL, 1, ["Sex"])["Sex"]["2024-01"] != two.of(APC_SPELL, 1, ["Sex"])["Sex"]["2024-01"]


def test_a_month_without_rows_is_like_none(store):
    load(store, FEBRUARY, rows=0)
    found = of(store)
    assert found["Sex"].get("2024-02", "") == "" and found["Sex"]["2024-01"]


def test_what_was_worked_out_is_kept_and_a_month_more_is_worked_out_alone(store, monkeypatch):
    first = of(store, [*COLUMNS, *grouped_by(APC_SPELL)])
    presented: list[list[Path]] = []
    honest = content.present
    monkeypatch.setattr(content, "present", lambda at, table, files: presented.append(files) or honest(at, table, files))
    assert of(store) == {column: first[column] for column in COLUMNS} and not presented
    load(store, Month(2024, 3))
    found = of(store)["Sex"]
    assert first["Sex"].items() < found.items() and set(found) == {"2024-01", "2024-02", "2024-03"}
    assert [str(path.parent.name) for files in presented for path in files] == ["Activity_Month=2024-03"]
    kept = json.loads((store.folder / CACHE).read_text())["digests"]
    assert len(kept) == 3


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"scheme": 1}', None])
def test_what_was_kept_may_be_damaged_or_deleted(store, damage):
    first, kept = of(store), store.folder / CACHE
    if damage is None:
        kept.unlink()
    else:
        kept.write_text(damage)
    assert of(store) == first
    assert json.loads(kept.read_text())["digests"]


def test_a_store_that_cannot_be_written_to_is_read_all_the_same(store, monkeypatch):
    def full(*_: object) -> None:
        raise OSError("read-only")

    monkeypatch.setattr(content, "replace_file", full)
    assert of(store)["Sex"]["2024-01"]


def test_a_destruction_leaves_none_of_it(store):
    of(store)
    empty(store, APC_SPELL, FEBRUARY, {})
    purge(store, APC_SPELL, {}, [])
    assert not (store.folder / CACHE).exists()
    assert set(of(store)["Sex"]) == {"2024-02"}
    assert len(json.loads((store.folder / CACHE).read_text())["digests"]) == 1
