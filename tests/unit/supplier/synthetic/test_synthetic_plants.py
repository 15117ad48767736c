"""Every planted outlier shows in figures recomputed with plain pandas, and organisations without one do not stand out."""

from pathlib import Path

import pandas as pd
import pytest

from farr.supplier.synthetic.truth import score


def _readmitted(spells: pd.DataFrame) -> pd.DataFrame:
    """Discharges with a month to follow, and whether an emergency admission came within 30 days after."""
    left = spells[(spells.Discharge_Method != "4") & (spells.Patient_Classification != "3")].sort_values("Discharge_Date")
    left = left[left.Discharge_Date <= left.Discharge_Date.max() - pd.Timedelta(days=30)]
    came = spells[spells.emergency][["NHS_Number", "Admission_Date"]].rename(columns={"Admission_Date": "next"}).sort_values("next")
    pairs = pd.merge_asof(
        left, came, left_on="Discharge_Date", right_on="next", by="NHS_Number", direction="forward", allow_exact_matches=False
    )
    return pairs.assign(readmitted=(pairs.next - pairs.Discharge_Date).dt.days <= 30)


def _population_rate(counted: pd.Series, organisation: pd.DataFrame, folder: Path, level: str) -> pd.Series:
    """People counted by practice as fed, a year, for each registered, by practice or commissioner as they are now."""
    population = pd.concat(pd.read_csv(path, dtype={"Sex": str}) for path in folder.glob("registered_population_*.csv"))
    lists = population.groupby("GP_Practice_Code").Patients.sum() / 12
    if level == "practice":
        return counted / lists
    now = organisation[organisation.Organisation_Level == "practice"].set_index("Organisation_Code").Commissioner_Code
    return counted.groupby(now).sum() / lists.groupby(now).sum()


@pytest.fixture(scope="module")
def rates(spells: pd.DataFrame, organisation: pd.DataFrame, folder: Path) -> dict[tuple[str, str], pd.Series]:
    """Each measure planted first, naively, by organisation."""
    emergency, inpatient = spells[spells.emergency], spells[spells.Patient_Classification == "1"]
    planned = spells[spells.elective & spells.Patient_Classification.isin(["1", "2"])]
    hernia = planned[planned.Procedure_01.fillna("").str.startswith("T20")]
    counted, by = emergency.groupby("GP_Practice_Code").size(), "Provider_Code"
    return {
        ("emergency_admissions", "practice"): _population_rate(counted, organisation, folder, "practice"),
        ("emergency_admissions", "commissioner"): _population_rate(counted, organisation, folder, "commissioner"),
        ("zero_stay_emergencies", "provider"): (emergency.days == 0).groupby(emergency[by]).mean(),
        ("length_of_stay", "provider"): inpatient.groupby(by).days.mean(),
        ("day_case_rate", "provider"): (planned.Patient_Classification == "2").groupby(planned[by]).mean(),
        ("hernia_day_case_share", "provider"): (hernia.Patient_Classification == "2").groupby(hernia[by]).mean(),
        ("emergency_readmission_30_days", "provider"): _readmitted(spells).groupby(by).readmitted.mean(),
        ("excess_bed_days", "provider"): inpatient.groupby(by).excess.mean(),
        ("unspecified_primary_diagnosis", "provider"): (spells.Diagnosis_01 == "R69X").groupby(spells[by]).mean(),
    }


@pytest.fixture(scope="module")
def more_rates(spells: pd.DataFrame, organisation: pd.DataFrame, folder: Path) -> dict[tuple[str, str], pd.Series]:
    """The other measures of admitted care."""
    by, ordinary = "Provider_Code", spells[(spells.Patient_Classification == "1") & ~spells.Admission_Method.isin(["82", "83"])]
    home = spells[spells.emergency & (spells.days > 0) & (spells.Discharge_Method != "4")]
    sensitive = spells[spells.emergency & spells.Diagnosis_01.str[:3].isin(["J44", "I50", "L03", "J45", "I20", "H66"])]
    cases = spells[spells.Patient_Classification.isin(["1", "2"])]
    counted, paid = sensitive.groupby("GP_Practice_Code").size(), spells.groupby(by)[["Grand_Total", "Tariff_Total"]].sum()
    return {
        ("ambulatory_sensitive_admissions", "commissioner"): _population_rate(counted, organisation, folder, "commissioner"),
        ("hospital_mortality", "provider"): (ordinary.Discharge_Method == "4").groupby(ordinary[by]).mean(),
        ("long_stay_21_days", "provider"): (ordinary.days >= 21).groupby(ordinary[by]).mean(),
        ("uncoded_hrg", "provider"): spells.Spell_Core_HRG.isna().groupby(spells[by]).mean(),
        ("weekend_discharges", "provider"): (home.Discharge_Date.dt.dayofweek >= 5).groupby(home[by]).mean(),
        ("depth_of_coding", "provider"): cases.filter(like="Diagnosis_").notna().sum(axis=1).groupby(cases[by]).mean(),
("cost_per_weighted_spell", "provider"): paid.Grand_Total / paid.Tariff_Total,
    }  # fmt: skip


