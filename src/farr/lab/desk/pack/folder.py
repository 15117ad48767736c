"""A pack on disk: a draft that its author edits, and versions that never change.

<home>/packs/<pack>/
    draft/commentary.md, basis.json       edited by the author; made by farr
    versions/<n>/pack.json, …             what was signed: pack.json holds the SHA-256 of every other part
    history.jsonl                         a hash chain: what was begun, submitted and approved, by whom, with the signatures
"""

import fcntl
import hashlib
import json
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.home import Home, code_version, today
from farr.lab.desk.pack import basis, commentary
from farr.lab.desk.pack.analysts import Analysts
from farr.lab.desk.pack.edition import Edition, Standing, edition
from farr.lab.desk.pack.errors import PackError, PackInvalid
from farr.lab.desk.pack.history import Version, versions
from farr.lab.disclosure.released import Released
from farr.lab.model.durable.chain import Chain, Link

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}")
TEXT, BASIS, MANIFEST = "commentary.md", "basis.json", "pack.json"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What the author is writing: the text as typed, what it rests on, and the author's name."""

    text: str
    basis: dict[str, Any]
    author: str


class Pack:
    """One pack of a home. Everything that is read is checked first."""

    def __init__(self, home: Home, name: str) -> None:
        if not _ID.fullmatch(name):
            raise PackError(f"'{name}' cannot name a pack; use letters, digits and hyphens, such as winter-90L")
        self.name = name
        self.home = home
        self.folder = home.folder / "packs" / name
        self.analysts = Analysts(home.folder)
        self._chain = Chain(self.folder / "history.jsonl")

    @classmethod
    def every(cls, home: Home) -> "list[Pack]":
        return [cls(home, path.parent.name) for path in sorted((home.folder / "packs").glob("*/history.jsonl"))]

    @property
    def draft_path(self) -> Path:
        return self.folder / "draft" / TEXT

    def begin(self, title: str, author: str, key: Ed25519PrivateKey, benchmarks: Sequence[Benchmark]) -> Path:
        """Publishes the benchmarks' releases and writes a draft to edit; its path. Raises PackError where the pack exists."""
        self.check_new()
        name = self.analysts.name_of(key, author)
        _check_benchmarks(benchmarks)
        content = {"agreement": benchmarks[0].rows.manifest.agreement, "author": name, "benchmarks": basis.freeze(benchmarks, self.home)}
        written = json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n"
        text = commentary.template(self.name, title, name, benchmarks)
        commentary.read(text, [benchmark.measure.name for benchmark in benchmarks])
        with self._alone():
            self.check_new()
            self.draft_path.parent.mkdir(parents=True, exist_ok=True)
            self.draft_path.write_text(text, encoding="utf-8")
            self.draft_path.with_name(BASIS).write_bytes(written)
            self._chain.append({"event": "begun", "author": name, "basis_sha256": _sha256(written)})
        return self.draft_path

    def check_new(self) -> None:
        if self._chain.path.exists():
            raise PackError(f"there is a pack '{self.name}' already; edit {self.draft_path}, or choose another name")

    def draft(self) -> Draft:
        """Raises PackError where there is none, and PackInvalid where what it rests on was edited."""
        begun = next((link for link in self._links() if link.content.get("event") == "begun"), None)
        written = _read(self.draft_path.with_name(BASIS))
        if begun is None or begun.content.get("basis_sha256") != _sha256(written):
            raise PackInvalid(f"{self.draft_path.with_name(BASIS)} is not what farr wrote; restore it from a backup, and edit {TEXT} alone")
        content: dict[str, Any] = json.loads(written)
        try:
            text = _read(self.draft_path).decode()
        except UnicodeDecodeError:
            raise PackError(f"{self.draft_path} is not UTF-8 text; save it as UTF-8") from None
        return Draft(text=text, basis=content, author=str(content["author"]))

    def draft_edition(self) -> Edition:
        """The draft with its placeholders filled in. Raises PackError for what the author must put right."""
        draft = self.draft()
        return self._edition(draft.text, draft.basis, Standing(pack=self.name, version="draft", author=draft.author))

    def submit(self, author: str, key: Ed25519PrivateKey, *, typed_figures_checked: bool) -> int:
        """Freezes the draft as the next version, signed; its number. Raises PackError where it is not fit to be submitted."""
        with self._alone():
            draft, held = self.draft(), self.versions()
            name = self.analysts.name_of(key, author)
            shown = self._edition(draft.text, draft.basis, Standing(pack=self.name, version="draft", author=name))
            self._check_fit(shown, draft, held, typed_figures_checked)
            parts = {TEXT: draft.text.encode(), BASIS: _read(self.draft_path.with_name(BASIS))}
            number = len(held) + 1
            manifest = self._manifest(number, shown, draft, parts)
            signed = self.analysts.sign(manifest, key, name, today())
            self._write(number, {**parts, MANIFEST: manifest})
            self._chain.append({"event": "submitted", "version": number, "pack_sha256": _sha256(manifest), "by": asdict(signed)})
        return number

    def approve(self, approver: str, key: Ed25519PrivateKey, number: int | None = None) -> Version:
        """The second person's signature under the latest version, or the one named. Raises PackError where that person may not."""
        with self._alone():
            version = self.version(number)
            if version.approver is not None:
                raise PackError(f"version {version.number} of '{self.name}' was approved already, by {version.approver.name}")
            version.check_second(self.analysts.name_of(key, approver), key)
            self.version_edition(version)
            signed = self.analysts.sign(version.manifest, key, approver, today())
            entry = {"event": "approved", "version": version.number, "pack_sha256": version.sha256, "by": asdict(signed)}
            self._chain.append(entry)
        return self.version(version.number)

    def versions(self) -> list[Version]:
        """Every version, oldest first. Raises PackInvalid where anything was changed, and ChainError where the history was."""
        return versions(self.name, self.folder / "versions", self._links(), self.analysts)

    def version(self, number: int | None = None) -> Version:
        """The version of that number, else the latest."""
        held = self.versions()
        if not held:
            raise PackError(f"'{self.name}' has no version yet; type: farr pack submit {self.name} --as 'A. Analyst' --key KEYFILE")
        if number is not None and not 1 <= number <= len(held):
            raise PackError(f"'{self.name}' has no version {number}; it has {', '.join(str(each.number) for each in held)}")
        return held[(number or len(held)) - 1]

    def approved(self) -> Version:
        """The latest version that a second person approved."""
        found = [version for version in self.versions() if version.approver is not None]
        if not found:
            raise PackError(
                f"no version of '{self.name}' is approved; type: farr pack approve {self.name} --as 'B. Reviewer' --key KEYFILE, "
                f"or see the draft with: farr pack render {self.name} --draft"
            )
        return found[-1]

    def version_edition(self, version: Version) -> Edition:
        """A version with its placeholders filled in from the releases that it was signed with."""
        approver = version.approver
        standing = Standing(
            pack=self.name,
            version=f"version {version.number}",
            author=version.author.name,
            submitted_on=version.author.signed_on,
            approver="" if approver is None else approver.name,
            approved_on="" if approver is None else approver.signed_on,
            sha256=version.sha256,
        )
        return self._edition(version.parts[TEXT].decode(), json.loads(version.parts[BASIS]), standing)

    def _edition(self, text: str, content: dict[str, Any], standing: Standing) -> Edition:
        benchmarks = basis.thaw(content["benchmarks"], self.home)
        return edition(commentary.read(text, [each.measure.name for each in benchmarks]), benchmarks, standing)

    def _check_fit(self, shown: Edition, draft: Draft, held: list[Version], typed_figures_checked: bool) -> None:
        if shown.sections[0].is_empty:
            raise PackError(
                f"the section '{commentary.OVERALL}' is empty: a pack is figures with an interpretation; write it in {self.draft_path}"
            )
        if held and held[-1].parts[TEXT] == draft.text.encode():
            raise PackError(f"nothing was changed since version {held[-1].number} of '{self.name}'; edit {self.draft_path} first")
        if shown.typed and not typed_figures_checked:
            listed = "; ".join(f"{section}: {', '.join(figures)}" for section, figures in shown.typed.items())
            raise PackError(
                f"the text holds figures typed by hand, which are not released figures ({listed}); use placeholders, or check each "
                f"and type: farr pack submit {self.name} --typed-figures-checked …"
            )

    def _manifest(self, number: int, shown: Edition, draft: Draft, parts: dict[str, bytes]) -> bytes:
        content = {
            "format": 1,
            "pack": self.name,
            "version": number,
            "title": shown.title,
            "author": shown.standing.author,
            "submitted_on": today().isoformat(),
            "agreement": draft.basis["agreement"],
            "organisation": shown.first.organisation,
            "norm": shown.first.norm,
            "synthetic": shown.is_synthetic,
            "previous": list(self._links())[-1].hash,
            "parts": {name: _sha256(part) for name, part in parts.items()},
            "releases": [asdict(ground) for ground in basis.grounds(draft.basis["benchmarks"])],
            "typed_figures": {name: list(figures) for name, figures in shown.typed.items()},
            "code_version": code_version(),
        }
        return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False).encode() + b"\n"

    def _write(self, number: int, parts: dict[str, bytes]) -> None:
        target = self.folder / "versions" / str(number)
        if target.exists():
            raise PackError(
                f"{target} is there, and the pack's history does not know it: a submission was interrupted, or the history was cut. "
                "Restore the pack from a backup, or move that folder away and submit again"
            )
        target.mkdir(parents=True)
        for name, content in parts.items():
            (target / name).write_bytes(content)
            (target / name).chmod(0o444)

    def _links(self) -> Iterator[Link]:
        if not self._chain.path.exists():
            raise PackError(f"there is no pack '{self.name}'; type: farr pack new {self.name} --help, or see them all: farr pack versions")
        return self._chain.links()

    @contextmanager
    def _alone(self) -> Generator[None, None, None]:
        """Two people who sign at once take turns."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _check_benchmarks(benchmarks: Sequence[Benchmark]) -> None:
    names = [benchmark.measure.name for benchmark in benchmarks]
    if not names:
        raise PackError("a pack needs a measure; type: --measure NAME, as often as needed (see: farr measures)")
    sealed = next((each.measure.name for each in benchmarks if not isinstance(each.rows, Released)), None)  # pyright: ignore[reportUnnecessaryIsInstance]  # a lock, for untyped callers
    if sealed is not None:
        raise PackError(f"only released figures can stand in a pack, and those of '{sealed}' are not; pass them through the gate first")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise PackError(f"the measure '{twice}' is named twice; name each once")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise PackInvalid(f"{path} is missing or cannot be read; restore it from a backup") from None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
