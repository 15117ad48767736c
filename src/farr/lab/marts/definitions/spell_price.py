"""The price mart: each spell priced by the rules of its tariff year, part by part, beside what was fed."""

from collections.abc import Mapping

import ibis.expr.types as ir

from farr.lab.marts.mart import Mart, Reach
from farr.lab.marts.pricing.amounts import with_amounts
from farr.lab.marts.pricing.book import with_book
from farr.lab.marts.pricing.broken import with_broken
from farr.lab.marts.pricing.difference import difference
from farr.lab.marts.pricing.rules import NATIONAL_RULES
from farr.lab.model.tables.conflict import SPELL_CONFLICT
from farr.lab.model.tables.pricing import PRICE_BOOK, SPELL_PRICE
from farr.lab.model.tables.reference import NATIONAL_PRICE
from farr.lab.model.tables.sus import APC_SPELL

# What of a spell its price rests on, beside what the mart keeps.
_OF_PRICES = (
    "Der_Management_Type", "Administrative_Category", "Age", "Spell_Adj_LoS", "Length_of_Stay", "HRG_TrimPoint", "Spell_ExcessBedDays",
    "Spell_BP_Key", "Spell_SSC_Key",
)  # fmt: skip


def _build(tables: Mapping[str, ir.Table]) -> ir.Table:
    kept = [column.name for column in SPELL_PRICE.columns if column.name in APC_SPELL.schema.names]
    spells = with_amounts(with_book(with_broken(tables["apc_spell"].select(*kept, *_OF_PRICES), tables), tables), NATIONAL_RULES)
    return spells.mutate(Price_Difference=difference(spells))


MART = Mart(
    table=SPELL_PRICE,
    reads=(APC_SPELL, SPELL_CONFLICT, NATIONAL_PRICE, *PRICE_BOOK),
    may_lack=(SPELL_CONFLICT,),
    reach=Reach.MONTH,
    build=_build,
)
