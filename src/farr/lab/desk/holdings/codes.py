"""What codes of breakdowns are called: specialties, chapters, groups, kinds of stay."""

import pyarrow as pa

from farr.lab.engine.reference import read_reference
from farr.lab.engine.store import Store
from farr.lab.model.codegroup import load_codegroups
from farr.lab.model.codelist import load_codelist
from farr.lab.model.tables.reference import NATIONAL_PRICE

_PLAIN = {
    "sex": {"1": "Male", "2": "Female", "9": "Not specified", "0": "Not known"},
    "point_of_delivery": {
        "DC": "Day case",
        "EL": "Elective inpatient",
        "NEL": "Emergency",
        "NELST": "Emergency, short stay",
        "NELNE": "Other non-elective",
        "RDA": "Regular day attender",
        "RNA": "Regular night attender",
        "UNK": "Unknown",
    },
    "department_type": {
        "01": "Major department",
        "02": "Single specialty",
        "03": "Minor injuries and other",
        "04": "Walk-in centre",
        "05": "Same-day emergency care",
    },
    "price_difference": {
        "agrees": "The fed price is what the rules come to",
        "not_fed": "No price was fed",
        "priced_though_excluded": "Priced, though outside the tariff",
        "short_stay_not_taken_off": "Short emergency stay paid in full",
        "excess_days_not_paid": "Excess days not paid",
        "excess_days_of_unadjusted_stay": "Excess days counted with days that are paid apart",
        "top_up_not_paid": "Specialised top-up not paid",
        "best_practice_not_paid": "Best practice not paid",
        "price_of_another_delivery": "Price of another point of delivery",
        "unexplained": "Unexplained",
    },
}
_GROUPS = {"diagnosis_chapter": "icd10_chapter", "episode_group": "episode_group", "casemix_group": "casemix_group"}
_UNKNOWN = {"unknown": "Not recorded"}


def code_names(store: Store, by: str) -> dict[str, str]:
    """Names by code of a breakdown; codes without a name go by themselves."""
    if by in ("hrg", "hrg_chapter"):
        return _UNKNOWN | _groups(read_reference(store, NATIONAL_PRICE), by)
    if by == "specialty":
        return {**_UNKNOWN, **load_codelist("treatment_function").codes}
    if by in _GROUPS:
        return _UNKNOWN | load_codegroups(_GROUPS[by]).names
    return _UNKNOWN | _PLAIN.get(by, {})


def _groups(prices: pa.Table, by: str) -> dict[str, str]:
    """Names of the latest tariff year that has them: of a group's root the name before its split ('with CC Score 14+')."""
    names: dict[str, str] = {}
    for row in sorted(prices.to_pylist(), key=lambda row: row["Tariff_Year"]):
        code, name = (row["HRG_Code"][:4], row["HRG_Name"]) if by == "hrg" else (row["HRG_Code"][:1], row["HRG_Chapter_Name"])
        if name:
            names[code] = name.partition(", with")[0]
    return names
