"""The ledger's index finds what reading the whole ledger would, whoever wrote it and whenever it was read last."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.manifest import Manifest
from farr.lab.disclosure.released import release_id, table_sha256
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.tables.sus import APC_SPELL

SPELL = APC_SPELL.unbound
QUESTION = Question(
    name="q", table=APC_SPELL, period=Period.parse("2024-01"), where=SPELL.Sex == "1", groupings=(Grouping(),),
    aggregates=(Aggregate(name="n", kind=AggregateKind.COUNT, where=SPELL.Sex == "1"),),
)  # fmt: skip
few = st.sampled_from
keys = st.fixed_dictionaries({
    "identity": few(["q1", "q2"]),
    "agreement": few(["a", "b"]),
    "policy": few(["hes_2018", "opensafely"]),
    "store_versions": few([{"apc_spell": 1}, {"apc_spell": 2}, {}]),
    "code_version": few(["1", "2"]),
})  # fmt: skip
steps = st.one_of(
    st.tuples(st.just("record"), keys, st.integers(0, 1)),
    st.tuples(st.just("refuse"), st.none(), st.integers(0, 1)),
    st.tuples(st.just("find"), keys, st.integers(0, 1)),
)


def made(key: dict, number: int) -> tuple[Manifest, pa.Table]:
    table = pa.table({"n": [float(number)]})
    manifest = Manifest(
        release_id="", name="q", question={}, question_identity=key["identity"], agreement=key["agreement"], policy=key["policy"],
        checks=(), store_versions=key["store_versions"], code_version=key["code_version"], released_at="2025-01-01T00:00:00+00:00",
        table_sha256=table_sha256(table),
    )  # fmt: skip
    return replace(manifest, release_id=release_id(manifest)), table


@settings(max_examples=60, deadline=None)
@given(st.lists(steps, max_size=25))
def test_the_index_finds_what_a_full_scan_would(sequence):
    written: list[tuple[dict, Manifest, pa.Table]] = []
    with TemporaryDirectory() as folder:
        # Two ledgers on one file stand for two processes: neither sees the other's index.
        ledgers = [Ledger(Path(folder) / "ledger.jsonl") for _ in range(2)]
        for number, (step, key, which) in enumerate(sequence):
            if step == "record":
                manifest, table = made(key, number)
                ledgers[which].record(manifest, table, {})
                written.append((key, manifest, table))
            elif step == "refuse":
                ledgers[which].record_refusal(QUESTION, "a", "unsafe")
            else:
                expected = next(((manifest, table) for held, manifest, table in written if held == key), None)
                found = ledgers[which].earlier(**key)
                assert (found is None) == (expected is None)
                if found is not None and expected is not None:
                    assert found[0].release_id == expected[0].release_id and found[1].equals(expected[1])
        assert ledgers[0].verify() == sum(step != "find" for step, _, _ in sequence)
