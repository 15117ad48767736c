"""Reference tables: published facts about organisations, populations and prices. No row is about a person."""

from farr.lab.model.table import Column, TableDeclaration, TableKind

_ODS = "Organisation Data Service (NHS Digital)"
_LISTS = "Patients Registered at a GP Practice (NHS Digital, monthly)"
_SIMILAR_10 = "NHS England, 10 Similar CCGs methodology, April 2021"
_TARIFF = "National tariff workbook, Annex A (NHS England)"
_FARR = "derived by Farr"

ORGANISATION = TableDeclaration(
    name="organisation",
    title="Organisation",
    description="Providers, commissioners, practices and regions: code, name and region.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    key=("Organisation_Level", "Organisation_Code"),
    columns=(
        Column(name="Organisation_Level", type="string", source=_ODS, meaning="provider, commissioner, practice or region"),
        Column(name="Organisation_Code", type="string", source=_ODS, meaning="Code of the organisation"),
        Column(name="Organisation_Name", type="string", source=_ODS, meaning="Name of the organisation"),
        Column(name="Commissioner_Code", type="string", source=_ODS, meaning="Commissioner of which a practice is a member"),
        Column(name="Region_Code", type="string", source=_ODS, meaning="Region the organisation lies in"),
    ),
)

REGISTERED_POPULATION = TableDeclaration(
    name="registered_population",
    title="Registered population",
    description="People registered at each practice at the start of each month, by sex and age band.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    key=("Activity_Month", "GP_Practice_Code", "Sex", "Age_Band"),
    month="Activity_Month",
    columns=(
        Column(name="GP_Practice_Code", type="string", source=_LISTS, meaning="Practice at which the people are registered"),
        Column(name="Sex", type="string", source=_LISTS, meaning="1 male, 2 female"),
        Column(name="Age_Band", type="string", source=_LISTS, meaning="Five-year band, such as 00-04, up to 95+"),
        Column(name="Patients", type="int64", source=_LISTS, meaning="People on the list"),
        Column(name="Activity_Month", type="string", source=_FARR, meaning="Month the list was taken in"),
    ),
)

POPULATION = TableDeclaration(
    name="population",
    title="Population by organisation",
    description="The registered population with its practice's commissioner and region: the denominator of rates per head.",
    kind=TableKind.MART,
    policy="open_data",
    key=("Activity_Month", "GP_Practice_Code", "Sex", "Age_Band"),
    month="Activity_Month",
    derived_from=("registered_population", "organisation"),
    columns=(
        *REGISTERED_POPULATION.columns,
        Column(name="Practice_Region_Code", type="string", source=_ODS, meaning="Region of the practice"),
        Column(name="Commissioner_Code", type="string", source=_ODS, meaning="Commissioner of which the practice is a member"),
        Column(name="Commissioner_Region_Code", type="string", source=_ODS, meaning="Region of the commissioner"),
    ),
)

HRG_TRIM_POINT = TableDeclaration(
    name="hrg_trim_point",
    title="HRG trim point",
    description="Days beyond which a stay is paid by the day, by healthcare resource group, for one tariff year.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    key=("Spell_Core_HRG",),
    columns=(
        Column(name="Spell_Core_HRG", type="string", source=_TARIFF, meaning="Healthcare resource group"),
        Column(name="Elective_Trim_Point", type="int32", source=_TARIFF, meaning="Days, for elective stays"),
        Column(name="Non_Elective_Trim_Point", type="int32", source=_TARIFF, meaning="Days, for non-elective stays"),
    ),
)

COMMISSIONER_FEATURE = TableDeclaration(
    name="commissioner_feature",
    title="Commissioner feature",
    description="What makes commissioners alike: deprivation, size, age, rurality and ethnicity of their registered people.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    key=("Commissioner_Code",),
    columns=(
        Column(name="Commissioner_Code", type="string", source=_SIMILAR_10, meaning="Code of the commissioner"),
        Column(name="Commissioner_Name", type="string", source=_SIMILAR_10, meaning="Name of the commissioner"),
        Column(name="IMD_Score", type="float64", source=_SIMILAR_10, meaning="Mean Index of Multiple Deprivation score"),
        Column(name="Population", type="float64", source=_SIMILAR_10, meaning="Registered people"),
        Column(name="Share_Aged_18_39", type="float64", source=_SIMILAR_10, meaning="Share of people aged 18 to 39"),
        Column(name="Share_Aged_65_84", type="float64", source=_SIMILAR_10, meaning="Share of people aged 65 to 84"),
        Column(name="Share_Aged_85_Plus", type="float64", source=_SIMILAR_10, meaning="Share of people aged 85 and over"),
        Column(name="Share_Rural", type="float64", source=_SIMILAR_10, meaning="Share of people in rural and sparse areas"),
        Column(name="Share_White_Other", type="float64", source=_SIMILAR_10, meaning="Share of people of other white background"),
        Column(name="Share_Mixed", type="float64", source=_SIMILAR_10, meaning="Share of people of mixed ethnicity"),
        Column(name="Share_Asian", type="float64", source=_SIMILAR_10, meaning="Share of people of Asian ethnicity"),
        Column(name="Share_Black", type="float64", source=_SIMILAR_10, meaning="Share of people of Black ethnicity"),
        Column(name="Share_Other_Ethnicity", type="float64", source=_SIMILAR_10, meaning="Share of people of other ethnicity"),
    ),
)
