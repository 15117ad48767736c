"""The session: what it refuses, what it seals, and that what fails inside says nothing of the records."""

import copy
import shutil
import traceback
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import ibis
import ibis.expr.operations as ops
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from farr.lab.disclosure.sealed import Sealed
from farr.lab.disclosure.vault import withdraw
from farr.lab.engine.errors import EngineFailed, QuestionRefused, StoreError
from farr.lab.engine.session import Session
from farr.lab.engine.store import Store
from farr.lab.model.agreement import AgreementError, OptOuts, Terms
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Aggregate, AggregateKind, Estimate, Estimator, Grouping, Question
from farr.lab.model.tables.reference import COMMISSIONER_FEATURE, ORGANISATION_CURRENT, POPULATION
from farr.lab.model.tables.sus import APC_SPELL

SPELL = APC_SPELL.unbound
TERMS = Terms(
    id="twin", title="t", legal_basis="l", purposes=("benchmark",), datasets=("apc_episode",), period_first="2024-01",
    period_last="2024-12", starts=date(2024, 1, 1), ends=date(2099, 1, 1), retention_years=5, policy="hes_2018",
    opt_outs=OptOuts.APPLIED, opt_outs_reason="r",
)  # fmt: skip
NATIONAL, PROVIDER = Grouping(), Grouping(dimensions=("provider",))
GIVEN = {
    "Der_Pseudo_NHS_Number": "'p' || range % 3",
    "Provider_Code": "case when range < 6 then 'RA' || range % 2 end",
    "Provider_Region_Code": "'Y1'",
    "Sex": "'SECRET'",
    "Length_of_Stay": "range",
}


JANUARY = Month(2024, 1)


def load(store: Store, given: dict[str, str] | None = None, rows: int = 8, month: Month = JANUARY) -> None:
    names = {"string": "varchar", "int16": "smallint", "int32": "int", "int64": "bigint", "date": "date", "boolean": "boolean",
             "float64": "double", "decimal(18, 2)": "decimal(18, 2)"}  # fmt: skip
    values = {**GIVEN, **(given or {})}
    select = ", ".join(f"cast({values.get(c.name, 'null')} as {names[c.type]}) as {c.name}" for c in APC_SPELL.columns[:-1])
    with store.staging("apc_spell") as folder:
        duckdb.sql(f"copy (select {select} from range({rows})) to '{folder}/s.parquet' (format parquet)")
        store.replace(APC_SPELL, {month: [folder / "s.parquet"]}, {"reads": {"apc_episode": 4, "organisation": None}})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store")
    load(store)
    return store


def asked(counted: object = None, **changes) -> Question:
    question = Question(
        name="stays",
        table=APC_SPELL,
        period=Period.parse("2024-01"),
        where=SPELL.Length_of_Stay >= 0,
        aggregates=(Aggregate(name="numerator", kind=AggregateKind.COUNT, where=SPELL.Sex.notnull() if counted is None else counted),),
        groupings=(PROVIDER, NATIONAL),
    )
    return replace(question, **changes)


def session(store: Store, **more) -> Session:
    return Session(store, more.pop("terms", TERMS), more.pop("estimators", {}), "code-1", **more)


def test_the_contents_hold_the_true_figures_and_what_they_rest_on(store):
    sealed = session(store).ask(asked())
    assert isinstance(sealed, Sealed)
    contents = withdraw(sealed)
    rows = [list(row.values()) for row in contents.cells.to_pylist()]
    assert contents.cells.column_names == ["grouping", "month", "provider", "provider_region", "numerator", "numerator__persons"]
    assert rows == [
        [0, None, "RA0", "Y1", 3, 3],
        [0, None, "RA1", "Y1", 3, 3],
        [0, None, "unknown", "Y1", 2, 2],
        [1, None, None, None, 8, 3],
    ]
    assert (contents.agreement, contents.agreement_policy, contents.code_version) == ("twin", "hes_2018", "code-1")
    assert contents.store_versions == {"apc_spell": 0, "apc_episode": 4}


def test_what_patterns_hang_on_is_made_of_the_secret_of_the_home_and_not_shown(store):
    contents = [withdraw(session(store, secret=lambda key=key: key).ask(asked())) for key in (b"one" * 9, b"two" * 9)]
    assert len({each.secret for each in contents} - {b"one" * 9, b"two" * 9}) == 2
    assert not any(repr(each.secret)[2:10] in repr(each) for each in contents)
    assert withdraw(session(store).ask(asked())).secret == b""


