"""The one commit by which a table becomes another version: all of it, or nothing."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import pyarrow as pa
from deltalake import CommitProperties, PostCommitHookProperties, Schema
from deltalake.exceptions import CommitFailedError, DeltaError
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from farr.lab.engine.at_rest.keys import ending, key_name
from farr.lab.engine.errors import StoreError
from farr.lab.engine.integrity.opened import RECORD, Opened
from farr.lab.engine.integrity.seal import SEAL, listed_add, seal, sha256_of
from farr.lab.engine.staged import StagedFile
from farr.lab.model.durable.disk import disk_full, is_full
from farr.lab.model.durable.synced import to_disk
from farr.lab.model.table import TableDeclaration

# Old log entries are removed by destruction alone: otherwise a clock that is years ahead would remove them.
_NO_CLEANING = PostCommitHookProperties(cleanup_expired_logs=False)


def placed(folder: Path, table: TableDeclaration, file: StagedFile, version: int) -> AddAction:
    """Moves a staged file to where that version of the table in `folder` will have it."""
    values = {} if table.month is None else {table.month: str(file.month)}
    name = f"v{version:020d}-{uuid4().hex}{ending(key_name(file.path))}"
    relative = Path(*(f"{column}={value}" for column, value in values.items())) / name
    target = folder / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    to_disk(file.path)
    file.path.rename(target)
    to_disk(target.parent)
    status = target.stat()
    return AddAction(
        path=relative.as_posix(),
        size=status.st_size,
        partition_values=values,
        modification_time=int(status.st_mtime * 1000),
        data_change=True,
        # The number of rows and nothing else: other statistics would keep identifiers in the log after the rows are gone.
        stats=json.dumps({"numRecords": file.rows}),
    )


def clear_unowned(folder: Path, version: int, staging: str) -> None:
    """Removes what writers that were killed left in the table's folder: files for `version` or later, and half of a log entry."""
    for path in folder.glob("**/v*-*.parquet"):
        if staging not in path.parts and int(path.name[1:].split("-")[0]) >= version:
            path.unlink()
    for path in (folder / "_delta_log").glob("*"):
        if not path.is_dir() and (path.name.startswith("_commit_") or "#" in path.name):
            path.unlink()


def commit(
    folder: Path,
    table: TableDeclaration,
    live: Opened | None,
    adds: Sequence[AddAction],
    months: Sequence[str] | None,
    *,
    record: str,
    configuration: Mapping[str, str],
) -> None:
    """Makes the files of `adds` those of `months` (None: of the whole table; of no months at all, nothing is replaced). Raises
    StoreError, and DiskFull: the version `live` then stands."""
    kept = [] if live is None or months is None else [each for each in live.listed if not set(months) & {value for _, value in each[3]}]
    added = {add.path: sha256_of(folder / add.path) for add in adds}
    sealed = seal([*kept, *(listed_add(add) for add in adds)], added, record)
    # No retries by the library: what it would retry onto is a version that this writer never saw.
    properties = CommitProperties(custom_metadata={RECORD: record, SEAL: sealed}, max_commit_retries=0)
    try:
        if live is None or not is_declared(table, live):
            _create(folder, table, adds, properties, "error" if live is None else "overwrite", configuration)
        else:
            _overwrite(table, live, adds, months, properties)
        return
    except CommitFailedError:
        reason = "another program wrote to it at the same time"
    except (DeltaError, OSError) as error:
        reason = None if is_full(error) else "its log could not be written (is the folder read-only?)"
    if reason is None:
        raise disk_full(folder)
    raise StoreError(f"table '{table.name}' at {folder} was not changed: {reason}; load the file again")


def is_declared(table: TableDeclaration, live: Opened) -> bool:
    return pa.schema(live.schema().to_arrow()).equals(table.schema.to_pyarrow())


def _create(
    folder: Path,
    table: TableDeclaration,
    adds: Sequence[AddAction],
    properties: CommitProperties,
    mode: Literal["error", "overwrite"],
    configuration: Mapping[str, str],
) -> None:
    create_table_with_add_actions(
        str(folder),
        Schema.from_arrow(table.schema.to_pyarrow()),
        [*adds],
        mode=mode,
        partition_by=_partition(table),
        name=table.name,
        configuration={**configuration},
        commit_properties=properties,
        post_commithook_properties=_NO_CLEANING,
    )


def _overwrite(
    table: TableDeclaration, live: Opened, adds: Sequence[AddAction], months: Sequence[str] | None, properties: CommitProperties
) -> None:
    actions: list[AddAction | RemoveAction] = [*adds]
    # No months at all: the files stay. To overwrite no part of a table would overwrite the whole of it.
    mode: Literal["append", "overwrite"] = "append" if months is not None and not months else "overwrite"
    which: Any = [(table.month, "in", [*months])] if months else None
    live.create_write_transaction(
        actions, mode, table.schema.to_pyarrow(), _partition(table), which,
        commit_properties=properties, post_commithook_properties=_NO_CLEANING,
    )  # fmt: skip


def _partition(table: TableDeclaration) -> list[str]:
    return [table.month] if table.month else []
