"""People who live in an area in the middle of a year, by fifth of deprivation of their small area, sex and age: Farr's own layout.

The Office for National Statistics publishes estimates by small area (LSOA), sex and single year of age; each small area has its decile in
the published index. They are added up to the areas that figures are shown for, and to fifths, before they are loaded. The fifth must rest
on the same index and the same small areas as the supplier's lookup, or numerator and denominator speak of different people.
"""

from farr.lab.ingest.checks import between, one_of, shaped
from farr.lab.ingest.feed import Feed, kept
from farr.lab.ingest.published import FIVE_YEAR_BAND, MALE_OR_FEMALE, ORGANISATION_CODE, band, lower, sex
from farr.lab.model.tables.people import POPULATION_BY_DEPRIVATION as TABLE

_PUBLIC = "A published estimate; about no person"
_LEVELS = ("postcode_district", "locality", "commissioner", "region")

FEED = Feed(
    title="Resident populations by deprivation",
    description="People who live in an area in the middle of a year, by fifth of deprivation of their small area, sex and five-year age band.",
    source="Small-area mid-year population estimates (Office for National Statistics), with the English Indices of Deprivation",
    table=TABLE,
    activity_date=None,
    columns=(
        kept(TABLE, "Mid_Year", _PUBLIC, needed=True, may_be_null=False, checks=(between(1981, 2100, "year"),)),
        kept(TABLE, "Area_Level", _PUBLIC, recode=lower, needed=True, may_be_null=False, checks=(one_of(_LEVELS, "area levels"),)),
        kept(TABLE, "Area_Code", _PUBLIC, needed=True, may_be_null=False, checks=(ORGANISATION_CODE,)),
        kept(TABLE, "Deprivation_Fifth", _PUBLIC, aliases=("IMD_QUINTILE",), needed=True, may_be_null=False,
             checks=(shaped("[1-5]", "a fifth of deprivation, 1 (most deprived) to 5"),)),
        kept(TABLE, "Sex", _PUBLIC, recode=sex, needed=True, may_be_null=False, checks=(MALE_OR_FEMALE,)),
        kept(TABLE, "Age_Band", _PUBLIC, recode=band, needed=True, may_be_null=False, checks=(FIVE_YEAR_BAND,)),
        kept(TABLE, "People", _PUBLIC, aliases=("POPULATION", "RESIDENTS"), needed=True, may_be_null=False,
             checks=(between(0, 100_000_000, "people"),)),
    ),
)  # fmt: skip
