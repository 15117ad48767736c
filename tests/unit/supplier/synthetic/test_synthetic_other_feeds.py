"""Outpatients, emergency departments, critical care, money, mergers and the late month, recomputed with plain pandas."""

import json
from pathlib import Path

import pandas as pd
import pytest

from farr.lab.model.tables import TABLES

PEOPLE = 560_000
# what a supplier holds beside the columns of the staged table, which are made of these
HELD = {"NHS_Number", "Patient_Name", "Birth_Date", "Postcode", "LSOA", "Arrival_Time"}


@pytest.mark.parametrize("feed", ["apc_episode", "critical_care", "op_attendance", "ae_attendance"])
def test_every_column_is_declared_or_an_identifier(folder: Path, feed: str) -> None:
    columns = set(pd.read_parquet(folder / f"{feed}_2024-05.parquet").columns)
    assert columns <= {column.name for column in TABLES[feed].columns} | HELD
    assert {"NHS_Number", TABLES[feed].key[0]} <= columns


def test_months_hold_what_happened_in_them_and_keys_are_unique(
    appointments: pd.DataFrame, attendances: pd.DataFrame, periods: pd.DataFrame
) -> None:
    for table, day, key in (
        (appointments, "Appointment_Date", "OPA_Ident"), (attendances, "Arrival_Date", "AEA_Ident"),
        (periods, "CC_Discharge_Date", "CC_Ident"),
    ):  # fmt: skip
        assert (pd.to_datetime(table[day]).dt.strftime("%Y-%m") == table.file).all()
        assert table.file.nunique() == 12
        assert table[key].is_unique


def test_outpatients_are_roughly_those_of_england(appointments: pd.DataFrame) -> None:
    appointments = appointments[appointments.Attendance_Status != "8"]  # spoilt
    assert len(appointments) / PEOPLE == pytest.approx(2.1, abs=0.3)
    shares = appointments.Attendance_Status.value_counts(normalize=True)
    assert shares[["5", "6"]].sum() == pytest.approx(0.79, abs=0.04)
    assert shares[["3", "7"]].sum() == pytest.approx(0.075, abs=0.02)
    seen = appointments.Attendance_Status.isin(["5", "6"]) & (appointments.First_Attendance != "5")
    assert (appointments.Core_HRG.notna() == seen).all()
    assert (appointments.Grand_Total.notna() == seen).all()
    done = appointments.Procedure_01.notna()
    assert 0.03 < done[seen].mean() < 0.2
    assert (appointments.Core_HRG[seen].str.startswith("WF") == ~done[seen]).all()
    assert appointments.Waiting_Days[~appointments.First_Attendance.isin(["1", "3"])].isna().all()


def test_emergency_departments_have_a_pile_just_before_four_hours(attendances: pd.DataFrame) -> None:
    assert len(attendances) / PEOPLE == pytest.approx(0.46, abs=0.06)
    stay = attendances.Minutes_to_Departure
    assert (stay <= 240).mean() == pytest.approx(0.76, abs=0.05)
    assert stay.between(225, 240).sum() > 3 * stay.between(241, 256).sum()
    assert (attendances.Minutes_to_Assessment.dropna() <= stay[attendances.Minutes_to_Assessment.notna()].fillna(1e6)).all()
    assert attendances.Arrival_Time.str.fullmatch("([01][0-9]|2[0-3])[0-5][0-9]").all()


def test_most_admissions_by_the_department_have_its_attendance(spells: pd.DataFrame, attendances: pd.DataFrame) -> None:
    came = attendances[attendances.Attendance_Disposal == "01"][["NHS_Number", "Provider_Code", "Arrival_Date"]]
    came = came.assign(day=pd.to_datetime(came.Arrival_Date))
    admitted = spells[(spells.Admission_Method == "21") & (spells.Admission_Date >= "2024-04-02") & (spells.Discharge_Date < "2025-03-01")]
    same = [admitted[["NHS_Number", "Provider_Code"]].assign(day=admitted.Admission_Date - pd.Timedelta(days=back)) for back in (0, 1)]
    joined = pd.concat([part.reset_index().merge(came, on=["NHS_Number", "Provider_Code", "day"]) for part in same])
    assert joined.APCS_Ident.nunique() / len(admitted) == pytest.approx(0.88, abs=0.05)


