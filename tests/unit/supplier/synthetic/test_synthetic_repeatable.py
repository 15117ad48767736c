"""One seed makes one feed; scale and kind of file do what they say."""

import hashlib
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from farr.lab.model.period import Month, Period
from farr.supplier.synthetic.command import synth
from farr.supplier.synthetic.feed import FEEDS
from farr.supplier.synthetic.organisations import counts
from farr.supplier.synthetic.writer import Settings, write_feed

TWO_MONTHS = Period(Month(2024, 12), Month(2025, 1))


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def _made(folder: Path, **changes: object) -> Path:
    write_feed(Settings(**{"period": TWO_MONTHS, "scale": 0.001, "seed": 3} | changes), folder)
    return folder


def test_the_same_seed_makes_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    one, again, other = _hashes(_made(tmp_path / "a")), _hashes(_made(tmp_path / "b")), _hashes(_made(tmp_path / "c", seed=4))
    assert one == again
    assert all(one[name] != other[name] for name in one if name.endswith(".parquet"))
    assert {name.rsplit("_", 1)[0] for name in one if name.endswith(".parquet")} == set(FEEDS)


def test_one_feed_alone_has_the_rows_that_it_has_beside_the_others(tmp_path: Path) -> None:
    alone, beside = _hashes(_made(tmp_path / "a", feeds=("apc_episode",))), _hashes(_made(tmp_path / "b"))
    assert [name for name in alone if name.endswith(".parquet")] == [f"apc_episode_{month}.parquet" for month in ("2024-12", "2025-01")]
    assert all(beside[name] == digest for name, digest in alone.items() if name != "truth.json")


def test_people_grow_with_scale_and_organisations_do_not_below_the_floor(tmp_path: Path) -> None:
    small, large = _made(tmp_path / "a"), _made(tmp_path / "b", scale=0.003)
    rows = [len(pd.read_parquet(folder / "apc_episode_2025-01.parquet")) for folder in (small, large)]
    assert rows[1] / rows[0] == pytest.approx(3, rel=0.15)
    people = [pd.read_csv(folder / "registered_population_2025-01.csv").Patients.sum() for folder in (small, large)]
    assert people[0] == pytest.approx(56_000, rel=0.02)
    assert people[1] == pytest.approx(168_000, rel=0.02)
    assert counts(0.001) == counts(0.01) == (24, 30, 120)
    assert counts(1.0) == (106, 150, 6_500)


@pytest.mark.parametrize("feed", FEEDS)
def test_csv_and_parquet_hold_the_same_rows(tmp_path: Path, feed: str) -> None:
    parquet, text = _made(tmp_path / "a"), _made(tmp_path / "b", kind="csv.gz")
    one = pq.read_table(parquet / f"{feed}_2024-12.parquet").to_pandas(integer_object_nulls=True).astype(object)
    other = pd.read_csv(text / f"{feed}_2024-12.csv.gz", dtype=str)
    assert list(one.columns) == list(other.columns)
    pd.testing.assert_frame_equal(one.where(one.notna(), None).map(str), other.where(other.notna(), None).map(str), check_dtype=False)


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("kept")
    with pytest.raises(FileExistsError, match="not empty"):
        _made(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_the_command_writes_a_feed_and_says_what_is_wrong_with_its_settings(tmp_path: Path) -> None:
    app, runner = typer.Typer(), CliRunner()
    app.command()(synth)
    settings = ["--months", "1", "--scale", "0.001", "--seed", "3", "--ending", "2024-05", "--out", str(tmp_path / "feed")]
    assert runner.invoke(app, settings).exit_code == 0
    assert (tmp_path / "feed" / "apc_episode_2024-05.parquet").exists()
    assert runner.invoke(app, settings).exit_code == 2
    assert runner.invoke(app, [*settings, "--kind", "xlsx"]).exit_code == 2
    assert runner.invoke(app, [*settings[:-1], str(tmp_path / "none"), "--only", "maternity"]).exit_code == 2
    assert runner.invoke(app, [*settings[:-1], str(tmp_path / "one"), "--only", "critical_care"]).exit_code == 0
    assert [path.name for path in (tmp_path / "one").glob("*.parquet")] == ["critical_care_2024-05.parquet"]
    assert runner.invoke(app, ["--ending", "May 2024", "--out", str(tmp_path / "other")]).exit_code == 2
