"""Writes reference files and loads them, saying what a test wants said; and reads back what the store holds."""

from datetime import date
from pathlib import Path

import pytest

from farr.lab.desk.load import LoadReport, Said, load_file
from farr.lab.engine.reference import read_reference
from farr.lab.model.tables import TABLES

TODAY = date(2024, 9, 1)


class Shelf:
    """The reference tables of a test's store."""

    def __init__(self, desk) -> None:
        self.desk = desk

    def write(self, name: str, *lines: str) -> Path:
        path = self.desk.folder / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def load(self, path: Path, **said: object) -> LoadReport:
        return load_file(
            path,
            agreement=self.desk.agreement,
            store=self.desk.store,
            quarantine=self.desk.quarantine,
            code_version="test",
            today=TODAY,
            said=Said(**said),
        )

    def rows(self, table: str, *columns: str) -> list[tuple[object, ...]]:
        """The rows held of a table, in order; of some columns, where named."""
        held = read_reference(self.desk.store, TABLES[table])
        return sorted((tuple(row.values()) for row in held.select(list(columns) or held.column_names).to_pylist()), key=str)


@pytest.fixture
def shelf(desk):
    return Shelf(desk)
