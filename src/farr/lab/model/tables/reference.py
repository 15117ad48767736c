"""Reference tables: published facts about organisations, populations and prices. No row is about a person."""

from farr.lab.model.table import Column, TableDeclaration, TableKind

_ODS = "Organisation Data Service (NHS Digital)"
_LISTS = "Patients Registered at a GP Practice (NHS Digital, monthly)"
_SIMILAR_10 = "NHS England, 10 Similar CCGs methodology, April 2021"
_TARIFF = "National tariff workbook, Annex A (NHS England)"
_RESIDENTS = "Mid-year population estimates (Office for National Statistics)"
_PROJECTIONS = "Subnational population projections (Office for National Statistics)"
_IMD = "English Indices of Deprivation (Ministry of Housing, Communities and Local Government)"
_FARR = "derived by Farr"
_MONEY = "decimal(18, 2)"

ORGANISATION = TableDeclaration(
    name="organisation",
    title="Organisation",
    description="Providers, commissioners, practices, localities and regions as they are now, closed ones among them: code, name and region.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    part=("Organisation_Level",),
    key=("Organisation_Level", "Organisation_Code"),
    columns=(
        Column(
            name="Organisation_Level",
            type="string",
            source=_ODS,
            meaning="provider, commissioner, practice, locality, postcode_district or region",
        ),
        Column(name="Organisation_Code", type="string", source=_ODS, meaning="Code of the organisation"),
        Column(name="Organisation_Name", type="string", source=_ODS, meaning="Name of the organisation"),
        Column(name="Commissioner_Code", type="string", source=_ODS, meaning="Commissioner of which a practice is a member"),
        Column(name="Region_Code", type="string", source=_ODS, meaning="Region the organisation lies in"),
        Column(name="Open_Date", type="date", source=_ODS, meaning="Day the organisation opened, where known"),
        Column(name="Close_Date", type="date", source=_ODS, meaning="Day it closed; null while it is open"),
    ),
)

ORGANISATION_SUCCESSOR = TableDeclaration(
    name="organisation_successor",
    title="Organisation successor",
    description="Which organisation took over from which, and when: mergers and changes of code.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    key=("Organisation_Code", "Successor_Code"),
    columns=(
        Column(name="Organisation_Code", type="string", source=_ODS, meaning="Code of the organisation that closed"),
        Column(name="Successor_Code", type="string", source=_ODS, meaning="Code of the organisation that took over"),
        Column(name="Succession_Date", type="date", source=_ODS, meaning="Day of the succession; null where the publication gives none"),
    ),
)

ORGANISATION_CURRENT = TableDeclaration(
    name="organisation_current",
    title="Organisation of today",
    description="Of each organisation that was taken over by one other, the organisation that it is today. Marts read it; no question can "
    "be asked of it, for it has no months.",
    kind=TableKind.MART,
    policy="open_data",
    key=("Former_Code",),
    derived_from=("organisation_successor",),
    columns=(
        Column(name="Former_Code", type="string", source=_ODS, meaning="Code of the organisation that closed"),
        Column(name="Current_Code", type="string", source=_FARR, meaning="Code of the last organisation in the chain of its successors"),
    ),
)

