"""People who will live in an area, by year, sex and five-year age band, by variant of the projection: Farr's own layout.

The Office for National Statistics publishes its subnational projections by area with a column for each year, single years of age and a file
for each variant; they are added up to bands, turned to a row a year and joined before they are loaded. Its oldest age is 90 and over: it is
to be split into 90-94 and 95+ (in the shares of a national projection, say), because the bands of measures go up to 95 and over. A file of
one variant may have its name stated: --set Variant=principal.
"""

from farr.lab.ingest.checks import between, one_of, shaped
from farr.lab.ingest.feed import Feed, kept
from farr.lab.ingest.published import FIVE_YEAR_BAND, MALE_OR_FEMALE, ORGANISATION_CODE, band, lower, sex
from farr.lab.model.tables.reference import POPULATION_PROJECTION

_PUBLIC = "A published projection; about no person"

FEED = Feed(
    title="Population projections",
    description="People who will live in an area in the middle of a year, by variant, sex and five-year age band.",
    source="Subnational population projections (Office for National Statistics)",
    table=POPULATION_PROJECTION,
    activity_date=None,
    columns=(
        kept(POPULATION_PROJECTION, "Variant", _PUBLIC, recode=lower, needed=True, may_be_null=False,
             checks=(shaped("[a-z][a-z0-9_]{0,63}", "a variant: lower-case letters, digits and underscores"),)),
        kept(POPULATION_PROJECTION, "Area_Level", _PUBLIC, recode=lower, needed=True, may_be_null=False,
             checks=(one_of(("commissioner", "region"), "area levels"),)),
        kept(POPULATION_PROJECTION, "Area_Code", _PUBLIC, needed=True, may_be_null=False, checks=(ORGANISATION_CODE,)),
        kept(POPULATION_PROJECTION, "Mid_Year", _PUBLIC, needed=True, may_be_null=False, checks=(between(2000, 2150, "year"),)),
        kept(POPULATION_PROJECTION, "Sex", _PUBLIC, recode=sex, needed=True, may_be_null=False, checks=(MALE_OR_FEMALE,)),
        kept(POPULATION_PROJECTION, "Age_Band", _PUBLIC, recode=band, needed=True, may_be_null=False, checks=(FIVE_YEAR_BAND,)),
        kept(POPULATION_PROJECTION, "People", _PUBLIC, needed=True, may_be_null=False, checks=(between(0, 100_000_000, "people"),)),
    ),
)  # fmt: skip
