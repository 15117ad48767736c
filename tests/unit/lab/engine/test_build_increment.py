"""What a build makes again, what it leaves alone, what it says of it, and what happens when others write at the same time."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import duckdb
import ibis
import pytest

import farr.lab.engine.build as module
from farr.lab.engine.build import Extent, build
from farr.lab.engine.change import fingerprint
from farr.lab.engine.engines.embedded import Embedded
from farr.lab.engine.errors import EngineFailed, QuestionRefused, StoreError
from farr.lab.engine.store import Store
from farr.lab.model.period import Month
from farr.lab.model.reach import Reach
from farr.lab.model.table import Column, TableDeclaration, TableKind

JAN, FEB, MAR, APR = (Month(2024, number) for number in (1, 2, 3, 4))


def table(name, kind, columns, person="Person", month="Activity_Month"):
    declared = tuple(Column(name=column, type=of, meaning="m", source="s") for column, of in columns.items())
    return TableDeclaration(
        name=name, title=name, description="", kind=kind, policy="hes_2018", key=("Key",), columns=declared, person=person, month=month
    )


ROW = {"Key": "int64", "Person": "string", "Activity_Month": "string"}
VISIT = table("visit", TableKind.STAGED, ROW)
CALL = table("call", TableKind.STAGED, ROW)
PLACE = table("place", TableKind.REFERENCE, {"Key": "int64", "Region": "string"}, person=None, month=None)
SEEN = table("seen", TableKind.MART, ROW)
VISITS = table("visits", TableKind.MART, {"Key": "int64", "Person": "string", "Visits": "int64", "Activity_Month": "string"})


def load(store, declared, months):
    """Loads {month: 'SQL values of (Key, Person)'}; an empty text empties the month."""
    with store.staging(declared.name) as folder:
        staged = {}
        for month, values in months.items():
            path = folder / f"{month}.parquet"
            if values:
                duckdb.sql(f"copy (select k::bigint as Key, p as Person from (values {values}) v(k, p)) to '{path}' (format parquet)")
            staged[month] = [path] if values else []
        return store.replace(declared, staged, {})


def place(store, region):
    with store.staging("place") as folder:
        duckdb.sql(f"copy (select 1::bigint as Key, '{region}' as Region) to '{folder}/p.parquet' (format parquet)")
        store.replace(PLACE, [folder / "p.parquet"], {})


def seen(store, **more):
    """A MONTH mart: each visit as it is."""
    return build(store, SEEN, VISIT.unbound.select(*ROW), [VISIT, PLACE], {}, **{"reach": Reach.MONTH, **more})


def visits(store, **more):
    """A PERSON mart: each visit with how many the person has made by then; one of a person not known stands alone."""
    earlier = VISIT.unbound.select(Earlier="Key", Who="Person")
    joined = VISIT.unbound.left_join(earlier, [VISIT.unbound.Person == earlier.Who, VISIT.unbound.Key >= earlier.Earlier])
    expression = joined.group_by(*ROW).aggregate(Visits=lambda t: t.Earlier.count()).select(*VISITS.schema)
    return build(store, VISITS, expression, [VISIT], {}, **{"reach": Reach.PERSON, **more})


def names(store, mart):
    return {month: [path.name for path in paths] for month, paths in store.files_by_month(mart).items()}


def rows(store, mart):
    """Rows without their month, in order."""
    files = [str(path) for path in store.files(mart)]
    return duckdb.sql(f"from read_parquet({files}, hive_partitioning = false) order by all").fetchall()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store")
    load(store, VISIT, {JAN: "(1, 'p'), (2, 'q'), (3, null)", FEB: "(11, 'p'), (12, 'r')", MAR: "(21, 'q'), (22, 's'), (23, null)"})
    return store


@pytest.mark.parametrize("mart", [seen, visits])
def test_nothing_changed_builds_nothing(store, mart):
    first = mart(store)
    assert (first.extent, first.why, first.months) == (Extent.WHOLE, "it was never built", (JAN, FEB, MAR))
    again = mart(store)
    assert (again.version, again.extent, again.months) == (first.version, Extent.NOTHING, ())


def test_a_mart_by_month_opens_and_writes_the_changed_months_alone(store):
    seen(store)
    before = names(store, "seen")
    for path in store.files_by_month("visit")[JAN]:
        path.write_bytes(bytes(path.stat().st_size))  # no longer Parquet
    load(store, VISIT, {FEB: "(11, 'p')", APR: "(31, 'q')"})
    built = seen(store)
    assert (built.extent, built.months) == (Extent.MONTHS, (FEB, APR))
    after = names(store, "seen")
    assert (after[JAN], after[MAR]) == (before[JAN], before[MAR])
    assert after[FEB] != before[FEB]
    assert [row[0] for row in rows(store, "seen")] == [1, 2, 3, 11, 21, 22, 23, 31]


def test_a_month_that_has_gone_is_emptied(store):
    seen(store), visits(store)
    load(store, VISIT, {FEB: ""})
    assert (seen(store).months, store.months("seen")) == ((FEB,), [JAN, MAR])
    assert (visits(store).months, store.months("visits")) == ((FEB,), [JAN, MAR])


def test_a_mart_by_person_writes_only_months_in_which_rows_of_the_affected_differ(store):
    visits(store)
    before = names(store, "visits")
    load(store, VISIT, {JAN: "(2, 'q'), (3, null)"})  # the first visit of p has gone: the count in February falls
    built = visits(store)
    assert (built.extent, built.months) == (Extent.MONTHS, (JAN, FEB))
    assert names(store, "visits")[MAR] == before[MAR]
    assert rows(store, "visits") == [(2, "q", 1), (3, None, 0), (11, "p", 1), (12, "r", 1), (21, "q", 2), (22, "s", 1), (23, None, 0)]


def test_a_row_of_a_person_not_known_changes_its_own_month(store):
    visits(store)
    load(store, VISIT, {MAR: "(21, 'q'), (22, 's'), (23, null), (24, null)"})
    assert visits(store).months == (MAR,)
    assert [row for row in rows(store, "visits") if row[1] is None] == [(3, None, 0), (23, None, 0), (24, None, 0)]


def test_the_same_month_again_changes_no_file_and_records_what_was_read(store):
    visits(store)
    before = names(store, "visits")
    load(store, VISIT, {FEB: "(12, 'r'), (11, 'p')"})
    built = visits(store)
    assert (built.version, built.extent, built.months, names(store, "visits")) == (1, Extent.MONTHS, (), before)
    assert store.history("visits")[-1]["reads"] == {"visit": 1}
    assert visits(store).extent is Extent.NOTHING


def test_the_record_says_what_was_read_what_changed_what_was_written_and_why(store):
    seen(store)
    load(store, VISIT, {FEB: "(11, 'p')"})
    seen(store)
    whole, increment = store.history("seen")
    assert (whole["extent"], whole["why"], whole["changed"]) == ("whole", "it was never built", {})
    assert whole["written"] == ["2024-01", "2024-02", "2024-03"]
    assert (increment["extent"], increment["why"], increment["reach"]) == ("months", None, "month")
    assert (increment["changed"], increment["written"]) == ({"visit": ["2024-02"]}, ["2024-02"])
    assert increment["reads"] == {"visit": 1, "place": None}
    assert (increment["rows"], store.rows("seen")) == (7, 7)
    assert increment["rule"] == whole["rule"]
    assert set(increment) == {
        "reads", "reach", "rule", "why", "changed", "extent", "written", "rows", "engine", "version", "written_at"
    }  # fmt: skip


def test_each_reason_to_build_whole_is_named(store):
    seen(store)
    assert seen(store, whole=True).why == "that was asked for"
    place(store, "North")
    assert seen(store).why == "place has changed, which has no months"
    assert seen(store, reach=Reach.WHOLE).why == "its rule or a declaration has changed"
    load(store, VISIT, {APR: "(31, 'q')"})
    assert seen(store, reach=Reach.WHOLE).why == "visit has changed, and any row may rest on it"
    fewer = VISIT.unbound.filter(VISIT.unbound.Key > 2).select(*ROW)
    assert build(store, SEEN, fewer, [VISIT, PLACE], {}).why == "its rule or a declaration has changed"


def test_a_monthly_table_about_no_person_reaches_every_row_of_a_mart_by_person(store):
    size = table("size", TableKind.REFERENCE, {"Key": "int64", "Person": "string", "Activity_Month": "string"}, person=None)
    joined = VISIT.unbound.semi_join(size.unbound, "Key").select(*ROW)
    load(store, size, {JAN: "(1, 'x')"})
    build(store, SEEN, joined, [VISIT, size], {}, reach=Reach.PERSON)
    load(store, size, {FEB: "(11, 'x')"})
    assert build(store, SEEN, joined, [VISIT, size], {}, reach=Reach.PERSON).why == "size has changed, which is about no person"


def test_a_table_that_is_loaded_for_the_first_time_reaches_its_own_persons(store):
    called = VISIT.unbound.semi_join(CALL.unbound, "Person").select(*ROW)
    given = {"may_lack": [CALL], "reach": Reach.PERSON}
    build(store, SEEN, called, [VISIT, CALL], {}, **given)
    load(store, CALL, {JAN: "(1, 'r')"})
    built = build(store, SEEN, called, [VISIT, CALL], {}, **given)
    assert (built.extent, built.months, rows(store, "seen")) == (Extent.MONTHS, (FEB,), [(12, "r")])


def test_history_reaches_only_people_who_have_a_row_since(store):
    """Of a mart that breaks the promise, for who was called later is seen in earlier rows too: what is left as it was can then be told."""
    called = VISIT.unbound.semi_join(CALL.unbound, "Person").select(*ROW)
    given = {"may_lack": [CALL], "reach": Reach.PERSON, "history": [CALL]}
    build(store, SEEN, called, [VISIT, CALL], {}, **given)
    load(store, CALL, {MAR: "(1, 'p'), (2, 'q')"})  # of these q alone has a visit in March
    built = build(store, SEEN, called, [VISIT, CALL], {}, **given)
    assert (built.extent, built.months, rows(store, "seen")) == (Extent.MONTHS, (JAN, MAR), [(2, "q"), (21, "q")])
    load(store, CALL, {MAR: "(1, 'p')"})
    assert build(store, SEEN, called, [VISIT, CALL], {}, **given).months == (JAN, MAR)
    assert store.months("seen") == []


def test_a_mart_without_months_that_is_the_same_keeps_its_file_and_marts_that_read_it_need_nothing(store):
    known = table("known", TableKind.MART, {"Key": "string"}, person=None, month=None)
    persons = VISIT.unbound.filter(VISIT.unbound.Person.notnull()).select(Key="Person").distinct()
    build(store, known, persons, [VISIT], {})
    build(store, VISITS, visit_of(known), [VISIT, known], {}, reach=Reach.PERSON)
    before = store.files("known")
    load(store, VISIT, {APR: "(31, 'q')"})
    built = build(store, known, persons, [VISIT], {})
    assert (built.version, built.why, store.files("known")) == (1, "visit has changed, and any row may rest on it", before)
    assert (store.history("known")[-1]["reads"], store.history("known")[-1]["written"]) == ({"visit": 1}, [])
    assert build(store, known, persons, [VISIT], {}).extent is Extent.NOTHING
    assert build(store, VISITS, visit_of(known), [VISIT, known], {}, reach=Reach.PERSON).months == (APR,)
    load(store, VISIT, {APR: "(31, 't')"})
    assert build(store, known, persons, [VISIT], {}).version == 2
    assert (store.files("known") == before, store.rows("known")) == (False, 5)
    assert build(store, VISITS, visit_of(known), [VISIT, known], {}, reach=Reach.PERSON).why == "known has changed, which has no months"


def visit_of(known):
    return (
        VISIT.unbound.semi_join(known.unbound, VISIT.unbound.Person == known.unbound.Key)
        .mutate(Visits=ibis.literal(1, "int64"))
        .select(*VISITS.schema)
    )


@pytest.mark.parametrize("gone", ["the table as it was", "the mart"])
def test_what_can_no_longer_be_read_is_built_whole(store, gone):
    visits(store)
    old = store.files("visit")
    load(store, VISIT, {JAN: "(1, 'p')", FEB: "(2, 'p')", MAR: "(3, 'p')"})
    for path in old if gone == "the table as it was" else store.files("visits"):
        path.unlink()
    assert visits(store).why == "what it was built from, or what was built, can no longer be read"
    assert len(rows(store, "visits")) == 3


def test_a_reach_that_its_rows_do_not_keep_is_refused(store):
    moved = VISIT.unbound.mutate(Activity_Month=ibis.literal("2024-01")).select(*ROW)
    build(store, SEEN, moved, [VISIT], {}, reach=Reach.MONTH)
    load(store, VISIT, {MAR: "(21, 'q')"})
    with pytest.raises(StoreError, match=r"declares Reach.MONTH, yet a change in 2024-03 gave rows of 2024-01"):
        build(store, SEEN, moved, [VISIT], {}, reach=Reach.MONTH)
    nobody = table("nobody", TableKind.MART, {"Key": "int64", "Activity_Month": "string"}, person=None)
    with pytest.raises(QuestionRefused, match="has no person column, so its reach is not person"):
        build(store, nobody, VISIT.unbound.select("Key", "Activity_Month"), [VISIT], {}, reach=Reach.PERSON)


def test_a_new_row_without_a_month_is_an_error(store):
    dated = VISIT.unbound.mutate(Activity_Month=ibis.ifelse(VISIT.unbound.Key > 30, ibis.null("string"), VISIT.unbound.Activity_Month))
    build(store, SEEN, dated.select(*ROW), [VISIT], {}, reach=Reach.PERSON)
    load(store, VISIT, {APR: "(31, 'p')"})
    with pytest.raises(StoreError, match="is no month"):
        build(store, SEEN, dated.select(*ROW), [VISIT], {}, reach=Reach.PERSON)
    assert store.version("seen") == 0


def test_an_increment_that_fails_says_no_value(store):
    number = VISIT.unbound.mutate(Key=VISIT.unbound.Person.cast("int64")).select(*ROW)
    load(store, VISIT, {JAN: "(1, '1')", FEB: "(2, '2')", MAR: "(3, '3')"})
    build(store, SEEN, number, [VISIT], {}, reach=Reach.PERSON)
    load(store, VISIT, {APR: "(31, 'SECRET')"})
    with pytest.raises(EngineFailed, match="build seen: visit@2") as raised:
        build(store, SEEN, number, [VISIT], {}, reach=Reach.PERSON)
    assert raised.value.__cause__ is None and raised.value.__context__ is None and "SECRET" not in str(raised.value)


def test_a_load_during_a_build_enters_the_next_one(store, monkeypatch):
    at = {"visit": store.version("visit")}
    load(store, VISIT, {APR: "(31, 'q')"})
    seen(store, at=at)
    assert store.history("seen")[-1]["reads"]["visit"] == 0
    assert store.months("seen") == [JAN, FEB, MAR]
    planned = module.planned

    def meanwhile(*given, **more):
        load(store, VISIT, {JAN: "(1, 'p')"})
        return planned(*given, **more)

    monkeypatch.setattr(module, "planned", meanwhile)
    seen(store)
    assert [row[0] for row in rows(store, "seen")] == [1, 2, 3, 11, 12, 21, 22, 23, 31]
    monkeypatch.undo()
    assert seen(store).months == (JAN,)


def test_of_two_builds_at_once_the_one_that_ends_last_is_refused(store, monkeypatch):
    seen(store)
    load(store, VISIT, {APR: "(31, 'q')"})
    by_month = Embedded.by_month

    def meanwhile(*given):
        monkeypatch.undo()
        seen(store)
        return by_month(*given)

    monkeypatch.setattr(Embedded, "by_month", meanwhile)
    with pytest.raises(StoreError, match="another program wrote to it in the meantime; nothing was changed; do the same again"):
        seen(store)
    assert (store.version("seen"), seen(store).extent) == (1, Extent.NOTHING)


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from farr.lab.engine.store import Store

    sys.path.insert(0, {tests!r})
    import test_build_increment as tests
    Store._commit = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    tests.visits(Store(Path({folder!r})))
"""


