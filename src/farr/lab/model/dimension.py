"""Registered dimensions: the only columns that figures may be broken down by, and how they nest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import ibis
import ibis.expr.types as ir


class Cadence(Enum):
    """How often a breakdown by this dimension is published (DESIGN.md, The gate)."""

    MONTHLY = "monthly"
    ROLLING_YEAR = "rolling year"


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """An organisation level (or other registered breakdown): `column` of the spell and episode marts holds its code; `parent`
    names the dimension into which each of its codes falls whole, so that its counts add up to the parent's. `coded` makes the code of a
    value of the column, where it is not the value itself; `is_local` says that the codes are organisations' own, so that nobody else has
    one and the nation's figure of a code is no norm."""

    name: str
    title: str
    plural: str
    column: str
    parent: str | None = None
    cadence: Cadence
    coded: Callable[[Any], ir.StringValue] | None = None
    is_local: bool = False

    def code_in(self, rows: ir.Table) -> ir.StringValue:
        """The code of each row; null where it is not known."""
        column: Any = rows[self.column]
        return column if self.coded is None else self.coded(column)


def fifth_of_decile(decile: ir.IntegerValue) -> ir.StringValue:
    """'1' (the most deprived fifth) to '5' of a decile of deprivation; null for any other number."""
    pairs = {"1": (1, 2), "2": (3, 4), "3": (5, 6), "4": (7, 8), "5": (9, 10)}
    return ibis.cases(*((decile.isin(deciles), fifth) for fifth, deciles in pairs.items()))


PROVIDER_REGION = Dimension(
    name="provider_region", title="Region of provider", plural="regions", column="Provider_Region_Code", cadence=Cadence.MONTHLY
)
REGION = Dimension(name="region", title="Region", plural="regions", column="Commissioner_Region_Code", cadence=Cadence.MONTHLY)
PROVIDER = Dimension(
    name="provider",
    title="Provider",
    plural="providers",
    column="Provider_Code",
    parent="provider_region",
    cadence=Cadence.MONTHLY,
)
COMMISSIONER = Dimension(
    name="commissioner",
    title="Commissioner",
    plural="commissioners",
    column="Commissioner_Code",
    parent="region",
    cadence=Cadence.MONTHLY,
)
PRACTICE_REGION = Dimension(
    name="practice_region", title="Region of practice", plural="regions", column="Practice_Region_Code", cadence=Cadence.MONTHLY
)
PRACTICE = Dimension(
    name="practice",
    title="Practice",
    plural="practices",
    column="GP_Practice_Code",
    parent="practice_region",
    cadence=Cadence.ROLLING_YEAR,
)
POSTCODE_DISTRICT = Dimension(
    name="postcode_district",
    title="Postcode district",
    plural="postcode districts",
    column="Postcode_District",
    cadence=Cadence.ROLLING_YEAR,
)

LOCALITY = Dimension(name="locality", title="Locality", plural="localities", column="Locality_Code", cadence=Cadence.ROLLING_YEAR)
# Organisations as they were fed, before mergers since. They have no parent: a region is known of organisations as they are now.
PROVIDER_AS_WAS = Dimension(
    name="provider_as_was",
    title="Provider as it was",
    plural="providers as they were",
    column="Provider_Code_As_Was",
    cadence=Cadence.MONTHLY,
)
COMMISSIONER_AS_WAS = Dimension(
    name="commissioner_as_was",
    title="Commissioner as it was",
    plural="commissioners as they were",
    column="Commissioner_Code_As_Was",
    cadence=Cadence.MONTHLY,
)
PRACTICE_AS_WAS = Dimension(
    name="practice_as_was",
    title="Practice as it was",
    plural="practices as they were",
    column="GP_Practice_Code_As_Was",
    cadence=Cadence.ROLLING_YEAR,
)


def _breakdown(name: str, title: str, plural: str, column: str, parent: str | None = None) -> Dimension:
    return Dimension(name=name, title=title, plural=plural, column=column, parent=parent, cadence=Cadence.MONTHLY)