ORGANISATION_PARENT = TableDeclaration(
    name="organisation_parent",
    title="Organisation parent",
    description="Which organisation belonged to which, from when until when: practices to commissioners, commissioners to regions.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    part=("Organisation_Level",),
    key=("Organisation_Level", "Organisation_Code", "Parent_Code", "Join_Date"),
    columns=(
        Column(
            name="Organisation_Level",
            type="string",
            source=_ODS,
            meaning="Level of the organisation that belongs: practice, commissioner or provider",
        ),
        Column(name="Organisation_Code", type="string", source=_ODS, meaning="Code of the organisation that belongs"),
        Column(name="Parent_Code", type="string", source=_ODS, meaning="Code of the organisation it belongs to"),
        Column(name="Join_Date", type="date", source=_ODS, meaning="First day of membership"),
        Column(name="Left_Date", type="date", source=_ODS, meaning="Last day of membership; null while it lasts"),
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
    key=("Activity_Month", "GP_Practice_Code_As_Was", "Sex", "Age_Band"),
    month="Activity_Month",
    derived_from=("registered_population", "organisation"),
    columns=(
        *REGISTERED_POPULATION.columns,
        Column(name="Age_Group", type="string", source=_FARR, meaning="Wide band of age: 00-14, 15-44, 45-64, 65-74, 75-84 or 85+"),
        Column(name="Practice_Region_Code", type="string", source=_ODS, meaning="Region of the practice"),
        Column(name="Commissioner_Code", type="string", source=_ODS, meaning="Commissioner of which the practice is a member now"),
        Column(name="GP_Practice_Code_As_Was", type="string", source=_ODS, meaning="Practice as published, before any merger since"),
        Column(
            name="Commissioner_Code_As_Was",
            type="string",
            source=_ODS,
            meaning="Commissioner of which the practice was a member in that month",
        ),
        Column(name="Commissioner_Region_Code", type="string", source=_ODS, meaning="Region of the commissioner"),
    ),
)

COMMISSIONER_USUAL_REGION = TableDeclaration(
    name="commissioner_usual_region",
    title="Usual region of commissioners",
    description="The region in which most of a commissioner's records of activity say its people live. Marts read it where the organisation "
    "reference lists no region; no question can be asked of it, for it has no months.",
    kind=TableKind.MART,
    policy="hes_2018",  # made of records, though no row is about a person
    key=("Commissioner_Code",),
    derived_from=("apc_episode", "op_attendance", "ae_attendance"),
    columns=(
        Column(name="Commissioner_Code", type="string", source=_FARR, meaning="Commissioner as it is now"),
        Column(
            name="Region_Code", type="string", source="HES data dictionary (NHS Digital)", meaning="Region most often fed with its records"
        ),
    ),
)

HRG_TRIM_POINT = TableDeclaration(
    name="hrg_trim_point",
    title="HRG trim point",
    description="Days beyond which a stay is paid by the day, by tariff year and healthcare resource group.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    part=("Tariff_Year",),
    key=("Tariff_Year", "Spell_Core_HRG"),
    columns=(
        Column(name="Tariff_Year", type="string", source=_TARIFF, meaning="Financial year the trim points are for, such as 2024/25"),
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

NATIONAL_PRICE = TableDeclaration(
    name="national_price",
    title="National price",
    description="Names and national prices of healthcare resource groups, by tariff year, in pounds before the market forces factor; null: no price.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    part=("Tariff_Year",),
    key=("Tariff_Year", "HRG_Code"),
    columns=(
        Column(name="Tariff_Year", type="string", source=_TARIFF, meaning="Financial year the prices are for, such as 2018/19"),
        Column(name="HRG_Code", type="string", source=_TARIFF, meaning="Healthcare resource group"),
        Column(name="HRG_Name", type="string", source=_TARIFF, meaning="Name of the group in that year"),
        Column(name="HRG_Chapter_Name", type="string", source=_TARIFF, meaning="Name of the chapter that the group belongs to"),
        Column(name="Outpatient_Price", type=_MONEY, source=_TARIFF, meaning="Outpatient procedure"),
        Column(name="Combined_Price", type=_MONEY, source=_TARIFF, meaning="Day case or ordinary elective, where one price covers both"),
        Column(name="Day_Case_Price", type=_MONEY, source=_TARIFF, meaning="Day case, where apart"),
        Column(name="Elective_Price", type=_MONEY, source=_TARIFF, meaning="Ordinary elective, where apart"),
        Column(name="Non_Elective_Price", type=_MONEY, source=_TARIFF, meaning="Non-elective"),
    ),
)

RESIDENT_POPULATION = TableDeclaration(
    name="resident_population",
    title="Resident population",
    description="People who live in an area in the middle of a year, by sex and age band: the denominator where no list is kept.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    part=("Mid_Year", "Area_Level"),
    key=("Mid_Year", "Area_Level", "Area_Code", "Sex", "Age_Band"),
    columns=(
        Column(name="Mid_Year", type="int16", source=_RESIDENTS, meaning="Year of the estimate, at its 30 June"),
        Column(name="Area_Level", type="string", source=_RESIDENTS, meaning="postcode_district, locality, commissioner or region"),
        Column(name="Area_Code", type="string", source=_RESIDENTS, meaning="Code of the area"),
        Column(name="Sex", type="string", source=_RESIDENTS, meaning="1 male, 2 female"),
        Column(name="Age_Band", type="string", source=_RESIDENTS, meaning="Five-year band, such as 00-04, up to 95+"),
        Column(name="People", type="int64", source=_RESIDENTS, meaning="Usual residents"),
    ),
)

POPULATION_PROJECTION = TableDeclaration(
    name="population_projection",
    title="Population projection",
    description="People who will live in an area in the middle of a year, by sex and age band, as projected, by variant of the projection.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    part=("Variant", "Area_Level"),
    key=("Variant", "Area_Level", "Area_Code", "Mid_Year", "Sex", "Age_Band"),
    columns=(
        Column(name="Variant", type="string", source=_PROJECTIONS, meaning="principal, or the name of a variant, such as high_migration"),
        Column(name="Area_Level", type="string", source=_PROJECTIONS, meaning="commissioner or region"),
        Column(name="Area_Code", type="string", source=_PROJECTIONS, meaning="Code of the area"),
        Column(name="Mid_Year", type="int16", source=_PROJECTIONS, meaning="Year that is projected, at its 30 June"),
        Column(name="Sex", type="string", source=_PROJECTIONS, meaning="1 male, 2 female"),
        Column(name="Age_Band", type="string", source=_PROJECTIONS, meaning="Five-year band, such as 00-04, up to 95+"),
        Column(name="People", type="float64", source=_PROJECTIONS, meaning="Usual residents; a projection need not be a whole number"),
    ),
)

DEPRIVATION = TableDeclaration(
    name="deprivation",
    title="Deprivation",
    description="Index of Multiple Deprivation of practices, localities, districts and commissioners: score and decile, by the year of the index.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    part=("IMD_Year", "Area_Level"),
    key=("IMD_Year", "Area_Level", "Area_Code"),
    columns=(
        Column(name="IMD_Year", type="int16", source=_IMD, meaning="Year of the index, such as 2019"),
        Column(name="Area_Level", type="string", source=_IMD, meaning="practice, postcode_district, locality or commissioner"),
        Column(name="Area_Code", type="string", source=_IMD, meaning="Code of the area or organisation"),
        Column(name="IMD_Score", type="float64", source=_IMD, meaning="Mean score of its people's small areas; higher is more deprived"),
        Column(
            name="IMD_Decile",
            type="int16",
            source=_IMD,
            meaning="Tenth of all areas of the level, 1 the most deprived; null where not published",
        ),
    ),
)

PROVIDER_FEATURE = TableDeclaration(
    name="provider_feature",
    title="Provider feature",
    description="What makes trusts alike: size, casemix, teaching and the people they serve.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    key=("Provider_Code",),
    columns=(
        Column(name="Provider_Code", type="string", source=_FARR, meaning="Code of the trust"),
        Column(name="Provider_Name", type="string", source=_FARR, meaning="Name of the trust"),
        Column(
            name="Beds",
            type="float64",
            source="KH03 bed availability and occupancy (NHS England)",
            meaning="General and acute beds available overnight",
        ),
        Column(name="Emergency_Share", type="float64", source=_FARR, meaning="Share of admitted spells that are emergencies"),
        Column(name="Specialised_Share", type="float64", source=_FARR, meaning="Share of admitted spells with a specialised service line"),
        Column(name="Share_Aged_75_Plus", type="float64", source=_FARR, meaning="Share of admitted spells of people aged 75 and over"),
        Column(name="IMD_Score", type="float64", source=_IMD, meaning="Mean deprivation score of the people admitted"),
        Column(name="Is_Teaching", type="float64", source="ERIC trust type (NHS England)", meaning="1 for a teaching trust, 0 for another"),
    ),
)

PEER_LIST = TableDeclaration(
    name="peer_list",
    title="Peer list",
    description="Lists of peers that somebody published or agreed: which organisation is compared with which.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    part=("List_Name",),
    key=("List_Name", "Organisation_Code", "Peer_Code"),
    columns=(
        Column(name="List_Name", type="string", source=_FARR, meaning="Name of the list, such as model_hospital_2023"),
        Column(name="Organisation_Code", type="string", source=_FARR, meaning="Code of the organisation compared"),
        Column(name="Peer_Code", type="string", source=_FARR, meaning="Code of a peer of it"),
    ),
)

LOCAL_CODE = TableDeclaration(
    name="local_code",
    title="Local code",
    description="Lists of clinical codes that an organisation keeps for itself, to choose diagnoses and procedures by.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    part=("List_Name",),
    key=("List_Name", "Code"),
    columns=(
        Column(name="List_Name", type="string", source=_FARR, meaning="Name of the list: lower-case letters, digits and underscores"),
        Column(name="Code", type="string", source=_FARR, meaning="ICD-10 or OPCS-4 code; it stands for every code that begins with it"),
        Column(name="Code_Name", type="string", source=_FARR, meaning="Name of the code"),
    ),
)
