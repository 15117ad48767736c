"""A year destroyed: nothing of it is left, what is kept is as if it had never been, and a certificate says so."""

import json
import shutil
from datetime import date

import duckdb
import pytest

from farr.lab.desk.holdings.submissions import submissions
from farr.lab.desk.marts import build_marts
from farr.lab.desk.publication.catalogue import read_catalogue
from farr.lab.desk.publication.notices import notice
from farr.lab.desk.retention.certificate import read_certificate
from farr.lab.desk.retention.destroy import Destruction, destroy
from farr.lab.desk.retention.errors import CertificateInvalid, DestructionRefused
from farr.lab.desk.retention.journal import Journal
from farr.lab.desk.retention.plan import planned
from farr.lab.disclosure.released import read_published
from farr.lab.engine.at_rest.keys import Keys
from farr.lab.engine.at_rest.purge import reachable
from farr.lab.engine.duckdb import connect, present
from farr.lab.engine.errors import StoreError
from farr.lab.engine.store import Store
from farr.lab.model.agreement import Signatory
from farr.lab.model.period import FinancialYear, Month
from farr.lab.model.tables.sus import APC_EPISODE, APC_SPELL, EPISODE_GROUP

ID = "leeds"


def done(place, months):
    return destroy(place.home, ID, months.first_kept, place.hands)


def verified(place, path):
    owners = place.home.trusted_signatories()[Signatory.RISK_OWNER]
    return read_certificate(path, installation={place.home.public_key()}, risk_owners=owners)


def is_gone(place, months, certificate):
    """What must hold after a destruction, however it went."""
    said = verified(place, certificate)
    store = place.store
    assert store.months("apc_episode") == store.months("apc_spell") == months.kept
    assert not [path for path in store.folder.rglob("*.parquet") if any(f"={month}" in str(path) for month in months.old)]
    assert not list(store.folder.rglob("*.2019-20.parquet"))
    for file in said["files"]:
        assert not (store.folder / file["path"]).exists()
    for table in (APC_EPISODE, APC_SPELL, EPISODE_GROUP):
        assert all(set(store.months(table.name, version)) <= set(months.kept) for version in reachable(store, table))
    assert sorted(path.name for path in place.home.data_keys(ID).iterdir()) == ["2019-20.destroyed", "2020-21.key"]
    return said


def test_nothing_of_the_year_is_left_and_the_rest_is_as_it_was(place, months, tmp_path):
    before = place.rows(APC_EPISODE)
    old = shutil.copytree(place.store.folder / "apc_episode", tmp_path / "backup of records")
    said = is_gone(place, months, done(place, months))
    kept = [row for row in before if row["Activity_Month"] >= "2020-04"]
    assert sorted(place.rows(APC_EPISODE), key=lambda row: row["APCE_Ident"]) == sorted(kept, key=lambda row: row["APCE_Ident"])
    # Records kept elsewhere against the rules cannot be opened with what is left.
    (copy,) = (old / "Activity_Month=2019-05").glob("*.parquet")
    with pytest.raises(StoreError, match="records of 2019-20 cannot be read any more"), connect(files=[copy], keys=place.store.keys):
        pass
    other = Keys(tmp_path / "other keys")
    other.make(FinancialYear(2019))
    with connect(files=[copy], keys=other) as connection, pytest.raises(duckdb.Error):
        present(connection, APC_EPISODE, [copy])
    assert said["rows"] == {"apc_episode": {"2019-20": "147"}}  # 11 months of 12, and one of 15
    assert len([file for file in said["files"] if file["table"] == "apc_episode"]) == 13  # one month was sent twice


def test_derived_rows_that_rested_on_it_are_made_anew(place, months):
    """Each person is admitted every month: the first discharge that is kept followed one that is not."""
    before = {row["Spell_Key"]: row for row in place.rows(APC_SPELL)}
    done(place, months)
    after = {row["Spell_Key"]: row for row in place.rows(APC_SPELL)}
    assert set(after) == {key for key, row in before.items() if row["Activity_Month"] >= "2020-04"}
    old_keys = set(before) - set(after)
    assert not old_keys & {row["Superspell_Key"] for row in after.values()}


def test_what_is_known_of_the_months_kept_stays_known(place, months):
    done(place, months)
    sent = submissions(place.store, "apc_episode")
    assert list(sent) == months.kept
    assert {each.status for each in sent.values()} == {"frozen"}
    assert any(load.get("synthetic") for load in place.store.history("apc_episode"))
    # The next build finds the derived tables made of what is live, and does nothing.
    lines = []
    build_marts(place.home, ID, lines.append)
    spell = next(line for line in lines if line.startswith("apc_spell"))
    assert "nothing to do" in spell
    place.load([Month(2021, 4)])
    build_marts(place.home, ID, lines.append)
    assert Month(2021, 4) in place.store.months("apc_spell")


def test_a_destroyed_year_is_not_loaded_again(place, months):
    done(place, months)
    with pytest.raises(StoreError, match="2019-20 was destroyed under a certificate"):
        place.load([months.old[3]])
    with pytest.raises(DestructionRefused, match="nothing is left to destroy"):
        done(place, months)


