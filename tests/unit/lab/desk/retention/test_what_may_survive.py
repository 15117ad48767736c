"""What an unfriendly reader would look for after a destruction: each is found, and removed or refused."""

import hashlib
import shutil

import pytest

from farr.lab.desk.retention.alone import alone, answering
from farr.lab.desk.retention.destroy import destroy
from farr.lab.desk.retention.errors import DestructionRefused, HomeInUse
from farr.lab.desk.retention.holds import lift
from farr.lab.desk.retention.holds import place as hold
from farr.lab.desk.retention.journal import Journal
from farr.lab.desk.retention.plan import planned
from farr.lab.engine.errors import StoreError
from farr.lab.engine.store import Store
from farr.lab.model.agreement import Signatory
from farr.lab.model.period import FinancialYear, Month, Period
from farr.lab.model.tables.sus import APC_EPISODE

ID = "leeds"


@pytest.fixture
def place(records_alone, monkeypatch):
    """Records alone, of which nothing is derived: the steps are the same, and quicker."""
    monkeypatch.setattr("farr.lab.desk.retention.destroy.build_marts", lambda *_, **__: None)
    return records_alone


def done(place, months, **more):
    return destroy(place.home, ID, months.first_kept, place.hands, **more)


def test_what_a_killed_first_load_left_goes_though_no_version_owns_it(place, months):
    """Another dataset's files, in place and on their way, of a table that has no log: as `volume` leaves them, open."""
    table = place.store.folder / "op_attendance"
    orphan, coming = table / "Activity_Month=2019-06" / "v0-x.parquet", table / "_staging" / "dead" / "0.parquet"
    for path in (orphan, coming):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"PERSON1")
    (table / "_staging" / "dead.lock").touch()
    assert "op_attendance/Activity_Month=2019-06/v0-x.parquet" in [
        file["path"] for file in planned(place.home, ID, months.first_kept).files
    ]
    done(place, months)
    assert not orphan.parent.exists() and not coming.exists()


def test_keys_that_are_not_where_one_looks_are_not_said_to_be_destroyed(place, months, monkeypatch):
    monkeypatch.setenv("FARR_KEYS", str(place.folder / "elsewhere"))
    with pytest.raises(DestructionRefused, match=r"no key .*elsewhere.*set FARR_KEYS .* --lost-key 2019-20"):
        planned(place.home, ID, months.first_kept)
    plan = planned(place.home, ID, months.first_kept, ["2019-20"])
    assert plan.lost_keys == ("2019-20",) and plan.keys["2019-20"]
    monkeypatch.delenv("FARR_KEYS")
    key = place.home.data_keys(ID) / "2019-20.key"
    key.write_text(key.read_text().swapcase())
    with pytest.raises(DestructionRefused, match="is not the key that 2019-20 was written with"):
        planned(place.home, ID, months.first_kept, ["2019-20"])


def test_a_destruction_goes_on_with_the_keys_it_began_with(place, months, monkeypatch):
    Journal.begun(place.home, planned(place.home, ID, months.first_kept))
    monkeypatch.setenv("FARR_KEYS", str(place.folder / "elsewhere"))
    with pytest.raises(DestructionRefused, match="set FARR_KEYS as it was"):
        done(place, months)


def test_a_lost_key_is_certified_as_lost(place, months):
    (place.home.data_keys(ID) / "2019-20.key").unlink()
    text = done(place, months, lost=["2019-20"]).read_text()
    assert '"keys_lost_before": [\n   "2019-20"' in text and "stated by the operator" in text and "overwritten three times" not in text


def test_a_copy_of_the_key_under_another_name_is_found(place, months):
    key = place.home.data_keys(ID) / "2019-20.key"
    copy = shutil.copy(key, place.home.folder / "keys" / "old.txt")
    with pytest.raises(DestructionRefused, match=r"there is a copy of the key of 2019-20: .*old.txt"):
        done(place, months)
    copy.unlink()
    assert done(place, months).exists()


def test_folders_moved_aside_and_files_once_loaded_are_cleared_first(place, months):
    aside = place.store.folder / "apc_episode.old"
    aside.mkdir()
    with pytest.raises(DestructionRefused, match=r"apc_episode.old may hold records"):
        done(place, months)
    aside.rmdir()
    again = place.home.folder / "incoming" / "april.csv"
    again.parent.mkdir()
    again.write_text("once loaded")
    record = {"file": "a.csv", "sha256": hashlib.sha256(b"once loaded").hexdigest(), "months": ["2019-04"]}
    place.store.confirm(APC_EPISODE, record, base=place.store.version("apc_episode"))
    with pytest.raises(DestructionRefused, match=r"april.csv may hold records"):
        done(place, months)


def test_a_hold_placed_while_it_is_interrupted_stops_it(place, months, monkeypatch):
    honest = Journal.done

    def dying(journal, step):
        honest(journal, step)
        if step == "delete the months":
            raise KeyboardInterrupt

    monkeypatch.setattr(Journal, "done", dying)
    with pytest.raises(KeyboardInterrupt):
        done(place, months)
    monkeypatch.setattr(Journal, "done", honest)
    signing = {"role": Signatory.GUARDIAN, "key": place.key(Signatory.GUARDIAN)}
    held = hold(place.home, ID, datasets=(), months=Period.parse("2019-06"), reason="Inquest", **signing)
    with pytest.raises(DestructionRefused, match="the legal hold 'leeds-1'"):
        done(place, months)
    # Its files are there still, under their key: the hold came in time.
    assert list((place.store.folder / "apc_episode" / "Activity_Month=2019-06").glob("*.2019-20.parquet"))
    assert (place.home.data_keys(ID) / "2019-20.key").exists()
    lift(place.home, ID, held.id, reason="Closed", **signing)
    assert done(place, months).exists()


def test_no_service_answers_meanwhile(place, months):
    with answering(place.home), answering(place.home), pytest.raises(HomeInUse, match="farr serve answers from these records"):
        done(place, months)
    with alone(place.home), pytest.raises(HomeInUse, match="records are being destroyed"), answering(place.home):
        pass
    with alone(place.home), pytest.raises(HomeInUse, match="another farr destroy is running"):
        done(place, months)
    assert place.store.months("apc_episode")[0] == Month(2019, 4)


def test_a_load_that_waited_meanwhile_finds_the_year_closed(place, months, monkeypatch):
    """The year is destroyed after the load looked at its files and before its turn to write; of a plain store nothing else stops it."""
    plain = Store(place.store.folder, keys=place.store.keys)
    writing = Store.writing

    def closing(store, table):
        store.keys.close(FinancialYear(2019), "test")
        return writing(store, table)

    monkeypatch.setattr(Store, "writing", closing)
    with pytest.raises(StoreError, match="2019-20 was destroyed"):
        place.load([months.old[3]], store=plain)