def test_critical_care_lies_within_its_episode(periods: pd.DataFrame, episodes: pd.DataFrame) -> None:
    held = periods.merge(episodes, on="APCE_Ident", suffixes=("", "_episode"))
    start, last = pd.to_datetime(held.CC_Start_Date), pd.to_datetime(held.CC_Discharge_Date)
    good = held.Episode_Start_Date <= held.Episode_End_Date
    assert len(held) > 0.95 * len(periods)
    assert (held.NHS_Number == held.NHS_Number_episode).all()
    assert ((last - start).dt.days + 1 == held.CC_Days_LOS).all()
    assert (start >= pd.to_datetime(held.Episode_Start_Date))[good].all()
    assert (last <= pd.to_datetime(held.Episode_End_Date)).all()
    assert (held.CC_Days_LOS == held.Der_PbR_ACC_Days + held.Der_PbR_PCC_Days + held.Der_PbR_NCC_Days).all()
    assert held.Unbundled_HRG.str.fullmatch("X[ABC]0[1-7]Z").all()


def test_a_spell_is_paid_once_at_the_price_of_its_year(clean: pd.DataFrame, folder: Path) -> None:
    assert clean.Grand_Total[clean.Discharge_Date.isna()].isna().all()
    assert (clean.Grand_Total.notna() == clean.Spell_Core_HRG.notna())[clean.Discharge_Date.notna()].all()
    price = pd.read_csv(folder / "national_price.csv").query("Tariff_Year == '2024/25'").set_index("HRG_Code")
    short = clean[(clean.Spell_Core_HRG == "EB12B") & (clean.Admission_Date == clean.Discharge_Date) & (clean.Admission_Method == "21")]
    assert set(pd.to_numeric(short.Tariff_Total)) == {price.Non_Elective_Price["EB12B"]}
    day_case = clean[(clean.Spell_Core_HRG == "BZ72B") & (clean.Patient_Classification == "2") & (clean.Episode_Number == 1)]
    assert set(pd.to_numeric(day_case.Tariff_Total)) == {price.Combined_Price["BZ72B"]}
    assert price.Combined_Price.notna().any()
    assert (price.Combined_Price.notna() & price.Day_Case_Price.notna()).sum() == 0


def test_records_carry_the_old_code_before_a_merger_and_the_new_one_after(
    truth: dict, folder: Path, organisation: pd.DataFrame, clean: pd.DataFrame, appointments: pd.DataFrame
) -> None:
    column = {"provider": "Provider_Code", "commissioner": "Commissioner_Code", "practice": "GP_Practice_Code"}
    succession = pd.read_csv(folder / "organisation_successor.csv", dtype=str).set_index("Organisation_Code").Successor_Code
    mergers = [merger for merger in truth["mergers"] if "before" in merger]
    assert sorted(merger["level"] for merger in mergers) == ["commissioner", "practice", "provider", "provider"]
    for merger in mergers:
        for code in set(merger["before"]) - {merger["after"]}:
            assert succession[code] == merger["after"]
            assert organisation.set_index("Organisation_Code").Close_Date[code] < merger["from_month"] + "-01"
            for table in (clean, appointments):
                months = table.file[table[column[merger["level"]]] == code]
                assert months.max() < merger["from_month"]
                assert len(months)


def test_a_practice_moves_and_its_memberships_meet(truth: dict, folder: Path, clean: pd.DataFrame) -> None:
    move = next(each for each in truth["mergers"] if "moved" in each)
    own = clean[clean.GP_Practice_Code == move["moved"]]
    assert set(own.Commissioner_Code[own.file >= move["from_month"]]) == {move["to"]}
    assert move["to"] not in set(own.Commissioner_Code[own.file < move["from_month"]])
    parents = pd.read_csv(folder / "organisation_parent.csv", dtype=str)
    assert not parents.duplicated(["Organisation_Level", "Organisation_Code", "Join_Date"]).any()
    two = parents[parents.Organisation_Code == move["moved"]].sort_values("Join_Date")
    assert pd.Timestamp(two.Left_Date.iloc[0]) + pd.Timedelta(days=1) == pd.Timestamp(two.Join_Date.iloc[1])
    assert two.Left_Date.isna().tolist() == [False, True]


@pytest.mark.parametrize(("feed", "key"), [("apc_episode", "APCE_Ident"), ("op_attendance", "OPA_Ident"), ("ae_attendance", "AEA_Ident")])
def test_the_last_month_comes_in_part_and_then_whole(folder: Path, feed: str, key: str) -> None:
    late = json.loads((folder / "truth.json").read_text())["late"]
    first, again = (pd.read_parquet(place / f"{feed}_{late['month']}.parquet") for place in (folder, folder / late["resent"]))
    assert set(first[key]) < set(again[key])
    sent = first.groupby("Provider_Code", observed=True).size() / again.groupby("Provider_Code", observed=True).size()
    assert {code for code, share in sent.items() if share < 1} == set(late["sent"])
    for code, share in late["sent"].items():
        assert 0.4 <= share <= 0.7
        assert sent[code] == pytest.approx(share, abs=0.12)


_KEYS = {"apc_episode": "APCE_Ident", "critical_care": "CC_Ident", "op_attendance": "OPA_Ident", "ae_attendance": "AEA_Ident"}


