"""Released tables: who can make one, how they are published, and what verification catches."""

import json
import pickle
from dataclasses import replace

import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.disclosure.mint import Mint
from farr.lab.disclosure.released import Released, ReleaseInvalid, derive, publish, read_published
from farr.lab.model.agreement import encoded


@pytest.fixture
def key():
    return Ed25519PrivateKey.generate()


@pytest.fixture
def trusted(key):
    return {encoded(key.public_key().public_bytes_raw())}


@pytest.fixture
def released(rig, busy):
    return rig.release(rig.proportion(), busy() + rig.spells("N9", "N", 100, 4) + rig.spells("<b>", "N", 100, 5))


def test_only_the_gate_makes_one(released):
    with pytest.raises(ReleaseInvalid, match="only the gate"):
        Released(manifest=released.manifest, table=released.table, mint=Mint())
    with pytest.raises(ReleaseInvalid):
        released.table = None
    with pytest.raises(ReleaseInvalid):
        type("Open", (Released,), {})


def test_it_shows_stars_and_where_it_comes_from(released):
    page = released._repr_html_()
    assert "<td>*</td>" in page and "policy hes_2018" in page and "agreement example-2024" in page and "apc_spell v1" in page
    assert "&lt;b&gt;" in page and "<b>" not in page
    assert "__status" not in page


def test_it_is_published_and_read_back_the_same(released, key, trusted, tmp_path):
    path = publish(released, tmp_path / "published", key)
    assert path.name == released.manifest.release_id
    again = read_published(path, trusted)
    assert again.table.equals(released.table) and again.manifest == released.manifest
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name]
    assert publish(released, tmp_path / "published", key) == path


@pytest.mark.parametrize("name", ["table.parquet", "manifest.json", "manifest.sig"])
def test_a_missing_file_is_named(released, key, trusted, tmp_path, name):
    path = publish(released, tmp_path, key)
    (path / name).unlink()
    with pytest.raises(ReleaseInvalid, match=name.replace(".", r"\.")):
        read_published(path, trusted)


@pytest.mark.parametrize(("name", "says"), [("table.parquet", "not the table"), ("manifest.json", "changed after it was signed")])
def test_a_changed_file_is_found(released, key, trusted, tmp_path, name, says):
    path = publish(released, tmp_path, key)
    raw = bytearray((path / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (path / name).write_bytes(bytes(raw))
    with pytest.raises(ReleaseInvalid, match=says):
        read_published(path, trusted)


def test_another_table_under_the_same_manifest_is_found(rig, busy, released, key, trusted, tmp_path):
    path = publish(released, tmp_path, key)
    other = publish(rig.release(rig.proportion(), busy(), versions={"apc_spell": 3}), tmp_path, key)
    (path / "table.parquet").write_bytes((other / "table.parquet").read_bytes())
    with pytest.raises(ReleaseInvalid, match="publish it again"):
        read_published(path, trusted)


def test_a_renamed_release_is_found(released, key, trusted, tmp_path):
    path = publish(released, tmp_path, key)
    with pytest.raises(ReleaseInvalid, match="rename the folder"):
        read_published(path.rename(tmp_path / "another"), trusted)


def test_a_foreign_key_is_not_trusted_even_with_a_good_signature(released, trusted, tmp_path):
    path = publish(released, tmp_path, Ed25519PrivateKey.generate())
    with pytest.raises(ReleaseInvalid, match="not trusted here"):
        read_published(path, trusted)


def test_naming_a_trusted_key_is_not_enough(released, key, trusted, tmp_path):
    path = publish(released, tmp_path, Ed25519PrivateKey.generate())
    stated = json.loads((path / "manifest.sig").read_text())
    (path / "manifest.sig").write_text(json.dumps(stated | {"public_key": next(iter(trusted))}))
    with pytest.raises(ReleaseInvalid, match="changed after it was signed"):
        read_published(path, trusted)
    (path / "manifest.sig").write_text("{}")
    with pytest.raises(ReleaseInvalid, match="no signature"):
        read_published(path, trusted)


def test_a_figure_is_derived_from_released_tables(released, key, trusted, tmp_path):
    def share(table):
        return table.select(["provider"]).append_column("share", pa.compute.divide(table["numerator"], table["denominator"]))

    derived = derive("share", share, released)
    assert derived.manifest.derived_from == (released.manifest.release_id,)
    assert derived.manifest.policy == "hes_2018" and derived.manifest.store_versions == {"apc_spell": 1}
    assert read_published(publish(derived, tmp_path, key), trusted).table.equals(derived.table)
    assert derive("share", share, released).manifest.release_id == derived.manifest.release_id


def test_nothing_is_derived_from_nothing_or_across_agreements(released):
    with pytest.raises(ReleaseInvalid, match="derived from nothing"):
        derive("x", lambda: pa.table({}))
    with pytest.raises(ReleaseInvalid, match="must return a pyarrow table"):
        derive("x", lambda table: 1, released)
    manifest = replace(released.manifest, agreement="other")
    from farr.lab.disclosure.mint import MINT

    other = Released(manifest=manifest, table=released.table, mint=MINT)
    with pytest.raises(ReleaseInvalid, match="different agreements"):
        derive("x", lambda one, two: one, released, other)


def test_sources_must_rest_on_one_version_of_a_table(rig, busy, released):
    later = rig.release(rig.proportion(), busy(), versions={"apc_spell": 2})
    with pytest.raises(ReleaseInvalid, match="two versions of the table 'apc_spell'"):
        derive("x", lambda one, two: one, released, later)


def test_it_is_not_pickled_into_another_process(released):
    with pytest.raises(ReleaseInvalid, match="publish"):
        pickle.dumps(released)
