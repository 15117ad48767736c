"""Months made apart are those of the whole, and memory follows the patch, not the country or its length."""

import hashlib
import json
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from farr.lab.model.period import Month, Period
from farr.supplier.synthetic import patches, writer
from farr.supplier.synthetic.feed import LEAD_MONTHS, begin
from farr.supplier.synthetic.organisations import organisations
from farr.supplier.synthetic.output import files, month_files
from farr.supplier.synthetic.people import People
from farr.supplier.synthetic.writer import Settings, write_feed

HALF_YEAR = Period(Month(2024, 10), Month(2025, 3))


@pytest.fixture
def small_patches(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many patches as a large country has, in a small one."""
    monkeypatch.setattr(patches, "PEOPLE_A_PATCH", 20_000)


def _settings(scale: float = 0.001, period: Period = HALF_YEAR) -> Settings:
    return Settings(period=period, scale=scale, seed=3)


def _hashes(folder: Path) -> dict[str, str]:
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and "carried" not in path.parts)
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


@pytest.mark.usefixtures("small_patches")
def test_months_made_one_by_one_are_byte_for_byte_those_of_the_whole_in_whatever_order(tmp_path: Path) -> None:
    write_feed(_settings(), tmp_path / "whole")
    whole = _hashes(tmp_path / "whole")
    months = list(HALF_YEAR.months())
    for month in months:
        write_feed(_settings(), tmp_path / "in order", part=Period(month, month))
    for start in (5, 0, 3, 1):  # back and forth: from nothing, from what was carried, and two months at once
        end = months[2 if start == 1 else min(start + 1, 4) if start == 3 else start]
        write_feed(_settings(), tmp_path / "in no order", part=Period(months[start], end))
    assert len(whole) > 24
    assert _hashes(tmp_path / "in order") == whole
    assert _hashes(tmp_path / "in no order") == whole


@pytest.mark.usefixtures("small_patches")
def test_a_month_is_the_same_after_the_months_before_it_were_deleted(tmp_path: Path) -> None:
    folder, months = tmp_path / "feed", list(HALF_YEAR.months())
    write_feed(_settings(), folder, part=Period(months[0], months[1]))
    for path in folder.glob("*.parquet"):
        path.unlink()
    facts = write_feed(_settings(), folder, part=Period(months[2], months[2]))
    write_feed(_settings(), tmp_path / "alone", part=Period(months[2], months[2]))
    name = f"apc_episode_{months[2]}.parquet"
    assert _hashes(folder)[name] == _hashes(tmp_path / "alone")[name]
    assert [path.name for path in sorted((folder / "carried").iterdir())] == [str(months[2]), str(months[3])]
    assert {file["month"] for file in facts["files"]} == {str(month) for month in months[:3]}


def test_a_part_is_not_written_beside_another_feed(tmp_path: Path) -> None:
    month = Period(Month(2024, 12), Month(2024, 12))
    write_feed(_settings(0.0005), tmp_path / "feed", part=month)
    before = _hashes(tmp_path / "feed")
    with pytest.raises(FileExistsError, match="something else"):
        write_feed(_settings(0.0006), tmp_path / "feed", part=month)
    with pytest.raises(FileExistsError, match="not empty"):
        write_feed(_settings(0.0005), tmp_path / "feed")
    assert _hashes(tmp_path / "feed") == before


@pytest.mark.usefixtures("small_patches")
def test_the_rows_do_not_depend_on_how_many_patches_are_made_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    month = Period(Month(2025, 1), Month(2025, 1))
    write_feed(_settings(period=month), tmp_path / "together")
    monkeypatch.setattr(writer, "_CORES", 1)
    monkeypatch.setattr(month_files, "_AHEAD", 0)
    write_feed(_settings(period=month), tmp_path / "one by one")
    assert _hashes(tmp_path / "together") == _hashes(tmp_path / "one by one")


def _peak(scale: float, period: Period, folder: Path) -> int:
    """The most bytes that arrays held while the months were made and written, beside what is there for every person."""
    folder.mkdir()
    feed = begin(_settings(scale, period))
    with ThreadPoolExecutor(1) as pool:
        for position in range(LEAD_MONTHS):  # so that all lists of codes are there
            for patch in feed.patches:
                writer.pass_month(feed, patch, position)
        tracemalloc.start()
        for position in range(LEAD_MONTHS, LEAD_MONTHS + len(list(period.months()))):
            month_files.write_month(feed, position, folder, {}, pool)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


def test_memory_follows_the_patch_and_grows_neither_with_people_nor_with_months(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patches, "PEOPLE_A_PATCH", 50_000)
    monkeypatch.setattr(files, "_ROWS_A_GROUP", 5_000)
    january = Period(Month(2025, 1), Month(2025, 1))
    _peak(0.0005, january, tmp_path / "first")
    small = _peak(0.0025, january, tmp_path / "small")
    assert _peak(0.01, january, tmp_path / "large") < 2 * small
    assert _peak(0.0025, HALF_YEAR, tmp_path / "long") < 1.5 * small


def test_the_whole_of_england_is_made_in_patches_of_a_million_people() -> None:
    days = begin(_settings(0.0005)).people.month_first_day
    people = People(seed=3, organisations=organisations(scale=1.0, seed=3), reference_day=int(days[0]), month_first_day=days)
    made = patches.patches(people)
    assert len(made) == 56
    assert max(patch.count for patch in made) < 1.1 * patches.PEOPLE_A_PATCH
    assert sum(patch.count for patch in made) == people.count
    for patch in made[::11]:
        place = np.arange(0, patch.count, 997)
        assert (patch.place(patch.person(place)) == place).all()
        assert np.isin(people.practice(patch.person(place)), patch.practices).all()


@pytest.mark.usefixtures("small_patches")
def test_small_parts_share_row_groups(tmp_path: Path) -> None:
    write_feed(_settings(0.002, Period(Month(2025, 1), Month(2025, 1))), tmp_path / "feed")
    file = pq.ParquetFile(tmp_path / "feed" / "op_attendance_2025-01.parquet")
    assert file.metadata.num_row_groups == 1
    assert json.loads((tmp_path / "feed" / "truth.json").read_text())["people"] == 112_000