@pytest.mark.parametrize("month", ["2024-08", "2024-12"])
@pytest.mark.parametrize("feed", list(_KEYS))
def test_a_correction_changes_what_the_truth_says_and_nothing_else(truth: dict, folder: Path, feed: str, month: str) -> None:
    correction = next(each for each in truth["corrections"] if each["month"] == month)
    first, again = (
        pd.read_parquet(place / f"{feed}_{month}.parquet").astype(object).set_index(_KEYS[feed], verify_integrity=True)
        for place in (folder, folder / correction["resent"])
    )
    said = correction["feeds"][feed]
    added, withdrawn = again.index.difference(first.index), first.index.difference(again.index)
    assert (len(added), len(withdrawn)) == (said["added"], said["withdrawn"])
    touched = pd.concat([again.loc[added], first.loc[withdrawn]])
    both = first.index.intersection(again.index)
    one, other = (rows.loc[both].where(rows.loc[both].notna(), "") for rows in (first, again))
    differs = (one != other).sum()
    assert differs[differs > 0].to_dict() == ({said["column"]: said["corrected"]} if said["corrected"] else {})
    if said["corrected"]:
        wrong = one[said["column"]] != other[said["column"]]
        assert set(one[said["column"]][wrong]) == {said["first_sent_as"]}
        touched = pd.concat([touched, again.loc[both][wrong]])
    assert set(touched.Provider_Code) <= set(correction["providers"])
    assert feed == "critical_care" or min(said["added"], said["withdrawn"], said["corrected"]) > 10
    assert set(_without_numbers(first.loc[withdrawn])) <= set(_without_numbers(first.loc[both]))


def _without_numbers(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    plain = rows.drop(columns=["APCE_Ident", "APCS_Ident"], errors="ignore").astype(str)
    return list(plain.itertuples(index=False, name=None))


def test_a_month_is_corrected_with_a_later_one_of_the_feed(truth: dict, folder: Path) -> None:
    assert [(each["month"], each["sent_with"]) for each in truth["corrections"]] == [("2024-08", "2024-10"), ("2024-12", "2025-02")]
    again = {str(path.relative_to(folder)) for path in (folder / "resent").iterdir()}
    assert again == {file["file"] for file in truth["files"] if file["file"].startswith("resent/")}
    assert {path[-15:-8] for path in again} == {"2024-08", "2024-12", "2025-03"}


def test_reference_files_cover_every_organisation_and_year(folder: Path, organisation: pd.DataFrame) -> None:
    open_now = organisation[organisation.Close_Date.isna()].groupby("Organisation_Level").Organisation_Code.agg(set)
    features = pd.read_csv(folder / "provider_feature.csv", dtype={"Provider_Code": str})
    assert set(features.Provider_Code) == open_now["provider"]
    assert set(pd.read_csv(folder / "commissioner_feature.csv", dtype=str).Commissioner_Code) == open_now["commissioner"]
    residents = pd.read_csv(folder / "resident_population.csv", dtype={"Area_Code": str})
    by_level = residents.groupby(["Mid_Year", "Area_Level"]).People.sum().unstack()
    assert (by_level.nunique(axis=1) == 1).all()
    assert by_level.index.tolist() == [2024, 2025]
    assert set(residents[residents.Area_Level == "locality"].Area_Code) == open_now["locality"]
    deprived = pd.read_csv(folder / "population_by_deprivation.csv", dtype={"Area_Code": str})
    people, same = (each.groupby(["Mid_Year", "Area_Level", "Area_Code", "Sex", "Age_Band"]).People.sum() for each in (deprived, residents))
    assert people.sum() == same.sum() and (same.reindex(people.index) == people).all()
    assert set(deprived.Deprivation_Fifth) == {1, 2, 3, 4, 5}
    projected = pd.read_csv(folder / "population_projection.csv", dtype={"Area_Code": str})
    assert set(projected[projected.Area_Level == "commissioner"].Area_Code) == open_now["commissioner"]
    totals = projected.groupby(["Variant", "Mid_Year", "Area_Level"]).People.sum().unstack()
    assert (totals["region"] - totals["commissioner"]).abs().max() < 0.001 * totals.to_numpy().max()
    assert totals.loc[("principal", 2024), "region"] == by_level.loc[2024, "region"]
    assert totals.loc[("high_migration", 2044), "region"] > totals.loc[("low_migration", 2044), "region"]
    deprivation = pd.read_csv(folder / "deprivation.csv", dtype={"Area_Code": str})
    assert set(deprivation[deprivation.Area_Level == "commissioner"].Area_Code) == open_now["commissioner"]
    peers = pd.read_csv(folder / "peer_list.csv", dtype=str)
    assert (peers.groupby("Organisation_Code").size() == 5).all()
    assert (peers.Organisation_Code != peers.Peer_Code).all()
