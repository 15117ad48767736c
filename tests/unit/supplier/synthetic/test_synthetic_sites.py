"""The sites of the invented providers, counted with plain pandas."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from farr.supplier.synthetic.organisations import organisations
from farr.supplier.synthetic.sites import MOST, site_codes, sites_of


def test_larger_providers_have_one_to_three_sites_and_the_others_one() -> None:
    world = organisations(scale=0.01, seed=7)
    count, volume = sites_of(world, seed=7), world.flows.sum(axis=0)
    larger = volume >= sorted(volume)[len(volume) // 2]
    assert set(count[larger]) == {1, 2, 3} and set(count[~larger]) == {1}
    assert (sites_of(world, seed=7) == count).all() and (sites_of(world, seed=8) != count).any()
    codes = site_codes(world)
    assert len(set(codes)) == MOST * len(world.provider_code)
    assert all(code[:3] == world.provider_code[number // MOST] for number, code in enumerate(codes))


def test_every_record_is_of_a_site_of_its_provider_as_it_was(clean: pd.DataFrame, truth: dict) -> None:
    merged = {code for merger in truth["mergers"] if merger["level"] == "provider" for code in [merger["after"], *merger["before"]]}
    steady = clean[~clean.Provider_Code.isin(merged)]
    assert (steady.Site_Code.str[:3] == steady.Provider_Code).all()
    after = clean[clean.Provider_Code.isin(merged)]
    assert (after.Site_Code.str[:3] != after.Provider_Code).any()  # a merger leaves the code of a site
    assert clean.groupby("APCS_Ident").Site_Code.nunique().max() == 1


def test_a_service_is_mostly_at_one_site_in_every_feed(clean: pd.DataFrame, appointments: pd.DataFrame) -> None:
    several = clean.groupby("Provider_Code").Site_Code.nunique()
    provider = clean[clean.Provider_Code.isin(several[several > 1].index)].Provider_Code.value_counts().index[0]
    homes = []
    for rows in (clean, appointments):
        table = pd.crosstab(*(rows[rows.Provider_Code == provider][name] for name in ("Treatment_Function_Code", "Site_Code")))
        table = table[table.sum(axis=1) > 200]
        assert (table.max(axis=1) / table.sum(axis=1)).between(0.84, 0.97).all()
        homes.append(table.idxmax(axis=1))
    both = homes[0].index.intersection(homes[1].index)
    assert len(both) > 3 and (homes[0][both] == homes[1][both]).all() and homes[0].nunique() > 1


@pytest.mark.parametrize("feed", ["apc_episode", "op_attendance", "ae_attendance"])
def test_sites_stand_in_every_row(folder: Path, feed: str) -> None:
    column = pq.read_table(folder / f"{feed}_2024-12.parquet", columns=["Site_Code"])["Site_Code"]
    assert column.null_count == 0 and len(column.unique()) > 30
