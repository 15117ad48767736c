"""Columns that every activity table has in common: the person, the organisations, the place, and the money as fed."""

from farr.lab.model.table import Column

NCDR = "NCDR SUS PbR data set, 2013/14 to 2018/19"
HES = "HES data dictionary (NHS Digital)"
FARR = "derived by Farr"
MONEY = "decimal(18, 2)"  # pounds sterling, exact to the penny

DIAGNOSES = tuple(f"Diagnosis_{number:02d}" for number in range(1, 25))
PROCEDURES = tuple(f"Procedure_{number:02d}" for number in range(1, 25))

PERSON_AND_PLACE = (
    Column(name="Der_Pseudo_NHS_Number", type="string", source=NCDR,
           meaning="The person, as a pseudonym made at the supplier with the agreement's key; the lab cannot undo it"),
    Column(name="Provider_Code", type="string", source=NCDR, meaning="Organisation that provided the care (three or five characters)"),
    Column(name="Commissioner_Code", type="string", source=NCDR, meaning="Organisation that pays for the care"),
    Column(name="GP_Practice_Code", type="string", source=NCDR, meaning="Practice at which the person is registered"),
    Column(name="Postcode_District", type="string", source=NCDR, meaning="Outward part of the home postcode, such as LS6"),
    Column(name="Locality_Code", type="string", source=FARR, meaning="Locality that holds the person's small area, as the supplier's lookup says"),
    Column(name="Deprivation_Decile", type="int16", source=FARR,
           meaning="Decile of the Index of Multiple Deprivation of the small area; 1 is the most deprived"),
    Column(name="Age", type="int16", source=NCDR, meaning="Completed years when the care began; under one year is 0"),
    Column(name="Sex", type="string", source=NCDR, meaning="1 male, 2 female, 9 not specified, 0 not known"),
)  # fmt: skip

AS_WAS = (
    Column(name="Provider_Code_As_Was", type="string", source=NCDR, meaning="Provider as fed, before any merger since"),
    Column(name="Commissioner_Code_As_Was", type="string", source=NCDR, meaning="Commissioner as fed, before any merger since"),
    Column(name="GP_Practice_Code_As_Was", type="string", source=NCDR, meaning="Practice as fed, before any merger since"),
)
REGIONS = (
    Column(name="Provider_Region_Code", type="string", source=FARR, meaning="Region of the provider, from the organisation reference"),
    Column(
        name="Commissioner_Region_Code",
        type="string",
        source=FARR,
        meaning="Region of the commissioner, from the organisation reference; else as fed",
    ),
    Column(name="Practice_Region_Code", type="string", source=FARR, meaning="Region of the practice, from the organisation reference"),
)
MONEY_AS_FED = (
    Column(
        name="Tariff_Total",
        type=MONEY,
        source=NCDR,
        meaning="Pounds at national tariff, as fed: initial amount and adjustments, before the market forces factor",
    ),
    Column(name="Grand_Total", type=MONEY, source=NCDR, meaning="Pounds paid, as fed: tariff, local adjustments and market forces factor"),
)
SERVICE_LINE = (
    Column(name="Service_Line_Code", type="string", source=NCDR, meaning="Specialised service line as fed (NCBPST; null: not specialised)"),
    Column(
        name="Programme_of_Care_Code", type="string", source=NCDR, meaning="National programme of care of the service line, as fed (NPoC)"
    ),
)
PRICE_KEYS = (
    Column(name="Spell_BP_Key", type="string", source=NCDR, meaning="Key of the best-practice tariff that was met, as fed; null: none"),
    Column(name="Spell_SSC_Key", type="string", source=NCDR, meaning="Keys of specialised services, as fed; null: none"),
)
AGE_BAND = Column(
    name="Age_Band", type="string", source=FARR, meaning="Five-year band of age, such as 00-04, up to 95+; null where age is not known"
)
AGE_GROUP = Column(
    name="Age_Group",
    type="string",
    source=FARR,
    meaning="Wide band of age: 00-14, 15-44, 45-64, 65-74, 75-84 or 85+; null where age is not known",
)
OF_PROVIDER = "@"
"""Stands between a provider's code and a site that is not its own."""
SITE = Column(
    name="Site_Code",
    type="string",
    source=HES,
    meaning="Site at which the person was treated, as fed (SITETRET): a code of five to nine characters, mostly the provider's and more; "
    "null where none was sent. Mergers leave it as it is",
)
SITE_OF_PROVIDER = Column(
    name="Site_Code",
    type="string",
    source=HES,
    meaning="Site at which the person was treated: as fed, where it begins with the provider's code as fed; else that code, @, and what was "
    "fed, so that a site is of one provider (RAA@RBB01; RAA@ where none was sent)",
)
REGION_AS_FED = Column(name="Region_Code", type="string", source=HES, meaning="Region as fed (HES: government office region of residence)")
