"""From farr synth through de-identification into the store: made-up records stay labelled, and real ones are not."""

from datetime import date

import pytest

from farr.lab.desk.holdings.held import read_held
from farr.lab.desk.load import load_file
from farr.lab.engine.store import Store
from farr.lab.ingest.feed import Feed, FeedError
from farr.lab.model.agreement import Agreement, OptOuts, Terms
from farr.lab.model.discover import discover
from farr.lab.model.period import Period
from farr.supplier.deidentify import deidentify
from farr.supplier.jobs import jobs_of
from farr.supplier.keys import MasterKey
from farr.supplier.order import order_of
from farr.supplier.synthetic.writer import Settings, write_feed

TODAY = date(2025, 6, 1)
AGREEMENT = Agreement(
    terms=Terms(
        id="north", title="North", legal_basis="test", purposes=("commissioning",), datasets=("apc_episode",), period_first="2024-01",
        period_last="2025-03", starts=date(2024, 1, 1), ends=date(2026, 12, 31), retention_years=4, policy="hes_2018",
        opt_outs=OptOuts.NOT_APPLIED, opt_outs_reason="test",
    )
)  # fmt: skip


@pytest.fixture(scope="module", params=[("parquet", False), ("csv.gz", True)], ids=["parquet", "csv"])
def clean(request, tmp_path_factory):
    kind, as_csv = request.param
    folder = tmp_path_factory.mktemp("synthetic")
    write_feed(Settings(period=Period.parse("2025-03"), scale=0.0005, seed=1, kind=kind), folder / "raw")
    order = order_of(AGREEMENT, MasterKey(bytes(32)), folder / "clean", today=TODAY, as_csv=as_csv)
    jobs = jobs_of([folder / "raw" / f"apc_episode_2025-03.{kind}"], order, discover("farr.lab.ingest.feeds", Feed))
    deidentify(jobs, order)
    return jobs[0].clean


def load(path, folder):
    store = Store(folder / "store")
    load_file(path, agreement=AGREEMENT, store=store, quarantine=folder / "quarantine", code_version="test", today=TODAY)
    return store


def test_the_label_reaches_the_store(clean, tmp_path):
    store = load(clean, tmp_path)
    assert read_held(store).is_synthetic
    assert store.history("apc_episode")[-1]["manifest"] == "apc_episode_2025-03.manifest.json"


def test_without_its_manifest_only_parquet_still_says_so(clean, tmp_path):
    alone = tmp_path / clean.name
    alone.write_bytes(clean.read_bytes())
    assert read_held(load(alone, tmp_path)).is_synthetic is (clean.suffix == ".parquet")


def test_the_manifests_months_are_those_the_file_should_hold(clean, tmp_path):
    beside = (
        clean.with_name("apc_episode_2025-03.manifest.json").read_text().replace('"period_first": "2025-03"', '"period_first": "2025-02"')
    )
    path = tmp_path / clean.name
    path.write_bytes(clean.read_bytes())
    (tmp_path / "apc_episode_2025-03.manifest.json").write_text(beside.replace('"period_last": "2025-03"', '"period_last": "2025-02"'))
    with pytest.raises(FeedError, match="belong to months outside 2025-02"):
        load(path, tmp_path)
    assert Store(tmp_path / "store").version("apc_episode") is None
