import json
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from farr.lab.desk.commands import app
from farr.lab.desk.delivery import delivery_of, manifest_path
from farr.lab.ingest.feed import FeedError
from farr.lab.ingest.formats.tabular import inspect_file
from farr.lab.ingest.labels import LABEL_KEY, SYNTHETIC, is_labelled_synthetic
from farr.lab.model.agreement import Agreement, AgreementError, OptOuts, Terms
from farr.lab.model.period import Period

AGREEMENT = Agreement(
    terms=Terms(
        id="north", title="North", legal_basis="test", purposes=("commissioning",), datasets=("apc_episode",), period_first="2024-04",
        period_last="2024-08", starts=date(2024, 1, 1), ends=date(2024, 12, 31), retention_years=4, policy="hes_2018",
        opt_outs=OptOuts.APPLIED, opt_outs_reason="planning",
    )
)  # fmt: skip


@pytest.fixture
def delivered(tmp_path):
    """A clean file and its manifest, with what a test wants otherwise in the manifest or the file's label."""

    def make(label=None, **changes):
        path = tmp_path / "june.clean.parquet"
        table = pa.table({"a": ["1"]})
        pq.write_table(table.replace_schema_metadata({LABEL_KEY: label} if label else None), path)
        facts = inspect_file(path)
        said = {"agreement": "north", "output_sha256": facts.sha256, "period_first": "2024-06", "period_last": "2024-07"}
        said["opt_outs"] = {"applied": True, "reason": "planning"}
        (tmp_path / "june.manifest.json").write_text(json.dumps({**said, **changes}))
        return facts

    return make


def test_the_manifest_beside_a_file_says_its_months(delivered):
    facts = delivered(synthetic=False)
    delivery = delivery_of(facts, AGREEMENT)
    assert (delivery.manifest, delivery.period, delivery.is_synthetic) == (
        facts.path.with_name("june.manifest.json"),
        Period.parse("2024-06..2024-07"),
        False,
    )


def test_a_file_may_come_alone(delivered):
    facts = delivered()
    facts.path.with_name("june.manifest.json").unlink()
    delivery = delivery_of(facts, AGREEMENT)
    assert (delivery.manifest, delivery.period, delivery.is_synthetic) == (None, None, False)


@pytest.mark.parametrize(
    ("label", "stated", "expected"),
    [(SYNTHETIC, False, True), (None, True, True), (None, False, False), ("some other note", False, False), (None, "yes", False)],
)
def test_either_the_file_or_its_manifest_says_that_records_are_made_up(delivered, label, stated, expected):
    assert delivery_of(delivered(label, synthetic=stated), AGREEMENT).is_synthetic is expected


def test_only_parquet_can_carry_the_label(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("SYNTHETIC\n1\n")
    assert not is_labelled_synthetic(path)


def test_a_file_changed_since_it_was_de_identified_is_refused(delivered):
    with pytest.raises(FeedError, match="changed after it was de-identified"):
        delivery_of(delivered(output_sha256="0" * 64), AGREEMENT)


def test_a_file_for_another_agreement_is_refused(delivered):
    with pytest.raises(AgreementError, match="for agreement 'south', not for 'north'"):
        delivery_of(delivered(agreement="south"), AGREEMENT)


def test_opt_outs_that_the_agreement_applies_must_have_been_applied(delivered):
    with pytest.raises(AgreementError, match="without opt-outs applied"):
        delivery_of(delivered(opt_outs={"applied": False, "reason": "research"}), AGREEMENT)


def test_months_outside_the_agreement_are_refused(delivered):
    with pytest.raises(AgreementError, match="covers 2024-04..2024-08"):
        delivery_of(delivered(period_last="2024-09"), AGREEMENT)


@pytest.mark.parametrize("text", ["", "[]", "3", "{}", '{"agreement": "north"}', "not json"])
def test_a_spoilt_manifest_is_refused(delivered, text):
    facts = delivered()
    facts.path.with_name("june.manifest.json").write_text(text)
    with pytest.raises(FeedError, match="not a manifest that farr deidentify wrote"):
        delivery_of(facts, AGREEMENT)


@pytest.mark.parametrize(("first", "last"), [("June", "2024-07"), ("2024-08", "2024-07"), (6, 7)])
def test_a_manifest_with_no_such_months_is_refused(delivered, first, last):
    with pytest.raises(FeedError, match="not a manifest that farr deidentify wrote"):
        delivery_of(delivered(period_first=first, period_last=last), AGREEMENT)


def test_a_feed_without_months_declares_none(delivered):
    assert delivery_of(delivered(period_first=None, period_last=None), AGREEMENT).period is None


def test_which_manifest_belongs_to_a_file(tmp_path):
    assert manifest_path(tmp_path / "a.clean.csv.gz") == tmp_path / "a.manifest.json"
    assert manifest_path(tmp_path / "a.csv") is None


def test_manifests_in_a_glob_are_refused_before_anything_is_loaded(delivered, tmp_path):
    facts = delivered()
    manifest = facts.path.with_name("june.manifest.json")
    result = CliRunner().invoke(app, ["ingest", str(facts.path), str(manifest), "--home", str(tmp_path / "home")])
    assert isinstance(result.exception, FeedError)
    assert "is a manifest, not a data file" in str(result.exception)
    assert "*.clean.*" in str(result.exception)


def test_other_json_is_no_table(tmp_path):
    path = tmp_path / "truth.json"
    path.write_text('{"a": 1,\n"b": 2}\n')
    with pytest.raises(FeedError, match=r"JSON, not a table; .*\.csv, \.csv\.gz, \.parquet or \.xlsx"):
        inspect_file(path)