def gone_over(store: Store, pairs: dict[str, str]) -> int:
    with store.staging("organisation_current") as folder:
        rows = [{"Former_Code": former, "Current_Code": current} for former, current in pairs.items()]
        pq.write_table(pa.Table.from_pylist(rows, schema=ORGANISATION_CURRENT.schema.to_pyarrow()), folder / "o.parquet")
        return store.replace(ORGANISATION_CURRENT, [folder / "o.parquet"], {})


def test_which_organisations_had_gone_over_into_others_is_told_by_version(store):
    first, second = gone_over(store, {"RA0": "RA1"}), gone_over(store, {"RA0": "RA1", "RB0": "RA1"})
    contents = withdraw(session(store).ask(asked()))
    assert contents.succession({"organisation_current": first}) == {"RA0": "RA1"}
    assert contents.succession({"organisation_current": second, "apc_spell": 0}) == {"RA0": "RA1", "RB0": "RA1"}
    assert contents.succession({"apc_spell": 0}) == {}


def test_of_a_version_that_is_gone_nothing_is_known(store):
    version = gone_over(store, {"RA0": "RA1"})
    for path in store.files("organisation_current", version):
        path.unlink()
    assert withdraw(session(store).ask(asked())).succession({"organisation_current": version}) is None


def test_a_session_shows_no_rows_and_no_connection(store):
    held = session(store)
    held.ask(asked())
    assert not [value for value in vars(held).values() if isinstance(value, duckdb.DuckDBPyConnection)]
    with pytest.raises(TypeError):
        copy.copy(held.ask(asked()))


def test_the_pinned_version_stands_while_another_is_loaded(store):
    load(store, rows=2)
    assert withdraw(session(store).ask(asked())).store_versions["apc_spell"] == 1


@ibis.udf.scalar.python
def leak(value: str) -> bool:
    return bool(value)


@ibis.udf.scalar.builtin(name="getenv")
def builtin(value: str) -> str: ...


def written_as_sql() -> ibis.Table:
    return ops.SQLStringView(parent=SPELL, query="select * from apc_spell", schema=APC_SPELL.schema).to_expr()


