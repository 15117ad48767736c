"""What a home holds, as plain data that can be compared: every version of every table, the ledger, the releases, the catalogue."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from farr.lab.desk.publication.catalogue import read_catalogue
from farr.lab.disclosure.released import read_published
from farr.lab.engine.store import Store
from farr.lab.model.chain import Chain
from tests.chaos.place import TERMS, Place

_WHEN = {"made_at", "released_at", "store_versions"}  # differ between two runs that came to the same


@dataclass(frozen=True, kw_only=True)
class State:
    """Of each table the rows of every version, as digests in order of versions; of the chain its lines; of what is published, its
    releases and the catalogue. Reading it raises what Farr raises where something is damaged."""

    tables: dict[str, list[str]] = field(default_factory=dict)
    ledger: list[str] = field(default_factory=list)
    releases: list[str] = field(default_factory=list)
    catalogue: str = ""

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
        tables={name: [_rows(store, name, each) for each in range(version + 1)] for name, version in store.versions().items()},
        ledger=[_said(link.content) for link in Chain(ledger).links()],
        releases=sorted(_released(path, home.public_key()) for path in _releases(home.published)),
        catalogue=_catalogue(place),
    )


def unowned(place: Place) -> list[str]:
    """What lies in the store, in what is published and in the temporary folder that belongs to no version, release or lock."""
    found: list[Path] = []
    store = place.store
    for name, version in store.versions().items():
        owned = {path for each in range(version + 1) for path in store.files(name, each)}
        found += [path for path in _files(store.folder / name) if path not in owned and not _is_kept(path)]
    found += [path for path in place.home.published.iterdir() if path.name.startswith(".")]
    found += list(place.temporary.iterdir())
    return sorted(str(path.relative_to(place.folder)) for path in found)


def _rows(store: Store, table: str, version: int) -> str:
    """A digest of rows in any order and of the months they lie in."""
    digest = hashlib.sha256()
    for month, files in sorted(store.files_by_month(table, version).items(), key=str):
        held = pa.concat_tables([pq.ParquetFile(path).read() for path in files])
        held = held.sort_by([(name, "ascending") for name in held.column_names]).combine_chunks()
        digest.update(f"{month} {held.num_rows} {held.to_pydict()}".encode())
    if store.rows(table, version) != sum(pq.read_metadata(path).num_rows for path in store.files(table, version)):
        return "the log counts other rows than the files hold"
    return digest.hexdigest()[:12]


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
    return path.name == "_writer.lock"


def check(place: Place) -> str:
    """What `farr check-store` does. Raises what it says."""
    store = place.store
    for table in store.tables():
        store.check_whole(table)
    place.home.ledger(TERMS.id).verify()
    return read_state(place).as_json()
