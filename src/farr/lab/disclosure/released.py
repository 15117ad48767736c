"""Released: a table that passed the gate, or was made only of such; and how it is published and read back."""

import base64
import hashlib
import html
import io
import json
import os
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn, final

import pyarrow as pa
import pyarrow.parquet as pq
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from farr.lab.disclosure.manifest import Manifest, read_manifest
from farr.lab.disclosure.mint import MINT, Mint
from farr.lab.model.durable.disk import room_on, scratch
from farr.lab.model.errors import FarrError

_FILES = ("table.parquet", "manifest.json", "manifest.sig")
_PREVIEW_ROWS = 20


class ReleaseInvalid(FarrError):
    """A published release that is incomplete, was changed, or was not signed by a trusted key; or figures that cannot be one."""


@final
class Released:
    """A table that may be shown. Made by the gate, by `derive` and by `read_published`, and by nothing else.

    For a question the table has `grouping`, `month`, dimension columns; per aggregate `a` float64 (null where hidden, or the
    policy's token) and `a__status` ('shown', 'rounded', 'suppressed'); per estimate `e` string (null where withheld).
    """

    __slots__ = ("_manifest", "_table")
    _manifest: Manifest
    _table: Any

    def __init__(self, *, manifest: Manifest, table: pa.Table, mint: Mint) -> None:
        if mint is not MINT:
            raise ReleaseInvalid("only the gate makes a Released; pass a sealed result to release()")
        object.__setattr__(self, "_manifest", manifest)
        object.__setattr__(self, "_table", table)

    def __setattr__(self, *_: object) -> NoReturn:
        raise ReleaseInvalid("a release cannot be changed; use derive() to make a figure from it")

    def __reduce_ex__(self, _: Any) -> NoReturn:
        raise ReleaseInvalid("a release travels signed: publish() it, and read it with read_published()")

    def __init_subclass__(cls, **_: Any) -> NoReturn:
        raise ReleaseInvalid("Released cannot be subclassed")

    @property
    def name(self) -> str:
        return self._manifest.name

    @property
    def manifest(self) -> Manifest:
        return self._manifest

    @property
    def table(self) -> pa.Table:
        return self._table

    def to_pandas(self) -> Any:
        return self._table.to_pandas()

    @property
    def provenance(self) -> str:
        """One line: release, policy, agreement, data versions, code."""
        manifest = self._manifest
        versions = ", ".join(f"{table} v{number}" for table, number in sorted(manifest.store_versions.items())) or "none"
        return (
            f"Release {manifest.release_id} of {manifest.released_at[:10]}; policy {manifest.policy}; agreement "
            f"{manifest.agreement}; data {versions}; farr {manifest.code_version}"
        )

    def __repr__(self) -> str:
        return f"Released({self.name!r}, {self._table.num_rows} rows, {self._manifest.release_id})"

    def _repr_html_(self) -> str:
        shown = [name for name in self._table.column_names if not name.endswith("__status")]
        head = "".join(f"<th>{html.escape(name)}</th>" for name in shown)
        rows = self._table.slice(0, _PREVIEW_ROWS).to_pylist()
        body = "".join("<tr>" + "".join(f"<td>{_html_cell(row, name)}</td>" for name in shown) + "</tr>" for row in rows)
        more = f"<p>… {self._table.num_rows - _PREVIEW_ROWS} more rows</p>" if self._table.num_rows > _PREVIEW_ROWS else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}<p>{html.escape(self.provenance)}</p>"


def derive(name: str, build: Callable[..., pa.Table], *sources: Released) -> Released:
    """A figure computed from released values only: `build` is called with the table of each source, in order.

    Raises ReleaseInvalid without sources, where they come from different agreements, or where `build` gives no table."""
    if not sources:
        raise ReleaseInvalid(f"'{name}' is derived from nothing; give derive() the releases that it is computed from")
    manifests = [source.manifest for source in sources]
    if len({manifest.agreement for manifest in manifests}) > 1:
        raise ReleaseInvalid(f"'{name}' would join releases of different agreements; derive it within one agreement")
    table = build(*(source.table for source in sources))
    if not isinstance(table, pa.Table):
        raise ReleaseInvalid(f"the function that derives '{name}' returned {type(table).__name__}; it must return a pyarrow table")
    manifest = Manifest(
        release_id="",
        name=name,
        question={},
        question_identity="",
        agreement=manifests[0].agreement,
        policy=_policies(manifests),
        checks=(("derived", "computed from released values only"),),
        store_versions=_joined_versions(manifests),
        code_version=manifests[0].code_version,
        released_at=datetime.now(UTC).isoformat(timespec="seconds"),
        table_sha256=table_sha256(table),
        derived_from=tuple(dict.fromkeys(manifest.release_id for manifest in manifests)),
    )
    return Released(manifest=replace(manifest, release_id=release_id(manifest)), table=table, mint=MINT)


