"""The same marts and five measures in pandas 2.3, as a careful analyst would write them.

    python benchmarks/with_pandas.py TYPED REFERENCES ANSWER.parquet TIMES.json

Only the columns needed are read, codes and persons as categories, and rows are sorted once; no loop runs over rows.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from five import FIGURES, KEYS, MONTHLY, YEAR, groupings

from farr.lab.model.codelist import load_codelist

_ORGANISATIONS = {"provider": "Provider_Code", "commissioner": "Commissioner_Code", "practice": "GP_Practice_Code"}
_HOPS = 6
_EPISODE = [
    "APCE_Ident", "Episode_Status", "Episode_Start_Date", "Episode_End_Date", "Episode_Number", "Admission_Date", "Admission_Method",
    "Source_of_Admission", "Patient_Classification", "Treatment_Function_Code", "Diagnosis_01", "Discharge_Date", "Discharge_Method",
    "Discharge_Destination", "Spell_Core_HRG", "FCE_Group_Status", "FCE_Unbundled_HRGs", "Age", "Der_PbR_ACC_Days", "Der_PbR_PCC_Days",
    "Der_PbR_NCC_Days", "Der_SEM_SPC_Days", "Der_SEM_Rehab_Days",
]  # fmt: skip
_PERSON_AND_PLACE = ["Der_Pseudo_NHS_Number", *_ORGANISATIONS.values(), "Region_Code"]


def read(folder: Path, columns: list[str]) -> pd.DataFrame:
    schema = pq.read_schema(next(iter(sorted(folder.glob("*.parquet")))))
    texts = [name for name in columns if str(schema.field(name).type) in ("string", "large_string")]
    table = pq.read_table(folder, columns=columns, read_dictionary=texts)
    return table.unify_dictionaries().to_pandas(date_as_object=False, self_destruct=True, split_blocks=True)


# --- organisations


def successors(references: Path) -> dict[str, str]:
    """Today's code of each that has one successor, through a chain of up to six."""
    listed = pd.read_csv(references / "organisation_successor.csv", dtype=str).dropna(subset=["Organisation_Code", "Successor_Code"])
    listed = listed[listed["Organisation_Code"] != listed["Successor_Code"]]
    by_code = listed.groupby("Organisation_Code")["Successor_Code"]
    single = by_code.first()[by_code.nunique() == 1].to_dict()
    found = dict(single)
    for _ in range(_HOPS - 1):
        found = {code: single.get(follows, follows) for code, follows in found.items()}
    return found


def as_they_are(rows: pd.DataFrame, follows: dict[str, str]) -> pd.DataFrame:
    for level, column in _ORGANISATIONS.items():
        codes = rows[column].cat.categories
        rows[level] = rows[column].cat.codes.map(dict(enumerate(follows.get(code, code) for code in codes))).astype("category")
    return rows


def with_regions(rows: pd.DataFrame, references: Path, usual: dict[str, str]) -> pd.DataFrame:
    organisation = pd.read_csv(references / "organisation.csv", dtype=str)
    for level, region in (("provider", "provider_region"), ("commissioner", "region"), ("practice", "practice_region")):
        at = organisation[organisation["Organisation_Level"] == level].set_index("Organisation_Code")["Region_Code"].dropna().to_dict()
        at = {**usual, **at} if level == "commissioner" else at
        rows[region] = rows[level].map(at).astype("category")
    return rows


def usual_regions(fed: list[pd.DataFrame]) -> dict[str, str]:
    held = pd.concat(each.groupby(["commissioner", "Region_Code"], observed=True).size().reset_index(name="held") for each in fed)
    held = held.astype({"commissioner": str, "Region_Code": str}).groupby(["commissioner", "Region_Code"], as_index=False)["held"].sum()
    first = held.sort_values(["commissioner", "held", "Region_Code"], ascending=[True, False, True]).drop_duplicates("commissioner")
    return dict(zip(first["commissioner"], first["Region_Code"], strict=True))


# --- marts