REFUSED = {
    "python function": lambda: leak(SPELL.Sex),
    "built-in function": lambda: builtin(SPELL.Sex) == "x",
    "aggregate": lambda: SPELL.Length_of_Stay == SPELL.Length_of_Stay.max(),
    "window": lambda: ibis.row_number().over(order_by=SPELL.Length_of_Stay) == 0,
    "subquery": lambda: SPELL.Sex.isin(SPELL.Provider_Code),
    "scalar subquery": lambda: SPELL.Length_of_Stay == SPELL.Length_of_Stay.max().as_scalar(),
    "memtable": lambda: SPELL.Sex.isin(ibis.memtable({"a": ["x"]}).a),
    "SQL text": lambda: written_as_sql().Sex == "1",
    "random": lambda: ibis.random() < 0.5,
    "clock": lambda: ibis.now().year() > 2000,
    "other table": lambda: ibis.table({"Sex": "string"}, name="apc_spell").Sex == "1",
    "one person": lambda: SPELL.Der_Pseudo_NHS_Number != "p1",
    "undeclared table": lambda: ibis.table({"Sex": "string"}, name="secrets").Sex == "1",
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_not_a_row_operation_on_the_declared_table_is_refused(store, kind):
    with pytest.raises(QuestionRefused, match="stays"):
        session(store).ask(asked(REFUSED[kind]()))


def test_bound_tables_are_refused(store):
    connection = ibis.duckdb.connect()
    bound = connection.create_table("apc_spell", schema=APC_SPELL.schema)
    with pytest.raises(QuestionRefused, match="DatabaseTable"):
        session(store).ask(asked(bound.Sex == "1"))


@pytest.mark.parametrize("changes", [{"person": None}, {"policy": "open_data"}, {"name": "other"}])
def test_a_table_that_is_not_as_declared_is_refused(store, changes):
    forged = replace(APC_SPELL, **changes)
    with pytest.raises(QuestionRefused, match="not one of the tables declared"):
        session(store).ask(asked(table=forged))


def test_what_the_table_cannot_answer_is_refused(store):
    feature = COMMISSIONER_FEATURE.unbound
    count = Aggregate(name="n", kind=AggregateKind.COUNT, where=feature.Population > 0)
    with pytest.raises(QuestionRefused, match="has no months"):
        session(store).ask(asked(table=COMMISSIONER_FEATURE, where=feature.Population > 0, aggregates=(count,), groupings=(NATIONAL,)))
    people = POPULATION.unbound
    total = Aggregate(name="n", kind=AggregateKind.SUM, where=people.Patients > 0, value=people.Patients)
    with pytest.raises(QuestionRefused, match="cannot be broken down by 'provider'"):
        session(store).ask(asked(table=POPULATION, where=people.Patients > 0, aggregates=(total,)))
    named = Aggregate(name="provider", kind=AggregateKind.COUNT, where=SPELL.Sex == "1")
    with pytest.raises(QuestionRefused, match="two columns named provider"):
        session(store).ask(asked(aggregates=(named,)))


def test_the_agreement_bounds_tables_and_months(store):
    with pytest.raises(AgreementError, match="does not cover the dataset 'apc_episode'"):
        session(store, terms=TERMS.model_copy(update={"datasets": ("organisation",)})).ask(asked())
    with pytest.raises(AgreementError, match="covers 2024-01..2024-12"):
        session(store).ask(asked(period=Period.parse("2023-12..2024-01")))


def test_a_table_never_loaded_is_named_with_what_to_type(tmp_path):
    with pytest.raises(StoreError, match="'apc_spell' was never loaded; type: farr build"):
        session(Store(tmp_path)).ask(asked())


def test_a_code_in_two_regions_is_refused(store):
    load(store, {"Provider_Region_Code": "'Y' || range"})
    with pytest.raises(QuestionRefused, match="2 codes of provider in 'apc_spell' lie in more than one provider_region"):
        session(store).ask(asked())


def test_an_engine_error_shows_no_value_no_cause_and_no_frame_of_the_engine(store):
    with pytest.raises(EngineFailed, match="question stays: apc_spell@0") as raised:
        session(store).ask(asked(SPELL.Sex.cast("int64") > 1))
    error = raised.value
    assert error.__cause__ is None and error.__context__ is None
    assert "SECRET" not in "".join(traceback.format_exception(error))
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    assert not [frame for frame in frames if "duckdb" in frame.f_code.co_filename]
    held = [value for frame in frames for value in frame.f_locals.values()]
    assert not [value for value in held if isinstance(value, duckdb.DuckDBPyConnection)]


@pytest.mark.parametrize("damaged", [lambda content: content[:50], lambda content: bytes(len(content))])
def test_a_damaged_file_is_named_without_context(store, damaged):
    file = store.files("apc_spell")[0]
    file.write_bytes(damaged(file.read_bytes()))
    with pytest.raises(StoreError, match=f"apc_spell.*{file.name}") as raised:
        session(store).ask(asked())
    assert raised.value.__context__ is None


def verdict(**changes) -> Question:
    estimate = Estimate(name="seen", estimator="size", grouping=PROVIDER, inputs=(("count", "numerator"),), parameters=(("least", 3.0),))
    return asked(estimates=(replace(estimate, **changes),))


def estimators(function) -> dict[str, Estimator]:
    return {"size": Estimator(name="size", function=function, verdicts=("low", "high"))}


def test_an_estimator_judges_the_true_values_of_its_grouping_and_of_known_codes(store):
    given = []

    def size(count, least):
        given.append(count.tolist())
        return np.where(count >= least, "high", "low")

    cells = withdraw(session(store, estimators=estimators(size)).ask(verdict())).cells
    assert given == [[3.0, 3.0]]
    assert cells["seen"].to_pylist() == ["high", "high", None, None]


def leaking(count, **_):
    raise ValueError(f"SECRET {count}")


@pytest.mark.parametrize("function", [leaking, lambda count, **_: count, lambda count, **_: ["low"]])
def test_an_estimator_gives_its_verdicts_or_nothing(store, function):
    with pytest.raises(EngineFailed, match="an estimator failed") as raised:
        session(store, estimators=estimators(function)).ask(verdict())
    assert "SECRET" not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"estimator": "nope"}, "'nope' is not an installed estimator; installed: size"),
        ({"inputs": (("count", "nope"),)}, "needs figures of its question"),
        ({"grouping": Grouping(monthly=True)}, "does not ask for"),
    ],
)
def test_an_estimate_of_what_is_not_there_is_refused(store, changes, says):
    with pytest.raises(QuestionRefused, match=says):
        session(store, estimators=estimators(leaking)).ask(verdict(**changes))


