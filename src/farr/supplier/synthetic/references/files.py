"""Writes the reference files beside the feed."""

from pathlib import Path

from farr.supplier.synthetic.feed import Feed
from farr.supplier.synthetic.output.files import write_csv
from farr.supplier.synthetic.planting.mergers import written
from farr.supplier.synthetic.references import contracts, costs, features, lists, local, organisations, populations, projections, tariff
from farr.supplier.synthetic.tariff.prices import years_of

_AT_ONCE = 1_000_000


def write_references(feed: Feed, folder: Path) -> None:
    """Every reference file, as CSV, and the list of opt-outs."""
    people, cast, period = feed.people, feed.cast, feed.settings.period
    world, now = people.organisations, written(people.organisations, cast.mergers, cast.move, period.last)
    years = years_of(period.first, period.last)
    middles = sorted({month.year for month in feed.settings.months})
    residents = populations.residents(people, middles)
    trusts = features.provider_feature_table(people, period.last, now)
    tables = {
        "organisation": organisations.organisation_table(world, cast, period.last),
        "organisation_successor": organisations.successor_table(world, cast.mergers),
        "organisation_parent": organisations.parent_table(world, cast, period),
        "small_areas": populations.small_area_table(world),
        "resident_population": populations.resident_table(world, residents, middles, now),
        "population_by_deprivation": populations.deprived_table(world, residents, middles, now),
        "population_projection": projections.projection_table(world, residents[0], middles[0], now),
        "deprivation": populations.deprivation_table(world, now),
        "hrg_trim_point": tariff.trim_point_table(years),
        "national_price": tariff.national_price_table(years),
        "hrg_tariff_rule": tariff.tariff_rule_table(years),
        "market_forces_factor": tariff.market_forces_table(years, world.provider_code, people.seed),
        "contract_plan": contracts.plan_table(people, period, now),
        "provider_cost": costs.cost_table(people, cast, period, now),
        "commissioner_feature": features.commissioner_feature_table(people, period.last, now, cast.move),
        "provider_feature": trusts,
        "peer_list": lists.peer_table(trusts),
        "local_activity": local.local_table(people, period, now),
        "local_code": lists.local_code_table(),
    }
    for name, table in tables.items():
        if table.num_rows:  # a short feed has no merger, and so no successor
            write_csv(table, folder / f"{name}.csv")
    for month in feed.settings.months:
        codes = written(world, cast.mergers, cast.move, month)
        write_csv(populations.population_table(people, month, codes), folder / f"registered_population_{month}.csv")
    _write_opt_outs(feed, folder)


def _write_opt_outs(feed: Feed, folder: Path) -> None:
    people = feed.people
    with (folder / "opt_outs.txt").open("w", encoding="utf-8") as file:
        for first in range(0, people.count, _AT_ONCE):
            numbers = populations.opt_out_numbers(people, first=first, end=min(first + _AT_ONCE, people.count))
            file.writelines(f"{number}\n" for number in numbers)
