"""Spells whose episodes cannot all be right."""

from farr.lab.model.table import Column, TableDeclaration, TableKind
from farr.lab.model.tables.activity import FARR, MONEY, NCDR

SPELL_CONFLICT = TableDeclaration(
    name="spell_conflict",
    title="Conflict of episodes",
    description="Spells of known people in which episodes repeat each other, lie over one another, or lack one: these alone have a row. Prices "
    "and challenges read it.",
    kind=TableKind.MART,
    policy="hes_2018",
    key=("Spell_Key",),
    person="Der_Pseudo_NHS_Number",
    month="Activity_Month",
    derived_from=("apc_episode", "critical_care"),
    columns=(
        Column(name="Spell_Key", type="int64", source=FARR, meaning="The spell, as in apc_spell"),
        Column(name="Der_Pseudo_NHS_Number", type="string", source=NCDR, meaning="The person, as a pseudonym; the lab cannot undo it"),
        Column(name="Copies", type="int32", source=FARR,
               meaning="Episodes that repeat another of the spell: same dates, number, group, first diagnosis and procedure"),
        Column(name="Copies_Paid", type=MONEY, source=FARR, meaning="Pounds as fed on those; null: none"),
        Column(name="Has_Overlap", type="boolean", source=FARR, meaning="Two episodes that are no copies share a night"),
        Column(name="Lacks_Episode", type="boolean", source=FARR, meaning="The episodes' numbers have a gap: the highest is more than there are"),
        Column(name="Activity_Month", type="string", source=FARR, meaning="Month of discharge"),
    ),
)  # fmt: skip
