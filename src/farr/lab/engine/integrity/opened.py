"""A version of a table as its log gives it, read once and found to be what was written."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
from deltalake import DeltaTable

from farr.lab.engine.errors import StoreError
from farr.lab.engine.integrity.seal import Listed, commit_of, hashes, is_record, is_sealed, listed

RECORD = "farr"
CARRIED = "carried"


class Opened(DeltaTable):
    """A version of the table in `folder` (None: the latest). Make one with `opened`, which raises what is said of a damaged log."""

    def __init__(self, folder: Path, version: int | None = None) -> None:
        super().__init__(str(folder), version=version)
        self.folder = folder

    @cached_property
    def actions(self) -> list[dict[str, Any]]:
        """The live files, as Delta describes them."""
        return pa.table(self.get_add_actions(flatten=True)).to_pylist()

    @property
    def listed(self) -> list[Listed]:
        """The live files, as a seal holds them."""
        return [listed(action, unquote(str(action["path"]))) for action in self.actions]

    @property
    def is_whole(self) -> bool:
        """Whether the log lists what was sealed when the version was written."""
        commit = commit_of(self.folder, self.version())
        return is_sealed(commit, self.listed, commit.get(RECORD, "{}"))

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """What was recorded of each version, oldest first; what was carried over from versions that are no more comes first.
        Raises StoreError."""
        found: list[dict[str, Any]] = []
        for commit in self._commits:
            if RECORD in commit:
                record: dict[str, Any] = json.loads(commit[RECORD])
                found += record.pop(CARRIED, [])
                at = datetime.fromtimestamp(commit["timestamp"] / 1000, UTC).isoformat(timespec="seconds")
                found.append({**record, "version": int(commit["version"]), "written_at": at})
        return found

    @property
    def hashes(self) -> Mapping[str, str]:
        """The SHA-256 with which each file was written, by its path in the table. Raises StoreError."""
        return hashes(self._commits)

    @cached_property
    def _commits(self) -> list[dict[str, Any]]:
        with suppress(Exception):
            commits = sorted(self.history(), key=lambda commit: int(commit["version"]))
            if all(is_record(commit, commit.get(RECORD, "{}")) for commit in commits):
                return commits
        raise _damaged(self.folder, "")


def opened(folder: Path, version: int | None = None) -> Opened | None:
    """A version of the table in `folder`; None where nothing was ever written. Raises StoreError where its log is damaged."""
    log = folder / "_delta_log"
    if not log.is_dir() or not any(log.iterdir()):
        return None
    with suppress(Exception):  # a damaged log is met in many ways, and said in one
        found = Opened(folder, version)
        if found.is_whole:
            return found
    raise _damaged(folder, "" if version is None else f" at version {version}")


def _damaged(folder: Path, which: str) -> StoreError:
    return StoreError(
        f"table '{folder.name}'{which} cannot be read: its log at {folder / '_delta_log'} is damaged or incomplete; restore that folder "
        "from a backup, or move it away and load the files again: farr ingest FILE"
    )
