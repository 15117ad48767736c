import json
import sys

import pytest
from typer.testing import CliRunner

from farr import launcher
from farr.lab.model.agreement import write_agreement
from farr.lab.model.errors import FarrError
from farr.supplier.commands import app


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_from_key_to_risk_report(supplier):
    folder = supplier.folder
    raw = supplier.raw({}, {"NHSNO": "401 023 2137"}, {"NHSNO": "401 023 2138"})
    write_agreement(supplier.agreement(starts="2000-01-01", ends="2999-12-31"), folder / "north.json")
    assert run("keygen", "--out", folder / "key.json").exit_code == 0
    made = run("deidentify", raw, "--agreement", folder / "north.json", "--key", folder / "key.json", "--out", folder / "clean")
    assert made.exit_code == 0, made.output
    assert "signatures not checked" in made.output
    assert "NHSNO is not valid" in made.output
    assert "Mystery" in made.output
    assert "Featherstonehaugh" not in made.output
    manifest = json.loads((folder / "clean" / "june.manifest.json").read_text())
    assert (manifest["rows_read"], manifest["rows_written"]) == (3, 2)
    told = run("risk", folder / "clean" / "june.clean.parquet", "--feed", "apc_episode", "--out", folder / "risk.md")
    assert told.exit_code == 0, told.output
    assert "motivated intruder" in told.output
    assert (folder / "risk.json").exists()


def test_an_unknown_format_is_refused(supplier):
    write_agreement(supplier.agreement(starts="2000-01-01", ends="2999-12-31"), supplier.folder / "north.json")
    run("keygen", "--out", supplier.folder / "key.json")
    words = ("--agreement", supplier.folder / "north.json", "--key", supplier.folder / "key.json", "--out", supplier.folder / "clean")
    result = run("deidentify", supplier.raw({}), *words, "--format", "xlsx")
    assert isinstance(result.exception, FarrError)
    assert "parquet or csv.gz" in str(result.exception)


@pytest.mark.parametrize("command", ["keygen", "deidentify", "risk", "synth"])
def test_every_command_explains_itself(command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "--out" in result.output


def test_the_launcher_says_what_to_do_and_no_more(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(
        sys, "argv", ["farr", "risk", str(tmp_path / "none.parquet"), "--feed", "apc_episode", "--out", str(tmp_path / "r")]
    )
    with pytest.raises(SystemExit) as stopped:
        launcher.main()
    assert stopped.value.code == 2
    assert "there is no file" in capsys.readouterr().err
