"""Spells of a pathway's operation, with the care around them."""

from farr.lab.model.table import Column, TableDeclaration, TableKind
from farr.lab.model.tables.activity import AGE_BAND, FARR, NCDR
from farr.lab.model.tables.sus import APC_SPELL

_AS_SPELL = (
    "Spell_Key", "Der_Pseudo_NHS_Number", "Provider_Code", "Commissioner_Code", "Provider_Code_As_Was", "Commissioner_Code_As_Was",
    "Provider_Region_Code", "Commissioner_Region_Code", "Admission_Date", "Discharge_Date", "Der_Management_Type", "Spell_Core_HRG",
    "Grand_Total", "Critical_Care_Days", "Critical_Care_Cost",
)  # fmt: skip

PATHWAY_SPELL = TableDeclaration(
    name="pathway_spell",
    title="Spell of a pathway",
    description="Spells of the operation that a pathway is about: critical-care and ward days, visits before and after, readmissions.",
    kind=TableKind.MART,
    policy="hes_2018",
    key=("Spell_Key", "Pathway"),
    person="Der_Pseudo_NHS_Number",
    month="Activity_Month",
    derived_from=("apc_episode", "critical_care", "op_attendance"),
    columns=(
        *(column for column in APC_SPELL.columns if column.name in _AS_SPELL),
        AGE_BAND,
        Column(name="Pathway", type="string", source=FARR, meaning="Name of the pathway: farr pathways"),
        Column(name="Ward_Days", type="int32", source=NCDR, meaning="Days of the stay less its critical-care days; never below 0"),
        Column(name="Visits_Before", type="int32", source=FARR,
               meaning="Attended appointments of the pathway's specialties within its days before admission; 0 where nobody knows the person"),
        Column(name="Visits_After", type="int32", source=FARR, meaning="The same within its days after discharge"),
        Column(name="Readmissions", type="int32", source=FARR,
               meaning="Emergency spells of the person, of any cause and provider, that began within 30 days after discharge"),
        Column(name="Activity_Month", type="string", source=FARR, meaning="Month of discharge"),
    ),
)  # fmt: skip
