"""Bills that a commissioner may challenge: a row for each spell and each rule that it falls under."""

from farr.lab.model.table import Column, TableDeclaration, TableKind
from farr.lab.model.tables.activity import FARR, MONEY
from farr.lab.model.tables.pricing import SPELL_PRICE

_AS_PRICED = (
    "Spell_Key", "Der_Pseudo_NHS_Number", "Provider_Code", "Commissioner_Code", "Provider_Code_As_Was", "Commissioner_Code_As_Was",
    "Provider_Region_Code", "Commissioner_Region_Code", "Treatment_Function_Code", "Point_of_Delivery", "HRG_Chapter", "HRG_Root",
    "Service_Line_Code",
)  # fmt: skip

SPELL_CHALLENGE = TableDeclaration(
    name="spell_challenge",
    title="Challenge of a spell",
    description="Spells whose bill falls under a rule by which commissioners challenge bills: under which, and what is at stake.",
    kind=TableKind.MART,
    policy="hes_2018",
    key=("Spell_Key", "Challenge"),
    person="Der_Pseudo_NHS_Number",
    month="Activity_Month",
    derived_from=("apc_episode", "critical_care"),
    columns=(
        *(column for column in SPELL_PRICE.columns if column.name in _AS_PRICED),
        Column(name="Challenge", type="string", source=FARR, meaning="Name of the rule: farr challenges"),
        Column(name="Amount_At_Stake", type=MONEY, source=FARR, meaning="Pounds, market forces included, that the challenge is worth"),
        Column(name="Challenges_Of_Spell", type="int32", source=FARR, meaning="Rules that the spell falls under, this one among them"),
        Column(name="Stands_For_Spell", type="boolean", source=FARR,
               meaning="The row of the spell with most at stake (ties: the first rule by name): so that a spell can be counted once"),
        Column(name="Activity_Month", type="string", source=FARR, meaning="Month of discharge"),
    ),
)  # fmt: skip
