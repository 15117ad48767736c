"""Standardised figures from records to comparison, through the session and the gate as they are."""

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.desk.reviewing.registered import NotTheReference, RegisteredMeasures
from farr.lab.disclosure.gate import Unregistered, release
from farr.lab.disclosure.history.nested import conditions_noted
from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.mint import MINT
from farr.lab.disclosure.released import Released, publish, read_published, release_id, table_sha256
from farr.lab.disclosure.review.held import Review
from farr.lab.engine.session import Session
from farr.lab.engine.store import Store
from farr.lab.measures.estimators import ESTIMATORS
from farr.lab.measures.figures import STRATA, read_figures, values
from farr.lab.measures.questions import questions, reference_questions
from farr.lab.measures.reference import Reference
from farr.lab.model.agreement import OptOuts, Terms, encoded
from farr.lab.model.period import Month, Period
from farr.lab.model.tables.reference import POPULATION
from farr.lab.model.tables.sus import APC_SPELL

MAY = Period.parse("2024-05")
TERMS = Terms(
    id="twin", title="t", legal_basis="l", purposes=("benchmark",), datasets=("apc_episode", "critical_care"), period_first="2024-01",
    period_last="2024-12", starts=date(2024, 1, 1), ends=date(2099, 1, 1), retention_years=5, policy="hes_2018",
    opt_outs=OptOuts.APPLIED, opt_outs_reason="r",
)  # fmt: skip


def keep(store, table, rows):
    columns = [column.name for column in table.columns if column.name != table.month]
    schema = pa.schema([field for field in table.schema.to_pyarrow() if field.name != table.month])
    with store.staging(table.name) as folder:
        pq.write_table(
            pa.Table.from_pylist([{name: row.get(name) for name in columns} for row in rows], schema=schema), folder / "r.parquet"
        )
        store.replace(table, {Month(2024, 5): [folder / "r.parquet"]}, {"reads": {}})


@pytest.fixture
def declared(kinds):
    """The measures of these tests, each by a name of its own."""
    return {name: replace(measure, name=name.replace(" ", "_")) for name, measure in kinds.items()}


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "ledger.jsonl")


@pytest.fixture
def registered(declared, ledger):
    """The registry, in a world where these measures are declared."""
    by_name = {measure.name: measure for measure in declared.values()}
    return RegisteredMeasures(lambda: by_name, ledger)


@pytest.fixture
def ask(tmp_path, make_people, registered, ledger):
    """Commissioner A has 10 deaths of 40 spells in every stratum, B 20 of 40; each stay is another person's."""
    spells = [
        {"Provider_Code": code, "Commissioner_Code": code, "Provider_Region_Code": "N", "Commissioner_Region_Code": "N",
         "Casemix_Group": "1", "Age_Group": group, "Sex": sex, "Discharge_Method": "4" if place < deaths else "1"}
        for code, deaths in (("A", 10), ("B", 20)) for group, sex in STRATA for place in range(40)
    ]  # fmt: skip
    store = Store(tmp_path / "store")
    keep(store, APC_SPELL, [{**row, "Spell_Key": n, "Der_Pseudo_NHS_Number": f"p{n}"} for n, row in enumerate(spells)])
    keep(store, POPULATION, [row for code in "AB" for row in make_people(code, 2400)])
    session = Session(store, TERMS, ESTIMATORS, "code-1")

    def ask(question):
        before = conditions_noted((each.audit for each in ledger.released_of(question.table.name)), question.table)
        (sealed,) = session.ask_many([question], {question.table.name: before})
        return release(sealed, ledger, Review(registry=registered))

    return ask


@pytest.mark.parametrize(
    ("name", "level", "expected"),
    [
        ("direct", "commissioner", {"A": 5.0, "B": 10.0}),  # 10 and 20 deaths of 200 person-years in every stratum
        ("indirect", "provider", {"A": 100 * 120 / 180, "B": 100 * 240 / 180}),
        ("indirect per head", "commissioner", {"A": 100 * 120 / 180, "B": 100 * 240 / 180}),
    ],
)
def test_a_standardised_figure_from_records_to_its_value(declared, ask, registered, name, level, expected):
    measure = declared[name]
    asked = reference_questions(measure, period=MAY)
    reference = registered.refer(measure, asked, [ask(question) for question in asked]) if asked else None
    put = questions(measure, level=level, period=MAY, trend=None, verdict=True, reference=reference)
    activity, *people = [ask(question).table for question in put]
    figures = read_figures(
        measure, activity, grouping=0, code_column=level, population=people[0] if people else None, reference=reference
    )  # fmt: skip
    assert dict(zip(figures.codes, values(measure, figures), strict=True)) == pytest.approx(expected)
    assert figures.status == ("rounded", "rounded")


def test_shares_that_were_not_released_make_a_question_unregistered(declared, ask, registered):
    measure = declared["indirect"]
    asked = reference_questions(measure, period=MAY)
    released = [ask(question) for question in asked]
    true = registered.refer(measure, asked, released)
    forged = Reference(strata=true.strata, shares={**true.shares, sorted(true.shares)[-1]: 1.0})
    put = questions(measure, level="provider", period=MAY, trend=None, verdict=True, reference=forged)
    with pytest.raises(Unregistered):
        ask(put[0])
    with pytest.raises(NotTheReference):
        registered.refer(measure, asked, [ask(each) for each in questions(declared["direct"], level="commissioner", period=MAY, trend=None,
                                                                          verdict=False)][:1])  # fmt: skip
    with pytest.raises(NotTheReference):
        registered.refer(measure, [], [])


def test_a_release_that_the_ledger_does_not_have_is_no_reference(declared, ask, registered, tmp_path):
    """Somebody writes shares of their own, signs them with a key of their own, and reads them back with it."""
    measure, key = declared["indirect"], Ed25519PrivateKey.generate()
    asked = reference_questions(measure, period=MAY)
    (released,) = [ask(question) for question in asked]
    changed = released.table.set_column(
        released.table.column_names.index("numerator"), "numerator", pa.array([1.0] * released.table.num_rows)
    )  # fmt: skip
    manifest = replace(released.manifest, table_sha256=table_sha256(changed))
    for said in (manifest, replace(manifest, release_id=release_id(manifest))):
        path = publish(Released(manifest=said, table=changed, mint=MINT), tmp_path / "mine" / said.release_id, key)
        forged = read_published(path, {encoded(key.public_key().public_bytes_raw())})
        with pytest.raises(NotTheReference):
            registered.refer(measure, asked, [forged])
    assert registered.refer(measure, asked, [released]) == registered.refer(measure, asked, [ask(asked[0])])
    with pytest.raises(NotTheReference):
        RegisteredMeasures(lambda: {measure.name: measure}).refer(measure, asked, [released])