def test_a_killed_increment_leaves_the_earlier_version(store):
    visits(store)
    load(store, VISIT, {JAN: "(2, 'q')"})
    before = names(store, "visits")
    code = textwrap.dedent(KILLED).format(tests=str(Path(__file__).parent), folder=str(store.folder))
    assert subprocess.run([sys.executable, "-c", code], check=False, env={**os.environ}).returncode == -signal.SIGKILL
    assert (store.version("visits"), names(store, "visits")) == (0, before)
    assert visits(store).months == (JAN, FEB)


def test_a_rule_has_one_fingerprint_in_every_process(tmp_path):
    code = textwrap.dedent("""
        from farr.lab.engine.change import fingerprint
        from farr.lab.engine.sql import sql_of
        from farr.lab.marts.mart import Mart
        from farr.lab.model.discover import discover
        for mart in discover("farr.lab.marts.definitions", Mart).values():
            built = mart.build({table.name: table.unbound for table in mart.reads})
            print(mart.name, fingerprint(mart.table, sql_of(built), mart.reads, mart.reach))
    """)
    said = [
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": seed})
        for seed in ("1", "2")
    ]
    assert said[0].stdout.count("\n") >= 2
    assert {each.stdout for each in said} == {said[0].stdout}
    assert fingerprint(SEEN, "a", [VISIT], Reach.MONTH) != fingerprint(SEEN, "a", [VISIT], Reach.WHOLE)
