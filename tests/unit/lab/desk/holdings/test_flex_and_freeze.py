"""A month is sent again until it is frozen; then only a reason thaws it."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from farr.lab.desk.commands import app
from farr.lab.desk.holdings.submissions import flex_note, submissions
from farr.lab.desk.home import Home
from farr.lab.desk.load import LoadReport, Said, load_file
from farr.lab.engine.store import Store
from farr.lab.ingest.feed import FeedError
from farr.lab.model.agreement import Agreement, OptOuts, Terms
from farr.lab.model.period import Month, Period

APRIL, MAY = Month(2024, 4), Month(2024, 5)
AGREEMENT = Agreement(
    terms=Terms(
        id="test", title="Test", legal_basis="test", purposes=("commissioning",), datasets=("apc_episode",), period_first="2024-04",
        period_last="2024-08", starts=date(2024, 1, 1), ends=date(2024, 12, 31), retention_years=4, policy="hes_2018",
        opt_outs=OptOuts.APPLIED, opt_outs_reason="planning",
    )
)  # fmt: skip


class Sender:
    """Sends lists of people, which come by the month as records do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder / "store")

    def write(self, name: str, *months: str, patients: int = 1) -> Path:
        path = self.folder / name
        rows = [f"{month},Z1000{number},1,00-04,{patients}" for month in months for number in range(3)]
        path.write_text("\n".join(["Activity_Month,GP_Practice_Code,Sex,Age_Band,Patients", *rows]) + "\n", encoding="utf-8")
        return path

    def send(self, name: str, *months: str, **said: object) -> LoadReport:
        return self.load(self.write(name, *months), **said)

    def load(self, path: Path, period: str | None = None, **said: object) -> LoadReport:
        return load_file(
            path,
            agreement=AGREEMENT,
            store=self.store,
            quarantine=self.folder / "quarantine",
            code_version="test",
            today=date(2024, 9, 1),
            period=Period.parse(period) if period else None,
            said=Said(**said),
        )

    @property
    def sent(self):
        return submissions(self.store, "registered_population")


@pytest.fixture
def sender(tmp_path):
    return Sender(tmp_path)


def test_a_month_is_counted_each_time_it_is_sent(sender):
    sender.send("april.csv", "2024-04")
    sender.send("both.csv", "2024-04", "2024-05")
    assert [(month, sent.number, sent.version, sent.file, sent.rows) for month, sent in sender.sent.items()] == [
        (APRIL, 2, 1, "both.csv", 3),
        (MAY, 1, 1, "both.csv", 3),
    ]
    assert {sent.status for sent in sender.sent.values()} == {"flex"}
    assert datetime.fromisoformat(sender.sent[MAY].sent).tzinfo == UTC


def test_a_table_that_was_never_loaded_has_no_submissions(sender):
    assert sender.sent == {}


def test_a_frozen_month_stands(sender):
    sender.send("april.csv", "2024-04", freeze=True)
    before = sender.store.versions()
    with pytest.raises(FeedError, match=r"again.csv holds 2024-04, which was frozen on \d{4}-\d\d-\d\d by april.csv.*--thaw"):
        sender.send("again.csv", "2024-04", "2024-05")
    assert sender.store.versions() == before
    assert not (sender.folder / "quarantine").exists()
    assert sender.sent[APRIL].is_frozen


def test_other_months_of_the_same_file_may_be_loaded(sender):
    sender.send("april.csv", "2024-04", freeze=True)
    sender.load(sender.write("again.csv", "2024-04", "2024-05"), period="2024-05")
    assert [(sent.number, sent.status) for sent in sender.sent.values()] == [(1, "frozen"), (1, "flex")]


def test_a_reason_thaws_and_is_recorded(sender):
    sender.send("april.csv", "2024-04", freeze=True)
    sender.send("again.csv", "2024-04", "2024-05", thaw="The trust found a missing ward")
    record = sender.store.history("registered_population")[-1]
    assert record["thawed"] == {"months": ["2024-04"], "reason": "The trust found a missing ward"}
    assert (sender.sent[APRIL].number, sender.sent[APRIL].status) == (2, "flex")


def test_nothing_is_thawed_where_nothing_was_frozen(sender):
    sender.send("april.csv", "2024-04", thaw="To be sure")
    assert sender.store.history("registered_population")[-1]["thawed"] is None


