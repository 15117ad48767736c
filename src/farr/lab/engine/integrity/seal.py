"""The seal of a version: digests, kept in the commit that made it, of what the log must list, of the record, and of each new file.

A Parquet file can be changed on disk and still be read, and a log can be cut at the end of a line: neither Delta nor DuckDB notices.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from deltalake.transaction import AddAction

SEAL = "farr.seal"

Listed = tuple[str, int, int, tuple[tuple[str, str], ...]]


def seal(live: Iterable[Listed], added: Mapping[str, str], record: str) -> str:
    """The seal of a version that has the files `live`, of which it added some: their SHA-256 by their path in the table."""
    return json.dumps({"live": _digest_of(live), "record": _digest(record), "added": {**added}}, sort_keys=True)


def listed(action: Mapping[str, Any], path: str) -> Listed:
    """What a seal holds of a live file, from Delta's own account of it: its path, bytes, rows and month."""
    prefix = "partition."
    values = tuple(sorted((name.removeprefix(prefix), str(value)) for name, value in action.items() if name.startswith(prefix)))
    return path, int(action["size_bytes"]), int(action["num_records"]), values


def commit_of(folder: Path, version: int) -> dict[str, Any]:
    """What the log's entry of a version says of its commit; nothing where destruction removed the entry. Raises ValueError where it
    is damaged. Delta's own history tells of the latest versions only."""
    path = folder / "_delta_log" / f"{version:020d}.json"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    found = [line["commitInfo"] for line in map(json.loads, lines) if "commitInfo" in line]
    if lines and not found:
        raise ValueError(f"{path.name} has no commit")
    return found[0] if found else {}


def is_sealed(commit: Mapping[str, Any], live: Iterable[Listed], record: str) -> bool:
    """Whether a commit's seal fits what the log lists and the record; True for a commit that was made before there were seals."""
    if SEAL not in commit:
        return True
    stated = _stated(commit)
    return stated.get("live") == _digest_of(live) and stated.get("record") == _digest(record)


def is_record(commit: Mapping[str, Any], record: str) -> bool:
    """Whether a commit's record is the one that was written with it."""
    return SEAL not in commit or _stated(commit).get("record") == _digest(record)


def hashes(commits: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The SHA-256 of every file that these commits added, by its path in the table."""
    return {str(path): str(digest) for commit in commits if SEAL in commit for path, digest in _stated(commit).get("added", {}).items()}


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def listed_add(add: AddAction) -> Listed:
    """What a seal holds of a file that is being added."""
    values = tuple(sorted((name, str(value)) for name, value in add.partition_values.items()))
    return add.path, add.size, int(json.loads(add.stats)["numRecords"]), values


def _digest_of(live: Iterable[Listed]) -> str:
    return _digest(json.dumps(sorted(live)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _stated(commit: Mapping[str, Any]) -> dict[str, Any]:
    try:
        stated: Any = json.loads(commit[SEAL])
    except (ValueError, TypeError):
        return {}
    return cast("dict[str, Any]", stated) if isinstance(stated, dict) else {}
