"""The challenge pack: a folder to send to a provider, which can be made again, byte for byte, from the same versions of the store.

    rules.csv, partners.csv, months.csv, total.csv   the lists, as released
    rules.md, notes.md                               every rule in words; how to read the lists
    manifest.json                                    scope, store versions, releases, and the SHA-256 of every other file

No file says when it was made. What was released is published and signed, each release with the store versions that it rests on: a pack is
made again from those, whatever was loaded since. A copy of the home as it was gives the same pack from the records.
"""

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from farr.lab.desk.contracting.challenging import (
    MONTHS,
    PARTNERS,
    RULES,
    TOTAL,
    ChallengesError,
    Lists,
    Scope,
    listed,
)
from farr.lab.desk.desk import Desk
from farr.lab.desk.home import Home, code_version
from farr.lab.disclosure.released import Released, publish, read_published
from farr.lab.marts.challenging.challenge import declared, in_words
from farr.lab.model.agreement import encoded
from farr.lab.model.period import Period

MANIFEST, _FORMAT = "manifest.json", 1
_HIDDEN = "*"
_NOTES = """# How to read these lists

Bills of {scope}, months of discharge {period}. Made by farr {code} under agreement {agreement}, policy {policy}.

- rules.csv has a line for each rule: spells, pounds at stake (market forces included), and of the spells how many another rule holds of
  too. A spell under two rules is in both lines: do not add lines up. total.csv and partners.csv count each spell once, for the rule
  that is worth most.
- An error contradicts the record or the tariff as they were sent. A query may be right, and its amount is the most that it can come to.
- No rule was signed off by anybody unless rules.md says so. Read each, and what it leaves out, before the list is sent.
- Counts and pounds are as the disclosure policy lets them out: rounded, or {hidden} where they are small, or a small one could be worked
  out from them. Records are not in this pack. The provider finds its own by the rule.
- Made again with: farr challenge-pack again FOLDER --out ANOTHER
{refused}"""


def write_pack(lists: Lists, answers: Mapping[str, Released], desk: Desk, folder: Path) -> list[Path]:
    """Publishes what the lists rest on, and writes the pack to a new folder. Raises ChallengesError where the folder holds anything, and
    ReleaseInvalid."""
    _check_new(folder)
    key = desk.home.release_key()
    for released in answers.values():
        publish(released, desk.home.published, key)
    return _written(contents(lists, answers), folder)


def make_again(home: Home, pack: Path, folder: Path) -> tuple[list[Path], list[str]]:
    """Makes the pack again in a new folder, from the releases that its manifest names; what was written, and the names of the files that
    are not, byte for byte, those of the pack. Raises ChallengesError where the pack cannot be read, and ReleaseInvalid where a release was
    changed or is gone."""
    _check_new(folder)
    try:
        said = json.loads((pack / MANIFEST).read_text(encoding="utf-8"))
        scope = Scope(commissioner=said["commissioner"], provider=said["provider"], period=Period.parse(said["period"]))
        named: dict[str, dict[str, str]] = said["releases"]
        refused = {str(name): str(why) for name, why in said["refused"].items()}
        answers = {name: _published(home, each["release_id"], each["table_sha256"]) for name, each in named.items()}
    except (OSError, KeyError, TypeError, AttributeError, ValueError):
        raise ChallengesError(f"{pack / MANIFEST} is not the manifest of a challenge pack; name the folder of one") from None
    made = contents(listed(scope, answers, refused), answers)
    names = sorted({*made, *(path.name for path in pack.iterdir())})
    differ = [name for name in names if made.get(name) != ((pack / name).read_bytes() if (pack / name).is_file() else None)]
    return _written(made, folder), differ


def made_by(pack: Path) -> str | None:
    """The version of Farr that a pack was made by, where that is another than this one."""
    version = json.loads((pack / MANIFEST).read_text(encoding="utf-8")).get("code_version")
    return None if version == code_version() else str(version)


def contents(lists: Lists, answers: Mapping[str, Released]) -> dict[str, bytes]:
    """Every file of the pack, by name: of the same releases and rules always the same bytes."""
    manifests = [answers[name].manifest for name in sorted(answers)]
    first, scope = manifests[0], lists.scope
    policy = " + ".join(sorted({each.policy for each in manifests}))
    about = {"code_version": first.code_version, "agreement": first.agreement, "policy": policy}
    tables = {RULES: lists.rules, PARTNERS: lists.partners, MONTHS: lists.months, TOTAL: lists.total}
    files = {f"{name}.csv": _csv(table) for name, table in tables.items() if table is not None}
    files["rules.md"] = _rules().encode()
    files["notes.md"] = _notes(lists, about).encode()
    manifest: dict[str, Any] = {
        "challenge_pack": _FORMAT,
        "commissioner": scope.commissioner,
        "provider": scope.provider,
        "period": str(scope.period),
        **about,
        "store_versions": dict(sorted({name: number for each in manifests for name, number in each.store_versions.items()}.items())),
        "releases": {
            name: {"question": each.name, "release_id": each.manifest.release_id, "table_sha256": each.manifest.table_sha256}
            for name, each in sorted(answers.items())
        },
        "refused": dict(sorted(lists.refused.items())),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    return {**files, MANIFEST: json.dumps(manifest, indent=2, ensure_ascii=False).encode() + b"\n"}


def _published(home: Home, release: str, sha256: str) -> Released:
    if Path(release).name != release:
        raise ValueError(release)
    released = read_published(home.published / release, {encoded(home.release_key().public_key().public_bytes_raw())})
    if released.manifest.table_sha256 != sha256:
        raise ChallengesError(f"the release {release} is not the one that the pack was made of; restore {home.published} from a backup")
    return released


def _check_new(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ChallengesError(f"{folder} holds something already; name a new folder with --out")


def _written(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]


def _csv(released: Released) -> bytes:
    """The table as text: hidden figures as *, lines ended by a line feed on every machine."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    names = released.table.column_names
    writer.writerow(names)
    for row in released.table.to_pylist():
        writer.writerow([_cell(row[name]) for name in names])
    return text.getvalue().encode()


def _cell(value: str | float | None) -> str:
    if value is None:
        return _HIDDEN
    return value if isinstance(value, str) else f"{value:.0f}" if float(value).is_integer() else f"{value:.2f}"


def _rules() -> str:
    parts: Sequence[str] = ["# Rules", *("\n".join(["## " + in_words(name)[0], "", *_bullets(name)]) for name in declared())]
    return "\n\n".join(parts) + "\n"


def _bullets(name: str) -> list[str]:
    return [f"- {line}" for line in in_words(name)[1:]]


def _notes(lists: Lists, about: Mapping[str, str]) -> str:
    scope = lists.scope
    whose = [f"commissioner {scope.commissioner}" if scope.commissioner else "", f"provider {scope.provider}" if scope.provider else ""]
    refused = "".join(f"- Not here: {name}. {why[:1].upper()}{why[1:]}.\n" for name, why in sorted(lists.refused.items()))
    return _NOTES.format(
        scope=" and ".join(filter(None, whose)) or "the nation", period=scope.period, code=about["code_version"],
        agreement=about["agreement"], policy=about["policy"], hidden=_HIDDEN, refused=refused,
    )  # fmt: skip
