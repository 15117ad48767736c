"""Tables in files, and `farr protect` typed where there is no home."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest


@pytest.fixture
def protect(tmp_path, monkeypatch, typed) -> Callable[..., tuple[int, str]]:
    """Types farr protect in an empty folder; how it ended, and what it said on one line. Nothing makes a home."""

    def protected(*arguments: str) -> tuple[int, str]:
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("FARR_HOME", raising=False)
        code, said = typed("protect", *arguments)
        assert not (tmp_path / "farr-home").exists()
        return code, " ".join(said.split())

    return protected


@pytest.fixture
def write_csv(tmp_path) -> Callable[[str, str], Path]:
    """Writes a table that is drawn with spaces between columns."""

    def written(name: str, drawn: str) -> Path:
        path = tmp_path / name
        path.write_text("".join(",".join(line.split()) + "\n" for line in drawn.strip().splitlines()), encoding="utf-8")
        return path

    return written


@pytest.fixture
def read_rows(tmp_path) -> Callable[[str, Sequence[str]], dict[tuple[str, ...], dict[str, str]]]:
    """The rows of a CSV by the codes in some columns."""

    def read(name: str, by: Sequence[str]) -> dict[tuple[str, ...], dict[str, str]]:
        with (tmp_path / name).open(encoding="utf-8", newline="") as file:
            return {tuple(row[column] for column in by): row for row in csv.DictReader(file)}

    return read
