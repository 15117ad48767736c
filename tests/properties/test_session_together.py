"""Questions asked together have the answers that each has by itself: on any records, of any set of questions."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from farr.lab.disclosure.vault import withdraw
from farr.lab.engine.session import Session
from farr.lab.engine.store import Store
from farr.lab.model.agreement import OptOuts, Terms
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.tables.sus import APC_SPELL

SPELL = APC_SPELL.unbound
TERMS = Terms(
    id="twin", title="t", legal_basis="l", purposes=("benchmark",), datasets=("apc_episode",), period_first="2024-01",
    period_last="2024-12", starts=date(2024, 1, 1), ends=date(2099, 1, 1), retention_years=5, policy="hes_2018",
    opt_outs=OptOuts.APPLIED, opt_outs_reason="r",
)  # fmt: skip
CONDITIONS = (SPELL.Sex == "1", SPELL.Length_of_Stay > 1, SPELL.Sex.notnull(), SPELL.Length_of_Stay < 0)
GROUPINGS = (
    (Grouping(),),
    (Grouping(dimensions=("provider",)), Grouping()),
    (Grouping(dimensions=("provider", "sex")), Grouping(dimensions=("sex",))),
    (Grouping(dimensions=("provider",), monthly=True), Grouping(monthly=True)),
)
conditions = st.sampled_from(CONDITIONS)
records = st.fixed_dictionaries({
    "Der_Pseudo_NHS_Number": st.sampled_from([None, "", "p1", "p2", "p3"]),
    "Provider_Code": st.sampled_from([None, " ", "RA", "RB"]),
    "Sex": st.sampled_from([None, "1", "2"]),
    "Length_of_Stay": st.sampled_from([None, -3, 0, 1, 2, 30]),
})  # fmt: skip


@st.composite
def questions(draw: st.DrawFn) -> Question:
    figures = draw(st.lists(st.tuples(st.sampled_from(AggregateKind), conditions), min_size=1, max_size=3))
    aggregates = [
        Aggregate(name=f"f{at}", kind=kind, where=where, value=SPELL.Length_of_Stay if kind is AggregateKind.SUM else None)
        for at, (kind, where) in enumerate(figures)
    ]
    return Question(
        name=draw(st.sampled_from(["one", "other"])),
        table=APC_SPELL,
        period=Period.parse("2024-01..2024-02"),
        left_out=draw(st.sampled_from([(), (Month(2024, 1),)])),
        where=draw(conditions),
        aggregates=tuple(aggregates),
        groupings=draw(st.sampled_from(GROUPINGS)),
    )


def stored(store: Store, months: list[list[dict]]) -> None:
    schema = pa.schema([field for field in APC_SPELL.schema.to_pyarrow() if field.name != APC_SPELL.month])
    with store.staging("apc_spell") as folder:
        staged = {}
        for number, rows in enumerate(months, start=1):
            pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / f"{number}.parquet")
            staged[Month(2024, number)] = [folder / f"{number}.parquet"]
        store.replace(APC_SPELL, staged, {"reads": {"apc_episode": 4}})


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.lists(records, min_size=1, max_size=8), min_size=2, max_size=2),
    st.lists(questions(), min_size=1, max_size=4, unique_by=lambda question: question.identity),
)
def test_together_and_alone_are_the_same(months, asked):
    with TemporaryDirectory() as folder:
        store = Store(Path(folder))
        stored(store, months)
        session = Session(store, TERMS, {}, "code-1")
        together = [withdraw(sealed) for sealed in session.ask_many(asked)]
        alone = [withdraw(session.ask(question)) for question in asked]
        for question, one, other in zip(asked, together, alone, strict=True):
            assert one.question == other.question == question
            assert one.cells.equals(other.cells), question
            assert one.store_versions == other.store_versions == session.basis(question)
