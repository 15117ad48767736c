"""Where there are people to divide by: the levels of measures per head, and their denominator in words."""

PER_HEAD_LEVELS = ("commissioner", "practice", "locality", "postcode_district", "region", "national")
"""Practices have registered lists, and commissioners, regions and the nation through them; localities and postcode districts have
residents. Providers have neither: whom a hospital serves is nowhere written down."""
STANDARDISED_RATE_LEVELS = ("commissioner", "region", "national")
"""Levels with people enough in each age band and sex for a directly standardised rate."""
STANDARDISED_RATIO_LEVELS = ("commissioner", "practice", "region", "national")
"""Levels with a registered list by age band and sex: enough for expected counts, even where bands hold few people."""

PERSON_YEARS = (
    "Denominator: people, in person-years: the sum of the month-start registered lists divided by 12 (for localities and postcode "
    "districts: residents at mid-year)."
)
