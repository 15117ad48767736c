"""What prices rest on beside the national price and the trim point, by tariff year, and what each spell comes to by them.

Names of amounts are NCDR's (SUS PbR data set, 2017/18). A share is a fraction: 0.7 where the workbook writes 70%.
"""

from farr.lab.model.table import Column, TableDeclaration, TableKind
from farr.lab.model.tables.activity import FARR, MONEY, NCDR, REGIONS, SERVICE_LINE

SHARE = "decimal(18, 6)"
_ANNEX_A = "National tariff workbook, Annex A (NHS England)"
_FORCES = "National tariff, market forces factor payment index by provider (NHS England)"
_YEAR = Column(name="Tariff_Year", type="string", source=_ANNEX_A, meaning="Financial year the rules are for, such as 2018/19")

HRG_TARIFF_RULE = TableDeclaration(
    name="hrg_tariff_rule",
    title="HRG tariff rule",
    description="How the price of a healthcare resource group changes with the stay, by tariff year: excess days, short emergencies, top-ups.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    part=("Tariff_Year",),
    key=("Tariff_Year", "HRG_Code"),
    columns=(
        _YEAR,
        Column(name="HRG_Code", type="string", source=_ANNEX_A, meaning="Healthcare resource group"),
        Column(name="Per_Day_Rate", type=MONEY, source=_ANNEX_A, meaning="Pounds for each day of adjusted stay beyond the trim point"),
        Column(name="Short_Stay_Share", type=SHARE, source=_ANNEX_A,
               meaning="Share of the non-elective price that is paid for a short emergency stay; null: the group has no reduced price"),
        Column(name="Has_Top_Up", type="boolean", source=_ANNEX_A, meaning="Whether specialised top-ups may be paid for the group"),
    ),
)  # fmt: skip

BEST_PRACTICE_PRICE = TableDeclaration(
    name="best_practice_price",
    title="Best-practice price",
    description="What is added to the price of a group where best practice was met, by tariff year and the key that the spell was given.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    part=("Tariff_Year",),
    key=("Tariff_Year", "Best_Practice_Key", "HRG_Code"),
    columns=(
        _YEAR,
        Column(name="Best_Practice_Key", type="string", source=NCDR, meaning="Key of the best-practice tariff, such as BP01"),
        Column(name="HRG_Code", type="string", source=_ANNEX_A, meaning="Healthcare resource group"),
        Column(name="Best_Practice_Amount", type=MONEY, source=_ANNEX_A, meaning="Pounds added to the initial amount"),
    ),
)  # fmt: skip

SPECIALISED_TOP_UP = TableDeclaration(
    name="specialised_top_up",
    title="Specialised top-up",
    description="What is added for specialised services, by tariff year: a share of the price, or an amount; of several keys the first counts.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    part=("Tariff_Year",),
    key=("Tariff_Year", "Top_Up_Key"),
    columns=(
        _YEAR,
        Column(name="Top_Up_Key", type="string", source=NCDR, meaning="Specialised service code of the spell, such as SS93"),
        Column(name="Top_Up_Place", type="int16", source=NCDR, meaning="Order in which keys count where a spell has several, from 1"),
        Column(name="Top_Up_Share", type=SHARE, source=_ANNEX_A, meaning="Share of the price that is added; null: none"),
        Column(name="Top_Up_Amount", type=MONEY, source=_ANNEX_A, meaning="Pounds that are added; null: none"),
        Column(name="Minimum_Age", type="int16", source=NCDR, meaning="Youngest age that it is paid for; null: any"),
        Column(name="Maximum_Age", type="int16", source=NCDR, meaning="Oldest age that it is paid for; null: any"),
    ),
)  # fmt: skip

MARKET_FORCES_FACTOR = TableDeclaration(
    name="market_forces_factor",
    title="Market forces factor",
    description="What each provider's prices are multiplied by for the cost of its place, by tariff year.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    part=("Tariff_Year",),
    key=("Tariff_Year", "Provider_Code"),
    columns=(
        Column(name="Tariff_Year", type="string", source=_FORCES, meaning="Financial year the factor is for, such as 2018/19"),
        Column(name="Provider_Code", type="string", source=_FORCES, meaning="Provider, as it was in that year"),
        Column(name="Market_Forces_Factor", type=SHARE, source=_FORCES, meaning="Payment index, 1 or more, such as 1.036402"),
    ),
)  # fmt: skip

PRICE_BOOK = (HRG_TARIFF_RULE, BEST_PRACTICE_PRICE, SPECIALISED_TOP_UP, MARKET_FORCES_FACTOR)

