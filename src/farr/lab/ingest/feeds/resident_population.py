"""People who live in an area in the middle of a year, by sex and five-year age band: Farr's own layout.

The Office for National Statistics publishes its estimates by other areas and in other shapes each year; they are added up to the areas
that figures are shown for before they are loaded. Its oldest band is 90 and over: a file with it is refused, because the bands of
measures go up to 95 and over.
"""

from farr.lab.ingest.checks import between, one_of
from farr.lab.ingest.feed import Feed, kept
from farr.lab.ingest.published import FIVE_YEAR_BAND, MALE_OR_FEMALE, ORGANISATION_CODE, band, lower, sex
from farr.lab.model.tables.reference import RESIDENT_POPULATION

_PUBLIC = "A published estimate; about no person"

FEED = Feed(
    title="Resident populations",
    description="People who live in an area in the middle of a year, by sex and five-year age band.",
    source="Mid-year population estimates (Office for National Statistics)",
    table=RESIDENT_POPULATION,
    activity_date=None,
    columns=(
        kept(RESIDENT_POPULATION, "Mid_Year", _PUBLIC, needed=True, may_be_null=False, checks=(between(1981, 2100, "year"),)),
        kept(RESIDENT_POPULATION, "Area_Level", _PUBLIC, recode=lower, needed=True, may_be_null=False,
             checks=(one_of(("postcode_district", "locality", "commissioner", "region"), "area levels"),)),
        kept(RESIDENT_POPULATION, "Area_Code", _PUBLIC, needed=True, may_be_null=False, checks=(ORGANISATION_CODE,)),
        kept(RESIDENT_POPULATION, "Sex", _PUBLIC, recode=sex, needed=True, may_be_null=False, checks=(MALE_OR_FEMALE,)),
        kept(RESIDENT_POPULATION, "Age_Band", _PUBLIC, recode=band, needed=True, may_be_null=False, checks=(FIVE_YEAR_BAND,)),
        kept(RESIDENT_POPULATION, "People", _PUBLIC, aliases=("POPULATION", "RESIDENTS"), needed=True, may_be_null=False,
             checks=(between(0, 100_000_000, "people"),)),
    ),
)  # fmt: skip