@pytest.fixture(scope="module")
def other_rates(
    spells: pd.DataFrame, episodes: pd.DataFrame, periods: pd.DataFrame, appointments: pd.DataFrame, attendances: pd.DataFrame
) -> dict[tuple[str, str], pd.Series]:
    """The measures of critical, outpatient and emergency care."""
    by = "Provider_Code"
    bypass = spells[spells.Procedure_01.fillna("").between("K40", "K469")]
    spell = episodes.set_index("APCE_Ident").APCS_Ident.reindex(periods.APCE_Ident).to_numpy()
    days = periods.CC_Days_LOS.groupby(spell).sum().reindex(bypass.index).fillna(0)
    seen = appointments[appointments.Attendance_Status.isin(["5", "6"])]
    follow_ups, firsts = (seen[seen.First_Attendance.isin(kinds)].groupby(by).size() for kinds in (["2", "4"], ["1", "3"]))
    kept = appointments[appointments.Attendance_Status.isin(["5", "6", "3", "7"])]
    timed = attendances[attendances.Minutes_to_Departure.notna()]
    return {
        ("critical_care_days_per_cabg", "provider"): days.groupby(bypass[by]).mean()[bypass.groupby(by).size() >= 20],
        ("op_follow_up_ratio", "provider"): follow_ups / firsts,
        ("op_did_not_attend", "provider"): kept.Attendance_Status.isin(["3", "7"]).groupby(kept[by]).mean(),
        ("ae_four_hour_performance", "provider"): (timed.Minutes_to_Departure <= 240).groupby(timed[by]).mean(),
        ("ae_conversion", "provider"): (attendances.Attendance_Disposal == "01").groupby(attendances[by]).mean(),
    }


# the least that a plant must move its measure away from the median of the others: a ratio, whichever way
_LEAST = {
    "emergency_admissions": 1.2, "zero_stay_emergencies": 1.4, "length_of_stay": 1.12, "day_case_rate": 1.1,
    "hernia_day_case_share": 1.5, "emergency_readmission_30_days": 1.25, "excess_bed_days": 1.5, "unspecified_primary_diagnosis": 4,
    "ambulatory_sensitive_admissions": 1.3, "critical_care_days_per_cabg": 1.4, "hospital_mortality": 1.4, "long_stay_21_days": 1.5,
    "uncoded_hrg": 5, "weekend_discharges": 1.6, "cost_per_weighted_spell": 1.15, "depth_of_coding": 1.3, "ae_conversion": 1.2,
    "ae_four_hour_performance": 1.2, "op_follow_up_ratio": 1.35, "op_did_not_attend": 1.6,
}  # fmt: skip
_FIRST = 12
_OF_OTHER_FEEDS = {"ae_conversion", "ae_four_hour_performance", "op_follow_up_ratio", "op_did_not_attend"}
# chance alone spreads them
_FEW_CASES = {
    "excess_bed_days", "unspecified_primary_diagnosis", "hernia_day_case_share", "hospital_mortality", "critical_care_days_per_cabg",
    "uncoded_hrg", "long_stay_21_days",
}  # fmt: skip


def test_every_plant_shows_in_rates_naively_recomputed(rates: dict, more_rates: dict, other_rates: dict, truth: dict) -> None:
    assert len(truth["planted"]) == 2 * _FIRST
    assert {plant["measure"] for plant in truth["planted"]} == set(_LEAST)
    for plant in truth["planted"]:
        values = (rates | more_rates | other_rates)[plant["measure"], plant["level"]]
        ratio = values[plant["organisation"]] / values.drop(plant["organisation"]).median()
        moved = ratio if plant["direction"] == "high" else 1 / ratio
        assert moved > _LEAST[plant["measure"]], plant


def test_no_organisation_plays_two_parts(truth: dict) -> None:
    planted = [(plant["level"], plant["organisation"]) for plant in truth["planted"]]
    merged = [(merger["level"], code) for merger in truth["mergers"] for code in merger.get("before", [])]
    late = [("provider", code) for code in truth["late"]["sent"]]
    assert len(merged) == 8
    assert len(late) == 3
    coding = [("provider", anomaly["organisation"]) for anomaly in truth["anomalies"]]
    assert len(coding) == 4
    everyone = planted + merged + late + coding
    assert len(set(everyone)) == len(everyone)


def test_organisations_without_a_plant_differ_by_nature_only(rates: dict, more_rates: dict, other_rates: dict, truth: dict) -> None:
    touched = {(each["measure"], each["level"], each["organisation"]) for name in ("planted", "explained") for each in truth[name]}
    for (measure, level), values in (rates | more_rates | other_rates).items():
        if measure in _FEW_CASES:
            continue
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
    assert (len(scored["hits"]), len(scored["explained"]), len(scored["false_alarms"]), len(scored["misses"])) == (1, 1, 1, 23)