SPECIALTY = _breakdown("specialty", "Specialty", "specialties", "Treatment_Function_Code")
SITE = Dimension(
    name="site", title="Site", plural="sites", column="Site_Code", parent="provider_as_was", cadence=Cadence.MONTHLY, is_local=True
)
DIAGNOSIS_CHAPTER = _breakdown("diagnosis_chapter", "Diagnosis chapter", "diagnosis chapters", "Diagnosis_Chapter")
DIAGNOSIS = _breakdown("diagnosis", "Diagnosis", "diagnoses", "Diagnosis_Category", "diagnosis_chapter")
PROCEDURE = _breakdown("procedure", "Procedure", "procedures", "Procedure_Category")
HRG_CHAPTER = _breakdown("hrg_chapter", "HRG chapter", "HRG chapters", "HRG_Chapter")
HRG = _breakdown("hrg", "HRG", "HRGs", "HRG_Root", "hrg_chapter")
EPISODE_GROUP = _breakdown("episode_group", "Episode group", "episode groups", "Episode_Group_Code")
CASEMIX_GROUP = _breakdown("casemix_group", "Casemix group", "casemix groups", "Casemix_Group")
POINT_OF_DELIVERY = _breakdown("point_of_delivery", "Point of delivery", "points of delivery", "Point_of_Delivery")
AGE_BAND = _breakdown("age_band", "Age", "age bands", "Age_Band")
AGE_GROUP = _breakdown("age_group", "Age group", "age groups", "Age_Group")
SEX = _breakdown("sex", "Sex", "sexes", "Sex")
SERVICE_LINE = _breakdown("service_line", "Specialised service line", "specialised service lines", "Service_Line_Code")
PRICE_DIFFERENCE = _breakdown("price_difference", "Why the price differs", "reasons for a price that differs", "Price_Difference")
CHALLENGE = _breakdown("challenge", "Challenge", "challenges", "Challenge")
ADMISSION_TYPE = _breakdown("admission_type", "Type of admission", "types of admission", "Admission_Type")
OPERATED = _breakdown("operated", "Whether operated", "with and without a procedure", "Operated")
DEPARTMENT_TYPE = _breakdown("department_type", "Department", "departments", "Department_Type")
CARE_SETTING = _breakdown("care_setting", "Setting", "settings of care", "Care_Setting")
LOCAL_SERVICE = _breakdown("local_service", "Local service", "local services", "Local_Service", "care_setting")
DEPRIVATION = Dimension(
    name="deprivation",
    title="Deprivation",
    plural="fifths of deprivation",
    column="Deprivation_Decile",
    cadence=Cadence.MONTHLY,
    coded=fifth_of_decile,
)

DIMENSIONS: dict[str, Dimension] = {
    dimension.name: dimension
    for dimension in (
        *(PROVIDER, PROVIDER_REGION, COMMISSIONER, REGION, PRACTICE, PRACTICE_REGION, LOCALITY, POSTCODE_DISTRICT),
        *(PROVIDER_AS_WAS, COMMISSIONER_AS_WAS, PRACTICE_AS_WAS),
        *(SPECIALTY, SITE, DIAGNOSIS, DIAGNOSIS_CHAPTER, PROCEDURE, HRG, HRG_CHAPTER, EPISODE_GROUP, CASEMIX_GROUP, POINT_OF_DELIVERY),
        *(AGE_BAND, AGE_GROUP, SEX, DEPRIVATION, SERVICE_LINE, DEPARTMENT_TYPE, PRICE_DIFFERENCE, CHALLENGE),
        *(ADMISSION_TYPE, OPERATED, CARE_SETTING, LOCAL_SERVICE),
    )
}
LEVELS = ("provider", "commissioner", "practice", "locality", "postcode_district", "region", "national")
"""Levels that figures are made at and organisations are found by."""
AS_WAS = {"provider": "provider_as_was", "commissioner": "commissioner_as_was", "practice": "practice_as_was"}
"""The same levels with organisations as they were, before mergers since."""
BREAKDOWNS = (
    "specialty",
    "site",
    "diagnosis_chapter",
    "diagnosis",
    "procedure",
    "hrg_chapter",
    "hrg",
    "episode_group",
    "point_of_delivery",
    "age_band",
    "sex",
    "service_line",
    "department_type",
    "price_difference",
)
"""What the figures of an organisation may be broken down by."""


def as_is(level: str) -> str:
    """The level that organisations as they were are of; any other level is itself."""
    return next((now for now, was in AS_WAS.items() if was == level), level)


def lineage(dimension: str) -> list[str]:
    """The dimension and those into which its codes fall whole, nearest first."""
    parent = DIMENSIONS[dimension].parent
    return [dimension, *(lineage(parent) if parent else [])]


def columns_of(dimensions: Sequence[str]) -> list[str]:
    """The dimensions with all that they fall into, each once."""
    return list(dict.fromkeys(name for dimension in dimensions for name in lineage(dimension)))
