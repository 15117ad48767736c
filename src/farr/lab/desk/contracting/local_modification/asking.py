"""A case for a local modification: income and stays are asked of the gate, costs are published; the tests are derived from both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from farr.lab.desk.desk import Desk
from farr.lab.disclosure.gate import known_policies
from farr.lab.disclosure.released import Released, derive
from farr.lab.engine.reference import read_reference
from farr.lab.measures.comparison.facts import read_facts
from farr.lab.measures.norm import NormError, Peers
from farr.lab.model.errors import FarrError
from farr.lab.model.period import FinancialYear, Period
from farr.lab.model.tables import TABLES
from farr.lab.model.tables.contracting import PROVIDER_COST
from farr.lab.model.tables.pricing import MARKET_FORCES_FACTOR, SPELL_PRICE
from farr.lab.planning.coding.indicator import indicator
from farr.lab.planning.coding.questions import reference_question, year_question
from farr.lab.planning.coding.reference import dispersion_of
from farr.lab.planning.local_modification.costs import CostLines, cost_index, services_of
from farr.lab.planning.local_modification.judging import DEFAULT, Judgement, Rule, Verdict, verdict
from farr.lab.planning.local_modification.questions import income_question
from farr.lab.planning.local_modification.tables import Chance, Published, judged, peers_table, services_table, tests_table

LEVEL = "provider"
_STAYS = "length_of_stay"
_PEERS = "similar_ten"


class ModificationError(FarrError):
    """A case that cannot be looked at; the message says what to type."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """What every provider's case of a year rests on: published costs, and what was released of income and stays."""

    period: Period
    lines: CostLines
    unadjusted: Mapping[str, float]
    at_place: Mapping[str, float]
    income: Released
    reference: Released
    stays: Released
    chance: Chance
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Modification:
    """`services`, `peers` and `tests` are derived tables (planning/local_modification/tables.py has their columns); `tested` and `verdict`
    what `tests` says, as objects. `published` holds the costs, which are not released but published."""

    provider: str
    period: Period
    published: Published
    tested: tuple[Judgement, ...]
    verdict: Verdict
    services: Released
    peers: Released
    tests: Released
    notes: tuple[str, ...]


def latest_year(desk: Desk) -> Period:
    """The last financial year of which costs and every month of spells are held. Raises ModificationError where there is none."""
    years = {str(each) for each in read_reference(desk.store, PROVIDER_COST)["Financial_Year"].to_pylist()}
    if not years:
        raise ModificationError("no costs of providers are held; type: farr ingest provider_cost.csv (docs/contracting.md has its columns)")
    months = set(desk.store.months(SPELL_PRICE.name))
    whole = [year for year in sorted(years) if months.issuperset(_year(year).period.months())]
    if not whole:
        raise ModificationError(
            f"costs are held of {', '.join(sorted(years))}, and of none of these years every month of spells; ingest them, then: farr build"
        )
    return _year(whole[-1]).period


def ask(desk: Desk, period: Period, said: Callable[[str], None] = lambda _: None) -> Held:
    """What the cases of a financial year rest on. Raises ModificationError where the period is none, or has no costs; else as
    Desk.released."""
    year = FinancialYear.of(period.last)
    written = str(year).replace("-", "/")  # as published
    if period != year.period:
        raise ModificationError(f"costs are of financial years, and {period} is none; give one, such as --period {year.period}")
    lines = CostLines.of_year(read_reference(desk.store, PROVIDER_COST), written)
    if not lines.provider:
        raise ModificationError(f"no costs of {year} are held; type: farr ingest provider_cost.csv")
    said("asking the gate: what was paid")
    income = desk.released(income_question(period))
    said("asking the gate: how long stays were")
    which = indicator(_STAYS)
    asked = reference_question(which, period=period)
    reference = desk.released(asked)
    stays = desk.released(year_question(which, desk.registered.refer_family(asked, reference), period=period))
    factors = _factors(desk, written)
    absent = sorted(set(lines.provider) - set(factors))
    notes = (f"In no comparison of costs, for no market forces factor of {written} is held: {', '.join(absent)}.",) if absent else ()
    return Held(
        period=period, lines=lines, unadjusted=cost_index(lines), at_place=cost_index(lines, factors), income=income,
        reference=reference, stays=stays, notes=notes,
        chance=Chance(dispersion=dispersion_of(which, reference.table), rounded_to=_rounded_to(stays)),
    )  # fmt: skip


def case_of(desk: Desk, held: Held, provider: str, rule: Rule = DEFAULT) -> Modification:
    """One provider's. Raises ModificationError where it has no costs."""
    if provider not in held.unadjusted:
        raise ModificationError(f"no costs of '{provider}' are held of {held.period}; held: {', '.join(sorted(held.unadjusted))}")
    at_place = held.at_place if provider in held.at_place else dict[str, float]()
    notes = held.notes if at_place else (f"Market forces are not taken out, for no factor of '{provider}' is held.",)
    peers, no_peers = _peers(desk, provider, sorted(at_place or held.unadjusted))
    published = Published(
        provider=provider, peers=peers, unadjusted=held.unadjusted, at_place=at_place, services=services_of(held.lines, provider),
        rule=rule,
    )  # fmt: skip
    chance = held.chance

    def services(income: pa.Table) -> pa.Table:
        return services_table(income, published)

    def beside(income: pa.Table, stays: pa.Table) -> pa.Table:
        return peers_table(income, stays, published)

    def tests(income: pa.Table, stays: pa.Table, _: pa.Table) -> pa.Table:
        return tests_table(income, stays, published, chance)

    tested = judged(held.income.table, held.stays.table, published, chance)
    return Modification(
        provider=provider, period=held.period, published=published, tested=tested, verdict=verdict(tested),
        services=derive("local_modification.services", services, held.income),
        peers=derive("local_modification.peers", beside, held.income, held.stays),
        tests=derive("local_modification.tests", tests, held.income, held.stays, held.reference), notes=(*notes, *no_peers),
    )  # fmt: skip


def _year(written: str) -> FinancialYear:
    return FinancialYear.parse(written.replace("/", "-"))


def _factors(desk: Desk, year: str) -> dict[str, float]:
    rows = read_reference(desk.store, MARKET_FORCES_FACTOR).to_pylist()
    return {row["Provider_Code"]: float(row["Market_Forces_Factor"]) for row in rows if row["Tariff_Year"] == year}


def _peers(desk: Desk, provider: str, codes: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ten trusts most like it; all others with costs, and why, where their features are not held."""
    norm = desk.norm(_PEERS)
    try:
        facts = read_facts(LEVEL, {name: read_reference(desk.store, TABLES[name]) for name in norm.tables}, peers=(), count=None)
        members = norm.members(
            Peers(level=LEVEL, codes=tuple(codes), region=("",) * len(codes), selected=codes.index(provider), facts=facts)
        )
    except NormError as error:
        return tuple(code for code in codes if code != provider), (f"Peers are all other providers with costs: {error}.",)
    return tuple(code for code, is_in in zip(codes, members.tolist(), strict=True) if is_in and code != provider), ()


def _rounded_to(released: Released) -> float:
    """What figures were rounded to multiples of, as the policies of the release say; 0: they are exact."""
    names = [name.strip() for name in released.manifest.policy.split("+")]
    widest = max((known_policies()[name].rounding_base for name in names if name in known_policies()), default=1)
    return 0.0 if widest == 1 else float(widest)
