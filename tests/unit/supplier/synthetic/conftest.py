"""One synthetic feed for these tests: a year of all feeds, read with plain pandas and no help from the rest of Farr."""

import json
from pathlib import Path

import pandas as pd
import pytest

from farr.lab.model.period import Month, Period
from farr.supplier.synthetic.writer import Settings, write_feed

EMERGENCY = {"21", "22", "23", "24", "25", "28", "2A", "2B", "2C", "2D"}
ELECTIVE = {"11", "12", "13"}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic") / "feed"
    write_feed(Settings(period=Period(Month(2024, 4), Month(2025, 3)), scale=0.01, seed=7), folder)
    return folder


@pytest.fixture(scope="session")
def truth(folder: Path) -> dict:
    return json.loads((folder / "truth.json").read_text())


def _whole(folder: Path, feed: str) -> pd.DataFrame:
    """All months of a feed as they are in the end, some as sent again; `file` is the month that the file is named for."""
    again = {path.name: path for path in (folder / "resent").glob(f"{feed}_*.parquet")}
    paths = [again.get(path.name, path) for path in sorted(folder.glob(f"{feed}_*.parquet"))]
    table = pd.concat([pd.read_parquet(path).assign(file=path.stem[-7:]) for path in paths], ignore_index=True)
    for column in table.columns:
        if isinstance(table[column].dtype, pd.CategoricalDtype):
            table[column] = table[column].astype(object)
    return table


@pytest.fixture(scope="session")
def organisation(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "organisation.csv", dtype=str)


@pytest.fixture(scope="session")
def episodes(folder: Path) -> pd.DataFrame:
    return _whole(folder, "apc_episode")


@pytest.fixture(scope="session")
def appointments(folder: Path) -> pd.DataFrame:
    return _whole(folder, "op_attendance")


@pytest.fixture(scope="session")
def attendances(folder: Path) -> pd.DataFrame:
    return _whole(folder, "ae_attendance")


@pytest.fixture(scope="session")
def periods(folder: Path) -> pd.DataFrame:
    return _whole(folder, "critical_care")


@pytest.fixture(scope="session")
def clean(episodes: pd.DataFrame) -> pd.DataFrame:
    late = pd.to_datetime(episodes.Episode_Start_Date) > pd.to_datetime(episodes.Episode_End_Date)
    bad = (episodes.Sex == "7") | (episodes.Admission_Method == "77") | (episodes.Diagnosis_01 == "??12") | late
    return episodes[~bad]


@pytest.fixture(scope="session")
def spells(clean: pd.DataFrame, folder: Path) -> pd.DataFrame:
    first = clean[clean.Episode_Number == 1].drop(columns=["Discharge_Date", "Discharge_Method"]).set_index("APCS_Ident")
    last = clean[clean.Discharge_Date.notna()].set_index("APCS_Ident")[["Discharge_Date", "Discharge_Method"]]
    table = first.join(last, how="inner")
    for column in ("Admission_Date", "Discharge_Date"):
        table[column] = pd.to_datetime(table[column])
    trim = pd.read_csv(folder / "hrg_trim_point.csv").query("Tariff_Year == '2024/25'").set_index("Spell_Core_HRG").Non_Elective_Trim_Point
    return table.assign(
        days=(table.Discharge_Date - table.Admission_Date).dt.days,
        emergency=table.Admission_Method.isin(EMERGENCY),
        elective=table.Admission_Method.isin(ELECTIVE),
        Tariff_Total=pd.to_numeric(clean.groupby("APCS_Ident").Tariff_Total.last()),
        Grand_Total=pd.to_numeric(clean.groupby("APCS_Ident").Grand_Total.last()),
        episodes=clean.groupby("APCS_Ident").size(),
        excess=lambda t: (t.days - t.Spell_Core_HRG.map(trim)).clip(lower=0),
    )
