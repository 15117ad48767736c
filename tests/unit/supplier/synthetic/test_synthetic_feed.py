"""The synthetic feed of admitted care, recomputed with plain pandas and no help from the rest of Farr."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from farr.supplier.synthetic.dirt import DIRTY_SHARE


def test_a_month_holds_the_episodes_that_end_in_it_and_keys_are_unique(episodes: pd.DataFrame) -> None:
    assert (pd.to_datetime(episodes.Episode_End_Date).dt.strftime("%Y-%m") == episodes.file).all()
    assert episodes.file.nunique() == 12
    assert episodes.APCE_Ident.is_unique


def test_people_practices_commissioners_and_regions_nest(episodes: pd.DataFrame, organisation: pd.DataFrame, truth: dict) -> None:
    counted = organisation.groupby("Organisation_Level").size().to_dict()
    assert {level: counted[level] for level in ("commissioner", "practice", "provider", "region")} == {
        "commissioner": 25, "practice": 120, "provider": 31, "region": 7,
    }  # fmt: skip
    practice = organisation[organisation.Organisation_Level == "practice"].set_index("Organisation_Code")
    changed = {code for merger in truth["mergers"] for code in [merger.get("moved"), *merger.get("before", [])]}
    elsewhere = [(error["organisation"], error["to"]) for error in truth["billing"] if "to" in error]
    billed_right = np.array([pair not in elsewhere for pair in zip(episodes.Provider_Code, episodes.Commissioner_Code, strict=True)])
    steady = episodes[billed_right & ~episodes.Commissioner_Code.isin(changed) & ~episodes.GP_Practice_Code.isin(changed)]
    assert (steady.GP_Practice_Code.map(practice.Commissioner_Code) == steady.Commissioner_Code).all()
    assert (episodes.GP_Practice_Code.map(practice.Region_Code) == episodes.Region_Code).all()
    provider = organisation[organisation.Organisation_Level == "provider"].set_index("Organisation_Code")
    assert (episodes.Provider_Code.map(provider.Region_Code) == episodes.Region_Code).mean() > 0.9


def test_a_person_is_the_same_whenever_they_come(clean: pd.DataFrame) -> None:
    steady = clean.groupby("NHS_Number")[["Patient_Name", "Birth_Date", "Sex", "Postcode", "LSOA", "Ethnic_Group"]]
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
    again = spells.index.astype(int) % 1_000_000 >= 500_000  # a stay that is sent twice, which truth.json says of a provider
    ordered = spells[~again].sort_values(["NHS_Number", "Admission_Date", "Discharge_Date"])
    until = ordered.groupby("NHS_Number").Discharge_Date.shift()
    died = ordered.groupby("NHS_Number").Discharge_Method.shift() == "4"
    assert not (ordered.Admission_Date < until).any()
    assert not died.any()
    same_day = ordered[ordered.Admission_Date == until]
    assert (same_day.Admission_Method == "81").all()


def test_spoilt_rows_are_those_that_the_truth_counts(episodes: pd.DataFrame, truth: dict) -> None:
    late = pd.to_datetime(episodes.Episode_Start_Date) > pd.to_datetime(episodes.Episode_End_Date)
    found = {
        "sex": (episodes.Sex == "7").sum(),
        "admission_method": (episodes.Admission_Method == "77").sum(),
        "diagnosis": (episodes.Diagnosis_01 == "??12").sum(),
        "start_after_end": late.sum(),
    }
    mine = [file for file in truth["files"] if file["feed"] == "apc_episode"]
    final = [file for file in mine if f"resent/{file['file']}" not in {other["file"] for other in mine}]
    said = pd.DataFrame([file["spoilt"] for file in final]).sum().to_dict()
    assert found == said
    assert sum(said.values()) / len(episodes) == pytest.approx(DIRTY_SHARE, rel=0.3)
    assert sum(file["rows"] for file in final) == len(episodes)


def test_everything_says_that_it_is_synthetic(folder: Path, truth: dict, episodes: pd.DataFrame) -> None:
    assert (folder / "README.txt").read_text().startswith("SYNTHETIC")
    assert "invented" in truth["synthetic"]
    assert episodes.Patient_Name.str.contains("Synthetic-").all()