def test_a_table_about_no_person_has_no_persons_and_needs_no_agreement(store):
    people = POPULATION.unbound
    with store.staging("population") as folder:
        given = "'G' || range as GP_Practice_Code, '1' as Sex, '00-04' as Age_Band, range * 10 as Patients, 'Y1' as Practice_Region_Code"
        more = "case when range > 0 then 'C1' end as Commissioner_Code, 'Y1' as Commissioner_Region_Code"
        duckdb.sql(f"copy (select {given}, {more} from range(3)) to '{folder}/p.parquet' (format parquet)")
        known = {"GP_Practice_Code", "Sex", "Age_Band", "Patients", "Practice_Region_Code", "Commissioner_Code", "Commissioner_Region_Code"}
        reordered = ", ".join(
            c.name if c.name in known else f"cast(null as varchar) as {c.name}" for c in POPULATION.columns if c.name != "Activity_Month"
        )
        duckdb.sql(f"copy (select {reordered} from '{folder}/p.parquet') to '{folder}/q.parquet' (format parquet)")
        store.replace(POPULATION, {Month(2024, 1): [folder / "q.parquet"]}, {})
    total = Aggregate(name="denominator", kind=AggregateKind.SUM, where=people.Patients.notnull(), value=people.Patients)
    question = Question(
        name="people", table=POPULATION, period=Period.parse("2024-01"), where=people.Patients >= 0, aggregates=(total,),
        groupings=(Grouping(dimensions=("commissioner",), monthly=True),),
    )  # fmt: skip
    rows = withdraw(session(store).ask(question)).cells.to_pylist()
    assert [list(row.values()) for row in rows] == [
        [0, "2024-01", "C1", "Y1", 30.0, None, None, None],
        [0, "2024-01", "unknown", "Y1", 0.0, None, None, None],
    ]


def test_a_sum_that_is_no_number_is_refused(store):
    ratio = Aggregate(name="ratio", kind=AggregateKind.SUM, where=SPELL.Sex.notnull(), value=1 / (SPELL.Length_of_Stay - 3))
    with pytest.raises(QuestionRefused, match="sum 'ratio' of question 'stays' is not a number"):
        session(store).ask(asked(aggregates=(ratio,)))


def cells(held: Session, *questions: Question) -> list[list[dict]]:
    return [withdraw(sealed).cells.to_pylist() for sealed in held.ask_many(questions)]


def test_questions_asked_together_are_counted_as_each_by_itself(store):
    long = SPELL.Length_of_Stay >= 7
    some = asked(
        name="long", where=long, aggregates=(Aggregate(name="long", kind=AggregateKind.SUM, where=long, value=SPELL.Length_of_Stay),)
    )
    together = cells(session(store), asked(), some)
    assert together == [*cells(session(store), asked()), *cells(session(store), some)]
    assert [row["provider"] for row in together[1] if row["grouping"] == 0] == ["unknown"]  # no provider's cell without a row of its own


@pytest.mark.parametrize("bytes_kept", [2_000_000_000, 0])  # where nothing fits in memory, months are counted apart
def test_a_month_left_out_is_not_counted(store, monkeypatch, bytes_kept):
    monkeypatch.setattr("farr.lab.engine.session._BYTES_KEPT", bytes_kept)
    with store.staging("apc_spell") as folder:
        for month in (1, 2):
            shutil.copy(store.files("apc_spell")[0], folder / f"{month}.parquet")
        store.replace(APC_SPELL, {Month(2024, month): [folder / f"{month}.parquet"] for month in (1, 2)}, {})
    both, second = (
        asked(period=Period.parse("2024-01..2024-02")),
        asked(period=Period.parse("2024-01..2024-02"), left_out=(Month(2024, 1),)),
    )
    whole, part = cells(session(store), both, second)
    assert (whole[-1]["numerator"], part[-1]["numerator"]) == (16, 8)
    assert both.identity != second.identity


def test_only_datasets_that_a_mart_was_built_from_need_an_agreement(store):
    store.replace(APC_SPELL, {}, {"reads": {"apc_episode": 4, "critical_care": 0}})
    with pytest.raises(AgreementError, match="critical_care"):
        session(store).ask(asked())
