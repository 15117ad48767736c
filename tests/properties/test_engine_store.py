"""However months are loaded and sent again, the store holds the last of each, and every earlier version as it was."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from farr.lab.engine.store import Store
from farr.lab.model.period import Month
from farr.lab.model.table import Column, TableDeclaration, TableKind

VISIT = TableDeclaration(
    name="visit",
    title="Visit",
    description="",
    kind=TableKind.STAGED,
    policy="hes_2018",
    key=("Key",),
    month="Activity_Month",
    columns=tuple(Column(name=name, type=kind, meaning="m", source="s") for name, kind in [("Key", "int64"), ("Activity_Month", "string")]),
)
months = st.builds(Month, st.just(2024), st.integers(1, 4))
loads = st.tuples(st.dictionaries(months, st.lists(st.integers(0, 9), max_size=3), min_size=1), st.booleans())


def held(store: Store, version: int) -> dict[Month, list[int]]:
    found: dict[Month, list[int]] = {}
    for path in store.files("visit", version):
        found.setdefault(Month.parse(path.parent.name[-7:]), []).extend(pq.ParquetFile(path).read()["Key"].to_pylist())
    return found


@settings(max_examples=15, deadline=None)
@given(st.lists(loads, min_size=1, max_size=4))
def test_a_store_is_the_last_load_of_each_month(sequence):
    expected: dict[Month, list[int]] = {}
    versions: list[dict[Month, list[int]]] = []
    with TemporaryDirectory() as folder:
        store = Store(Path(folder))
        for given_months, whole in sequence:
            with store.staging("visit") as staging:
                staged = {}
                for month, keys in given_months.items():
                    pq.write_table(pa.table({"Key": pa.array(keys, pa.int64())}), staging / f"{month}.parquet")
                    staged[month] = [staging / f"{month}.parquet"] if keys else []
                store.replace(VISIT, staged, {}, rows=sum(len(keys) for keys in given_months.values()), whole=whole)
            expected = {**({} if whole else expected), **given_months}
            versions.append({month: keys for month, keys in expected.items() if keys})
        assert [held(store, version) for version in range(len(sequence))] == versions
        assert store.months("visit") == sorted(versions[-1])
        assert store.rows("visit") == sum(len(keys) for keys in versions[-1].values())
