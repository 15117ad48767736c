"""A reference file replaces the parts that it holds, and no other: in whatever order files come, the store is their union by part."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from farr.lab.desk.load import load_file
from farr.lab.engine.reference import read_reference
from farr.lab.engine.store import Store
from farr.lab.model.agreement import Agreement, OptOuts, Terms
from farr.lab.model.tables.reference import DEPRIVATION, RESIDENT_POPULATION

AGREEMENT = Agreement(
    terms=Terms(
        id="test", title="Test", legal_basis="test", purposes=("commissioning",), datasets=("apc_episode",), period_first="2024-04",
        period_last="2024-08", starts=date(2024, 1, 1), ends=date(2024, 12, 31), retention_years=4, policy="hes_2018",
        opt_outs=OptOuts.APPLIED, opt_outs_reason="planning",
    )
)  # fmt: skip
# A file: for each part (year and level) the areas and their score, an area once.
parts = st.tuples(st.sampled_from((2015, 2019, 2025)), st.sampled_from(("practice", "commissioner")))
files = st.lists(
    st.dictionaries(parts, st.dictionaries(st.sampled_from(("A1", "A2", "A3")), st.integers(0, 100), min_size=1), min_size=1),
    min_size=1,
    max_size=5,
)


def load(store: Store, folder: Path, lines: list[str]) -> None:
    path = folder / "file.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    load_file(path, agreement=AGREEMENT, store=store, quarantine=folder / "q", code_version="test", today=date(2024, 9, 1))


def held(store: Store) -> dict[tuple[int, str], dict[str, float]]:
    found: dict[tuple[int, str], dict[str, float]] = {}
    for row in read_reference(store, DEPRIVATION).to_pylist():
        areas = found.setdefault((row["IMD_Year"], row["Area_Level"]), {})
        assert row["Area_Code"] not in areas
        areas[row["Area_Code"]] = row["IMD_Score"]
    return found


@settings(max_examples=12, deadline=None)
@given(files)
def test_the_store_is_the_last_file_of_each_part(sequence):
    expected: dict[tuple[int, str], dict[str, float]] = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        store = Store(folder / "store")
        for file in sequence:
            lines = [f"{year},{level},{area},{score}" for (year, level), areas in file.items() for area, score in areas.items()]
            load(store, folder, ["IMD_Year,Area_Level,Area_Code,IMD_Score", *lines])
            expected |= file
            assert held(store) == expected
            assert store.rows("deprivation") == sum(len(areas) for areas in expected.values())
        assert store.version("deprivation") == len(sequence) - 1


@settings(max_examples=8, deadline=None)
@given(st.permutations([(2022, "commissioner"), (2022, "region"), (2023, "commissioner")]))
def test_files_of_different_parts_come_in_any_order(order):
    with TemporaryDirectory() as name:
        folder = Path(name)
        store = Store(folder / "store")
        for year, level in order:
            rows = [f"{year},{level},A{number},{sex},00-04,{year + number}" for number in range(3) for sex in (1, 2)]
            load(store, folder, ["Mid_Year,Area_Level,Area_Code,Sex,Age_Band,People", *rows])
        rows = read_reference(store, RESIDENT_POPULATION).to_pylist()
        assert sorted({(row["Mid_Year"], row["Area_Level"]) for row in rows}) == sorted(order)
        assert len(rows) == 6 * len(order)
