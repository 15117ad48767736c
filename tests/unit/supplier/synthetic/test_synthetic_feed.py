"""The synthetic feed, recomputed with plain pandas and no help from the rest of Farr."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from farr.lab.ingest.feeds.apc_episode import FEED
from farr.lab.model.period import Month, Period
from farr.supplier.synthetic.table import DIRTY_SHARE
from farr.supplier.synthetic.truth import score
from farr.supplier.synthetic.writer import Settings, write_feed

EMERGENCY = {"21", "22", "23", "24", "25", "28", "2A", "2B", "2C", "2D"}
ELECTIVE = {"11", "12", "13"}
YEAR = Period(Month(2024, 4), Month(2025, 3))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic") / "feed"
    write_feed(Settings(period=YEAR, scale=0.01, seed=7), folder)
    return folder


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict:
    return json.loads((folder / "truth.json").read_text())


@pytest.fixture(scope="module")
def episodes(folder: Path) -> pd.DataFrame:
    parts = [pd.read_parquet(path).assign(file=path.stem[-7:]) for path in sorted(folder.glob("apc_episode_*.parquet"))]
    table = pd.concat(parts, ignore_index=True)
    for column in table.columns:
        if isinstance(table[column].dtype, pd.CategoricalDtype):
            table[column] = table[column].astype(object)
    return table


@pytest.fixture(scope="module")
def clean(episodes: pd.DataFrame) -> pd.DataFrame:
    late = pd.to_datetime(episodes.Episode_Start_Date) > pd.to_datetime(episodes.Episode_End_Date)
    bad = (episodes.Sex == "7") | (episodes.Admission_Method == "77") | (episodes.Diagnosis_01 == "??12") | late
    return episodes[~bad]


@pytest.fixture(scope="module")
def spells(clean: pd.DataFrame, folder: Path) -> pd.DataFrame:
    first = clean[clean.Episode_Number == 1].drop(columns=["Discharge_Date", "Discharge_Method"]).set_index("APCS_Ident")
    last = clean[clean.Discharge_Date.notna()].set_index("APCS_Ident")[["Discharge_Date", "Discharge_Method"]]
    table = first.join(last, how="inner")
    for column in ("Admission_Date", "Discharge_Date"):
        table[column] = pd.to_datetime(table[column])
    trim = pd.read_csv(folder / "hrg_trim_point.csv").set_index("Spell_Core_HRG").Non_Elective_Trim_Point
    return table.assign(
        days=(table.Discharge_Date - table.Admission_Date).dt.days,
        emergency=table.Admission_Method.isin(EMERGENCY),
        elective=table.Admission_Method.isin(ELECTIVE),
        episodes=clean.groupby("APCS_Ident").size(),
        excess=lambda t: (t.days - t.Spell_Core_HRG.map(trim)).clip(lower=0),
    )


def test_every_column_is_one_the_feed_declares(episodes: pd.DataFrame) -> None:
    assert set(episodes.columns) - {"file"} <= {column.name for column in FEED.columns}
    assert {column.name for column in FEED.columns if column.needed} <= set(episodes.columns)


def test_a_month_holds_the_episodes_that_end_in_it_and_keys_are_unique(episodes: pd.DataFrame) -> None:
    assert (pd.to_datetime(episodes.Episode_End_Date).dt.strftime("%Y-%m") == episodes.file).all()
    assert episodes.file.nunique() == 12
    assert episodes.APCE_Ident.is_unique


def test_people_practices_commissioners_and_regions_nest(episodes: pd.DataFrame, folder: Path) -> None:
    organisation = pd.read_csv(folder / "organisation.csv", dtype=str)
    assert organisation.groupby("Organisation_Level").size().to_dict() == {"commissioner": 24, "practice": 120, "provider": 30, "region": 7}
    practice = organisation[organisation.Organisation_Level == "practice"].set_index("Organisation_Code")
    assert (episodes.GP_Practice_Code.map(practice.Commissioner_Code) == episodes.Commissioner_Code).all()
    assert (episodes.GP_Practice_Code.map(practice.Region_Code) == episodes.Region_Code).all()
    assert (practice.groupby("Commissioner_Code").size() == 5).all()
    provider = organisation[organisation.Organisation_Level == "provider"].set_index("Organisation_Code")
    assert (episodes.Provider_Code.map(provider.Region_Code) == episodes.Region_Code).mean() > 0.9


def test_a_person_is_the_same_whenever_they_come(clean: pd.DataFrame) -> None:
    steady = clean.groupby("NHS_Number")[["Patient_Name", "Birth_Date", "Sex", "Postcode", "LSOA", "GP_Practice_Code", "Ethnic_Group"]]
    assert (steady.nunique() == 1).all().all()
    assert clean.groupby("NHS_Number").APCS_Ident.nunique().max() > 5


def test_nhs_numbers_are_in_the_test_range_with_valid_check_digits(episodes: pd.DataFrame, folder: Path) -> None:
    numbers = pd.Series(episodes.NHS_Number.unique())
    assert numbers.str.fullmatch("999[0-9]{7}").all()
    digits = np.array([[int(digit) for digit in number] for number in numbers])
    remainder = digits[:, :9] @ np.arange(10, 1, -1) % 11
    assert ((11 - remainder) % 11 == digits[:, 9]).all()
    opted = (folder / "opt_outs.txt").read_text().split()
    assert 0 < len(set(opted) & set(numbers)) < len(numbers) / 10


def test_size_and_mix_are_roughly_those_of_england(spells: pd.DataFrame) -> None:
    assert 145_000 < len(spells) < 185_000
    assert 0.10 < (spells[spells.Patient_Classification == "1"].episodes > 1).mean() < 0.25
    assert 0.35 < spells.emergency.mean() < 0.47
    assert 0.01 < (spells.Diagnosis_01 == "R69X").mean() < 0.025
    assert (spells.Discharge_Method == "4").mean() == pytest.approx(0.013, abs=0.005)
    assert 0.001 < (spells.Administrative_Category == "02").mean() < 0.01


def test_episodes_of_a_spell_follow_on_and_only_the_last_is_discharged(clean: pd.DataFrame) -> None:
    ordered = clean.sort_values(["APCS_Ident", "Episode_Number"])
    previous = ordered.groupby("APCS_Ident")[["Episode_End_Date", "Episode_Number"]].shift()
    follows = previous.Episode_Number == ordered.Episode_Number - 1
    assert (ordered.Episode_Start_Date[follows] == previous.Episode_End_Date[follows]).all()
    unfinished = clean.Discharge_Date.isna()
    assert (clean.Discharge_Method[unfinished] == "8").all()
    assert not (clean.Discharge_Method[~unfinished] == "8").any()
    assert (clean.Discharge_Date[~unfinished] == clean.Episode_End_Date[~unfinished]).all()
    several_files = clean.groupby("APCS_Ident").file.nunique()
    assert (several_files > 1).sum() > 500


def test_nobody_is_in_two_beds_and_the_dead_do_not_return(spells: pd.DataFrame) -> None:
    ordered = spells.sort_values(["NHS_Number", "Admission_Date", "Discharge_Date"])
    until = ordered.groupby("NHS_Number").Discharge_Date.shift()
    died = ordered.groupby("NHS_Number").Discharge_Method.shift() == "4"
    assert not (ordered.Admission_Date < until).any()
    assert not died.any()
    same_day = ordered[ordered.Admission_Date == until]
    assert (same_day.Admission_Method == "81").all()


def test_about_one_emergency_in_eight_is_readmitted(spells: pd.DataFrame) -> None:
    back = _readmitted(spells)
    assert 0.11 < back.readmitted[back.emergency].mean() < 0.15


def test_spoilt_rows_are_those_that_the_truth_counts(episodes: pd.DataFrame, truth: dict) -> None:
    late = pd.to_datetime(episodes.Episode_Start_Date) > pd.to_datetime(episodes.Episode_End_Date)
    found = {
        "sex": (episodes.Sex == "7").sum(),
        "admission_method": (episodes.Admission_Method == "77").sum(),
        "diagnosis": (episodes.Diagnosis_01 == "??12").sum(),
        "start_after_end": late.sum(),
    }
    said = pd.DataFrame([month["spoilt"] for month in truth["months"]]).sum().to_dict()
    assert found == said
    assert sum(said.values()) / len(episodes) == pytest.approx(DIRTY_SHARE, rel=0.3)
    assert sum(month["rows"] for month in truth["months"]) == len(episodes)


def _readmitted(spells: pd.DataFrame) -> pd.DataFrame:
    """Discharges with a month to follow, and whether an emergency admission came within 30 days after."""
    left = spells[(spells.Discharge_Method != "4") & (spells.Patient_Classification != "3")].sort_values("Discharge_Date")
    left = left[left.Discharge_Date <= left.Discharge_Date.max() - pd.Timedelta(days=30)]
    came = spells[spells.emergency][["NHS_Number", "Admission_Date"]].rename(columns={"Admission_Date": "next"}).sort_values("next")
    pairs = pd.merge_asof(
        left, came, left_on="Discharge_Date", right_on="next", by="NHS_Number", direction="forward", allow_exact_matches=False
    )
    return pairs.assign(readmitted=(pairs.next - pairs.Discharge_Date).dt.days <= 30)


@pytest.fixture(scope="module")
def rates(spells: pd.DataFrame, folder: Path) -> dict[tuple[str, str], pd.Series]:
    """Each planted measure, naively, by organisation."""
    population = pd.concat(pd.read_csv(path, dtype={"Sex": str}) for path in folder.glob("registered_population_*.csv"))
    lists = population.groupby("GP_Practice_Code").Patients.sum() / 12
    commissioner = spells.drop_duplicates("GP_Practice_Code").set_index("GP_Practice_Code").Commissioner_Code
    emergency, inpatient = spells[spells.emergency], spells[spells.Patient_Classification == "1"]
    planned = spells[spells.elective & spells.Patient_Classification.isin(["1", "2"])]
    hernia = planned[planned.Procedure_01.fillna("").str.startswith("T20")]
    by = "Provider_Code"
    return {
        ("emergency_admissions", "practice"): emergency.groupby("GP_Practice_Code").size() / lists,
        ("emergency_admissions", "commissioner"): emergency.groupby("Commissioner_Code").size() / lists.groupby(commissioner).sum(),
        ("zero_stay_emergencies", "provider"): (emergency.days == 0).groupby(emergency[by]).mean(),
        ("length_of_stay", "provider"): inpatient.groupby(by).days.mean(),
        ("day_case_rate", "provider"): (planned.Patient_Classification == "2").groupby(planned[by]).mean(),
        ("hernia_day_case_share", "provider"): (hernia.Patient_Classification == "2").groupby(hernia[by]).mean(),
        ("emergency_readmission_30_days", "provider"): _readmitted(spells).groupby(by).readmitted.mean(),
        ("excess_bed_days", "provider"): inpatient.groupby(by).excess.mean(),
        ("unspecified_primary_diagnosis", "provider"): (spells.Diagnosis_01 == "R69X").groupby(spells[by]).mean(),
    }


# the least that a plant must move its measure away from the median of the others: a ratio, whichever way
_LEAST = {
    "emergency_admissions": 1.2, "zero_stay_emergencies": 1.4, "length_of_stay": 1.12, "day_case_rate": 1.1,
    "hernia_day_case_share": 1.5, "emergency_readmission_30_days": 1.25, "excess_bed_days": 1.5, "unspecified_primary_diagnosis": 4,
}  # fmt: skip


def test_every_plant_shows_in_rates_naively_recomputed(rates: dict[tuple[str, str], pd.Series], truth: dict) -> None:
    assert len(truth["planted"]) == 12
    assert {plant["measure"] for plant in truth["planted"]} == set(_LEAST)
    for plant in truth["planted"]:
        values = rates[plant["measure"], plant["level"]]
        ratio = values[plant["organisation"]] / values.drop(plant["organisation"]).median()
        moved = ratio if plant["direction"] == "high" else 1 / ratio
        assert moved > _LEAST[plant["measure"]], plant


def test_organisations_without_a_plant_differ_by_nature_only(rates: dict[tuple[str, str], pd.Series], truth: dict) -> None:
    touched = {(each["measure"], each["level"], each["organisation"]) for name in ("planted", "explained") for each in truth[name]}
    for (measure, level), values in rates.items():
        if measure in {"excess_bed_days", "unspecified_primary_diagnosis", "hernia_day_case_share"}:
            continue  # few cases each: chance alone spreads them
        free = values[[code for code in values.index if (measure, level, code) not in touched]]
        assert len(free) > 5
        assert free.std() / free.mean() < 0.16, measure


def test_scoring_tells_hits_from_what_follows_and_from_false_alarms(truth: dict) -> None:
    plant, other = truth["planted"][0], truth["explained"][0]
    verdicts = [
        (plant["measure"], plant["level"], plant["organisation"], plant["direction"]),
        (other["measure"], other["level"], other["organisation"], other["direction"]),
        ("length_of_stay", "provider", "ZZ9", "high"),
    ]
    scored = score(verdicts, truth)
    assert (len(scored["hits"]), len(scored["explained"]), len(scored["false_alarms"]), len(scored["misses"])) == (1, 1, 1, 11)


def test_everything_says_that_it_is_synthetic(folder: Path, truth: dict, episodes: pd.DataFrame) -> None:
    assert (folder / "README.txt").read_text().startswith("SYNTHETIC")
    assert "invented" in truth["synthetic"]
    assert episodes.Patient_Name.str.contains("Synthetic-").all()
