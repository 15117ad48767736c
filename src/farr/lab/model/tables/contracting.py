"""What provider and commissioner agreed on before the year, by month; and what providers said afterwards that their work cost."""

from farr.lab.model.table import Column, TableDeclaration, TableKind
from farr.lab.model.tables.activity import MONEY

_ACM = "Aggregate Contract Monitoring (ACM) data set, DCB2050 (NHS England): planned activity and price by month"

CONTRACT_PLAN = TableDeclaration(
    name="contract_plan",
    title="Contract plan",
    description="Activity and money that provider and commissioner planned, by point of delivery, specialty and month. The parties know it, and "
    "it is about no person.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    part=("Provider_Code", "Activity_Month"),
    key=("Provider_Code", "Commissioner_Code", "Point_of_Delivery", "Treatment_Function_Code", "Activity_Month"),
    columns=(
        Column(name="Provider_Code", type="string", source=_ACM, meaning="Provider, by the code that it has now"),
        Column(name="Commissioner_Code", type="string", source=_ACM, meaning="Commissioner, by the code that it has now"),
        Column(name="Point_of_Delivery", type="string", source=_ACM, meaning="DC, EL, NEL, NELST, NELNE, RDA or RNA, as spells have it"),
        Column(name="Treatment_Function_Code", type="string", source=_ACM,
               meaning="Treatment function; ALL where the plan is not broken down by it"),
        Column(name="Activity_Month", type="string", source=_ACM, meaning="Month that it is planned for, such as 2024-05"),
        Column(name="Planned_Activity", type=MONEY, source=_ACM, meaning="Spells; a plan may have parts of one"),
        Column(name="Planned_Finance", type=MONEY, source=_ACM, meaning="Pounds, market forces included"),
    ),
)  # fmt: skip

_NCC = "National Cost Collection, organisation-level source data (NHS England; before 2018/19 reference costs): activity and cost by HRG"

PROVIDER_COST = TableDeclaration(
    name="provider_cost",
    title="Cost of a provider's work",
    description="What each provider's admitted work cost it in a financial year, by point of delivery and HRG or HRG chapter, as published. It "
    "is about no person.",
    kind=TableKind.REFERENCE,
    policy="open_data",
    part=("Financial_Year",),
    key=("Financial_Year", "Provider_Code", "Point_of_Delivery", "Service_Code"),
    columns=(
        Column(name="Financial_Year", type="string", source=_NCC, meaning="Year that was costed, such as 2024/25"),
        Column(name="Provider_Code", type="string", source=_NCC, meaning="Provider, by the code that it has now"),
        Column(name="Point_of_Delivery", type="string", source=_NCC, meaning="DC, EL, NEL, NELST, NELNE, RDA or RNA, as spells have it"),
        Column(name="Service_Code", type="string", source=_NCC, meaning="HRG, such as HN22A, or HRG chapter, such as H"),
        Column(name="Activity", type=MONEY, source=_NCC, meaning="Spells that were costed"),
        Column(name="Cost", type=MONEY, source=_NCC, meaning="Pounds that they cost the provider, its own market forces included"),
    ),
)  # fmt: skip