AMOUNTS = (
    Column(name="Tariff_Initial_Amount", type=MONEY, source=NCDR, meaning="Pounds: the national price by HRG and point of delivery"),
    Column(name="Tariff_BestPrac_Adj", type=MONEY, source=NCDR, meaning="Pounds added for best practice; 0: none"),
    Column(name="Tariff_ShortStay_Adj", type=MONEY, source=NCDR, meaning="Pounds taken off a short emergency stay: 0 or less"),
    Column(name="Tariff_LongStay_Adj", type=MONEY, source=NCDR, meaning="Pounds for excess bed days; 0: none"),
    Column(name="Tariff_SpecServ_Adj", type=MONEY, source=NCDR, meaning="Pounds added for specialised services; 0: none"),
    Column(name="Tariff_Recomputed", type=MONEY, source=FARR, meaning="Pounds: the sum of the five amounts, which Tariff_Total should be"),
    Column(name="MFF_Recomputed", type=MONEY, source=FARR, meaning="Pounds for market forces: Tariff_Recomputed × (factor − 1)"),
    Column(name="Payment_Recomputed", type=MONEY, source=FARR, meaning="Pounds: Tariff_Recomputed and MFF_Recomputed; no local adjustment"),
)  # fmt: skip

SPELL_PRICE = TableDeclaration(
    name="spell_price",
    title="Price of a spell",
    description="What each spell comes to by the tariff rules of its year, part by part, beside what was fed, and why they differ.",
    kind=TableKind.MART,
    policy="hes_2018",
    key=("Spell_Key",),
    person="Der_Pseudo_NHS_Number",
    month="Activity_Month",
    derived_from=("apc_episode", "critical_care"),
    columns=(
        Column(name="Spell_Key", type="int64", source=FARR, meaning="The spell, as in apc_spell"),
        Column(name="Der_Pseudo_NHS_Number", type="string", source=NCDR, meaning="The person, as a pseudonym; the lab cannot undo it"),
        Column(name="Provider_Code", type="string", source=NCDR, meaning="Provider as it is now"),
        Column(name="Commissioner_Code", type="string", source=NCDR, meaning="Commissioner as it is now"),
        Column(name="Provider_Code_As_Was", type="string", source=NCDR, meaning="Provider as fed, before any merger since"),
        Column(name="Commissioner_Code_As_Was", type="string", source=NCDR, meaning="Commissioner as fed, before any merger since"),
        *REGIONS[:2],
        Column(name="Treatment_Function_Code", type="string", source=NCDR, meaning="Treatment function of the first episode"),
        Column(name="Point_of_Delivery", type="string", source=NCDR, meaning="DC, EL, NEL, NELST, NELNE, RDA, RNA, UNK"),
        Column(name="Spell_Core_HRG", type="string", source=NCDR, meaning="Healthcare resource group of the spell"),
        Column(name="HRG_Chapter", type="string", source=NCDR, meaning="First letter of the spell's HRG"),
        Column(name="HRG_Root", type="string", source=NCDR, meaning="The spell's HRG without its split letter"),
        SERVICE_LINE[0],
        Column(name="Tariff_Year", type="string", source=FARR, meaning="Financial year of discharge, whose rules are used"),
        Column(name="Price_Exclusion", type="string", source=NCDR,
               meaning="Why the spell has no price: private, regular_attender, maternity_pathway, not_grouped, no_tariff_held, "
               "not_on_tariff, episodes_overlap or episode_missing; null: it has one"),
        *AMOUNTS,
        Column(name="Tariff_Total", type=MONEY, source=NCDR, meaning="Pounds at national tariff as fed, before market forces"),
        Column(name="Grand_Total", type=MONEY, source=NCDR, meaning="Pounds paid as fed"),
        Column(name="Price_Difference", type="string", source=FARR,
               meaning="Why Tariff_Total is not Tariff_Recomputed: agrees, not_fed, priced_though_excluded, short_stay_not_taken_off, "
               "excess_days_not_paid, excess_days_of_unadjusted_stay, top_up_not_paid, best_practice_not_paid, "
               "price_of_another_delivery or unexplained; null: neither is there"),
        Column(name="Activity_Month", type="string", source=FARR, meaning="Month of discharge"),
    ),
)  # fmt: skip

SCENARIO_PRICE = TableDeclaration(
    name="scenario_price",
    title="Price under a scenario",
    description="Spells that are paid otherwise under a scenario's tariff than under their own year's: by how much more or less, and by whom. "
    "It holds one scenario and period at a time, the one last asked for.",
    kind=TableKind.MART,
    policy="hes_2018",
    key=("Scenario_Row",),
    person="Der_Pseudo_NHS_Number",
    month="Activity_Month",
    derived_from=("apc_episode", "critical_care"),
    columns=(
        Column(name="Scenario_Row", type="string", source=FARR, meaning="The spell, and whether the row is of who pays now or of who would"),
        *(column for column in SPELL_PRICE.columns if column.name in {
            "Der_Pseudo_NHS_Number", "Provider_Code", "Commissioner_Code", "Provider_Code_As_Was", "Commissioner_Code_As_Was",
            "Provider_Region_Code", "Commissioner_Region_Code", "Treatment_Function_Code", "Point_of_Delivery", "HRG_Chapter", "HRG_Root",
            "Service_Line_Code",
        }),
        Column(name="Scenario", type="string", source=FARR, meaning="Name of the scenario"),
        Column(name="Payment_Increase", type=MONEY, source=FARR, meaning="Pounds by which the payment rises under the scenario; else 0"),
        Column(name="Payment_Decrease", type=MONEY, source=FARR, meaning="Pounds by which the payment falls under the scenario; else 0"),
        Column(name="Activity_Month", type="string", source=FARR, meaning="Month of discharge"),
    ),
)  # fmt: skip