def test_changes_of_coding_show_from_their_month_on_and_not_before(spells: pd.DataFrame, truth: dict, folder: Path) -> None:
    price = pd.read_csv(folder / "national_price.csv").query("Tariff_Year == '2024/25'").set_index("HRG_Code").Non_Elective_Price
    value = {
        "depth_jump": spells.filter(like="Diagnosis_").notna().sum(axis=1),
        "symptoms_as_diagnosis": (spells.Diagnosis_01.str[0] == "R") & (spells.Diagnosis_01 != "R69X"),
        "unspecified_diagnosis": spells.Diagnosis_01 == "R69X",
        "complexity_shift": spells.Spell_Core_HRG.map(price).where(spells.emergency),
    }
    assert {anomaly["kind"] for anomaly in truth["anomalies"]} == set(value)
    for anomaly in truth["anomalies"]:
        after = spells.Admission_Date >= pd.Timestamp(anomaly["from_month"])
        here = spells.Provider_Code == anomaly["organisation"]
        means = value[anomaly["kind"]].astype(float).groupby([here, after]).mean()
        assert means[True, True] > 1.15 * means[True, False], anomaly
        assert means[False, True] == pytest.approx(means[False, False], rel=0.1)
        assert (anomaly["measure"], "provider", anomaly["organisation"]) in {
            (each["measure"], each["level"], each["organisation"]) for each in truth["explained"]
        }


def test_plans_are_near_what_came_but_for_the_one_that_is_too_low(folder: Path, spells: pd.DataFrame, truth: dict) -> None:
    """By provider, spells that came over those planned: the planted one is the furthest above, by about what was planted."""
    plan = pd.read_csv(folder / "contract_plan.csv")
    planned = plan[plan.Activity_Month.between("2024-04", "2025-03")].groupby("Provider_Code").Planned_Activity.sum()
    merged = {code: each["after"] for each in truth["mergers"] if each["level"] == "provider" for code in each["before"]}
    came = spells.Provider_Code.replace(merged).value_counts()
    ratio = (came / planned).dropna()
    low = truth["plan_too_low"]
    assert len(ratio) > 20
    assert (came.sum() / planned.sum()) == pytest.approx(1.0, abs=0.05)
    assert ratio[low["provider"]] == pytest.approx(1 / low["size"], rel=0.1)
    assert ratio[low["provider"]] == ratio.max()


def test_plans_are_of_whole_financial_years_with_small_specialties_together(folder: Path) -> None:
    plan = pd.read_csv(folder / "contract_plan.csv", dtype={"Treatment_Function_Code": str})
    assert sorted(plan.Activity_Month.unique()) == [str(month) for month in pd.period_range("2024-04", "2025-03", freq="M")]
    assert not plan.duplicated(
        ["Provider_Code", "Commissioner_Code", "Point_of_Delivery", "Treatment_Function_Code", "Activity_Month"]
    ).any()
    assert "ALL" in set(plan.Treatment_Function_Code) and plan.Treatment_Function_Code.nunique() > 10


def test_bills_are_wrong_where_the_truth_says_so_and_nowhere_else(spells: pd.DataFrame, truth: dict, folder: Path) -> None:
    errors = {error["challenge"]: error for error in truth["billing"]}
    parts = {(plant["level"], plant["organisation"]) for plant in truth["planted"] if plant["measure"] not in _OF_OTHER_FEEDS}
    assert not parts & {("provider", error["organisation"]) for error in errors.values()}
    twice = spells.index.astype(int) % 1_000_000 >= 500_000
    duplicates = errors["duplicate_spell"]
    assert set(spells[twice].Provider_Code) == {duplicates["organisation"]}
    assert twice.sum() / (spells.Provider_Code == duplicates["organisation"]).sum() == pytest.approx(duplicates["share"], rel=0.5)
    another = errors["another_commissioner"]
    practice = pd.read_csv(folder / "organisation.csv").query("Organisation_Level == 'practice'").set_index("Organisation_Code")
    to = (spells.Commissioner_Code == another["to"]) & (spells.GP_Practice_Code.map(practice.Commissioner_Code) != another["to"])
    assert set(spells[to].Provider_Code) == {another["organisation"]}
    prices = pd.read_csv(folder / "national_price.csv").query("Tariff_Year == '2024/25'").set_index("HRG_Code")
    day = spells[(spells.Patient_Classification == "2") & spells.Spell_Core_HRG.map(prices.Day_Case_Price).notna()]
    dear = day[day.Tariff_Total == day.Spell_Core_HRG.map(prices.Elective_Price)]
    stays = errors["day_case_billed_as_stay"]
    assert set(dear.Provider_Code) == {stays["organisation"]}
    assert len(dear) / (day.Provider_Code == stays["organisation"]).sum() == pytest.approx(stays["share"], rel=0.5)