def publish(released: Released, folder: Path, key: Ed25519PrivateKey) -> Path:
    """Writes folder/<release id>/ with table.parquet, manifest.json and manifest.sig, all at once; returns its path.

    A release that stands there already is left as it is, once its files are seen to hold the same table."""
    target = folder / released.manifest.release_id
    public = _encoded(key.public_key().public_bytes_raw())
    if target.exists():
        read_published(target, {public})
        return target
    try:
        with room_on(folder):
            _publish(released, target, key)
    except OSError as error:
        raise ReleaseInvalid(f"{target} could not be published ({error.strerror}); free the folder and publish again") from None
    return target


def _publish(released: Released, target: Path, key: Ed25519PrivateKey) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with scratch(target.parent, ".staging-") as staging:
        _write_files(released, staging, key)
        staging.chmod(0o755)
        staging.rename(target)


def read_published(path: Path, trusted_keys: Collection[str]) -> Released:
    """The release in the folder `path`, if a trusted key (base64 of its 32 public bytes) signed it and nothing was changed.

    Raises ReleaseInvalid, saying which file fails and what to do."""
    raw = {name: _read(path / name) for name in _FILES}
    _check_signature(path, raw, trusted_keys)
    try:
        manifest = read_manifest(json.loads(raw["manifest.json"]))
    except ValueError:
        raise ReleaseInvalid(f"{path}/manifest.json was signed but this version of Farr cannot read it; upgrade Farr") from None
    if hashlib.sha256(raw["table.parquet"]).hexdigest() != manifest.table_sha256:
        raise ReleaseInvalid(f"{path}/table.parquet is not the table that was released; delete {path} and publish it again")
    if manifest.release_id != path.name:
        raise ReleaseInvalid(f"{path} holds the release {manifest.release_id}; rename the folder to that")
    return Released(manifest=manifest, table=pq.read_table(io.BytesIO(raw["table.parquet"])), mint=MINT)


def table_bytes(table: pa.Table) -> bytes:
    """The table as the bytes of a Parquet file, always the same for the same table and pyarrow."""
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def table_sha256(table: pa.Table) -> str:
    return hashlib.sha256(table_bytes(table)).hexdigest()


def release_id(manifest: Manifest) -> str:
    """The first 16 hex digits of the SHA-256 of what decides the release; when it was made is no part of it."""
    content = manifest.as_dict()
    for varying in ("release_id", "released_at", "approvers"):
        content.pop(varying)
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _write_files(released: Released, staging: Path, key: Ed25519PrivateKey) -> None:
    signed = released.manifest.signed_bytes()
    signature = {"public_key": _encoded(key.public_key().public_bytes_raw()), "signature": _encoded(key.sign(signed))}
    contents = (table_bytes(released.table), signed, json.dumps(signature, indent=2).encode() + b"\n")
    for name, content in zip(_FILES, contents, strict=True):
        with (staging / name).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise ReleaseInvalid(f"{file} is missing or cannot be read; publish the release again, or restore it from a backup") from None


def _check_signature(path: Path, raw: dict[str, bytes], trusted_keys: Collection[str]) -> None:
    try:
        stated: Any = json.loads(raw["manifest.sig"])
        public, signature = str(stated["public_key"]), base64.b64decode(stated["signature"], validate=True)
    except (ValueError, KeyError, TypeError):
        raise ReleaseInvalid(f"{path}/manifest.sig is no signature; publish the release again") from None
    if public not in trusted_keys:
        raise ReleaseInvalid(f"{path} was signed with a key that is not trusted here; do not use it, and ask who published it")
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(public)).verify(signature, raw["manifest.json"])
    except (InvalidSignature, ValueError):
        raise ReleaseInvalid(f"{path}/manifest.json was changed after it was signed; delete {path} and publish it again") from None


def _policies(manifests: list[Manifest]) -> str:
    return " + ".join(sorted({name for manifest in manifests for name in manifest.policy.split(" + ")}))


def _joined_versions(manifests: list[Manifest]) -> dict[str, int]:
    """Raises ReleaseInvalid where two sources rest on different versions of one table: say so rather than pick one."""
    joined: dict[str, int] = {}
    for manifest in manifests:
        for table, number in manifest.store_versions.items():
            if joined.setdefault(table, number) != number:
                raise ReleaseInvalid(f"the releases rest on two versions of the table '{table}'; release them again from one version")
    return joined


def _html_cell(row: dict[str, Any], name: str) -> str:
    if row.get(f"{name}__status") == "suppressed":
        return "*" if row[name] is None else html.escape(f"{row[name]:g}")
    return "" if row[name] is None else html.escape(f"{row[name]:,.10g}" if isinstance(row[name], float) else str(row[name]))


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