def spells(episodes: pd.DataFrame) -> pd.DataFrame:
    """A row per discharged spell."""
    rows = episodes[~episodes["Episode_Status"].isin(["1"])]
    person = rows["Der_Pseudo_NHS_Number"].cat.codes.to_numpy("int64")
    rows = rows.assign(person=person, follow=np.where(person < 0, -1 - rows["APCE_Ident"].to_numpy(), person))
    rows = rows.assign(at=rows["Provider_Code"].cat.codes)
    order = ["follow", "at", "Episode_Start_Date", "Episode_End_Date", "Episode_Number", "APCE_Ident"]
    rows = rows.sort_values(order, ignore_index=True, na_position="last")
    before = rows[["follow", "at", "Admission_Date", "Episode_Start_Date", "Episode_End_Date", "Discharge_Method"]].shift()
    carried_on = before["Discharge_Method"].isin(["8", "9"]) & (rows["Episode_Start_Date"] == before["Episode_End_Date"])
    same = (rows["Admission_Date"] == before["Admission_Date"]) | (rows["Episode_Start_Date"] == before["Episode_Start_Date"]) | carried_on
    is_first = ~((rows["follow"] == before["follow"]) & (rows["at"] == before["at"]) & same).to_numpy()
    starts = np.flatnonzero(is_first)
    ends = np.append(starts[1:], len(rows)) - 1
    spell = rows.iloc[starts].drop(columns=["Spell_Core_HRG", "Discharge_Date", "Discharge_Method", "Discharge_Destination"])
    spell = spell.rename(columns={"APCE_Ident": "key"}).reset_index(drop=True)
    for name in ("Discharge_Date", "Discharge_Method", "Discharge_Destination"):
        spell[name] = rows[name].iloc[ends].array
    spell["Spell_Core_HRG"] = rows.groupby(np.cumsum(is_first), sort=True)["Spell_Core_HRG"].first().array
    unbundled = rows["FCE_Unbundled_HRGs"].cat.categories
    for name, pattern in (("has_therapy", r"(?:^|[,; ])(?:SB|SC)"), ("has_dialysis", r"(?:^|[,; ])LE")):
        held = rows["FCE_Unbundled_HRGs"].isin(unbundled[unbundled.str.contains(pattern)])
        spell[name] = np.maximum.reduceat(held.to_numpy(), starts)
    spell["episodes"] = ends - starts + 1
    spell["adjusted_stay"] = _adjusted_stay(rows, starts)
    return spell[spell["Discharge_Date"].notna() & ~spell["Discharge_Method"].isin(["8", "9"])].reset_index(drop=True)


def _adjusted_stay(rows: pd.DataFrame, starts: np.ndarray) -> np.ndarray:
    days = (rows["Episode_End_Date"] - rows["Episode_Start_Date"]).dt.days.to_numpy("float64")
    for name in ("Der_PbR_ACC_Days", "Der_PbR_PCC_Days", "Der_PbR_NCC_Days", "Der_SEM_SPC_Days", "Der_SEM_Rehab_Days"):
        days -= rows[name].fillna(0).to_numpy("float64")
    included = np.where(rows["FCE_Group_Status"] == "Exc", 0, np.nan_to_num(days))
    return np.maximum(np.add.reduceat(included, starts), 0)


def with_delivery(spell: pd.DataFrame) -> pd.DataFrame:
    method, classification = spell["Admission_Method"], spell["Patient_Classification"]
    kinds = {name: method.isin(sorted(load_codelist(f"admission_method_{name}").codes)) for name in ("elective", "emergency", "other")}
    conditions = [
        classification == "3", classification == "4", kinds["elective"] & (classification == "2"),
        kinds["elective"] & (classification == "1"), kinds["emergency"], kinds["other"],
    ]  # fmt: skip
    spell["management"] = np.select(conditions, ["RDA", "RNA", "DC", "EL", "EM", "NE"], "UNK")
    spell["days"] = (spell["Discharge_Date"] - spell["Admission_Date"]).dt.days
    spell["is_long_stay"] = spell["days"] >= 21
    spell["month"] = spell["Discharge_Date"].dt.strftime("%Y-%m").astype("category")
    baby = (spell["Treatment_Function_Code"] == "424") & method.isin(["82", "83"])
    spell["is_well_baby"] = (spell["Spell_Core_HRG"] == "PB03Z") | baby
    return spell


