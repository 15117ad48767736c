"""farr check-store and farr agreement clock: what is wrong is named, and what to type."""

from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from farr.lab.desk.commands import app_of
from farr.lab.model.agreement import ClockBehind, check_not_behind
from tests.chaos.place import TERMS, Place, prepare


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("origins")
    prepare(folder)
    return Place(folder / "loaded")


def typed(place, *words):
    done = CliRunner().invoke(app_of(words[0]), [*words, "--home", str(place.home.folder)])
    return done.exit_code, " ".join(done.output.split())


def test_a_store_is_checked_file_by_file_and_the_damaged_one_named(place):
    code, said = typed(place, "check-store")
    assert code == 0
    assert "apc_spell: 4 files are as they were written" in said and "entries follow from each other" in said
    target = place.store.files("apc_spell")[0]
    content = bytearray(target.read_bytes())
    content[len(content) // 2] ^= 1
    target.write_bytes(content)
    code, said = typed(place, "check-store")
    assert code == 2
    assert "table 'apc_spell': 1 of its files were changed on disk" in said and target.name in said.replace(" ", "")
    assert "registered_population: 4 files" in said  # the others are looked at all the same
    content[len(content) // 2] ^= 1
    target.write_bytes(content)


def test_a_clock_that_was_ahead_is_written_off_and_work_goes_on(place, monkeypatch):
    ahead = datetime.now(UTC) + timedelta(days=4000)

    class Ahead(datetime):
        @classmethod
        def now(cls, tz=None):
            return ahead

    with monkeypatch.context() as patched:
        patched.setattr("farr.lab.model.durable.chain.datetime", Ahead)
        place.home.ledger(TERMS.id).record_clock("as if")
    with pytest.raises(ClockBehind, match="the clock is behind, .* farr agreement clock chaos --reason"):
        place.home.agreement(TERMS.id)
    code, said = typed(place, "agreement", "clock", TERMS.id, "--reason", "the machine started with a date of years ahead")
    assert (code, "dates go on from" in said) == (0, True)
    assert place.home.agreement(TERMS.id).terms == TERMS


def test_only_days_are_compared():
    today = datetime(2024, 6, 2, tzinfo=UTC).date()
    check_not_behind(today, None, "nothing")
    check_not_behind(today, datetime(2024, 6, 2, 22, 59, tzinfo=UTC), "a load")
    with pytest.raises(ClockBehind, match="says 2024-06-02, and a load was recorded on 2024-06-03"):
        check_not_behind(today, datetime(2024, 6, 2, 23, 1, tzinfo=UTC), "a load")  # past midnight by British summer time
