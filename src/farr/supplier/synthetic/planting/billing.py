"""Bills that are wrong on purpose, each kind at a provider: what a commissioner's challenges should find.

Which records are wrong follows from the number of their spell, by a hash of its own: everything else of the feed is as it would be.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from farr.lab.model.period import Period
from farr.supplier.synthetic.admitted.casemix import ELECTIVE, casemix
from farr.supplier.synthetic.admitted.spells import Spells
from farr.supplier.synthetic.calendar.days import financial_year
from farr.supplier.synthetic.chance import share
from farr.supplier.synthetic.dirt import Spoilt, replaced
from farr.supplier.synthetic.organisations import Organisations
from farr.supplier.synthetic.planting.corrections import numbered_anew
from farr.supplier.synthetic.tariff.prices import excess_price, groups, stay_price

_LEAST_MONTHS = 12  # a shorter feed is billed right
DUPLICATE, DAY_CASE, EXCESS, ANOTHER = "duplicate_spell", "day_case_billed_as_stay", "excess_days_unadjusted", "another_commissioner"
# share of the provider's spells that could be billed so, what it is, and the salt of its hash
_KINDS = {
    DUPLICATE: (0.02, "share of spells sent a second time under another number", 91),
    DAY_CASE: (0.15, "share of day cases, of groups with a price for each, billed at the price of a stay", 92),
    EXCESS: (1.0, "share of stays with days paid apart whose excess days are counted with them", 93),
    ANOTHER: (0.03, "share of spells, of no specialised service line, billed to the commissioner `to`", 94),
}
_KEYS_A_SPELL = 10  # an episode's number is ten times that of its spell and its place in it


@dataclass(frozen=True, kw_only=True)
class BillingError:
    """Of a provider's (`index`) spells that could be billed wrong in this way the share `size` is; `to` is who pays for another's."""

    kind: str
    organisation: str
    index: int = field(repr=False)
    size: float
    meaning: str
    to: str | None = None

    def is_drawn(self, spell: np.ndarray, seed: int) -> np.ndarray:
        """Whether the spells of these numbers are among them."""
        return share(spell, seed=seed, salt=_KINDS[self.kind][2]) < self.size


def billing_errors_at(providers: Sequence[int], world: Organisations, period: Period, *, barred: set[int]) -> list[BillingError]:
    """One of each kind, at the providers in order, again from the first where they are too few. The commissioner that pays for another's
    people is the one, not among `barred`, whose own go to the provider least."""
    if len(list(period.months())) < _LEAST_MONTHS or not providers:
        return []
    found: list[BillingError] = []
    for number, (kind, (size, meaning, _)) in enumerate(_KINDS.items()):
        index = providers[number % len(providers)]
        others = [each for each in np.argsort(world.flows[:, index], kind="stable").tolist() if each not in barred]
        to = world.commissioner_code[others[0]] if kind == ANOTHER and others else None
        if kind != ANOTHER or to is not None:
            found.append(BillingError(kind=kind, organisation=world.provider_code[index], index=index, size=size, meaning=meaning, to=to))
    return found


def mispriced(
    errors: Iterable[BillingError], spells: Spells, group: np.ndarray, days: np.ndarray, tariff: np.ndarray, *, first_spell: int, seed: int
) -> np.ndarray:
    """Pounds at tariff of each spell as they are billed. `group` is the place of its resource group, `days` its adjusted stay, `tariff`
    what it should cost; the spells are numbered from `first_spell` on."""
    number, year = np.arange(len(spells)) + first_spell, financial_year(spells.left)
    for error in errors:
        theirs = (spells.provider == error.index) & error.is_drawn(number, seed)
        if error.kind == DAY_CASE:
            is_day_case = (casemix().stream[spells.pathway] == ELECTIVE) & ~spells.ordinary & ~groups().one_price[group]
            ordinary = np.ones(len(spells), dtype=bool)
            tariff = np.where(theirs & is_day_case, stay_price(group, year=year, planned=ordinary, ordinary=ordinary), tariff)
        elif error.kind == EXCESS:
            more = excess_price(group, spells.stay, year) - excess_price(group, days, year)
            tariff = np.where(theirs & (more > 0), tariff + more, tariff)
    return tariff


def misbilled(sent: Spoilt, errors: Iterable[BillingError], seed: int) -> Spoilt:
    """The episodes of a file with those that are sent twice, and those that another commissioner is to pay for."""
    for error in errors:
        if error.kind not in (DUPLICATE, ANOTHER):
            continue
        rows = sent.rows
        number = rows["APCE_Ident"].to_numpy() // _KEYS_A_SPELL
        drawn = _is(rows, "Provider_Code", error.organisation) & error.is_drawn(number, seed)
        if error.kind == DUPLICATE:
            second = numbered_anew(rows.filter(pa.array(drawn)), "apc_episode")
            both = pa.concat_tables([rows, second]).combine_chunks()
            sent = Spoilt(rows=both, fault=np.concatenate([sent.fault, sent.fault[drawn]]), kinds=sent.kinds)
        elif error.to is not None:
            plain = drawn & _is(rows, "Service_Line_Code", "")
            sent = Spoilt(rows=replaced(rows, "Commissioner_Code", plain, error.to), fault=sent.fault, kinds=sent.kinds)
    return sent


def _is(rows: pa.Table, column: str, code: str) -> np.ndarray:
    """Whether a column of codes (a dictionary) is that code; the empty one stands for none."""
    held = rows[column].combine_chunks()
    places = held.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    known = held.dictionary.to_pylist()
    if code == "":
        return (places < 0) | (np.array([each in (None, "") for each in [*known, None]])[places])
    return (places >= 0) & (np.array([each == code for each in [*known, None]])[places])