def test_what_rests_on_it_says_so_and_working_files_go(place, months):
    done(place, months)
    published, key = place.home.published, place.home.public_key()
    assert "2019-04..2020-03 that this rests on were destroyed" in notice(published / "aaaa", key)
    assert notice(published / "bbbb", key) is None
    assert read_published(published / "aaaa", {key}).name == "aaaa"
    assert list(read_catalogue(published, {key}).notices) == ["aaaa"]
    assert [path.name for path in place.home.quarantine(ID).iterdir()] == ["202004ab.csv"]
    ledger = [json.loads(line)["content"] for line in place.home.ledger(ID).path.read_text().splitlines()]
    assert [(line["outcome"], line["releases"]) for line in ledger] == [("destroyed", ["aaaa"])]


def test_the_certificate_holds_what_it_must_and_nothing_of_a_person(place, months):
    path = done(place, months)
    said = verified(place, path)
    assert (said["operator"], said["witness"], said["risk_owner"]) == ("A. Lee", "B. Shah", "risk-owner")
    assert said["agreement"]["id"] == ID and said["period"] == "2019-04..2020-03" and said["datasets"] == ["apc_episode"]
    assert said["why"] == "retention of 1 years; the full year 2020-21 has arrived"
    assert all(len(file["sha256"]) == 64 and file["key"] == "2019-20" for file in said["files"] if file["table"] == "apc_episode")
    assert [file["file"] for file in said["loaded_from"]] == ["2019-04.csv", "2019-04.csv"]
    assert said["keys"]["2019-20"] and str(place.store.folder) in said["places"]
    assert {line["looked_at"] for line in said["proof"]} >= {"the log of every table", "the key of 2019-20"}
    for name in ("certificate.json", "certificate.txt", "certificate.html"):
        assert "PERSON" not in (path.parent / name).read_text()
        assert said["files"][0]["sha256"] in (path.parent / name).read_text()
    changed = json.loads(path.read_text())
    changed["certificate"]["witness"] = "Nobody"
    path.write_text(json.dumps(changed))
    with pytest.raises(CertificateInvalid, match="was changed after the installation signed it"):
        verified(place, path)


def test_few_rows_are_no_number(place, months):
    place.load(months.old[:11], people=0)
    place.load(months.old[11:], people=3)
    assert planned(place.home, ID, months.first_kept).rows == {"apc_episode": {"2019-20": "fewer than 10"}}


def test_interrupted_at_every_step_it_is_finished_by_the_next_run(place, months, monkeypatch):
    """Each step is taken, the run dies before that is written down, and the next run takes it again."""
    honest, died, steps = Journal.done, set(), []

    def dying(journal, step):
        if step not in died:
            died.add(step)
            raise KeyboardInterrupt
        steps.append(step)
        honest(journal, step)

    monkeypatch.setattr(Journal, "done", dying)
    while "certify" not in died:
        with pytest.raises(KeyboardInterrupt):
            done(place, months)
    certificate = place.home.folder / "destroyed" / ID / "leeds-before-2020-04" / "certificate.json"
    assert steps == [step for step in Destruction.steps(_NoDestruction()) if step != "certify"]
    is_gone(place, months, certificate)


class _NoDestruction:
    """Has every step, and does none."""

    def __getattr__(self, name):
        return lambda: None


def test_while_one_is_interrupted_no_other_begins(place, months, monkeypatch):
    monkeypatch.setattr(Destruction, "delete", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        done(place, months)
    with pytest.raises(DestructionRefused, match="before 2020-04 was interrupted; finish it first"):
        destroy(place.home, ID, Month(2021, 4), place.hands)
    with pytest.raises(StoreError, match="records of 2019-20 cannot be read any more"):
        place.rows(APC_EPISODE)


def test_what_is_left_is_found_and_not_certified(place, months, monkeypatch):
    honest = Destruction.sweep

    def with_a_copy(self):
        honest(self)
        (self.home.folder / "somewhere").mkdir(exist_ok=True)
        (self.home.folder / "somewhere" / "copy").write_bytes(kept.read_bytes())

    kept = place.folder / "kept"
    kept.write_bytes(place.store.files_by_month("apc_episode")[months.old[0]][0].read_bytes())
    monkeypatch.setattr(Destruction, "sweep", with_a_copy)
    with pytest.raises(DestructionRefused, match=r"on disk there still are .*somewhere/copy"):
        done(place, months)
    (place.home.folder / "somewhere" / "copy").unlink()
    is_gone(place, months, done(place, months))


def test_records_that_were_never_encrypted_are_destroyed_too(place, months):
    """As in a store from before there was a choice: a month of it lies as it is."""
    plain = Store(place.store.folder, keys=place.store.keys)
    place.load([months.old[5]], store=plain)
    said = verified(place, done(place, months))
    assert {file["key"] for file in said["files"] if file["month"] == "2019-09" and file["table"] == "apc_episode"} == {None, "2019-20"}
    assert "not overwritten" in said["method"][-1]  # though the year had a key
    assert place.store.months("apc_episode") == months.kept


def test_after_the_agreement_all_of_it_goes_and_nothing_is_made_any_more(place, months):
    place.approve(ends=date(2021, 3, 31))
    said = verified(place, destroy(place.home, ID, Month(2021, 4), place.hands))
    assert said["why"] == "the agreement ended on 2021-03-31"
    assert not list(place.store.folder.rglob("*.2020-21.parquet"))
    assert not [path for path in (place.store.folder / "apc_spell").rglob("*.parquet") if "_delta_log" not in path.parts]
    assert sorted(path.name for path in place.home.data_keys(ID).iterdir()) == ["2019-20.destroyed", "2020-21.destroyed"]