def test_a_thawed_month_may_be_frozen_again(sender):
    sender.send("april.csv", "2024-04", freeze=True)
    sender.send("again.csv", "2024-04", freeze=True, thaw="Late rows")
    assert (sender.sent[APRIL].number, sender.sent[APRIL].is_frozen) == (2, True)


def test_a_blank_reason_is_none(sender):
    with pytest.raises(FeedError, match="only for a reason"):
        sender.send("april.csv", "2024-04", thaw="  ")


def test_what_has_no_months_is_not_frozen(sender):
    path = sender.folder / "succ.csv"
    path.write_text("old_code,new_code\nRZ1,RZ2\n")
    with pytest.raises(FeedError, match="organisation_successor, which has no months to freeze"):
        sender.load(path, freeze=True)


def test_a_figure_says_which_of_its_months_are_flex(sender):
    sender.send("april.csv", "2024-04", freeze=True)
    sender.send("may.csv", "2024-05")
    assert flex_note(sender.sent, Period.parse("2024-04")) is None
    assert flex_note(sender.sent, Period.parse("2024-04..2024-06")) == "2024-05 is flex: it may be sent again."
    sender.send("june.csv", "2024-06")
    assert flex_note(sender.sent, Period.parse("2024-04..2024-06")) == "2024-05 and 2024-06 are flex: they may be sent again."
    sender.send("july.csv", "2024-07")
    assert (
        flex_note(sender.sent, Period.parse("2024-04..2024-07")) == "2024-05 and 2 others up to 2024-07 are flex: they may be sent again."
    )


@pytest.fixture
def farr(sender, monkeypatch):
    """Runs the command on the sender's store, without the signing of an agreement."""
    monkeypatch.setattr(Home, "agreement", lambda self, name: AGREEMENT)
    monkeypatch.setattr(Home, "only_agreement", lambda self: "test")
    monkeypatch.setattr(Home, "store", lambda self, name: sender.store)
    monkeypatch.setattr("farr.lab.desk.commands.feeds.today", lambda: date(2024, 9, 1))
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("FARR_HOME", str(sender.folder / "home"))

    def run(*arguments: object):
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return run


def test_the_commands(sender, farr):
    april, may = sender.write("april.csv", "2024-04"), sender.write("may.csv", "2024-05")
    assert farr("ingest", april, "--freeze").exit_code == 0
    assert farr("ingest", may).exit_code == 0
    assert farr("ingest", may).exit_code == 0
    refused = farr("ingest", april)
    assert isinstance(refused.exception, FeedError)
    listed = [line.split() for line in farr("months", "--dataset", "registered_population").stdout.splitlines() if "2024" in line]
    today = datetime.now(UTC).date().isoformat()
    assert listed == [
        ["registered_population", "2024-04", "once", today, "frozen"],
        ["registered_population", "2024-05", "2", "times", today, "flex"],
    ]
    assert farr("ingest", april, "--thaw", "Late rows").exit_code == 0
    assert "frozen" not in farr("months").stdout


def test_the_commands_state_columns_and_name_feeds(sender, farr):
    trims = sender.folder / "trims.csv"
    trims.write_text("sushrg,elective,emergency\nAA22C,90,257\n")
    checked = farr("check", trims, "--set", "Tariff_Year=201819", "--as", "clean", "--as", "hrg_trim_point")
    assert "Stated for every row: Tariff_Year = 201819" in checked.stdout
    assert "--as hrg_trim_point --set Tariff_Year=201819" in " ".join(checked.stdout.split())
    assert farr("ingest", trims, "--set", "Tariff_Year=201819").exit_code == 0
    assert sender.store.rows("hrg_trim_point") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--set", "Tariff_Year"), "--set COLUMN=VALUE"),
        (("--set", "Tariff_Year=2018/19", "--set", "Tariff_Year=2019/20"), "stated twice"),
        (("--as", "raw", "--as", "clean"), "one side and one feed"),
    ],
)
def test_what_is_said_twice_or_half(sender, farr, arguments, message):
    refused = farr("check", sender.write("april.csv", "2024-04"), *arguments)
    assert isinstance(refused.exception, FeedError)
    assert message in str(refused.exception)


def test_months_of_an_unknown_dataset(farr):
    refused = farr("months", "--dataset", "colours")
    assert "known: " in str(refused.exception)
    assert "No month was loaded yet" in farr("months").stdout
