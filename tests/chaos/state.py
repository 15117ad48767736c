"""What a home holds, as plain data that can be compared: every version of every table, the ledger, the releases, the catalogue."""

import hashlib
import json
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from farr.lab.desk.publication.catalogue import read_catalogue
from farr.lab.desk.retention.certificate import read_certificate
from farr.lab.disclosure.released import read_published
from farr.lab.engine.at_rest.keys import key_name
from farr.lab.engine.duckdb import Connection, connect, reading
from farr.lab.engine.errors import StoreError
from farr.lab.engine.store import Store
from farr.lab.model.agreement import Signatory
from farr.lab.model.durable.chain import Chain
from farr.lab.model.period import FinancialYear
from tests.chaos.place import TERMS, Place


def _short(digest: Any) -> str:
    return digest.hexdigest()[:12]


EMPTY = _short(hashlib.sha256())
"""Of a version without rows."""
CLOSED = "closed"
"""Of one with months that are being destroyed: nobody can read it any more."""
_WHEN = {"made_at", "released_at", "store_versions"}  # differ between two runs that came to the same


@dataclass(frozen=True, kw_only=True)
class State:
    """Of each table the rows of every version, as digests in order of versions; of the chain its lines; of what is published, its
    releases and the catalogue; of what was destroyed, the certificates. Reading it raises what Farr raises where something is damaged."""

    tables: dict[str, list[str]] = field(default_factory=dict)
    ledger: list[str] = field(default_factory=list)
    releases: list[str] = field(default_factory=list)
    catalogue: str = ""
    certificates: list[str] = field(default_factory=list)

    @property
    def live(self) -> dict[str, str]:
        """The live rows of each table, whatever the version's number."""
        return {name: versions[-1] for name, versions in self.tables.items()}

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of_json(cls, text: str) -> "State":
        return cls(**json.loads(text))


def read_state(place: Place) -> State:
    store, home = place.store, place.home
    ledger = home.ledger(TERMS.id).path
    return State(
        tables={name: [_rows(store, name, each) for each in _held(place, name)] for name in store.versions()},
        ledger=[_said(link.content) for link in Chain(ledger).links()],
        releases=sorted(_released(path, home.public_key()) for path in _releases(home.published)),
        catalogue=_catalogue(place),
        certificates=sorted(_certified(place, path) for path in home.folder.glob("destroyed/*/*/certificate.json")),
    )


def unowned(place: Place) -> list[str]:
    """What lies in the store, in what is published and in the temporary folder that belongs to no version, release or lock."""
    found: list[Path] = []
    store = place.store
    for name in store.versions():
        owned = {path for each in _held(place, name) for path in store.files(name, each)}
        found += [path for path in _files(store.folder / name) if path not in owned and not _is_kept(path)]
    found += [path for path in place.home.published.iterdir() if path.name.startswith(".")]
    found += list(place.temporary.iterdir())
    return sorted(str(path.relative_to(place.folder)) for path in found)


def _rows(store: Store, table: str, version: int) -> str:
    """A digest of rows in any order and of the months they lie in."""
    digest = hashlib.sha256()
    months, read = store.files_by_month(table, version), 0
    names = {name for files in months.values() for path in files if (name := key_name(path))}
    if store.keys is not None and any(store.keys.is_destroyed(FinancialYear.parse(name)) for name in names):
        return CLOSED
    with ExitStack() as stack:
        look = rows_of_plain
        if names:
            connection = stack.enter_context(connect(files=store.files(table, version), keys=store.keys))
            look = partial(_rows_of_encrypted, connection)
        for month, files in sorted(months.items(), key=str):
            rows = look(files)
            digest.update(f"{month} {len(rows)} {sorted(rows)}".encode())
            read += len(rows)
    if store.rows(table, version) != read:
        return "the log counts other rows than the files hold"
    return _short(digest)


_READ: dict[bytes, list[str]] = {}


def rows_of_plain(files: list[Path]) -> list[str]:
    """The rows of unencrypted files as text; those of a file's very bytes are read once, in this process or in one it was forked from."""
    found: list[str] = []
    for path in files:
        content = path.read_bytes()
        key = hashlib.sha256(content).digest()
        if key not in _READ:
            # Opening a database takes longer than reading so few rows; and threads would not survive a fork.
            rows = pq.ParquetFile(pa.BufferReader(content)).read(use_threads=False)
            _READ[key] = [str(tuple(row.values())) for row in rows.to_pylist()]
        found += _READ[key]
    return found


def _rows_of_encrypted(connection: Connection, files: list[Path]) -> list[str]:
    return [str(row) for row in connection.execute(f"SELECT * FROM {reading(files)}").fetchall()]


def _held(place: Place, table: str) -> list[int]:
    """The versions that can be opened: all there ever were, unless destruction removed the earlier ones."""
    store = place.store
    versions = range((store.version(table) or 0) + 1)
    removed = list((place.home.folder / "destroyed").glob("*/*/journal.json"))
    return [each for each in versions if not removed or _opens(store, table, each)]


def _opens(store: Store, table: str, version: int) -> bool:
    try:
        store.files(table, version)
    except StoreError:
        return False
    return True


def _certified(place: Place, path: Path) -> str:
    """A certificate that verifies, less what differs between two runs."""
    home = place.home
    owners = home.trusted_signatories()[Signatory.RISK_OWNER]
    body = read_certificate(path, installation={home.public_key()}, risk_owners=owners)
    return json.dumps({name: body[name] for name in ("id", "period", "rows", "keys", "results_marked", "files")})


def _said(content: dict[str, Any]) -> str:
    named = content.get("question_identity") or content.get("manifest", {}).get("question_identity") or content
    return f"{content.get('outcome')} {str(named)[:40]}"


def _releases(folder: Path) -> Iterable[Path]:
    return (path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def _released(path: Path, key: str) -> str:
    released = read_published(path, {key})
    return f"{released.name} {released.manifest.table_sha256[:12]}"


def _catalogue(place: Place) -> str:
    found = read_catalogue(place.home.published, {place.home.public_key()})
    return "" if found is None else json.dumps([entry.model_dump(mode="json") for entry in found.entries])


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() or (path.parent.name == "_staging")]


def _is_kept(path: Path) -> bool:
    if path.parent.name == "_delta_log":
        return path.name == "_last_checkpoint" or (path.suffix in {".json", ".parquet"} and path.name[0].isdigit())
    return path.name in {"_writer.lock", "_rule.sql"}


def check(place: Place) -> str:
    """What `farr check-store` does. Raises what it says."""
    store = place.store
    for table in store.tables():
        store.check_whole(table)
    place.home.ledger(TERMS.id).verify()
    return read_state(place).as_json()
