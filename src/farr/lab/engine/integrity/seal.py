"""The seal of a version: digests, kept in the commit that made it, of what the log must list, of the record, and of each new file.

A Parquet file can be changed on disk and still be read, and a log can be cut at the end of a line: neither Delta nor DuckDB notices.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from deltalake.transaction import AddAction

SEAL = "farr.seal"
_BLOCK = 1 << 20

Listed = tuple[str, int, int, tuple[tuple[str, str], ...]]


def seal(kept: Iterable[Listed], adds: Sequence[AddAction], folder: Path, record: str) -> str:
    """The seal of a version that keeps some files of the one before, and adds others, which lie in the table's folder."""
    listed = [*kept, *(_listed_add(add) for add in adds)]
    content = {"live": _digest_of(listed), "record": _digest(record), "added": {add.path: sha256_of(folder / add.path) for add in adds}}
    return json.dumps(content, sort_keys=True)


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
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _listed_add(add: AddAction) -> Listed:
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
