"""Registered dimensions: the only columns that figures may be broken down by, and how they nest."""

from dataclasses import dataclass
from enum import Enum


class Cadence(Enum):
    """How often a breakdown by this dimension is published (DESIGN.md, The gate)."""

    MONTHLY = "monthly"
    ROLLING_YEAR = "rolling year"


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """An organisation level (or other registered breakdown): `column` of the spell and episode marts holds its code; `parent`
    names the dimension into which each of its codes falls whole, so that its counts add up to the parent's."""

    name: str
    title: str
    plural: str
    column: str
    parent: str | None = None
    cadence: Cadence


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

DIMENSIONS: dict[str, Dimension] = {
    dimension.name: dimension
    for dimension in (PROVIDER, PROVIDER_REGION, COMMISSIONER, REGION, PRACTICE, PRACTICE_REGION, POSTCODE_DISTRICT)
}
LEVELS = ("provider", "commissioner", "practice", "postcode_district", "region", "national")
