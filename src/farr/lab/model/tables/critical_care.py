"""Critical-care periods as loaded; the spell mart joins them to spells."""

from farr.lab.model.table import Column, TableDeclaration, TableKind
from farr.lab.model.tables.activity import FARR, MONEY, NCDR

CRITICAL_CARE = TableDeclaration(
    name="critical_care",
    title="Critical-care period",
    description="One period in critical care (adult, paediatric or neonatal) within an admitted-care episode.",
    kind=TableKind.STAGED,
    policy="hes_2018",
    key=("CC_Ident",),
    person="Der_Pseudo_NHS_Number",
    month="Activity_Month",
    columns=(
        Column(name="CC_Ident", type="int64", source=NCDR, meaning="Key of the critical-care period"),
        Column(name="APCE_Ident", type="int64", source=NCDR, meaning="Key of the admitted-care episode in which the period began"),
        Column(name="Der_Pseudo_NHS_Number", type="string", source=NCDR, meaning="The person, as a pseudonym made at the supplier with the agreement's key"),
        Column(name="Provider_Code", type="string", source=NCDR, meaning="Organisation that provided the care"),
        Column(name="CC_Type", type="string", source=NCDR, meaning="ACC adult, PCC paediatric, NCC neonatal"),
        Column(name="CC_Unit_Function", type="string", source=NCDR, meaning="Kind of unit, such as 01 general, 05 cardiac surgery, 13 neonatal intensive care"),
        Column(name="CC_Start_Date", type="date", source=NCDR, meaning="First day of the period"),
        Column(name="CC_Discharge_Date", type="date", source=NCDR, meaning="Last day of the period"),
        Column(name="CC_Days_LOS", type="int32", source=NCDR, meaning="Critical-care days: calendar days, the first and the last included"),
        Column(name="CC_Level_2_Days", type="int32", source=NCDR, meaning="Days at level 2"),
        Column(name="CC_Level_3_Days", type="int32", source=NCDR, meaning="Days at level 3"),
        Column(name="CC_Organs_Supported", type="int16", source=NCDR, meaning="Most organ systems supported on any day"),
        Column(name="Unbundled_HRG", type="string", source=NCDR, meaning="Critical-care HRG, such as XC01Z (six or more organs) to XC07Z (none)"),
        Column(name="CC_Total_Cost", type=MONEY, source=NCDR, meaning="Pounds, as fed"),
        Column(name="Activity_Month", type="string", source=FARR, meaning="Month the row is counted in: of the period's last day"),
    ),
)  # fmt: skip
