"""The commands: what would go is shown before anything does."""

import typer
from typer.testing import CliRunner

from farr.lab.desk.commands import app_of
from farr.lab.desk.commands.benchmarks import verify

ID = "leeds"


def says(place, *words):
    done = CliRunner().invoke(app_of(words[0]), [*map(str, words), "--home", str(place.home.folder)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


def test_from_a_plan_to_a_certificate(place):
    shown = says(place, "destroy", "--before", "2020-04")
    assert "Nothing was changed. To do it: --confirm" in shown
    assert "147" in shown and "Releases that are marked: aaaa" in shown
    assert place.store.months("apc_episode")[0].year == 2019
    hands = ("--operator", "A. Lee", "--witness", "B. Shah", "--risk-owner-key", place.folder / "risk-owner.pem", "--backups", "None")
    printed = says(place, "destroy", "--before", "2020-04", "--confirm", *hands)
    path = place.home.folder / "destroyed" / ID / "leeds-before-2020-04" / "certificate.json"
    assert "prove that nothing is left" in printed and path.exists()
    assert "is whole: 2019-04..2020-03 of apc_episode" in says(place, "certificate", "verify", path)
    paper = path.with_suffix(".pdf")
    assert paper.read_bytes().startswith(b"%PDF") and f"To print and sign: {paper}" in printed
    again = says(place, "certificate", "pdf", path, "--out", place.folder / "again.pdf")
    assert "again.pdf" in again and (place.folder / "again.pdf").read_bytes() == paper.read_bytes()
    asked = typer.Typer()
    asked.command()(verify)
    answer = CliRunner().invoke(asked, [str(place.home.published / "aaaa"), "--home", str(place.home.folder)]).output
    assert "were destroyed" in answer


def test_a_hold_is_placed_listed_and_lifted(records_alone):
    key = ("--as", "guardian", "--key", records_alone.folder / "guardian.pem")
    placed = says(records_alone, "hold", "add", "--months", "2019-06", "--reason", "Inquest", *key)
    assert "Hold leeds-1 stands on 2019-06" in placed
    assert "stands" in says(records_alone, "hold", "list")
    assert "Hold leeds-1 is lifted" in says(records_alone, "hold", "release", "leeds-1", "--reason", "Closed", *key)
    assert "Closed" in says(records_alone, "hold", "list")
