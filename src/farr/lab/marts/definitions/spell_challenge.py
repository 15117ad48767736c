"""The challenge mart: of every rule the spells that it holds of, and what is at stake."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from farr.lab.marts.challenging.bills import bills
from farr.lab.marts.challenging.challenge import Challenge, declared
from farr.lab.marts.mart import Mart, Reach
from farr.lab.marts.pricing.book import with_prices
from farr.lab.model.tables.challenge import SPELL_CHALLENGE
from farr.lab.model.tables.conflict import SPELL_CONFLICT
from farr.lab.model.tables.pricing import BEST_PRACTICE_PRICE, HRG_TARIFF_RULE, MARKET_FORCES_FACTOR, SPELL_PRICE
from farr.lab.model.tables.reference import NATIONAL_PRICE, ORGANISATION_CURRENT, ORGANISATION_PARENT
from farr.lab.model.tables.sus import APC_EPISODE, APC_SPELL

_KEPT = tuple(column.name for column in SPELL_CHALLENGE.columns if column.name in APC_SPELL.schema.names)
_BOOK = (HRG_TARIFF_RULE, BEST_PRACTICE_PRICE, MARKET_FORCES_FACTOR)
_AND, _WORTH = ",", ":"


def _build(tables: Mapping[str, ir.Table]) -> ir.Table:
    rules = declared()
    rows = bills(tables)
    rows = rows.mutate(**{f"By_{name}": rule.where(rows).fill_null(False) for name, rule in rules.items()})
    # Few bills are doubted, and only these are set beside the price book.
    rows = with_prices(rows.filter(ibis.or_(*(rows[f"By_{name}"] for name in rules))), tables)
    # One text a spell, taken apart again: a branch for each rule would have all that is above written out as often as there are rules.
    found = rows.select(*_KEPT, Found=ibis.literal(_AND).join([_said(rows, name, rule) for name, rule in rules.items()]).nullif(""))
    found = found.filter(found.Found.notnull())
    found = found.select(*_KEPT, Found=found.Found.split(_AND).unnest())
    found = found.select(
        *_KEPT, Challenge=found.Found.split(_WORTH)[0], Amount_At_Stake=found.Found.split(_WORTH)[1].cast("decimal(18, 2)")
    )
    by = [found.Spell_Key, found.Activity_Month]
    first = ibis.window(group_by=by, order_by=[found.Amount_At_Stake.desc(), found.Challenge])
    whole = ibis.window(group_by=by, order_by=[found.Challenge], preceding=None, following=None)
    return found.mutate(Stands_For_Spell=ibis.row_number().over(first) == 0, Challenges_Of_Spell=found.Challenge.count().over(whole))


def _said(rows: ir.Table, name: str, rule: Challenge) -> ir.Value:
    """The rule's name and what is at stake, where it holds and is worth anything."""
    amount = rule.amount(rows).cast("decimal(18, 2)")
    worth_it = (rows[f"By_{name}"] & (amount > 0)).fill_null(False)
    return ibis.ifelse(worth_it, ibis.literal(name + _WORTH) + amount.cast("string"), ibis.null("string"))


MART = Mart(
    table=SPELL_CHALLENGE,
    reads=(APC_SPELL, SPELL_PRICE, SPELL_CONFLICT, APC_EPISODE, NATIONAL_PRICE, *_BOOK, ORGANISATION_PARENT, ORGANISATION_CURRENT),
    may_lack=(SPELL_CONFLICT,),
    reach=Reach.PERSON,
    build=_build,
)
