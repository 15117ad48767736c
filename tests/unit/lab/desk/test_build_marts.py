"""The marts of a store: in order of what they read, from one state of it, and told in a line each."""

import dataclasses

import duckdb
import pytest
import typer
from typer.testing import CliRunner

import farr.lab.desk.marts as module
from farr.lab.desk.commands.building import build as build_command
from farr.lab.desk.marts import build_marts, in_order
from farr.lab.engine.engines.embedded import Embedded
from farr.lab.engine.store import Store
from farr.lab.marts.mart import Mart
from farr.lab.model.discover import DeclarationError
from farr.lab.model.period import Month
from farr.lab.model.reach import Reach
from farr.lab.model.table import Column, TableDeclaration, TableKind


def table(name, kind):
    columns = tuple(Column(name=column, type="string", meaning="m", source="s") for column in ("Code", "Activity_Month"))
    return TableDeclaration(
        name=name, title=name, description="", kind=kind, policy="open_data", key=("Code",), columns=columns, month="Activity_Month"
    )


def mart(name, *reads):
    first, made = reads[0].name, table(name, TableKind.MART)
    return Mart(name=name, table=made, reads=reads, may_lack=reads[1:], reach=Reach.MONTH, build=lambda tables: tables[first])


LIST, MORE = table("list", TableKind.REFERENCE), table("more", TableKind.REFERENCE)
ZERO = mart("zero", LIST, MORE)
AFTER = mart("after", ZERO.table)
MARTS = {"after": AFTER, "other": mart("other", MORE), "zero": ZERO}


class Place:
    """A home folder with one store and no agreement to ask."""

    def __init__(self, store):
        self._store = store

    def store(self, _):
        return self._store

    def engine(self):
        return Embedded()


def load(store, months, rows=1):
    with store.staging("list") as folder:
        staged = {month: [folder / f"{month}.parquet"] for month in months}
        for (path,) in staged.values():
            duckdb.sql(f"copy (select 'a' as Code from range({rows})) to '{path}' (format parquet)")
        store.replace(LIST, staged, {})


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "discover", lambda *_: MARTS)
    store = Store(tmp_path)
    load(store, [Month(2024, number) for number in range(1, 9)])
    return store


def told(store, **more):
    said = []
    build_marts(Place(store), "a", said.append, **more)
    return said


def test_marts_come_after_those_they_read_and_each_says_what_was_done(store):
    assert told(store) == [
        "zero: 8 rows, 8 months, version 0; built whole, because it was never built; without more, not held",
        "other: not built, because more is not held",
        "after: 8 rows, 8 months, version 0; built whole, because it was never built",
    ]
    assert [line.partition("; ")[2] for line in told(store) if "not built" not in line] == [
        "nothing to do, for nothing that it reads has changed; without more, not held",
        "nothing to do, for nothing that it reads has changed",
    ]
    load(store, [Month(2024, 3), Month(2024, 9)])
    assert told(store)[2] == "after: 9 rows, 9 months, version 1; written: 2024-03, 2024-09"
    load(store, [Month(2024, number) for number in range(1, 8)])
    assert told(store)[2] == "after: 9 rows, 9 months, version 2; written: 7 months from 2024-01 to 2024-07"
    assert told(store, whole=True)[2] == "after: 9 rows, 9 months, version 3; built whole, because that was asked for"


def test_a_load_in_the_meantime_enters_no_mart(store, monkeypatch):
    build = module.build

    def meanwhile(given, *others, **more):
        load(given, [Month(2024, 10)])
        return build(given, *others, **more)

    monkeypatch.setattr(module, "build", meanwhile)
    told(store)
    assert (store.version("list"), store.history("zero")[-1]["reads"], store.history("after")[-1]["reads"]) == (
        2, {"list": 0, "more": None}, {"zero": 0},
    )  # fmt: skip
    assert store.months("after")[-1] == Month(2024, 8)


def test_a_rule_is_written_out_only_where_there_may_be_something_to_do(store, monkeypatch):
    written, expression = [], Mart.expression
    monkeypatch.setattr(Mart, "expression", lambda mart: written.append(mart.name) or expression(mart))
    told(store)
    assert written == ["zero", "after"]
    assert "nothing to do" in told(store)[0]
    assert written == ["zero", "after"]
    monkeypatch.setattr(module, "code_version", lambda: "another")
    assert "nothing to do" in told(store)[0]
    assert written == ["zero", "after"] * 2


def test_a_rule_that_was_kept_is_not_written_out_again_and_is_believed_only_as_it_was_sealed(store, monkeypatch):
    written, expression = [], Mart.expression
    monkeypatch.setattr(Mart, "expression", lambda mart: written.append(mart.name) or expression(mart))
    told(store)
    load(store, [Month(2024, 9)])
    assert told(store)[2] == "after: 9 rows, 9 months, version 1; written: 2024-09"
    assert written == ["zero", "after"]
    kept = store.folder / "after" / "_rule.sql"
    kept.write_text(kept.read_text().replace('"Code"', "'b'"))
    load(store, [Month(2024, 10)])
    assert told(store)[2] == "after: 10 rows, 10 months, version 2; written: 2024-10"
    assert written == ["zero", "after", "after"]
    kept.unlink()
    assert "built whole" in told(store, whole=True)[2]
    assert (written[3:], kept.is_file()) == (["after"], True)


def test_a_mart_that_lacks_a_file_is_built_anew(store):
    told(store)
    store.files("after")[0].unlink()
    assert "built whole, because what it was built from, or what was built, can no longer be read" in told(store)[2]


def test_marts_that_read_one_another_are_refused():
    around = dataclasses.replace(ZERO, reads=(AFTER.table,))
    with pytest.raises(DeclarationError, match="after reads zero reads after|zero reads after reads zero"):
        in_order({"after": AFTER, "zero": around})


def test_the_command_passes_whole_on(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr("farr.lab.desk.commands.building.build_marts", lambda _, agreement, __, **more: asked.append((agreement, more)))
    app = typer.Typer()
    app.command()(build_command)
    for arguments in ([], ["--whole"]):
        assert CliRunner().invoke(app, [*arguments, "--agreement", "b", "--home", str(tmp_path)]).exit_code == 0
    assert asked == [("b", {"whole": False}), ("b", {"whole": True})]
    assert "Example: farr build" in CliRunner().invoke(app, ["--help"]).output