def with_superspell(spell: pd.DataFrame) -> pd.DataFrame:
    """The key of the first spell of the continuous stay that each belongs to."""
    alone = spell["Patient_Classification"].isin(["3", "4"]) | (spell["person"] < 0)
    spell["thread"] = np.where(alone, -1 - spell["key"], spell["person"])
    spell = spell.sort_values(["thread", "Admission_Date", "Discharge_Date", "key"], ignore_index=True)
    places = sorted(spell["Discharge_Destination"].cat.categories)
    rank = spell["Discharge_Destination"].map({place: number for number, place in enumerate(places, 1)}).astype("float64").fillna(0)
    discharged = spell["Discharge_Date"].to_numpy("datetime64[D]").astype("int64")
    latest = (
        (discharged * 1000 + rank.astype("int64"))
        .groupby(spell["thread"])
        .cummax()
        .groupby(spell["thread"])
        .shift()
        .fillna(-1)
        .astype("int64")
    )
    destination = pd.Series(np.array(["", *places], dtype=object)[np.where(latest < 0, 0, latest % 1000)])
    near = (latest >= 0) & (spell["Admission_Date"].to_numpy("datetime64[D]").astype("int64") - latest // 1000 <= 2)
    source, method = spell["Source_of_Admission"], spell["Admission_Method"]
    moved = (
        destination.isin(["49", "50", "51", "52", "53", "84"])
        | source.isin(["49", "50", "51", "52", "53", "87"])
        | method.isin(["2B", "81"])
    )
    new_stay = (destination == "19") & (source == "51") & (method == "21")
    begins = ~(near & moved & ~new_stay)
    spell["superspell_key"] = spell["key"].where(begins).ffill().astype("int64")
    return spell


def with_readmission(spell: pd.DataFrame) -> pd.DataFrame:
    """re30_is_index and re30_is_readmitted, by joining discharges with what may follow them."""
    diagnosis = spell["Diagnosis_01"].cat.categories
    cancer = diagnosis[diagnosis.str.startswith(tuple(load_codelist("cancer").codes))]
    hrgs = spell["Spell_Core_HRG"].cat.categories
    excluded = spell["Spell_Core_HRG"].isin(hrgs[hrgs.str.startswith("NZ")]) | spell["Diagnosis_01"].isin(cancer)
    excluded |= spell["has_therapy"] | spell["has_dialysis"] | (spell["Age"] <= 3).fillna(False)
    known = (spell["person"] >= 0) & ~excluded
    gone = spell["Discharge_Method"].isin(["2", "4", "5"]) | spell["Discharge_Destination"].isin(["51", "52", "53", "87"])
    spell["re30_is_index"] = known & ~gone & ~spell["Patient_Classification"].isin(["3", "4"])
    moved = spell["Admission_Method"].isin(["28", "2B"]) | spell["Source_of_Admission"].isin(["51", "52", "53", "87"])
    names = ["person", "key", "Admission_Date", "Discharge_Date"]
    index, back = spell.loc[spell["re30_is_index"], names], spell.loc[known & (spell["management"] == "EM") & ~moved, names]
    pairs = index.merge(back, on="person", suffixes=("", "_back"))
    days = (pairs["Admission_Date_back"] - pairs["Discharge_Date"]).dt.days
    pairs = pairs[(days >= 0) & (days <= 30)]
    same_day = pairs["Admission_Date"] == pairs["Admission_Date_back"]
    by_key = (pairs["Discharge_Date"] == pairs["Discharge_Date_back"]) & (pairs["key"] < pairs["key_back"])
    earlier = (pairs["Admission_Date"] < pairs["Admission_Date_back"]) | (
        same_day & ((pairs["Discharge_Date"] < pairs["Discharge_Date_back"]) | by_key)
    )
    spell["re30_is_readmitted"] = spell["key"].isin(pairs.loc[earlier, "key"])
    return spell


def visits(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.assign(person=rows["Der_Pseudo_NHS_Number"].cat.codes, hour=rows["Arrival_Hour"].fillna(-1), month=rows["Activity_Month"])
    rows = rows.sort_values(["person", "Arrival_Date", "hour", "AEA_Ident"], ignore_index=True)
    rows["is_unplanned"] = rows["Attendance_Category"].isin(["1", "3"])
    near = (rows["person"] == rows["person"].shift()) & ((rows["Arrival_Date"] - rows["Arrival_Date"].shift()).dt.days <= 7)
    rows["is_reattendance"] = (rows["person"] >= 0) & rows["is_unplanned"] & near
    rows["is_timed"] = rows["Minutes_to_Departure"].notna()
    rows["is_within_four_hours"] = (rows["Minutes_to_Departure"] <= 240).fillna(False)
    return rows


def appointments(rows: pd.DataFrame) -> pd.DataFrame:
    real, status = ~rows["First_Attendance"].isin(["5"]), rows["Attendance_Status"]
    return rows.assign(
        person=rows["Der_Pseudo_NHS_Number"].cat.codes, month=rows["Activity_Month"],
        is_attended=real & status.isin(["5", "6"]), is_not_attended=real & status.isin(["3", "7"]),
    )  # fmt: skip


# --- measures


def measure(name: str, rows: pd.DataFrame, counts: pd.Series, within: pd.Series | None, value: str | None) -> pd.DataFrame:
    """The figures of one measure by every grouping: `counts` are the rows of the denominator, `within` those of the numerator."""
    in_year = (rows["month"].astype(str) >= YEAR[0]) & (rows["month"].astype(str) <= YEAR[1])
    held = rows.loc[counts & in_year, [*_LEVELS, "month", "person", *([value] if value else [])]]
    held["is_within"] = True if within is None else within[held.index]
    found = [_grouped(held, grouping, monthly, value) for grouping, monthly in groupings()]
    return pd.concat(found).assign(measure=name)[[*KEYS, *FIGURES]]


_LEVELS = ["practice", "practice_region", "commissioner", "region", "provider", "provider_region"]


def _grouped(held: pd.DataFrame, grouping: str, monthly: bool, value: str | None) -> pd.DataFrame:
    assert not monthly or grouping in MONTHLY
    code = pd.Series("", index=held.index, dtype="category") if grouping == "national" else _known(held[grouping])
    month = held["month"] if monthly else pd.Series("", index=held.index, dtype="category")
    keys = [code.rename("code"), month.rename("month")]
    by = held.groupby(keys, observed=True)
    figures = {"denominator": by.size(), "denominator_persons": _persons(held, keys)}
    if value is None:
        within = held[held["is_within"]]
        inside = [each[held["is_within"]] for each in keys]
        figures |= {"numerator": by["is_within"].sum(), "numerator_persons": _persons(within, inside)}
    else:
        squares = (held[value] ** 2).groupby(keys, observed=True).sum()
        figures |= {"numerator": by[value].sum(), "numerator_persons": figures["denominator_persons"], "squares": squares}
    frame = pd.DataFrame(figures).astype("float64")
    frame = frame.fillna({"numerator_persons": 0, "denominator_persons": 0}).reset_index().assign(grouping=grouping)
    frame["squares"] = frame.get("squares", np.nan)
    return frame.astype({"code": str, "month": str})


def _known(codes: pd.Series) -> pd.Series:
    return codes.cat.add_categories("unknown").fillna("unknown") if codes.isna().any() else codes


def _persons(rows: pd.DataFrame, keys: list[pd.Series]) -> pd.Series:
    known = rows["person"] >= 0
    gathered = pd.DataFrame({"code": keys[0], "month": keys[1], "person": rows["person"]})[known]
    return gathered.drop_duplicates().groupby(["code", "month"], observed=True).size()


def main() -> None:
    typed, references, answer, times = (Path(each) for each in sys.argv[1:])
    taken: dict[str, float] = {}
    started = time.perf_counter()

    def lap(stage: str) -> None:
        nonlocal started
        now = time.perf_counter()
        taken[stage], started = now - started, now

    episodes = read(typed / "apc_episode", [*_PERSON_AND_PLACE, *_EPISODE])
    attended = read(typed / "ae_attendance", [
        *_PERSON_AND_PLACE, "AEA_Ident", "Arrival_Date", "Arrival_Hour", "Attendance_Category", "Minutes_to_Departure", "Activity_Month",
    ])  # fmt: skip
    booked = read(typed / "op_attendance", [*_PERSON_AND_PLACE, "First_Attendance", "Attendance_Status", "Activity_Month"])
    lap("reading")
    follows = successors(references)
    fed = [as_they_are(each, follows) for each in (episodes, attended, booked)]
    usual = usual_regions(fed)
    spell = with_readmission(with_superspell(with_delivery(spells(episodes))))
    spell = with_regions(spell, references, usual)
    visit = with_regions(visits(attended), references, usual)
    appointment = with_regions(appointments(booked), references, usual)
    lap("marts")
    adult = ~spell["is_well_baby"]
    stay = spell["management"].isin(["EL", "EM", "NE"]) & adult & (spell["days"] >= 0)
    timed = visit["is_unplanned"] & visit["is_timed"]
    met = appointment["is_attended"] | appointment["is_not_attended"]
    figures = [
        measure("emergency_admissions", spell, adult, spell["management"] == "EM", None),
        measure("length_of_stay", spell, stay, None, "days"),
        measure("emergency_readmission_30_days", spell, spell["re30_is_index"] & adult, spell["re30_is_readmitted"], None),
        measure("ae_four_hour_performance", visit, timed, visit["is_within_four_hours"], None),
        measure("op_did_not_attend", appointment, met, appointment["is_not_attended"], None),
    ]
    pd.concat(figures).to_parquet(answer)
    lap("measures")
    times.write_text(json.dumps(taken), encoding="utf-8")


if __name__ == "__main__":
    main()
