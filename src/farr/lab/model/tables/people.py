"""People: who lives where, by the deprivation of their small area; and what hospitals knew of a person month by month."""

from farr.lab.model.codelist import load_codelist
from farr.lab.model.table import Column, TableDeclaration, TableKind
from farr.lab.model.tables.activity import AGE_BAND, AGE_GROUP, AS_WAS, FARR, NCDR, PERSON_AND_PLACE, REGIONS

_RESIDENTS = "Small-area mid-year population estimates (Office for National Statistics)"
_IMD = "English Indices of Deprivation (Ministry of Housing, Communities and Local Government)"

POPULATION_BY_DEPRIVATION = TableDeclaration(
    name="population_by_deprivation",
    title="Resident population by deprivation",
    description="People who live in an area in the middle of a year, by fifth of deprivation of their small area, sex and age band.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    part=("Mid_Year", "Area_Level"),
    key=("Mid_Year", "Area_Level", "Area_Code", "Deprivation_Fifth", "Sex", "Age_Band"),
    columns=(
        Column(name="Mid_Year", type="int16", source=_RESIDENTS, meaning="Year of the estimate, at its 30 June"),
        Column(name="Area_Level", type="string", source=_RESIDENTS, meaning="postcode_district, locality, commissioner or region"),
        Column(name="Area_Code", type="string", source=_RESIDENTS, meaning="Code of the area"),
        Column(
            name="Deprivation_Fifth", type="string", source=_IMD, meaning="Fifth of all small areas, 1 the most deprived: deciles 1 and 2"
        ),
        Column(name="Sex", type="string", source=_RESIDENTS, meaning="1 male, 2 female"),
        Column(name="Age_Band", type="string", source=_RESIDENTS, meaning="Five-year band, such as 00-04, up to 95+"),
        Column(name="People", type="int64", source=_RESIDENTS, meaning="Usual residents"),
    ),
)

CONDITIONS = (
    "asthma", "atrial_fibrillation", "chronic_kidney_disease", "copd", "coronary_heart_disease", "dementia", "diabetes", "epilepsy",
    "heart_failure", "hypertension", "malignant_cancer", "obesity", "serious_mental_illness", "stroke",
)  # fmt: skip
"""Long-term conditions that hospitals see, each by the code list of its name, in any position."""
LATEST = 3
"""How many of a person's latest emergencies and attendances are told apart."""


def seen_column(condition: str) -> str:
    """The column that says when a condition was last recorded."""
    return "Seen_" + "_".join(word.capitalize() for word in condition.split("_"))


def _latest(what: str, words: str) -> tuple[Column, ...]:
    nth = ("latest", "one before", "one before that")
    return tuple(
        Column(
            name=f"{what}_{number}_Month", type="string", source=FARR, meaning=f"Month of the {nth[number - 1]} of {words} up to this month"
        )
        for number in range(1, LATEST + 1)
    )


_OF_PLACE = tuple(each for each in (*PERSON_AND_PLACE, *AS_WAS, *REGIONS) if not each.name.startswith("Provider"))

PERSON_MONTH = TableDeclaration(
    name="person_month",
    title="Person and month",
    description="A person in a month of which a spell or an emergency attendance is held, with what was known then: a row for each.",
    kind=TableKind.MART,
    policy="hes_2018",
    key=("Event_Key", "Event"),
    person="Der_Pseudo_NHS_Number",
    month="Activity_Month",
    derived_from=("apc_episode", "ae_attendance", "op_attendance"),
    columns=(
        Column(name="Event_Key", type="int64", source=FARR, meaning="Key of the month's last spell, else of its last attendance"),
        Column(name="Event", type="string", source=FARR, meaning="spell or visit: which of the two"),
        *_OF_PLACE,
        AGE_BAND,
        AGE_GROUP,
        Column(name="Has_Died", type="boolean", source=NCDR, meaning="A spell of the month ended in death (discharge method 4)"),
        Column(name="Next_Month", type="string", source=FARR, meaning="The person's next month in this table; null where there is none"),
        *_latest("Emergency", "the person's emergency spells, by discharge"),
        *_latest("Visit", "the person's unplanned attendances at emergency departments"),
        *_latest("Appointment", "the person's attended outpatient appointments"),
        Column(
            name="Next_Emergency_Month",
            type="string",
            source=FARR,
            meaning="Month of admission of the first emergency spell that is discharged after this month; null where there is none",
        ),
        *(
            Column(
                name=seen_column(name),
                type="string",
                source="ICD-10 (WHO)",
                meaning=f"Last month up to this one in which an episode that ended had a diagnosis of: {load_codelist(name).title}",
            )
            for name in CONDITIONS
        ),
        Column(name="Activity_Month", type="string", source=FARR, meaning="The month: of a spell's discharge, of an attendance"),
    ),
)
